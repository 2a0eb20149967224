//! Eight samples a register; a table of four entries a variant, looked up by two bits.

#![expect(unsafe_code, reason = "loads and stores of registers, and entry into functions of the set")]

use super::{Chunk, GROUPS, LANES, Line, QUAD, Table, quad_of};
use std::arch::x86_64::*;

const HALF: usize = LANES / 2;

pub fn forward(lines: &[Line], tables: &[Table], weights: &[f32], groups: usize, totals: &mut Chunk) {
    // SAFETY: callers choose this module where `Isa::Avx2` is on the machine.
    unsafe { forward_here(lines, tables, weights, groups, totals) }
}

/// Adds δ·x to the 16 lanes of each of up to 16 variants.
pub fn accumulate(
    lines: &[Line],
    tables: &[Table],
    delta: &Chunk,
    groups: usize,
    lanes: &mut [[f32; LANES]; LANES],
) {
    // SAFETY: as for `forward`.
    unsafe { accumulate_here(lines, tables, delta, groups, lanes) }
}

pub fn decode(line: &Line, table: &Table, variant: usize, groups: usize, out: &mut Chunk) {
    // SAFETY: as for `forward`.
    unsafe { decode_here(line, table, variant, groups, out) }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn load(values: &[f32; LANES], half: usize) -> __m256 {
    // SAFETY: each half of the array is 32 bytes long, and `half` is 0 or 1.
    unsafe { _mm256_loadu_ps(values.as_ptr().add(HALF * half)) }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn store(values: &mut [f32; LANES], half: usize, register: __m256) {
    // SAFETY: each half of the array is 32 bytes long, and `half` is 0 or 1.
    unsafe { _mm256_storeu_ps(values.as_mut_ptr().add(HALF * half), register) }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn load_line(line: &Line, half: usize) -> __m256i {
    // SAFETY: each half of a line is 32 bytes long, and `half` is 0 or 1.
    unsafe { _mm256_loadu_si256(line.as_ptr().add(4 * HALF * half).cast()) }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn load_table(table: &Table) -> __m256 {
    // SAFETY: a table is 16 bytes long.
    let table = unsafe { _mm_loadu_ps(table.as_ptr()) };
    _mm256_set_m128(table, table)
}

/// Numbers of a variant's calls in a group.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn look_up(table: __m256, line: __m256i, group: usize, variant: usize) -> __m256 {
    let shift = _mm_cvtsi32_si128((8 * group + 2 * variant) as i32);
    _mm256_permutevar_ps(table, _mm256_srl_epi32(line, shift))
}

#[target_feature(enable = "avx2,fma")]
fn forward_here(lines: &[Line], tables: &[Table], weights: &[f32], groups: usize, totals: &mut Chunk) {
    for half in 0..2 {
        let mut sums = [_mm256_setzero_ps(); GROUPS];
        for g in 0..groups {
            sums[g] = load(&totals[g], half);
        }
        for (quad, line) in lines.iter().enumerate() {
            let (tables, weights): ([Table; QUAD], [f32; QUAD]) =
                (quad_of(tables, quad), quad_of(weights, quad));
            let mut terms = [_mm256_setzero_ps(); QUAD];
            for (k, term) in terms.iter_mut().enumerate() {
                *term = _mm256_mul_ps(load_table(&tables[k]), _mm256_set1_ps(weights[k]));
            }
            let line = load_line(line, half);
            for pair in [0, 2] {
                for (g, sum) in sums[..groups].iter_mut().enumerate() {
                    let first = look_up(terms[pair], line, g, pair);
                    let second = look_up(terms[pair + 1], line, g, pair + 1);
                    *sum = _mm256_add_ps(*sum, _mm256_add_ps(first, second));
                }
            }
        }
        for g in 0..groups {
            store(&mut totals[g], half, sums[g]);
        }
    }
}

#[target_feature(enable = "avx2,fma")]
fn accumulate_here(
    lines: &[Line],
    tables: &[Table],
    delta: &Chunk,
    groups: usize,
    lanes: &mut [[f32; LANES]; LANES],
) {
    for (variant, (table, lanes)) in tables.iter().zip(lanes).enumerate() {
        let table = load_table(table);
        for half in 0..2 {
            let line = load_line(&lines[variant / QUAD], half);
            let mut sum = load(lanes, half);
            for (g, delta) in delta[..groups].iter().enumerate() {
                let value = look_up(table, line, g, variant % QUAD);
                sum = _mm256_fmadd_ps(load(delta, half), value, sum);
            }
            store(lanes, half, sum);
        }
    }
}

#[target_feature(enable = "avx2,fma")]
fn decode_here(line: &Line, table: &Table, variant: usize, groups: usize, out: &mut Chunk) {
    let table = load_table(table);
    for half in 0..2 {
        let line = load_line(line, half);
        for (g, out) in out[..groups].iter_mut().enumerate() {
            store(out, half, look_up(table, line, g, variant));
        }
    }
}
