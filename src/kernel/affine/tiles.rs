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
        let Some(gradient) = into.rows.get_mut(place * map.batch..(place + 1) * map.batch) else { continue };
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
