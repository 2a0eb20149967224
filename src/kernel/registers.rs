//! Registers of 16 numbers, for kernels on AVX-512.

#![expect(unsafe_code, reason = "loads and stores of registers")]

use std::arch::x86_64::*;

/// Numbers of a register.
pub const LANES: usize = 16;

#[target_feature(enable = "avx512f")]
#[inline]
pub fn load(values: &[f32; LANES]) -> __m512 {
    // SAFETY: the array is 64 bytes long.
    unsafe { _mm512_loadu_ps(values.as_ptr()) }
}

#[target_feature(enable = "avx512f")]
#[inline]
pub fn store(values: &mut [f32; LANES], register: __m512) {
    // SAFETY: the array is 64 bytes long.
    unsafe { _mm512_storeu_ps(values.as_mut_ptr(), register) }
}

/// The first floats of a slice, with zeros behind its end.
#[target_feature(enable = "avx512f")]
#[inline]
pub fn load_up_to(values: &[f32]) -> __m512 {
    match values.first_chunk() {
        Some(whole) => load(whole),
        // SAFETY: lanes beyond the slice are masked, and masked lanes are not read.
        None => unsafe { _mm512_maskz_loadu_ps((1 << values.len()) - 1, values.as_ptr()) },
    }
}

/// Stores as many lanes as the slice has numbers, up to all.
#[target_feature(enable = "avx512f")]
#[inline]
pub fn store_up_to(values: &mut [f32], register: __m512) {
    match values.first_chunk_mut() {
        Some(whole) => store(whole, register),
        // SAFETY: lanes beyond the slice are masked, and masked lanes are not written.
        None => unsafe {
            _mm512_mask_storeu_ps(values.as_mut_ptr(), (1 << values.len()) - 1, register);
        },
    }
}

/// The sum of each row's lanes, one a lane: lanes 8 apart are added first, then those 4, 2 and 1
/// apart. Each step halves two registers into one.
#[target_feature(enable = "avx512f")]
#[inline]
pub fn fold(rows: &[__m512; LANES]) -> __m512 {
    let mut sums = [_mm512_setzero_ps(); 4];
    for (k, sum) in sums.iter_mut().enumerate() {
        let low = halves(rows[k], rows[k + 4]);
        let high = halves(rows[k + 8], rows[k + 12]);
        let (even, odd) = (_mm512_shuffle_f32x4::<0x88>(low, high), _mm512_shuffle_f32x4::<0xdd>(low, high));
        *sum = _mm512_add_ps(even, odd);
    }
    let [a, b, c, d] = sums;
    let (low, high) = (pairs(a, b), pairs(c, d));
    _mm512_add_ps(_mm512_shuffle_ps::<0x88>(low, high), _mm512_shuffle_ps::<0xdd>(low, high))
}

/// Sums of lanes 8 apart, of `a` in the lower half.
#[target_feature(enable = "avx512f")]
#[inline]
fn halves(a: __m512, b: __m512) -> __m512 {
    _mm512_add_ps(_mm512_shuffle_f32x4::<0x44>(a, b), _mm512_shuffle_f32x4::<0xee>(a, b))
}

/// Sums of lanes 2 apart within every four, of `a` in the lower two.
#[target_feature(enable = "avx512f")]
#[inline]
fn pairs(a: __m512, b: __m512) -> __m512 {
    _mm512_add_ps(_mm512_shuffle_ps::<0x44>(a, b), _mm512_shuffle_ps::<0xee>(a, b))
}
