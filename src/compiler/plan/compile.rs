//! From graph to plan: inputs become rows, each node one or more private dense blocks.
//!
//! A node that is read by `predict` alone has no last map of its own: its last hidden layer,
//! or for a linear node what it reads, feeds the traits' read-outs.

use super::fingerprint::graph_digest;
use super::types::{Block, Head, Input, Plan, Role, Segment, SupervisedLatent, Supervision};
use crate::compiler::graph::{CheckedGraph, InputRef, NodeId};
use crate::data::Variant;
use crate::language::spec::{Activation, ColumnKind, Layer, Loss, Network, Spec};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn compile(spec: &Spec, checked: &CheckedGraph, variants: &[Vec<Variant>]) -> Plan {
    let mut layout = Layout::new(spec, checked, variants);
    layout.inputs();
    for node in checked.order() {
        layout.node(*node);
    }
    layout.heads();
    layout.supervisions();
    layout.plan.graph_digest = graph_digest(spec, checked, variants);
    layout.plan
}

struct Layout<'a> {
    spec: &'a Spec,
    checked: &'a CheckedGraph,
    variants: &'a [Vec<Variant>],
    plan: Plan,
    /// First row and rows of each input.
    input_rows: BTreeMap<InputRef, (usize, usize)>,
    /// The rows that hold each node's value, or what stands for it.
    node_rows: Vec<Vec<u32>>,
}

/// The shape of one block that is about to be laid out.
struct Shape {
    outputs: usize,
    activation: Activation,
    dropout: f64,
    penalised: bool,
}

impl<'a> Layout<'a> {
    fn new(spec: &'a Spec, checked: &'a CheckedGraph, variants: &'a [Vec<Variant>]) -> Self {
        let node_rows = vec![Vec::new(); checked.graph().dag.node_count()];
        Self { spec, checked, variants, plan: Plan::default(), input_rows: BTreeMap::new(), node_rows }
    }

    /// One row a variant that anything reads, then the rows of covariates.
    fn inputs(&mut self) {
        let graph = self.checked.graph();
        let used: BTreeSet<&InputRef> =
            graph.inputs.iter().flatten().chain(graph.heads.iter().flat_map(|head| &head.inputs)).collect();
        for input in used {
            let first = self.plan.rows;
            match input {
                InputRef::Variant(set, variant) => {
                    self.plan.inputs.push(Input::Variant { set: *set, index: *variant as usize });
                    let name = self.variants[*set][*variant as usize].id.clone();
                    self.segment(name, self.spec.genotypes[*set].name.value.clone(), Role::Input, 1);
                }
                InputRef::Covariate(at) => self.covariate(*at),
            }
            self.input_rows.insert(input.clone(), (first, self.plan.rows - first));
        }
    }

    fn covariate(&mut self, at: usize) {
        let (table, column, levels) = &self.checked.graph().covariates[at];
        let layer = self.spec.tables[*table].name.value.clone();
        if levels.is_empty() {
            self.plan.inputs.push(Input::Column { table: *table, column: column.clone(), level: None });
            self.segment(column.clone(), layer.clone(), Role::Input, 1);
        }
        for level in levels.iter().skip(1) {
            let level = Some(level.clone());
            let name = format!("{column}={}", level.as_deref().unwrap_or(""));
            self.plan.inputs.push(Input::Column { table: *table, column: column.clone(), level });
            self.segment(name, layer.clone(), Role::Input, 1);
        }
    }

    fn segment(&mut self, name: String, layer: String, role: Role, rows: usize) {
        self.plan.segments.push(Segment { name, layer, role, first_row: self.plan.rows, rows });
        self.plan.rows += rows;
    }

    fn node(&mut self, node: NodeId) {
        let graph = self.checked.graph();
        let data = &graph.dag[node];
        let layer = &self.spec.layers[data.layer];
        let mut sources = self.rows_of(&graph.inputs[node.index()]);
        for parent in self.checked.parents(node) {
            sources.extend_from_slice(&self.node_rows[parent.index()]);
        }
        let head_only = self.read_by_predict_alone(node);
        if let Network::Fcn { hidden, activation } = &layer.network {
            for (depth, units) in hidden.iter().enumerate() {
                let shape = Shape {
                    outputs: *units,
                    activation: *activation,
                    dropout: layer.dropout,
                    penalised: true,
                };
                self.block(&mut sources, shape, &data.name, layer, Role::Hidden(depth + 1));
            }
        }
        let shape = Shape {
            outputs: layer.width.value,
            activation: layer.activation,
            dropout: if layer.network == Network::Affine { layer.dropout } else { 0.0 },
            penalised: true,
        };
        if layer.network == Network::Affine || !head_only {
            self.block(&mut sources, shape, &data.name, layer, Role::Latent);
        }
        self.node_rows[node.index()] = sources;
    }

    /// Lays out one block; its outputs then stand in `sources`.
    fn block(&mut self, sources: &mut Vec<u32>, shape: Shape, name: &str, layer: &Layer, role: Role) {
        let outputs = shape.outputs;
        let first_output = self.affine(sources, shape);
        self.segment(name.to_string(), layer.name.value.clone(), role, outputs);
        *sources = (first_output..first_output + outputs).map(|row| row as u32).collect();
    }

    fn affine(&mut self, sources: &[u32], shape: Shape) -> usize {
        let plan = &mut self.plan;
        plan.blocks.push(Block {
            first_source: plan.sources.len(),
            inputs: sources.len(),
            first_output: plan.rows,
            outputs: shape.outputs,
            first_weight: plan.weights,
            first_bias: plan.biases,
            activation: shape.activation,
            dropout: shape.dropout,
            penalised: shape.penalised,
        });
        plan.sources.extend_from_slice(sources);
        plan.weights += sources.len() * shape.outputs;
        plan.biases += shape.outputs;
        plan.rows
    }

    fn rows_of(&self, inputs: &[InputRef]) -> Vec<u32> {
        let rows = inputs.iter().filter_map(|input| self.input_rows.get(input));
        rows.flat_map(|(first, count)| *first..first + count).map(|row| row as u32).collect()
    }

    fn read_by_predict_alone(&self, node: NodeId) -> bool {
        let graph = self.checked.graph();
        let supervised = graph.supervised.iter().flatten().any(|(supervised, _)| *supervised == node);
        !graph.is_read(node) && !supervised
    }

    fn heads(&mut self) {
        for (at, (predict, head)) in self.spec.predicts.iter().zip(&self.checked.graph().heads).enumerate() {
            let mut sources = self.rows_of(&head.inputs);
            for node in &head.nodes {
                sources.extend_from_slice(&self.node_rows[node.index()]);
            }
            let traits = predict.traits.len();
            let shape =
                Shape { outputs: traits, activation: Activation::Linear, dropout: 0.0, penalised: true };
            let first_row = self.affine(&sources, shape);
            for column in &predict.traits {
                let table = self.spec.tables[column.table].name.value.clone();
                self.segment(column.column.clone(), table, Role::Trait, 1);
            }
            let traits = predict.traits.iter().map(|column| (column.table, column.column.clone())).collect();
            let head = Head {
                predict: at,
                first_row,
                traits,
                losses: predict.losses.clone(),
                weight: predict.weight,
            };
            self.plan.heads.push(head);
        }
    }

    fn supervisions(&mut self) {
        for (supervise, pairs) in self.spec.supervises.iter().zip(&self.checked.graph().supervised) {
            let mut latents = Vec::with_capacity(pairs.len());
            for (node, column) in pairs {
                let latent = self.node_rows[node.index()].clone();
                let shape =
                    Shape { outputs: 1, activation: Activation::Linear, dropout: 0.0, penalised: false };
                let row = self.affine(&latent, shape);
                let table = self.spec.tables[column.table].name.value.clone();
                self.segment(column.column.clone(), table, Role::Measurement, 1);
                let default = if column.kind == ColumnKind::Binary { Loss::Bce } else { Loss::Mse };
                latents.push(SupervisedLatent {
                    node: self.checked.graph().dag[*node].name.clone(),
                    latent_row: latent[0] as usize,
                    row,
                    table: column.table,
                    column: column.column.clone(),
                    loss: supervise.loss.unwrap_or(default),
                });
            }
            self.plan.supervisions.push(Supervision { latents, weight: supervise.weight });
        }
    }
}
