//! The affine map of a block: out[o] = Σᵢ W[o, i]·in[sourceᵢ] + b[o].
//!
//! Sources are gathered by index from rows of `[rows × batch]`. Small maps run in register
//! tiles, large ones through `gemm`; the choice depends on shapes alone, so it never changes
//! a result between runs.

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
        if !T::single_forward(map, rows, out) {
            tiles::forward(map, rows, out);
        }
        return;
    }
    let inputs = map.gather(rows, scratch);
    multiply(out, map.batch, true, map.weights(), inputs);
}

/// Adds ∂/∂ rows to `into`, whose first row is `first_row`; rows above it get no gradient.
///
/// `delta` is ∂/∂out `[outputs × batch]`.
pub fn row_gradients<T: Real>(
    map: &Affine<'_, T>,
    delta: &[T],
    into: &mut [T],
    first_row: usize,
    scratch: &mut Vec<T>,
) {
    if T::single_row_gradients(map, delta, into, first_row) {
        return;
    }
    let mut into = Gradients { rows: into, first_row };
    if map.is_large() {
        large_row_gradients(map, View::new(delta, map.outputs, map.batch), &mut into, scratch);
    } else {
        tiles::row_gradients(map, delta, &mut into);
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
        if !T::single_weight_gradients(map, rows, delta, out) {
            tiles::weight_gradients(map, rows, delta, out);
        }
        return;
    }
    let inputs = map.gather(rows, scratch);
    let delta = View::new(delta, map.outputs, map.batch);
    multiply(out, map.stride, false, delta, inputs.transposed());
}

impl<'a, T: Real> Affine<'a, T> {
    // At a batch of 64 both take the same time at about 64 × 16; below that, and for few outputs
    // at any number of inputs, the packing of `gemm` costs more than it saves.
    fn is_large(&self) -> bool {
        self.sources.len() >= 64 && self.outputs >= 16 && self.batch >= 8
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
    let learns = |row: &u32| *row as usize >= into.first_row;
    let Some(first) = map.sources.iter().position(learns) else { return };
    let last = map.sources.iter().rposition(learns).unwrap_or(first);
    let count = last + 1 - first;
    scratch.clear();
    scratch.resize(count * map.batch, T::ZERO);
    let weights = map.weights().columns(first, count);
    multiply(scratch, map.batch, false, weights.transposed(), delta);
    for (row, found) in map.sources[first..=last].iter().zip(scratch.chunks_exact(map.batch)) {
        if let Some(place) = (*row as usize).checked_sub(into.first_row) {
            let gradient = &mut into.rows[place * map.batch..(place + 1) * map.batch];
            gradient.iter_mut().zip(found).for_each(|(total, part)| *total += *part);
        }
    }
}

fn row_of<T>(rows: &[T], row: usize, batch: usize) -> &[T] {
    &rows[row * batch..(row + 1) * batch]
}

mod tiles {
    //! Small maps, a few outputs by a few samples at a time in registers.

    use super::{Affine, Gradients, Real, fold, row_of};
    use crate::kernel::vectorised;

    const LANES: usize = 16;

    vectorised! {
        /// out += W · rows[sources].
        pub fn forward<T>(map: &Affine<'_, T>, rows: &[T], out: &mut [T]) = forward_here;
        /// ∂/∂W.
        pub fn weight_gradients<T>(map: &Affine<'_, T>, rows: &[T], delta: &[T], out: &mut [T]) = weights_here;
        /// ∂/∂ rows.
        pub fn row_gradients<T>(map: &Affine<'_, T>, delta: &[T], into: &mut Gradients<'_, T>) = rows_here;
    }

    #[inline(always)]
    fn forward_here<T: Real>(map: &Affine<'_, T>, rows: &[T], out: &mut [T]) {
        let mut output = 0;
        while output + 4 <= map.outputs {
            forward_rows::<T, 4>(map, rows, out, output);
            output += 4;
        }
        while output < map.outputs {
            forward_rows::<T, 1>(map, rows, out, output);
            output += 1;
        }
    }

    #[inline(always)]
    fn forward_rows<T: Real, const O: usize>(map: &Affine<'_, T>, rows: &[T], out: &mut [T], output: usize) {
        let mut sample = 0;
        while sample + LANES <= map.batch {
            forward_tile::<T, O, LANES>(map, rows, out, output, sample);
            sample += LANES;
        }
        while sample < map.batch {
            forward_tile::<T, O, 1>(map, rows, out, output, sample);
            sample += 1;
        }
    }

    #[inline(always)]
    fn forward_tile<T: Real, const O: usize, const L: usize>(
        map: &Affine<'_, T>,
        rows: &[T],
        out: &mut [T],
        output: usize,
        sample: usize,
    ) {
        let inputs = map.sources.len();
        let mut weights = [map.weights; O];
        let mut totals = [[T::ZERO; L]; O];
        for o in 0..O {
            weights[o] = &map.weights[(output + o) * map.stride..][..inputs];
            totals[o] = *lanes::<T, L>(out, (output + o) * map.batch + sample);
        }
        for (i, source) in map.sources.iter().enumerate() {
            let x = lanes::<T, L>(rows, *source as usize * map.batch + sample);
            for o in 0..O {
                let weight = weights[o][i];
                for k in 0..L {
                    totals[o][k] = weight.mul_add(x[k], totals[o][k]);
                }
            }
        }
        for (o, total) in totals.iter().enumerate() {
            out[(output + o) * map.batch + sample..][..L].copy_from_slice(total);
        }
    }

    #[inline(always)]
    fn weights_here<T: Real>(map: &Affine<'_, T>, rows: &[T], delta: &[T], out: &mut [T]) {
        for (i, source) in map.sources.iter().enumerate() {
            let x = row_of(rows, *source as usize, map.batch);
            let mut output = 0;
            while output + 4 <= map.outputs {
                dots::<T, 4>(map, x, delta, output, i, out);
                output += 4;
            }
            while output < map.outputs {
                dots::<T, 1>(map, x, delta, output, i, out);
                output += 1;
            }
        }
    }

    #[inline(always)]
    fn dots<T: Real, const O: usize>(
        map: &Affine<'_, T>,
        x: &[T],
        delta: &[T],
        output: usize,
        i: usize,
        out: &mut [T],
    ) {
        let mut rows = [delta; O];
        for (o, row) in rows.iter_mut().enumerate() {
            *row = row_of(delta, output + o, map.batch);
        }
        let mut totals = [[T::ZERO; LANES]; O];
        let whole = map.batch - map.batch % LANES;
        for sample in (0..whole).step_by(LANES) {
            let x = lanes::<T, LANES>(x, sample);
            for o in 0..O {
                let d = lanes::<T, LANES>(rows[o], sample);
                for k in 0..LANES {
                    totals[o][k] = d[k].mul_add(x[k], totals[o][k]);
                }
            }
        }
        for sample in whole..map.batch {
            for o in 0..O {
                let lane = &mut totals[o][sample - whole];
                *lane = rows[o][sample].mul_add(x[sample], *lane);
            }
        }
        // Keeps lanes whole: seeing the tree of `fold`, the compiler would split them in pairs.
        let totals = std::hint::black_box(totals);
        for o in 0..O {
            let halves = std::array::from_fn(|k| totals[o][k] + totals[o][k + LANES / 2]);
            out[(output + o) * map.stride + i] = fold(halves);
        }
    }

    #[inline(always)]
    fn rows_here<T: Real>(map: &Affine<'_, T>, delta: &[T], into: &mut Gradients<'_, T>) {
        for (i, source) in map.sources.iter().enumerate() {
            let Some(place) = (*source as usize).checked_sub(into.first_row) else { continue };
            let gradient = &mut into.rows[place * map.batch..(place + 1) * map.batch];
            let whole = map.batch - map.batch % LANES;
            for sample in (0..whole).step_by(LANES) {
                row_tile::<T, LANES>(map, delta, gradient, i, sample);
            }
            for sample in whole..map.batch {
                row_tile::<T, 1>(map, delta, gradient, i, sample);
            }
        }
    }

    #[inline(always)]
    fn row_tile<T: Real, const L: usize>(
        map: &Affine<'_, T>,
        delta: &[T],
        gradient: &mut [T],
        i: usize,
        sample: usize,
    ) {
        let mut totals = *lanes::<T, L>(gradient, sample);
        for o in 0..map.outputs {
            let weight = map.weights[o * map.stride + i];
            let d = lanes::<T, L>(delta, o * map.batch + sample);
            for k in 0..L {
                totals[k] = weight.mul_add(d[k], totals[k]);
            }
        }
        gradient[sample..sample + L].copy_from_slice(&totals);
    }

    #[inline(always)]
    fn lanes<T, const L: usize>(values: &[T], first: usize) -> &[T; L] {
        values[first..].first_chunk().expect("a tile lies inside its row")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The definition, term by term.
    fn expected(map: &Affine<'_, f64>, biases: &[f64], rows: &[f64]) -> Vec<f64> {
        let (inputs, batch) = (map.sources.len(), map.batch);
        let mut out = Vec::new();
        for (o, bias) in biases.iter().enumerate() {
            for s in 0..batch {
                let terms = (0..inputs)
                    .map(|i| map.weights[o * inputs + i] * rows[map.sources[i] as usize * batch + s]);
                out.push(bias + terms.sum::<f64>());
            }
        }
        out
    }

    fn numbers(count: usize, factor: f64) -> Vec<f64> {
        (0..count).map(|k| libm::sin(factor * (k as f64 + 1.0))).collect()
    }

    // Small and large, contiguous and gathered, with ragged batches and outputs.
    fn shapes() -> Vec<(Vec<u32>, usize, usize)> {
        let gathered: Vec<u32> = (0..70).map(|k| (k * 37) % 71).collect();
        vec![
            ((3..8).collect(), 1, 1),
            (vec![5, 2, 9], 6, 19),
            ((0..70).collect(), 16, 21),
            (gathered.clone(), 17, 33),
            (gathered, 4, 64),
        ]
    }

    #[test]
    fn forward_is_the_definition() {
        for (sources, outputs, batch) in shapes() {
            let weights = numbers(sources.len() * outputs, 1.3);
            let biases = numbers(outputs, 0.7);
            let rows = numbers(71 * batch, 2.1);
            let map = Affine { weights: &weights, stride: sources.len(), sources: &sources, outputs, batch };
            let mut out = vec![f64::NAN; outputs * batch];
            forward(&map, &biases, &rows, &mut out, &mut Vec::new());
            for (found, wanted) in out.iter().zip(expected(&map, &biases, &rows)) {
                assert!((found - wanted).abs() < 1e-12, "{found} against {wanted}");
            }
        }
    }

    // The map is linear in W, b and the rows, so <delta, out> has exact derivatives.
    #[test]
    fn backward_is_the_transpose() {
        for (sources, outputs, batch) in shapes() {
            let inputs = sources.len();
            let weights = numbers(inputs * outputs, 1.3);
            let rows = numbers(71 * batch, 2.1);
            let delta = numbers(outputs * batch, 0.9);
            let map = Affine { weights: &weights, stride: sources.len(), sources: &sources, outputs, batch };
            let first_row = 4;
            let mut scratch = Vec::new();
            let (mut of_weights, mut of_biases) = (vec![f64::NAN; inputs * outputs], vec![f64::NAN; outputs]);
            let mut of_rows = vec![1.0; (71 - first_row) * batch];
            bias_gradients(batch, &delta, &mut of_biases);
            weight_gradients(&map, &rows, &delta, &mut of_weights, &mut scratch);
            row_gradients(&map, &delta, &mut of_rows, first_row, &mut scratch);
            for (o, d) in delta.chunks_exact(batch).enumerate() {
                assert!((of_biases[o] - d.iter().sum::<f64>()).abs() < 1e-12);
                for (i, source) in sources.iter().enumerate() {
                    let x = row_of(&rows, *source as usize, batch);
                    let wanted: f64 = d.iter().zip(x).map(|(d, x)| d * x).sum();
                    assert!((of_weights[o * inputs + i] - wanted).abs() < 1e-12);
                }
            }
            for row in first_row..71 {
                for s in 0..batch {
                    let through = |(i, _): (usize, &u32)| {
                        (0..outputs).map(|o| weights[o * inputs + i] * delta[o * batch + s]).sum::<f64>()
                    };
                    let readers = sources.iter().enumerate().filter(|(_, r)| **r as usize == row);
                    let wanted = 1.0 + readers.map(through).sum::<f64>();
                    assert!((of_rows[(row - first_row) * batch + s] - wanted).abs() < 1e-12);
                }
            }
        }
    }
}
