//! Gradients of outputs to gradients of parameters, blocks in reverse order.
//!
//! Input rows have no gradient: the work is left out.

use crate::compiler::plan::Plan;
use crate::kernel::activation;
use crate::kernel::affine::{self, Affine, Gradients};
use crate::kernel::math::Real;
use crate::language::spec::Norm;

use super::forward::weights_of;
use super::normal;
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
    let (inputs, batch) = (workspace.inputs, workspace.batch);
    if batch == 0 {
        gradient.weights.fill(T::ZERO);
        gradient.biases.fill(T::ZERO);
        return;
    }
    // The biases of a normalised map are shifts behind it, which `normal` has taken.
    let normalised = plan.blocks.iter().filter(|block| block.norm != Norm::None);
    let mut unused = vec![T::ZERO; normalised.map(|block| block.outputs).max().unwrap_or(0)];
    for block in plan.blocks.iter().rev() {
        let first = (block.first_output - inputs) * batch;
        let count = block.outputs * batch;
        let (above, below) = workspace.gradients.split_at_mut(first);
        let delta = &mut below[..count];
        activation::backward(&workspace.slopes[first..first + count], delta);
        let normalised = block.norm != Norm::None;
        if normalised {
            normal::backward(block, parameters, &workspace.normals, first, batch, delta, gradient);
        }
        let map = Affine {
            weights: weights_of(block, &parameters.weights),
            sources: plan.sources_of(block),
            outputs: block.outputs,
            batch,
        };
        let mut into = Gradients {
            weights: &mut gradient.weights[block.first_weight..][..block.inputs * block.outputs],
            biases: if normalised {
                &mut unused[..block.outputs]
            } else {
                &mut gradient.biases[block.first_bias..][..block.outputs]
            },
            rows: above,
            first_row: inputs,
        };
        affine::backward(&map, &workspace.activations, delta, &mut into, &mut workspace.scratch);
    }
}
