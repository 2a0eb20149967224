//! Normalised blocks: activation(g · ẑ + b) with ẑ the normalised affine map.
//!
//! A pass for learning normalises by the batch and keeps its moments; prediction uses the
//! running ones.

use super::{Parameters, Workspace};
use crate::compiler::plan::{Block, Plan};
use crate::kernel::math::Real;
use crate::kernel::norm;
use crate::kernel::reduce::{dot, sum};
use crate::language::spec::Norm;

/// Share of a batch's moments in the running ones.
const MOMENTUM: f64 = 0.1;

/// What a pass for learning keeps of normalised blocks.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Normals<T> {
    /// ẑ of every learnt row, `[learnt rows × batch]`; empty without normalised blocks.
    pub(in crate::engine) values: Vec<T>,
    /// 1/√(variance + ε), from each block's first place.
    pub(in crate::engine) scales: Vec<T>,
    /// Mean and variance of each batch-normalised row.
    pub(in crate::engine) moments: Vec<T>,
}

/// The part of [`Normals`] that one block fills.
pub(in crate::engine) struct Kept<'a, T> {
    /// `[outputs × batch]`
    pub(in crate::engine) values: &'a mut [T],
    /// `[outputs × batch]`, of which the first are used.
    pub(in crate::engine) scales: &'a mut [T],
    /// `[2 × outputs]`
    pub(in crate::engine) moments: &'a mut [T],
}

impl<T> Kept<'_, T> {
    /// The part of a block whose values start at `first`; states start at `first_state`.
    pub(in crate::engine) fn part(
        &mut self,
        block: &Block,
        first_state: usize,
        first: usize,
        count: usize,
    ) -> Kept<'_, T> {
        Kept {
            values: &mut self.values[first..first + count],
            scales: &mut self.scales[first..first + count],
            moments: &mut self.moments[block.first_state - first_state..][..block.states()],
        }
    }
}

impl<T: Real> Normals<T> {
    pub(in crate::engine) fn empty() -> Self {
        Self { values: Vec::new(), scales: Vec::new(), moments: Vec::new() }
    }

    pub(in crate::engine) fn of(plan: &Plan, capacity: usize) -> Self {
        if plan.blocks.iter().all(|block| block.norm == Norm::None) {
            return Self::empty();
        }
        let learnt = (plan.rows - plan.inputs.len()) * capacity;
        Self {
            values: vec![T::ZERO; learnt],
            scales: vec![T::ZERO; learnt],
            moments: vec![T::ZERO; plan.states],
        }
    }

    /// ẑ and scales of the block whose values start at `first`; empty without normalised blocks.
    pub(in crate::engine) fn of_block(&self, first: usize, count: usize) -> (&[T], &[T]) {
        if self.values.is_empty() {
            return (&[], &[]);
        }
        (&self.values[first..first + count], &self.scales[first..first + count])
    }

    /// The part of a block whose values start at `first`.
    pub(in crate::engine) fn kept(&mut self, block: &Block, first: usize, count: usize) -> Kept<'_, T> {
        if block.norm == Norm::None {
            return Kept { values: &mut [], scales: &mut [], moments: &mut [] };
        }
        Kept {
            values: &mut self.values[first..first + count],
            scales: &mut self.scales[first..first + count],
            moments: &mut self.moments[block.first_state..][..block.states()],
        }
    }

    /// All of it.
    pub(in crate::engine) fn all(&mut self) -> Kept<'_, T> {
        Kept { values: &mut self.values, scales: &mut self.scales, moments: &mut self.moments }
    }
}

/// What a block's normalisation is set by.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Setting<'a, T> {
    /// `[outputs]`
    pub(in crate::engine) gains: &'a [T],
    /// `[outputs]`
    pub(in crate::engine) biases: &'a [T],
    /// Running means and variances, `[2 × outputs]` or none.
    pub(in crate::engine) state: &'a [T],
}

impl<'a, T> Setting<'a, T> {
    pub(in crate::engine) fn of(block: &Block, parameters: &'a Parameters<T>) -> Self {
        Self {
            gains: &parameters.weights[block.first_weight + block.map_weights()..][..block.gains()],
            biases: &parameters.biases[block.first_bias..][..block.outputs],
            state: &parameters.state[block.first_state..][..block.states()],
        }
    }
}

/// Normalises `out` `[outputs × batch]`, then scales and shifts it; `learn` keeps what the way
/// back needs.
pub(in crate::engine) fn forward<T: Real>(
    block: &Block,
    setting: Setting<'_, T>,
    out: &mut [T],
    batch: usize,
    learn: Option<Kept<'_, T>>,
) {
    match (block.norm, learn) {
        (Norm::Batch, Some(kept)) => {
            for (k, row) in out.chunks_exact_mut(batch).enumerate() {
                let (mean, variance, scale) = norm::row_forward(row);
                kept.scales[k] = scale;
                kept.moments[2 * k] = mean;
                kept.moments[2 * k + 1] = variance;
            }
            kept.values.copy_from_slice(out);
        }
        (Norm::Batch, None) => {
            for (row, moments) in out.chunks_exact_mut(batch).zip(setting.state.chunks_exact(2)) {
                norm::row_by(row, moments[0], moments[1]);
            }
        }
        (_, Some(kept)) => {
            norm::column_forward(out, batch, kept.scales);
            kept.values.copy_from_slice(out);
        }
        (_, None) => {
            let mut scales = vec![T::ZERO; batch];
            norm::column_forward(out, batch, &mut scales);
        }
    }
    for ((row, gain), bias) in out.chunks_exact_mut(batch).zip(setting.gains).zip(setting.biases) {
        row.iter_mut().for_each(|value| *value = *value * *gain + *bias);
    }
}

/// Turns ∂/∂(g·ẑ + b) into ∂/∂(W·in) in place; gives the gradients of `gains` and `biases`.
pub(in crate::engine) fn backward<T: Real>(
    block: &Block,
    gains: &[T],
    kept: (&[T], &[T]),
    batch: usize,
    delta: &mut [T],
    (gain_gradients, bias_gradients): (&mut [T], &mut [T]),
) {
    let (normal, scales) = kept;
    for (k, (row, normal)) in delta.chunks_exact_mut(batch).zip(normal.chunks_exact(batch)).enumerate() {
        gain_gradients[k] = dot(row, normal);
        bias_gradients[k] = sum(row);
        let gain = gains[k];
        row.iter_mut().for_each(|delta| *delta *= gain);
    }
    if block.norm == Norm::Units {
        return norm::column_backward(normal, scales, batch, delta);
    }
    for ((row, normal), scale) in delta.chunks_exact_mut(batch).zip(normal.chunks_exact(batch)).zip(scales) {
        norm::row_backward(normal, *scale, row);
    }
}

impl<T: Real> Workspace<T> {
    /// Moves the running means and variances `[plan.states]` towards those of the batch just
    /// learnt from; variances are those of a sample, n − 1 in the denominator.
    pub fn remember(&self, plan: &Plan, state: &mut [T]) {
        if self.batch < 2 {
            return;
        }
        let unbiased = self.batch as f64 / (self.batch as f64 - 1.0);
        for block in plan.blocks.iter().filter(|block| block.norm == Norm::Batch) {
            let places = block.first_state..block.first_state + block.states();
            let running = state[places.clone()].iter_mut().zip(&self.normals.moments[places]);
            for (k, (running, new)) in running.enumerate() {
                let factor = if k % 2 == 1 { unbiased } else { 1.0 };
                let old = (1.0 - MOMENTUM) * running.wide();
                *running = T::of(old + MOMENTUM * factor * new.wide());
            }
        }
    }
}
