//! Fitting networks to one training part.

use super::compiled::Compiled;
use super::error::in_fold;
use super::keeping::{FitKey, Watched};
use super::weights::{Balance, weights_of_fit};
use super::{Progress, Study};
use crate::compiler::plan::Plan;
use crate::data::{Fold, validation_rows};
use crate::engine::model::Preprocessing;
use crate::engine::network::Parameters;
use crate::engine::train::{Epoch, FitOptions, Fitted, Split, Targets, Took, fit};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Optimizer, Train};
use std::sync::Arc;

/// What sets one fit apart from the others of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FitSeed {
    /// Repeat, 0 for the final fit.
    pub repeat: usize,
    /// Fold, 0 for the final fit.
    pub fold: usize,
    /// Inner fold that it does not see, from 1; 0 where it sees all rows of its part.
    pub inner: usize,
    /// Ensemble member, from 0.
    pub member: usize,
}

/// One fitted network.
#[derive(Clone, Debug)]
pub struct NetworkFit {
    /// Its parameters.
    pub parameters: Parameters<f32>,
    /// The seed used.
    pub seed: u64,
    /// The epoch they are from.
    pub best_epoch: usize,
    /// Loss on the validation rows at that epoch.
    pub validation: f64,
    /// What the fit took.
    pub took: Took,
    /// Losses, epoch by epoch.
    pub history: Vec<Epoch>,
}

/// Settings of one fit that are not the spec's own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Override {
    pub(super) optimizer: Option<Optimizer>,
    /// Train for so many epochs on all rows.
    pub(super) epochs: Option<usize>,
    /// The fit is compared with others, and so needs validation rows whatever the spec says.
    pub(super) compared: bool,
    /// Threads that share its steps; at least one.
    pub(super) threads: usize,
}

/// Fits a plan to training rows, with the spec's settings.
///
/// # Errors
/// E0902 when training diverges, E0905 when it is cancelled.
pub fn fit_network(
    study: &Study<'_>,
    plan: &Plan,
    scales: (&Preprocessing, &[Vec<Option<Vec<f64>>>]),
    train: &[u32],
    seed: FitSeed,
    progress: &dyn Progress,
) -> Result<NetworkFit, Diagnostic> {
    let network = Compiled::of(study, Arc::new(plan.clone()));
    let settings = Override { threads: rayon::current_num_threads(), ..Override::default() };
    fit_with(study, &network, scales, train, seed, settings, progress)
}

pub(super) fn fit_with(
    study: &Study<'_>,
    network: &Compiled,
    (preprocessing, offsets): (&Preprocessing, &[Vec<Option<Vec<f64>>>]),
    train: &[u32],
    seed: FitSeed,
    settings: Override,
    progress: &dyn Progress,
) -> Result<NetworkFit, Diagnostic> {
    let Study { spec, cohort, sets, .. } = *study;
    let Compiled { plan, master, .. } = network;
    let seed = seed.mixed(spec.train.seed);
    let columns = preprocessing.columns(plan, cohort);
    let inputs = preprocessing.input_data_on(plan, cohort, sets, &columns, master);
    let balance = Balance::of(study, train);
    let weights = weights_of_fit(study, balance.as_ref());
    let targets = Targets::of(preprocessing, plan, cohort, offsets, weights);
    let optimizer = settings.optimizer.unwrap_or(spec.train.optimizer);
    let train_as = Train { optimizer, ..spec.train.clone() };
    let options = FitOptions::of(&train_as, seed).on_threads(settings.threads.max(1));
    let groups = super::groups_of_scheme(study);
    let share = validation_share(study, settings);
    let (fitted, validated) = if share > 0.0 {
        validation_rows(train, share, seed, groups.as_deref())
    } else {
        (train.to_vec(), Vec::new())
    };
    let options = match settings.epochs {
        Some(epochs) => options.with_fixed_epochs(epochs),
        None => options,
    };
    let split = Split { fit: &fitted, validation: &validated };
    let key = || FitKey::of(network, preprocessing, &targets, &split, &options);
    let watched = Watched::new(progress, key);
    let mut result = fit(plan, &inputs, &targets, &split, &options, &watched)?;
    if let Some(balance) = balance {
        balance.restore_odds(plan, &mut result.parameters);
    }
    let at_best = result.history.iter().find(|epoch| epoch.epoch == result.best_epoch);
    let validation = at_best.and_then(|epoch| epoch.validation).unwrap_or(f64::NAN);
    let Fitted { parameters, best_epoch, history, took } = result;
    Ok(NetworkFit { parameters, seed, best_epoch, validation, took, history })
}

/// Share of the training rows that a fit is validated on.
fn validation_share(study: &Study<'_>, settings: Override) -> f64 {
    const WHEN_COMPARED: f64 = 0.1;
    let asked = study.spec.evaluate.validation;
    match settings {
        Override { epochs: Some(_), .. } => 0.0,
        Override { compared: true, .. } if asked == 0.0 => WHEN_COMPARED,
        Override { compared: true, .. } => asked,
        _ if study.spec.train.patience.is_some() => asked,
        _ => 0.0,
    }
}

impl FitSeed {
    /// The seed of one member of one fold.
    pub(super) fn of(fold: Option<&Fold>, member: usize) -> Self {
        let (repeat, fold) = fold.map_or((0, 0), |fold| (fold.repeat, fold.fold));
        Self { repeat, fold, inner: 0, member }
    }

    /// A seed of its own for each fit (the finaliser of SplitMix64, Steele et al. 2014).
    pub(super) fn mixed(self, base: u64) -> u64 {
        let fit = ((self.inner as u64) << 56)
            | ((self.repeat as u64) << 40)
            | ((self.fold as u64) << 20)
            | self.member as u64;
        let mut z = base.wrapping_add((fit + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Names the fold in what a fit reports.
pub(super) fn of_fold<T>(result: Result<T, Diagnostic>, fold: Option<&Fold>) -> Result<T, Diagnostic> {
    result.map_err(|diagnostic| in_fold(diagnostic, fold))
}
