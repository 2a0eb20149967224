//! Digests that name a graph and a plan.
//!
//! The graph's digest covers names and edges in canonical order, so it is the same on any
//! machine and for any layout of the text that describes it.

use super::types::Plan;
use crate::compiler::graph::{CheckedGraph, InputRef};
use crate::data::Variant;
use crate::language::spec::Spec;
use blake3::Hasher;

/// BLAKE3 over everything in the plan, in hexadecimal.
#[must_use]
pub fn plan_digest(plan: &Plan) -> String {
    let mut hasher = Hasher::new();
    for block in &plan.blocks {
        for number in [block.first_source, block.inputs, block.first_output, block.outputs] {
            hasher.update(&(number as u64).to_le_bytes());
        }
        hasher.update(&[block.activation as u8, u8::from(block.penalised)]);
        hasher.update(&block.dropout.to_le_bytes());
    }
    for source in &plan.sources {
        hasher.update(&source.to_le_bytes());
    }
    let named = serde_json::to_vec(&(&plan.inputs, &plan.heads, &plan.supervisions, &plan.segments));
    hasher.update(&named.unwrap_or_default());
    hasher.update(plan.graph_digest.as_bytes());
    hasher.finalize().to_hex().to_string()
}

/// BLAKE3 over nodes, edges, read-outs and the variants' ids and alleles.
pub(super) fn graph_digest(spec: &Spec, checked: &CheckedGraph, variants: &[Vec<Variant>]) -> String {
    let graph = checked.graph();
    let mut hasher = Hasher::new();
    for node in graph.dag.node_indices() {
        let data = &graph.dag[node];
        text(&mut hasher, &spec.layers[data.layer].name.value);
        text(&mut hasher, &data.name);
        for parent in graph.parents(node) {
            text(&mut hasher, &graph.dag[parent].name);
        }
        for input in &graph.inputs[node.index()] {
            text(&mut hasher, &input_name(checked, input, variants));
        }
        hasher.update(b"\n");
    }
    for head in &graph.heads {
        for node in &head.nodes {
            text(&mut hasher, &graph.dag[*node].name);
        }
        for input in &head.inputs {
            text(&mut hasher, &input_name(checked, input, variants));
        }
        hasher.update(b"\n");
    }
    for (node, column) in graph.supervised.iter().flatten() {
        text(&mut hasher, &graph.dag[*node].name);
        text(&mut hasher, &column.column);
    }
    hasher.finalize().to_hex().to_string()
}

/// Length first, so that no two lists of names run together.
fn text(hasher: &mut Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

fn input_name(checked: &CheckedGraph, input: &InputRef, variants: &[Vec<Variant>]) -> String {
    match input {
        InputRef::Variant(set, at) => {
            let variant = &variants[*set][*at as usize];
            format!("{}\t{}\t{}\t{}", variant.id, variant.chromosome, variant.allele1, variant.allele2)
        }
        InputRef::Covariate(at) => {
            let (table, column, levels) = &checked.graph().covariates[*at];
            format!("{table}\t{column}\t{}", levels.join("\t"))
        }
    }
}
