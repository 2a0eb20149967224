//! Predictions of an ensemble, in the author's units.

use super::preprocess::{Preprocessing, Scale};
use crate::compiler::plan::Plan;
use crate::engine::network::{InputData, Parameters, predict};
use crate::language::spec::Loss;

/// Predictions of one trait.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Mean over members, without fixed effects; a probability for a binary trait, a rate for a count.
    pub mean: Vec<f64>,
    /// SD over members (divisor m − 1); NaN for one member.
    pub sd: Vec<f64>,
}

/// Runs every member forward on cohort rows: `[traits][rows]`, traits in the order of heads.
#[must_use]
pub fn score_members(
    plan: &Plan,
    preprocessing: &Preprocessing,
    members: &[Parameters<f32>],
    inputs: &InputData<'_>,
    rows: &[u32],
) -> Vec<Score> {
    let outputs: Vec<Vec<Vec<f32>>> =
        members.iter().map(|member| predict(plan, member, inputs, rows)).collect();
    scores(plan, preprocessing, &outputs)
}

/// Read-outs `[members][traits][rows]` in the author's units: `[traits][rows]`.
#[must_use]
pub fn scores(plan: &Plan, preprocessing: &Preprocessing, outputs: &[Vec<Vec<f32>>]) -> Vec<Score> {
    let scales = preprocessing.traits.iter().flatten();
    let losses = plan.heads.iter().flat_map(|head| &head.losses);
    let traits = scales.zip(losses).enumerate();
    traits
        .map(|(at, (scale, loss))| {
            let per_row = |row: usize| -> Vec<f64> {
                outputs.iter().map(|member| in_units(f64::from(member[at][row]), *scale, *loss)).collect()
            };
            let (mean, sd) = (0..outputs.first().map_or(0, |member| member[at].len()))
                .map(|row| mean_and_sd(&per_row(row)))
                .unzip();
            Score { mean, sd }
        })
        .collect()
}

/// A read-out in the author's units: of a trait trained with cross-entropy its probability, of a count its
/// rate.
#[must_use]
pub fn in_units(output: f64, scale: Scale, loss: Loss) -> f64 {
    match loss {
        Loss::Mse | Loss::Mae | Loss::Huber(_) => scale.mean + scale.sd * output,
        Loss::Poisson => libm::exp(output),
        Loss::Bce => 1.0 / (1.0 + libm::exp(-output)),
    }
}

/// Mean, and SD with divisor n − 1; NaN of one value.
#[must_use]
pub fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}
