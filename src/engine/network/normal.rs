//! Normalised blocks: activation(g · ẑ + b) with ẑ the normalised affine map.
//!
//! A pass for learning normalises by the batch and keeps its moments; prediction uses the
//! running ones.

use super::Parameters;
use super::Workspace;
use crate::compiler::plan::{Block, Plan};
use crate::kernel::math::Real;
use crate::kernel::norm;
use crate::kernel::reduce::{dot, sum};
use crate::language::spec::Norm;

/// Share of a batch's moments in the running ones.
const MOMENTUM: f64 = 0.1;

/// What a pass for learning keeps of normalised blocks.
#[derive(Clone, Debug)]
pub(super) struct Normals<T> {
    /// ẑ of every learnt row, `[learnt rows × batch]`; empty without normalised blocks.
    values: Vec<T>,
    /// 1/√(variance + ε), from each block's first place.
    scales: Vec<T>,
    /// Mean and variance of each batch-normalised row.
    moments: Vec<T>,
}

impl<T: Real> Normals<T> {
    pub(super) fn empty() -> Self {
        Self { values: Vec::new(), scales: Vec::new(), moments: Vec::new() }
    }

    pub(super) fn of(plan: &Plan, capacity: usize) -> Self {
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
}

/// Gains of a block.
fn gains<'a, T>(block: &Block, weights: &'a [T]) -> &'a [T] {
    &weights[block.first_weight + block.map_weights()..][..block.gains()]
}

/// Normalises `out` `[outputs × batch]`, then scales and shifts it; `learn` keeps what the way
/// back needs, from place `first`.
pub(super) fn forward<T: Real>(
    block: &Block,
    parameters: &Parameters<T>,
    out: &mut [T],
    batch: usize,
    learn: Option<(&mut Normals<T>, usize)>,
) {
    let state = |k: usize| parameters.state[block.first_state + k];
    match (block.norm, learn) {
        (Norm::Batch, Some((kept, first))) => {
            for (k, row) in out.chunks_exact_mut(batch).enumerate() {
                let (mean, variance, scale) = norm::row_forward(row);
                kept.scales[first + k] = scale;
                kept.moments[block.first_state + 2 * k] = mean;
                kept.moments[block.first_state + 2 * k + 1] = variance;
            }
            kept.values[first..first + out.len()].copy_from_slice(out);
        }
        (Norm::Batch, None) => {
            for (k, row) in out.chunks_exact_mut(batch).enumerate() {
                norm::row_by(row, state(2 * k), state(2 * k + 1));
            }
        }
        (_, Some((kept, first))) => {
            norm::column_forward(out, batch, &mut kept.scales[first..]);
            kept.values[first..first + out.len()].copy_from_slice(out);
        }
        (_, None) => {
            let mut scales = vec![T::ZERO; batch];
            norm::column_forward(out, batch, &mut scales);
        }
    }
    let biases = &parameters.biases[block.first_bias..][..block.outputs];
    for ((row, gain), bias) in out.chunks_exact_mut(batch).zip(gains(block, &parameters.weights)).zip(biases)
    {
        row.iter_mut().for_each(|value| *value = *value * *gain + *bias);
    }
}

/// Turns ∂/∂(g·ẑ + b) into ∂/∂(W·in) in place; gives the gradients of gains and biases.
pub(super) fn backward<T: Real>(
    block: &Block,
    parameters: &Parameters<T>,
    kept: &Normals<T>,
    first: usize,
    batch: usize,
    delta: &mut [T],
    gradient: &mut Parameters<T>,
) {
    let normal = &kept.values[first..first + delta.len()];
    let first_gain = block.first_weight + block.map_weights();
    for (k, (row, normal)) in delta.chunks_exact_mut(batch).zip(normal.chunks_exact(batch)).enumerate() {
        gradient.weights[first_gain + k] = dot(row, normal);
        gradient.biases[block.first_bias + k] = sum(row);
        let gain = parameters.weights[first_gain + k];
        row.iter_mut().for_each(|delta| *delta *= gain);
    }
    if block.norm == Norm::Units {
        return norm::column_backward(normal, &kept.scales[first..], batch, delta);
    }
    for (k, (row, normal)) in delta.chunks_exact_mut(batch).zip(normal.chunks_exact(batch)).enumerate() {
        norm::row_backward(normal, kept.scales[first + k], row);
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
