//! Outputs and latents of a trained network.
//!
//! The same forward pass as in training, without dropout. All batches have one size, so that a
//! row's bits do not depend on the rows it comes with.

use crate::compiler::plan::Plan;

use super::packed::Runner;
use super::{InputData, Parameters, Pass, Workspace};

/// Samples that run together.
pub(super) const BATCH: usize = 128;

/// Read-outs `[traits][rows]`, traits in the order of the heads, on the scale of training and
/// without offsets; logits for traits trained with cross-entropy.
#[must_use]
pub fn predict(
    plan: &Plan,
    parameters: &Parameters<f32>,
    inputs: &InputData<'_>,
    rows: &[u32],
) -> Vec<Vec<f32>> {
    latents(plan, parameters, inputs, rows, &trait_rows(plan))
}

/// Values `[latent_rows][rows]` of any rows of the plan.
#[must_use]
pub fn latents(
    plan: &Plan,
    parameters: &Parameters<f32>,
    inputs: &InputData<'_>,
    rows: &[u32],
    latent_rows: &[usize],
) -> Vec<Vec<f32>> {
    let mut filled = rows.to_vec();
    filled.resize(rows.len().next_multiple_of(BATCH), rows.last().copied().unwrap_or(0));
    let mut workspace = Workspace::for_prediction(plan, BATCH);
    let mut runner = Runner::new(inputs, BATCH);
    let mut found = values(plan, parameters, inputs, &filled, latent_rows, (&mut workspace, &mut runner));
    found.iter_mut().for_each(|values| values.truncate(rows.len()));
    found
}

/// The rows of all traits, in the order of the heads.
pub(crate) fn trait_rows(plan: &Plan) -> Vec<usize> {
    plan.heads.iter().flat_map(|head| head.first_row..head.first_row + head.traits.len()).collect()
}

/// Values `[wanted][rows]`, run in batches of the workspace's capacity.
pub(crate) fn values(
    plan: &Plan,
    parameters: &Parameters<f32>,
    inputs: &InputData<'_>,
    rows: &[u32],
    wanted: &[usize],
    (workspace, runner): (&mut Workspace<f32>, &mut Runner),
) -> Vec<Vec<f32>> {
    let mut found: Vec<Vec<f32>> = wanted.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for batch in rows.chunks(workspace.capacity()) {
        runner.forward(plan, parameters, inputs, batch, Pass::Predict, workspace);
        for (row, found) in wanted.iter().zip(&mut found) {
            found.extend_from_slice(workspace.row(*row));
        }
    }
    found
}
