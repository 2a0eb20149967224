//! The way back into rows that many maps of one output read.
//!
//! Maps add to the rows that they read, wherever those lie. Here each row asks its readers
//! instead: one visit gives the row's gradient, the gradients of the weights on it, its slope and
//! the sum that its bias wants, while its values are in registers. A row adds its readers in
//! their order; sums over samples have the shape of [`super::affine`].

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

use super::activation::Activation;
use super::isa::Isa;
use std::ops::Range;

/// Samples that are summed side by side.
const LANES: usize = 16;

/// Which maps read each row.
#[derive(Clone, Copy, Debug)]
pub struct Readers<'a> {
    /// Where each row's edges start, and where the last one's end, `[rows + 1]`; the first row's
    /// need not be 0.
    pub starts: &'a [u32],
    /// The output of each edge, a row of `deltas`, and its weight's place in `weights`, `[edges]`.
    pub edges: &'a [(u32, u32)],
    /// Weights of all maps.
    pub weights: &'a [f32],
    /// ∂/∂out of all maps, `[outputs × batch]`.
    pub deltas: &'a [f32],
}

/// Values of rows `[rows × batch]`, and what tells the slopes of the activation behind them.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// What the activation gave.
    pub activations: &'a [f32],
    /// Slopes, of an activation that does not tell them.
    pub slopes: &'a [f32],
    /// The activation.
    pub kind: Activation,
    /// Samples.
    pub batch: usize,
}

/// Where gradients go.
#[derive(Debug)]
pub struct Gradients<'a> {
    /// Becomes the gradient before the activation, `[rows × batch]`.
    pub rows: &'a mut [f32],
    /// Whether `rows` holds what else adds to ∂/∂activations; else what stands there is not read.
    pub holds_others: bool,
    /// ∂/∂weight of each edge from the first row's on.
    pub edges: &'a mut [f32],
    /// ∂/∂bias of each row.
    pub biases: &'a mut [f32],
}

impl Readers<'_> {
    fn of(&self, row: usize) -> Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }
}

/// The way back through the readers of some rows and the rows' own activation.
pub fn backward(isa: Isa, readers: Readers<'_>, values: Values<'_>, gradients: &mut Gradients<'_>) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => avx512::backward(readers, values, gradients),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => avx2::backward(readers, values, gradients),
        _ => plain(readers, values, gradients),
    }
}

/// The same in plain Rust, for the set that the caller is compiled for.
#[inline(always)]
fn plain(readers: Readers<'_>, values: Values<'_>, gradients: &mut Gradients<'_>) {
    let batch = values.batch;
    let first = readers.starts[0] as usize;
    for (row, gradient) in gradients.rows.chunks_exact_mut(batch).enumerate() {
        let own = row * batch..(row + 1) * batch;
        let activations = &values.activations[own.clone()];
        if !gradients.holds_others {
            gradient.fill(0.0);
        }
        for edge in readers.of(row) {
            let (output, slot) = readers.edges[edge];
            let delta = &readers.deltas[output as usize * batch..][..batch];
            let weight = readers.weights[slot as usize];
            gradient.iter_mut().zip(delta).for_each(|(sum, delta)| *sum = weight.mul_add(*delta, *sum));
            gradients.edges[edge - first] = dot(delta, activations);
        }
        let slopes = if values.kind.tells_slope() { activations } else { &values.slopes[own] };
        multiply_by_slope(values.kind, slopes, gradient);
        gradients.biases[row] = sum(gradient);
    }
}

fn multiply_by_slope(kind: Activation, values: &[f32], gradient: &mut [f32]) {
    if kind.tells_slope() {
        super::activation::backward_from(kind, values, gradient);
    } else {
        super::activation::backward(values, gradient);
    }
}

/// Σ aₖ·bₖ with fused products, lane by lane.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane = a.mul_add(*b, *lane);
        }
    }
    fold(lanes)
}

/// Σ values, lane by lane.
#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    for values in values.chunks(LANES) {
        lanes.iter_mut().zip(values).for_each(|(lane, value)| *lane += value);
    }
    fold(lanes)
}

/// The sum of the lanes, as a tree.
#[inline(always)]
fn fold(lanes: [f32; LANES]) -> f32 {
    super::reduce::fold(std::array::from_fn(|k| lanes[k] + lanes[k + LANES / 2]))
}

#[cfg(test)]
mod tests;
