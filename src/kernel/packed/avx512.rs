//! 16 samples a register; a table of 16 sums a pair of variants, looked up by four bits.
//!
//! A look-up reads the low four bits of an index and ignores the others, so codes are shifted into
//! place and never masked.

#![expect(unsafe_code, reason = "loads and stores of registers, and entry into functions of the set")]

use super::{CHUNK, Codes, LANES, Line, Maps, QUAD, Start, Table};
use crate::kernel::registers::{fold, load_up_to, store_up_to};
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
    decode(codes: Codes<'_>, tables: &[Table], samples: usize, out: &mut [f32]) -> () = decode_here;
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
    let mut sums = Sums::over(out);
    for (place, delta) in maps.places.iter().zip(delta.chunks_exact(maps.samples)) {
        let (codes, own) = maps.map(*place, &mut first);
        add_gradients(codes, &maps.tables[own], delta, &mut sums);
    }
    sums.finish();
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
    let (whole, rest) = tables.as_chunks::<QUAD>();
    let (of_whole, of_rest) = weights.as_chunks::<QUAD>();
    for ((line, tables), weights) in lines.iter().zip(whole).zip(of_whole) {
        add_quad::<G, 2>(&mut sums, line, load_up_to(tables.as_flattened()), four(weights));
    }
    if let (Some(line), false) = (lines.last(), rest.is_empty()) {
        let (tables, weights) = (load_up_to(rest.as_flattened()), load_up_to(of_rest));
        match rest.len() {
            3 => add_quad::<G, 2>(&mut sums, line, tables, weights),
            _ => add_quad::<G, 1>(&mut sums, line, tables, weights),
        }
    }
    for (g, sum) in sums.into_iter().enumerate() {
        store_samples(out, g, sum);
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn four(values: &[f32; QUAD]) -> __m512 {
    // SAFETY: the array is 16 bytes long.
    _mm512_castps128_ps512(unsafe { _mm_loadu_ps(values.as_ptr()) })
}

/// Adds the first `P` pairs of a quad.
#[target_feature(enable = "avx512f")]
#[inline]
fn add_quad<const G: usize, const P: usize>(
    sums: &mut [__m512; G],
    line: &Line,
    tables: __m512,
    weights: __m512,
) {
    let terms = _mm512_mul_ps(tables, _mm512_permutexvar_ps(quarters(0), weights));
    let [first, second, third, fourth] = spread(terms);
    let pairs = [_mm512_add_ps(first, second), _mm512_add_ps(third, fourth)];
    let line = load_line(line);
    for (pair, table) in pairs.into_iter().enumerate().take(P) {
        for (g, sum) in sums.iter_mut().enumerate() {
            *sum = _mm512_add_ps(*sum, _mm512_permutexvar_ps(codes(line, g, pair), table));
        }
    }
}

#[target_feature(enable = "avx512f")]
fn weight_gradients_here(codes: Codes<'_>, tables: &[Table], delta: &[f32], out: &mut [f32]) {
    let mut sums = Sums::over(out);
    add_gradients(codes, tables, delta, &mut sums);
    sums.finish();
}

/// Lanes of the gradients of consecutive variants, which are added up 16 variants at a time.
struct Sums<'a> {
    /// Those of up to 16 variants, and behind them of the rest of a quad.
    lanes: [__m512; LANES + QUAD],
    filled: usize,
    out: &'a mut [f32],
}

impl<'a> Sums<'a> {
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn over(out: &'a mut [f32]) -> Self {
        Self { lanes: [_mm512_setzero_ps(); LANES + QUAD], filled: 0, out }
    }

    /// Takes the lanes of `count` variants of a quad.
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn push(&mut self, quad: [__m512; QUAD], count: usize) {
        // What lies behind the quad's variants is written over by the next one's.
        let place = self.lanes[self.filled..].first_chunk_mut().expect("room for a quad");
        *place = quad;
        self.filled += count;
        if self.filled < LANES {
            return;
        }
        let (sixteen, rest) = self.lanes.split_first_chunk_mut().expect("room for 16 variants");
        let (out, others) = std::mem::take(&mut self.out).split_at_mut(LANES);
        store_up_to(out, fold(sixteen));
        self.out = others;
        self.filled -= LANES;
        sixteen[..QUAD].copy_from_slice(rest);
    }

    /// Adds up what is left.
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn finish(self) {
        let sixteen = self.lanes.first_chunk().expect("room for 16 variants");
        if self.filled > 0 {
            store_up_to(self.out, fold(sixteen));
        }
    }
}

/// Gradients of the weights of one map.
#[target_feature(enable = "avx512f")]
#[inline]
fn add_gradients(codes: Codes<'_>, tables: &[Table], delta: &[f32], sums: &mut Sums<'_>) {
    match delta.len().div_ceil(LANES) {
        4 => add_gradients_of_chunk::<4>(codes, tables, delta, sums),
        3 => add_gradients_of_chunk::<3>(codes, tables, delta, sums),
        2 => add_gradients_of_chunk::<2>(codes, tables, delta, sums),
        1 => add_gradients_of_chunk::<1>(codes, tables, delta, sums),
        _ => add_gradients_of_chunks(codes, tables, delta, sums),
    }
}

/// The same for a batch of one chunk of `G` registers.
#[target_feature(enable = "avx512f")]
#[inline]
fn add_gradients_of_chunk<const G: usize>(
    codes: Codes<'_>,
    tables: &[Table],
    delta: &[f32],
    sums: &mut Sums<'_>,
) {
    let deltas = deltas::<G>(delta);
    let (whole, rest) = tables.as_chunks::<QUAD>();
    let (lines, behind) = codes.lines.split_at(whole.len());
    for (line, tables) in lines.iter().zip(whole) {
        let mut quad = [_mm512_setzero_ps(); QUAD];
        accumulate::<G, 2>(&mut quad, line, load_up_to(tables.as_flattened()), &deltas);
        sums.push(quad, QUAD);
    }
    if !rest.is_empty() {
        let mut quad = [_mm512_setzero_ps(); QUAD];
        let tables = load_up_to(rest.as_flattened());
        match rest.len() {
            3 => accumulate::<G, 2>(&mut quad, &behind[0], tables, &deltas),
            _ => accumulate::<G, 1>(&mut quad, &behind[0], tables, &deltas),
        }
        sums.push(quad, rest.len());
    }
}

/// The same for batches of any size.
#[target_feature(enable = "avx512f")]
fn add_gradients_of_chunks(codes: Codes<'_>, tables: &[Table], delta: &[f32], sums: &mut Sums<'_>) {
    for (at, tables) in tables.chunks(QUAD).enumerate() {
        let mut quad = [_mm512_setzero_ps(); QUAD];
        let of_quad = load_up_to(tables.as_flattened());
        for (chunk, delta) in delta.chunks(CHUNK).enumerate() {
            let line = &codes.lines[chunk * codes.stride + at];
            match delta.len().div_ceil(LANES) {
                4 => accumulate::<4, 2>(&mut quad, line, of_quad, &deltas(delta)),
                3 => accumulate::<3, 2>(&mut quad, line, of_quad, &deltas(delta)),
                2 => accumulate::<2, 2>(&mut quad, line, of_quad, &deltas(delta)),
                _ => accumulate::<1, 2>(&mut quad, line, of_quad, &deltas(delta)),
            }
        }
        sums.push(quad, tables.len());
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn deltas<const G: usize>(delta: &[f32]) -> [__m512; G] {
    let mut deltas = [_mm512_setzero_ps(); G];
    for (g, register) in deltas.iter_mut().enumerate() {
        *register = load_samples(delta, g);
    }
    deltas
}

/// Adds what the first `P` pairs of a quad give.
#[target_feature(enable = "avx512f")]
#[inline]
fn accumulate<const G: usize, const P: usize>(
    sums: &mut [__m512; QUAD],
    line: &Line,
    tables: __m512,
    deltas: &[__m512; G],
) {
    let (line, tables) = (load_line(line), spread(tables));
    for (g, delta) in deltas.iter().enumerate() {
        for pair in 0..P {
            let codes = codes(line, g, pair);
            for variant in [2 * pair, 2 * pair + 1] {
                let value = _mm512_permutexvar_ps(codes, tables[variant]);
                sums[variant] = _mm512_fmadd_ps(*delta, value, sums[variant]);
            }
        }
    }
}

#[target_feature(enable = "avx512f")]
fn decode_here(codes: Codes<'_>, tables: &[Table], samples: usize, out: &mut [f32]) {
    for (quad, (tables, rows)) in tables.chunks(QUAD).zip(out.chunks_mut(QUAD * samples)).enumerate() {
        for chunk in 0..samples.div_ceil(CHUNK) {
            let mut line = load_line(&codes.lines[chunk * codes.stride + quad]);
            for (table, row) in tables.iter().zip(rows.chunks_exact_mut(samples)) {
                let part = &mut row[chunk * CHUNK..samples.min((chunk + 1) * CHUNK)];
                decode_row(line, table, part);
                line = _mm512_srli_epi32::<2>(line);
            }
        }
    }
}

/// Samples of a chunk whose codes are the low two bits of every byte.
#[target_feature(enable = "avx512f")]
#[inline]
fn decode_row(line: __m512i, table: &Table, out: &mut [f32]) {
    // SAFETY: a table is 16 bytes long.
    let table = _mm512_broadcast_f32x4(unsafe { _mm_loadu_ps(table.as_ptr()) });
    let mut groups = out.chunks_mut(LANES);
    let mut put = |codes: __m512i| {
        if let Some(out) = groups.next() {
            store_up_to(out, _mm512_permutevar_ps(table, codes));
        }
    };
    put(line);
    put(_mm512_srli_epi32::<8>(line));
    put(_mm512_srli_epi32::<16>(line));
    put(_mm512_srli_epi32::<24>(line));
}
