//! Covariates that give the predicted trait away.

use super::error;
use crate::data::{Cohort, ColumnData};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{ColumnRef, FixedEffect, Spec, Target};
use crate::study::linear::correlation::pearson;

/// A correlation of this size leaves nothing to predict.
const THE_SAME: f64 = 0.999;
/// With fewer values two columns may be alike by chance.
const ENOUGH: usize = 6;

/// W0710 for covariates that are a predicted trait on another scale.
pub(super) fn covariates_that_are_traits(spec: &Spec, cohort: &Cohort) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for covariate in fixed(spec).chain(linked(spec)) {
        for predicted in spec.predicts.iter().flat_map(|predict| &predict.traits) {
            if let Some(r) = correlation(cohort, covariate, predicted).filter(|r| r.abs() > THE_SAME) {
                let (span, at) = (covariate.span, predicted.span);
                found.push(error::covariate_is_trait(&covariate.column, &predicted.column, r, span, at));
            }
        }
    }
    found
}

/// Columns that are fixed effects.
pub(super) fn fixed(spec: &Spec) -> impl Iterator<Item = &ColumnRef> {
    spec.predicts.iter().flat_map(|predict| &predict.fixed).filter_map(|effect| match effect {
        FixedEffect::Column(column) => Some(column),
        FixedEffect::Components(..) => None,
    })
}

/// Columns that are inputs of the network.
pub(super) fn linked(spec: &Spec) -> impl Iterator<Item = &ColumnRef> {
    spec.links.iter().flat_map(|link| &link.from).filter_map(|from| match &from.target {
        Target::Column(column) => Some(column),
        _ => None,
    })
}

/// Over the rows that have both; `None` where they are few.
fn correlation(cohort: &Cohort, one: &ColumnRef, other: &ColumnRef) -> Option<f64> {
    let (one, other) = (numbers(cohort, one)?, numbers(cohort, other)?);
    let both = one.iter().zip(other).filter(|(x, y)| !x.is_nan() && !y.is_nan());
    let (x, y): (Vec<f64>, Vec<f64>) = both.map(|(x, y)| (*x, *y)).unzip();
    (x.len() >= ENOUGH).then(|| pearson(&x, &y))
}

fn numbers<'c>(cohort: &'c Cohort, column: &ColumnRef) -> Option<&'c [f64]> {
    match cohort.columns.get(column.table)?.get(&column.column)? {
        ColumnData::Numeric(values) => Some(values),
        ColumnData::Categorical { .. } => None,
    }
}
