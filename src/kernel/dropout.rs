//! Inverted dropout (Srivastava et al. 2014) from a counter.
//!
//! Whether a value is dropped is a function of (seed, step, row, place in the batch), so no
//! generator has a state that depends on what ran before.

use super::math::Real;

/// Zeroes a share `rate` of `values` and multiplies the rest by 1/(1 − rate); `slopes` alike.
///
/// `row` is the row's number in the plan.
pub fn apply<T: Real>(values: &mut [T], slopes: &mut [T], rate: f64, seed: u64, step: u64, row: u64) {
    let key = mixed(mixed(mixed(seed) ^ step) ^ row);
    let kept = T::of(1.0 / (1.0 - rate));
    let bound = (rate * TWO_TO_53) as u64;
    for (place, (value, slope)) in values.iter_mut().zip(slopes).enumerate() {
        let draw = mixed(key.wrapping_add((place as u64).wrapping_mul(GOLDEN))) >> 11;
        let factor = if draw < bound { T::ZERO } else { kept };
        *value *= factor;
        *slope *= factor;
    }
}

const TWO_TO_53: f64 = 9_007_199_254_740_992.0;
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

// The output function of SplitMix64 (Steele, Lea & Flood 2014).
fn mixed(counter: u64) -> u64 {
    let mut z = counter.wrapping_add(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(rate: f64, seed: u64, step: u64, row: u64, count: usize) -> Vec<f64> {
        let (mut values, mut slopes) = (vec![1.0; count], vec![2.0; count]);
        apply(&mut values, &mut slopes, rate, seed, step, row);
        assert!(values.iter().zip(&slopes).all(|(value, slope)| 2.0 * value == *slope));
        values
    }

    #[test]
    fn keeps_the_expectation() {
        for rate in [0.1, 0.5, 0.8] {
            let values = dropped(rate, 7, 3, 11, 100_000);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let error = (rate / (1.0 - rate) / values.len() as f64).sqrt();
            assert!((mean - 1.0).abs() < 4.0 * error, "mean {mean} at rate {rate}");
        }
    }

    #[test]
    fn masks_differ_by_seed_step_and_row_and_repeat() {
        let first = dropped(0.5, 1, 1, 1, 256);
        assert_eq!(first, dropped(0.5, 1, 1, 1, 256));
        for (seed, step, row) in [(2, 1, 1), (1, 2, 1), (1, 1, 2)] {
            let other = dropped(0.5, seed, step, row, 256);
            let equal = first.iter().zip(&other).filter(|(a, b)| a == b).count();
            assert!((80..176).contains(&equal), "{equal} of 256 places agree");
        }
    }
}
