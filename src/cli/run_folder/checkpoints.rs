//! The fits of a run that is not finished, in `checkpoints/` of its folder.
//!
//! Fits that are over are written several at once to `fits-N`; a fit under way has a file of its own, and
//! what it held before beside it. Every record knows whether it is whole. The folder goes when the run
//! stands.

use super::Record;
use super::commit::{remove, sweep};
use crate::cli::error;
use crate::cli::print::{Console, cannot_write};
use crate::io::{World, sealed};
use crate::language::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::study::evaluate::{Checkpoints, FitKey};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The folder of checkpoints, in the folder of the run.
pub(in crate::cli) const FOLDER: &str = "checkpoints";
/// Whose checkpoints they are.
pub(super) const OWNER: &str = "run.json";
const FINISHED: &str = "fits-";
const UNDER_WAY: &str = ".fit";
const BEFORE: &str = ".prev";
/// Fits that are over are written this much more often than those under way.
const MORE_OFTEN: u32 = 10;
/// How often a checkpoint is tried again, one interval after another.
const TRIES: usize = 3;

/// Keeps fits in a folder.
pub(in crate::cli) struct Store<'a> {
    world: &'a dyn World,
    console: &'a Console,
    folder: PathBuf,
    /// The record of the run so far, which stands beside the first checkpoint.
    owner: Vec<u8>,
    interval: Duration,
    /// Set by whoever wants all to be kept at once.
    wanted: Arc<AtomicBool>,
    asked: AtomicUsize,
    state: Mutex<State>,
}

struct State {
    /// What an earlier process kept.
    kept: BTreeMap<FitKey, Vec<u8>>,
    /// Fits that are over and not written yet.
    waiting: Vec<(FitKey, Vec<u8>)>,
    /// Files of fits that are over.
    files: usize,
    /// When these were last written, and how often that was asked for by then.
    last: (Instant, usize),
    /// Of files of fits that are over.
    failures: Failures,
    /// Of files of fits under way.
    failures_under_way: Failures,
}

/// How often something has failed in a row, and when it last did.
#[derive(Clone, Copy, Debug, Default)]
struct Failures {
    count: usize,
    last: Option<Instant>,
}

/// What an earlier process left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::cli) struct Left {
    pub(in crate::cli) finished: usize,
    pub(in crate::cli) under_way: usize,
}

impl<'a> Store<'a> {
    /// Opens the checkpoints of a run, whose record so far is `owner`.
    ///
    /// # Errors
    /// E0808 where one is damaged and there is none before it; E0901 where the folder cannot be listed.
    pub(in crate::cli) fn open(
        world: &'a dyn World,
        out: &Path,
        owner: &Record,
        interval: Duration,
        wanted: Arc<AtomicBool>,
        console: &'a Console,
    ) -> Result<(Self, Left), Diagnostic> {
        let folder = out.join(FOLDER);
        sweep(world, &folder);
        let mut store = Self {
            world,
            console,
            owner: serde_json::to_vec(owner).map_err(|why| cannot_write(&folder, &why.into()))?,
            folder,
            interval,
            wanted,
            asked: AtomicUsize::new(0),
            state: Mutex::new(State {
                kept: BTreeMap::new(),
                waiting: Vec::new(),
                files: 0,
                last: (Instant::now(), 0),
                failures: Failures::default(),
                failures_under_way: Failures::default(),
            }),
        };
        let left = store.read()?;
        Ok((store, left))
    }

    /// Everything that an earlier process left.
    fn read(&mut self) -> Result<Left, Diagnostic> {
        if !self.world.exists(&self.folder) {
            return Ok(Left::default());
        }
        let listed = self.world.list(&self.folder).map_err(|why| cannot_write(&self.folder, &why))?;
        let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let names: BTreeSet<String> = listed.iter().filter_map(name).collect();
        let (mut finished, mut under_way, mut files) = (BTreeMap::new(), BTreeMap::new(), 0);
        for name in names.iter().filter(|name| name.starts_with(FINISHED)) {
            let path = self.folder.join(name);
            finished.extend(self.records(&path).ok_or_else(|| error::damaged_checkpoints(&[&path]))?);
            files = files.max(name[FINISHED.len()..].parse::<usize>().map_or(0, |number| number + 1));
        }
        let current = |name: &String| name.trim_end_matches(BEFORE).to_string();
        let of_fits: BTreeSet<String> =
            names.iter().map(current).filter(|name| name.ends_with(UNDER_WAY)).collect();
        let over: BTreeSet<PathBuf> = finished.keys().map(|key| self.path(key)).collect();
        for name in of_fits.iter().filter(|name| !over.contains(&self.folder.join(name))) {
            under_way.extend(self.under_way(name)?);
        }
        let left = Left { finished: finished.len(), under_way: under_way.len() };
        finished.append(&mut under_way);
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        (state.kept, state.files) = (finished, files);
        Ok(left)
    }

    /// A fit under way, or what it held before where its last state is damaged.
    fn under_way(&self, name: &str) -> Result<Vec<(FitKey, Vec<u8>)>, Diagnostic> {
        let path = self.folder.join(name);
        if let Some(fits) = self.records(&path) {
            return Ok(fits);
        }
        let (is_there, earlier) = (self.world.exists(&path), before(&path));
        let fits = self.records(&earlier).ok_or_else(|| {
            let mut there: Vec<&Path> = vec![&path, &earlier];
            there.retain(|path| self.world.exists(path));
            error::damaged_checkpoints(&there)
        })?;
        if is_there {
            let text = "is damaged: the fit goes on from the checkpoint before it";
            self.console.say(&format!("note: `{}` {text}", path.display()));
            // It would take the place of the good one.
            remove(self.world, &path)?;
        }
        Ok(fits)
    }

    fn records(&self, path: &Path) -> Option<Vec<(FitKey, Vec<u8>)>> {
        let bytes = self.world.read(path).ok()?;
        let records = sealed::records(&bytes)?;
        Some(records.into_iter().map(|(name, bytes)| (FitKey(name), bytes.to_vec())).collect())
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// E0901.
    pub(in crate::cli) fn flush(&self) -> Result<(), Diagnostic> {
        self.begin()?;
        self.write_waiting(&mut self.locked())
    }

    /// Writes what waits; of a run that spec and data alone have ended nothing is kept, so that a spec that is
    /// mended finds its folder free.
    ///
    /// # Errors
    /// E0901.
    pub(in crate::cli) fn stopped(&self, by: &Diagnostics) -> Result<(), Diagnostic> {
        const DECIDED: [Code; 3] = [Code::E0609, Code::E0902, Code::E0903];
        let is_decided = |one: &Diagnostic| DECIDED.contains(&one.code);
        if by.iter().filter(|one| one.is_error()).all(is_decided) {
            return remove(self.world, &self.folder);
        }
        self.write_waiting(&mut self.locked())
    }

    /// Removes all checkpoints: the run stands.
    ///
    /// # Errors
    /// E0901.
    pub(in crate::cli) fn remove(self) -> Result<(), Diagnostic> {
        remove(self.world, &self.folder)
    }

    /// Says whose checkpoints these are, before the first of them.
    fn begin(&self) -> Result<(), Diagnostic> {
        let path = self.folder.join(OWNER);
        if self.world.exists(&path) {
            return Ok(());
        }
        let made = self.world.create_folder(&self.folder).and_then(|()| self.world.write(&path, &self.owner));
        made.map_err(|why| cannot_write(&path, &why))
    }

    fn write_waiting(&self, state: &mut State) -> Result<(), Diagnostic> {
        state.last = (Instant::now(), self.asked.load(Ordering::Relaxed));
        if state.waiting.is_empty() {
            return Ok(());
        }
        self.begin()?;
        let mut bytes = Vec::new();
        state.waiting.iter().for_each(|(key, fit)| sealed::add(&mut bytes, &key.0, fit));
        let path = self.folder.join(format!("{FINISHED}{}", state.files));
        self.world.write(&path, &bytes).map_err(|why| cannot_write(&path, &why))?;
        state.files += 1;
        for (key, _) in state.waiting.drain(..) {
            let path = self.path(&key);
            // A state that stays although its fit is over is not read again.
            drop(remove(self.world, &path).and_then(|()| remove(self.world, &before(&path))));
        }
        Ok(())
    }

    fn write_under_way(&self, key: &FitKey, fit: &[u8]) -> Result<(), Diagnostic> {
        self.begin()?;
        let mut bytes = Vec::new();
        sealed::add(&mut bytes, &key.0, fit);
        let path = self.path(key);
        if self.world.exists(&path) {
            self.world.rename(&path, &before(&path)).map_err(|why| cannot_write(&path, &why))?;
        }
        self.world.write(&path, &bytes).map_err(|why| cannot_write(&path, &why))
    }

    fn path(&self, FitKey(name): &FitKey) -> PathBuf {
        let name = blake3::Hash::from_bytes(*name).to_hex();
        self.folder.join(format!("{name}{UNDER_WAY}"))
    }

    /// A checkpoint that failed is tried again some times, one interval after another.
    fn tried(&self, so_far: &mut Failures, result: Result<(), Diagnostic>) -> Result<(), Diagnostic> {
        let Err(why) = result else {
            *so_far = Failures::default();
            return Ok(());
        };
        if so_far.last.is_some_and(|last| last.elapsed() < self.interval) {
            return Ok(());
        }
        *so_far = Failures { count: so_far.count + 1, last: Some(Instant::now()) };
        if so_far.count > TRIES {
            return Err(error::checkpoints_given_up(why, &self.folder));
        }
        let seconds = self.interval.as_secs();
        self.console.say(&format!("note: no checkpoint: {}; again in {seconds} s", why.message));
        Ok(())
    }
}

fn before(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(BEFORE);
    PathBuf::from(name)
}

impl Checkpoints for Store<'_> {
    fn kept(&self, fit: &FitKey) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(self.locked().kept.remove(fit))
    }

    fn interval(&self) -> Duration {
        self.interval
    }

    fn asked(&self) -> usize {
        // Asked after every step of every fit: looking is cheaper than taking.
        if self.wanted.load(Ordering::Relaxed) && self.wanted.swap(false, Ordering::Relaxed) {
            self.asked.fetch_add(1, Ordering::Relaxed);
        }
        self.asked.load(Ordering::Relaxed)
    }

    fn keep(&self, fit: &FitKey, bytes: Vec<u8>, finished: bool) -> Result<(), Diagnostic> {
        let mut state = self.locked();
        if finished {
            state.waiting.push((*fit, bytes));
        } else {
            let written = self.write_under_way(fit, &bytes);
            self.tried(&mut state.failures_under_way, written)?;
        }
        let (last, asked) = state.last;
        let wait = if state.failures.last.is_some() { self.interval } else { self.interval / MORE_OFTEN };
        if last.elapsed() >= wait || self.asked.load(Ordering::Relaxed) > asked {
            let written = self.write_waiting(&mut state);
            self.tried(&mut state.failures, written)?;
        }
        Ok(())
    }
}
