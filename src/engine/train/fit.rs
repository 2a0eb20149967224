//! The training loop: shuffled batches, early stopping, history.
//!
//! A fit that is stopped after any step goes on from there to the same bits.

use crate::compiler::plan::Plan;
use crate::engine::network::random::{Purpose, generator, shuffle};
use crate::engine::network::{InputData, Parameters, initial, scoring};
use crate::kernel::team::with_team;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Optimizer, Train};

use std::time::Instant;

use super::checkpoint::{Best, Kept, Moving, State};
use super::error;
use super::objective::{Problem, Terms};
use super::targets::Targets;
use super::took::Took;
use super::trainer::{Done, Trainer};

/// Cohort rows of a fit.
#[derive(Clone, Copy, Debug)]
pub struct Split<'a> {
    /// Rows that steps are made on.
    pub fit: &'a [u32],
    /// Rows that early stopping looks at; may be empty.
    pub validation: &'a [u32],
}

/// How a network is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitOptions {
    /// The update rule and penalties.
    pub optimizer: Optimizer,
    /// Most passes over the rows.
    pub epochs: usize,
    /// Rows a step; `None` takes all.
    pub batch: Option<usize>,
    /// Epochs without a lower validation loss before stopping; `None` runs all epochs and
    /// keeps the last parameters.
    pub patience: Option<usize>,
    /// Seed of initial weights, order and dropout.
    pub seed: u64,
    /// Most threads that share the work of a step; they change no bit of the result.
    pub threads: usize,
}

/// Products and sums of a step from which a second thread is worth its waiting.
const SHARED_WORK: usize = 200_000;

/// How many of so many threads share a step with so many products forward.
#[must_use]
pub fn team_size(products: usize, threads: usize) -> usize {
    if products < SHARED_WORK { 1 } else { threads.max(1) }
}

impl FitOptions {
    /// As the spec says, with this member's seed.
    #[must_use]
    pub fn of(train: &Train, seed: u64) -> Self {
        let Train { optimizer, epochs, batch, patience, .. } = *train;
        Self { optimizer, epochs, batch, patience, seed, threads: 1 }
    }

    /// With so many threads.
    #[must_use]
    pub fn on_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    fn batch_of(&self, rows: usize) -> usize {
        self.batch.unwrap_or(rows).clamp(1, rows.max(1))
    }

    fn members(&self, plan: &Plan, rows: usize) -> usize {
        let batch = self.batch_of(rows);
        let products: usize = plan.blocks.iter().map(|block| block.map_weights() * batch).sum();
        team_size(products, self.threads)
    }

    /// Exactly this many epochs, as the final fit has.
    #[must_use]
    pub fn with_fixed_epochs(self, epochs: usize) -> Self {
        Self { epochs, patience: None, ..self }
    }
}

/// What one epoch came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Its number, from 1.
    pub epoch: usize,
    /// Mean over its rows of the batches' losses, as seen while training.
    pub train: Terms,
    /// Loss of traits on the validation rows after it.
    pub validation: Option<f64>,
}

/// A trained network and how it got there.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Parameters of the best epoch, or of the last without early stopping.
    pub parameters: Parameters<f32>,
    /// The epoch they are from; 0 is before the first.
    pub best_epoch: usize,
    /// All epochs run.
    pub history: Vec<Epoch>,
    /// Steps, samples and time.
    pub took: Took,
}

/// Who looks on, and keeps what a stopped fit needs to go on.
pub trait Watch: Sync {
    /// An epoch is over.
    fn epoch(&self, epoch: &Epoch);

    /// Whether to stop as soon as possible.
    fn cancelled(&self) -> bool;

    /// What was kept of this fit.
    ///
    /// # Errors
    /// Where something was kept and cannot be read.
    fn kept(&self) -> Result<Option<Kept>, Diagnostic> {
        Ok(None)
    }

    /// Whether the state is to be kept now; asked after every step.
    fn is_due(&self) -> bool {
        false
    }

    /// Keeps a state; asked for when it is due, when the fit is cancelled and when it is over.
    ///
    /// # Errors
    /// Where it cannot be kept and the fit is not to go on.
    fn keep(&self, _: &dyn Fn() -> Kept) -> Result<(), Diagnostic> {
        Ok(())
    }
}

/// Nobody looks on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn epoch(&self, _: &Epoch) {}
    fn cancelled(&self) -> bool {
        false
    }
}

impl scoring::Watch for Unwatched {
    fn done(&self, _: usize) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// Trains a network.
///
/// # Errors
/// E0902 when a loss or parameter is not finite, or the first step breaks its rule; E0903
/// without a row to train on; E0905 when cancelled.
///
/// # Panics
/// When `targets` has not the shape of the plan or a row lies outside the cohort: both are
/// made from the same spec.
pub fn fit(
    plan: &Plan,
    inputs: &InputData<'_>,
    targets: &Targets,
    split: &Split<'_>,
    options: &FitOptions,
    watch: &dyn Watch,
) -> Result<Fitted, Diagnostic> {
    if split.fit.is_empty() {
        return Err(error::no_rows());
    }
    if watch.cancelled() {
        return Err(error::interrupted(1));
    }
    let state = match watch.kept()? {
        Some(Kept::Finished(fitted)) => return Ok(*fitted),
        Some(Kept::Underway(state)) => Some(*state),
        None => None,
    };
    let started = Instant::now();
    let problem = Problem { plan, inputs, targets };
    targets.assert_shape(plan);
    let silent = inputs.silent(split.fit);
    with_team(options.members(plan, split.fit.len()), |team| {
        let options = FitOptions { batch: Some(options.batch_of(split.fit.len())), ..*options };
        let mut under_way = match state {
            Some(state) => UnderWay::resumed(state, started, |moving| {
                Trainer::resumed(problem, moving, silent, &options, team)
            }),
            None => {
                let biases = targets.initial_biases(plan, split.fit);
                let parameters = initial(plan, &silent, &biases, options.seed);
                UnderWay::new(Trainer::new(problem, parameters, silent, &options, team), started)
            }
        };
        under_way.took.threads = team.members();
        while under_way.goes_on(&options) {
            let epoch = under_way.epoch(split, &options, watch)?;
            watch.epoch(&epoch);
        }
        let fitted = under_way.fitted()?;
        watch.keep(&|| Kept::Finished(Box::new(fitted.clone())))?;
        Ok(fitted)
    })
}

/// A fit under way.
struct UnderWay<'a> {
    trainer: Trainer<'a>,
    /// The epoch under way, from 1.
    number: usize,
    done: Done,
    history: Vec<Epoch>,
    best: Best,
    took: Took,
    /// Since when, with the seconds that it took before.
    started: (Instant, f64),
}

impl<'a> UnderWay<'a> {
    fn new(trainer: Trainer<'a>, started: Instant) -> Self {
        let (done, took) = (Done::default(), Took::default());
        Self {
            trainer,
            number: 1,
            done,
            history: Vec::new(),
            best: Best::none(),
            took,
            started: (started, 0.0),
        }
    }

    fn resumed(state: State, started: Instant, trainer: impl FnOnce(Moving) -> Trainer<'a>) -> Self {
        let State { moving, epoch, done, history, best, took } = state;
        let started = (started, took.seconds);
        Self { trainer: trainer(moving), number: epoch, done, history, best, took, started }
    }

    fn seconds(&self) -> f64 {
        self.started.1 + self.started.0.elapsed().as_secs_f64()
    }

    fn goes_on(&self, options: &FitOptions) -> bool {
        let over = self.number - 1;
        let patient = |patience| over == self.best.epoch || over - self.best.epoch < patience;
        let stops_early = self.history.last().is_some_and(|epoch| epoch.validation.is_some());
        let patience = options.patience.filter(|_| stops_early);
        over < options.epochs && patience.is_none_or(patient)
    }

    /// What is left of an epoch, with its validation.
    fn epoch(
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
        let Self { trainer, number, done, history, best, took, started } = self;
        let began = Instant::now();
        let taken = |took: &Took| Took {
            in_steps: took.in_steps + began.elapsed().as_secs_f64(),
            seconds: started.1 + started.0.elapsed().as_secs_f64(),
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

    fn fitted(self) -> Result<Fitted, Diagnostic> {
        let seconds = self.seconds();
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
