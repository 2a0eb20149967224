//! Networks of a few thousand edges, each of which spends its time on one kind of work.

use super::shortest;
use crate::compiler::plan::{Head, Input, Plan, Shape};
use crate::data::PackedGenotypes;
use crate::engine::network::{GenotypeCalls, InputData, InputRow, initial};
use crate::engine::train::{FitOptions, Problem, Targets, Trainer, TraitTarget};
use crate::kernel::team::with_team;
use crate::language::spec::{Activation, Loss, Optimizer, Rule};
use std::time::{Duration, Instant};

/// Kinds of work, and networks.
pub(super) const KINDS: usize = 7;
/// Batches an epoch.
const STEPS: usize = 4;
/// The number of each code: two copies, missing, one, none.
const TABLE: [f32; 4] = [1.0, 0.0, 0.0, -1.0];

/// A network with what it is trained on.
pub(super) struct Net {
    pub(super) plan: Plan,
    batch: usize,
}

impl Net {
    /// One network a kind of work, in their order.
    pub(super) fn all(batch: usize) -> [Self; KINDS] {
        let layered = |nodes, variants, layers: &_| layered(nodes, variants, layers, Activation::Tanh);
        let packed = layered(64, 64, &[]);
        let decoded = private(16, 64, 8);
        let single = layered(64, 4, &[(128, 1)]);
        let dense = layered(64, 4, &[(1, 64), (1, 64)]);
        let nodes = layered(1024, 1, &[]);
        let costly = self::layered(512, 1, &[], Activation::Gelu);
        let step = layered(1, 1, &[]);
        [packed, decoded, single, dense, nodes, costly, step].map(|plan| Self { plan, batch })
    }

    /// Seconds a step: the shortest that was seen in so much time.
    pub(super) fn step_seconds(&self, within: Duration) -> f64 {
        let Self { plan, batch } = self;
        let samples = batch * STEPS;
        let width = samples.div_ceil(4);
        let variants = plan.inputs.len();
        // Any mixture of codes will do: time does not depend on calls.
        let bytes = (0..width * variants).map(|at| (at.wrapping_mul(0x9e37_79b9) >> 13) as u8);
        let calls = PackedGenotypes::new(samples, variants, bytes.collect());
        let rows: Vec<u32> = (0..samples as u32).collect();
        let sets = vec![GenotypeCalls { calls: &calls, samples: &rows }];
        let read = (0..variants).map(|variant| InputRow::Variant { set: 0, variant, table: TABLE });
        let inputs = InputData::new(plan, sets, read.collect());
        let values = rows.iter().map(|row| (row % 7) as f32 - 3.0).collect();
        let targets =
            Targets { heads: vec![vec![TraitTarget { values, offsets: None }]], ..Targets::default() };
        let rule = Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
        let optimizer = Optimizer { rule, learning_rate: 1e-4, l1: 0.0, l2: 1e-4, decay: 0.0 };
        let (epochs, patience) = (usize::MAX, None);
        let options = FitOptions { optimizer, epochs, batch: Some(*batch), patience, seed: 1, threads: 1 };
        let silent = vec![false; variants];
        let parameters = initial(plan, &silent, &targets.initial_biases(plan, &rows), 1);
        let problem = Problem { plan, inputs: &inputs, targets: &targets };
        let shortest = with_team(1, |team| {
            let mut trainer = Trainer::new(problem, parameters, silent, &options, team);
            let mut epoch = || {
                let started = Instant::now();
                // Steps of this size stay finite; if not, the time still counts.
                let _ = trainer.epoch(1, &rows);
                started.elapsed()
            };
            // The first step is checked, and caches are cold.
            epoch();
            shortest(within, epoch)
        });
        shortest.as_secs_f64() / STEPS as f64
    }
}

/// Nodes that read so many variants each, then layers of so many maps and outputs a map, each of
/// which reads all rows of the layer before, then one trait.
fn layered(nodes: usize, variants: usize, layers: &[(usize, usize)], activation: Activation) -> Plan {
    let mut plan = with_inputs(nodes * variants);
    for node in 0..nodes {
        let first = node * variants;
        map(&mut plan, first..first + variants, 1, activation);
    }
    let mut read = nodes * variants..plan.rows;
    for (maps, outputs) in layers {
        let first = plan.rows;
        (0..*maps).for_each(|_| map(&mut plan, read.clone(), *outputs, activation));
        read = first..plan.rows;
    }
    with_trait(plan, read)
}

/// Nodes with a private layer each.
fn private(nodes: usize, variants: usize, hidden: usize) -> Plan {
    let mut plan = with_inputs(nodes * variants);
    let mut latents = Vec::new();
    for node in 0..nodes {
        let first = node * variants;
        map(&mut plan, first..first + variants, hidden, Activation::Tanh);
        let inner = plan.rows - hidden..plan.rows;
        latents.push(plan.rows);
        map(&mut plan, inner, 1, Activation::Tanh);
    }
    with_trait(plan, latents.into_iter())
}

fn with_inputs(count: usize) -> Plan {
    Plan::reading((0..count).map(|index| Input::Variant { set: 0, index }).collect())
}

fn with_trait(mut plan: Plan, read: impl Iterator<Item = usize>) -> Plan {
    let first_row = plan.rows;
    map(&mut plan, read, 1, Activation::Linear);
    let traits = vec![(0, String::new())];
    plan.heads.push(Head { predict: 0, first_row, traits, losses: vec![Loss::Mse], weight: 1.0 });
    plan
}

fn map(plan: &mut Plan, read: impl Iterator<Item = usize>, outputs: usize, activation: Activation) {
    plan.add_block(read.map(|row| row as u32), Shape::of(outputs, activation));
}
