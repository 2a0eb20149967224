//! Rows of variants, as a .bed has them, to lines of quads.
//!
//! A column is 256 samples: 64 bytes of a variant's row, four samples a byte. Four rows become four
//! lines, one for each place in a byte, without moving a byte: line j has the samples that stand
//! at place j. A chunk's samples are therefore no neighbours in the file; [`sample_at`] says
//! which they are.

use super::isa::Isa;
use super::packed::{CHUNK, Line, QUAD, position, prefetch};

/// Samples of a column.
pub const COLUMN: usize = CHUNK * QUAD;
/// Bytes of a row in a column.
const BYTES: usize = CHUNK;

type Words = [u64; BYTES / 8];

/// Which sample of the column is number `sample` of a chunk of it.
#[must_use]
pub fn sample_at(chunk: usize, sample: usize) -> usize {
    QUAD * position(sample) + chunk
}

/// Turns one column of `rows`, which are `stride` bytes apart, four variants a quad.
///
/// `first` is the column's first byte in the first row; `lines` are `[4 chunks × quads]`.
///
/// # Panics
/// When a row has fewer than 64 bytes from there.
pub fn turn(isa: Isa, rows: &[u8], stride: usize, first: usize, lines: &mut [Line]) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "entry into functions of an instruction set")]
        // SAFETY: callers name an instruction set that is on the machine.
        Isa::Avx512 => unsafe { with_avx512(rows, stride, first, lines) },
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "entry into functions of an instruction set")]
        // SAFETY: as above.
        Isa::Avx2 => unsafe { with_avx2(rows, stride, first, lines) },
        _ => turn_here(rows, stride, first, lines),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq")]
fn with_avx512(rows: &[u8], stride: usize, first: usize, lines: &mut [Line]) {
    turn_here(rows, stride, first, lines);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(rows: &[u8], stride: usize, first: usize, lines: &mut [Line]) {
    turn_here(rows, stride, first, lines);
}

#[inline(always)]
fn turn_here(rows: &[u8], stride: usize, first: usize, lines: &mut [Line]) {
    let quads = lines.len() / QUAD;
    for quad in 0..quads {
        let mut words = [[0; BYTES / 8]; QUAD];
        for (k, words) in words.iter_mut().enumerate() {
            let row = &rows[(quad * QUAD + k) * stride + first..];
            // Rows lie too far apart for the machine to guess: the end of the next column is asked for,
            // which stands in the line after this column's, wherever rows start.
            prefetch(row.get(2 * BYTES - 1..2 * BYTES).unwrap_or_default());
            *words = load(row.first_chunk().expect("a row has the bytes of the column"));
        }
        for (chunk, words) in turned(words).iter().enumerate() {
            lines[chunk * quads + quad] = store(words);
        }
    }
}

#[inline(always)]
fn load(bytes: &[u8; BYTES]) -> Words {
    let mut words = [0; BYTES / 8];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    words
}

#[inline(always)]
fn store(words: &Words) -> Line {
    let mut line = [0; BYTES];
    for (bytes, word) in line.as_chunks_mut::<8>().0.iter_mut().zip(words) {
        *bytes = word.to_le_bytes();
    }
    line
}

/// Transposes the 4 × 4 codes in the same byte of four rows, for every byte.
#[inline(always)]
fn turned([mut a, mut b, mut c, mut d]: [Words; QUAD]) -> [Words; QUAD] {
    swap::<4>(&mut a, &mut c, 0x0f0f_0f0f_0f0f_0f0f);
    swap::<4>(&mut b, &mut d, 0x0f0f_0f0f_0f0f_0f0f);
    swap::<2>(&mut a, &mut b, 0x3333_3333_3333_3333);
    swap::<2>(&mut c, &mut d, 0x3333_3333_3333_3333);
    [a, b, c, d]
}

/// Exchanges the upper codes of one row with the lower ones, those under the mask, of another.
#[inline(always)]
fn swap<const SHIFT: u32>(low: &mut Words, high: &mut Words, mask: u64) {
    for (low, high) in low.iter_mut().zip(high) {
        let (a, b) = (*low, *high);
        *low = (a & mask) | ((b & mask) << SHIFT);
        *high = ((a >> SHIFT) & mask) | (b & !mask);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_where_its_sample_is() {
        let (variants, stride, first) = (12, 64 + 7, 5);
        let rows: Vec<u8> = (0..variants * stride + 64).map(|k| (k * 151 % 251) as u8).collect();
        let code = |variant: usize, sample: usize| {
            rows[variant * stride + first + sample / 4] >> (2 * (sample % 4)) & 3
        };
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_here()) {
            let mut lines = vec![[0; CHUNK]; variants];
            turn(isa, &rows, stride, first, &mut lines);
            for variant in 0..variants {
                for chunk in 0..QUAD {
                    for sample in 0..CHUNK {
                        let line = &lines[chunk * variants / QUAD + variant / QUAD];
                        let found = line[position(sample)] >> (2 * (variant % QUAD)) & 3;
                        assert_eq!(found, code(variant, sample_at(chunk, sample)), "{isa:?} {variant}");
                    }
                }
            }
        }
        let mut samples: Vec<usize> = (0..COLUMN).map(|at| sample_at(at / CHUNK, at % CHUNK)).collect();
        samples.sort_unstable();
        assert!(samples.into_iter().eq(0..COLUMN), "every sample stands once");
    }
}
