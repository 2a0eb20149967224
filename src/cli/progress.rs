//! Progress of fits and of scoring, and the wish to stop.
//!
//! A terminal gets a bar; anything else gets at most one line in ten seconds.

use super::print::Console;
use super::run_folder::Store;
use crate::engine::network::scoring::Watch;
use crate::study::evaluate::{Checkpoints, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// Set when the user asks to stop.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    flag: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
    checkpoint: Arc<AtomicBool>,
}

impl Interrupt {
    /// The flag that a signal handler sets.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }

    /// The cell in which a signal handler leaves its signal's number.
    #[must_use]
    pub fn cell(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.signal)
    }

    /// The flag that a signal handler sets when fits are to be kept at once.
    #[must_use]
    pub fn checkpoint(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.checkpoint)
    }

    /// The signal that asked, if one did.
    #[must_use]
    pub fn signal(&self) -> Option<u8> {
        u8::try_from(self.signal.load(Ordering::Relaxed)).ok().filter(|signal| *signal > 0)
    }

    /// Whether it is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }
}

/// Reports fits as they end.
pub(super) struct Reporter<'a> {
    console: &'a Console,
    interrupt: &'a Interrupt,
    bar: ProgressBar,
    planned: AtomicUsize,
    done: AtomicUsize,
    last_line: Mutex<Instant>,
    store: &'a Store<'a>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(console: &'a Console, interrupt: &'a Interrupt, store: &'a Store<'a>) -> Self {
        let bar = if console.is_interactive() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} fits  {elapsed_precise}  {msg}")
        {
            bar.set_style(style);
        }
        let (planned, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { console, interrupt, bar, planned, done, last_line: Mutex::new(Instant::now()), store }
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// A line where there is no bar, if the last one was long ago.
    fn line(&self, text: &str) {
        if self.console.is_interactive() {
            return;
        }
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= BETWEEN_LINES {
            *last = Instant::now();
            self.console.say(text);
        }
    }
}

impl Progress for Reporter<'_> {
    fn planned(&self, fits: usize) {
        self.planned.store(fits, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.bar.set_position(0);
        self.bar.set_length(fits as u64);
        let networks = if fits == 1 { "network" } else { "networks" };
        self.console.say(&format!("training {fits} {networks}"));
    }

    fn learnt(&self, done: usize, all: usize) {
        self.bar.set_message(format!("links learnt for {done} of {all} training parts"));
        self.line(&format!("links learnt for {done} of {all} training parts"));
    }

    fn finished(&self, fit: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.inc(1);
        self.bar.set_message(fit.to_string());
        self.line(&format!("{done} of {} networks trained", self.planned.load(Ordering::Relaxed)));
    }

    fn cancelled(&self) -> bool {
        self.interrupt.is_set()
    }

    fn checkpoints(&self) -> Option<&dyn Checkpoints> {
        Some(self.store)
    }
}

/// Reports how much of a long work is done.
pub(super) struct Meter<'a> {
    console: &'a Console,
    interrupt: &'a Interrupt,
    bar: ProgressBar,
    steps: usize,
    /// What the steps are, such as `calls scored`.
    what: &'static str,
    done: AtomicUsize,
    last_line: Mutex<Instant>,
}

impl<'a> Meter<'a> {
    /// A meter of so many steps, which are parts of `what`.
    pub(super) fn new(
        console: &'a Console,
        interrupt: &'a Interrupt,
        steps: usize,
        what: &'static str,
    ) -> Self {
        let shown = console.is_interactive();
        let bar = if shown { ProgressBar::new(steps as u64) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent} % of {msg}  {elapsed_precise}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        let last_line = Mutex::new(Instant::now());
        Self { console, interrupt, bar, steps, what, done: AtomicUsize::new(0), last_line }
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Meter<'_> {
    fn done(&self, steps: usize) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        self.bar.inc(steps as u64);
        if self.console.is_interactive() {
            return;
        }
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= BETWEEN_LINES {
            *last = Instant::now();
            self.console.say(&format!("{} % of {}", 100 * done / self.steps.max(1), self.what));
        }
    }

    fn cancelled(&self) -> bool {
        self.interrupt.is_set()
    }
}
