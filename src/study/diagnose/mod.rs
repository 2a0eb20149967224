//! Signs of trouble in what a run left behind, each with what it means and what to do.
//!
//! Everything is judged by the tables of the run folder: no spec, no genotypes. A sign is a warning with
//! a code of its own, whose page states the rule.

mod accuracy;
mod error;
mod nodes;
mod training;

use crate::language::diagnostics::Diagnostic;
use crate::study::report::{Branch, Compared, Explained, Measure, Node, Predicted, Step};

/// The method that is looked at.
const OWN: &str = "binn";

/// Everything that a run left to look at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// `metrics.tsv`.
    pub metrics: Vec<Measure>,
    /// `differences.tsv`.
    pub differences: Vec<Compared>,
    /// `training.tsv`.
    pub training: Vec<Step>,
    /// `nodes.tsv`.
    pub nodes: Vec<Node>,
    /// `importance.tsv`.
    pub importance: Vec<Explained>,
    /// `branches.tsv`.
    pub branches: Vec<Branch>,
    /// `predictions.tsv`.
    pub predictions: Vec<Predicted>,
}

/// Every sign, in the order in which it is best read: accuracy, training, networks, nodes, branches.
#[must_use]
pub fn signs(evidence: &Evidence) -> Vec<Diagnostic> {
    let mut found = accuracy::below_linear(&evidence.differences);
    found.extend(accuracy::without_share(&evidence.metrics));
    found.extend(training::signs(&evidence.training));
    found.extend(accuracy::constant(&evidence.metrics));
    found.extend(accuracy::disagreeing(&evidence.predictions));
    found.extend(nodes::signs(&evidence.nodes));
    found.extend(nodes::by_size(&evidence.importance, &evidence.nodes));
    found.extend(nodes::idle_branches(&evidence.branches));
    found
}

/// Means of values by key, in order of key, with how many there are.
fn means<K: Ord>(values: impl Iterator<Item = (K, f64)>) -> Vec<(K, f64, usize)> {
    let mut sums: std::collections::BTreeMap<K, (f64, usize)> = std::collections::BTreeMap::new();
    for (key, value) in values {
        let (sum, count) = sums.entry(key).or_default();
        *sum += value;
        *count += 1;
    }
    sums.into_iter().map(|(key, (sum, count))| (key, sum / count as f64, count)).collect()
}
