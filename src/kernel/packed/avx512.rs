//! 16 samples a register; a table of 16 sums a pair of variants, looked up by four bits.
//!
//! A look-up reads the low four bits of an index and ignores the others, so codes are shifted into
//! place and never masked.

#![expect(unsafe_code, reason = "loads and stores of registers, and entry into functions of the set")]

use super::{Chunk, GROUPS, LANES, Line, QUAD, Table, quad_of};
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
    forward(lines: &[Line], tables: &[Table], weights: &[f32], groups: usize, totals: &mut Chunk) -> () = forward_by_groups;
}
enter! {
    /// Adds δ·x to the 16 lanes of each of up to 16 variants.
    accumulate(lines: &[Line], tables: &[Table], delta: &Chunk, groups: usize, lanes: &mut [[f32; LANES]; LANES]) -> () = accumulate_by_groups;
}
enter! {
    /// The sum of each row's lanes.
    fold(lanes: &[[f32; LANES]; LANES]) -> [f32; LANES] = fold_here;
}
enter! {
    decode(line: &Line, table: &Table, variant: usize, groups: usize, out: &mut Chunk) -> () = decode_here;
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load(values: &[f32; LANES]) -> __m512 {
    // SAFETY: the array is 64 bytes long.
    unsafe { _mm512_loadu_ps(values.as_ptr()) }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn store(values: &mut [f32; LANES], register: __m512) {
    // SAFETY: the array is 64 bytes long.
    unsafe { _mm512_storeu_ps(values.as_mut_ptr(), register) }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load_line(line: &Line) -> __m512i {
    // SAFETY: a line is 64 bytes long.
    unsafe { _mm512_loadu_si512(line.as_ptr().cast()) }
}

/// The four tables of a quad, one behind the other.
#[target_feature(enable = "avx512f")]
#[inline]
fn load_tables(tables: &[Table; QUAD]) -> __m512 {
    // SAFETY: four tables of four entries are 64 bytes long.
    unsafe { _mm512_loadu_ps(tables.as_ptr().cast()) }
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

#[target_feature(enable = "avx512f")]
fn forward_by_groups(lines: &[Line], tables: &[Table], weights: &[f32], groups: usize, totals: &mut Chunk) {
    match groups {
        4 => forward_here::<4>(lines, tables, weights, totals),
        3 => forward_here::<3>(lines, tables, weights, totals),
        2 => forward_here::<2>(lines, tables, weights, totals),
        _ => forward_here::<1>(lines, tables, weights, totals),
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn forward_here<const G: usize>(lines: &[Line], tables: &[Table], weights: &[f32], totals: &mut Chunk) {
    let mut sums = [_mm512_setzero_ps(); GROUPS];
    for g in 0..G {
        sums[g] = load(&totals[g]);
    }
    let quarters = quarters(0);
    for (quad, line) in lines.iter().enumerate() {
        let (tables, weights): ([Table; QUAD], [f32; QUAD]) = (quad_of(tables, quad), quad_of(weights, quad));
        // SAFETY: four weights are 16 bytes long.
        let weights = _mm512_castps128_ps512(unsafe { _mm_loadu_ps(weights.as_ptr()) });
        let terms = _mm512_mul_ps(load_tables(&tables), _mm512_permutexvar_ps(quarters, weights));
        let [first, second, third, fourth] = spread(terms);
        let pairs = [_mm512_add_ps(first, second), _mm512_add_ps(third, fourth)];
        let line = load_line(line);
        for (pair, table) in pairs.into_iter().enumerate() {
            for (g, sum) in sums[..G].iter_mut().enumerate() {
                *sum = _mm512_add_ps(*sum, _mm512_permutexvar_ps(codes(line, g, pair), table));
            }
        }
    }
    for g in 0..G {
        store(&mut totals[g], sums[g]);
    }
}

#[target_feature(enable = "avx512f")]
fn accumulate_by_groups(
    lines: &[Line],
    tables: &[Table],
    delta: &Chunk,
    groups: usize,
    lanes: &mut [[f32; LANES]; LANES],
) {
    match groups {
        4 => accumulate_here::<4>(lines, tables, delta, lanes),
        3 => accumulate_here::<3>(lines, tables, delta, lanes),
        2 => accumulate_here::<2>(lines, tables, delta, lanes),
        _ => accumulate_here::<1>(lines, tables, delta, lanes),
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn accumulate_here<const G: usize>(
    lines: &[Line],
    tables: &[Table],
    delta: &Chunk,
    lanes: &mut [[f32; LANES]; LANES],
) {
    let mut deltas = [_mm512_setzero_ps(); GROUPS];
    for g in 0..G {
        deltas[g] = load(&delta[g]);
    }
    let (quads, _) = lanes.as_chunks_mut::<QUAD>();
    for ((quad, line), lanes) in lines.iter().enumerate().zip(quads) {
        let tables = spread(load_tables(&quad_of(tables, quad)));
        let line = load_line(line);
        let mut sums = [_mm512_setzero_ps(); QUAD];
        for (sum, lanes) in sums.iter_mut().zip(lanes.iter()) {
            *sum = load(lanes);
        }
        for (g, delta) in deltas[..G].iter().enumerate() {
            for pair in 0..2 {
                let codes = codes(line, g, pair);
                for variant in [2 * pair, 2 * pair + 1] {
                    let value = _mm512_permutexvar_ps(codes, tables[variant]);
                    sums[variant] = _mm512_fmadd_ps(*delta, value, sums[variant]);
                }
            }
        }
        for (lanes, sum) in lanes.iter_mut().zip(sums) {
            store(lanes, sum);
        }
    }
}

/// Adds lanes at a distance: of `low` into lanes without the distance's bit, of `high` into those
/// with it.
#[target_feature(enable = "avx512f")]
#[inline]
fn halved(low: __m512, high: __m512, mask: __mmask16, swap: impl Fn(__m512) -> __m512) -> __m512 {
    let stay = _mm512_mask_blend_ps(mask, low, high);
    let cross = _mm512_mask_blend_ps(mask, high, low);
    _mm512_add_ps(stay, swap(cross))
}

#[target_feature(enable = "avx512f")]
fn fold_here(lanes: &[[f32; LANES]; LANES]) -> [f32; LANES] {
    let mut rows = [_mm512_setzero_ps(); LANES];
    for (row, lanes) in rows.iter_mut().zip(lanes) {
        *row = load(lanes);
    }
    for k in 0..8 {
        rows[k] = halved(rows[k], rows[k + 8], 0xff00, |x| _mm512_shuffle_f32x4::<0x4e>(x, x));
    }
    for k in 0..4 {
        rows[k] = halved(rows[k], rows[k + 4], 0xf0f0, |x| _mm512_shuffle_f32x4::<0xb1>(x, x));
    }
    for k in 0..2 {
        rows[k] = halved(rows[k], rows[k + 2], 0xcccc, |x| _mm512_permute_ps::<0x4e>(x));
    }
    let sums = halved(rows[0], rows[1], 0xaaaa, |x| _mm512_permute_ps::<0xb1>(x));
    let mut out = [0.0; LANES];
    store(&mut out, sums);
    out
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
