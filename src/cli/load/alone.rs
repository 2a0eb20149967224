//! Tables and priors by themselves, where the lists of variants and samples are not there.
//!
//! Whoever keeps knowledge in git and genotypes elsewhere is told what is wrong with the files.

use super::{Depth, Reader};
use crate::io::World;
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::{Format, Spec, at_imports, without_allowed};
use std::path::Path;

/// Reads those tables and priors of a spec that are there, for what they show alone; those that are
/// not there by name.
pub fn sources(world: &dyn World, spec: &Spec, root: &Path) -> (Diagnostics, Vec<String>) {
    let mut reader = Reader::new(world, root, Depth::Lists);
    let mut absent = Vec::new();
    let mut is_there = |path: &str| {
        let there = world.exists(&root.join(path));
        if !there {
            absent.push(path.to_string());
        }
        there
    };
    for table in spec.tables.iter().filter(|table| table.origin.format != Format::Simulate) {
        if is_there(&table.origin.path) {
            reader.table(table);
        }
    }
    for prior in spec.priors.iter().filter(|prior| prior.origin.format != Format::Simulate) {
        if is_there(&prior.origin.path) {
            reader.prior(prior);
        }
    }
    (without_allowed(at_imports(reader.found, &spec.imported), &spec.allowed), absent)
}
