//! A network as it predicts: nothing dropped, and batch normalisation part of the maps before it.

use crate::compiler::plan::{Block, Plan};
use crate::engine::network::Parameters;
use crate::kernel::norm::EPSILON;
use crate::language::spec::Norm;

/// The same function of its inputs, up to rounding. Gains of folded blocks are no longer read.
pub(super) fn folded(plan: &Plan, parameters: &Parameters<f32>) -> (Plan, Parameters<f32>) {
    let (mut plan, mut parameters) = (plan.clone(), parameters.clone());
    for block in &mut plan.blocks {
        block.dropout = 0.0;
        if block.norm == Norm::Batch {
            fold(block, &mut parameters);
            block.norm = Norm::None;
        }
    }
    (plan, parameters)
}

/// g·(W·in − μ)/√(σ² + ε) + b as another W·in + b.
fn fold(block: &Block, parameters: &mut Parameters<f32>) {
    let (map, gains) = parameters.weights[block.first_weight..].split_at_mut(block.map_weights());
    let biases = &mut parameters.biases[block.first_bias..][..block.outputs];
    let moments = parameters.state[block.first_state..].chunks_exact(2);
    let outputs = map.chunks_exact_mut(block.inputs.max(1)).zip(gains).zip(biases).zip(moments);
    for (((weights, gain), bias), moments) in outputs {
        let scale = f64::from(*gain) / (f64::from(moments[1]) + EPSILON).sqrt();
        weights.iter_mut().for_each(|weight| *weight = (f64::from(*weight) * scale) as f32);
        *bias = (f64::from(*bias) - scale * f64::from(moments[0])) as f32;
    }
}
