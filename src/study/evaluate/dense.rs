//! The fully connected network of every fold: six candidates, then the best one's other members.

use super::baseline::fcn;
use super::choice::lowest;
use super::compiled::Compiled;
use super::crew::Crew;
use super::network::{FitSeed, NetworkFit, Override, fit_with, of_fold};
use super::outcome::{FitRecord, Method};
use super::trainer::FittedUnit;
use super::{Progress, Study};
use crate::compiler::plan::Cost;
use crate::engine::model::{Preprocessing, estimate};
use crate::engine::network::Parameters;
use crate::language::diagnostics::Diagnostic;
use rayon::prelude::*;

/// A fit: place of the fold, of the settings, member.
type Job = (usize, usize, usize);

/// A tuned network of one fold.
pub(super) struct Dense {
    pub(super) preprocessing: Preprocessing,
    pub(super) members: Vec<Parameters<f32>>,
}

/// Who fits them.
pub(super) struct DenseFits<'a> {
    pub(super) study: &'a Study<'a>,
    pub(super) network: &'a Compiled,
    pub(super) crew: &'a Crew,
    pub(super) progress: &'a dyn Progress,
}

/// Fits of a study of so many folds.
pub(super) fn planned(folds: usize, ensemble: usize) -> usize {
    folds * (fcn::candidates().len() + ensemble - 1)
}

impl DenseFits<'_> {
    /// One a fold.
    pub(super) fn run(
        &self,
        folds: &[FittedUnit<'_>],
        records: &mut Vec<FitRecord>,
    ) -> Result<Vec<Dense>, Diagnostic> {
        let study = self.study;
        let scales: Vec<Preprocessing> = folds
            .par_iter()
            .map(|fold| {
                let usable = &fold.prepared.usable;
                estimate(study.spec, &self.network.plan, study.cohort, study.sets, usable, fold.unit.rows)
            })
            .collect();
        let candidates = fcn::candidates();
        let tried: Vec<Job> = (0..folds.len())
            .flat_map(|fold| (0..candidates.len()).map(move |candidate| (fold, candidate, 0)))
            .collect();
        let mut fits = self.fits(folds, &scales, &tried, records)?.into_iter();
        let fits: Vec<Vec<NetworkFit>> =
            folds.iter().map(|_| fits.by_ref().take(candidates.len()).collect()).collect();
        let best: Vec<usize> = fits.iter().map(|fits| lowest(&losses(fits))).collect();
        let others: Vec<Job> = (0..folds.len())
            .flat_map(|fold| (1..study.spec.train.ensemble).map(move |member| (fold, member)))
            .map(|(fold, member)| (fold, best[fold], member))
            .collect();
        let mut others = self.fits(folds, &scales, &others, records)?.into_iter();
        let per_fold = study.spec.train.ensemble - 1;
        let mut dense = Vec::new();
        for ((mut fits, best), preprocessing) in fits.into_iter().zip(best).zip(scales) {
            let mut members = vec![fits.swap_remove(best).parameters];
            members.extend(others.by_ref().take(per_fold).map(|fit| fit.parameters));
            dense.push(Dense { preprocessing, members });
        }
        Ok(dense)
    }

    fn fits(
        &self,
        folds: &[FittedUnit<'_>],
        scales: &[Preprocessing],
        jobs: &[Job],
        records: &mut Vec<FitRecord>,
    ) -> Result<Vec<NetworkFit>, Diagnostic> {
        let candidates = fcn::candidates();
        let most = self.crew.fitting_dense;
        let threads = self.crew.threads_of_fit(most, jobs.len());
        let fit = |(at, candidate, member): &Job| {
            let FittedUnit { unit, prepared, .. } = &folds[*at];
            let optimizer = Some(candidates[*candidate]);
            let settings = Override { optimizer, epochs: None, compared: true, threads };
            let scales = (&scales[*at], prepared.offsets.as_slice());
            let seed = FitSeed::of(unit.fold, *member);
            let fit = fit_with(self.study, self.network, scales, unit.rows, seed, settings, self.progress);
            self.progress.finished(&format!("fcn, repeat {}, fold {}", seed.repeat, seed.fold));
            of_fold(fit, unit.fold)
        };
        let fits = || jobs.par_iter().map(fit).collect::<Vec<_>>();
        let fits: Vec<NetworkFit> =
            self.crew.at_most(most, jobs.len(), fits)?.into_iter().collect::<Result<_, _>>()?;
        let edges = Cost::of(&self.network.plan, 1).forward();
        records.extend(jobs.iter().zip(&fits).map(|((at, candidate, member), fit)| {
            let FitSeed { repeat, fold, inner, .. } = FitSeed::of(folds[*at].unit.fold, *member);
            let (method, candidate, took) = (Method::Fcn, Some(*candidate), fit.took);
            FitRecord {
                method,
                repeat,
                fold,
                size: folds[*at].unit.size,
                inner,
                member: *member,
                candidate,
                edges,
                took,
                history: fit.history.clone(),
                best_epoch: fit.best_epoch,
            }
        }));
        Ok(fits)
    }
}

/// Losses on the rows validated on; NaN where there are none.
fn losses(fits: &[NetworkFit]) -> Vec<f64> {
    fits.iter().map(|fit| fit.validation).collect()
}
