//! Seeded shuffling that stays the same whatever becomes of library helpers.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a random stream is for; each purpose of a seed has its own numbers.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// Folds of one repeat, from 1.
    Folds(usize),
    /// Rows for early stopping.
    Validation,
    /// Folds of training rows by which something is chosen.
    Inner,
    /// Some of the training rows, for a learning curve.
    Some,
    /// Test rows drawn anew, for an interval.
    Bootstrap,
    /// Values of traits under a null.
    Null,
}

pub(super) fn generator(seed: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(match purpose {
        Purpose::Validation => 1 << 32,
        Purpose::Inner => 1 << 33,
        Purpose::Some => 1 << 34,
        Purpose::Bootstrap => 1 << 35,
        Purpose::Null => 1 << 36,
        Purpose::Folds(repeat) => repeat as u64,
    });
    generator
}

/// Fisher–Yates from the end; every order is equally likely.
pub(super) fn shuffle<T>(items: &mut [T], generator: &mut ChaCha8Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(last as u64 + 1, generator) as usize);
    }
}

/// Rows drawn with replacement, one sample after another.
pub struct Resampling(ChaCha8Rng);

impl Resampling {
    /// The stream of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self(generator(seed, Purpose::Bootstrap))
    }

    /// As many places below `count`, each equally likely every time.
    pub fn draw(&mut self, count: usize) -> Vec<usize> {
        (0..count).map(|_| below(count as u64, &mut self.0) as usize).collect()
    }
}

/// Standard normal numbers, one after another.
pub struct Normals(ChaCha8Rng);

impl Normals {
    /// The stream of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self(generator(seed, Purpose::Null))
    }

    /// The next one.
    pub fn draw(&mut self) -> f64 {
        let mut uniform = || (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        box_muller(uniform(), uniform())
    }
}

/// A standard normal number of two that are uniform on [0, 1) (Box & Muller 1958).
pub(super) fn box_muller(first: f64, second: f64) -> f64 {
    (-2.0 * libm::log(1.0 - first)).sqrt() * libm::cos(std::f64::consts::TAU * second)
}

/// A number below `bound` without bias: draws beyond the last whole multiple are repeated.
fn below(bound: u64, generator: &mut ChaCha8Rng) -> u64 {
    let beyond = u64::MAX - u64::MAX % bound;
    loop {
        let draw = generator.next_u64();
        if draw < beyond {
            return draw % bound;
        }
    }
}
