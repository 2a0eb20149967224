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

/// Adds lanes at a distance: of `low` into lanes without the distance's bit, of `high` into those
/// with it.
#[target_feature(enable = "avx512f")]
#[inline]
fn halved(low: __m512, high: __m512, mask: __mmask16, swap: impl Fn(__m512) -> __m512) -> __m512 {
    let stay = _mm512_mask_blend_ps(mask, low, high);
    let cross = _mm512_mask_blend_ps(mask, high, low);
    _mm512_add_ps(stay, swap(cross))
}

/// The sum of each register's lanes, one a lane.
#[target_feature(enable = "avx512f")]
#[inline]
pub fn fold(mut rows: [__m512; LANES]) -> __m512 {
    for k in 0..8 {
        rows[k] = halved(rows[k], rows[k + 8], 0xff00, |x| _mm512_shuffle_f32x4::<0x4e>(x, x));
    }
    for k in 0..4 {
        rows[k] = halved(rows[k], rows[k + 4], 0xf0f0, |x| _mm512_shuffle_f32x4::<0xb1>(x, x));
    }
    for k in 0..2 {
        rows[k] = halved(rows[k], rows[k + 2], 0xcccc, |x| _mm512_permute_ps::<0x4e>(x));
    }
    halved(rows[0], rows[1], 0xaaaa, |x| _mm512_permute_ps::<0xb1>(x))
}
