//! Maps to several outputs, in blocks of registers of 16 samples.
//!
//! The bits are those of the maps' definition in [`super::affine`].

#![expect(unsafe_code, reason = "stores of parts of registers, and entry into functions of the set")]

use super::affine::Affine;
use super::isa::Isa;
use super::registers::{LANES, fold, load_up_to, store_up_to};
use std::arch::x86_64::*;

/// Rows on each side of a block.
const SIDE: usize = 4;

/// Whether these kernels run the map.
pub fn fits(map: &Affine<'_, f32>) -> bool {
    map.outputs > 1 && Isa::here() == Isa::Avx512
}

/// ∂/∂W.
pub fn weight_gradients(map: &Affine<'_, f32>, rows: &[f32], delta: &[f32], out: &mut [f32]) {
    // SAFETY: `fits` found the instruction set.
    unsafe { weight_gradients_here(map, rows, delta, out) };
}

/// Adds ∂/∂ rows to `into`, whose first row is `first_row`.
pub fn row_gradients(map: &Affine<'_, f32>, delta: &[f32], into: &mut [f32], first_row: usize) {
    // SAFETY: `fits` found the instruction set.
    unsafe { row_gradients_here(map, delta, into, first_row) };
}

fn row(rows: &[f32], row: usize, batch: usize) -> &[f32] {
    &rows[row * batch..(row + 1) * batch]
}

/// Blocks of four outputs by four inputs; behind the last one it stands again, and is not stored.
#[target_feature(enable = "avx512f")]
fn weight_gradients_here(map: &Affine<'_, f32>, rows: &[f32], delta: &[f32], out: &mut [f32]) {
    for (first_output, count) in blocks(map.outputs) {
        let mut of_outputs = [delta; SIDE];
        for (o, of_output) in of_outputs.iter_mut().enumerate() {
            *of_output = row(delta, first_output + o.min(count - 1), map.batch);
        }
        for (at, sources) in map.sources.chunks(SIDE).enumerate() {
            let mut of_inputs = [rows; SIDE];
            for (i, of_input) in of_inputs.iter_mut().enumerate() {
                *of_input = row(rows, sources[i.min(sources.len() - 1)] as usize, map.batch);
            }
            let sums = products(of_outputs, of_inputs, map.batch);
            for (o, sums) in sums[..count].iter().enumerate() {
                let place = (first_output + o) * map.stride + at * SIDE;
                store_four(&mut out[place..place + sources.len()], *sums);
            }
        }
    }
}

/// Sums over samples of each output's values times each input's, an output's in one register.
#[target_feature(enable = "avx512f")]
#[inline]
fn products(outputs: [&[f32]; SIDE], inputs: [&[f32]; SIDE], batch: usize) -> [__m128; SIDE] {
    let mut lanes = [_mm512_setzero_ps(); LANES];
    for first in (0..batch).step_by(LANES) {
        let mut values = [_mm512_setzero_ps(); SIDE];
        for (value, input) in values.iter_mut().zip(inputs) {
            *value = load_up_to(&input[first..]);
        }
        for (o, output) in outputs.iter().enumerate() {
            let delta = load_up_to(&output[first..]);
            for (i, value) in values.iter().enumerate() {
                lanes[SIDE * o + i] = _mm512_fmadd_ps(delta, *value, lanes[SIDE * o + i]);
            }
        }
    }
    let sums = fold(&lanes);
    [
        _mm512_castps512_ps128(sums),
        _mm512_extractf32x4_ps::<1>(sums),
        _mm512_extractf32x4_ps::<2>(sums),
        _mm512_extractf32x4_ps::<3>(sums),
    ]
}

#[target_feature(enable = "avx512f")]
#[inline]
fn store_four(out: &mut [f32], register: __m128) {
    match out.first_chunk_mut::<SIDE>() {
        // SAFETY: the array is 16 bytes long.
        Some(whole) => unsafe { _mm_storeu_ps(whole.as_mut_ptr(), register) },
        None => store_up_to(out, _mm512_castps128_ps512(register)),
    }
}

/// Runs of inputs that are rows held one after the other are added four at a time.
#[target_feature(enable = "avx512f")]
fn row_gradients_here(map: &Affine<'_, f32>, delta: &[f32], into: &mut [f32], first_row: usize) {
    let held = into.len() / map.batch.max(1);
    let place = |source: u32| (source as usize).checked_sub(first_row).filter(|place| *place < held);
    let mut input = 0;
    while input < map.sources.len() {
        let Some(first) = place(map.sources[input]) else {
            input += 1;
            continue;
        };
        let follows =
            |k: &usize| map.sources.get(input + k).and_then(|source| place(*source)) == Some(first + k);
        let count = (1..SIDE).take_while(follows).count() + 1;
        let rows = &mut into[first * map.batch..(first + count) * map.batch];
        match count {
            4 => add_rows::<4>(map, delta, input, rows),
            3 => add_rows::<3>(map, delta, input, rows),
            2 => add_rows::<2>(map, delta, input, rows),
            _ => add_rows::<1>(map, delta, input, rows),
        }
        input += count;
    }
}

/// Adds to the gradients of `N` inputs from `input` on, 16 samples after 16.
#[target_feature(enable = "avx512f")]
#[inline]
fn add_rows<const N: usize>(map: &Affine<'_, f32>, delta: &[f32], input: usize, rows: &mut [f32]) {
    for first in (0..map.batch).step_by(LANES) {
        let samples = LANES.min(map.batch - first);
        let mut sums = [_mm512_setzero_ps(); N];
        for (n, sum) in sums.iter_mut().enumerate() {
            *sum = load_up_to(&rows[n * map.batch + first..][..samples]);
        }
        for output in 0..map.outputs {
            let delta = load_up_to(&delta[output * map.batch + first..][..samples]);
            let weights = &map.weights[output * map.stride + input..][..N];
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = _mm512_fmadd_ps(_mm512_set1_ps(*weight), delta, *sum);
            }
        }
        for (n, sum) in sums.into_iter().enumerate() {
            store_up_to(&mut rows[n * map.batch + first..][..samples], sum);
        }
    }
}

/// First and number of the rows of each block.
fn blocks(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).step_by(SIDE).map(move |first| (first, SIDE.min(count - first)))
}
