//! What `check` and `compile` find of an opened spec, and what it compiles to.
//!
//! A review depends on the spec, its files and binnc alone, so it is kept: see [`kept`].

mod built;
mod kept;

use super::load::{Depth, Loaded, load_cached};
use super::lock::{self, verify};
use crate::io::World;
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Spec;
pub(super) use built::{Built, forecast};
pub(super) use kept::review;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What is asked of an opened spec.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The spec's file.
    pub(super) path: &'a Path,
    /// The folder of its data.
    pub(super) root: &'a Path,
    /// Whether any difference from the lock is an error.
    pub(super) locked: bool,
    /// Whether the plan is to be named by its digest.
    pub(super) digests: bool,
    /// Where parsed priors and reviews are kept.
    pub(super) cache: Option<&'a Path>,
}

/// What was found, and what was built when nothing forbade it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Reviewed {
    /// Every finding.
    pub(super) found: Diagnostics,
    /// Files that are not there, and so were not compared with the lock.
    pub(super) uncompared: Vec<String>,
    /// The plan's figures; `None` when there are errors.
    pub(super) built: Option<Built>,
    /// What is to be said of the cache, one sentence each.
    #[serde(skip)]
    pub(super) cache_notes: Vec<String>,
}

/// Compares with the lock, reads every source, compiles.
pub(super) fn afresh(world: &dyn World, spec: Spec, asked: Asked<'_>) -> (Reviewed, Option<Loaded>) {
    let mut reviewed = Reviewed::default();
    let of_lock = lock::Asked { locked: asked.locked, files: true };
    let verified = verify(world, &spec, asked.path, asked.root, of_lock);
    reviewed.found.extend(verified.found.clone());
    reviewed.uncompared.clone_from(&verified.absent);
    match load_cached(world, spec, asked.root, Depth::Lists, asked.cache) {
        Ok((loaded, said)) => {
            reviewed.found.extend(said);
            reviewed.found.extend(verified.graph(&loaded));
            reviewed.cache_notes.clone_from(&loaded.cache_notes);
            reviewed.built = Some(Built::of(&loaded, asked.digests));
            (reviewed, Some(loaded))
        }
        Err(said) => {
            reviewed.found.extend(said);
            (reviewed, None)
        }
    }
}
