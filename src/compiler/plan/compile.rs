//! From graph to plan: inputs become rows, each node one or more private dense blocks.
//!
//! A node that is read by `predict` alone has no last map of its own: its last hidden layer,
//! or for a linear node what it reads, feeds the traits' read-outs.

use super::auxiliary::inner_layers;
use super::build::Shape;
use super::constraints::constraints;
use super::fingerprint::graph_digest;
use super::types::{Auxiliary, Head, Input, Plan, Role, Segment, SupervisedLatent, Supervision};
use crate::compiler::graph::{CheckedGraph, InputRef, NodeId};
use crate::data::Variant;
use crate::language::spec::{Activation, ColumnKind, Loss, Network, Norm, Predict, Spec};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

pub(super) fn compile(spec: &Spec, checked: &CheckedGraph, variants: &[Vec<Variant>]) -> Plan {
    // Neither needs the other, and in a large graph both wait for memory.
    let (mut plan, digest) = std::thread::scope(|scope| {
        let digest = scope.spawn(|| graph_digest(spec, checked, variants));
        (layout(spec, checked, variants), digest.join())
    });
    plan.graph_digest = digest.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    plan
}

fn layout(spec: &Spec, checked: &CheckedGraph, variants: &[Vec<Variant>]) -> Plan {
    let mut layout = Layout::new(spec, checked, variants);
    layout.inputs();
    // Nodes that read variants alone come first, so that packed calls are read in one run.
    let on_variants = |node: &&NodeId| {
        let inputs = &checked.graph().inputs[node.index()];
        checked.parents(**node).len() == 0
            && inputs.iter().all(|input| matches!(input, InputRef::Variant(..)))
    };
    let (first, others): (Vec<&NodeId>, Vec<&NodeId>) = checked.order().iter().partition(on_variants);
    first.into_iter().chain(others).for_each(|node| layout.node(*node));
    layout.heads();
    layout.supervisions();
    layout.auxiliaries();
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
    node_rows: Vec<Rows>,
    supervised: Vec<bool>,
    /// Names of layers, one text each.
    layer_names: Vec<Arc<str>>,
}

/// Rows of a plan.
#[derive(Clone)]
enum Rows {
    /// So many rows from the first.
    Run(u32, u32),
    /// Rows of other nodes and inputs.
    List(Box<[u32]>),
}

impl Rows {
    fn add_to(&self, rows: &mut Vec<u32>) {
        match self {
            Self::Run(first, count) => rows.extend(*first..first + count),
            Self::List(list) => rows.extend_from_slice(list),
        }
    }
}

/// A read-out of so many values.
fn read_out(outputs: usize, penalised: bool) -> Shape {
    Shape { penalised, ..Shape::of(outputs, Activation::Linear) }
}

impl<'a> Layout<'a> {
    fn new(spec: &'a Spec, checked: &'a CheckedGraph, variants: &'a [Vec<Variant>]) -> Self {
        let graph = checked.graph();
        let nodes = graph.dag.node_count();
        let mut supervised = vec![false; nodes];
        for (node, _) in graph.supervised.iter().flatten() {
            supervised[node.index()] = true;
        }
        let mut plan = Plan::default();
        plan.blocks.reserve_exact(nodes);
        plan.segments.reserve_exact(nodes);
        plan.sources.reserve_exact(graph.edge_count());
        Self {
            spec,
            checked,
            variants,
            plan,
            input_rows: BTreeMap::new(),
            node_rows: vec![Rows::Run(0, 0); nodes],
            supervised,
            layer_names: spec.layers.iter().map(|layer| Arc::from(layer.name.value.as_str())).collect(),
        }
    }

    /// One row a variant that anything reads, then the rows of covariates.
    fn inputs(&mut self) {
        let graph = self.checked.graph();
        let used: BTreeSet<&InputRef> =
            graph.inputs.iter().flatten().chain(graph.heads.iter().flat_map(|head| &head.inputs)).collect();
        let sets: Vec<Arc<str>> =
            self.spec.genotypes.iter().map(|item| Arc::from(item.name.value.as_str())).collect();
        for input in used {
            let first = self.plan.rows;
            match input {
                InputRef::Variant(set, variant) => {
                    let input = Input::Variant { set: *set, index: *variant as usize };
                    let name = Arc::from(self.variants[*set][*variant as usize].id.as_str());
                    self.input(input, name, Arc::clone(&sets[*set]));
                }
                InputRef::Covariate(at) => self.covariate(*at),
            }
            self.input_rows.insert(input.clone(), (first, self.plan.rows - first));
        }
    }

    fn covariate(&mut self, at: usize) {
        let (table, column, levels) = &self.checked.graph().covariates[at];
        let layer = self.table_name(*table);
        if levels.is_empty() {
            let input = Input::Column { table: *table, column: column.clone(), level: None };
            self.input(input, Arc::from(column.as_str()), Arc::clone(&layer));
        }
        for level in levels.iter().skip(1) {
            let level = Some(level.clone());
            let name = format!("{column}={}", level.as_deref().unwrap_or(""));
            let input = Input::Column { table: *table, column: column.clone(), level };
            self.input(input, Arc::from(name), Arc::clone(&layer));
        }
    }

    fn table_name(&self, table: usize) -> Arc<str> {
        Arc::from(self.spec.tables[table].name.value.as_str())
    }

    fn segment(&mut self, name: Arc<str>, layer: Arc<str>, role: Role, rows: Range<usize>) {
        let (first_row, rows) = (rows.start, rows.len());
        self.plan.segments.push(Segment { name, layer, role, first_row, rows });
    }

    /// Adds an input with its row.
    fn input(&mut self, input: Input, name: Arc<str>, layer: Arc<str>) {
        let row = self.plan.rows;
        self.plan.inputs.push(input);
        self.plan.rows += 1;
        self.segment(name, layer, Role::Input, row..row + 1);
    }

    fn node(&mut self, node: NodeId) {
        let data = &self.checked.graph().dag[node];
        let layer = &self.spec.layers[data.layer];
        let mut sources = self.sources(node);
        let head_only = self.read_by_predict_alone(node);
        let mut value = None;
        if let Network::Fcn { hidden, activation } = &layer.network {
            for (depth, units) in hidden.iter().enumerate() {
                let shape = Shape {
                    outputs: *units,
                    activation: *activation,
                    norm: layer.norm,
                    dropout: layer.dropout,
                    penalised: true,
                };
                value = Some(self.block(&mut sources, shape, node, Role::Hidden(depth + 1)));
            }
        }
        if layer.network == Network::Affine || !head_only {
            let own = layer.network == Network::Affine;
            let shape = Shape {
                outputs: layer.width.value,
                activation: layer.activation,
                norm: if own { layer.norm } else { Norm::None },
                dropout: if own { layer.dropout } else { 0.0 },
                penalised: true,
            };
            let first_block = self.plan.blocks.len();
            value = Some(self.block(&mut sources, shape, node, Role::Latent));
            if !matches!(layer.network, Network::Fcn { .. }) {
                let found = constraints(self.checked, node, first_block, &self.input_rows);
                self.plan.constraints.extend(found);
            }
        }
        self.node_rows[node.index()] = value.unwrap_or_else(|| Rows::List(sources.into_boxed_slice()));
    }

    /// The rows that a node reads: inputs, then nodes.
    fn sources(&self, node: NodeId) -> Vec<u32> {
        let mut sources = self.rows_of(&self.checked.graph().inputs[node.index()]);
        for parent in self.checked.parents(node) {
            self.node_rows[parent.index()].add_to(&mut sources);
        }
        sources
    }

    /// Lays out one block; its outputs then stand in `sources`.
    fn block(&mut self, sources: &mut Vec<u32>, shape: Shape, node: NodeId, role: Role) -> Rows {
        let own = self.plan.add_block(sources.drain(..), shape);
        let data = &self.checked.graph().dag[node];
        let layer = Arc::clone(&self.layer_names[data.layer]);
        self.segment(Arc::clone(&data.name), layer, role, own.clone());
        let rows = Rows::Run(own.start as u32, own.len() as u32);
        rows.add_to(sources);
        rows
    }

    fn rows_of(&self, inputs: &[InputRef]) -> Vec<u32> {
        let rows = inputs.iter().filter_map(|input| self.input_rows.get(input));
        rows.flat_map(|(first, count)| *first..first + count).map(|row| row as u32).collect()
    }

    fn read_by_predict_alone(&self, node: NodeId) -> bool {
        !self.checked.graph().is_read(node) && !self.supervised[node.index()]
    }

    fn heads(&mut self) {
        for (at, (predict, head)) in self.spec.predicts.iter().zip(&self.checked.graph().heads).enumerate() {
            let mut sources = self.rows_of(&head.inputs);
            for node in &head.nodes {
                self.node_rows[node.index()].add_to(&mut sources);
            }
            let first_row = self.traits(predict, &sources, Role::Trait);
            let traits = predict.traits.iter().map(|column| (column.table, column.column.clone())).collect();
            let losses = predict.losses.clone();
            self.plan.heads.push(Head { predict: at, first_row, traits, losses, weight: predict.weight });
        }
    }

    /// A read-out of all traits of an item from these rows.
    fn traits(&mut self, predict: &Predict, sources: &[u32], role: Role) -> usize {
        let rows = self.plan.add_block(sources.iter().copied(), read_out(predict.traits.len(), true));
        for (row, column) in rows.clone().zip(&predict.traits) {
            let table = self.table_name(column.table);
            self.segment(Arc::from(column.column.as_str()), table, role, row..row + 1);
        }
        rows.start
    }

    fn supervisions(&mut self) {
        for (supervise, pairs) in self.spec.supervises.iter().zip(&self.checked.graph().supervised) {
            let mut latents = Vec::with_capacity(pairs.len());
            for (node, column) in pairs {
                let mut latent = Vec::new();
                self.node_rows[node.index()].add_to(&mut latent);
                let row = self.plan.add_block(latent.iter().copied(), read_out(1, false)).start;
                let table = self.table_name(column.table);
                self.segment(Arc::from(column.column.as_str()), table, Role::Measurement, row..row + 1);
                let default = match column.kind {
                    ColumnKind::Binary => Loss::Bce,
                    ColumnKind::Count => Loss::Poisson,
                    _ => Loss::Mse,
                };
                latents.push(SupervisedLatent {
                    node: self.checked.graph().dag[*node].name.to_string(),
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

    /// Read-outs at every inner layer, for items that ask for them.
    fn auxiliaries(&mut self) {
        for (head, predict) in self.spec.predicts.iter().enumerate().filter(|(_, item)| item.auxiliary > 0.0)
        {
            for nodes in inner_layers(self.spec, self.checked, head) {
                let mut sources = Vec::new();
                nodes.iter().for_each(|node| self.node_rows[node.index()].add_to(&mut sources));
                let first_row = self.traits(predict, &sources, Role::Auxiliary);
                let weight = predict.weight * predict.auxiliary;
                self.plan.auxiliaries.push(Auxiliary { head, first_row, weight });
            }
        }
    }
}
