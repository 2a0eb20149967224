//! How many fused products the machine does, all in registers.

use pulp::{Arch, NullaryFnOnce};
use std::hint::black_box;
use std::time::Instant;

/// Values in registers: enough for products that wait for those before.
const VALUES: usize = 12 * 16;
const ROUNDS: usize = 2_000_000;
const REPEATS: usize = 5;

/// 10⁹ single-precision operations a second, a fused product and sum counting as two; the best of
/// some runs of so many threads.
pub fn gflops(threads: usize) -> f64 {
    let seconds = |_| {
        let started = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| black_box(Arch::new().dispatch(Products)));
            }
        });
        started.elapsed().as_secs_f64()
    };
    let best = (0..REPEATS).map(seconds).fold(f64::INFINITY, f64::min);
    (2 * VALUES * ROUNDS * threads) as f64 / best / 1e9
}

struct Products;

impl NullaryFnOnce for Products {
    type Output = [f32; VALUES];

    #[inline(always)]
    fn call(self) -> Self::Output {
        let (factor, term) = (black_box(0.999), black_box(0.001));
        let mut values = black_box([1.0_f32; VALUES]);
        for _ in 0..ROUNDS {
            for value in &mut values {
                *value = value.mul_add(factor, term);
            }
        }
        values
    }
}
