//! The whole evaluation: folds, methods, and the final fit.
//!
//! Jobs run side by side on the caller's pool, and the result of each stands
//! at its own place, so order and number of threads change nothing.

use super::baseline::fcn;
use super::compiled::{self, Compiled};
use super::crew::Crew;
use super::dense::{self, Dense, DenseFits};
use super::differences::differences;
use super::inside::{Inside, inside};
use super::network::FitSeed;
use super::outcome::{FittedFold, FittedNetwork, Outcome, Polygenic};
use super::prepare::{marker_sets, record_weights};
use super::related::near_duplicates;
use super::rows::{check_traits, constant_in_all, constant_in_folds, eligible, trait_values, traits};
use super::scoring::{Predicted, metric_rows, of_baseline, of_gblup, own, prediction_rows};
use super::stack::is_one_group;
use super::trainer::{FittedUnit, Part, Trainer, Unit};
use super::{Progress, Study, error};
use crate::compiler::plan::Input;
use crate::data::{self, Fold};
use crate::engine::model::{InputScale, Score, score_members};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::{Baseline, Scheme};
use crate::study::explain::importances;
use crate::study::linear::blup::{Prediction, observed_rows};
use crate::study::linear::markers::Effects;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// Runs the spec's scheme, and fits the final network on all rows.
///
/// # Errors
/// The first error in the order of folds and methods, with its fold named.
pub fn run(study: &Study<'_>, crew: &Crew, progress: &dyn Progress) -> Result<Outcome, Diagnostics> {
    let mut found = check_traits(study)?;
    let eligible = eligible(study);
    let (folds, said) =
        data::split(&study.spec.evaluate.scheme, study.spec.evaluate.seed, study.cohort, &eligible)?;
    found.extend(said);
    found.extend(constant_in_folds(study, &folds));
    let all: Vec<u32> = (0..).zip(&eligible).filter(|(_, eligible)| **eligible).map(|(row, _)| row).collect();
    found.extend(constant_in_all(study, &all));
    found.extend(near_duplicates(study, &folds, progress)?);
    let dense =
        if study.spec.evaluate.baselines.contains(&Baseline::Fcn) { Some(fcn::plan(study)?) } else { None };
    let started = Instant::now();
    let trainer = Trainer { study, fixed: compiled::fixed(study), crew, progress };
    let dense = dense.map(|plan| Compiled::of(study, Arc::new(plan)));
    let turned_in = started.elapsed().as_secs_f64();
    let some = curves(study, &folds)?;
    let ensemble = study.spec.train.ensemble;
    let fitted = folds.len() + some.len();
    let of_dense = if dense.is_some() { dense::planned(fitted, ensemble) } else { 0 };
    progress.planned((fitted + 1) * trainer.fits_of_unit() + of_dense);
    let whole = folds.iter().map(|fold| Unit { fold: Some(fold), rows: &fold.train, size: None });
    // The smallest first: what they cannot bear is known before hours have gone by.
    let units: Vec<Unit<'_>> = some.iter().map(SomeRows::unit).chain(whole).collect();
    let mut outcome = Outcome {
        folds: Vec::new(),
        metrics: Vec::new(),
        differences: Vec::new(),
        predictions: Vec::new(),
        fitted: Vec::new(),
        fits: Vec::new(),
        turned_in,
        inside: Inside::default(),
        importance: Vec::new(),
        found,
    };
    let mut noted = Noted::default();
    let mut of_sizes = Vec::new();
    // Folds of one size at a time: what others hold is let go.
    for units in units.chunk_by(|one, other| one.size == other.size) {
        let fitted = trainer.fit(units, None)?;
        outcome.fits.extend(fitted.iter().flat_map(|unit| unit.records.clone()));
        let mut of_dense = match &dense {
            Some(network) => DenseFits { study, network, crew, progress }.run(&fitted, &mut outcome.fits)?,
            None => Vec::new(),
        }
        .into_iter();
        for unit in fitted {
            let dense = dense.as_ref().zip(of_dense.next());
            let Some(fold) = unit.unit.fold else { continue };
            score_fold(study, fold, &unit, dense, &mut outcome);
            if unit.unit.size.is_none() {
                noted.unit(study, &unit);
                let Inside { nodes, branches, clamped } = inside(study, &unit, fold)?;
                outcome.inside.nodes.extend(nodes);
                outcome.inside.branches.extend(branches);
                outcome.inside.clamped.extend(clamped);
                outcome.fitted.push(FittedFold::of(study, unit));
            }
        }
        if units.iter().any(|unit| unit.size.is_some()) {
            of_sizes.append(&mut outcome.metrics);
        }
    }
    outcome.metrics.append(&mut of_sizes);
    outcome.differences = differences(study.spec, study.cohort, &outcome.metrics, &outcome.predictions);
    outcome.importance = importances(&outcome.inside.clamped);
    let last = last(&trainer, &all, &mut outcome)?;
    noted.unit(study, &last);
    outcome.fitted.push(FittedFold::of(study, last));
    outcome.found.extend(noted.warnings(study));
    outcome.folds = folds;
    Ok(outcome)
}

/// What units have come to that their author should know.
#[derive(Default)]
struct Noted {
    /// Places where nothing was learnt, by trait.
    unlearnt: BTreeMap<usize, Vec<String>>,
    /// Places where shares had nothing to be judged by.
    one_group: Vec<String>,
}

impl Noted {
    fn unit(&mut self, study: &Study<'_>, unit: &FittedUnit<'_>) {
        for at in unit.unlearnt() {
            self.unlearnt.entry(at).or_default().push(unit.place());
        }
        if unit.shares.is_some() && is_one_group(study, unit.unit.rows) {
            self.one_group.push(unit.place());
        }
    }

    /// W0703 a trait, and W0704.
    fn warnings(&self, study: &Study<'_>) -> Vec<Diagnostic> {
        let columns: Vec<_> = traits(study.spec).collect();
        let unlearnt = self.unlearnt.iter().map(|(at, places)| {
            let column = columns[*at];
            error::nothing_learnt(&column.column, places).at(column.span, "its mean there")
        });
        let one_group = (!self.one_group.is_empty())
            .then(|| error::one_group(&self.one_group).at(study.spec.evaluate.span, "groups stay whole"));
        unlearnt.chain(one_group).collect()
    }
}

/// Some of the training rows of a fold.
struct SomeRows<'a> {
    fold: &'a Fold,
    rows: Vec<u32>,
}

impl SomeRows<'_> {
    fn unit(&self) -> Unit<'_> {
        Unit { fold: Some(self.fold), rows: &self.rows, size: Some(self.rows.len()) }
    }
}

/// The smaller training parts of a learning curve, size by size.
fn curves<'f>(study: &Study<'_>, folds: &'f [Fold]) -> Result<Vec<SomeRows<'f>>, Diagnostic> {
    let evaluate = &study.spec.evaluate;
    let least = folds.iter().map(|fold| fold.train.len()).min().unwrap_or(0);
    if let Some(size) = evaluate.train_sizes.iter().find(|size| **size >= least) {
        return Err(error::size_too_large(*size, least).at(evaluate.span, "asked for here"));
    }
    let some = |size: usize, fold: &'f Fold| {
        let seed = FitSeed::of(Some(fold), 0).mixed(evaluate.seed);
        SomeRows { fold, rows: data::some_rows(&fold.train, size, seed) }
    };
    Ok(evaluate.train_sizes.iter().flat_map(|size| folds.iter().map(move |fold| some(*size, fold))).collect())
}

fn score_fold(
    study: &Study<'_>,
    fold: &Fold,
    unit: &FittedUnit<'_>,
    dense: Option<(&Compiled, Dense)>,
    outcome: &mut Outcome,
) {
    let mut predicted = own(study, unit, &fold.test);
    predicted.extend(baselines(study, unit, &fold.test));
    if let Some((network, dense)) = dense {
        let scores = dense_scores(study, network, &dense, &fold.test);
        predicted.extend(super::scoring::dense(scores, &unit.prepared, &fold.test));
    }
    for one in &predicted {
        outcome.metrics.extend(metric_rows(study, one, fold, unit));
    }
    // Of smaller training parts the measures are what is asked for.
    if unit.unit.size.is_none() {
        outcome.predictions.extend(prediction_rows(study, &predicted, &fold.test, Some(fold)));
    }
}

/// Linear methods that the spec compares with.
fn baselines(study: &Study<'_>, unit: &FittedUnit<'_>, rows: &[u32]) -> Vec<Predicted> {
    let mut predicted = Vec::new();
    // Where it is stacked on, GBLUP is fitted whether it is shown or not.
    if study.spec.evaluate.baselines.contains(&Baseline::Gblup) {
        predicted.extend(of_gblup(study, unit, rows));
    }
    for (baseline, fits) in &unit.prepared.baselines {
        predicted.extend(of_baseline(*baseline, fits, rows));
    }
    predicted
}

/// The final model, and predictions of samples that no fold tested.
fn last<'u>(
    trainer: &Trainer<'_>,
    all: &'u [u32],
    outcome: &mut Outcome,
) -> Result<FittedUnit<'u>, Diagnostics> {
    let study = trainer.study;
    let of_folds = outcome.fitted.iter().flat_map(|fold| &fold.networks).flat_map(|network| &network.epochs);
    // Networks that are stacked have rows of their own to stop on.
    let epochs = if study.spec.is_stacked() { None } else { median(of_folds.copied().collect()) };
    let mut units = trainer.fit(&[Unit { fold: None, rows: all, size: None }], epochs)?;
    let unit = units.swap_remove(0);
    outcome.fits.extend(unit.records.iter().cloned());
    let everyone = 0..study.cohort.samples.len() as u32;
    let rows: Vec<u32> = match study.spec.evaluate.scheme {
        Scheme::None => everyone.collect(),
        _ => everyone.filter(|row| all.binary_search(row).is_err()).collect(),
    };
    if !rows.is_empty() {
        let mut predicted = own(study, &unit, &rows);
        predicted.extend(baselines(study, &unit, &rows));
        outcome.predictions.extend(prediction_rows(study, &predicted, &rows, None));
    }
    Ok(unit)
}

impl FittedFold {
    /// What is kept of a unit once it has predicted: calls in the order of samples are let go.
    fn of(study: &Study<'_>, unit: FittedUnit<'_>) -> Self {
        let polygenic =
            unit.shares.clone().map(|shares| Polygenic { shares, effects: effects(study, &unit) });
        let FittedUnit { unit, parts, .. } = unit;
        let networks = parts.into_iter().map(|(part, fits)| FittedNetwork::of(part, fits)).collect();
        Self { fold: unit.fold.cloned(), train: unit.rows.to_vec(), networks, polygenic }
    }
}

fn effects(study: &Study<'_>, unit: &FittedUnit<'_>) -> Effects {
    let prepared = &unit.prepared;
    let markers = marker_sets(study, &prepared.usable);
    let traits = study.spec.predicts.iter().flat_map(|predict| {
        let weights = record_weights(study, predict);
        predict.traits.iter().map(move |column| {
            let values = trait_values(study.cohort, column.table, &column.column);
            observed_rows(values, weights, unit.unit.rows)
        })
    });
    let rows: Vec<Vec<u32>> = traits.collect();
    let fits = prepared.gblup.iter().zip(&rows);
    let fits: Vec<(Option<&Prediction>, &[u32])> =
        fits.map(|(fit, rows)| (fit.as_ref(), rows.as_slice())).collect();
    Effects::of(&markers, unit.unit.rows, prepared.divisor, &fits)
}

impl FittedNetwork {
    fn of(part: Part, fits: Vec<super::network::NetworkFit>) -> Self {
        let Part { inner, rows, network, preprocessing, .. } = part;
        let silent = |scale: &InputScale| matches!(scale, InputScale::Variant(table) if *table == [0.0; 4]);
        let is_variant = |input: &Input| matches!(input, Input::Variant { .. });
        let inputs = network.plan.inputs.iter().zip(&preprocessing.inputs);
        let filtered = inputs.filter(|(input, scale)| is_variant(input) && silent(scale)).count();
        let (seeds, epochs) = fits.iter().map(|fit| (fit.seed, fit.best_epoch)).unzip();
        Self {
            inner,
            seen: rows.len(),
            plan: Arc::clone(&network.plan),
            learnt: network.learnt.clone(),
            preprocessing,
            members: fits.into_iter().map(|fit| fit.parameters).collect(),
            seeds,
            epochs,
            filtered,
        }
    }
}

fn dense_scores(study: &Study<'_>, network: &Compiled, dense: &Dense, rows: &[u32]) -> Vec<Score> {
    let Compiled { plan, master, .. } = network;
    let columns = dense.preprocessing.columns(plan, study.cohort);
    let inputs = dense.preprocessing.input_data_on(plan, study.cohort, study.sets, &columns, master);
    score_members(plan, &dense.preprocessing, &dense.members, &inputs, rows)
}

/// The lower median; `None` of nothing.
fn median(mut values: Vec<usize>) -> Option<usize> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).map(|epochs| (*epochs).max(1))
}
