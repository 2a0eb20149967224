//! The training loop: shuffled batches, early stopping, history.

use crate::compiler::plan::Plan;
use crate::engine::network::random::{Purpose, generator, shuffle};
use crate::engine::network::{InputData, Parameters, initial, scoring};
use crate::kernel::team::with_team;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Optimizer, Train};

use std::time::Instant;

use super::error;
use super::objective::{Problem, Terms};
use super::targets::Targets;
use super::took::Took;
use super::trainer::Trainer;

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

/// Who looks on.
pub trait Watch: Sync {
    /// An epoch is over.
    fn epoch(&self, epoch: &Epoch);
    /// Whether to stop as soon as possible.
    fn cancelled(&self) -> bool;
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
    let started = Instant::now();
    let problem = Problem { plan, inputs, targets };
    targets.assert_shape(plan);
    let silent = inputs.silent(split.fit);
    let biases = targets.initial_biases(plan, split.fit);
    let parameters = initial(plan, &silent, &biases, options.seed);
    with_team(options.members(plan, split.fit.len()), |team| {
        let options = FitOptions { batch: Some(options.batch_of(split.fit.len())), ..*options };
        let mut trainer = Trainer::new(problem, parameters, silent, &options, team);
        let mut history = Vec::new();
        let mut took = Took { threads: team.members(), ..Took::default() };
        let mut best = Best { epoch: 0, loss: f64::INFINITY, parameters: None };
        for number in 1..=options.epochs {
            let epoch = epoch(&mut trainer, number, split, &options, watch, &mut took)?;
            watch.epoch(&epoch);
            history.push(epoch);
            let (Some(patience), Some(loss)) = (options.patience, epoch.validation) else { continue };
            if loss < best.loss {
                best.keep(number, loss, trainer.parameters());
            } else if number - best.epoch >= patience {
                break;
            }
        }
        let (best_epoch, parameters) = match best.parameters {
            Some(parameters) => (best.epoch, parameters),
            None => (history.len(), trainer.into_parameters()),
        };
        if !parameters.are_finite() {
            return Err(error::numeric_failure(best_epoch, "a parameter"));
        }
        took.epochs = history.len();
        took.seconds = started.elapsed().as_secs_f64();
        Ok(Fitted { parameters, best_epoch, history, took })
    })
}

struct Best {
    epoch: usize,
    loss: f64,
    parameters: Option<Parameters<f32>>,
}

impl Best {
    fn keep(&mut self, epoch: usize, loss: f64, parameters: &Parameters<f32>) {
        (self.epoch, self.loss) = (epoch, loss);
        match &mut self.parameters {
            Some(kept) => {
                kept.weights.copy_from_slice(&parameters.weights);
                kept.biases.copy_from_slice(&parameters.biases);
                kept.state.copy_from_slice(&parameters.state);
            }
            None => self.parameters = Some(parameters.clone()),
        }
    }
}

/// One epoch with its validation.
fn epoch(
    trainer: &mut Trainer<'_>,
    number: usize,
    split: &Split<'_>,
    options: &FitOptions,
    watch: &dyn Watch,
    took: &mut Took,
) -> Result<Epoch, Diagnostic> {
    let mut rows = split.fit.to_vec();
    if options.batch_of(rows.len()) < rows.len() {
        shuffle(&mut rows, &mut generator(options.seed, Purpose::Order, number));
    }
    let started = Instant::now();
    let train = trainer.epoch(number, &rows, watch)?;
    took.in_steps += started.elapsed().as_secs_f64();
    took.samples += rows.len() as u64;
    took.steps += rows.len().div_ceil(options.batch_of(rows.len())) as u64;
    let validation = trainer.validation_loss(split.validation);
    if validation.is_some_and(|loss| !loss.is_finite()) {
        return Err(error::numeric_failure(number, "the validation loss"));
    }
    Ok(Epoch { epoch: number, train, validation })
}
