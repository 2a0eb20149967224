//! One batch through a network and back, with all that attribution looks at kept.
//!
//! The way back carries ∂f/∂a of every row a, inputs included, or what a secant has in the place of a
//! derivative.

use crate::compiler::plan::{Block, Plan};
use crate::engine::network::Parameters;
use crate::engine::network::forward::{fill_with_biases, kernel_activation, map_of};
use crate::engine::network::normal::{self, Kept, Setting};
use crate::kernel::{activation, affine, norm};
use crate::language::spec::Norm;

/// What stands for the derivative of an activation.
#[derive(Clone, Copy)]
pub(super) enum Slopes<'a> {
    /// Itself.
    Derivative,
    /// (a − a′)/(z − z′) against a reference of one sample (Shrikumar et al. 2017, rule `rescale`).
    Secant(&'a Walk<'a>),
}

/// Differences of z below this are taken for none: the derivative stands there.
const NO_DIFFERENCE: f32 = 1e-6;

/// Rows `[plan.rows × batch]` of one batch.
pub(super) struct Walk<'a> {
    plan: &'a Plan,
    parameters: &'a Parameters<f32>,
    pub(super) batch: usize,
    /// Activations, inputs first.
    pub(super) values: Vec<f32>,
    /// What activations were applied to.
    before: Vec<f32>,
    /// ẑ of rows that are normalised within a node, and 1/SD of each block's samples.
    normal: Vec<f32>,
    scales: Vec<f32>,
    /// Of the read-out that was asked for last.
    pub(super) gradients: Vec<f32>,
    delta: Vec<f32>,
    slopes: Vec<f32>,
    scratch: Vec<f32>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(plan: &'a Plan, parameters: &'a Parameters<f32>, batch: usize) -> Self {
        let size = plan.rows * batch;
        let normalised = plan.blocks.iter().any(|block| block.norm != Norm::None);
        let of_normal = if normalised { size } else { 0 };
        Self {
            plan,
            parameters,
            batch,
            values: vec![0.0; size],
            before: vec![0.0; size],
            normal: vec![0.0; of_normal],
            scales: vec![0.0; of_normal],
            gradients: vec![0.0; size],
            delta: Vec::new(),
            slopes: Vec::new(),
            scratch: Vec::new(),
        }
    }

    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.batch..(row + 1) * self.batch]
    }

    /// Whether units of any node are normalised together.
    pub(super) fn normalises(&self) -> bool {
        !self.normal.is_empty()
    }

    /// Input rows, to be filled.
    pub(super) fn inputs(&mut self) -> &mut [f32] {
        &mut self.values[..self.plan.inputs.len() * self.batch]
    }

    pub(super) fn forward(&mut self) {
        let batch = self.batch;
        for block in &self.plan.blocks {
            let places = places(block, batch);
            let (above, below) = self.values.split_at_mut(places.start);
            let out = &mut below[..places.len()];
            let setting = Setting::of(block, self.parameters);
            fill_with_biases(block, setting.biases, batch, out);
            affine::add(&map_of(self.plan, block, self.parameters, batch), above, out, &mut self.scratch);
            if block.norm != Norm::None {
                let kept = Kept {
                    values: &mut self.normal[places.clone()],
                    scales: &mut self.scales[places.clone()],
                    moments: &mut [],
                };
                normal::forward(block, setting, out, batch, Some(kept));
            }
            self.before[places].copy_from_slice(out);
            activation::forward(kernel_activation(block.activation), out, None);
        }
    }

    /// Fills the gradients of one row with respect to all rows above it.
    pub(super) fn backward(&mut self, of: usize, with: Slopes<'_>) {
        let batch = self.batch;
        self.gradients.fill(0.0);
        self.gradients[of * batch..(of + 1) * batch].fill(1.0);
        for block in self.plan.blocks.iter().rev().filter(|block| block.first_output <= of) {
            let places = places(block, batch);
            let (above, below) = self.gradients.split_at_mut(places.start);
            let own = &below[..places.len()];
            if own.iter().all(|gradient| *gradient == 0.0) {
                continue;
            }
            self.delta.clear();
            self.delta.extend_from_slice(own);
            self.slopes.resize(places.len(), 0.0);
            let kind = kernel_activation(block.activation);
            let mut values = self.before[places.clone()].to_vec();
            activation::forward(kind, &mut values, Some(&mut self.slopes));
            if let Slopes::Secant(reference) = with {
                secants(block, batch, (&self.before[places.clone()], &values), reference, &mut self.slopes);
            }
            activation::backward(&self.slopes, &mut self.delta);
            if block.norm != Norm::None {
                let rows = self.delta.chunks_exact_mut(batch).zip(Setting::of(block, self.parameters).gains);
                rows.for_each(|(row, gain)| row.iter_mut().for_each(|delta| *delta *= gain));
                let (normal, scales) = (&self.normal[places.clone()], &self.scales[places]);
                norm::column_backward(normal, scales, batch, &mut self.delta);
            }
            let map = map_of(self.plan, block, self.parameters, batch);
            affine::row_gradients(&map, &self.delta, above, 0, &mut self.scratch);
        }
    }
}

fn places(block: &Block, batch: usize) -> std::ops::Range<usize> {
    let rows = block.rows();
    rows.start * batch..rows.end * batch
}

/// Turns slopes into those of secants, where z differs from the reference.
fn secants(
    block: &Block,
    batch: usize,
    (before, values): (&[f32], &[f32]),
    reference: &Walk<'_>,
    slopes: &mut [f32],
) {
    for (row, at) in (block.first_output..).zip((0..block.outputs * batch).step_by(batch)) {
        let (z, a) = (reference.before[row], reference.values[row]);
        for place in at..at + batch {
            let difference = before[place] - z;
            if difference.abs() > NO_DIFFERENCE {
                slopes[place] = (values[place] - a) / difference;
            }
        }
    }
}
