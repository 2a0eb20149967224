//! Nodes: how many of their units live, and whether their values follow what measures them.

use super::{MOST_VALUES, Network, PADDED, some};
use crate::compiler::plan::{Plan, Role, Segment};
use crate::data::Fold;
use crate::engine::network::latents;
use crate::language::spec::Activation;
use crate::study::evaluate::Study;
use crate::study::evaluate::metrics::correlation;
use crate::study::evaluate::rows::trait_values;
use std::collections::BTreeMap;
use std::ops::Range;

/// A node of the graph, over the networks of a fold.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeRow {
    /// The layer or list of nodes.
    pub layer: String,
    /// The node.
    pub node: String,
    /// Repeat, from 1.
    pub repeat: usize,
    /// Fold, from 1.
    pub fold: usize,
    /// Networks of the fold that have it.
    pub networks: usize,
    /// Rows that its first layer reads.
    pub inputs: usize,
    /// Units of its private network, its value among them.
    pub units: usize,
    /// Share of these that do not differ between samples.
    pub dead: f64,
    /// Share of these that stand at an end of a tanh or sigmoid in nearly all samples.
    pub saturated: f64,
    /// Root of the mean variance of its value over samples.
    pub spread: f64,
    /// The column that supervises it.
    pub measured_by: Option<String>,
    /// Tested samples in which that was measured.
    pub n_test: usize,
    /// Pearson's r of its private read-out and the measurement on these; the mean over networks.
    pub r: Option<f64>,
}

/// A unit that differs by less than this share of its size is dead.
const STILL: f32 = 1e-6;
/// How near to an end of its range a unit is saturated, and in which share of samples.
const END: f32 = 0.01;
const NEARLY_ALL: f64 = 0.95;

impl NodeRow {
    pub(super) fn add(&mut self, other: &Self) {
        self.networks += 1;
        self.dead += other.dead;
        self.saturated += other.saturated;
        self.spread += other.spread;
        self.r = self.r.zip(other.r).map(|(one, other)| one + other);
    }

    pub(super) fn mean(mut self) -> Self {
        let count = self.networks as f64;
        self.dead /= count;
        self.saturated /= count;
        self.spread /= count;
        self.r = self.r.map(|r| r / count);
        self
    }
}

/// The column that supervises a latent, tested samples that have it, and r on these.
type Measured = (Option<String>, usize, Option<f64>);

impl Network<'_> {
    pub(super) fn nodes(&self, study: &Study<'_>, fold: &Fold) -> Vec<NodeRow> {
        let nodes = nodes_of(self.plan());
        let samples = some(&fold.test);
        let of_measurements = self.measured(study, fold);
        // Some nodes at a time: each is looked at in all samples, and then let go.
        let (mut found, mut first) = (Vec::with_capacity(nodes.len()), 0);
        while first < nodes.len() {
            let (mut last, mut rows) = (first, 0);
            while last < nodes.len()
                && (last == first || (rows + nodes[last].rows.len()) * PADDED <= MOST_VALUES)
            {
                rows += nodes[last].rows.len();
                last += 1;
            }
            let wanted: Vec<usize> = nodes[first..last].iter().flat_map(|node| node.rows.clone()).collect();
            let values = latents(self.plan(), self.parameters, self.inputs, &samples, &wanted);
            let mut rest = values.as_slice();
            for node in &nodes[first..last] {
                let (own, others) = rest.split_at(node.rows.len());
                found.push(self.node(node, own, of_measurements.get(&node.value.start), fold));
                rest = others;
            }
            first = last;
        }
        found
    }

    /// A node by the values `[units][samples]` of its private network.
    fn node(&self, node: &Node<'_>, own: &[Vec<f32>], measured: Option<&Measured>, fold: &Fold) -> NodeRow {
        let plan = self.plan();
        let share = |is: &dyn Fn(usize) -> bool| {
            (0..own.len()).filter(|at| is(*at)).count() as f64 / own.len() as f64
        };
        let activation = |at: usize| plan.block_of(node.rows.start + at).activation;
        let value = &own[node.value.start - node.rows.start..];
        let variances = value.iter().map(|unit| variance(unit));
        let (measured_by, n_test, r) = measured.cloned().unwrap_or_default();
        NodeRow {
            layer: node.segment.layer.to_string(),
            node: node.segment.name.to_string(),
            repeat: fold.repeat,
            fold: fold.fold,
            networks: 1,
            inputs: plan.block_of(node.rows.start).inputs,
            units: own.len(),
            dead: share(&|at| is_dead(&own[at])),
            saturated: share(&|at| is_saturated(&own[at], activation(at))),
            spread: (variances.sum::<f64>() / value.len() as f64).sqrt(),
            measured_by,
            n_test,
            r,
        }
    }

    /// By the row of a supervised latent: the column, how many tested samples have it, and r on these.
    fn measured(&self, study: &Study<'_>, fold: &Fold) -> BTreeMap<usize, Measured> {
        let plan = self.plan();
        let supervised: Vec<_> = plan.supervisions.iter().flat_map(|item| &item.latents).collect();
        let at_once = (MOST_VALUES / fold.test.len().max(PADDED)).max(1);
        let mut found = BTreeMap::new();
        for some in supervised.chunks(at_once) {
            let wanted: Vec<usize> = some.iter().map(|latent| latent.row).collect();
            let values = latents(plan, self.parameters, self.inputs, &fold.test, &wanted);
            for (latent, said) in some.iter().zip(&values) {
                let column = trait_values(study.cohort, latent.table, &latent.column);
                // What is measured once of an individual counts once, however many records it has.
                let once: Vec<u32> = study.cohort.once(&fold.test).collect();
                let counts =
                    |row: &u32| study.spec.tables[latent.table].repeated || once.binary_search(row).is_ok();
                let pairs = fold.test.iter().zip(said).filter(|(row, _)| counts(row));
                let (measured, said): (Vec<f64>, Vec<f64>) =
                    pairs.map(|(row, said)| (column[*row as usize], f64::from(*said))).unzip();
                let n_test = measured.iter().filter(|value| !value.is_nan()).count();
                let r = correlation(&measured, &said);
                found.insert(latent.latent_row, (Some(latent.column.clone()), n_test, r));
            }
        }
        found
    }
}

/// A node with its rows: hidden layers first, its value last.
struct Node<'a> {
    segment: &'a Segment,
    rows: Range<usize>,
    value: Range<usize>,
}

/// Nodes in the order of rows. Rows of one node stand side by side.
fn nodes_of(plan: &Plan) -> Vec<Node<'_>> {
    let mut nodes: Vec<Node<'_>> = Vec::new();
    for segment in &plan.segments {
        if !matches!(segment.role, Role::Hidden(_) | Role::Latent) {
            continue;
        }
        let rows = segment.first_row..segment.first_row + segment.rows;
        match nodes.last_mut() {
            Some(last) if is_same(last.segment, segment) => {
                last.rows.end = rows.end;
                last.value = rows;
            }
            _ => nodes.push(Node { segment, rows: rows.clone(), value: rows }),
        }
    }
    nodes
}

fn is_same(one: &Segment, other: &Segment) -> bool {
    (&one.layer, &one.name) == (&other.layer, &other.name)
}

fn variance(unit: &[f32]) -> f64 {
    let count = unit.len().max(1) as f64;
    let mean = unit.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    unit.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / count
}

fn is_dead(unit: &[f32]) -> bool {
    let low = unit.iter().copied().fold(f32::INFINITY, f32::min);
    let high = unit.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    high - low <= STILL * low.abs().max(high.abs())
}

fn is_saturated(unit: &[f32], activation: Activation) -> bool {
    let (low, high) = match activation {
        Activation::Tanh => (-1.0, 1.0),
        Activation::Sigmoid => (0.0, 1.0),
        _ => return false,
    };
    let near = END * (high - low);
    let at_end = unit.iter().filter(|value| **value < low + near || **value > high - near).count();
    at_end as f64 >= NEARLY_ALL * unit.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_units_do_not_differ_and_saturated_ones_stand_at_an_end() {
        assert!(is_dead(&[0.0; 4]) && is_dead(&[0.3; 4]) && !is_dead(&[0.3, 0.3001]));
        let ends = [0.999, -0.999, 1.0, -1.0];
        assert!(is_saturated(&ends, Activation::Tanh) && !is_saturated(&ends, Activation::Relu));
        assert!(!is_saturated(&[0.999, 0.5], Activation::Tanh));
        assert!(is_saturated(&[0.001, 0.995], Activation::Sigmoid));
    }
}
