//! 16 samples a register, four registers of one row at a time.

#![expect(unsafe_code, reason = "entry into functions of the set")]

use super::{Gradients, LANES, Readers, Values};
use crate::kernel::activation::Activation;
use crate::kernel::registers::{load, load_up_to, store, store_up_to};
use std::arch::x86_64::*;

pub fn backward(readers: Readers<'_>, values: Values<'_>, gradients: &mut Gradients<'_>) {
    // SAFETY: callers choose this module where `Isa::Avx512` is on the machine.
    unsafe { backward_here(readers, values, gradients) }
}

#[target_feature(enable = "avx512f,avx512dq")]
fn backward_here(readers: Readers<'_>, values: Values<'_>, gradients: &mut Gradients<'_>) {
    match values.kind {
        Activation::Tanh => rows_of::<TANH>(readers, values, gradients),
        Activation::Sigmoid => rows_of::<SIGMOID>(readers, values, gradients),
        Activation::Relu => rows_of::<RELU>(readers, values, gradients),
        Activation::Linear => rows_of::<LINEAR>(readers, values, gradients),
        Activation::Gelu | Activation::Softplus => rows_of::<KEPT>(readers, values, gradients),
    }
}

/// Rows of up to four registers have their shape known when it is compiled.
#[target_feature(enable = "avx512f,avx512dq")]
#[inline]
fn rows_of<const KIND: u8>(readers: Readers<'_>, values: Values<'_>, gradients: &mut Gradients<'_>) {
    if !values.batch.is_multiple_of(LANES) {
        return rows::<KIND, ANY>(readers, values, gradients);
    }
    match values.batch / LANES {
        4 => rows::<KIND, 4>(readers, values, gradients),
        3 => rows::<KIND, 3>(readers, values, gradients),
        2 => rows::<KIND, 2>(readers, values, gradients),
        1 => rows::<KIND, 1>(readers, values, gradients),
        _ => rows::<KIND, ANY>(readers, values, gradients),
    }
}

/// Rows of more registers than are in use at once, or whose last one is not full.
const ANY: usize = 0;
const LINEAR: u8 = 0;
const TANH: u8 = 1;
const SIGMOID: u8 = 2;
const RELU: u8 = 3;
/// The slope itself was kept.
const KEPT: u8 = 4;

#[target_feature(enable = "avx512f,avx512dq")]
#[inline]
fn rows<const KIND: u8, const WIDE: usize>(
    readers: Readers<'_>,
    values: Values<'_>,
    gradients: &mut Gradients<'_>,
) {
    let batch = if WIDE == ANY { values.batch } else { WIDE * LANES };
    let first = readers.starts[0] as usize;
    for (row, gradient) in gradients.rows.chunks_exact_mut(batch).enumerate() {
        if WIDE == ANY && !gradients.holds_others {
            gradient.fill(0.0);
        }
        let own = row * batch..(row + 1) * batch;
        let edges = readers.of(row);
        let sums = &mut gradients.edges[edges.start - first..edges.end - first];
        let edges = &readers.edges[edges];
        let slopes = if KIND == KEPT { &values.slopes[own.clone()] } else { &[] };
        let row_values = RowValues { activations: &values.activations[own], slopes };
        gradients.biases[row] = if WIDE == ANY {
            long_row::<KIND>(readers, edges, row_values, gradient, sums, batch)
        } else {
            let before = if gradients.holds_others {
                registers::<WIDE>(gradient)
            } else {
                [_mm512_setzero_ps(); WIDE]
            };
            one_row::<KIND, WIDE>(readers, edges, row_values, before, gradient, sums)
        };
    }
}

#[derive(Clone, Copy)]
struct RowValues<'a> {
    activations: &'a [f32],
    slopes: &'a [f32],
}

/// A row of `WIDE` registers, to whose gradient `own` so far the readers add; gives the sum for its bias.
#[target_feature(enable = "avx512f,avx512dq")]
#[inline]
fn one_row<const KIND: u8, const WIDE: usize>(
    readers: Readers<'_>,
    edges: &[(u32, u32)],
    values: RowValues<'_>,
    mut own: [__m512; WIDE],
    gradient: &mut [f32],
    sums: &mut [f32],
) -> f32 {
    let batch = WIDE * LANES;
    let activations = registers::<WIDE>(values.activations);
    for ((output, slot), sum) in edges.iter().zip(sums) {
        let weight = _mm512_set1_ps(readers.weights[*slot as usize]);
        let delta = registers::<WIDE>(&readers.deltas[*output as usize * batch..][..batch]);
        let mut lanes = _mm512_setzero_ps();
        for k in 0..WIDE {
            own[k] = _mm512_fmadd_ps(weight, delta[k], own[k]);
            lanes = _mm512_fmadd_ps(delta[k], activations[k], lanes);
        }
        *sum = _mm512_reduce_add_ps(lanes);
    }
    let slopes = if KIND == KEPT { registers::<WIDE>(values.slopes) } else { activations };
    let mut total = _mm512_setzero_ps();
    for (k, place) in gradient.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let moved = by_slope::<KIND>(own[k], slopes[k]);
        total = _mm512_add_ps(total, moved);
        store(place, moved);
    }
    _mm512_reduce_add_ps(total)
}

/// A row of any length, one register after the other.
#[target_feature(enable = "avx512f,avx512dq")]
#[inline]
fn long_row<const KIND: u8>(
    readers: Readers<'_>,
    edges: &[(u32, u32)],
    values: RowValues<'_>,
    gradient: &mut [f32],
    sums: &mut [f32],
    batch: usize,
) -> f32 {
    for ((output, slot), sum) in edges.iter().zip(sums) {
        let weight = _mm512_set1_ps(readers.weights[*slot as usize]);
        let delta = readers.deltas[*output as usize * batch..][..batch].chunks(LANES);
        let mut lanes = _mm512_setzero_ps();
        let rows = gradient.chunks_mut(LANES).zip(values.activations.chunks(LANES));
        for ((place, values), delta) in rows.zip(delta) {
            let delta = load_up_to(delta);
            store_up_to(place, _mm512_fmadd_ps(weight, delta, load_up_to(place)));
            lanes = _mm512_fmadd_ps(delta, load_up_to(values), lanes);
        }
        *sum = _mm512_reduce_add_ps(lanes);
    }
    let slopes = if KIND == KEPT { values.slopes } else { values.activations };
    let mut total = _mm512_setzero_ps();
    for (place, slope) in gradient.chunks_mut(LANES).zip(slopes.chunks(LANES)) {
        let moved = by_slope::<KIND>(load_up_to(place), load_up_to(slope));
        total = _mm512_add_ps(total, moved);
        store_up_to(place, moved);
    }
    _mm512_reduce_add_ps(total)
}

/// The gradient times the slope that a value tells, or that was kept.
#[target_feature(enable = "avx512f,avx512dq")]
#[inline]
fn by_slope<const KIND: u8>(gradient: __m512, value: __m512) -> __m512 {
    let one = _mm512_set1_ps(1.0);
    match KIND {
        LINEAR => gradient,
        TANH => _mm512_mul_ps(gradient, _mm512_sub_ps(one, _mm512_mul_ps(value, value))),
        SIGMOID => _mm512_mul_ps(gradient, _mm512_mul_ps(value, _mm512_sub_ps(one, value))),
        RELU => {
            let above = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(value, _mm512_setzero_ps());
            _mm512_mul_ps(gradient, _mm512_maskz_mov_ps(above, one))
        }
        _ => _mm512_mul_ps(gradient, value),
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn registers<const WIDE: usize>(values: &[f32]) -> [__m512; WIDE] {
    let mut registers = [_mm512_setzero_ps(); WIDE];
    for (register, values) in registers.iter_mut().zip(values.as_chunks().0) {
        *register = load(values);
    }
    registers
}
