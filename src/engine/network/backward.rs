//! Gradients of outputs to gradients of parameters, blocks in reverse order.
//!
//! Input rows have no gradient: the work is left out.

use crate::compiler::plan::{Block, Plan};
use crate::kernel::activation;
use crate::kernel::affine::{self, Affine};
use crate::kernel::math::Real;
use crate::language::spec::Norm;

use super::forward::{keeps_slopes, kernel_activation, map_of};
use super::normal::{self, Setting};
use super::{Parameters, Workspace};

/// Fills `gradient` from the gradients that losses left in the workspace.
///
/// The workspace holds the activations and slopes of a [`super::Pass::Learn`].
pub fn backward<T: Real>(
    plan: &Plan,
    parameters: &Parameters<T>,
    workspace: &mut Workspace<T>,
    gradient: &mut Parameters<T>,
) {
    if workspace.batch == 0 {
        gradient.weights.fill(T::ZERO);
        gradient.biases.fill(T::ZERO);
        return;
    }
    backward_blocks(plan, &plan.blocks, parameters, workspace, gradient);
}

/// The same for some consecutive blocks, which nothing behind them is left to do for.
pub(in crate::engine) fn backward_blocks<T: Real>(
    plan: &Plan,
    blocks: &[Block],
    parameters: &Parameters<T>,
    workspace: &mut Workspace<T>,
    gradient: &mut Parameters<T>,
) {
    let (inputs, batch) = (workspace.inputs, workspace.batch);
    for block in blocks.iter().rev() {
        let first = (block.first_output - inputs) * batch;
        let count = block.outputs * batch;
        let (above, below) = workspace.gradients.split_at_mut(first);
        let delta = &mut below[..count];
        let own = Own {
            weights: &mut gradient.weights[block.first_weight..][..block.map_weights() + block.gains()],
            biases: &mut gradient.biases[block.first_bias..][..block.outputs],
        };
        let values = BlockValues {
            activations: &workspace.activations[block.first_output * batch..][..count],
            slopes: &workspace.slopes[first..first + count],
            normals: workspace.normals.of_block(first, count),
            gains: Setting::of(block, parameters).gains,
        };
        let map = map_of(plan, block, parameters, batch);
        own_gradients(block, &map, &workspace.activations, values, delta, own, &mut workspace.scratch);
        affine::row_gradients(&map, delta, above, inputs, &mut workspace.scratch);
    }
}

/// The way back through one block's activation and normalisation alone: its rows' gradients become
/// those before the activation, and biases and gains get theirs.
pub(in crate::engine) fn before_map(
    block: &Block,
    parameters: &Parameters<f32>,
    workspace: &mut Workspace<f32>,
    gradient: &mut Parameters<f32>,
) {
    let batch = workspace.batch;
    let first = (block.first_output - workspace.inputs) * batch;
    let count = block.outputs * batch;
    let values = BlockValues {
        activations: &workspace.activations[block.first_output * batch..][..count],
        slopes: &workspace.slopes[first..first + count],
        normals: workspace.normals.of_block(first, count),
        gains: Setting::of(block, parameters).gains,
    };
    let delta = &mut workspace.gradients[first..first + count];
    let gains = &mut gradient.weights[block.first_weight + block.map_weights()..][..block.gains()];
    let biases = &mut gradient.biases[block.first_bias..][..block.outputs];
    before_activation(block, values, batch, delta, gains, biases);
}

/// Where the gradients of one block's parameters go.
pub(in crate::engine) struct Own<'a, T> {
    /// Those of weights, then those of gains.
    pub(in crate::engine) weights: &'a mut [T],
    pub(in crate::engine) biases: &'a mut [T],
}

/// Gradients of one block's parameters; `delta` becomes ∂/∂(W·in).
pub(in crate::engine) fn own_gradients<T: Real>(
    block: &Block,
    map: &Affine<'_, T>,
    rows: &[T],
    values: BlockValues<'_, T>,
    delta: &mut [T],
    own: Own<'_, T>,
    scratch: &mut Vec<T>,
) {
    let (weights, gains) = own.weights.split_at_mut(block.map_weights());
    before_activation(block, values, map.batch, delta, gains, own.biases);
    affine::weight_gradients(map, rows, delta, weights, scratch);
}

/// What the way back through one block needs beside its map.
pub(in crate::engine) struct BlockValues<'a, T> {
    pub(in crate::engine) activations: &'a [T],
    pub(in crate::engine) slopes: &'a [T],
    /// ẑ and scales of a normalised block, else nothing.
    pub(in crate::engine) normals: (&'a [T], &'a [T]),
    pub(in crate::engine) gains: &'a [T],
}

/// Turns ∂/∂out into ∂/∂(W·in) in place, and fills the gradients of gains and biases.
pub(in crate::engine) fn before_activation<T: Real>(
    block: &Block,
    values: BlockValues<'_, T>,
    batch: usize,
    delta: &mut [T],
    gains: &mut [T],
    biases: &mut [T],
) {
    if keeps_slopes(block) {
        activation::backward(values.slopes, delta);
    } else {
        activation::backward_from(kernel_activation(block.activation), values.activations, delta);
    }
    if block.norm == Norm::None {
        affine::bias_gradients(batch, delta, biases);
    } else {
        normal::backward(block, values.gains, values.normals, batch, delta, (gains, biases));
    }
}
