//! Rows of samples to lines of quads.

use super::{CHUNK, Line};
use crate::kernel::isa::Isa;

/// Bytes that are turned at a time.
const BLOCK: usize = 8;

/// Asks for bytes that will be read soon.
pub fn prefetch(bytes: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    #[expect(unsafe_code, reason = "a hint to the memory")]
    for line in bytes.chunks(64) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing and every x86-64 machine has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = bytes;
}

/// Registers that change parts, by how many bits, and which bits of the lower one stay.
const STAGES: [(usize, i64, i64); 3] =
    [(4, 32, 0x0000_0000_ffff_ffff), (2, 16, 0x0000_ffff_0000_ffff), (1, 8, 0x00ff_00ff_00ff_00ff)];

/// lines[q][p] = rows[p][first + q]: a byte of each sample becomes byte `position` of its quad's line.
///
/// From `first` on, every row has at least ⌈lines/8⌉·8 bytes.
pub fn transpose(isa: Isa, rows: &[&[u8]; CHUNK], first: usize, lines: &mut [Line]) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "entry into functions of an instruction set")]
        // SAFETY: callers name an instruction set that is on the machine.
        Isa::Avx512 => unsafe { with_avx512(rows, first, lines) },
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "entry into functions of an instruction set")]
        // SAFETY: as above.
        Isa::Avx2 => unsafe { with_avx2(rows, first, lines) },
        _ => transpose_here(rows, first, lines),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "stores of registers")]
fn with_avx512(rows: &[&[u8]; CHUNK], first: usize, lines: &mut [Line]) {
    use std::arch::x86_64::{_mm512_set_epi64, _mm512_setzero_si512, _mm512_storeu_si512};
    for (block, lines) in lines.chunks_mut(BLOCK).enumerate() {
        let mut words = [_mm512_setzero_si512(); 8];
        for (r, register) in words.iter_mut().enumerate() {
            // Closures are not compiled for the set where a library function calls them.
            let w = |k: usize| word(rows, first + block * BLOCK, r, k).cast_signed();
            *register = _mm512_set_epi64(w(7), w(6), w(5), w(4), w(3), w(2), w(1), w(0));
        }
        for (line, turned) in lines.iter_mut().zip(turn_registers(words)) {
            // SAFETY: a line is 64 bytes long.
            unsafe { _mm512_storeu_si512(line.as_mut_ptr().cast(), turned) };
        }
    }
}

/// [`turn`] in registers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
#[inline]
fn turn_registers(mut words: [std::arch::x86_64::__m512i; 8]) -> [std::arch::x86_64::__m512i; 8] {
    use std::arch::x86_64::*;
    for (distance, shift, mask) in STAGES {
        let (shift, mask) = (_mm_cvtsi64_si128(shift), _mm512_set1_epi64(mask));
        for low in (0..8).filter(|r| r & distance == 0) {
            let (a, b) = (words[low], words[low + distance]);
            // Bits under the mask from the first, others from the second.
            words[low] = _mm512_ternarylogic_epi64::<0xca>(mask, a, _mm512_sll_epi64(b, shift));
            words[low + distance] = _mm512_ternarylogic_epi64::<0xca>(mask, _mm512_srl_epi64(a, shift), b);
        }
    }
    words
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(rows: &[&[u8]; CHUNK], first: usize, lines: &mut [Line]) {
    transpose_here(rows, first, lines);
}

#[inline(always)]
fn transpose_here(rows: &[&[u8]; CHUNK], first: usize, lines: &mut [Line]) {
    for (block, lines) in lines.chunks_mut(BLOCK).enumerate() {
        let turned = turn(load(rows, first + block * BLOCK));
        for (line, turned) in lines.iter_mut().zip(&turned) {
            for (bytes, word) in line.as_chunks_mut::<8>().0.iter_mut().zip(turned) {
                *bytes = word.to_le_bytes();
            }
        }
    }
}

#[inline(always)]
fn word(rows: &[&[u8]; CHUNK], first: usize, r: usize, k: usize) -> u64 {
    let bytes = rows[8 * k + r][first..].first_chunk().expect("rows are padded to whole blocks");
    u64::from_le_bytes(*bytes)
}

/// Word k of register r: eight bytes of the row at position 8k + r.
#[inline(always)]
fn load(rows: &[&[u8]; CHUNK], first: usize) -> [[u64; 8]; 8] {
    let mut words = [[0; 8]; 8];
    for (r, words) in words.iter_mut().enumerate() {
        for (k, word) in words.iter_mut().enumerate() {
            *word = self::word(rows, first, r, k);
        }
    }
    words
}

/// Transposes the 8 × 8 bytes of word k of all registers, for every k.
#[inline(always)]
fn turn(mut words: [[u64; 8]; 8]) -> [[u64; 8]; 8] {
    for (distance, shift, mask) in STAGES {
        for low in (0..8).filter(|r| r & distance == 0) {
            let (lower, upper) = words.split_at_mut(low + distance);
            for (low, high) in lower[low].iter_mut().zip(&mut upper[0]) {
                let crossed = ((*low >> shift) ^ *high) & mask.cast_unsigned();
                *high ^= crossed;
                *low ^= crossed << shift;
            }
        }
    }
    words
}
