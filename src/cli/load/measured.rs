//! Genotypes and tables without a graph: what links are derived from.

use super::variants::offered;
use super::{Depth, Reader, joined};
use crate::data::{Cohort, GenotypeSet, InputFile};
use crate::io::World;
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::{Spec, at_imports, without_allowed};
use std::path::Path;

/// Genotypes with what was measured on the same samples.
#[derive(Debug)]
pub struct Measured {
    /// Genotype sets with their calls.
    pub sets: Vec<GenotypeSet>,
    /// Which variants may be used.
    pub offered: Vec<Vec<bool>>,
    /// Samples joined with tables.
    pub cohort: Cohort,
    /// Every file read.
    pub files: Vec<InputFile>,
}

/// Reads the genotype sets and tables of a spec; priors need not be there yet.
///
/// # Errors
/// All that was found, when any of it is an error.
pub fn measured(world: &dyn World, spec: &Spec, root: &Path) -> Result<(Measured, Diagnostics), Diagnostics> {
    let said = |found| at_imports(without_allowed(found, &spec.allowed), &spec.imported);
    let mut reader = Reader::new(world, root, Depth::Calls);
    let simulated = reader.genotypes(spec);
    reader.tables(spec, &simulated);
    let Reader { mut found, read, .. } = reader;
    if found.has_errors() {
        return Err(said(found));
    }
    let cohort = joined(spec, &read, &mut found);
    let offered = offered(spec, &read.variants, &mut found);
    match cohort {
        Some(cohort) if !found.has_errors() => {
            // What is measured once of an individual counts once, however many records it has elsewhere.
            let cohort = if cohort.records.is_some() { cohort.first_records() } else { cohort };
            Ok((Measured { sets: read.sets, offered, cohort, files: read.files }, said(found)))
        }
        _ => Err(said(found)),
    }
}
