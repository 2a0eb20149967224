//! What trained networks look like inside, on samples that their fold tests.
//!
//! Nothing here changes a prediction. Units and branches are looked at on a few hundred of the fold's
//! samples at most; latents are compared with their measurements on all of them.

use super::Study;
use super::metrics::correlation;
use super::rows::trait_values;
use super::trainer::{FittedUnit, Part};
use crate::compiler::plan::{Block, Plan, Role, Segment};
use crate::data::Fold;
use crate::engine::model::mean_and_sd;
use crate::engine::network::{InputData, Parameters, latents, predict};
use crate::language::spec::Activation;
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

/// What one layer adds to the prediction of a trait.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchRow {
    /// The trait.
    pub trait_name: String,
    /// The layer, or `inputs` for variants and covariates that are read straight.
    pub branch: String,
    /// Repeat, from 1.
    pub repeat: usize,
    /// Fold, from 1.
    pub fold: usize,
    /// SD over samples of what it adds, on the scale of training; the mean over networks.
    pub spread: f64,
}

/// Everything that is seen inside the networks of a fold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inside {
    /// One row a node.
    pub nodes: Vec<NodeRow>,
    /// One row a trait and branch.
    pub branches: Vec<BranchRow>,
}

/// Most values that are held at once.
pub(super) const MOST_VALUES: usize = 1 << 22;
/// Most samples on which units are looked at.
const SAMPLES: usize = 256;
/// Values of a row that are held for these.
const PADDED: usize = SAMPLES;
/// A unit that differs by less than this share of its size is dead.
const STILL: f32 = 1e-6;
/// How near to an end of its range a unit is saturated, and in which share of samples.
const END: f32 = 0.01;
const NEARLY_ALL: f64 = 0.95;

/// The networks of a unit on the samples that its fold tests.
pub(super) fn inside(study: &Study<'_>, unit: &FittedUnit<'_>, fold: &Fold) -> Inside {
    let mut nodes: BTreeMap<(String, String), NodeRow> = BTreeMap::new();
    let mut branches: BTreeMap<(usize, String), (BranchRow, usize)> = BTreeMap::new();
    for (part, fits) in &unit.parts {
        let columns = part.preprocessing.columns(&part.network.plan, study.cohort);
        let (plan, master) = (&part.network.plan, &part.network.master);
        let inputs = part.preprocessing.input_data_on(plan, study.cohort, study.sets, &columns, master);
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
    Inside {
        nodes: nodes.into_values().map(NodeRow::mean).collect(),
        branches: branches.into_values().map(mean).collect(),
    }
}

impl NodeRow {
    fn add(&mut self, other: &Self) {
        self.networks += 1;
        self.dead += other.dead;
        self.saturated += other.saturated;
        self.spread += other.spread;
        self.r = self.r.zip(other.r).map(|(one, other)| one + other);
    }

    fn mean(mut self) -> Self {
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

    fn nodes(&self, study: &Study<'_>, fold: &Fold) -> Vec<NodeRow> {
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
        let activation = |at: usize| block_of(plan, node.rows.start + at).activation;
        let value = &own[node.value.start - node.rows.start..];
        let variances = value.iter().map(|unit| variance(unit));
        let (measured_by, n_test, r) = measured.cloned().unwrap_or_default();
        NodeRow {
            layer: node.segment.layer.to_string(),
            node: node.segment.name.to_string(),
            repeat: fold.repeat,
            fold: fold.fold,
            networks: 1,
            inputs: block_of(plan, node.rows.start).inputs,
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
                let once = !study.spec.tables[latent.table].repeated;
                let individual = |at: usize| study.cohort.individuals[fold.test[at] as usize];
                let counts = |at: &usize| !once || *at == 0 || individual(*at - 1) != individual(*at);
                let rows: Vec<usize> = (0..fold.test.len()).filter(counts).collect();
                let measured: Vec<f64> = rows.iter().map(|at| column[fold.test[*at] as usize]).collect();
                let said: Vec<f64> = rows.iter().map(|at| f64::from(said[*at])).collect();
                let n_test = measured.iter().filter(|value| !value.is_nan()).count();
                let r = correlation(&measured, &said);
                found.insert(latent.latent_row, (Some(latent.column.clone()), n_test, r));
            }
        }
        found
    }

    /// What each layer adds to each trait, by the place of the trait among all.
    fn branches(&self, fold: &Fold) -> Vec<(usize, BranchRow)> {
        let plan = self.plan();
        let samples = some(&fold.test);
        let outputs = predict(plan, self.parameters, self.inputs, &samples);
        let mut found = Vec::new();
        let mut place = 0;
        for head in &plan.heads {
            let block = block_of(plan, head.first_row);
            let sources = plan.sources_of(block);
            let nodes: Vec<usize> = (0..sources.len()).filter(|at| !is_input(plan, sources[*at])).collect();
            // Sums by trait and layer, some sources at a time.
            let mut added: Vec<BTreeMap<String, Vec<f64>>> = vec![BTreeMap::new(); head.traits.len()];
            for some in nodes.chunks(MOST_VALUES / PADDED) {
                let wanted: Vec<usize> = some.iter().map(|at| sources[*at] as usize).collect();
                let values = latents(plan, self.parameters, self.inputs, &samples, &wanted);
                for (at, values) in some.iter().zip(&values) {
                    let layer = &segment_of(plan, sources[*at] as usize).layer;
                    for (k, added) in added.iter_mut().enumerate() {
                        let weight =
                            f64::from(self.parameters.weights[block.first_weight + k * block.inputs + at]);
                        let sum = added.entry(layer.to_string()).or_insert_with(|| vec![0.0; samples.len()]);
                        sum.iter_mut()
                            .zip(values)
                            .for_each(|(sum, value)| *sum += weight * f64::from(*value));
                    }
                }
            }
            for ((_, name), mut added) in head.traits.iter().zip(added) {
                if nodes.len() < sources.len() {
                    // Inputs are never decoded into rows: they are what is left of the whole.
                    let rest = |at: usize| {
                        f64::from(outputs[place][at]) - added.values().map(|of| of[at]).sum::<f64>()
                    };
                    let rest: Vec<f64> = (0..samples.len()).map(rest).collect();
                    added.insert("inputs".to_string(), rest);
                }
                found.extend(added.into_iter().map(|(branch, sums)| {
                    let spread = mean_and_sd(&sums).1;
                    let (repeat, fold) = (fold.repeat, fold.fold);
                    (place, BranchRow { trait_name: name.clone(), branch, repeat, fold, spread })
                }));
                place += 1;
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

fn block_of(plan: &Plan, row: usize) -> &Block {
    let after = plan.blocks.partition_point(|block| block.first_output <= row);
    &plan.blocks[after - 1]
}

fn segment_of(plan: &Plan, row: usize) -> &Segment {
    let after = plan.segments.partition_point(|segment| segment.first_row <= row);
    &plan.segments[after - 1]
}

fn is_input(plan: &Plan, row: u32) -> bool {
    (row as usize) < plan.inputs.len()
}

/// Some of the samples, spread evenly.
fn some(samples: &[u32]) -> Vec<u32> {
    let count = SAMPLES.min(samples.len());
    (0..count).map(|k| samples[k * samples.len() / count]).collect()
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

    #[test]
    fn samples_are_spread_evenly() {
        let all: Vec<u32> = (0..1000).collect();
        let few = some(&all);
        assert_eq!((few.len(), few[0], few[1], few[255]), (256, 0, 3, 996));
        assert_eq!(some(&all[..10]), all[..10]);
    }
}
