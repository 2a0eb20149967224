//! Digests that name a graph and a plan.
//!
//! The graph's digest covers names and edges in canonical order, so it is the same on any
//! machine and for any layout of the text that describes it.

use super::types::{Input, Plan, Segment};
use crate::compiler::graph::{CheckedGraph, InputRef, NodeId};
use crate::data::Variant;
use crate::language::spec::{ColumnRef, Norm, Spec};
use blake3::Hasher;
use std::io::Write;

/// BLAKE3 over everything in the plan, in hexadecimal.
#[must_use]
pub fn plan_digest(plan: &Plan) -> String {
    let mut stream = Stream::default();
    for block in &plan.blocks {
        for number in [block.first_source, block.inputs, block.first_output, block.outputs] {
            stream.add(&(number as u64).to_le_bytes());
        }
        stream.add(&[block.activation as u8, u8::from(block.penalised)]);
        stream.add(&block.dropout.to_le_bytes());
        if block.norm != Norm::None {
            stream.add(&[block.norm as u8]);
        }
    }
    for source in &plan.sources {
        stream.add(&source.to_le_bytes());
    }
    for input in &plan.inputs {
        match input {
            Input::Variant { set, index } => {
                stream.add(&[0]);
                stream.add(&(*set as u64).to_le_bytes());
                stream.add(&(*index as u64).to_le_bytes());
            }
            // Writing to a hasher cannot fail, and neither can numbers and texts as JSON.
            Input::Column { .. } => {
                stream.add(&[1]);
                let _ = serde_json::to_writer(&mut stream, input);
            }
        }
    }
    let _ = serde_json::to_writer(&mut stream, &(&plan.heads, &plan.supervisions));
    for Segment { name, layer, role, first_row, rows } in &plan.segments {
        stream.text(name);
        stream.text(layer);
        let _ = serde_json::to_writer(&mut stream, &(role, first_row, rows));
    }
    if !plan.auxiliaries.is_empty() || !plan.constraints.is_empty() {
        let _ = serde_json::to_writer(&mut stream, &(&plan.auxiliaries, &plan.constraints));
    }
    stream.add(plan.graph_digest.as_bytes());
    stream.digest()
}

/// Bytes on their way into a digest, a large piece at a time.
#[derive(Default)]
struct Stream {
    hasher: Hasher,
    waiting: Vec<u8>,
}

impl Stream {
    const PIECE: usize = 1 << 16;

    fn add(&mut self, bytes: &[u8]) {
        if self.waiting.len() + bytes.len() > Self::PIECE {
            self.hasher.update(&self.waiting);
            self.waiting.clear();
        }
        self.waiting.extend_from_slice(bytes);
    }

    /// A text with its length before it, so that no two run together.
    fn text(&mut self, text: &str) {
        self.add(&(text.len() as u64).to_le_bytes());
        self.add(text.as_bytes());
    }

    fn digest(mut self) -> String {
        self.hasher.update(&self.waiting);
        self.hasher.finalize().to_hex().to_string()
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// BLAKE3 over nodes, edges, read-outs and the variants' ids, contigs and alleles.
pub(super) fn graph_digest(spec: &Spec, checked: &CheckedGraph, variants: &[Vec<Variant>]) -> String {
    let mut names = Names { spec, checked, variants, stream: Stream::default() };
    let graph = checked.graph();
    for node in graph.dag.node_indices() {
        names.node(node);
        names.list(checked.parents(node), &graph.inputs[node.index()]);
    }
    for (predict, head) in spec.predicts.iter().zip(&graph.heads) {
        names.columns(&predict.traits);
        names.list(head.nodes.iter().copied(), &head.inputs);
    }
    for pairs in &graph.supervised {
        names.count(pairs.len());
        for (node, column) in pairs {
            names.node(*node);
            names.columns(std::slice::from_ref(column));
        }
    }
    names.stream.digest()
}

/// Hashes names of everything, counts and lengths first, so that no two lists run together.
struct Names<'a> {
    spec: &'a Spec,
    checked: &'a CheckedGraph,
    variants: &'a [Vec<Variant>],
    stream: Stream,
}

impl Names<'_> {
    fn count(&mut self, count: usize) {
        self.stream.add(&(count as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.stream.text(text);
    }

    /// Layer and name: two layers may have nodes of one name.
    fn node(&mut self, node: NodeId) {
        let (spec, data) = (self.spec, &self.checked.graph().dag[node]);
        self.text(&spec.layers[data.layer].name.value);
        self.text(&data.name);
    }

    fn list(&mut self, nodes: impl ExactSizeIterator<Item = NodeId>, inputs: &[InputRef]) {
        self.count(nodes.len());
        nodes.for_each(|node| self.node(node));
        self.count(inputs.len());
        inputs.iter().for_each(|input| self.input(input));
    }

    fn columns(&mut self, columns: &[ColumnRef]) {
        let spec = self.spec;
        self.count(columns.len());
        for column in columns {
            self.text(&spec.tables[column.table].name.value);
            self.text(&column.column);
        }
    }

    fn input(&mut self, input: &InputRef) {
        let (spec, checked, variants) = (self.spec, self.checked, self.variants);
        match input {
            InputRef::Variant(set, at) => {
                let variant = &variants[*set][*at as usize];
                self.text(&spec.genotypes[*set].name.value);
                for text in [&variant.id, &variant.chromosome, &variant.allele1, &variant.allele2] {
                    self.text(text);
                }
            }
            InputRef::Covariate(at) => {
                let (table, column, levels) = &checked.graph().covariates[*at];
                self.text(&spec.tables[*table].name.value);
                self.text(column);
                self.count(levels.len());
                levels.iter().for_each(|level| self.text(level));
            }
        }
    }
}
