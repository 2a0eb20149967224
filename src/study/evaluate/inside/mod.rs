//! What trained networks look like inside, on samples that their fold tests.
//!
//! Nothing here changes a prediction. Units and branches are looked at on a few hundred of the fold's
//! samples at most; latents are compared with their measurements on all of them.

mod branches;
mod nodes;

pub use branches::BranchRow;
pub use nodes::NodeRow;

use super::Study;
use super::network::NetworkFit;
use super::trainer::{FittedUnit, Part};
use crate::compiler::plan::Plan;
use crate::data::Fold;
use crate::engine::network::{InputData, Parameters};
use crate::language::diagnostics::Diagnostic;
use crate::study::explain::{self, DEVIATIONS, Explained, clamp};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Everything that is seen inside the networks of a fold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inside {
    /// One row a node.
    pub nodes: Vec<NodeRow>,
    /// One row a trait and branch.
    pub branches: Vec<BranchRow>,
    /// What clamping each node does, one list a network.
    pub clamped: Vec<Vec<Explained>>,
}

/// Fewest samples on which nodes are clamped.
const FEWEST: usize = 3;

/// Most values that are held at once.
const MOST_VALUES: usize = 1 << 22;
/// Most samples on which units are looked at.
const SAMPLES: usize = 256;
/// Values of a row that are held for these.
const PADDED: usize = SAMPLES;
/// Bytes that looking into a network takes.
pub(super) fn bytes(plan: &Plan) -> usize {
    4 * MOST_VALUES.min(PADDED * plan.rows)
}

/// The networks of a unit on the samples that its fold tests.
///
/// # Errors
/// E0902 where values of a node are not finite.
pub(super) fn inside(study: &Study<'_>, unit: &FittedUnit<'_>, fold: &Fold) -> Result<Inside, Diagnostic> {
    let mut nodes: BTreeMap<(String, String), NodeRow> = BTreeMap::new();
    let mut clamped = Vec::new();
    let mut branches: BTreeMap<(usize, String), (BranchRow, usize)> = BTreeMap::new();
    for (part, fits) in &unit.parts {
        let columns = part.preprocessing.columns(&part.network.plan, study.cohort);
        let inputs = part.inputs(study, &columns);
        clamped.extend(of_part(part, fits, &inputs, fold)?);
        for fit in fits {
            let network = Network { part, inputs: &inputs, parameters: &fit.parameters };
            for node in network.nodes(study, fold) {
                let key = (node.layer.clone(), node.node.clone());
                match nodes.get_mut(&key) {
                    Some(known) => known.add(&node),
                    None => drop(nodes.insert(key, node)),
                }
            }
            for (at, branch) in network.branches(fold) {
                let known = branches.entry((at, branch.branch.clone()));
                let (row, count) = known.or_insert_with(|| (BranchRow { spread: 0.0, ..branch.clone() }, 0));
                row.spread += branch.spread;
                *count += 1;
            }
        }
    }
    let mean = |(mut row, count): (BranchRow, usize)| {
        row.spread /= count as f64;
        row
    };
    Ok(Inside {
        nodes: nodes.into_values().map(NodeRow::mean).collect(),
        branches: branches.into_values().map(mean).collect(),
        clamped,
    })
}

/// How far predictions of the samples that its fold tests move with each node, one list a network of a unit.
///
/// A network without any node counts: it gives 0 to all.
///
/// # Errors
/// E0902 where values of a node are not finite.
pub(super) fn clamped(
    study: &Study<'_>,
    unit: &FittedUnit<'_>,
    fold: &Fold,
) -> Result<Vec<Vec<Explained>>, Diagnostic> {
    let mut clamped = Vec::new();
    for (part, fits) in &unit.parts {
        let columns = part.preprocessing.columns(&part.network.plan, study.cohort);
        clamped.extend(of_part(part, fits, &part.inputs(study, &columns), fold)?);
    }
    Ok(clamped)
}

/// The networks of a part, one list each; none where too few are tested.
fn of_part(
    part: &Part,
    fits: &[NetworkFit],
    inputs: &InputData<'_>,
    fold: &Fold,
) -> Result<Vec<Vec<Explained>>, Diagnostic> {
    let enough = fold.test.len() >= FEWEST;
    let fits = if enough { fits } else { &[] };
    fits.par_iter().map(|fit| of_clamped(part, &fit.parameters, inputs, fold)).collect()
}

/// How far predictions move with each node.
fn of_clamped(
    part: &Part,
    parameters: &Parameters<f32>,
    inputs: &InputData<'_>,
    fold: &Fold,
) -> Result<Vec<Explained>, Diagnostic> {
    let rows = some(&fold.test);
    let (plan, preprocessing) = (&*part.network.plan, &part.preprocessing);
    clamp(explain::Network { plan, preprocessing, parameters, inputs, rows: &rows, layer: None }, DEVIATIONS)
}

/// A trained network with what it reads.
struct Network<'a> {
    part: &'a Part,
    inputs: &'a InputData<'a>,
    parameters: &'a Parameters<f32>,
}

impl Network<'_> {
    fn plan(&self) -> &Plan {
        &self.part.network.plan
    }
}

/// Some of the samples, spread evenly.
fn some(samples: &[u32]) -> Vec<u32> {
    let count = SAMPLES.min(samples.len());
    (0..count).map(|k| samples[k * samples.len() / count]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_spread_evenly() {
        let all: Vec<u32> = (0..1000).collect();
        let few = some(&all);
        assert_eq!((few.len(), few[0], few[1], few[255]), (256, 0, 3, 996));
        assert_eq!(some(&all[..10]), all[..10]);
    }
}
