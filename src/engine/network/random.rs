//! One generator a purpose, so that no draw depends on how many came before it elsewhere.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What random numbers are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights; the index is the block.
    Weights,
    /// The order of training rows; the index is the epoch.
    Order,
}

/// The generator of this seed, purpose and index.
#[must_use]
pub fn generator(seed: u64, purpose: Purpose, index: usize) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(((purpose as u64) << 48) | index as u64);
    generator
}

/// A draw from [−1, 1).
pub fn symmetric(generator: &mut ChaCha8Rng) -> f64 {
    const TWO_TO_MINUS_52: f64 = 1.0 / 4_503_599_627_370_496.0;
    (generator.next_u64() >> 11) as f64 * TWO_TO_MINUS_52 - 1.0
}

/// Puts `values` into random order (Fisher & Yates).
pub fn shuffle<T>(values: &mut [T], generator: &mut ChaCha8Rng) {
    for last in (1..values.len()).rev() {
        let wide = u128::from(generator.next_u64()) * (last as u128 + 1);
        values.swap(last, (wide >> 64) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffle_keeps_all_and_reaches_all_orders() {
        let mut seen = [0_usize; 6];
        for index in 0..6000 {
            let mut values = [0, 1, 2];
            shuffle(&mut values, &mut generator(5, Purpose::Order, index));
            let place = values[0] * 2 + usize::from(values[1] > values[2]);
            seen[place] += 1;
        }
        assert!(seen.iter().all(|count| (880..1120).contains(count)), "{seen:?}");
    }

    #[test]
    fn purposes_and_indices_have_their_own_streams() {
        let draw = |purpose, index| generator(9, purpose, index).next_u64();
        assert_eq!(draw(Purpose::Weights, 3), draw(Purpose::Weights, 3));
        assert_ne!(draw(Purpose::Weights, 3), draw(Purpose::Weights, 4));
        assert_ne!(draw(Purpose::Weights, 3), draw(Purpose::Order, 3));
    }
}
