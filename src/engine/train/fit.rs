//! The training loop: shuffled batches, early stopping, history.
//!
//! A fit that is stopped after any step goes on from there to the same bits.

use crate::compiler::plan::Plan;
use crate::engine::network::{InputData, Parameters, initial, scoring};
use crate::kernel::team::with_team;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Optimizer, Train};

use super::checkpoint::Kept;
use super::error;
use super::objective::{Problem, Terms};
use super::targets::Targets;
use super::took::Took;
use super::trainer::Trainer;
use super::under_way::{Clock, UnderWay};

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

    pub(super) fn batch_of(&self, rows: usize) -> usize {
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
    let clock = Clock::after(state.as_ref().map_or(0.0, |state| state.took.seconds));
    let problem = Problem { plan, inputs, targets };
    targets.assert_shape(plan);
    let silent = inputs.silent(split.fit);
    with_team(options.members(plan, split.fit.len()), |team| {
        let options = FitOptions { batch: Some(options.batch_of(split.fit.len())), ..*options };
        let mut under_way = match state {
            Some(state) => UnderWay::resumed(state, clock, |moving| {
                Trainer::resumed(problem, moving, silent, &options, team)
            }),
            None => {
                let biases = targets.initial_biases(plan, split.fit);
                let parameters = initial(plan, &silent, &biases, options.seed);
                UnderWay::new(Trainer::new(problem, parameters, silent, &options, team), clock)
            }
        };
        under_way.on_threads(team.members());
        while under_way.goes_on(&options) {
            let epoch = under_way.epoch(split, &options, watch)?;
            watch.epoch(&epoch);
        }
        let fitted = under_way.fitted()?;
        watch.keep(&|| Kept::Finished(Box::new(fitted.clone())))?;
        Ok(fitted)
    })
}
