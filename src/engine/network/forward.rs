//! Inputs to activations, block by block.
//!
//! A block reads only rows above its own, so one buffer split at its first output row serves
//! all.

use crate::compiler::plan::{Block, Plan};
use crate::kernel::activation::{self, Activation};
use crate::kernel::affine::{self, Affine};
use crate::kernel::dropout;
use crate::kernel::math::Real;
use crate::kernel::pages::Array;
use crate::language::spec;

use super::normal::{self, Kept, Normals, Setting};
use super::{InputData, Parameters};

/// Whether a pass is for learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// No dropout, no slopes.
    Predict,
    /// With dropout and slopes for [`super::backward`].
    Learn {
        /// Seed of the dropout masks.
        seed: u64,
        /// Step, from 0.
        step: u64,
    },
}

/// Buffers of one network for batches of up to `capacity` samples.
///
/// Each holds rows of the current batch, `[rows × batch]`.
#[derive(Debug)]
pub struct Workspace<T> {
    pub(in crate::engine) inputs: usize,
    pub(in crate::engine) batch: usize,
    pub(in crate::engine) activations: Array<T>,
    pub(in crate::engine) slopes: Array<T>,
    pub(in crate::engine) gradients: Array<T>,
    pub(in crate::engine) normals: Normals<T>,
    pub(super) scratch: Vec<T>,
    capacity: usize,
}

impl<T: Real> Workspace<T> {
    /// Buffers for learning.
    #[must_use]
    pub fn for_learning(plan: &Plan, capacity: usize) -> Self {
        let learnt = (plan.rows - plan.inputs.len()) * capacity;
        let mut workspace = Self::for_prediction(plan, capacity);
        workspace.slopes = Array::zeros(learnt);
        workspace.gradients = Array::zeros(learnt);
        workspace.normals = Normals::of(plan, capacity);
        workspace
    }

    /// Buffers for [`Pass::Predict`] alone.
    #[must_use]
    pub fn for_prediction(plan: &Plan, capacity: usize) -> Self {
        Self {
            inputs: plan.inputs.len(),
            batch: 0,
            activations: Array::zeros(plan.rows * capacity),
            slopes: Array::default(),
            gradients: Array::default(),
            scratch: Vec::new(),
            normals: Normals::empty(),
            capacity,
        }
    }

    /// Samples that a batch may have.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Values of one row for the current batch.
    #[must_use]
    pub fn row(&self, row: usize) -> &[T] {
        &self.activations[row * self.batch..(row + 1) * self.batch]
    }

    /// The values of a row that is no input, and its gradient, to be added to.
    pub fn row_and_gradient(&mut self, row: usize) -> (&[T], &mut [T]) {
        let place = (row - self.inputs) * self.batch;
        let values = &self.activations[row * self.batch..(row + 1) * self.batch];
        (values, &mut self.gradients[place..place + self.batch])
    }

    /// Sets all gradients to zero.
    pub fn clear_gradients(&mut self) {
        self.gradients.fill(T::ZERO);
    }
}

/// Runs `cohort_rows`, at most the workspace's capacity, through the network.
///
/// # Panics
/// When there are more rows than the workspace was made for, or it was made for prediction
/// and the pass is for learning.
pub fn forward<T: Real>(
    plan: &Plan,
    parameters: &Parameters<T>,
    inputs: &InputData<'_>,
    cohort_rows: &[u32],
    pass: Pass,
    workspace: &mut Workspace<T>,
) {
    let batch = cohort_rows.len();
    assert!(batch <= workspace.capacity, "a batch fits its workspace");
    workspace.batch = batch;
    if batch == 0 {
        return;
    }
    inputs.fill(cohort_rows, &mut workspace.activations[..workspace.inputs * batch]);
    forward_blocks(plan, &plan.blocks, parameters, pass, workspace);
}

/// Runs some consecutive blocks, whose sources are filled.
pub(in crate::engine) fn forward_blocks<T: Real>(
    plan: &Plan,
    blocks: &[Block],
    parameters: &Parameters<T>,
    pass: Pass,
    workspace: &mut Workspace<T>,
) {
    blocks.iter().for_each(|block| run(plan, block, parameters, pass, workspace));
}

fn run<T: Real>(
    plan: &Plan,
    block: &Block,
    parameters: &Parameters<T>,
    pass: Pass,
    workspace: &mut Workspace<T>,
) {
    let batch = workspace.batch;
    let (above, below) = workspace.activations.split_at_mut(block.first_output * batch);
    let out = &mut below[..block.outputs * batch];
    let first = (block.first_output - workspace.inputs) * batch;
    let normalised = block.norm != spec::Norm::None;
    let learn = match pass {
        Pass::Predict => None,
        Pass::Learn { seed, step } => Some(Learning {
            slopes: &mut workspace.slopes[first..first + out.len()],
            normals: normalised.then(|| workspace.normals.kept(block, first, out.len())),
            seed,
            step,
        }),
    };
    run_on(plan, block, parameters, (above, out), batch, learn, &mut workspace.scratch);
}

/// Runs one block from the rows above it into its own.
pub(in crate::engine) fn run_on<T: Real>(
    plan: &Plan,
    block: &Block,
    parameters: &Parameters<T>,
    (above, out): (&[T], &mut [T]),
    batch: usize,
    learn: Option<Learning<'_, T>>,
    scratch: &mut Vec<T>,
) {
    let setting = Setting::of(block, parameters);
    fill_with_biases(block, setting.biases, batch, out);
    affine::add(&map_of(plan, block, parameters, batch), above, out, scratch);
    finish(block, setting, batch, out, learn);
}

/// The map of a block.
pub(in crate::engine) fn map_of<'a, T>(
    plan: &'a Plan,
    block: &Block,
    parameters: &'a Parameters<T>,
    batch: usize,
) -> Affine<'a, T> {
    Affine {
        weights: &parameters.weights[block.first_weight..][..block.map_weights()],
        stride: block.inputs,
        sources: plan.sources_of(block),
        outputs: block.outputs,
        batch,
    }
}

/// What a pass for learning leaves of one block.
pub(in crate::engine) struct Learning<'a, T> {
    /// Filled where the block keeps them.
    pub(in crate::engine) slopes: &'a mut [T],
    pub(in crate::engine) normals: Option<Kept<'a, T>>,
    pub(in crate::engine) seed: u64,
    pub(in crate::engine) step: u64,
}

/// Where a map's sums start: at the biases, which a normalised map has behind its normalisation.
pub(super) fn fill_with_biases<T: Real>(block: &Block, biases: &[T], batch: usize, out: &mut [T]) {
    if block.norm != spec::Norm::None {
        return out.fill(T::ZERO);
    }
    out.chunks_exact_mut(batch).zip(biases).for_each(|(row, bias)| row.fill(*bias));
}

/// Normalises, activates and drops what the block's map gave.
pub(super) fn finish<T: Real>(
    block: &Block,
    setting: Setting<'_, T>,
    batch: usize,
    out: &mut [T],
    learn: Option<Learning<'_, T>>,
) {
    let kind = kernel_activation(block.activation);
    let normalised = block.norm != spec::Norm::None;
    let Some(Learning { slopes, normals, seed, step }) = learn else {
        if normalised {
            normal::forward(block, setting, out, batch, None);
        }
        return activation::forward(kind, out, None);
    };
    if normalised {
        normal::forward(block, setting, out, batch, normals);
    }
    activation::forward(kind, out, keeps_slopes(block).then_some(&mut *slopes));
    if block.dropout > 0.0 {
        let rows = out.chunks_exact_mut(batch).zip(slopes.chunks_exact_mut(batch));
        for (row, (values, slopes)) in (block.first_output..).zip(rows) {
            dropout::apply(values, slopes, block.dropout, seed, step, row as u64);
        }
    }
}

/// Whether the way back needs slopes that were kept: where values do not tell them, or some values
/// were dropped.
pub(in crate::engine) fn keeps_slopes(block: &Block) -> bool {
    block.dropout > 0.0 || !kernel_activation(block.activation).tells_slope()
}

pub(in crate::engine) fn kernel_activation(activation: spec::Activation) -> Activation {
    match activation {
        spec::Activation::Linear => Activation::Linear,
        spec::Activation::Tanh => Activation::Tanh,
        spec::Activation::Sigmoid => Activation::Sigmoid,
        spec::Activation::Relu => Activation::Relu,
        spec::Activation::Gelu => Activation::Gelu,
        spec::Activation::Softplus => Activation::Softplus,
    }
}
