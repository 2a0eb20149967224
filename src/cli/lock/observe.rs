//! The files of a spec as they stand: size and digest of each, and what priors say.
//!
//! A file that is not there is listed, never an error: whoever needs it will say so.

use super::joins;
use crate::cli::load::{self, Loaded};
use crate::compiler::lock::{Contents, Kind, Source, Wanted, error, wanted};
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Provenance, Spec};
use std::path::Path;

/// What was found of the files that a spec reads.
pub(super) struct Observed {
    /// Those that are there.
    pub(super) sources: Vec<Source>,
    /// The spec's item of each.
    wanted: Vec<Wanted>,
    /// Those that are not.
    pub(super) absent: Vec<Absent>,
}

/// A file that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Absent {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) path: String,
}

impl Absent {
    pub(super) fn key(&self) -> (Kind, &str, &str) {
        (self.kind, &self.name, &self.path)
    }
}

/// Looks at every file; at genotype calls only where `calls` says so.
///
/// # Errors
/// E0301 for a file that is there and cannot be read.
pub(super) fn observe(
    world: &dyn World,
    spec: &Spec,
    root: &Path,
    calls: impl Fn(&Wanted) -> bool,
) -> Result<Observed, Diagnostic> {
    let mut observed = Observed { sources: Vec::new(), wanted: Vec::new(), absent: Vec::new() };
    for file in wanted(spec) {
        if file.is_calls() && !calls(&file) {
            continue;
        }
        let path = file.at(root);
        if !world.exists(&path) {
            // Calls are never needed to compile: without them nothing is missing.
            if !file.is_calls() {
                let Wanted { kind, name, path, .. } = file;
                observed.absent.push(Absent { kind, name, path });
            }
            continue;
        }
        let unreadable = |why| error::source_unreadable(&file.path, &why, file.span);
        let (bytes, blake3) = world.digest(&path).map_err(unreadable)?;
        observed.sources.push(entry(&file, spec, bytes, blake3));
        observed.wanted.push(file);
    }
    Ok(observed)
}

fn entry(file: &Wanted, spec: &Spec, bytes: u64, blake3: String) -> Source {
    let Provenance { origin, release, licence } =
        file.prior.map(|prior| spec.priors[prior].provenance.clone()).unwrap_or_default();
    Source {
        kind: file.kind,
        name: file.name.clone(),
        format: file.format.clone(),
        path: file.path.clone(),
        bytes,
        blake3,
        origin,
        release,
        licence,
        contents: None,
        joins: Vec::new(),
    }
}

impl Observed {
    /// Adds what priors say to the entries that are asked for.
    pub(super) fn describe(
        &mut self,
        world: &dyn World,
        spec: &Spec,
        root: &Path,
        loaded: Option<&Loaded>,
        is_asked: impl Fn(&Source) -> bool,
    ) {
        for (source, file) in self.sources.iter_mut().zip(&self.wanted) {
            let Some(prior) = file.prior.filter(|_| is_asked(source)) else { continue };
            source.contents = match loaded {
                Some(loaded) => loaded.priors.get(prior).map(Contents::of),
                None => load::prior(world, spec, root, prior).as_ref().map(Contents::of),
            };
            source.joins = loaded.map(|loaded| joins(loaded, prior)).unwrap_or_default();
        }
    }
}
