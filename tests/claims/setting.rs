//! From the text of a spec to everything that a study reads.

use std::path::Path;

use binnc::cli::load::{self, Depth, Loaded};
use binnc::io::{MemoryWorld, World};
use binnc::language::spec::Spec;
use binnc::study::evaluate::Study;
use rayon::ThreadPool;

/// A spec as text, lowered.
pub fn spec(text: &str) -> Spec {
    let world = MemoryWorld::default().with("claim.binn", text);
    let opened = load::open(&world, Path::new("claim.binn")).expect("the spec is read");
    opened.spec.unwrap_or_else(|| panic!("the spec is sound: {:?}", opened.found))
}

/// A spec with its sources, compiled.
pub fn loaded(world: &dyn World, spec: Spec, root: &Path) -> Loaded {
    load::load(world, spec, root, Depth::Calls).unwrap_or_else(|found| panic!("compiles: {found:?}")).0
}

/// What an evaluation reads of it.
pub fn study(loaded: &Loaded) -> Study<'_> {
    loaded.study()
}

/// Two threads, whatever the machine has.
pub fn pool() -> ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads")
}

/// Mean, and SD with divisor n − 1.
pub fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}
