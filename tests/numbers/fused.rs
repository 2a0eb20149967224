//! Training on packed calls against a plain loop in double precision, and its bits against those of
//! other numbers of threads.

use binnc::compiler::plan::{Input, Plan, SlotRule};
use binnc::data::PackedGenotypes;
use binnc::engine::network::random::{Purpose, generator, shuffle};
use binnc::engine::network::{GenotypeCalls, InputData, InputRow, Parameters, Workspace, initial};
use binnc::engine::train::{
    FitOptions, Fitted, Penalties, Problem, Split, Targets, Took, TraitTarget, Unwatched, fit, objective,
};
use binnc::kernel::optimizer::{AdamStep, adam, sgd};
use binnc::language::spec::{Activation, Loss, Norm, Optimizer, Rule};

use crate::network::{Builder, packed, singles};

pub const SAMPLES: usize = 211;
const VARIANTS: usize = 700;
/// Variants from here on are of a second genotype set.
const SECOND_SET: usize = 400;

/// Genes of all kinds: one map, private networks, normalised, wide, with rules, on two sets; pathways
/// over them, one of which reads a variant and a covariate as well.
pub fn network() -> Plan {
    let mut net = Builder::new(VARIANTS, 1);
    let mut genes = Vec::new();
    for k in 0..60 {
        let variants = (0..7 + 3 * (k % 5)).map(|i| (11 * k + i) % VARIANTS);
        genes.extend(net.block(variants, 1, Activation::Tanh, 0.0));
        if k % 20 == 3 {
            net.rule(1, SlotRule::Side(1));
            net.rule(2, SlotRule::Fixed(0.25));
            net.rule(3, SlotRule::Soft { side: -1, cost: 0.01 });
        }
    }
    for k in 0..8 {
        let hidden = net.block((0..30).map(|i| (83 * k + 2 * i) % VARIANTS), 16, Activation::Gelu, 0.1);
        genes.extend(net.block(hidden, 1, Activation::Linear, 0.0));
    }
    let wide = net.block(0..VARIANTS, 18, Activation::Sigmoid, 0.0);
    genes.extend(net.block(wide, 2, Activation::Relu, 0.0));
    for norm in [Norm::Batch, Norm::Units] {
        let hidden = net.normalised(390..410, 5, Activation::Softplus, 0.0, norm);
        genes.extend(net.normalised(hidden, 3, Activation::Tanh, 0.0, norm));
    }
    // Enough of them for threads to share the level.
    let mut pathways = Vec::new();
    for k in 0..24 {
        let read: Vec<usize> = (0..30).map(|i| genes[(5 * k + 2 * i) % genes.len()]).collect();
        // Few units of nearly one value would magnify every rounding.
        let (norm, units) = [(Norm::None, 5 + k % 4), (Norm::Batch, 6), (Norm::Units, 8)][k % 3];
        pathways.extend(net.normalised(read, units, Activation::Tanh, 0.05, norm));
    }
    let mixed = net.block(genes[20..].iter().copied().chain([5, VARIANTS]), 2, Activation::Tanh, 0.0);
    net.predict(mixed.chain(pathways), &[Loss::Mse, Loss::Mse], 1.0);
    let mut plan = net.build();
    for (place, input) in plan.inputs[..VARIANTS].iter_mut().enumerate().skip(SECOND_SET) {
        *input = Input::Variant { set: 1, index: place - SECOND_SET };
    }
    plan
}

/// Calls of two sets, whose samples stand in other orders.
pub struct Data {
    calls: [PackedGenotypes; 2],
    samples: [Vec<u32>; 2],
    column: Vec<f32>,
    pub targets: Targets,
}

impl Data {
    pub fn new() -> Self {
        let target = |seed| TraitTarget { values: singles(SAMPLES, seed), offsets: None };
        Self {
            calls: [packed(SECOND_SET, SAMPLES, 3), packed(VARIANTS - SECOND_SET, SAMPLES, 8)],
            samples: [(0..SAMPLES as u32).collect(), (0..SAMPLES as u32).rev().collect()],
            column: singles(SAMPLES, 21),
            targets: Targets { heads: vec![vec![target(1), target(2)]], ..Targets::default() },
        }
    }

    pub fn inputs(&self, plan: &Plan) -> InputData<'_> {
        let table = |place: usize| {
            let mean = singles(VARIANTS, 4)[place];
            if place % 50 == 7 { [0.0; 4] } else { [2.0 - mean, 0.0, 1.0 - mean, -mean] }
        };
        let tables: Vec<[f32; 4]> = (0..VARIANTS).map(table).collect();
        let rows = plan.inputs.iter().enumerate().map(|(place, input)| match input {
            Input::Variant { set, index } => {
                InputRow::Variant { set: *set, variant: *index, table: tables[place] }
            }
            Input::Column { .. } => InputRow::Column(&self.column),
        });
        let set = |set: usize| GenotypeCalls { calls: &self.calls[set], samples: &self.samples[set] };
        InputData::new(plan, vec![set(0), set(1)], rows.collect())
    }
}

fn fitted(plan: &Plan, inputs: &InputData<'_>, data: &Data, options: &FitOptions) -> Fitted {
    let rows: Vec<u32> = (0..SAMPLES as u32).collect();
    let (train, validation) = rows.split_at(180);
    let split = Split { fit: train, validation };
    let fitted = fit(plan, inputs, &data.targets, &split, options, &Unwatched).expect("fits");
    Fitted { took: Took::default(), ..fitted }
}

/// The same training, step by step, with whole gradients in double precision.
fn plain(plan: &Plan, inputs: &InputData<'_>, data: &Data, options: &FitOptions) -> Parameters<f64> {
    let mut rows: Vec<u32> = (0..180).collect();
    let Optimizer { rule, learning_rate: rate, l1, l2, .. } = options.optimizer;
    let penalties = Penalties::of(plan, l1, l2);
    let silent = inputs.silent(&rows);
    let start = initial::<f32>(plan, &silent, &[0.0, 0.0], options.seed);
    let wide = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>();
    let mut parameters =
        Parameters { weights: wide(&start.weights), biases: wide(&start.biases), state: wide(&start.state) };
    let (mut first, mut second) = (Parameters::zeros(plan), Parameters::<f64>::zeros(plan));
    let mut gradient = Parameters::zeros(plan);
    let problem = Problem { plan, inputs, targets: &data.targets };
    let batch = options.batch.expect("a batch");
    let mut workspace = Workspace::for_learning(plan, batch);
    let (mut beta1_power, mut beta2_power, mut steps) = (1.0, 1.0, 0);
    for epoch in 1..=options.epochs {
        rows.sort_unstable();
        if batch < rows.len() {
            shuffle(&mut rows, &mut generator(options.seed, Purpose::Order, epoch));
        }
        for rows in rows.chunks(batch) {
            let dropout = (options.seed, steps);
            objective(&problem, &parameters, rows, dropout, &penalties, &mut workspace, &mut gradient);
            workspace.remember(plan, &mut parameters.state);
            steps += 1;
            let slots = [
                (&mut parameters.weights, &gradient.weights, &mut first.weights, &mut second.weights),
                (&mut parameters.biases, &gradient.biases, &mut first.biases, &mut second.biases),
            ];
            if let Rule::Adam { beta1, beta2, .. } = rule {
                beta1_power *= beta1;
                beta2_power *= beta2;
            }
            for (values, gradient, first, second) in slots {
                match rule {
                    Rule::Sgd { momentum } => sgd(values, gradient, first, rate, momentum),
                    Rule::Adam { beta1, beta2, epsilon } => {
                        let step = AdamStep { rate, beta1, beta2, epsilon, beta1_power, beta2_power };
                        adam(values, gradient, first, second, &step);
                    }
                }
            }
            hold(plan, &silent, &mut parameters.weights);
        }
    }
    parameters
}

fn hold(plan: &Plan, silent: &[bool], weights: &mut [f64]) {
    for constraint in &plan.constraints {
        let block = &plan.blocks[constraint.block];
        let slot = block.first_weight + constraint.input;
        if silent.get(plan.sources_of(block)[constraint.input] as usize) == Some(&true) {
            continue;
        }
        match constraint.rule {
            SlotRule::Fixed(value) => weights[slot] = f64::from(value),
            SlotRule::Side(side) if weights[slot] * f64::from(side) < 0.0 => weights[slot] = 0.0,
            _ => {}
        }
    }
}

pub fn options(rule: Rule, batch: usize) -> FitOptions {
    let optimizer = Optimizer { rule, learning_rate: 0.01, l1: 1e-4, l2: 1e-3, decay: 0.0 };
    FitOptions { optimizer, epochs: 2, batch: Some(batch), patience: None, seed: 5, threads: 1 }
}

pub const SGD: Rule = Rule::Sgd { momentum: 0.5 };
pub const ADAM: Rule = Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-4 };

#[test]
fn two_epochs_agree_with_double_precision() {
    let (plan, data) = (network(), Data::new());
    let inputs = data.inputs(&plan);
    for (rule, batch) in [(SGD, 64), (SGD, 50), (SGD, 7), (SGD, 180), (ADAM, 64), (ADAM, 130)] {
        let options = options(rule, batch);
        let found = fitted(&plan, &inputs, &data, &options).parameters;
        let wanted = plain(&plan, &inputs, &data, &options);
        let slots = found.weights.iter().zip(&wanted.weights).chain(found.biases.iter().zip(&wanted.biases));
        let slots = slots.chain(found.state.iter().zip(&wanted.state));
        let worst = slots.map(|(found, wanted)| (f64::from(*found) - wanted).abs() / wanted.abs().max(1.0));
        let worst = worst.fold(0.0, f64::max);
        let bound = if rule == SGD { 1e-6 } else { 1e-5 };
        assert!(worst <= bound, "{rule:?}, batch {batch}: {worst:e}");
    }
}

#[test]
fn threads_change_no_bit() {
    let (plan, data) = (network(), Data::new());
    let inputs = data.inputs(&plan);
    for batch in [64, 50] {
        let options = FitOptions { patience: Some(5), ..options(ADAM, batch) };
        let one = fitted(&plan, &inputs, &data, &options);
        for threads in [2, 3, 4, 7] {
            assert_eq!(fitted(&plan, &inputs, &data, &options.on_threads(threads)), one, "{threads} threads");
        }
    }
}
