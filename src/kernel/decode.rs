//! Packed two-bit calls to numbers.
//!
//! A table of four entries carries coding, centring, scaling and imputation, so a missing
//! call needs no branch.

use super::math::Real;

/// out[k] = table[code of sample `samples[k]`]; four samples a byte, low bits first.
pub fn decode<T: Real>(packed: &[u8], table: &[f32; 4], samples: &[u32], out: &mut [T]) {
    let table = table.map(|entry| T::of(f64::from(entry)));
    for (value, sample) in out.iter_mut().zip(samples) {
        let byte = packed[(*sample >> 2) as usize];
        *value = table[usize::from((byte >> (2 * (sample & 3))) & 3)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_low_bits_first() {
        // Samples 0–3: codes 0, 1, 2, 3; samples 4, 5: codes 3, 0.
        let packed = [0b11_10_01_00, 0b00_11];
        let table = [2.0, -9.0, 1.0, 0.5];
        let mut out = [f64::NAN; 6];
        decode(&packed, &table, &[5, 4, 3, 2, 1, 0], &mut out);
        assert_eq!(out, [2.0, 0.5, 0.5, 1.0, -9.0, 2.0]);
    }
}
