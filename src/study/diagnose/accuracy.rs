//! What predictions say of the network: beside linear models, beside GBLUP that it is stacked on, between
//! its own seeds.

use super::{OWN, error, means};
use crate::language::diagnostics::Diagnostic;
use crate::study::report::{Compared, Measure, Predicted, whole_folds};
use std::collections::BTreeMap;

/// Linear methods that the network is judged beside.
const LINEAR: [&str; 2] = ["gblup", "ridge"];
/// Least mean difference in r that is told.
const LESS: f64 = 0.01;
/// Share of the spread of predictions that their SD over seeds may reach.
const APART: f64 = 0.5;

/// W1001 a trait, beside the linear method that is furthest above.
pub(super) fn below_linear(differences: &[Compared]) -> Vec<Diagnostic> {
    let is_below = |row: &&Compared| {
        LINEAR.contains(&row.beside.as_str())
            && row.size == "all"
            && row.difference.is_some_and(|difference| difference <= -LESS)
            && 2 * row.better < row.folds
    };
    let mut worst: BTreeMap<&str, &Compared> = BTreeMap::new();
    for row in differences.iter().filter(is_below) {
        let known = worst.entry(&row.trait_name).or_insert(row);
        if row.difference < known.difference {
            *known = row;
        }
    }
    worst.into_values().map(error::below_linear).collect()
}

/// W1002 a trait whose network GBLUP leaves out in more than half of the folds.
pub(super) fn without_share(metrics: &[Measure]) -> Vec<Diagnostic> {
    let shares = by_fold(metrics, OWN, "network_share");
    let told = shares.iter().filter_map(|(name, folds)| {
        let none = folds.values().filter(|share| **share == 0.0).count();
        (2 * none > folds.len()).then(|| error::without_share(name, none, folds.len()))
    });
    told.collect()
}

/// W1008 a trait that is predicted as one value in some fold.
pub(super) fn constant(metrics: &[Measure]) -> Vec<Diagnostic> {
    let constant = by_fold(metrics, OWN, "constant");
    let told = constant.iter().filter_map(|(name, folds)| {
        let same = folds.values().filter(|value| **value == 1.0).count();
        (same > 0).then(|| error::constant(name, same, folds.len()))
    });
    told.collect()
}

/// W1009 a trait for which networks of other seeds say other things.
pub(super) fn disagreeing(predictions: &[Predicted]) -> Vec<Diagnostic> {
    let own = || predictions.iter().filter(|row| row.method == OWN);
    let mut found = Vec::new();
    for (name, between, _) in means(own().filter_map(|row| Some((row.trait_name.as_str(), row.sd?)))) {
        let said: Vec<f64> =
            own().filter(|row| row.trait_name == name).filter_map(|row| row.genetic).collect();
        let mean = said.iter().sum::<f64>() / said.len() as f64;
        let spread =
            (said.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / said.len() as f64).sqrt();
        if between > APART * spread {
            found.push(error::disagreeing(name, between, spread));
        }
    }
    found
}

/// Values by fold.
type ByFold = BTreeMap<(usize, usize), f64>;

/// Values of a metric by trait, and by fold where all of its training rows were used.
fn by_fold<'m>(metrics: &'m [Measure], method: &str, metric: &str) -> BTreeMap<&'m str, ByFold> {
    let mut found: BTreeMap<&str, ByFold> = BTreeMap::new();
    for row in whole_folds(metrics).into_iter().filter(|row| row.method == method && row.metric == metric) {
        let Some(value) = row.value else { continue };
        found.entry(&row.trait_name).or_default().insert((row.repeat, row.fold), value);
    }
    found
}
