//! Whether a spec and its files are those of its lock: an error under `--locked`, else a warning.
//!
//! Files are compared before anything is compiled, so that a changed prior is named even when
//! the graph can no longer be built.

use super::observe::observe;
use super::{Place, lock_path};
use crate::cli::load::Loaded;
use crate::compiler::lock::{Change, Kind, Lock, LockedGraph, Source, error, wanted};
use crate::io::World;
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Span;
use crate::language::spec::Spec;
use crate::language::spec::digest::SpecDigests;
use std::path::Path;

/// What is asked of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Asked {
    /// Whether any difference is an error.
    pub(in crate::cli) locked: bool,
    /// Whether files may be opened; else the spec alone is compared.
    pub(in crate::cli) files: bool,
}

/// What the comparison found.
#[derive(Debug, Default)]
pub(in crate::cli) struct Verified {
    /// Errors under `--locked`, else at most one warning.
    pub(in crate::cli) found: Diagnostics,
    /// Files that are not there, and so were not compared.
    pub(in crate::cli) absent: Vec<String>,
    /// The lock, where spec and files fit it.
    fitting: Option<Lock>,
    locked: bool,
    shown: (String, String),
    model: Span,
}

/// Compares a spec and its files with the lock beside it.
pub(in crate::cli) fn verify(
    world: &dyn World,
    spec: &Spec,
    path: &Path,
    root: &Path,
    asked: Asked,
) -> Verified {
    let place = Place { world, path, root, lock: lock_path(path) };
    let mut verified = Verified {
        locked: asked.locked,
        shown: place.shown(),
        model: spec.model.span,
        ..Verified::default()
    };
    let lock = match place.read() {
        None if asked.locked => {
            verified.found.push(error::no_lock(verified.names(), verified.model));
            return verified;
        }
        None => return verified,
        Some(Ok(lock)) => lock,
        Some(Err(finding)) => {
            let finding = if asked.locked {
                finding
            } else {
                error::unusable(&finding, verified.names(), verified.model)
            };
            verified.found.push(finding);
            return verified;
        }
    };
    match verified.changes(&place, spec, &lock, asked.files) {
        Err(finding) => verified.found.push(finding),
        Ok(changes) if changes.is_empty() => verified.fitting = Some(lock),
        Ok(changes) => verified.report(&changes, spec),
    }
    verified
}

impl Verified {
    fn names(&self) -> error::Names<'_> {
        error::Names { lock: &self.shown.0, spec: &self.shown.1 }
    }

    fn changes(
        &mut self,
        place: &Place<'_>,
        spec: &Spec,
        lock: &Lock,
        files: bool,
    ) -> Result<Vec<Change>, Diagnostic> {
        let digests = SpecDigests::of(spec);
        if !files {
            let absent: Vec<_> =
                lock.sources.iter().map(|s| (s.kind, s.name.clone(), s.path.clone())).collect();
            return Ok(lock.changes(&digests, &[], &absent));
        }
        let locked = |path: &str| lock.sources.iter().find(|source| source.path == path);
        let mut observed = observe(place.world, spec, place.root, |file| locked(&file.path).is_some())?;
        let is_other = |source: &Source| locked(&source.path).is_some_and(|was| was.blake3 != source.blake3);
        observed.describe(place.world, spec, place.root, None, is_other);
        self.absent = observed.absent.iter().map(|absent| absent.path.clone()).collect();
        let absent = observed.absent.into_iter().map(|absent| (absent.kind, absent.name, absent.path));
        let absent: Vec<_> = absent.chain(calls(spec)).collect();
        Ok(lock.changes(&digests, &observed.sources, &absent))
    }

    fn report(&mut self, changes: &[Change], spec: &Spec) {
        let files = wanted(spec);
        let place = |source: &Source| {
            let file = files.iter().find(|file| (file.kind, &*file.name, &*file.path) == source.key());
            file.map(|file| file.span)
        };
        let found: Vec<Diagnostic> = if self.locked {
            changes.iter().map(|change| error::changed(change, self.names(), self.model, place)).collect()
        } else {
            vec![error::stale(changes, self.names(), self.model)]
        };
        self.found.extend(found);
    }

    /// The finding of a graph that is not the locked one although spec and files are.
    pub(in crate::cli) fn graph(&self, loaded: &Loaded) -> Option<Diagnostic> {
        let lock = self.fitting.as_ref()?;
        let (was, now) = (lock.graph.as_ref()?, LockedGraph::of(&loaded.plan, &loaded.summary));
        if (&was.digest, &was.plan) == (&now.digest, &now.plan) {
            return None;
        }
        let versions = [lock.written_by.as_str(), env!("CARGO_PKG_VERSION")];
        Some(error::other_graph(was, &now, versions, self.locked, self.names(), self.model))
    }
}

/// Genotype calls: where they are locked and not there, whoever needs them will say so.
fn calls(spec: &Spec) -> impl Iterator<Item = (Kind, String, String)> {
    wanted(spec).into_iter().filter(|file| file.is_calls()).map(|file| (file.kind, file.name, file.path))
}
