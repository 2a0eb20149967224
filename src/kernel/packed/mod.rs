//! Affine maps of packed two-bit calls, which are never widened in memory.
//!
//! A batch is cut into chunks of up to [`CHUNK`] samples. In a chunk the calls of four variants,
//! a quad, are one line of 64 bytes: the byte of a sample holds its four codes, low bits first,
//! and stands at [`position`] of the sample, so that 16 lanes of a register each hold eight pairs
//! of codes. A table of four entries a variant carries coding, centring, scaling and imputation:
//! a missing call needs no branch. Tables of a pair of variants are added first, so that one
//! look-up serves two calls.
//!
//! Sums have one shape on every instruction set: a sample adds its pairs in order; a gradient
//! adds the samples of 16 lanes with fused products, group by group, and then the lanes as a
//! tree.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod scalar;
mod transpose;

use super::isa::Isa;
pub use transpose::{Picked, prefetch, transpose};

/// Samples of a chunk.
pub const CHUNK: usize = 64;
/// Variants of a quad.
pub const QUAD: usize = 4;
/// Samples side by side in a register.
const LANES: usize = 16;
/// Registers of a chunk.
const GROUPS: usize = CHUNK / LANES;

/// The calls of one quad for the samples of a chunk.
pub type Line = [u8; CHUNK];
/// The number of each two-bit code.
pub type Table = [f32; 4];
/// Values of the samples of a chunk.
type Chunk = [[f32; LANES]; GROUPS];

/// Where the byte of the chunk's sample stands in a line.
#[must_use]
pub fn position(sample: usize) -> usize {
    GROUPS * (sample % LANES) + sample / LANES
}

/// Lines of one map's variants, chunk by chunk.
#[derive(Clone, Copy, Debug)]
pub struct Codes<'a> {
    /// Lines of the first chunk from the first quad, and of the other chunks at every `stride`.
    pub lines: &'a [Line],
    /// Lines from one chunk to the next.
    pub stride: usize,
}

impl<'a> Codes<'a> {
    fn chunk(&self, chunk: usize, variants: usize) -> &'a [Line] {
        &self.lines[chunk * self.stride..][..variants.div_ceil(QUAD)]
    }
}

/// Where the sums of a map start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// At one value for every sample: a bias.
    At(f32),
    /// At what stands in the output.
    Here,
}

/// out `[samples]` = start + W·x, for one output; `tables` and `weights` have one entry a variant.
pub fn forward(isa: Isa, codes: Codes<'_>, tables: &[Table], weights: &[f32], start: Start, out: &mut [f32]) {
    debug_assert_eq!(tables.len(), weights.len(), "one table a weight");
    #[cfg(target_arch = "x86_64")]
    if isa == Isa::Avx512 {
        return avx512::forward(codes, tables, weights, start, out);
    }
    if let Start::At(bias) = start {
        out.fill(bias);
    }
    for (at, samples) in out.chunks_mut(CHUNK).enumerate() {
        let lines = codes.chunk(at, weights.len());
        let mut totals = spread(samples);
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => avx2::forward(lines, tables, weights, groups(samples.len()), &mut totals),
            _ => scalar::forward(lines, tables, weights, groups(samples.len()), &mut totals),
        }
        samples.copy_from_slice(&totals.as_flattened()[..samples.len()]);
    }
}

/// ∂/∂W `[variants]` from `delta` = ∂/∂out `[samples]`.
pub fn weight_gradients(isa: Isa, codes: Codes<'_>, tables: &[Table], delta: &[f32], out: &mut [f32]) {
    debug_assert_eq!(tables.len(), out.len(), "one table a weight");
    #[cfg(target_arch = "x86_64")]
    if isa == Isa::Avx512 {
        return avx512::weight_gradients(codes, tables, delta, out);
    }
    for (first, (tables, out)) in tables.chunks(LANES).zip(out.chunks_mut(LANES)).enumerate() {
        let codes = Codes { lines: &codes.lines[first * LANES / QUAD..], ..codes };
        let mut lanes = [[0.0; LANES]; LANES];
        for (at, samples) in delta.chunks(CHUNK).enumerate() {
            let lines = codes.chunk(at, tables.len());
            let (delta, groups) = (spread(samples), groups(samples.len()));
            match isa {
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => avx2::accumulate(lines, tables, &delta, groups, &mut lanes),
                _ => scalar::accumulate(lines, tables, &delta, groups, &mut lanes),
            }
        }
        out.iter_mut().zip(lanes).for_each(|(out, lanes)| *out = scalar::fold(lanes));
    }
}

/// Consecutive maps of one output each: tables, weights, biases and rows follow one another.
#[derive(Clone, Copy, Debug)]
pub struct Maps<'a> {
    /// Lines of all of them.
    pub codes: Codes<'a>,
    /// First line and number of variants of each.
    pub places: &'a [(u32, u32)],
    /// One entry a variant of all maps.
    pub tables: &'a [Table],
    /// Samples of a row.
    pub samples: usize,
}

/// out `[maps × samples]` = biases + W·x.
pub fn forward_all(isa: Isa, maps: Maps<'_>, weights: &[f32], biases: &[f32], out: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if isa == Isa::Avx512 {
        return avx512::forward_all(maps, weights, biases, out);
    }
    let mut first = 0;
    for ((place, bias), out) in maps.places.iter().zip(biases).zip(out.chunks_exact_mut(maps.samples)) {
        let (codes, own) = maps.map(*place, &mut first);
        forward(isa, codes, &maps.tables[own.clone()], &weights[own], Start::At(*bias), out);
    }
}

/// ∂/∂W `[variants of all maps]` from `delta` = ∂/∂out `[maps × samples]`.
pub fn weight_gradients_all(isa: Isa, maps: Maps<'_>, delta: &[f32], out: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if isa == Isa::Avx512 {
        return avx512::weight_gradients_all(maps, delta, out);
    }
    let mut first = 0;
    for (place, delta) in maps.places.iter().zip(delta.chunks_exact(maps.samples)) {
        let (codes, own) = maps.map(*place, &mut first);
        weight_gradients(isa, codes, &maps.tables[own.clone()], delta, &mut out[own]);
    }
}

impl<'a> Maps<'a> {
    /// Codes of the next map, and its variants among those of all; `first` counts them.
    #[inline(always)]
    fn map(&self, (line, variants): (u32, u32), first: &mut usize) -> (Codes<'a>, std::ops::Range<usize>) {
        let own = *first..*first + variants as usize;
        *first = own.end;
        (Codes { lines: &self.codes.lines[line as usize..], stride: self.codes.stride }, own)
    }
}

/// Numbers of the calls, `[variants × samples]`.
pub fn decode(isa: Isa, codes: Codes<'_>, tables: &[Table], samples: usize, out: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if isa == Isa::Avx512 {
        return avx512::decode(codes, tables, samples, out);
    }
    for (variant, (table, row)) in tables.iter().zip(out.chunks_exact_mut(samples)).enumerate() {
        for (at, part) in row.chunks_mut(CHUNK).enumerate() {
            let line = &codes.chunk(at, variant + 1)[variant / QUAD];
            let groups = groups(part.len());
            let mut values = [[0.0; LANES]; GROUPS];
            match isa {
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => avx2::decode(line, table, variant % QUAD, groups, &mut values),
                _ => scalar::decode(line, table, variant % QUAD, groups, &mut values),
            }
            part.copy_from_slice(&values.as_flattened()[..part.len()]);
        }
    }
}

fn groups(samples: usize) -> usize {
    samples.div_ceil(LANES)
}

/// Samples as registers, with zeros behind the last.
#[inline(always)]
fn spread(samples: &[f32]) -> Chunk {
    let mut chunk = [[0.0; LANES]; GROUPS];
    chunk.as_flattened_mut()[..samples.len()].copy_from_slice(samples);
    chunk
}

/// Tables and weights of a quad, with zeros for variants that are not there.
#[inline(always)]
fn quad_of<T: Copy + Default>(values: &[T], quad: usize) -> [T; QUAD] {
    match values[quad * QUAD..].first_chunk::<QUAD>() {
        Some(whole) => *whole,
        None => {
            let mut padded = [T::default(); QUAD];
            let rest = &values[quad * QUAD..];
            padded[..rest.len()].copy_from_slice(rest);
            padded
        }
    }
}

#[cfg(test)]
mod tests;
