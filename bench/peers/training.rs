//! Epochs of a plan, timed one by one.

use binnc::compiler::plan::Plan;
use binnc::data::PackedGenotypes;
use binnc::engine::network::{GenotypeCalls, InputData, InputRow, Parameters, predict};
use binnc::engine::train::{FitOptions, Problem, Targets, Trainer, TraitTarget};
use binnc::kernel::team::with_team;
use binnc::language::spec::{Optimizer, Rule};
use std::time::Instant;

/// Rows a step, unless another number is asked for.
pub const BATCH: usize = 64;
/// Codes of .bed: two copies, missing, one, none.
const COPIES: [f32; 4] = [2.0, 0.0, 1.0, 0.0];

/// A plan with the data that it reads.
pub struct Run<'a> {
    plan: &'a Plan,
    inputs: InputData<'a>,
    targets: Targets,
    samples: &'a [u32],
    threads: usize,
    batch: usize,
}

/// What an epoch took and reached, and what came of all.
pub struct Trained {
    pub seconds: Vec<f64>,
    pub losses: Vec<f64>,
    pub parameters: Parameters<f32>,
}

impl<'a> Run<'a> {
    /// Turns the calls of all samples.
    pub fn new(plan: &'a Plan, calls: &'a PackedGenotypes, pheno: Vec<f32>, threads: usize) -> Self {
        let samples: &[u32] = (0..calls.samples() as u32).collect::<Vec<_>>().leak();
        let rows = (0..calls.variants()).map(|variant| InputRow::Variant { set: 0, variant, table: COPIES });
        let inputs = InputData::new(plan, vec![GenotypeCalls { calls, samples }], rows.collect());
        let trait_target = TraitTarget { values: pheno, offsets: None };
        let targets = Targets { heads: vec![vec![trait_target]], ..Targets::default() };
        Self { plan, inputs, targets, samples, threads, batch: BATCH }
    }

    /// The same with batches of another size.
    pub fn in_batches_of(self, batch: usize) -> Self {
        Self { batch, ..self }
    }

    /// One epoch an order of samples.
    pub fn train(&self, start: Parameters<f32>, orders: &[Vec<u32>]) -> Trained {
        let rule = Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
        let optimizer = Optimizer { rule, learning_rate: 1e-3, l1: 0.0, l2: 0.0, decay: 0.0 };
        let (epochs, threads) = (orders.len(), self.threads);
        let batch = Some(self.batch);
        let options = FitOptions { optimizer, epochs, batch, patience: None, seed: 1, threads };
        let silent = vec![false; self.plan.inputs.len()];
        let problem = Problem { plan: self.plan, inputs: &self.inputs, targets: &self.targets };
        with_team(threads, |team| {
            let mut trainer = Trainer::new(problem, start, silent, &options, team);
            let (mut seconds, mut losses) = (Vec::new(), Vec::new());
            for (epoch, order) in orders.iter().enumerate() {
                let started = Instant::now();
                let terms = trainer.epoch(epoch + 1, order).expect("trains");
                seconds.push(started.elapsed().as_secs_f64());
                losses.push(terms.traits);
            }
            Trained { seconds, losses, parameters: trainer.into_parameters() }
        })
    }

    /// Predictions of the first samples.
    pub fn predict(&self, parameters: &Parameters<f32>, count: usize) -> Vec<Vec<f32>> {
        predict(self.plan, parameters, &self.inputs, &self.samples[..count])
    }
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
