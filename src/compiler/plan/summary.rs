//! What a plan costs, before it runs: nodes, edges, parameters, memory, arithmetic.

use super::types::{Plan, Role};
use crate::compiler::graph::CheckedGraph;
use crate::language::spec::Spec;
use std::collections::BTreeSet;

/// Figures of a plan.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
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
    /// Parameters with gradients and two moments, and the activations of one batch, in bytes.
    pub training_bytes: usize,
    /// Packed genotypes of the inputs, in bytes, for this many samples.
    pub genotype_bytes: usize,
    /// Floating-point operations of one training step: forward, backward and update.
    pub step_flops: usize,
    /// Rows a step.
    pub batch: usize,
}

/// Figures of one layer.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
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
    /// The figures for `samples` genotyped samples.
    #[must_use]
    pub fn of(spec: &Spec, checked: &CheckedGraph, plan: &Plan, samples: usize) -> Self {
        let graph = checked.graph();
        let variants =
            plan.inputs.iter().filter(|input| matches!(input, super::types::Input::Variant { .. })).count();
        let batch = spec.train.batch.unwrap_or(samples).min(samples.max(1));
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
            training_bytes: 4 * 4 * parameters + 2 * 4 * plan.rows * batch,
            genotype_bytes: variants * samples.div_ceil(4),
            step_flops: step_flops(plan, batch),
            batch,
        }
    }
}

fn layers(spec: &Spec, checked: &CheckedGraph, plan: &Plan) -> Vec<LayerSummary> {
    let graph = checked.graph();
    spec.layers
        .iter()
        .enumerate()
        .map(|(id, item)| {
            let nodes: Vec<_> =
                graph.dag.node_indices().filter(|node| graph.dag[*node].layer == id).collect();
            let edges = nodes.iter().map(|n| graph.inputs[n.index()].len() + checked.parents(*n).len()).sum();
            let name = item.nodes.as_ref().map_or_else(
                || item.name.value.clone(),
                |names| names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(", "),
            );
            let parameters = parameters_of(plan, &item.name.value);
            LayerSummary { name, kind: item.kind.value.clone(), nodes: nodes.len(), edges, parameters }
        })
        .collect()
}

fn parameters_of(plan: &Plan, layer: &str) -> usize {
    let rows: BTreeSet<usize> = plan
        .segments
        .iter()
        .filter(|segment| *segment.layer == *layer && matches!(segment.role, Role::Hidden(_) | Role::Latent))
        .map(|segment| segment.first_row)
        .collect();
    let blocks = plan.blocks.iter().filter(|block| rows.contains(&block.first_output));
    blocks.map(|block| block.map_weights() + block.gains() + block.outputs).sum()
}

/// Weights of the net in which, layer by layer, each unit reads all that its layer reads.
fn dense_weights(plan: &Plan) -> f64 {
    let mut blocks: indexmap::IndexMap<(&str, Role), (usize, BTreeSet<u32>)> = indexmap::IndexMap::new();
    let mut of_row = vec![0_usize; plan.rows];
    for (at, segment) in plan.segments.iter().enumerate() {
        of_row[segment.first_row..segment.first_row + segment.rows].fill(at);
    }
    for block in &plan.blocks {
        let segment = &plan.segments[of_row[block.first_output]];
        let entry = blocks.entry((segment.layer.as_ref(), segment.role)).or_default();
        entry.0 += block.outputs;
        entry.1.extend(plan.sources_of(block));
    }
    blocks.values().map(|(units, sources)| *units as f64 * sources.len() as f64).sum()
}

/// Two operations a weight and row forward; as many for the weight's gradient, and again for
/// the gradient of what is read, except of inputs; twelve a parameter for the update.
fn step_flops(plan: &Plan, batch: usize) -> usize {
    let inputs = plan.inputs.len();
    let mut per_row = 0;
    for block in &plan.blocks {
        let weights = block.inputs * block.outputs;
        let differentiable = plan.sources_of(block).iter().filter(|row| **row as usize >= inputs).count();
        per_row += 4 * weights + 2 * differentiable * block.outputs;
    }
    per_row * batch + 12 * (plan.weights + plan.biases)
}
