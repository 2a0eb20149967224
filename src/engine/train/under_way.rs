//! A fit between its first step and its last, which may be stopped after any of them.

use super::checkpoint::{Best, Kept, Moving, State};
use super::error;
use super::fit::{Epoch, FitOptions, Fitted, Split, Watch};
use super::took::Took;
use super::trainer::{Done, Trainer};
use crate::engine::network::random::{Purpose, generator, shuffle};
use crate::language::diagnostics::Diagnostic;
use std::time::Instant;

/// A fit under way.
pub(super) struct UnderWay<'a> {
    trainer: Trainer<'a>,
    /// The epoch under way, from 1.
    number: usize,
    done: Done,
    history: Vec<Epoch>,
    best: Best,
    took: Took,
    clock: Clock,
}

/// Seconds since a fit was begun, those of earlier processes among them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    started: Instant,
    before: f64,
}

impl Clock {
    pub(super) fn after(before: f64) -> Self {
        Self { started: Instant::now(), before }
    }

    fn seconds(self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }
}

impl<'a> UnderWay<'a> {
    pub(super) fn new(trainer: Trainer<'a>, clock: Clock) -> Self {
        let (history, best, done, took) = (Vec::new(), Best::none(), Done::default(), Took::default());
        Self { trainer, number: 1, done, history, best, took, clock }
    }

    pub(super) fn resumed(state: State, clock: Clock, trainer: impl FnOnce(Moving) -> Trainer<'a>) -> Self {
        let State { moving, epoch, done, history, best, took } = state;
        Self { trainer: trainer(moving), number: epoch, done, history, best, took, clock }
    }

    pub(super) fn on_threads(&mut self, threads: usize) {
        self.took.threads = threads;
    }

    pub(super) fn goes_on(&self, options: &FitOptions) -> bool {
        let over = self.number - 1;
        let patient = |patience| over == self.best.epoch || over - self.best.epoch < patience;
        let stops_early = self.history.last().is_some_and(|epoch| epoch.validation.is_some());
        let patience = options.patience.filter(|_| stops_early);
        over < options.epochs && patience.is_none_or(patient)
    }

    /// What is left of an epoch, with its validation.
    pub(super) fn epoch(
        &mut self,
        split: &Split<'_>,
        options: &FitOptions,
        watch: &dyn Watch,
    ) -> Result<Epoch, Diagnostic> {
        let number = self.number;
        let rows = ordered(split.fit, options, number);
        self.steps(&rows, watch)?;
        let validation = self.trainer.validation_loss(split.validation);
        if validation.is_some_and(|loss| !loss.is_finite()) {
            return Err(error::numeric_failure(number, "the validation loss"));
        }
        let epoch = Epoch { epoch: number, train: self.done.losses, validation };
        self.history.push(epoch);
        let watched = validation.filter(|_| options.patience.is_some());
        if let Some(loss) = watched.filter(|loss| *loss < self.best.loss) {
            self.best.keep(number, loss, self.trainer.parameters());
        }
        self.took.samples += rows.len() as u64;
        self.took.steps += self.done.batches as u64;
        (self.number, self.done) = (number + 1, Done::default());
        Ok(epoch)
    }

    /// Steps until the epoch is over, or somebody wants to stop.
    fn steps(&mut self, rows: &[u32], watch: &dyn Watch) -> Result<(), Diagnostic> {
        let Self { trainer, number, done, history, best, took, clock } = self;
        let began = Instant::now();
        let taken = |took: &Took| Took {
            in_steps: took.in_steps + began.elapsed().as_secs_f64(),
            seconds: clock.seconds(),
            ..*took
        };
        let mut between = |trainer: &Trainer<'_>, done: &Done| {
            attend(watch, *number, &|| State {
                moving: trainer.moving(),
                epoch: *number,
                done: *done,
                history: history.clone(),
                best: best.clone(),
                took: taken(took),
            })
        };
        between(trainer, done)?;
        trainer.go_on(*number, rows, done, &mut between)?;
        took.in_steps = taken(took).in_steps;
        Ok(())
    }

    pub(super) fn fitted(self) -> Result<Fitted, Diagnostic> {
        let seconds = self.clock.seconds();
        let Self { trainer, history, best, took, .. } = self;
        let (best_epoch, parameters) = match best.parameters {
            Some(parameters) => (best.epoch, parameters),
            None => (history.len(), trainer.into_parameters()),
        };
        if !parameters.are_finite() {
            return Err(error::numeric_failure(best_epoch, "a parameter"));
        }
        let took = Took { epochs: history.len(), seconds, ..took };
        Ok(Fitted { parameters, best_epoch, history, took })
    }
}

/// Keeps the state of a fit where it is due or somebody wants to stop; E0905 in the second case.
fn attend(watch: &dyn Watch, number: usize, state: &dyn Fn() -> State) -> Result<(), Diagnostic> {
    let cancelled = watch.cancelled();
    if cancelled || watch.is_due() {
        watch.keep(&|| Kept::Underway(Box::new(state())))?;
    }
    if cancelled { Err(error::interrupted(number)) } else { Ok(()) }
}

/// The rows of an epoch in their order.
fn ordered(rows: &[u32], options: &FitOptions, number: usize) -> Vec<u32> {
    let mut rows = rows.to_vec();
    if options.batch_of(rows.len()) < rows.len() {
        shuffle(&mut rows, &mut generator(options.seed, Purpose::Order, number));
    }
    rows
}
