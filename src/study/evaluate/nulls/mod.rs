//! Importances where nothing but relatives tells: the study again, on traits that GBLUP drew.
//!
//! A gene that tells families apart moves predictions whether it acts or not. Traits that are drawn anew from
//! their fixed effects and relationships have no gene that matters more than its share of all variants, and
//! networks that are fitted to them, on the same folds with the same seeds, say how large importances then are.

mod bootstrap;

pub use bootstrap::Bootstrap;

use super::compiled::{self, Compiled};
use super::crew::Crew;
use super::inside::clamped;
use super::rows::traits;
use super::trainer::{Trainer, Unit};
use super::{Outcome, Progress, Study, error};
use crate::compiler::plan::{Input, Plan};
use crate::data::Fold;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{ColumnKind, ColumnRef, FixedEffect, Scheme, Spec};
use crate::study::explain::{Importance, importances, judge};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Whether importances of a spec can be judged by a null.
///
/// # Errors
/// E0106 without folds; E0113 with several traits, a trait that is not continuous, or where nodes read columns or the
/// scheme names environments whose effects are not fixed: what these explain would pass for noise under the null.
pub fn check_nulls(spec: &Spec, plan: &Plan) -> Result<(), Diagnostic> {
    if spec.evaluate.scheme == Scheme::None {
        return Err(error::no_folds_for_nulls().at(spec.evaluate.span, "nobody is tested"));
    }
    if let Some(second) = traits(spec).nth(1) {
        return Err(error::no_null_of_several().at(second.span, "a second trait"));
    }
    if let Some(other) = traits(spec).find(|column| column.kind != ColumnKind::Continuous) {
        return Err(error::no_null_of(&other.column).at(other.span, "not declared `continuous`"));
    }
    let reads = plan.inputs.iter().find_map(|input| match input {
        Input::Column { column, .. } => Some(column),
        Input::Variant { .. } => None,
    });
    if let Some(column) = reads {
        return Err(error::no_null_beside(column, "is read by nodes"));
    }
    let is_fixed = |column: &ColumnRef| {
        let mut fixed = spec.predicts.iter().flat_map(|predict| &predict.fixed);
        fixed.any(|effect| matches!(effect, FixedEffect::Column(known) if known.is(column)))
    };
    match spec.evaluate.scheme.environment().filter(|environment| !is_fixed(environment)) {
        Some(environment) => {
            Err(error::no_null_beside(&environment.column, "has environments and is not fixed"))
        }
        None => Ok(()),
    }
}

/// Importances `[replicates]` of the study's nodes under the null, over the networks of `folds`.
///
/// # Errors
/// Those of [`check_nulls`] and of fits; as interrupted.
pub fn nulls(
    study: &Study<'_>,
    folds: &[Fold],
    replicates: usize,
    crew: &Crew,
    progress: &dyn Progress,
) -> Result<Vec<Vec<Importance>>, Diagnostic> {
    check_nulls(study.spec, study.plan)?;
    let bootstrap = Bootstrap::of(study)?;
    let again = Again::of(study, folds, crew, progress);
    progress.planned(replicates * folds.len() * again.trainer(study).fits_of_unit());
    (0..replicates as u64).map(|replicate| again.importances(&bootstrap, replicate)).collect()
}

impl Outcome {
    /// Gives every importance its p and q by importances `[replicates]` under a null.
    pub fn judge_by(&mut self, nulls: &[Vec<Importance>]) {
        let mut inputs: FxHashMap<(&str, &str), (usize, usize)> = FxHashMap::default();
        for row in &self.inside.nodes {
            let (sum, count) = inputs.entry((&row.layer, &row.node)).or_default();
            (*sum, *count) = (*sum + row.inputs, *count + 1);
        }
        let mean = |one: &Importance| {
            let (sum, count) =
                inputs.get(&(one.layer.as_str(), one.node.as_str())).copied().unwrap_or((0, 1));
            sum as f64 / count as f64
        };
        judge(&mut self.importance, nulls, &mean);
    }
}

/// A study without its baselines and smaller parts, to be fitted to other traits.
struct Again<'a> {
    study: &'a Study<'a>,
    spec: Spec,
    fixed: Option<Arc<Compiled>>,
    folds: &'a [Fold],
    crew: &'a Crew,
    progress: &'a dyn Progress,
}

impl<'a> Again<'a> {
    fn of(study: &'a Study<'a>, folds: &'a [Fold], crew: &'a Crew, progress: &'a dyn Progress) -> Self {
        let mut spec = study.spec.clone();
        spec.evaluate.baselines = Vec::new();
        spec.evaluate.train_sizes = Vec::new();
        Self { study, spec, fixed: compiled::fixed(study), folds, crew, progress }
    }

    fn trainer<'s>(&'s self, study: &'s Study<'s>) -> Trainer<'s> {
        Trainer { study, fixed: self.fixed.clone(), crew: self.crew, progress: self.progress }
    }

    fn importances(&self, bootstrap: &Bootstrap, replicate: u64) -> Result<Vec<Importance>, Diagnostic> {
        let cohort = bootstrap.draw(self.study.cohort, replicate);
        let study = Study { spec: &self.spec, cohort: &cohort, ..*self.study };
        let units: Vec<Unit<'_>> =
            self.folds.iter().map(|fold| Unit { fold: Some(fold), rows: &fold.train, size: None }).collect();
        let mut networks = Vec::new();
        for unit in self.trainer(&study).fit(&units, None)? {
            if let Some(fold) = unit.unit.fold {
                networks.extend(clamped(&study, &unit, fold)?);
            }
        }
        Ok(importances(&networks))
    }
}
