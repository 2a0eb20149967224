//! Putting a whole run in place: all of its files or none.
//!
//! Files are written beside those of an earlier run, `run.json` last: from then on the new run stands.
//! Only then do they take the places of the earlier ones, and whoever comes after a process that was
//! ended meanwhile finishes that.

use crate::cli::error;
use crate::cli::print::cannot_write;
use crate::cli::report::PAGE;
use crate::io::{TEMPORARY, World};
use crate::language::diagnostics::Diagnostic;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// Where files wait, in the folder of the run.
const WAITING: &str = ".binnc-new";
/// The file that makes a run.
pub(super) const RECORD: &str = "run.json";
/// Folds of a run whose record names no files.
const FOLDS: &str = "folds";
/// Stands where somebody removed the record of a run.
const FIRST_FOLD: &str = "folds/r1-f1/model.safetensors";

/// Files on their way into a run folder.
pub(super) struct Commit<'a> {
    world: &'a dyn World,
    out: &'a Path,
    files: Vec<(String, u64, String)>,
}

impl<'a> Commit<'a> {
    /// Clears what a run that was cut off left waiting.
    pub(super) fn new(world: &'a dyn World, out: &'a Path) -> Result<Self, Diagnostic> {
        let commit = Self { world, out, files: Vec::new() };
        commit.clear()?;
        commit.create("")?;
        Ok(commit)
    }

    /// Writes a file beside its place; names are relative to the folder, with `/`.
    pub(super) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        if let Some((folder, _)) = name.rsplit_once('/') {
            self.create(folder)?;
        }
        let path = self.out.join(name);
        let written = self.world.write(&self.waiting(name), bytes);
        written.map_err(|why| cannot_write(&path, &why)).inspect_err(|_| drop(self.clear()))?;
        self.files.push((name.to_string(), bytes.len() as u64, blake3::hash(bytes).to_hex().to_string()));
        Ok(())
    }

    /// The files so far, with size and BLAKE3.
    pub(super) fn files(&self) -> Vec<(String, u64, String)> {
        self.files.clone()
    }

    /// Writes the record, and puts all in place.
    pub(super) fn finish(mut self, record: &[u8]) -> Result<(), Diagnostic> {
        self.write(RECORD, record)?;
        settle(self.world, self.out)
    }

    fn waiting(&self, name: &str) -> PathBuf {
        self.out.join(WAITING).join(name)
    }

    fn create(&self, folder: &str) -> Result<(), Diagnostic> {
        let path = self.waiting(folder);
        let created = self.world.create_folder(&path).map_err(|why| cannot_write(&path, &why));
        created.inspect_err(|_| drop(self.clear()))
    }

    fn clear(&self) -> Result<(), Diagnostic> {
        remove(self.world, &self.out.join(WAITING))
    }
}

/// Whether a whole run waits to be put in place.
pub(super) fn is_waiting(world: &dyn World, out: &Path) -> bool {
    world.exists(&out.join(WAITING).join(RECORD))
}

/// The record of the run that stands in a folder, or waits to.
pub(super) fn record_path(world: &dyn World, out: &Path) -> PathBuf {
    if is_waiting(world, out) { out.join(WAITING).join(RECORD) } else { out.join(RECORD) }
}

/// Puts a run that waits in place, the record last; files of the earlier run that it has not go.
pub(super) fn settle(world: &dyn World, out: &Path) -> Result<(), Diagnostic> {
    let waiting = out.join(WAITING);
    if !is_waiting(world, out) {
        return Ok(());
    }
    let files = |path: &Path| world.read(path).ok().and_then(|bytes| files_of(&bytes));
    let record = waiting.join(RECORD);
    let new = files(&record).ok_or_else(|| error::waits_without_files(&record))?;
    // It is about the run that goes.
    remove(world, &out.join(PAGE))?;
    if world.exists(&out.join(RECORD)) {
        match files(&out.join(RECORD)) {
            Some(old) => old.difference(&new).try_for_each(|name| remove(world, &out.join(name)))?,
            None => remove(world, &out.join(FOLDS))?,
        }
    } else if world.exists(&out.join(FIRST_FOLD)) {
        remove(world, &out.join(FOLDS))?;
    }
    for name in new.iter().map(String::as_str).chain([RECORD]) {
        let (from, to) = (waiting.join(name), out.join(name));
        let folder = to.parent().unwrap_or(out);
        world.create_folder(folder).map_err(|why| cannot_write(folder, &why))?;
        if world.exists(&from) {
            world.rename(&from, &to).map_err(|why| cannot_write(&to, &why))?;
        }
    }
    remove_empty_folds(world, out, &new);
    remove(world, &waiting)
}

/// Removes what a process that is gone left of files that it had not finished.
pub(super) fn sweep(world: &dyn World, folder: &Path) {
    let listed = world.list(folder).unwrap_or_default();
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let left = listed.iter().filter(|path| name(path).is_some_and(|name| name.starts_with(TEMPORARY)));
    // What cannot be removed is in nobody's way.
    left.for_each(|path| drop(world.remove(path)));
}

/// The names of files in a record; `None` where it names none, or one that is outside of its folder.
fn files_of(record: &[u8]) -> Option<BTreeSet<String>> {
    let record: Value = serde_json::from_slice(record).ok()?;
    let is_inside = |name: &&str| {
        let mut parts = Path::new(name).components();
        !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
    };
    let name = |file: &Value| file[0].as_str().filter(is_inside).map(str::to_string);
    record["files"].as_array()?.iter().map(name).collect()
}

/// Folders of folds of an earlier run, with nothing left in them.
fn remove_empty_folds(world: &dyn World, out: &Path, new: &BTreeSet<String>) {
    for folder in world.list(&out.join(FOLDS)).unwrap_or_default() {
        let of_new = new.iter().any(|name| out.join(name).starts_with(&folder));
        if !of_new && world.list(&folder).is_ok_and(|left| left.is_empty()) {
            drop(world.remove(&folder));
        }
    }
    if world.list(&out.join(FOLDS)).is_ok_and(|left| left.is_empty()) {
        drop(world.remove(&out.join(FOLDS)));
    }
}

pub(super) fn remove(world: &dyn World, path: &Path) -> Result<(), Diagnostic> {
    if !world.exists(path) {
        return Ok(());
    }
    world.remove(path).map_err(|why| cannot_write(path, &why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MemoryWorld;

    fn record(names: &[&str]) -> String {
        let files: Vec<String> = names.iter().map(|name| format!("[\"{name}\", 1, \"00\"]")).collect();
        format!("{{\"files\": [{}]}}", files.join(", "))
    }

    #[test]
    fn a_run_that_waits_takes_the_place_of_the_one_before() {
        let world = MemoryWorld::default()
            .with("run/run.json", record(&["metrics.tsv", "folds/r1-f2/rows.tsv"]))
            .with("run/metrics.tsv", "old")
            .with("run/folds/r1-f2/rows.tsv", "old")
            .with("run/report.html", "of the old one")
            .with("run/notes.txt", "mine")
            .with("run/.binnc-new/run.json", record(&["metrics.tsv", "folds/r1-f1/rows.tsv"]))
            .with("run/.binnc-new/folds/r1-f1/rows.tsv", "new")
            // Moved by a process that was ended then.
            .with("run/metrics.tsv", "new");
        settle(&world, Path::new("run")).expect("moves");
        let text = |name: &str| {
            world
                .read(&Path::new("run").join(name))
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .ok()
        };
        assert_eq!(text("metrics.tsv").as_deref(), Some("new"));
        assert_eq!(text("folds/r1-f1/rows.tsv").as_deref(), Some("new"));
        assert_eq!(text("notes.txt").as_deref(), Some("mine"));
        assert_eq!(text("run.json"), Some(record(&["metrics.tsv", "folds/r1-f1/rows.tsv"])));
        for gone in ["folds/r1-f2/rows.tsv", "report.html", ".binnc-new/run.json"] {
            assert_eq!(text(gone), None, "{gone}");
        }
    }

    #[test]
    fn records_of_a_foreign_hand_remove_nothing() {
        for foreign in ["../precious", "/precious", "", ".", "folds/../../precious"] {
            let world = MemoryWorld::default()
                .with("precious", "kept")
                .with("/precious", "kept")
                .with("run/run.json", record(&[foreign]))
                .with("run/.binnc-new/run.json", record(&[]));
            settle(&world, Path::new("run")).expect("a run without files");
            assert!(world.exists(Path::new("precious")) && world.exists(Path::new("/precious")), "{foreign}");
            let world = MemoryWorld::default()
                .with("run/metrics.tsv", "kept")
                .with("run/.binnc-new/run.json", record(&[foreign]));
            assert!(settle(&world, Path::new("run")).is_err(), "{foreign}");
            assert!(world.exists(Path::new("run/metrics.tsv")), "{foreign}");
        }
    }
}
