//! What networks of the shoot-branching benchmark say of its substances, on ten populations.
//!
//! Latents and clamps are those of base values, which a node's own loci decide; N samples are trained on,
//! as measured, and the next 1,000 looked at.

#![expect(clippy::print_stderr, reason = "a proof shows its table")]

use std::path::Path;

use binnc::cli::load::Loaded;
use binnc::data::{ColumnData, simulate};
use binnc::engine::network::latents;
use binnc::io::MemoryWorld;
use binnc::language::spec::SimulateVariant;
use binnc::study::evaluate::metrics::score;
use binnc::study::evaluate::{Quiet, Study, prepare};
use binnc::study::explain::{Importance, Network, clamp, importances};
use rayon::prelude::*;

use crate::setting;
use crate::shoot_branching::{TEST, Trial, parameters, population};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=10;
const SUBSTANCES: [&str; 4] = ["auxin", "sucrose", "cytokinin", "strigolactone"];
/// The columns of base values without noise.
const TRUE: [&str; 4] = ["auxin_true", "sucrose_true", "cytokinin_base", "strigolactone_base"];

/// What one population says.
struct Found {
    error: f64,
    /// |r| of each latent with its base value, mean over members.
    correlations: [f64; 4],
    /// Score of each node, mean over members.
    scores: [f64; 4],
}

/// Trains the shipped spec; of the training samples the first `measured` share has its substances measured,
/// and without any they are not asked for.
fn population_of(variant: SimulateVariant, seed: u64, train: usize, measured: f64) -> Found {
    let mut spec = population(variant, seed, train);
    spec.evaluate.baselines.clear();
    let options = spec.genotypes[0].simulate.clone().expect("simulates");
    if measured == 0.0 {
        spec.supervises.clear();
    }
    let made = simulate::shoot_branching(&options).expect("simulates");
    let mut loaded = setting::loaded(&MemoryWorld::default(), spec, Path::new("."));
    hide(&mut loaded, (measured * train as f64).round() as usize);
    let study = setting::study(&loaded);
    let rows: Vec<u32> = (0..(train + TEST) as u32).collect();
    let (train, test) = rows.split_at(train);
    let part = &prepare(&study, train, None, &Quiet).expect("the training rows are sound");
    let truth = |name: &str| &made.traits[name][train.len()..];
    let trial = Trial { study, part, train, test, truth: truth("outgrowth_true") };
    let scales = trial.scales(&loaded.plan);
    let members = parameters(trial.members(study.spec, &loaded.plan, &scales));
    let Study { cohort, sets, .. } = study;
    let columns = scales.columns(&loaded.plan, cohort);
    let inputs = scales.input_data(&loaded.plan, cohort, sets, &columns);
    let clamped: Vec<_> = members
        .iter()
        .map(|parameters| {
            let plan = &loaded.plan;
            clamp(
                Network {
                    plan,
                    preprocessing: &scales,
                    parameters,
                    inputs: &inputs,
                    rows: test,
                    layer: None,
                },
                2.0,
            )
            .expect("finite")
        })
        .collect();
    let all = importances(&clamped);
    let node = |name: &str| -> &Importance { all.iter().find(|one| one.node == name).expect("a node") };
    let correlation = |at: usize| {
        let plan = &loaded.plan;
        let segment = plan.segments.iter().find(|segment| {
            *segment.name == *SUBSTANCES[at] && segment.role == binnc::compiler::plan::Role::Latent
        });
        let row = segment.expect("a latent").first_row;
        let of_member = members.iter().map(|member| {
            let values = latents(plan, member, &inputs, test, &[row]);
            let values: Vec<f64> = values[0].iter().map(|value| f64::from(*value)).collect();
            score(truth(TRUE[at]), &values).pearson.expect("differs").abs()
        });
        of_member.sum::<f64>() / members.len() as f64
    };
    Found {
        error: trial.error_of(&loaded.plan, &scales, &members),
        correlations: [0, 1, 2, 3].map(correlation),
        scores: SUBSTANCES.map(|name| node(name).score),
    }
}

/// Takes the measurements of all but the first samples away.
fn hide(loaded: &mut Loaded, measured: usize) {
    for name in SUBSTANCES {
        if let Some(ColumnData::Numeric(values)) = loaded.cohort.columns[0].get_mut(name) {
            values[measured..].fill(f64::NAN);
        }
    }
}

fn populations(variant: SimulateVariant, train: usize, measured: f64) -> Vec<Found> {
    let seeds: Vec<u64> = SEEDS.collect();
    setting::pool()
        .install(|| seeds.par_iter().map(|seed| population_of(variant, *seed, train, measured)).collect())
}

/// Mean and SD over populations, as text.
fn shown(values: impl Iterator<Item = f64>) -> String {
    let (mean, sd) = setting::mean_sd(&values.collect::<Vec<_>>());
    format!("{mean:.3} ± {sd:.3}")
}

#[test]
fn latents_that_are_not_trained_on_follow_their_substances() {
    let mut missed = Vec::new();
    for variant in [SimulateVariant::Narrow, SimulateVariant::Free] {
        for train in [100, 200, 400, 800] {
            let found = populations(variant, train, 0.0);
            let cells = [0, 1, 2, 3].map(|at| shown(found.iter().map(|one| one.correlations[at])));
            eprintln!("{variant:?}, N = {train}, unsupervised: |r| of {SUBSTANCES:?}: {}", cells.join("  "));
            for at in [0, 1] {
                let mean = found.iter().map(|one| one.correlations[at]).sum::<f64>() / found.len() as f64;
                if train == 400 && mean < 0.95 {
                    missed.push(format!("{variant:?}: {} {mean:.3}", SUBSTANCES[at]));
                }
            }
        }
    }
    assert!(missed.is_empty(), "wanted 0.95 at least: {}", missed.join("; "));
}

#[test]
fn clamping_finds_the_order_of_substances() {
    let found = populations(SimulateVariant::Narrow, 800, 1.0);
    let mut in_order = 0;
    for (seed, one) in SEEDS.zip(&found) {
        let [auxin, sucrose, cytokinin, strigolactone] = one.scores;
        in_order += usize::from(sucrose > auxin && auxin > cytokinin.max(strigolactone));
        eprintln!("seed {seed}: {SUBSTANCES:?} {:.3?}", one.scores);
    }
    let cells = [0, 1, 2, 3].map(|at| shown(found.iter().map(|one| one.scores[at])));
    eprintln!(
        "Narrow, N = 800, clamped by 2 SD: {}; sucrose, then auxin in {in_order} of 10",
        cells.join("  ")
    );
    let mean = |at: usize| found.iter().map(|one| one.scores[at]).sum::<f64>();
    assert!(in_order >= 8, "sucrose first and auxin second in {in_order} of 10");
    assert!(mean(2) > mean(3), "cytokinin above strigolactone");
}

#[test]
fn half_the_measurements_do_as_well_as_all() {
    let mut means = Vec::new();
    let mut by_share: Vec<Vec<f64>> = Vec::new();
    for share in [0.0, 0.1, 0.5, 1.0] {
        let found = populations(SimulateVariant::Narrow, 400, share);
        eprintln!("Narrow, N = 400, measured {share}: error {}", shown(found.iter().map(|one| one.error)));
        means.push(found.iter().map(|one| one.error).sum::<f64>() / 10.0);
        by_share.push(found.iter().map(|one| one.error).collect());
    }
    let apart: Vec<f64> = by_share[2].iter().zip(&by_share[3]).map(|(half, all)| half - all).collect();
    let (mean, sd) = setting::mean_sd(&apart);
    let within = mean <= 2.0 * sd / 10.0f64.sqrt();
    assert!(means[2] <= 1.10 * means[3] || within, "half {:.4}, all {:.4}", means[2], means[3]);
}
