//! Gradients of whole networks against central differences in double precision.
//!
//! Relative error at most 1e-6 for every weight and bias. Differences are of four points, whose
//! rounding and truncation both stay near 1e-11 of the largest gradient; only a gradient below
//! 1e-5 of the largest is measured against that. Kinks are avoided: none lies within two steps.

use binnc::compiler::plan::{Plan, SlotRule};
use binnc::engine::network::{GenotypeCalls, InputData, InputRow, Parameters, Workspace};
use binnc::engine::train::{Penalties, Problem, Targets, TraitTarget, objective};
use binnc::language::spec::{Activation, Loss, Norm};

use crate::network::{Builder, numbers, packed, singles};

const SAMPLES: usize = 23;
const TABLE: [f32; 4] = [1.25, 0.0, 0.125, -1.0];

struct Data {
    calls: binnc::data::PackedGenotypes,
    samples: Vec<u32>,
    columns: Vec<Vec<f32>>,
    targets: Targets,
}

impl Data {
    fn of(plan: &Plan, columns: usize) -> Self {
        let variants = plan.inputs.len() - columns;
        let target = |loss: &Loss, seed| {
            let mut values = singles(SAMPLES, seed);
            match loss {
                Loss::Bce => values.iter_mut().for_each(|value| *value = f32::from(*value > 0.0)),
                Loss::Poisson => values.iter_mut().for_each(|value| *value = (2.0 * value.abs()).floor()),
                Loss::Mse | Loss::Mae | Loss::Huber(_) => {}
            }
            values[seed as usize % SAMPLES] = f32::NAN;
            TraitTarget { values, offsets: Some(singles(SAMPLES, seed + 50)) }
        };
        let heads = plan.heads.iter().enumerate().map(|(h, head)| {
            head.losses
                .iter()
                .enumerate()
                .map(|(k, loss)| target(loss, (11 * h + 3 * k + 1) as u64))
                .collect()
        });
        // The first latent of an item is never measured, the others in part.
        let measured = |k: usize| {
            let mut values = singles(SAMPLES, 70 + k as u64);
            let missing = if k == 0 { SAMPLES } else { 4 * k };
            values[..missing.min(SAMPLES)].fill(f32::NAN);
            values
        };
        let supervised = plan.supervisions.iter().map(|item| (0..item.latents.len()).map(measured).collect());
        Self {
            calls: packed(variants, SAMPLES, 5),
            samples: (0..SAMPLES as u32).rev().collect(),
            columns: (0..columns).map(|k| singles(SAMPLES, 30 + k as u64)).collect(),
            targets: Targets {
                heads: heads.collect(),
                weights: Some(numbers(SAMPLES, 9).into_iter().map(|w| (1.5 + w) as f32).collect()),
                supervised: supervised.collect(),
            },
        }
    }

    fn inputs<'a>(&'a self, plan: &Plan) -> InputData<'a> {
        let variants =
            (0..self.calls.variants()).map(|variant| InputRow::Variant { set: 0, variant, table: TABLE });
        let columns = self.columns.iter().map(|column| InputRow::Column(column));
        let set = GenotypeCalls { calls: &self.calls, samples: &self.samples };
        InputData::new(plan, vec![set], variants.chain(columns).collect())
    }
}

// Largest |found − central difference| ÷ max(|found|, |difference|, 1e-5 of the largest).
fn worst_error(plan: &Plan, columns: usize) -> f64 {
    let data = Data::of(plan, columns);
    let inputs = data.inputs(plan);
    let problem = Problem { plan, inputs: &inputs, targets: &data.targets };
    let penalties = Penalties::of(plan, 0.003, 0.01);
    let rows: Vec<u32> = (0..SAMPLES as u32).rev().collect();
    let mut workspace = Workspace::for_learning(plan, SAMPLES);
    let mut loss = |parameters: &Parameters<f64>, gradient: &mut Parameters<f64>| {
        objective(&problem, parameters, &rows, (3, 8), &penalties, &mut workspace, gradient).total()
    };
    // Small enough that sums over many inputs do not saturate what follows, and off the kink of
    // the L1 penalty at 0.
    let off_zero = |value: f64| 0.3 * value + 1e-3_f64.copysign(value);
    let small = |count, seed| numbers(count, seed).into_iter().map(off_zero).collect();
    let mut parameters = Parameters {
        weights: small(plan.weights, 1),
        biases: small(plan.biases, 2),
        state: vec![0.0; plan.states],
    };
    let (mut found, mut unused) = (Parameters::zeros(plan), Parameters::zeros(plan));
    loss(&parameters, &mut found);
    let largest = found.weights.iter().chain(&found.biases).fold(0.0, |m: f64, g| m.max(g.abs()));
    let mut worst: f64 = 0.0;
    for slot in 0..plan.weights + plan.biases {
        let at = |parameters: &mut Parameters<f64>, value: Option<f64>| {
            let place = match slot.checked_sub(plan.weights) {
                None => &mut parameters.weights[slot],
                Some(bias) => &mut parameters.biases[bias],
            };
            value.map_or(*place, |value| std::mem::replace(place, value))
        };
        let start = at(&mut parameters, None);
        let h = 1e-4 * start.abs().max(1.0);
        let mut beside = |steps: f64| {
            at(&mut parameters, Some(start + steps * h));
            loss(&parameters, &mut unused)
        };
        let (near, far) = (beside(1.0) - beside(-1.0), beside(2.0) - beside(-2.0));
        at(&mut parameters, Some(start));
        let wanted = (8.0 * near - far) / (12.0 * h);
        let gradient = at(&mut found, None);
        let scale = gradient.abs().max(wanted.abs()).max(1e-5 * largest);
        worst = worst.max((gradient - wanted).abs() / scale);
    }
    worst
}

fn check(plan: &Plan, columns: usize) {
    let worst = worst_error(plan, columns);
    assert!(worst <= 1e-6, "largest relative error {worst:e}");
}

#[test]
fn every_activation_in_a_private_network() {
    use Activation::*;
    for activation in [Linear, Tanh, Sigmoid, Relu, Gelu, Softplus] {
        let mut net = Builder::new(9, 0);
        let left = net.block(0..5, 6, activation, 0.0);
        let left = net.block(left, 1, Linear, 0.0);
        let right = net.block(3..9, 4, activation, 0.0);
        let right = net.block(right, 1, Linear, 0.0);
        let joint = net.block(left.chain(right), 3, activation, 0.0);
        net.predict(joint, &[Loss::Mse], 1.0);
        check(&net.build(), 0);
    }
}

#[test]
fn skipped_levels_two_heads_and_covariates() {
    let mut net = Builder::new(40, 3);
    let genes: Vec<usize> = (0..8)
        .map(|k| net.block((0..6).map(|i| (5 * k + 7 * i) % 40), 1, Activation::Tanh, 0.0).start)
        .collect();
    let pathway = net.block(genes[..5].iter().copied().chain([41, 0]), 2, Activation::Sigmoid, 0.0);
    let top = net.block(pathway.clone().chain(genes[3..].iter().copied()), 5, Activation::Gelu, 0.0);
    net.predict(top.chain([genes[0], 42, 1]), &[Loss::Mse, Loss::Bce], 1.0);
    net.predict(pathway, &[Loss::Bce], 0.3);
    check(&net.build(), 3);
}

#[test]
fn supervision_with_missing_measurements_and_dropout() {
    let mut net = Builder::new(12, 0);
    let hidden: Vec<_> = (0..3).map(|k| net.block(4 * k..4 * k + 4, 5, Activation::Gelu, 0.2)).collect();
    let latents: Vec<usize> =
        hidden.into_iter().map(|rows| net.block(rows, 1, Activation::Linear, 0.0).start).collect();
    let head = net.block(latents.iter().copied(), 8, Activation::Tanh, 0.3);
    net.predict(head, &[Loss::Mse], 1.0);
    net.supervise(&latents, 0.4);
    net.supervise(&latents[1..], 0.1);
    check(&net.build(), 0);
}

#[test]
fn robust_losses_and_counts() {
    let mut net = Builder::new(16, 0);
    let genes: Vec<usize> =
        (0..4).map(|k| net.block(4 * k..4 * k + 4, 1, Activation::Tanh, 0.0).start).collect();
    let top = net.block(genes.iter().copied(), 5, Activation::Gelu, 0.0);
    net.predict(top.clone(), &[Loss::Huber(0.4), Loss::Poisson, Loss::Mae], 1.0);
    net.predict(genes.iter().copied(), &[Loss::Poisson, Loss::Huber(3.0)], 0.5);
    check(&net.build(), 0);
}

// Large enough for the matrix product, with gathered sources that mix inputs and latents.
#[test]
fn wide_blocks() {
    let mut net = Builder::new(80, 0);
    let low = net.block((0..80).map(|k| (k * 7) % 80), 20, Activation::Softplus, 0.0);
    let mixed = net.block((0..30).chain(low.clone()).chain(40..60), 18, Activation::Tanh, 0.1);
    let again = net.block(mixed.chain(low), 17, Activation::Sigmoid, 0.0);
    net.predict(again, &[Loss::Mse], 1.0);
    check(&net.build(), 0);
}

#[test]
fn normalised_units_and_batches() {
    for norm in [Norm::Batch, Norm::Units] {
        let mut net = Builder::new(14, 2);
        let left = net.normalised(0..7, 5, Activation::Gelu, 0.0, norm);
        let right = net.normalised((5..14).chain([15]), 4, Activation::Tanh, 0.2, norm);
        let joint = net.normalised(left.chain(right).chain([14]), 3, Activation::Sigmoid, 0.0, norm);
        net.predict(joint, &[Loss::Mse, Loss::Bce], 1.0);
        check(&net.build(), 2);
    }
}

#[test]
fn read_outs_at_inner_layers_and_soft_signs() {
    let mut net = Builder::new(12, 0);
    let left = net.block(0..6, 1, Activation::Tanh, 0.0);
    for (input, side) in [(0, 1), (1, 1), (2, -1), (3, -1)] {
        net.rule(input, SlotRule::Soft { side, cost: 0.2 });
    }
    let right = net.block(4..12, 1, Activation::Tanh, 0.0);
    let top = net.block(left.clone().chain(right.clone()), 4, Activation::Gelu, 0.0);
    net.predict(top.clone(), &[Loss::Mse, Loss::Bce], 0.7);
    net.predict(right.clone(), &[Loss::Mse], 1.0);
    net.auxiliary(0, left.chain(right), 0.3);
    net.auxiliary(1, top, 0.25);
    check(&net.build(), 0);
}
