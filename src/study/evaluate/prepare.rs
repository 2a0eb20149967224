//! One training part: its filters, its fixed effects, its linear methods.
//!
//! Everything here is estimated on the training rows (invariant 8).

use super::baseline::{self, BaselineFit, Ground, gblup};
use super::compiled::Cancelled;
use super::error::in_fold;
use super::network::FitSeed;
use super::rows::{check_training, trait_values};
use super::{Progress, Study};
use crate::data::{self, ColumnData, Fold};
use crate::engine::model;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Baseline, ColumnRef, FixedEffect, Predict, Scenario, Scheme};
use crate::study::linear::blup::{Prediction, Trait};
use crate::study::linear::components::components;
use crate::study::linear::design::{self, Covariate, CovariateValues, Design};
use crate::study::linear::dosage::MarkerSet;
use crate::study::linear::relationship::Relationship;
use std::collections::BTreeSet;

/// What the training rows of one part say, whatever the network is.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Which variants pass the filters, one list a set.
    pub usable: Vec<Vec<bool>>,
    /// Fixed effects of each trait `[heads][traits][rows]`, mean 0 over the training rows, in its
    /// units.
    pub offsets: Vec<Vec<Option<Vec<f64>>>>,
    /// What is taken off each trait before networks train, shaped as `offsets`: of a trait that is to be
    /// learnt by its residuals, what GBLUP says of a training row from all others. `None` where that
    /// is the fixed effects of all.
    taken_off: Option<Vec<Vec<Option<Vec<f64>>>>>,
    /// GBLUP of each trait, where networks are stacked on it or it is a baseline, for all rows.
    pub gblup: Vec<Option<Prediction>>,
    /// The other baselines that are no networks, in the spec's order, each with its fit of each trait.
    pub baselines: Vec<(Baseline, Vec<Option<BaselineFit>>)>,
    /// The divisor of the relationship behind GBLUP; 0 without one.
    pub divisor: f64,
}

/// Prepares one training part with its baselines; `fold` is `None` for the final fit.
///
/// # Errors
/// E0609, E0607 and E0903 naming the fold, and as interrupted.
pub fn prepare(
    study: &Study<'_>,
    train: &[u32],
    fold: Option<&Fold>,
    progress: &dyn Progress,
) -> Result<Prepared, Diagnostic> {
    let evaluate = &study.spec.evaluate;
    // The final fit predicts samples that no fold tested; without any, nothing of a baseline is kept.
    let predicts =
        fold.is_some() || evaluate.scheme == Scheme::None || train.len() < study.cohort.samples.len();
    let asked = if predicts { evaluate.baselines.as_slice() } else { &[] };
    let with_baselines = With { gblup: asked.contains(&Baseline::Gblup), others: asked, fold, progress };
    prepare_part(study, train, Some(with_baselines)).map_err(|diagnostic| in_fold(diagnostic, fold))
}

/// Which baselines are fitted on a part, and what they need.
#[derive(Clone, Copy)]
pub(super) struct With<'a> {
    gblup: bool,
    others: &'a [Baseline],
    fold: Option<&'a Fold>,
    progress: &'a dyn Progress,
}

pub(super) fn prepare_part(
    study: &Study<'_>,
    train: &[u32],
    with: Option<With<'_>>,
) -> Result<Prepared, Diagnostic> {
    check_training(study, train)?;
    let Study { spec, cohort, sets, known, .. } = *study;
    let usable = model::usable(spec, cohort, sets, known.usable, train);
    let markers = marker_sets(study, &usable);
    let others: Vec<Baseline> =
        with.map_or(&[][..], |with| with.others).iter().copied().filter(is_beside_gblup).collect();
    let keeps_gblup = spec.is_stacked() || with.is_some_and(|with| with.gblup);
    let needs_relationship = keeps_gblup
        || others.iter().any(|baseline| !matches!(baseline, Baseline::Ridge | Baseline::Forest))
        || spec.predicts.iter().any(|predict| !predict.fixed.is_empty());
    let relationship = if needs_relationship { Some(gblup::relationship(&markers, train)?) } else { None };
    let mut part = Prepared {
        usable: usable.clone(),
        offsets: Vec::new(),
        taken_off: None,
        gblup: Vec::new(),
        baselines: others.iter().map(|baseline| (*baseline, Vec::new())).collect(),
        divisor: relationship.as_ref().map_or(0.0, |relationship| relationship.divisor),
    };
    let all: Vec<u32> = (0..cohort.samples.len() as u32).collect();
    let environments = environments(study);
    let mut taken_off = spec.predicts.iter().any(|predict| predict.residual).then(Vec::new);
    for predict in &spec.predicts {
        let design = design(study, predict, relationship.as_ref(), train)?;
        design.check_rank(train)?;
        let weights = record_weights(study, predict);
        let traits: Vec<Trait<'_>> = predict.traits.iter().map(|column| as_trait(study, column)).collect();
        // Networks see inner parts alone; all of a unit's rows are GBLUP's.
        let by_residuals = predict.residual && with.is_none();
        let mut left_out: Vec<Option<Vec<f64>>> = Vec::new();
        let fits: Vec<Option<Prediction>> = match &relationship {
            Some(Relationship { matrix, .. }) if by_residuals => {
                let fits = gblup::fit_and_leave_out(matrix, &design, &traits, weights, train);
                let (fits, residuals): (Vec<_>, Vec<_>) =
                    known_fits(fits, &traits, train)?.into_iter().map(Option::unzip).unzip();
                left_out = residuals;
                fits
            }
            Some(relationship) => known_fits(
                gblup::fit_predict(&relationship.matrix, &design, &traits, weights, train, &all),
                &traits,
                train,
            )?,
            None => vec![None; traits.len()],
        };
        let fits: Vec<Option<Prediction>> =
            fits.into_iter().map(|fit| fit.map(|fit| centred(fit, train))).collect();
        let offsets: Vec<_> = fits.iter().map(|fit| offset(predict, fit.as_ref())).collect();
        if let Some(taken_off) = &mut taken_off {
            let of_residuals = || {
                let said = traits.iter().zip(&left_out);
                said.map(|(one, residuals)| Some(differences(one.values, residuals.as_ref()?))).collect()
            };
            taken_off.push(if by_residuals { of_residuals() } else { offsets.clone() });
        }
        part.offsets.push(offsets);
        if let Some(With { fold, progress, .. }) = with {
            let seed = FitSeed::of(fold, 0).mixed(spec.evaluate.seed);
            let inner = |rows: &[u32]| {
                data::inner_split(&spec.evaluate.scheme, seed, cohort, rows, spec.evaluate.inner)
            };
            let ground = Ground {
                markers: &markers,
                relationship: relationship.as_ref(),
                design: &design,
                traits: &traits,
                gblup: &fits,
                weights,
                train,
                all: &all,
                environments: environments.as_deref(),
                inner: &inner,
                seed,
                watch: &Cancelled(progress),
            };
            for (baseline, of_traits) in &mut part.baselines {
                of_traits.extend(known_fits(baseline::fit(*baseline, &ground)?, &traits, train)?);
            }
        }
        part.gblup.extend(fits.into_iter().map(|fit| fit.filter(|_| keeps_gblup)));
    }
    part.taken_off = taken_off;
    Ok(part)
}

impl Prepared {
    /// What is taken off each trait before networks train `[heads][traits][rows]`; where a row has
    /// nothing to train on, 0.
    #[must_use]
    pub fn taken_off(&self) -> &[Vec<Option<Vec<f64>>>] {
        self.taken_off.as_deref().unwrap_or(&self.offsets)
    }
}

/// y − e; y itself of a row that was not fitted on, such as one whose record weighs nothing, so that nothing is
/// left of it, and 0 where there is no y.
fn differences(values: &[f64], residuals: &[f64]) -> Vec<f64> {
    let known = |value: f64| if value.is_nan() { 0.0 } else { value };
    values.iter().zip(residuals).map(|(value, residual)| known(*value) - known(*residual)).collect()
}

/// Whether a baseline is fitted to a part beside GBLUP.
fn is_beside_gblup(baseline: &Baseline) -> bool {
    !matches!(baseline, Baseline::Gblup | Baseline::Fcn)
}

/// Weights of records: those of the first predicted trait's table.
pub(super) fn record_weights<'a>(study: &Study<'a>, predict: &Predict) -> Option<&'a [f64]> {
    let table = predict.traits.first()?.table;
    study.cohort.weights.get(table)?.as_deref()
}

pub(super) fn marker_sets<'a>(study: &Study<'a>, usable: &'a [Vec<bool>]) -> Vec<MarkerSet<'a>> {
    let sets = study.sets.iter().zip(&study.cohort.rows_of_set).zip(usable);
    sets.map(|((set, rows), usable)| MarkerSet { calls: &set.calls, rows, usable }).collect()
}

pub(super) fn as_trait<'a>(study: &Study<'a>, column: &'a ColumnRef) -> Trait<'a> {
    Trait { name: &column.column, values: trait_values(study.cohort, column.table, &column.column) }
}

/// A trait that is constant on the training rows has no linear fit, and was warned of where it is
/// constant in all; anything else stops the run.
fn known_fits<T>(
    fits: Vec<Result<T, Diagnostic>>,
    traits: &[Trait<'_>],
    train: &[u32],
) -> Result<Vec<Option<T>>, Diagnostic> {
    let several = fits.len() > 1;
    fits.into_iter()
        .zip(traits)
        .map(|(fit, one)| match fit {
            Ok(prediction) => Ok(Some(prediction)),
            Err(_) if several && is_constant(one.values, train) => Ok(None),
            Err(diagnostic) => Err(diagnostic),
        })
        .collect()
}

fn is_constant(values: &[f64], rows: &[u32]) -> bool {
    let mut observed = rows.iter().map(|row| values[*row as usize]).filter(|value| !value.is_nan());
    let first = observed.next();
    observed.all(|value| Some(value) == first)
}

/// Moves the mean of the fixed effects over the training rows into `genetic`, so that its level
/// is the trait's, however covariates are coded.
pub(super) fn centred(mut fit: Prediction, train: &[u32]) -> Prediction {
    let fixed: Vec<f64> =
        fit.predicted.iter().zip(&fit.genetic).map(|(all, genetic)| all - genetic).collect();
    let mean = train.iter().map(|row| fixed[*row as usize]).sum::<f64>() / train.len().max(1) as f64;
    if mean != 0.0 {
        fit.genetic.iter_mut().for_each(|genetic| *genetic += mean);
    }
    fit
}

pub(super) fn design(
    study: &Study<'_>,
    predict: &Predict,
    relationship: Option<&Relationship>,
    train: &[u32],
) -> Result<Design, Diagnostic> {
    let rows = study.cohort.samples.len();
    let covariates: Vec<Covariate> = predict
        .fixed
        .iter()
        .filter_map(|effect| match effect {
            FixedEffect::Column(column) => covariate(study, column, train),
            FixedEffect::Components(..) => None,
        })
        .collect();
    let count = predict.fixed.iter().find_map(|effect| match effect {
        FixedEffect::Components(count, _) => Some(*count),
        FixedEffect::Column(_) => None,
    });
    let components = match (count, relationship) {
        (Some(count), Some(relationship)) => Some(components(relationship, train, count)?),
        _ => None,
    };
    let codings = design::learn(&covariates, train)?;
    Ok(design::encode(&codings, &covariates, components.as_ref(), rows)?.0)
}

fn covariate(study: &Study<'_>, column: &ColumnRef, train: &[u32]) -> Option<Covariate> {
    let values = match study.cohort.column(column.table, &column.column)? {
        ColumnData::Numeric(values) => CovariateValues::Numeric(values.clone()),
        ColumnData::Categorical { levels, codes } => {
            // A new environment has no effect of its own yet: it takes the mean of those that were seen.
            let seen: Option<BTreeSet<u32>> = are_new(&study.spec.evaluate.scheme, column)
                .then(|| train.iter().filter_map(|row| codes[*row as usize]).collect());
            // Where training rows are of one environment alone, its effect is the intercept.
            if seen.as_ref().is_some_and(|seen| seen.len() < 2) {
                return None;
            }
            let known = |code: &u32| seen.as_ref().is_none_or(|seen| seen.contains(code));
            let level = |code: &Option<u32>| code.filter(known).map(|code| levels[code as usize].clone());
            CovariateValues::Categorical(codes.iter().map(level).collect())
        }
    };
    Some(Covariate { name: column.column.clone(), values })
}

/// Whether a scheme tests levels of this column that training rows do not have.
fn are_new(scheme: &Scheme, column: &ColumnRef) -> bool {
    match scheme {
        Scheme::Environments { scenario: Scenario::Cv0 | Scenario::Cv00, environment, .. } => {
            environment.is(column)
        }
        _ => false,
    }
}

/// The environment of each row, where the scheme names a column of them.
fn environments(study: &Study<'_>) -> Option<Vec<Option<u32>>> {
    let environment = study.spec.evaluate.scheme.environment()?;
    data::levels(study.cohort, environment).ok().map(|(_, codes)| codes)
}

/// Fixed effects of all rows, with mean 0 over the training rows, for a trait that has any.
fn offset(predict: &Predict, fit: Option<&Prediction>) -> Option<Vec<f64>> {
    let fit = fit.filter(|_| !predict.fixed.is_empty())?;
    Some(fit.predicted.iter().zip(&fit.genetic).map(|(all, genetic)| all - genetic).collect())
}
