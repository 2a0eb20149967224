//! Maps of gathered rows to one output, 16 samples a register.
//!
//! The bits are those of the maps' definition in [`super::affine`]; rows lie apart in memory, so the
//! next ones are asked for early.

#![expect(unsafe_code, reason = "loads and stores of registers, and entry into functions of the set")]

use super::affine::Affine;
use super::isa::Isa;
use super::packed::prefetch;
use super::registers::{LANES, fold, load, load_up_to, store, store_up_to};
use std::arch::x86_64::*;

/// Samples that are summed side by side.
const WIDE: usize = 4 * LANES;
/// How many rows ahead the memory is asked.
const AHEAD: usize = 6;

/// Whether these kernels run the map.
pub fn fits(map: &Affine<'_, f32>) -> bool {
    map.outputs == 1 && Isa::here() == Isa::Avx512
}

pub fn forward(map: &Affine<'_, f32>, rows: &[f32], out: &mut [f32]) -> bool {
    // SAFETY: `fits` found the instruction set.
    unsafe { forward_here(map, rows, out) };
    true
}

pub fn weight_gradients(map: &Affine<'_, f32>, rows: &[f32], delta: &[f32], out: &mut [f32]) -> bool {
    // SAFETY: `fits` found the instruction set.
    unsafe { weight_gradients_here(map, rows, delta, out) };
    true
}

pub fn row_gradients(map: &Affine<'_, f32>, delta: &[f32], into: &mut [f32], first_row: usize) -> bool {
    // SAFETY: `fits` found the instruction set.
    unsafe { row_gradients_here(map, delta, into, first_row) };
    true
}

fn row(rows: &[f32], row: u32, batch: usize) -> &[f32] {
    &rows[row as usize * batch..][..batch]
}

#[inline(always)]
fn announce(rows: &[f32], sources: &[u32], at: usize, batch: usize) {
    let next = sources.get(at + AHEAD).and_then(|next| rows.get(*next as usize * batch..));
    if let Some(next) = next {
        prefetch(bytemuck::cast_slice(&next[..batch.min(WIDE).min(next.len())]));
    }
}

#[target_feature(enable = "avx512f")]
fn forward_here(map: &Affine<'_, f32>, rows: &[f32], out: &mut [f32]) {
    for (at, out) in out.chunks_mut(WIDE).enumerate() {
        if let Ok(out) = <&mut [f32; WIDE]>::try_from(&mut *out) {
            // A map of no source reads none.
            forward_wide(map, rows.get(at * WIDE..).unwrap_or_default(), out);
            continue;
        }
        let mut sums = [_mm512_setzero_ps(); 4];
        for (sum, out) in sums.iter_mut().zip(out.chunks(LANES)) {
            *sum = load_up_to(out);
        }
        for (i, source) in map.sources.iter().enumerate() {
            announce(rows, map.sources, i, map.batch);
            let weight = _mm512_set1_ps(map.weights[i]);
            let values = &row(rows, *source, map.batch)[at * WIDE..][..out.len()];
            for (sum, values) in sums.iter_mut().zip(values.chunks(LANES)) {
                *sum = _mm512_fmadd_ps(weight, load_up_to(values), *sum);
            }
        }
        for (out, sum) in out.chunks_mut(LANES).zip(sums) {
            store_up_to(out, sum);
        }
    }
}

/// Sums of 64 samples, which stay in registers.
#[target_feature(enable = "avx512f")]
#[inline]
fn forward_wide(map: &Affine<'_, f32>, rows: &[f32], out: &mut [f32; WIDE]) {
    let mut sums = registers(out);
    for (i, (source, weight)) in map.sources.iter().zip(map.weights).enumerate() {
        announce(rows, map.sources, i, map.batch);
        let weight = _mm512_set1_ps(*weight);
        let values = rows[*source as usize * map.batch..].first_chunk().expect("a row has the samples");
        let values = registers(values);
        for k in 0..4 {
            sums[k] = _mm512_fmadd_ps(weight, values[k], sums[k]);
        }
    }
    for (out, sum) in out.as_chunks_mut::<LANES>().0.iter_mut().zip(sums) {
        store(out, sum);
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn registers(values: &[f32; WIDE]) -> [__m512; 4] {
    let [a, b, c, d] = values.as_chunks::<LANES>().0 else { unreachable!("64 numbers are four times 16") };
    [load(a), load(b), load(c), load(d)]
}

#[target_feature(enable = "avx512f")]
fn weight_gradients_here(map: &Affine<'_, f32>, rows: &[f32], delta: &[f32], out: &mut [f32]) {
    for (first, (sources, out)) in map.sources.chunks(LANES).zip(out.chunks_mut(LANES)).enumerate() {
        let mut sums = [_mm512_setzero_ps(); LANES];
        for (k, (sum, source)) in sums.iter_mut().zip(sources).enumerate() {
            announce(rows, map.sources, first * LANES + k, map.batch);
            let values = row(rows, *source, map.batch);
            if let (Some(values), Some(delta), true) =
                (values.first_chunk(), delta.first_chunk(), map.batch == WIDE)
            {
                let (values, delta) = (registers(values), registers(delta));
                for k in 0..4 {
                    *sum = _mm512_fmadd_ps(delta[k], values[k], *sum);
                }
                continue;
            }
            for (values, delta) in values.chunks(LANES).zip(delta.chunks(LANES)) {
                *sum = _mm512_fmadd_ps(load_up_to(delta), load_up_to(values), *sum);
            }
        }
        store_up_to(out, fold(&sums));
    }
}

#[target_feature(enable = "avx512f")]
fn row_gradients_here(map: &Affine<'_, f32>, delta: &[f32], into: &mut [f32], first_row: usize) {
    for (i, source) in map.sources.iter().enumerate() {
        let Some(place) = (*source as usize).checked_sub(first_row) else { continue };
        let next = map.sources.get(i + AHEAD).and_then(|next| (*next as usize).checked_sub(first_row));
        if let Some(next) = next.and_then(|next| into.get(next * map.batch..(next + 1) * map.batch)) {
            prefetch(bytemuck::cast_slice(next));
        }
        let weight = _mm512_set1_ps(map.weights[i]);
        let Some(gradient) = into.get_mut(place * map.batch..(place + 1) * map.batch) else { continue };
        if let (Some(delta), Ok(gradient)) =
            (delta.first_chunk(), <&mut [f32; WIDE]>::try_from(&mut *gradient))
        {
            let (delta, before) = (registers(delta), registers(gradient));
            for (k, gradient) in gradient.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                store(gradient, _mm512_fmadd_ps(weight, delta[k], before[k]));
            }
            continue;
        }
        for (gradient, delta) in gradient.chunks_mut(LANES).zip(delta.chunks(LANES)) {
            let sum = _mm512_fmadd_ps(weight, load_up_to(delta), load_up_to(gradient));
            store_up_to(gradient, sum);
        }
    }
}
