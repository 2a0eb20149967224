//! From the text of a spec to everything that a study reads.

use std::path::Path;

use binnc::cli::load::{self, Depth, Loaded};
use binnc::io::MemoryWorld;

/// A spec whose data are simulated, compiled.
pub fn loaded(text: &str) -> Loaded {
    let world = MemoryWorld::default().with("spec.binn", text);
    let opened = load::open(&world, Path::new("spec.binn")).expect("is read");
    let spec = opened.spec.unwrap_or_else(|| panic!("is sound: {:?}", opened.found));
    load::load(&world, spec, Path::new("."), Depth::Calls).expect("compiles").0
}
