//! Rows of samples to lines of quads.

use super::{CHUNK, Line};
use crate::kernel::isa::Isa;

/// Bytes that are turned at a time.
const BLOCK: usize = 8;

/// lines[q][p] = rows[p][q]: byte q of each sample becomes byte `position` of quad q's line.
///
/// Every row has at least ⌈lines/8⌉·8 bytes.
pub fn transpose(isa: Isa, rows: &[&[u8]; CHUNK], lines: &mut [Line]) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "entry into functions of an instruction set")]
        // SAFETY: callers name an instruction set that is on the machine.
        Isa::Avx512 => unsafe { with_avx512(rows, lines) },
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "entry into functions of an instruction set")]
        // SAFETY: as above.
        Isa::Avx2 => unsafe { with_avx2(rows, lines) },
        _ => transpose_here(rows, lines),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn with_avx512(rows: &[&[u8]; CHUNK], lines: &mut [Line]) {
    transpose_here(rows, lines);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(rows: &[&[u8]; CHUNK], lines: &mut [Line]) {
    transpose_here(rows, lines);
}

#[inline(always)]
fn transpose_here(rows: &[&[u8]; CHUNK], lines: &mut [Line]) {
    for (block, lines) in lines.chunks_mut(BLOCK).enumerate() {
        let turned = turn(load(rows, block * BLOCK));
        for (line, turned) in lines.iter_mut().zip(&turned) {
            for (bytes, word) in line.as_chunks_mut::<8>().0.iter_mut().zip(turned) {
                *bytes = word.to_le_bytes();
            }
        }
    }
}

/// Word k of register r: eight bytes of the row at position 8k + r.
#[inline(always)]
fn load(rows: &[&[u8]; CHUNK], first: usize) -> [[u64; 8]; 8] {
    let mut words = [[0; 8]; 8];
    for (r, words) in words.iter_mut().enumerate() {
        for (k, word) in words.iter_mut().enumerate() {
            let bytes = rows[8 * k + r][first..].first_chunk().expect("rows are padded to whole blocks");
            *word = u64::from_le_bytes(*bytes);
        }
    }
    words
}

/// Transposes the 8 × 8 bytes of word k of all registers, for every k.
#[inline(always)]
fn turn(mut words: [[u64; 8]; 8]) -> [[u64; 8]; 8] {
    for (distance, shift, mask) in
        [(4, 32, 0x0000_0000_ffff_ffff), (2, 16, 0x0000_ffff_0000_ffff), (1, 8, 0x00ff_00ff_00ff_00ff)]
    {
        for low in (0..8).filter(|r| r & distance == 0) {
            let (lower, upper) = words.split_at_mut(low + distance);
            for (low, high) in lower[low].iter_mut().zip(&mut upper[0]) {
                let crossed = ((*low >> shift) ^ *high) & mask;
                *high ^= crossed;
                *low ^= crossed << shift;
            }
        }
    }
    words
}
