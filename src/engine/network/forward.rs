//! Inputs to activations, block by block.
//!
//! A block reads only rows above its own, so one buffer split at its first output row serves
//! all.

use crate::compiler::plan::{Block, Plan};
use crate::kernel::activation::{self, Activation};
use crate::kernel::affine::{self, Affine};
use crate::kernel::dropout;
use crate::kernel::math::Real;
use crate::language::spec;

use super::normal::{self, Normals};
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
#[derive(Clone, Debug)]
pub struct Workspace<T> {
    pub(super) inputs: usize,
    pub(super) batch: usize,
    pub(super) activations: Vec<T>,
    pub(super) slopes: Vec<T>,
    pub(super) gradients: Vec<T>,
    pub(super) scratch: Vec<T>,
    pub(super) normals: Normals<T>,
    /// Zeros that stand for the biases of normalised maps.
    zeros: Vec<T>,
    capacity: usize,
}

impl<T: Real> Workspace<T> {
    /// Buffers for learning.
    #[must_use]
    pub fn for_learning(plan: &Plan, capacity: usize) -> Self {
        let learnt = (plan.rows - plan.inputs.len()) * capacity;
        let mut workspace = Self::for_prediction(plan, capacity);
        workspace.slopes = vec![T::ZERO; learnt];
        workspace.gradients = vec![T::ZERO; learnt];
        workspace.normals = Normals::of(plan, capacity);
        workspace
    }

    /// Buffers for [`Pass::Predict`] alone.
    #[must_use]
    pub fn for_prediction(plan: &Plan, capacity: usize) -> Self {
        let normalised = plan.blocks.iter().filter(|block| block.norm != spec::Norm::None);
        let widest = normalised.map(|block| block.outputs).max().unwrap_or(0);
        Self {
            inputs: plan.inputs.len(),
            batch: 0,
            activations: vec![T::ZERO; plan.rows * capacity],
            slopes: Vec::new(),
            gradients: Vec::new(),
            scratch: Vec::new(),
            normals: Normals::empty(),
            zeros: vec![T::ZERO; widest],
            capacity,
        }
    }

    /// Bytes of the buffers for learning, and of parameters, gradient, best parameters and two
    /// moments.
    #[must_use]
    pub fn bytes_of_fit(plan: &Plan, capacity: usize) -> u64 {
        let learnt = plan.rows - plan.inputs.len();
        let values = (plan.rows + 2 * learnt) as u64 * capacity as u64;
        let slots = 5 * (plan.weights + plan.biases) as u64;
        (values + slots) * size_of::<T>() as u64
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
    for block in &plan.blocks {
        run(plan, block, parameters, pass, workspace);
    }
}

pub(super) fn weights_of<'a, T>(block: &Block, weights: &'a [T]) -> &'a [T] {
    &weights[block.first_weight..block.first_weight + block.inputs * block.outputs]
}

fn run<T: Real>(
    plan: &Plan,
    block: &Block,
    parameters: &Parameters<T>,
    pass: Pass,
    workspace: &mut Workspace<T>,
) {
    let batch = workspace.batch;
    let map = Affine {
        weights: weights_of(block, &parameters.weights),
        sources: plan.sources_of(block),
        outputs: block.outputs,
        batch,
    };
    let normalised = block.norm != spec::Norm::None;
    let biases = &parameters.biases[block.first_bias..block.first_bias + block.outputs];
    let biases = if normalised { &workspace.zeros[..block.outputs] } else { biases };
    let (above, below) = workspace.activations.split_at_mut(block.first_output * batch);
    let out = &mut below[..block.outputs * batch];
    affine::forward(&map, biases, above, out, &mut workspace.scratch);
    let first = (block.first_output - workspace.inputs) * batch;
    if normalised {
        let learn = (pass != Pass::Predict).then_some((&mut workspace.normals, first));
        normal::forward(block, parameters, out, batch, learn);
    }
    let kind = kernel_activation(block.activation);
    let Pass::Learn { seed, step } = pass else {
        return activation::forward(kind, out, None);
    };
    let slopes = &mut workspace.slopes[first..first + out.len()];
    activation::forward(kind, out, Some(slopes));
    if block.dropout > 0.0 {
        let rows = out.chunks_exact_mut(batch).zip(slopes.chunks_exact_mut(batch));
        for (row, (values, slopes)) in (block.first_output..).zip(rows) {
            dropout::apply(values, slopes, block.dropout, seed, step, row as u64);
        }
    }
}

fn kernel_activation(activation: spec::Activation) -> Activation {
    match activation {
        spec::Activation::Linear => Activation::Linear,
        spec::Activation::Tanh => Activation::Tanh,
        spec::Activation::Sigmoid => Activation::Sigmoid,
        spec::Activation::Relu => Activation::Relu,
        spec::Activation::Gelu => Activation::Gelu,
        spec::Activation::Softplus => Activation::Softplus,
    }
}
