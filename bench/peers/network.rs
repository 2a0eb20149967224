//! Plans laid out by hand, and what a step of them costs.

use binnc::compiler::plan::{Block, Head, Input, Plan};
use binnc::language::spec::{Activation, Loss, Norm};

/// A plan with nothing but inputs.
pub fn inputs(variants: usize) -> Plan {
    let inputs = (0..variants).map(|index| Input::Variant { set: 0, index }).collect();
    Plan { rows: variants, inputs, ..Plan::default() }
}

/// Adds a map of some rows to new ones, and gives these.
pub fn block(plan: &mut Plan, sources: &[u32], outputs: usize, activation: Activation) -> Vec<u32> {
    let first = plan.rows;
    plan.blocks.push(Block {
        first_source: plan.sources.len(),
        inputs: sources.len(),
        first_output: first,
        outputs,
        first_weight: plan.weights,
        first_bias: plan.biases,
        activation,
        norm: Norm::None,
        first_state: 0,
        dropout: 0.0,
        penalised: true,
    });
    plan.sources.extend_from_slice(sources);
    plan.rows += outputs;
    plan.weights += sources.len() * outputs;
    plan.biases += outputs;
    (first as u32..plan.rows as u32).collect()
}

/// Adds the read-out of one trait.
pub fn head(plan: &mut Plan, sources: &[u32]) {
    let first_row = plan.rows;
    block(plan, sources, 1, Activation::Linear);
    let traits = vec![(0, "y".to_string())];
    plan.heads.push(Head { predict: 0, first_row, traits, losses: vec![Loss::Mse], weight: 1.0 });
}

/// Weights between variants and what reads them.
pub fn edges_of_variants(plan: &Plan) -> usize {
    plan.blocks.iter().filter(|block| reads_inputs(plan, block)).map(|block| block.inputs).sum()
}

/// Products and sums of one sample in a step: the way forward, gradients of weights, and, where
/// something below learns, gradients of rows.
pub fn flop_per_sample(plan: &Plan) -> usize {
    let passes = |block: &Block| if reads_inputs(plan, block) { 2 } else { 3 };
    plan.blocks.iter().map(|block| 2 * passes(block) * block.map_weights()).sum()
}

fn reads_inputs(plan: &Plan, block: &Block) -> bool {
    plan.sources_of(block).iter().all(|row| (*row as usize) < plan.inputs.len())
}
