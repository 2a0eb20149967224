//! A finished run, before anything is read of it.

use super::checkpoints::OWNER;
use super::commit::{self, RECORD, is_waiting, settle};
use crate::cli::error;
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use serde_json::Value;
use std::path::Path;

/// Files with a digest of their own.
const MODELS: &str = ".safetensors";

/// Makes sure that a finished run stands in a folder, as it was written.
///
/// # Errors
/// E0301 where none does, E0904 where a table is not as the run wrote it, E0901 where a run that waits to be
/// put in place cannot be.
pub(in crate::cli) fn finished(world: &dyn World, run: &Path) -> Result<(), Diagnostic> {
    if is_waiting(world, run) {
        let _held = super::hold(world, run)?;
        settle(world, run)?;
    }
    let Some(record) = json(world, &run.join(RECORD))? else {
        return Err(error::run_unfinished(run, world.exists(&run.join(super::CHECKPOINTS))));
    };
    for file in record["files"].as_array().into_iter().flatten() {
        let (Some(name), Some(digest)) = (file[0].as_str(), file[2].as_str()) else { continue };
        let path = run.join(name);
        if name.ends_with(MODELS) || !world.exists(&path) {
            continue;
        }
        let (_, found) = world.digest(&path).map_err(|why| error::table_unreadable(&path, &why))?;
        if found != digest {
            return Err(error::not_as_written(&path, digest, &found));
        }
    }
    Ok(())
}

/// The record of the run that stands in a folder, or waits to; `None` where none does.
pub(super) fn record(world: &dyn World, out: &Path) -> Result<Option<Value>, Diagnostic> {
    json(world, &commit::record_path(world, out))
}

/// The record of the run whose checkpoints stand in a folder; `None` where none do.
pub(super) fn begun(world: &dyn World, out: &Path) -> Result<Option<Value>, Diagnostic> {
    json(world, &out.join(super::CHECKPOINTS).join(OWNER))
}

/// What a file of JSON holds; `None` where there is none.
fn json(world: &dyn World, path: &Path) -> Result<Option<Value>, Diagnostic> {
    if !world.exists(path) {
        return Ok(None);
    }
    let unreadable = |why: &dyn std::fmt::Display| error::run_unreadable(path, why);
    let bytes = world.read(path).map_err(|why| unreadable(&why))?;
    serde_json::from_slice(&bytes).map(Some).map_err(|why| unreadable(&why))
}
