//! Priors that were estimated from samples, and whether a fold predicts any of these.

use super::leaks::{fixed, linked};
use super::{Reader, error};
use crate::data::{self, Cohort, ColumnData};
use crate::knowledge::Knowledge;
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::{ColumnRef, EstimatedOn, Prior, Scheme, Spec};
use crate::study::evaluate::eligible_rows;
use rustc_hash::FxHashSet;

impl Reader<'_> {
    /// The samples that a prior was estimated on, where a file lists them; W0702 where nothing is
    /// said of the samples behind weights or signs.
    pub(super) fn estimated_on(
        &mut self,
        prior: &Prior,
        knowledge: Option<&Knowledge>,
    ) -> Option<Vec<String>> {
        match &prior.samples {
            EstimatedOn::Nobody => None,
            EstimatedOn::Unsaid => {
                let Some(Knowledge::Pairs(pairs)) = knowledge else { return None };
                let what = match (pairs.weights.is_empty(), pairs.signs.is_empty()) {
                    (true, true) => return None,
                    (false, true) => "weights",
                    (true, false) => "signs",
                    (false, false) => "weights and signs",
                };
                self.found.push(error::estimated_on_whom(&prior.name.value, what, prior.name.span));
                None
            }
            EstimatedOn::File(name) => {
                let path = self.path(&name.value, name.span)?;
                let read = data::read_id_list(self.world, &path);
                let read = read.map(|list| (list, Diagnostics::default())).map_err(Diagnostics::from);
                let (ids, file) = self.keep(read, name.span)?;
                self.read.files.push(file);
                Some(ids)
            }
        }
    }
}

/// E0701 for each prior that was estimated on samples which a fold predicts.
pub(super) fn on_test_samples(
    spec: &Spec,
    lists: &[Option<Vec<String>>],
    cohort: &Cohort,
) -> Vec<Diagnostic> {
    if lists.iter().all(Option::is_none) {
        return Vec::new();
    }
    let (scheme, seed) = (&spec.evaluate.scheme, spec.evaluate.seed);
    // Folds that cannot be made are told by the run.
    let Ok((folds, _)) = data::split(scheme, seed, cohort, &eligible_rows(spec, cohort)) else {
        return Vec::new();
    };
    let mut is_tested = vec![false; cohort.samples.len()];
    for row in folds.iter().flat_map(|fold| &fold.test) {
        is_tested[*row as usize] = true;
    }
    let mut found = Vec::new();
    for (prior, list) in spec.priors.iter().zip(lists) {
        let (Some(list), EstimatedOn::File(name)) = (list, &prior.samples) else { continue };
        let seen: FxHashSet<&str> = list.iter().map(String::as_str).collect();
        let rows = cohort.samples.iter().zip(&is_tested);
        let mut both: Vec<&str> = rows
            .filter(|(sample, tested)| **tested && seen.contains(sample.individual.as_str()))
            .map(|(sample, _)| sample.individual.as_str())
            .collect();
        // Records of one individual stand side by side.
        both.dedup();
        if !both.is_empty() {
            found.push(error::estimated_on_test_samples(&prior.name.value, both.len(), &both, name.span));
        }
    }
    found
}

/// W0709 for categorical covariates each of whose levels lies within one fold.
pub(super) fn covariates_of_folds(spec: &Spec, cohort: &Cohort) -> Vec<Diagnostic> {
    // A new environment takes the mean of those that were seen, and is meant to be new.
    let environment = spec.evaluate.scheme.environment();
    let is_environment = |column: &ColumnRef| environment.is_some_and(|own| own.is(column));
    let fixed = fixed(spec).filter(|column| !is_environment(column));
    let covariates: Vec<&ColumnRef> = fixed.chain(linked(spec)).collect();
    let (scheme, seed) = (&spec.evaluate.scheme, spec.evaluate.seed);
    if covariates.is_empty() || matches!(scheme, Scheme::Holdout { .. } | Scheme::None) {
        return Vec::new();
    }
    let Ok((folds, _)) = data::split(scheme, seed, cohort, &eligible_rows(spec, cohort)) else {
        return Vec::new();
    };
    let first: Vec<&[u32]> =
        folds.iter().filter(|fold| fold.repeat == 1).map(|fold| fold.test.as_slice()).collect();
    let identifies = |column: &&ColumnRef| {
        let data = cohort.columns.get(column.table).and_then(|columns| columns.get(&column.column));
        let Some(ColumnData::Categorical { levels, codes }) = data else { return false };
        let mut fold_of = vec![None; levels.len()];
        let mut within = levels.len() > 1;
        for (fold, rows) in first.iter().enumerate() {
            for code in rows.iter().filter_map(|row| codes[*row as usize]) {
                let known = fold_of[code as usize].get_or_insert(fold);
                within &= *known == fold;
            }
        }
        within && fold_of.iter().flatten().count() > 1
    };
    let told = covariates.into_iter().filter(identifies);
    told.map(|column| error::covariate_of_folds(&column.column, column.span, spec.evaluate.span)).collect()
}
