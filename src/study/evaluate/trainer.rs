//! From training rows to fitted networks.
//!
//! A unit is what one model is made for: the training rows of a fold, or all rows. Its networks see
//! all of its rows, or, where it is stacked, all but one inner fold each. Whatever is estimated for a
//! network (links, filters, scales, fixed effects) is estimated on the rows that it sees.

use super::Study;
use super::choice::{InnerError, best, choices, inner_error};
use super::compiled::{Compiled, means};
use super::crew::Crew;
use super::network::{FitSeed, NetworkFit, Override, fit_with, of_fold};
use super::outcome::{FitRecord, Method};
use super::prepare::{Prepared, prepare, prepare_part};
use super::rows::trait_values;
use super::stack::{Share, shares};
use super::{Progress, error};
use crate::compiler::plan::Cost;
use crate::data::{self, Fold, InnerFold};
use crate::engine::model::{Columns, Preprocessing, Scale, estimate};
use crate::engine::network::InputData;
use crate::language::diagnostics::Diagnostic;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What one model is made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<'a> {
    /// The fold; `None` for the final model.
    pub(super) fold: Option<&'a Fold>,
    /// Training rows.
    pub(super) rows: &'a [u32],
    /// How many these are, where they are some of the fold's.
    pub(super) size: Option<usize>,
}

/// The rows that one network sees, and what they say.
#[derive(Clone)]
pub(super) struct Part {
    /// The inner fold that it does not see, from 1; 0 where it sees all rows of its unit.
    pub(super) inner: usize,
    /// Rows that it sees.
    pub(super) rows: Vec<u32>,
    /// Rows of the inner fold.
    pub(super) held: Vec<u32>,
    pub(super) prepared: Arc<Prepared>,
    pub(super) network: Arc<Compiled>,
    pub(super) preprocessing: Preprocessing,
}

impl Part {
    /// What its network reads; `columns` are those of its preprocessing.
    pub(super) fn inputs<'a>(&'a self, study: &Study<'a>, columns: &'a Columns) -> InputData<'a> {
        let (plan, master) = (&self.network.plan, &self.network.master);
        self.preprocessing.input_data_on(plan, study.cohort, study.sets, columns, master)
    }
}

/// A part with the fits of its members.
pub(super) type FittedPart = (Part, Vec<NetworkFit>);

/// A unit with its networks.
pub(super) struct FittedUnit<'a> {
    pub(super) unit: Unit<'a>,
    /// Which of the listed weights were chosen: one for the unit, or where it is stacked one a part.
    pub(super) choices: Vec<usize>,
    /// What its fits took.
    pub(super) records: Vec<FitRecord>,
    /// What all rows of the unit say.
    pub(super) prepared: Arc<Prepared>,
    /// Parts with one fit a member.
    pub(super) parts: Vec<FittedPart>,
    /// How much of each trait's prediction is the networks', where they are stacked.
    pub(super) shares: Option<Vec<Share>>,
}

/// Who makes units.
pub(super) struct Trainer<'a> {
    pub(super) study: &'a Study<'a>,
    /// The spec's own network; `None` where links are learnt.
    pub(super) fixed: Option<Arc<Compiled>>,
    pub(super) crew: &'a Crew,
    pub(super) progress: &'a dyn Progress,
}

/// A part that is to be fitted, and the place of its unit.
struct Job {
    unit: usize,
    part: Part,
}

impl Trainer<'_> {
    /// Fits of a unit.
    pub(super) fn fits_of_unit(&self) -> usize {
        let spec = self.study.spec;
        let (inner, ensemble) = (spec.evaluate.inner, spec.train.ensemble);
        let tried = inner * choices(self.study);
        match (spec.is_stacked(), spec.chooses()) {
            (true, false) => inner * ensemble,
            (true, true) => tried + inner * (ensemble - 1),
            (false, true) => tried + ensemble,
            (false, false) => ensemble,
        }
    }

    /// Fits every network of every unit, for so many epochs where that is given.
    ///
    /// # Errors
    /// The first error in the order of units, parts and members, with the fold named.
    pub(super) fn fit<'u>(
        &self,
        units: &[Unit<'u>],
        epochs: Option<usize>,
    ) -> Result<Vec<FittedUnit<'u>>, Diagnostic> {
        let spec = self.study.spec;
        let prepared = self
            .at_once(units, |unit| prepare(self.study, unit.rows, unit.fold, self.progress).map(Arc::new))?;
        let mut fitted: Vec<FittedUnit<'u>> =
            units.iter().zip(&prepared).map(|(unit, prepared)| FittedUnit::of(*unit, prepared)).collect();
        if spec.chooses() {
            let jobs = self.inner_jobs(units, &prepared)?;
            self.choose(units, &jobs, &mut fitted)?;
        } else {
            let jobs = if spec.is_stacked() {
                self.inner_jobs(units, &prepared)?
            } else {
                whole_jobs(self, units, &prepared)?
            };
            self.fit_into(units, jobs, epochs, &mut fitted)?;
        }
        if spec.chooses() && !spec.is_stacked() {
            let mut jobs = whole_jobs(self, units, &prepared)?;
            for job in &mut jobs {
                job.weigh(self.study, fitted[job.unit].choices[0]);
            }
            self.fit_into(units, jobs, epochs, &mut fitted)?;
        }
        if spec.is_stacked() {
            let shares: Vec<Vec<Share>> = fitted.par_iter().map(|unit| shares(self.study, unit)).collect();
            fitted.iter_mut().zip(shares).for_each(|(unit, shares)| unit.shares = Some(shares));
        }
        Ok(fitted)
    }

    /// Fits jobs with all members, and gives them to their units.
    fn fit_into(
        &self,
        units: &[Unit<'_>],
        jobs: Vec<Job>,
        epochs: Option<usize>,
        fitted: &mut [FittedUnit<'_>],
    ) -> Result<(), Diagnostic> {
        let members = 0..self.study.spec.train.ensemble;
        let count = members.len();
        let mut fits = self.fits(units, &jobs, members, epochs)?.into_iter();
        for Job { unit, part } in jobs {
            let fits: Vec<NetworkFit> = fits.by_ref().take(count).collect();
            fitted[unit].record(&part, &fits, None);
            fitted[unit].parts.push((part, fits));
        }
        Ok(())
    }

    /// Tries every listed weight on every inner part. A whole unit takes the weight that predicts its
    /// inner folds best. Where units are stacked, each part takes the weight that predicts the *other*
    /// inner folds best, so that what it says of its own may be judged, and keeps its networks.
    fn choose(
        &self,
        units: &[Unit<'_>],
        inner: &[Job],
        fitted: &mut [FittedUnit<'_>],
    ) -> Result<(), Diagnostic> {
        let tried = choices(self.study);
        let jobs: Vec<Job> = inner
            .iter()
            .flat_map(|job| (0..tried).map(move |choice| job.weighed(self.study, choice)))
            .collect();
        let fits = self.fits(units, &jobs, 0..1, None)?;
        // [units][parts][choices]
        let mut of_unit: Vec<Vec<Vec<FittedPart>>> = units.iter().map(|_| Vec::new()).collect();
        let mut pairs = jobs.into_iter().zip(fits);
        for Job { unit, .. } in inner {
            let of_part = pairs.by_ref().take(tried).enumerate().map(|(choice, (job, fit))| {
                let fits = vec![fit];
                fitted[*unit].record(&job.part, &fits, Some(choice));
                (job.part, fits)
            });
            of_unit[*unit].push(of_part.collect());
        }
        let mut kept: Vec<Job> = Vec::new();
        let mut first: Vec<Vec<NetworkFit>> = Vec::new();
        for (unit, parts) in of_unit.into_iter().enumerate() {
            let errors: Vec<Vec<InnerError>> = parts
                .iter()
                .map(|tried| tried.iter().map(|part| inner_error(self.study, part)).collect())
                .collect();
            if !self.study.spec.is_stacked() {
                fitted[unit].choices = vec![best(&errors, None)];
                continue;
            }
            fitted[unit].choices = (0..parts.len()).map(|own| best(&errors, Some(own))).collect();
            for (mut tried, choice) in parts.into_iter().zip(fitted[unit].choices.clone()) {
                let (part, fits) = tried.swap_remove(choice);
                kept.push(Job { unit, part });
                first.push(fits);
            }
        }
        let members = 1..self.study.spec.train.ensemble;
        let count = members.len();
        let mut others = self.fits(units, &kept, members, None)?.into_iter();
        for (Job { unit, part }, mut fits) in kept.into_iter().zip(first) {
            let rest: Vec<NetworkFit> = others.by_ref().take(count).collect();
            fitted[unit].record(&part, &rest, None);
            fits.extend(rest);
            fitted[unit].parts.push((part, fits));
        }
        Ok(())
    }

    /// Does something for each of a list, no more at once than may be prepared at once.
    fn at_once<T: Sync, R: Send>(
        &self,
        list: &[T],
        work: impl Fn(&T) -> Result<R, Diagnostic> + Sync,
    ) -> Result<Vec<R>, Diagnostic> {
        let unless_cancelled =
            |one: &T| if self.progress.cancelled() { Err(error::interrupted()) } else { work(one) };
        let all = || list.par_iter().map(unless_cancelled).collect::<Vec<_>>();
        self.crew.at_most(self.crew.preparing, list.len(), all)?.into_iter().collect()
    }

    /// One part for each inner fold of each unit.
    fn inner_jobs(&self, units: &[Unit<'_>], prepared: &[Arc<Prepared>]) -> Result<Vec<Job>, Diagnostic> {
        let mut asked: Vec<(usize, usize, Vec<u32>, Vec<u32>)> = Vec::new();
        for (at, unit) in units.iter().enumerate() {
            let inner = self.inner_folds(unit)?;
            asked.extend((1..).zip(inner).map(|(inner, (seen, held))| (at, inner, seen, held)));
        }
        let learnt = AtomicUsize::new(0);
        self.at_once(&asked, |(unit, inner, rows, held)| {
            let part = self.part(&prepared[*unit], *inner, rows, held);
            self.tell(&learnt, asked.len());
            Ok(Job { unit: *unit, part: of_fold(part, units[*unit].fold)? })
        })
    }

    fn part(
        &self,
        of_unit: &Arc<Prepared>,
        inner: usize,
        rows: &[u32],
        held: &[u32],
    ) -> Result<Part, Diagnostic> {
        let study = self.study;
        let prepared =
            if inner == 0 { Arc::clone(of_unit) } else { Arc::new(prepare_part(study, rows, None)?) };
        let network = match &self.fixed {
            Some(fixed) => Arc::clone(fixed),
            None => Arc::new(Compiled::learnt(study, rows, &prepared.usable, self.progress)?),
        };
        let mut preprocessing =
            estimate(study.spec, &network.plan, study.cohort, study.sets, &prepared.usable, rows);
        scale_residuals(study, &prepared, &mut preprocessing, rows);
        Ok(Part { inner, rows: rows.to_vec(), held: held.to_vec(), prepared, network, preprocessing })
    }

    /// Says that one more part has its links, where any are learnt.
    fn tell(&self, learnt: &AtomicUsize, all: usize) {
        let done = learnt.fetch_add(1, Ordering::Relaxed) + 1;
        if self.fixed.is_none() {
            self.progress.learnt(done, all);
        }
    }

    /// Inner folds of a unit, made by the rule that made the folds.
    fn inner_folds(&self, unit: &Unit<'_>) -> Result<Vec<InnerFold>, Diagnostic> {
        let evaluate = &self.study.spec.evaluate;
        let seed = FitSeed::of(unit.fold, 0).mixed(evaluate.seed);
        let folds = data::inner_split(&evaluate.scheme, seed, self.study.cohort, unit.rows, evaluate.inner);
        of_fold(folds, unit.fold)
    }

    /// One fit a job and member, in that order.
    fn fits(
        &self,
        units: &[Unit<'_>],
        jobs: &[Job],
        members: Range<usize>,
        epochs: Option<usize>,
    ) -> Result<Vec<NetworkFit>, Diagnostic> {
        let jobs: Vec<(&Job, usize)> =
            jobs.iter().flat_map(|job| members.clone().map(move |member| (job, member))).collect();
        let most = self.crew.fitting;
        let threads = self.crew.threads_of_fit(most, jobs.len());
        let fit = |(Job { unit, part }, member): &(&Job, usize)| {
            let fold = units[*unit].fold;
            let scales = (&part.preprocessing, part.prepared.taken_off());
            let settings = Override { epochs, threads, ..Override::default() };
            let seed = FitSeed { inner: part.inner, ..FitSeed::of(fold, *member) };
            let fit = fit_with(self.study, &part.network, scales, &part.rows, seed, settings, self.progress);
            self.progress.finished(&match fold {
                Some(fold) => format!("binn, repeat {}, fold {}", fold.repeat, fold.fold),
                None => "binn, final fit".to_string(),
            });
            of_fold(fit, fold)
        };
        let fits = || jobs.par_iter().map(fit).collect::<Vec<_>>();
        self.crew.at_most(most, jobs.len(), fits)?.into_iter().collect()
    }
}

/// Standardises what a network learns where that is not the trait itself.
fn scale_residuals(study: &Study<'_>, prepared: &Prepared, preprocessing: &mut Preprocessing, rows: &[u32]) {
    let heads = study.spec.predicts.iter().zip(prepared.taken_off()).zip(&mut preprocessing.traits);
    for ((predict, taken_off), scales) in heads.filter(|((predict, _), _)| predict.residual) {
        for ((column, taken_off), scale) in predict.traits.iter().zip(taken_off).zip(scales) {
            let Some(taken_off) = taken_off else { continue };
            let values = trait_values(study.cohort, column.table, &column.column);
            let left: Vec<f64> = values.iter().zip(taken_off).map(|(value, off)| value - off).collect();
            *scale = Scale::of(&left, rows);
        }
    }
}

/// One part a unit, which sees all of its rows.
fn whole_jobs(
    trainer: &Trainer<'_>,
    units: &[Unit<'_>],
    prepared: &[Arc<Prepared>],
) -> Result<Vec<Job>, Diagnostic> {
    let places: Vec<usize> = (0..units.len()).collect();
    let learnt = AtomicUsize::new(0);
    trainer.at_once(&places, |unit| {
        let part = trainer.part(&prepared[*unit], 0, units[*unit].rows, &[]);
        trainer.tell(&learnt, units.len());
        Ok(Job { unit: *unit, part: of_fold(part, units[*unit].fold)? })
    })
}

impl Job {
    fn weigh(&mut self, study: &Study<'_>, choice: usize) {
        self.part.network = Arc::new(self.part.network.weighed(study, choice));
    }

    fn weighed(&self, study: &Study<'_>, choice: usize) -> Self {
        let mut own = Self { unit: self.unit, part: self.part.clone() };
        own.weigh(study, choice);
        own
    }
}

impl<'a> FittedUnit<'a> {
    fn of(unit: Unit<'a>, prepared: &Arc<Prepared>) -> Self {
        let prepared = Arc::clone(prepared);
        Self { unit, choices: Vec::new(), records: Vec::new(), prepared, parts: Vec::new(), shares: None }
    }

    /// `r1-f2`, or `final`.
    pub(super) fn place(&self) -> String {
        self.unit.fold.map_or("final".to_string(), |fold| format!("r{}-f{}", fold.repeat, fold.fold))
    }

    /// Traits that some network of the unit predicts by their means, since nothing was learnt of them.
    pub(super) fn unlearnt(&self) -> BTreeSet<usize> {
        let learnt = self.parts.iter().filter(|(part, _)| part.network.learnt.is_some());
        learnt.flat_map(|(part, _)| means(&part.network.plan)).collect()
    }

    /// Notes what fits of a part took.
    fn record(&mut self, part: &Part, fits: &[NetworkFit], candidate: Option<usize>) {
        let FitSeed { repeat, fold, .. } = FitSeed::of(self.unit.fold, 0);
        let edges = Cost::of(&part.network.plan, 1).forward();
        // Members that are tried are the first; others follow it.
        let first =
            self.records.iter().filter(|known| known.inner == part.inner && known.candidate.is_none());
        let first = first.count() + usize::from(self.is_tried(part.inner) && candidate.is_none());
        self.records.extend(fits.iter().enumerate().map(|(at, fit)| FitRecord {
            method: Method::Binn,
            repeat,
            fold,
            size: self.unit.size,
            inner: part.inner,
            member: if candidate.is_some() { at } else { first + at },
            candidate,
            edges,
            took: fit.took,
            history: fit.history.clone(),
            best_epoch: fit.best_epoch,
        }));
    }

    fn is_tried(&self, inner: usize) -> bool {
        self.records.iter().any(|known| known.inner == inner && known.candidate.is_some())
    }
}
