//! Random numbers with a stream for each purpose, the same on every platform.
//!
//! Streams are independent, so drawing more for one purpose changes no other.

use super::super::random::box_muller;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What random numbers are drawn for; the discriminant is the stream number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Assignment = 1,
    Effects = 2,
    Alleles = 3,
    Meiosis = 4,
    OutgrowthNoise = 5,
    AuxinNoise = 6,
    SucroseNoise = 7,
    CytokininNoise = 8,
    StrigolactoneNoise = 9,
}

/// A stream of random numbers.
pub(super) struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of `purpose` under `seed`.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(purpose as u64);
        Self(generator)
    }

    /// Uniform on [0, 1), a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `0 .. count`; the bias is below count · 2⁻⁵³.
    pub fn below(&mut self, count: usize) -> usize {
        (self.uniform() * count as f64) as usize
    }

    /// Standard normal, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        box_muller(self.uniform(), self.uniform())
    }

    /// Standard exponential.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.uniform())
    }

    /// Puts the items in random order, each order as likely as any other.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_deviates_have_normal_moments() {
        let mut stream = Stream::new(1, Purpose::AuxinNoise);
        let draws: Vec<f64> = (0..200_000).map(|_| stream.normal()).collect();
        let moment = |power: i32| draws.iter().map(|x| x.powi(power)).sum::<f64>() / draws.len() as f64;
        for (power, expected, tolerance) in [(1, 0.0, 0.01), (2, 1.0, 0.015), (3, 0.0, 0.04), (4, 3.0, 0.1)] {
            assert!((moment(power) - expected).abs() < tolerance, "moment {power}: {}", moment(power));
        }
    }

    #[test]
    fn streams_differ_and_repeat() {
        let first = |purpose| Stream::new(7, purpose).uniform();
        assert_eq!(first(Purpose::Meiosis), first(Purpose::Meiosis));
        assert_ne!(first(Purpose::Meiosis), first(Purpose::Alleles));
    }
}
