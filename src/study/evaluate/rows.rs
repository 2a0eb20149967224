//! Which cohort rows take part, and which belong together.

use super::Study;
use super::error;
use crate::compiler::plan::Input;
use crate::data::{Cohort, ColumnData, CountedSamples, Fold, levels, summary, whole_groups};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::{ColumnKind, ColumnRef, Scenario, Scheme, Spec};
use crate::study::linear::error::{
    constant_in_folds as in_folds, constant_trait, constant_variants, unseen_levels,
};
use std::collections::{BTreeMap, BTreeSet};

/// Values of a trait `[rows]`; NaN is missing.
pub(super) fn trait_values<'a>(cohort: &'a Cohort, table: usize, column: &str) -> &'a [f64] {
    match cohort.column(table, column) {
        Some(ColumnData::Numeric(values)) => values,
        _ => &[],
    }
}

/// All predicted traits, in the order of heads.
pub(super) fn traits(spec: &Spec) -> impl Iterator<Item = &ColumnRef> {
    spec.predicts.iter().flat_map(|predict| &predict.traits)
}

/// Rows on which at least one predicted trait is observed.
#[must_use]
pub fn eligible(study: &Study<'_>) -> Vec<bool> {
    eligible_rows(study.spec, study.cohort)
}

/// Rows of a cohort on which at least one of the spec's traits is observed.
#[must_use]
pub fn eligible_rows(spec: &Spec, cohort: &Cohort) -> Vec<bool> {
    let observed = |row: usize| {
        traits(spec).any(|t| trait_values(cohort, t.table, &t.column).get(row).is_some_and(|v| !v.is_nan()))
    };
    (0..cohort.samples.len()).map(observed).collect()
}

/// Groups that validation rows keep whole: those of `leave_out` and `folds`.
#[must_use]
pub fn groups_of_scheme(study: &Study<'_>) -> Option<Vec<u32>> {
    match &study.spec.evaluate.scheme {
        Scheme::LeaveOut(column) | Scheme::Folds(column) => codes(study.cohort, column),
        Scheme::Environments { scenario: Scenario::Cv0, environment, .. } => codes(study.cohort, environment),
        // What is new is an individual in an environment, with all of its records there.
        Scheme::Environments { scenario: Scenario::Cv2, environment, .. } => {
            let (names, codes) = levels(study.cohort, environment).ok()?;
            let cells = study.cohort.individuals.iter().zip(codes);
            let count = names.len() as u32 + 1;
            Some(
                cells
                    .map(|(individual, code)| individual * count + code.map_or(0, |code| code + 1))
                    .collect(),
            )
        }
        Scheme::KFold { group: Some(column), .. } if study.cohort.records.is_some() => {
            let (_, codes) = levels(study.cohort, column).ok()?;
            Some(whole_groups(study.cohort, &codes))
        }
        Scheme::KFold { group: Some(column), .. } => codes(study.cohort, column),
        _ => study.cohort.records.is_some().then(|| study.cohort.individuals.clone()),
    }
}

/// The group of each row by name, where the scheme has strata or groups.
pub(super) fn strata(study: &Study<'_>) -> Option<Vec<Option<String>>> {
    let column = match &study.spec.evaluate.scheme {
        Scheme::KFold { group, stratify, .. } => {
            // Within a class a binary trait does not differ.
            stratify.as_ref().filter(|column| column.kind != ColumnKind::Binary).or(group.as_ref())?
        }
        Scheme::Environments { environment, .. } => environment,
        _ => return None,
    };
    let (names, codes) = levels(study.cohort, column).ok()?;
    Some(codes.iter().map(|code| code.map(|code| names[code as usize].clone())).collect())
}

/// Traits that cannot be predicted at all, and warnings of those that are left out.
pub(super) fn check_traits(study: &Study<'_>) -> Result<Diagnostics, Diagnostic> {
    let mut found = Diagnostics::default();
    let all: Vec<&ColumnRef> = traits(study.spec).collect();
    if !eligible(study).contains(&true) {
        let names: Vec<&str> = all.iter().map(|column| column.column.as_str()).collect();
        return Err(error::no_rows(study.cohort.samples.len(), &names));
    }
    check_weights(study)?;
    for column in &all {
        let values = trait_values(study.cohort, column.table, &column.column);
        let observed: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        let Some(first) = observed.first() else {
            return Err(error::never_observed(&column.column, values.len()).at(column.span, "never observed"));
        };
        if observed.iter().all(|value| value == first) {
            if all.len() == 1 {
                return Err(
                    error::only_trait_constant(&column.column, *first).at(column.span, "always the same")
                );
            }
            found.push(
                constant_trait(&column.column, observed.len(), *first).at(column.span, "always the same"),
            );
        }
    }
    Ok(found)
}

/// W0608 for each trait that differs, but not on the training rows of some folds.
pub(super) fn constant_in_folds(study: &Study<'_>, folds: &[Fold]) -> Vec<Diagnostic> {
    let quantitative = |column: &&ColumnRef| column.kind == ColumnKind::Continuous;
    let same = |values: &[f64], rows: &mut dyn Iterator<Item = usize>| {
        let mut observed = rows.map(|row| values[row]).filter(|value| !value.is_nan());
        observed.next().is_some_and(|first| observed.all(|value| value == first))
    };
    let of_trait = |column: &ColumnRef| {
        let values = trait_values(study.cohort, column.table, &column.column);
        let alike = |fold: &&Fold| same(values, &mut fold.train.iter().map(|row| *row as usize));
        let place = |fold: &Fold| format!("r{}-f{}", fold.repeat, fold.fold);
        let places: Vec<String> = folds.iter().filter(alike).map(place).collect();
        let everywhere = same(values, &mut (0..values.len()));
        (!places.is_empty() && !everywhere)
            .then(|| in_folds(&column.column, &places).at(column.span, "always the same there"))
    };
    traits(study.spec).filter(quantitative).filter_map(of_trait).collect()
}

/// W0315 for each set with offered variants that all these rows have alike.
pub(super) fn constant_in_all(study: &Study<'_>, rows: &[u32]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, (item, set)) in study.spec.genotypes.iter().zip(study.sets).enumerate() {
        let samples = rows.iter().map(|row| study.cohort.rows_of_set[at][*row as usize]);
        let counted = CountedSamples::new(set.calls.samples(), samples);
        let offered = || (0..set.variants.len()).filter(|variant| study.known.usable[at][*variant]);
        let is_constant =
            |variant: &usize| summary(counted.codes(&set.calls, *variant), item.encoding).sd == 0.0;
        let constant: Vec<&str> =
            offered().filter(is_constant).map(|variant| set.variants[variant].id.as_str()).collect();
        if !constant.is_empty() {
            let warning = constant_variants(&item.name.value, constant, offered().count(), rows.len());
            found.push(warning.at(item.name.span, "of this set"));
        }
    }
    found
}

/// E0609, E0607 and E0903 for one training part.
pub(super) fn check_training(study: &Study<'_>, train: &[u32]) -> Result<(), Diagnostic> {
    check_levels(study, train)?;
    for column in traits(study.spec) {
        let values = trait_values(study.cohort, column.table, &column.column);
        let observed: Vec<f64> =
            train.iter().map(|row| values[*row as usize]).filter(|v| !v.is_nan()).collect();
        let Some(first) = observed.first() else {
            let unobserved = crate::study::linear::error::unobserved_trait(&column.column, train.len());
            return Err(unobserved.at(column.span, "not observed there"));
        };
        if column.kind == ColumnKind::Binary && observed.iter().all(|value| value == first) {
            let missing = error::class_missing(&column.column, *first, observed.len());
            return Err(missing.at(column.span, "one class alone"));
        }
    }
    Ok(())
}

/// The level of each row; an individual without one is a group of its own.
fn codes(cohort: &Cohort, column: &ColumnRef) -> Option<Vec<u32>> {
    let (_, codes) = levels(cohort, column).ok()?;
    let alone = |individual: &u32| u32::MAX - individual;
    let rows = cohort.individuals.iter().zip(codes);
    Some(rows.map(|(individual, code)| code.unwrap_or(alone(individual))).collect())
}

/// E0903 for levels of linked covariates that no training row has: nothing was learnt of them.
fn check_levels(study: &Study<'_>, train: &[u32]) -> Result<(), Diagnostic> {
    for input in &study.plan.inputs {
        let Input::Column { table, column, level: Some(level) } = input else { continue };
        let Some(ColumnData::Categorical { levels, codes }) = study.cohort.column(*table, column) else {
            continue;
        };
        let Some(at) = levels.iter().position(|known| known == level) else { continue };
        let has = |row: &u32| codes[*row as usize] == Some(at as u32);
        if !train.iter().any(has) {
            let rows = codes.iter().filter(|code| **code == Some(at as u32)).count();
            return Err(unseen_levels(column, &BTreeMap::from([(level.as_str(), rows)])));
        }
    }
    Ok(())
}

/// E0113 where one table weighs its records and the traits of another take no part in that.
fn check_weights(study: &Study<'_>) -> Result<(), Diagnostic> {
    let tables: BTreeSet<usize> = traits(study.spec).map(|column| column.table).collect();
    let weighs = |table: &&usize| study.cohort.weights.get(**table).is_some_and(Option::is_some);
    match tables.iter().find(weighs) {
        Some(table) if tables.len() > 1 => {
            let name = &study.spec.tables[*table].name;
            Err(error::weights_of_one_table(&name.value).at(name.span, "weighs its records"))
        }
        _ => Ok(()),
    }
}
