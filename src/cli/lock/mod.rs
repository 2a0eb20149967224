//! `binnc lock SPEC…`: writes, refreshes or verifies the lock beside each spec.
//!
//! A spec with errors is not locked. What is not there cannot be locked anew: its entry stays as
//! it was, or is left out, and that is said.

mod observe;
mod update;
mod verify;

use super::args::Lock as Command;
use super::load::{self, Depth, Loaded, Opened};
use super::print::{Console, cannot_write};
use super::{Diagnostics, Failed};
use crate::compiler::lock::{FORMAT_VERSION, Join, Kind, Lock, LockedGraph, Source, error};
use crate::io::World;
use crate::language::diagnostics::{Diagnostic, listed};
use crate::language::source::Sources;
use crate::language::spec::Spec;
use crate::language::spec::digest::SpecDigests;
use observe::{Observed, observe};
use std::path::{Path, PathBuf};
pub(super) use verify::{Asked, verify};

/// The version of the language that specs are written in.
const LANGUAGE: u32 = 1;

/// The last code that is not 0, so that every spec is looked at.
pub(super) fn run(command: &Command, world: &dyn World, console: &Console) -> u8 {
    let one = |path: &PathBuf| {
        one(command, path, world, console).unwrap_or_else(|failed| {
            console.report(&failed.found, &failed.sources);
            failed.found.exit_code()
        })
    };
    command.specs.iter().map(one).fold(0, u8::max)
}

fn one(command: &Command, path: &Path, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let Opened { sources, spec, found, .. } = load::open(world, path)?;
    let Some(spec) = spec else { return Err(Failed { found, sources }) };
    let root = load::data_root(command.data_root.as_deref(), path);
    let place = Place { world, path, root: &root, lock: lock_path(path) };
    let done = if command.check {
        check(&place, spec, &sources, console)
    } else if let Some(name) = &command.update {
        update::update(&place, spec, name, console)
    } else {
        write(&place, spec, command.with_genotypes, console)
    };
    done.map_err(|found| Failed { found, sources })
}

/// A spec, its lock, and the folder of its data.
struct Place<'a> {
    world: &'a dyn World,
    path: &'a Path,
    root: &'a Path,
    lock: PathBuf,
}

impl Place<'_> {
    fn shown(&self) -> (String, String) {
        (self.lock.display().to_string(), self.path.display().to_string())
    }

    /// The lock that stands there.
    fn read(&self) -> Option<Result<Lock, Diagnostic>> {
        let (lock, spec) = self.shown();
        self.world.exists(&self.lock).then(|| {
            let bytes = self.world.read(&self.lock).map_err(|why| error::unreadable(&lock, &why))?;
            Lock::parse(&lock, &spec, &String::from_utf8_lossy(&bytes))
        })
    }

    fn save(&self, lock: &Lock) -> Result<(), Diagnostic> {
        let text = lock.text().map_err(|why| cannot_write(&self.lock, &std::io::Error::other(why)))?;
        self.world.write(&self.lock, text.as_bytes()).map_err(|why| cannot_write(&self.lock, &why))
    }

    /// Compiles the spec where every list is there.
    fn compiled(&self, spec: Spec, observed: &Observed) -> Result<Option<Loaded>, Diagnostics> {
        if !observed.absent.is_empty() {
            return Ok(None);
        }
        load::load(self.world, spec, self.root, Depth::Lists).map(|(loaded, _)| Some(loaded))
    }
}

/// The lock of a spec: its name, with `.lock` as extension.
pub(super) fn lock_path(spec: &Path) -> PathBuf {
    spec.with_extension("lock")
}

fn write(place: &Place<'_>, spec: Spec, calls: bool, console: &Console) -> Result<u8, Diagnostics> {
    let (lock, notes) = made(place, spec, calls)?;
    for note in notes {
        console.say(&format!("note: {note}"));
    }
    place.save(&lock)?;
    console.say(&format!("{}: {}", place.lock.display(), summary(&lock)));
    Ok(0)
}

/// Locks a spec whose data lie below its own folder, and gives the lock's path.
pub(super) fn beside(world: &dyn World, path: &Path) -> Result<PathBuf, Failed> {
    let Opened { sources, spec, found, .. } = load::open(world, path)?;
    let Some(spec) = spec else { return Err(Failed { found, sources }) };
    let root = load::data_root(None, path);
    let place = Place { world, path, root: &root, lock: lock_path(path) };
    let saved = made(&place, spec, false).and_then(|(lock, _)| Ok(place.save(&lock)?));
    saved.map(|()| place.lock).map_err(|found| Failed { found, sources })
}

/// The lock of what is there now, and what is to be said of what is not.
fn made(place: &Place<'_>, spec: Spec, calls: bool) -> Result<(Lock, Vec<String>), Diagnostics> {
    let before = place.read().and_then(Result::ok);
    let mut observed = observe(place.world, &spec, place.root, |_| calls)?;
    let digests = SpecDigests::of(&spec);
    let model = spec.model.value.clone();
    let loaded = place.compiled(spec.clone(), &observed)?;
    observed.describe(place.world, &spec, place.root, loaded.as_ref(), |_| true);
    let (mut kept, mut notes) = (Vec::new(), Vec::new());
    for absent in &observed.absent {
        let known = before.iter().flat_map(|lock| &lock.sources).find(|source| source.key() == absent.key());
        let what = if known.is_some() { "its entry stays as it was" } else { "it is not locked" };
        notes.push(format!("`{}` is not there: {what}", absent.path));
        kept.extend(known.cloned());
    }
    notes.extend(without_provenance(&observed.sources));
    let mut lock = Lock {
        lock: FORMAT_VERSION,
        binn: LANGUAGE,
        written_by: env!("CARGO_PKG_VERSION").to_string(),
        model,
        spec: digests,
        graph: loaded.as_ref().map(|loaded| LockedGraph::of(&loaded.plan, &loaded.summary)),
        sources: observed.sources.into_iter().chain(kept).collect(),
    };
    lock.sort();
    Ok((lock, notes))
}

/// Priors of which the spec does not say where they come from or on what terms they may be used.
fn without_provenance(sources: &[Source]) -> Option<String> {
    let is_silent = |source: &&Source| {
        source.kind == Kind::Prior && (source.origin.is_none() || source.licence.is_none())
    };
    let names: Vec<&str> = sources.iter().filter(is_silent).map(|source| source.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!("no `origin` or no `licence` is given for {}: say in the spec where a file comes from and on what terms it may be used", listed(&names, 5))
    })
}

/// Such as `5 files, 12 nodes, 40 edges`.
fn summary(lock: &Lock) -> String {
    let files = lock.sources.len();
    let files = format!("{files} file{}", if files == 1 { "" } else { "s" });
    match &lock.graph {
        Some(graph) => format!("{files}, {} nodes, {} edges", graph.nodes, graph.edges),
        None => format!("{files}; the graph is not locked"),
    }
}

fn check(place: &Place<'_>, spec: Spec, sources: &Sources, console: &Console) -> Result<u8, Diagnostics> {
    let verified = verify(place.world, &spec, place.path, place.root, Asked { locked: true, files: true });
    let mut found = verified.found.clone();
    for absent in &verified.absent {
        console.say(&format!("note: `{absent}` is not there, so it was not compared"));
    }
    if !found.has_errors() && verified.absent.is_empty() {
        let (loaded, _) = load::load(place.world, spec, place.root, Depth::Lists)?;
        found.extend(verified.graph(&loaded));
    }
    if found.is_empty() {
        console.say(&format!("{} fits", place.lock.display()));
        return Ok(0);
    }
    console.report(&found, sources);
    Ok(1)
}

/// The joins of each prior, for the lock.
fn joins(loaded: &Loaded, prior: usize) -> Vec<Join> {
    Join::of(&loaded.graph.graph().coverage, prior)
}
