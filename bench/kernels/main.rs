//! Kernels alone, on data that stay in the nearest caches: a chunk of 64 samples, and as much of a
//! network as one visit to a span has.
//!
//! usage: cargo bench --bench kernels [-- FILTER]          (KERNELS_ISA=scalar|avx2|avx512 pins a set)
//!
//! Throughput counts edges times samples, or values. Kernels that take an instruction set run on
//! each that the machine has; the others on the widest, or on the one pinned.

#![expect(clippy::disallowed_methods, reason = "a program of its own reads its environment")]

mod calls;
mod values;

use binnc::kernel::isa::Isa;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use std::time::Duration;

/// Samples of a batch.
const SAMPLES: usize = 64;

fn main() {
    if let Ok(name) = std::env::var("KERNELS_ISA") {
        let isa = Isa::ALL.into_iter().find(|isa| isa.name() == name);
        assert!(isa.is_some_and(Isa::pin), "KERNELS_ISA={name}: not a set of this machine");
    }
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .without_plots()
        .configure_from_args();
    calls::packed(&mut criterion);
    calls::transposed(&mut criterion);
    values::gathered(&mut criterion);
    values::dense(&mut criterion);
    values::activations(&mut criterion);
    values::updates(&mut criterion);
    criterion.final_summary();
}

/// Benchmarks whose iteration handles so many elements.
fn group<'a>(criterion: &'a mut Criterion, name: &str, elements: usize) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(elements as u64));
    group
}

/// Numbers between −1 and 1 without a pattern that a kernel could use.
fn wave(count: usize, factor: f32) -> Vec<f32> {
    let turn = |k: usize| (k as f32 * factor).fract() * 2.0 - 1.0;
    (1..=count).map(turn).collect()
}
