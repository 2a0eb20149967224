//! How large a plan is: nodes, edges, parameters, layer by layer.

use super::types::{Block, Plan, Role, Segment};
use crate::compiler::graph::CheckedGraph;
use crate::language::spec::{Layer, Spec};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

/// Figures of a plan.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PlanSummary {
    /// One entry a layer, in the author's order.
    pub layers: Vec<LayerSummary>,
    /// Weights and biases of the read-outs of traits and measurements.
    pub read_outs: usize,
    /// Variants that are inputs.
    pub variants: usize,
    /// Covariate rows that are inputs.
    pub covariates: usize,
    /// Nodes kept.
    pub nodes: usize,
    /// Edges between nodes, and from inputs to nodes.
    pub edges: usize,
    /// Weights and biases.
    pub parameters: usize,
    /// Weights over those of the same layers with every unit reading every unit before it.
    pub density: f64,
}

/// Figures of one layer.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LayerSummary {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Nodes kept.
    pub nodes: usize,
    /// Edges into it.
    pub edges: usize,
    /// Weights and biases of its blocks.
    pub parameters: usize,
}

impl PlanSummary {
    /// The figures of a compiled spec.
    #[must_use]
    pub fn of(spec: &Spec, checked: &CheckedGraph, plan: &Plan) -> Self {
        let graph = checked.graph();
        let variants =
            plan.inputs.iter().filter(|input| matches!(input, super::types::Input::Variant { .. })).count();
        let parameters = plan.weights + plan.biases;
        let layers = layers(spec, checked, plan);
        let in_layers: usize = layers.iter().map(|layer| layer.parameters).sum();
        Self {
            layers,
            read_outs: parameters - in_layers,
            variants,
            covariates: plan.inputs.len() - variants,
            nodes: graph.dag.node_count(),
            edges: graph.edge_count(),
            parameters,
            density: plan.weights as f64 / dense_weights(plan).max(1.0),
        }
    }
}

fn layers(spec: &Spec, checked: &CheckedGraph, plan: &Plan) -> Vec<LayerSummary> {
    let graph = checked.graph();
    let parameters = parameters_by_layer(plan);
    let mut figures = vec![(0_usize, 0_usize); spec.layers.len()];
    for node in graph.dag.node_indices() {
        let (nodes, edges) = &mut figures[graph.dag[node].layer];
        *nodes += 1;
        *edges += graph.inputs[node.index()].len() + checked.parents(node).len();
    }
    let summary = |(item, (nodes, edges)): (&Layer, (usize, usize))| {
        let name = item.nodes.as_ref().map_or_else(
            || item.name.value.clone(),
            |names| names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(", "),
        );
        let parameters = parameters.get(item.name.value.as_str()).copied().unwrap_or(0);
        LayerSummary { name, kind: item.kind.value.clone(), nodes, edges, parameters }
    };
    spec.layers.iter().zip(figures).map(summary).collect()
}

/// Every block with the first segment that it writes; both stand in the order of rows.
fn with_segments(plan: &Plan) -> impl Iterator<Item = (&Block, &Segment)> {
    let mut segments = plan.segments.iter();
    plan.blocks.iter().filter_map(move |block| {
        let segment = segments.find(|segment| segment.first_row == block.first_output)?;
        Some((block, segment))
    })
}

/// Weights and biases of the nodes' own blocks.
fn parameters_by_layer(plan: &Plan) -> FxHashMap<&str, usize> {
    let mut found: FxHashMap<&str, usize> = FxHashMap::default();
    for (block, segment) in with_segments(plan) {
        if matches!(segment.role, Role::Hidden(_) | Role::Latent) {
            let parameters = block.map_weights() + block.gains() + block.outputs;
            *found.entry(&segment.layer).or_default() += parameters;
        }
    }
    found
}

/// Weights of the net in which, layer by layer, each unit reads all that its layer reads.
fn dense_weights(plan: &Plan) -> f64 {
    let mut groups: IndexMap<(&str, Role), Vec<&Block>> = IndexMap::new();
    for (block, segment) in with_segments(plan) {
        groups.entry((&segment.layer, segment.role)).or_default().push(block);
    }
    // Which group has last been seen to read each row, from 1.
    let mut read_by = vec![0_u32; plan.rows];
    let mut total = 0.0;
    for (group, blocks) in (1..).zip(groups.values()) {
        let units: usize = blocks.iter().map(|block| block.outputs).sum();
        let sources = blocks.iter().flat_map(|block| plan.sources_of(block));
        let distinct = sources.filter(|row| std::mem::replace(&mut read_by[**row as usize], group) != group);
        total += units as f64 * distinct.count() as f64;
    }
    total
}
