//! Bytes of samples to lines of quads.

use super::{CHUNK, Line};
use crate::kernel::isa::Isa;

/// Bytes of a sample that are turned at once where there are fewer than a whole line.
const WORD: usize = 8;

/// Bytes of many samples, of which those of a chunk are picked.
#[derive(Clone, Copy, Debug)]
pub struct Picked<'a> {
    /// `[samples × stride]`
    pub bytes: &'a [u8],
    /// Bytes a sample: whole lines, or whole words of 8 where there are fewer than a line.
    pub stride: usize,
    /// The sample at each position of a line.
    pub samples: &'a [u32; CHUNK],
}

impl<'a> Picked<'a> {
    /// `count` bytes of the sample at a position, from `first` on.
    #[inline(always)]
    fn at<const COUNT: usize>(&self, position: usize, first: usize) -> &'a [u8; COUNT] {
        let start = self.samples[position] as usize * self.stride + first;
        self.bytes[start..].first_chunk().expect("the sample has its bytes")
    }

    /// Asks for the bytes of one of the four quarters of the chunk: samples lie too far apart for the
    /// machine to guess, and it waits when it is asked for too many at once.
    pub fn announce(&self, quarter: usize) {
        for sample in self.samples.iter().skip(quarter * CHUNK / 4).take(CHUNK / 4) {
            let start = *sample as usize * self.stride;
            prefetch(&self.bytes[start..start + self.stride]);
        }
    }
}

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

/// lines[q][p] = byte q of the sample at position p, for as many lines as a sample has bytes.
pub fn transpose(isa: Isa, picked: Picked<'_>, lines: &mut [Line]) {
    debug_assert_eq!(lines.len(), picked.stride, "one line a byte");
    match isa {
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "entry into functions of an instruction set")]
        // SAFETY: callers name an instruction set that is on the machine.
        Isa::Avx512 => unsafe { registers::transpose(picked, lines) },
        _ => words(picked, lines),
    }
}

/// Turns 8 × 8 bytes at a time.
#[inline(always)]
fn words(picked: Picked<'_>, lines: &mut [Line]) {
    for (block, lines) in lines.as_chunks_mut::<WORD>().0.iter_mut().enumerate() {
        for position in (0..CHUNK).step_by(WORD) {
            let mut rows = [0; WORD];
            for (r, row) in rows.iter_mut().enumerate() {
                *row = u64::from_le_bytes(*picked.at(position + r, block * WORD));
            }
            for (line, word) in lines.iter_mut().zip(turn(rows)) {
                line[position..position + WORD].copy_from_slice(&word.to_le_bytes());
            }
        }
    }
}

/// Transposes 8 × 8 bytes: halves change places across the diagonal, then quarters, then bytes.
#[inline(always)]
fn turn(mut rows: [u64; WORD]) -> [u64; WORD] {
    const STAGES: [(usize, u64); 3] =
        [(4, 0x0000_0000_ffff_ffff), (2, 0x0000_ffff_0000_ffff), (1, 0x00ff_00ff_00ff_00ff)];
    for (distance, mask) in STAGES {
        let shift = 8 * distance;
        for low in (0..WORD).filter(|r| r & distance == 0) {
            let crossed = ((rows[low] >> shift) ^ rows[low + distance]) & mask;
            rows[low + distance] ^= crossed;
            rows[low] ^= crossed << shift;
        }
    }
    rows
}

#[cfg(target_arch = "x86_64")]
mod registers {
    //! The same in registers of 64 bytes.

    #![expect(unsafe_code, reason = "loads and stores of registers")]

    use super::super::{CHUNK, Line};
    use super::{Picked, words};
    use std::arch::x86_64::*;

    /// Rows of a square that one lane of 16 bytes holds.
    const SQUARE: usize = 16;

    #[target_feature(enable = "avx512f,avx512bw")]
    pub fn transpose(picked: Picked<'_>, lines: &mut [Line]) {
        let (whole, rest) = lines.as_chunks_mut::<CHUNK>();
        for (block, lines) in whole.iter_mut().enumerate() {
            transpose_lines(picked, block * CHUNK, lines);
        }
        if !rest.is_empty() {
            words(picked, rest);
        }
    }

    /// Row r meets row r + 8: bytes of both alternate.
    macro_rules! interleaved {
        ($rows:ident; $($r:literal)*) => {
            [$(
                _mm512_unpacklo_epi8($rows[$r], $rows[$r + SQUARE / 2]),
                _mm512_unpackhi_epi8($rows[$r], $rows[$r + SQUARE / 2]),
            )*]
        };
        ($rows:ident) => { interleaved!($rows; 0 1 2 3 4 5 6 7) };
    }

    /// Four rounds of interleaving transpose 16 × 16 bytes in every lane: lane l of register i of a
    /// square then holds byte 16·l + i of 16 rows. Lanes of the four squares change places last.
    #[target_feature(enable = "avx512f,avx512bw")]
    #[inline]
    fn transpose_lines(picked: Picked<'_>, first: usize, lines: &mut [Line; CHUNK]) {
        let mut squares = [[_mm512_setzero_si512(); SQUARE]; CHUNK / SQUARE];
        for (at, square) in squares.iter_mut().enumerate() {
            let mut rows = [_mm512_setzero_si512(); SQUARE];
            for (r, row) in rows.iter_mut().enumerate() {
                *row = load(picked.at(at * SQUARE + r, first));
            }
            // A function for these would pass its registers through memory.
            let rows = interleaved!(rows);
            let rows = interleaved!(rows);
            let rows = interleaved!(rows);
            *square = interleaved!(rows);
        }
        let [a, b, c, d] = &squares;
        for i in 0..SQUARE {
            for (lane, line) in turn_lanes([a[i], b[i], c[i], d[i]]).into_iter().enumerate() {
                store(&mut lines[lane * SQUARE + i], line);
            }
        }
    }

    /// Transposes 4 × 4 lanes.
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn turn_lanes([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
        const EVEN: i32 = 0b10_00_10_00;
        const ODD: i32 = 0b11_01_11_01;
        let (ab0, ab1) = (_mm512_shuffle_i32x4::<EVEN>(a, b), _mm512_shuffle_i32x4::<ODD>(a, b));
        let (cd0, cd1) = (_mm512_shuffle_i32x4::<EVEN>(c, d), _mm512_shuffle_i32x4::<ODD>(c, d));
        [
            _mm512_shuffle_i32x4::<EVEN>(ab0, cd0),
            _mm512_shuffle_i32x4::<EVEN>(ab1, cd1),
            _mm512_shuffle_i32x4::<ODD>(ab0, cd0),
            _mm512_shuffle_i32x4::<ODD>(ab1, cd1),
        ]
    }

    #[target_feature(enable = "avx512f")]
    #[inline]
    fn load(bytes: &[u8; CHUNK]) -> __m512i {
        // SAFETY: the array is 64 bytes long.
        unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
    }

    #[target_feature(enable = "avx512f")]
    #[inline]
    fn store(line: &mut Line, register: __m512i) {
        // SAFETY: a line is 64 bytes long.
        unsafe { _mm512_storeu_si512(line.as_mut_ptr().cast(), register) };
    }
}
