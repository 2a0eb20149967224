//! The whole evaluation: folds, methods, and the final fit.
//!
//! Jobs run side by side on the caller's pool, and the result of each stands
//! at its own place, so order and number of threads change nothing.

use super::baseline::fcn;
use super::crew::Crew;
use super::network::{FitSeed, Network, NetworkFit, Override, fit_with, of_fold, turned};
use super::outcome::{FitRecord, FittedFold, Method, Outcome};
use super::prepare::{Prepared, prepare};
use super::rows::{check_traits, constant_in_all, eligible};
use super::scoring::{linear, metric_rows, networks, prediction_rows};
use super::{Progress, Study};
use crate::compiler::plan::{Cost, Input};
use crate::data::{self, Fold};
use crate::engine::model::{Preprocessing, estimate, score_members};
use crate::engine::network::Parameters;
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::{Baseline, Scheme};
use rayon::prelude::*;
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
    let all: Vec<u32> = (0..).zip(&eligible).filter(|(_, eligible)| **eligible).map(|(row, _)| row).collect();
    found.extend(constant_in_all(study, &all));
    let dense =
        if study.spec.evaluate.baselines.contains(&Baseline::Fcn) { Some(fcn::plan(study)?) } else { None };
    let started = Instant::now();
    let master = turned(study, study.plan);
    let own = Network { plan: study.plan, master: &master };
    let dense_master = dense.as_ref().map(|plan| turned(study, plan));
    let turned_in = started.elapsed().as_secs_f64();
    let dense = dense.as_ref().zip(dense_master.as_ref());
    let dense = dense.map(|(plan, master)| Network { plan, master });
    let fitting = Fitting { study, own, dense, crew, progress };
    progress.planned(fitting.planned(folds.len()));
    let prepared = |fold: &Fold| {
        if progress.cancelled() {
            return Err(super::error::interrupted());
        }
        prepare(study, &fold.train, Some(fold))
    };
    let parts =
        crew.at_most(crew.preparing, folds.len(), || folds.par_iter().map(prepared).collect::<Vec<_>>())?;
    let parts = in_order(parts)?;
    let members = fitting.members(&folds, &parts)?;
    let mut fits: Vec<FitRecord> = Vec::new();
    for (fold, members) in folds.iter().zip(&members) {
        fits.extend(fitting.records(Some(fold), members));
    }
    let dense_members = fitting.dense(&folds, &parts, &mut fits)?;
    let mut outcome = Outcome {
        folds: Vec::new(),
        metrics: Vec::new(),
        predictions: Vec::new(),
        networks: Vec::new(),
        fits,
        turned_in,
        found,
    };
    for ((fold, part), (members, dense)) in
        folds.iter().zip(parts).zip(members.into_iter().zip(dense_members))
    {
        fitting.score_fold(fold, part, members, dense, &mut outcome);
    }
    fitting.finish(&all, &mut outcome)?;
    outcome.folds = folds;
    Ok(outcome)
}

/// The fits of one evaluation.
pub struct Fitting<'a> {
    study: &'a Study<'a>,
    own: Network<'a>,
    dense: Option<Network<'a>>,
    crew: &'a Crew,
    progress: &'a dyn Progress,
}

/// A fit of the dense baseline: place of the fold, of the settings, member.
type DenseJob = (usize, usize, usize);

/// A tuned fully connected network of one fold.
struct Dense {
    preprocessing: Preprocessing,
    members: Vec<Parameters<f32>>,
}

impl Fitting<'_> {
    fn planned(&self, folds: usize) -> usize {
        let ensemble = self.study.spec.train.ensemble;
        let dense = if self.dense.is_some() { folds * (fcn::candidates().len() + ensemble - 1) } else { 0 };
        (folds + 1) * ensemble + dense
    }

    /// Every member of every fold, side by side.
    fn members(&self, folds: &[Fold], parts: &[Prepared]) -> Result<Vec<Vec<NetworkFit>>, Diagnostic> {
        let ensemble = self.study.spec.train.ensemble;
        let jobs: Vec<(usize, usize)> =
            (0..folds.len()).flat_map(|fold| (0..ensemble).map(move |m| (fold, m))).collect();
        let Crew { fitting, .. } = *self.crew;
        let threads = self.crew.threads_of_fit(fitting, jobs.len());
        let fit = |(at, member): &(usize, usize)| {
            let (fold, part) = (&folds[*at], &parts[*at]);
            let scales = (&part.preprocessing, part.offsets.as_slice());
            let seed = FitSeed::of(Some(fold), *member);
            let settings = Override { threads, ..Override::default() };
            let fit = fit_with(self.study, self.own, scales, &fold.train, seed, settings, self.progress);
            self.progress.finished(&format!("binn, repeat {}, fold {}", fold.repeat, fold.fold));
            of_fold(fit, Some(fold))
        };
        let fits = || jobs.par_iter().map(fit).collect::<Vec<_>>();
        Ok(chunked(in_order(self.crew.at_most(fitting, jobs.len(), fits)?)?, ensemble))
    }

    /// What the members of one fold took.
    fn records(&self, fold: Option<&Fold>, fits: &[NetworkFit]) -> Vec<FitRecord> {
        let edges = Cost::of(self.own.plan, 1).forward();
        let (repeat, fold) = fold.map_or((0, 0), |fold| (fold.repeat, fold.fold));
        let record = |(member, fit): (usize, &NetworkFit)| {
            let (method, candidate, took) = (Method::Binn, None, fit.took);
            FitRecord { method, repeat, fold, member, candidate, edges, took }
        };
        fits.iter().enumerate().map(record).collect()
    }

    /// The dense network of every fold: six candidates, then the best one's other members.
    fn dense(
        &self,
        folds: &[Fold],
        parts: &[Prepared],
        records: &mut Vec<FitRecord>,
    ) -> Result<Vec<Option<Dense>>, Diagnostic> {
        let Some(network) = self.dense else { return Ok(folds.iter().map(|_| None).collect()) };
        let study = self.study;
        let scales: Vec<Preprocessing> = folds
            .par_iter()
            .zip(parts)
            .map(|(fold, part)| {
                estimate(study.spec, network.plan, study.cohort, study.sets, &part.usable, &fold.train)
            })
            .collect();
        let candidates = fcn::candidates();
        let tried: Vec<DenseJob> = (0..folds.len())
            .flat_map(|fold| (0..candidates.len()).map(move |candidate| (fold, candidate, 0)))
            .collect();
        let fits = self.dense_fits(network, folds, parts, &scales, &tried, records)?;
        let fits = chunked(fits, candidates.len());
        let best: Vec<usize> = fits.iter().map(|fits| lowest(fits)).collect();
        let others: Vec<DenseJob> = (0..folds.len())
            .flat_map(|fold| (1..study.spec.train.ensemble).map(move |member| (fold, member)))
            .map(|(fold, member)| (fold, best[fold], member))
            .collect();
        let mut others = self.dense_fits(network, folds, parts, &scales, &others, records)?.into_iter();
        let per_fold = study.spec.train.ensemble - 1;
        let mut dense = Vec::new();
        for ((mut fits, best), preprocessing) in fits.into_iter().zip(best).zip(scales) {
            let mut members = vec![fits.swap_remove(best).parameters];
            members.extend(others.by_ref().take(per_fold).map(|fit| fit.parameters));
            dense.push(Some(Dense { preprocessing, members }));
        }
        Ok(dense)
    }

    fn dense_fits(
        &self,
        network: Network<'_>,
        folds: &[Fold],
        parts: &[Prepared],
        scales: &[Preprocessing],
        jobs: &[DenseJob],
        records: &mut Vec<FitRecord>,
    ) -> Result<Vec<NetworkFit>, Diagnostic> {
        let candidates = fcn::candidates();
        let most = self.crew.fitting_dense;
        let threads = self.crew.threads_of_fit(most, jobs.len());
        let fit = |(at, candidate, member): &DenseJob| {
            let fold = &folds[*at];
            let optimizer = Some(candidates[*candidate]);
            let settings = Override { optimizer, epochs: None, compared: true, threads };
            let scales = (&scales[*at], parts[*at].offsets.as_slice());
            let seed = FitSeed::of(Some(fold), *member);
            let fit = fit_with(self.study, network, scales, &fold.train, seed, settings, self.progress);
            self.progress.finished(&format!("fcn, repeat {}, fold {}", fold.repeat, fold.fold));
            of_fold(fit, Some(fold))
        };
        let fits = || jobs.par_iter().map(fit).collect::<Vec<_>>();
        let fits = in_order(self.crew.at_most(most, jobs.len(), fits)?)?;
        let edges = Cost::of(network.plan, 1).forward();
        records.extend(jobs.iter().zip(&fits).map(|((at, candidate, member), fit)| {
            let Fold { repeat, fold, .. } = folds[*at];
            let (method, candidate, took) = (Method::Fcn, Some(*candidate), fit.took);
            FitRecord { method, repeat, fold, member: *member, candidate, edges, took }
        }));
        Ok(fits)
    }

    fn score_fold(
        &self,
        fold: &Fold,
        part: Prepared,
        fits: Vec<NetworkFit>,
        dense: Option<Dense>,
        outcome: &mut Outcome,
    ) {
        let study = self.study;
        let network = FittedFold::of(study, Some(fold), &fold.train, part.preprocessing.clone(), fits);
        let own = scores(study, self.own, &network.preprocessing, &network.members, &fold.test);
        let mut predicted = networks(Method::Binn, own, &part, &fold.test);
        predicted.extend(linear(Method::Gblup, &part.gblup, &fold.test));
        predicted.extend(linear(Method::Ridge, &part.ridge, &fold.test));
        if let (Some(network), Some(dense)) = (self.dense, dense) {
            let scores = scores(study, network, &dense.preprocessing, &dense.members, &fold.test);
            predicted.extend(networks(Method::Fcn, scores, &part, &fold.test));
        }
        for one in &predicted {
            outcome.metrics.extend(metric_rows(study, one, fold));
        }
        outcome.predictions.extend(prediction_rows(study, &predicted, &fold.test, Some(fold)));
        outcome.networks.push(network);
    }

    /// The final network, and predictions of samples that no fold tested.
    fn finish(&self, all: &[u32], outcome: &mut Outcome) -> Result<(), Diagnostic> {
        let study = self.study;
        let part = prepare(study, all, None)?;
        let epochs = median(outcome.networks.iter().flat_map(|network| &network.epochs).copied().collect());
        let ensemble = study.spec.train.ensemble;
        let most = self.crew.fitting;
        let threads = self.crew.threads_of_fit(most, ensemble);
        let fit = |member: usize| {
            let scales = (&part.preprocessing, part.offsets.as_slice());
            let settings = Override { epochs, threads, ..Override::default() };
            let seed = FitSeed::of(None, member);
            let fit = fit_with(study, self.own, scales, all, seed, settings, self.progress);
            self.progress.finished("binn, final fit");
            of_fold(fit, None)
        };
        let fits = || (0..ensemble).into_par_iter().map(fit).collect::<Vec<_>>();
        let fits = in_order(self.crew.at_most(most, ensemble, fits)?)?;
        outcome.fits.extend(self.records(None, &fits));
        let network = FittedFold::of(study, None, all, part.preprocessing.clone(), fits);
        let everyone = 0..study.cohort.samples.len() as u32;
        let rows: Vec<u32> = match study.spec.evaluate.scheme {
            Scheme::None => everyone.collect(),
            _ => everyone.filter(|row| all.binary_search(row).is_err()).collect(),
        };
        if !rows.is_empty() {
            let scores = scores(study, self.own, &network.preprocessing, &network.members, &rows);
            let mut predicted = networks(Method::Binn, scores, &part, &rows);
            predicted.extend(linear(Method::Gblup, &part.gblup, &rows));
            predicted.extend(linear(Method::Ridge, &part.ridge, &rows));
            outcome.predictions.extend(prediction_rows(study, &predicted, &rows, None));
        }
        outcome.networks.push(network);
        Ok(())
    }
}

impl FittedFold {
    fn of(
        study: &Study<'_>,
        fold: Option<&Fold>,
        train: &[u32],
        preprocessing: Preprocessing,
        fits: Vec<NetworkFit>,
    ) -> Self {
        use crate::engine::model::InputScale;
        let silent = |scale: &InputScale| matches!(scale, InputScale::Variant(table) if *table == [0.0; 4]);
        let is_variant = |input: &Input| matches!(input, Input::Variant { .. });
        let inputs = study.plan.inputs.iter().zip(&preprocessing.inputs);
        let filtered = inputs.filter(|(input, scale)| is_variant(input) && silent(scale)).count();
        let (seeds, epochs) = fits.iter().map(|fit| (fit.seed, fit.best_epoch)).unzip();
        let members = fits.into_iter().map(|fit| fit.parameters).collect();
        Self { fold: fold.cloned(), train: train.to_vec(), preprocessing, members, seeds, epochs, filtered }
    }
}

fn scores(
    study: &Study<'_>,
    Network { plan, master }: Network<'_>,
    preprocessing: &Preprocessing,
    members: &[Parameters<f32>],
    rows: &[u32],
) -> Vec<crate::engine::model::Score> {
    let columns = preprocessing.columns(plan, study.cohort);
    let inputs = preprocessing.input_data_on(plan, study.cohort, study.sets, &columns, master);
    score_members(plan, preprocessing, members, &inputs, rows)
}

/// All values, or the first error in order: which job failed first in time does not matter.
fn in_order<T>(results: Vec<Result<T, Diagnostic>>) -> Result<Vec<T>, Diagnostic> {
    results.into_iter().collect()
}

fn chunked<T>(values: Vec<T>, size: usize) -> Vec<Vec<T>> {
    let mut chunks = Vec::new();
    let mut values = values.into_iter().peekable();
    while values.peek().is_some() {
        chunks.push(values.by_ref().take(size).collect());
    }
    chunks
}

/// The fit with the lowest validation loss; the first where several tie or none has one.
fn lowest(fits: &[NetworkFit]) -> usize {
    let mut best = 0;
    for (at, fit) in fits.iter().enumerate() {
        if fit.validation < fits[best].validation {
            best = at;
        }
    }
    best
}

/// The lower median; `None` of nothing.
fn median(mut values: Vec<usize>) -> Option<usize> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).map(|epochs| (*epochs).max(1))
}
