//! 16 samples a register; a table of 16 sums a pair of variants, looked up by four bits.
//!
//! A look-up reads the low four bits of an index and ignores the others, so codes are shifted into
//! place and never masked.

#![expect(unsafe_code, reason = "loads and stores of registers, and entry into functions of the set")]

use super::{CHUNK, Chunk, Codes, LANES, Line, Maps, QUAD, Start, Table};
use crate::kernel::registers::{fold, load_up_to, store, store_up_to};
use std::arch::x86_64::*;

macro_rules! enter {
    ($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $out:ty = $inner:ident;) => {
        $(#[$doc])*
        pub fn $name($($argument: $type),*) -> $out {
            // SAFETY: callers choose this module where `Isa::Avx512` is on the machine.
            unsafe { $inner($($argument),*) }
        }
    };
}

enter! {
    forward(codes: Codes<'_>, tables: &[Table], weights: &[f32], start: Start, out: &mut [f32]) -> () = forward_here;
}
enter! {
    weight_gradients(codes: Codes<'_>, tables: &[Table], delta: &[f32], out: &mut [f32]) -> () = weight_gradients_here;
}
enter! {
    forward_all(maps: Maps<'_>, weights: &[f32], biases: &[f32], out: &mut [f32]) -> () = forward_all_here;
}
enter! {
    weight_gradients_all(maps: Maps<'_>, delta: &[f32], out: &mut [f32]) -> () = weight_gradients_all_here;
}
enter! {
    decode(line: &Line, table: &Table, variant: usize, groups: usize, out: &mut Chunk) -> () = decode_here;
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load_line(line: &Line) -> __m512i {
    // SAFETY: a line is 64 bytes long.
    unsafe { _mm512_loadu_si512(line.as_ptr().cast()) }
}

/// Lane k holds ⌊k/4⌋ above `first`.
#[target_feature(enable = "avx512f")]
#[inline]
fn quarters(first: i32) -> __m512i {
    let quarter = _mm512_set_epi32(3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
    _mm512_add_epi32(quarter, _mm512_set1_epi32(first))
}

/// Tables of one quad by four bits: of the first and third variant by the low two, of the second
/// and fourth by the high two.
#[target_feature(enable = "avx512f")]
#[inline]
fn spread(tables: __m512) -> [__m512; QUAD] {
    [
        _mm512_shuffle_f32x4::<0b00_00_00_00>(tables, tables),
        _mm512_permutexvar_ps(quarters(4), tables),
        _mm512_shuffle_f32x4::<0b10_10_10_10>(tables, tables),
        _mm512_permutexvar_ps(quarters(12), tables),
    ]
}

/// The line shifted so that the low four bits are a pair's codes in group `G`.
#[target_feature(enable = "avx512f")]
#[inline]
fn codes(line: __m512i, group: usize, pair: usize) -> __m512i {
    match 2 * group + pair {
        0 => line,
        1 => _mm512_srli_epi32::<4>(line),
        2 => _mm512_srli_epi32::<8>(line),
        3 => _mm512_srli_epi32::<12>(line),
        4 => _mm512_srli_epi32::<16>(line),
        5 => _mm512_srli_epi32::<20>(line),
        6 => _mm512_srli_epi32::<24>(line),
        _ => _mm512_srli_epi32::<28>(line),
    }
}

/// Samples of a register, with zeros where there are fewer.
#[target_feature(enable = "avx512f")]
#[inline]
fn load_samples(samples: &[f32], group: usize) -> __m512 {
    load_up_to(&samples[LANES * group..])
}

#[target_feature(enable = "avx512f")]
#[inline]
fn store_samples(samples: &mut [f32], group: usize, register: __m512) {
    store_up_to(&mut samples[LANES * group..], register);
}

#[target_feature(enable = "avx512f")]
fn forward_all_here(maps: Maps<'_>, weights: &[f32], biases: &[f32], out: &mut [f32]) {
    let mut first = 0;
    for ((place, bias), out) in maps.places.iter().zip(biases).zip(out.chunks_exact_mut(maps.samples)) {
        let (codes, own) = maps.map(*place, &mut first);
        forward_here(codes, &maps.tables[own.clone()], &weights[own], Start::At(*bias), out);
    }
}

#[target_feature(enable = "avx512f")]
fn weight_gradients_all_here(maps: Maps<'_>, delta: &[f32], out: &mut [f32]) {
    let mut first = 0;
    for (place, delta) in maps.places.iter().zip(delta.chunks_exact(maps.samples)) {
        let (codes, own) = maps.map(*place, &mut first);
        weight_gradients_here(codes, &maps.tables[own.clone()], delta, &mut out[own]);
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn forward_here(codes: Codes<'_>, tables: &[Table], weights: &[f32], start: Start, out: &mut [f32]) {
    for (at, out) in out.chunks_mut(CHUNK).enumerate() {
        let lines = codes.chunk(at, weights.len());
        match out.len().div_ceil(LANES) {
            4 => forward_chunk::<4>(lines, tables, weights, start, out),
            3 => forward_chunk::<3>(lines, tables, weights, start, out),
            2 => forward_chunk::<2>(lines, tables, weights, start, out),
            _ => forward_chunk::<1>(lines, tables, weights, start, out),
        }
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn forward_chunk<const G: usize>(
    lines: &[Line],
    tables: &[Table],
    weights: &[f32],
    start: Start,
    out: &mut [f32],
) {
    let mut sums = [_mm512_setzero_ps(); G];
    for (g, sum) in sums.iter_mut().enumerate() {
        *sum = match start {
            Start::At(bias) => _mm512_set1_ps(bias),
            Start::Here => load_samples(out, g),
        };
    }
    for ((line, tables), weights) in lines.iter().zip(tables.chunks(QUAD)).zip(weights.chunks(QUAD)) {
        add_quad(&mut sums, line, load_up_to(tables.as_flattened()), load_up_to(weights));
    }
    for (g, sum) in sums.into_iter().enumerate() {
        store_samples(out, g, sum);
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn add_quad<const G: usize>(sums: &mut [__m512; G], line: &Line, tables: __m512, weights: __m512) {
    let terms = _mm512_mul_ps(tables, _mm512_permutexvar_ps(quarters(0), weights));
    let [first, second, third, fourth] = spread(terms);
    let pairs = [_mm512_add_ps(first, second), _mm512_add_ps(third, fourth)];
    let line = load_line(line);
    for (pair, table) in pairs.into_iter().enumerate() {
        for (g, sum) in sums.iter_mut().enumerate() {
            *sum = _mm512_add_ps(*sum, _mm512_permutexvar_ps(codes(line, g, pair), table));
        }
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn weight_gradients_here(codes: Codes<'_>, tables: &[Table], delta: &[f32], out: &mut [f32]) {
    for (first, (tables, out)) in tables.chunks(LANES).zip(out.chunks_mut(LANES)).enumerate() {
        let codes = Codes { lines: &codes.lines[first * LANES / QUAD..], ..codes };
        match tables.len().div_ceil(QUAD) {
            4 => quads_gradients::<4>(codes, tables, delta, out),
            3 => quads_gradients::<3>(codes, tables, delta, out),
            2 => quads_gradients::<2>(codes, tables, delta, out),
            _ => quads_gradients::<1>(codes, tables, delta, out),
        }
    }
}

/// Gradients of the weights of `Q` quads, whose sums stay in registers.
#[target_feature(enable = "avx512f")]
#[inline]
fn quads_gradients<const Q: usize>(codes: Codes<'_>, tables: &[Table], delta: &[f32], out: &mut [f32]) {
    let mut sums = [[_mm512_setzero_ps(); QUAD]; Q];
    for (at, delta) in delta.chunks(CHUNK).enumerate() {
        let lines = codes.chunk(at, tables.len());
        match delta.len().div_ceil(LANES) {
            4 => accumulate::<Q, 4>(&mut sums, lines, tables, delta),
            3 => accumulate::<Q, 3>(&mut sums, lines, tables, delta),
            2 => accumulate::<Q, 2>(&mut sums, lines, tables, delta),
            _ => accumulate::<Q, 1>(&mut sums, lines, tables, delta),
        }
    }
    let mut rows = [_mm512_setzero_ps(); LANES];
    for (row, sum) in rows.iter_mut().zip(sums.as_flattened()) {
        *row = *sum;
    }
    let sums = fold(rows);
    store_samples(out, 0, sums);
}

#[target_feature(enable = "avx512f")]
#[inline]
fn accumulate<const Q: usize, const G: usize>(
    sums: &mut [[__m512; QUAD]; Q],
    lines: &[Line],
    tables: &[Table],
    delta: &[f32],
) {
    let mut deltas = [_mm512_setzero_ps(); G];
    for (g, register) in deltas.iter_mut().enumerate() {
        *register = load_samples(delta, g);
    }
    for ((sums, line), tables) in sums.iter_mut().zip(lines).zip(tables.chunks(QUAD)) {
        let tables = spread(load_up_to(tables.as_flattened()));
        let line = load_line(line);
        for (g, delta) in deltas.iter().enumerate() {
            for pair in 0..2 {
                let codes = codes(line, g, pair);
                for variant in [2 * pair, 2 * pair + 1] {
                    let value = _mm512_permutexvar_ps(codes, tables[variant]);
                    sums[variant] = _mm512_fmadd_ps(*delta, value, sums[variant]);
                }
            }
        }
    }
}

#[target_feature(enable = "avx512f")]
fn decode_here(line: &Line, table: &Table, variant: usize, groups: usize, out: &mut Chunk) {
    // SAFETY: a table is 16 bytes long.
    let table = _mm512_broadcast_f32x4(unsafe { _mm_loadu_ps(table.as_ptr()) });
    let line = load_line(line);
    for (group, out) in out[..groups].iter_mut().enumerate() {
        let shift = _mm_cvtsi32_si128((8 * group + 2 * variant) as i32);
        store(out, _mm512_permutevar_ps(table, _mm512_srl_epi32(line, shift)));
    }
}
