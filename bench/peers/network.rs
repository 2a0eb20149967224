//! Plans laid out by hand, and what a step of them costs.

use binnc::compiler::plan::{Block, Head, Input, Plan, Shape};
use binnc::language::spec::{Activation, Loss};

/// A plan with nothing but inputs.
pub fn inputs(variants: usize) -> Plan {
    Plan::reading((0..variants).map(|index| Input::Variant { set: 0, index }).collect())
}

/// Adds a map of some rows to new ones, and gives these.
pub fn block(plan: &mut Plan, sources: &[u32], outputs: usize, activation: Activation) -> Vec<u32> {
    let rows = plan.add_block(sources.iter().copied(), Shape::of(outputs, activation));
    rows.map(|row| row as u32).collect()
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
