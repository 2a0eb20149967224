//! The affine map of a block: out[o] = Σᵢ W[o, i]·in[sourceᵢ] + b[o].
//!
//! Sources are gathered by index from rows of `[rows × batch]`. Small maps run in register
//! tiles, large ones through `gemm`; the choice depends on shapes alone, so it never changes
//! a result between runs.

mod tiles;

use super::isa::Isa;
use super::math::Real;
use super::matrix::{View, multiply};
use super::reduce::fold;
use super::vectorised;

/// A block's shape, weights and sources.
#[derive(Clone, Copy, Debug)]
pub struct Affine<'a, T> {
    /// W `[outputs × inputs]`, row-major; rows are `stride` apart.
    pub weights: &'a [T],
    /// Weights from one output to the next: the number of inputs, or of those of which these are
    /// a part.
    pub stride: usize,
    /// Row of each input, `[inputs]`.
    pub sources: &'a [u32],
    /// Rows that are written.
    pub outputs: usize,
    /// Samples.
    pub batch: usize,
}

/// out `[outputs × batch]` = W · rows[sources] + b.
pub fn forward<T: Real>(map: &Affine<'_, T>, biases: &[T], rows: &[T], out: &mut [T], scratch: &mut Vec<T>) {
    for (row, bias) in out.chunks_exact_mut(map.batch).zip(biases) {
        row.fill(*bias);
    }
    add(map, rows, out, scratch);
}

/// out `[outputs × batch]` += W · rows[sources].
pub fn add<T: Real>(map: &Affine<'_, T>, rows: &[T], out: &mut [T], scratch: &mut Vec<T>) {
    if !map.is_large() {
        if !T::kernel_forward(map, rows, out) {
            tiles::forward(map, rows, out);
        }
        return;
    }
    let inputs = map.gather(rows, scratch);
    multiply(out, map.batch, true, map.weights(), inputs);
}

/// Adds ∂/∂ rows to `into`, whose first row is `first_row`; rows that it does not hold get nothing.
///
/// `delta` is ∂/∂out `[outputs × batch]`.
pub fn row_gradients<T: Real>(
    map: &Affine<'_, T>,
    delta: &[T],
    into: &mut [T],
    first_row: usize,
    scratch: &mut Vec<T>,
) {
    if map.is_large() {
        let mut into = Gradients { rows: into, first_row };
        large_row_gradients(map, View::new(delta, map.outputs, map.batch), &mut into, scratch);
    } else if !T::kernel_row_gradients(map, delta, into, first_row) {
        tiles::row_gradients(map, delta, &mut Gradients { rows: into, first_row });
    }
}

struct Gradients<'a, T> {
    rows: &'a mut [T],
    first_row: usize,
}

vectorised! {
    /// ∂/∂b `[outputs]`: sums of rows, 16 lanes each and then the lanes as a tree.
    pub fn bias_gradients<T>(batch: usize, delta: &[T], biases: &mut [T]) = row_sums;
}

#[inline(always)]
fn row_sums<T: Real>(batch: usize, delta: &[T], sums: &mut [T]) {
    for (sum, row) in sums.iter_mut().zip(delta.chunks_exact(batch)) {
        let (chunks, rest) = row.as_chunks::<16>();
        let mut lanes = [T::ZERO; 16];
        for chunk in chunks {
            for (lane, value) in lanes.iter_mut().zip(chunk) {
                *lane += *value;
            }
        }
        let halves: [T; 8] = std::array::from_fn(|k| lanes[k] + lanes[k + 8]);
        *sum = rest.iter().fold(fold(halves), |sum, value| sum + *value);
    }
}

/// ∂/∂W, laid out as the weights are.
pub fn weight_gradients<T: Real>(
    map: &Affine<'_, T>,
    rows: &[T],
    delta: &[T],
    out: &mut [T],
    scratch: &mut Vec<T>,
) {
    if !map.is_large() {
        if !T::kernel_weight_gradients(map, rows, delta, out) {
            tiles::weight_gradients(map, rows, delta, out);
        }
        return;
    }
    let inputs = map.gather(rows, scratch);
    let delta = View::new(delta, map.outputs, map.batch);
    multiply(out, map.stride, false, delta, inputs.transposed());
}

/// Whether a map goes through `gemm`, at batches of eight and more; none does where an instruction
/// set is pinned, since `gemm` promises its bits on one set alone.
///
/// At a batch of 64 both ways take the same time at about 64 × 16; below that, and for few outputs
/// at any number of inputs, the packing of `gemm` costs more than it saves.
#[must_use]
pub fn is_large(inputs: usize, outputs: usize) -> bool {
    inputs >= 64 && outputs >= 16 && Isa::pinned().is_none()
}

impl<'a, T: Real> Affine<'a, T> {
    fn is_large(&self) -> bool {
        self.batch >= 8 && is_large(self.sources.len(), self.outputs)
    }

    fn weights(&self) -> View<'a, T> {
        View { row_step: self.stride, ..View::new(self.weights, self.outputs, self.sources.len()) }
    }

    fn gather<'b>(&self, rows: &'b [T], scratch: &'b mut Vec<T>) -> View<'b, T> {
        let (count, batch) = (self.sources.len(), self.batch);
        let first = self.sources.first().map_or(0, |row| *row as usize);
        if self.sources.iter().zip(first..).all(|(row, expected)| *row as usize == expected) {
            return View::new(&rows[first * batch..(first + count) * batch], count, batch);
        }
        scratch.clear();
        for row in self.sources {
            scratch.extend_from_slice(row_of(rows, *row as usize, batch));
        }
        View::new(scratch, count, batch)
    }
}

fn large_row_gradients<T: Real>(
    map: &Affine<'_, T>,
    delta: View<'_, T>,
    into: &mut Gradients<'_, T>,
    scratch: &mut Vec<T>,
) {
    let held = into.rows.len() / map.batch.max(1);
    let learns = |row: &u32| (into.first_row..into.first_row + held).contains(&(*row as usize));
    let Some(first) = map.sources.iter().position(learns) else { return };
    let last = map.sources.iter().rposition(learns).unwrap_or(first);
    let count = last + 1 - first;
    scratch.clear();
    scratch.resize(count * map.batch, T::ZERO);
    let weights = map.weights().columns(first, count);
    multiply(scratch, map.batch, false, weights.transposed(), delta);
    for (row, found) in map.sources[first..=last].iter().zip(scratch.chunks_exact(map.batch)) {
        if let Some(place) = (*row as usize).checked_sub(into.first_row).filter(|place| *place < held) {
            let gradient = &mut into.rows[place * map.batch..(place + 1) * map.batch];
            gradient.iter_mut().zip(found).for_each(|(total, part)| *total += *part);
        }
    }
}

fn row_of<T>(rows: &[T], row: usize, batch: usize) -> &[T] {
    &rows[row * batch..(row + 1) * batch]
}

#[cfg(test)]
mod tests;
