//! Nodes that read most of what their layer reads.
//!
//! Looked for in layers that are large enough for half of all variants to mean something.

use crate::compiler::graph::{Graph, InputRef, NodeId, error};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::Spec;
use std::collections::BTreeSet;

const FEWEST_NODES: usize = 5;
const FEWEST_VARIANTS: usize = 100;

/// W0415 for the first node of each layer that reads more than half of the layer's variants.
pub(super) fn hubs(spec: &Spec, graph: &Graph) -> Vec<Diagnostic> {
    let mut by_layer: Vec<Vec<NodeId>> = vec![Vec::new(); spec.layers.len()];
    for node in graph.dag.node_indices() {
        by_layer[graph.dag[node].layer].push(node);
    }
    let variants = |node: &NodeId| {
        let inputs = graph.inputs[node.index()].iter();
        inputs.filter(|input| matches!(input, InputRef::Variant(..)))
    };
    let mut found = Vec::new();
    for (item, nodes) in spec.layers.iter().zip(&by_layer).filter(|(item, _)| item.nodes.is_none()) {
        // No set of variants can be larger than the sum of what is read.
        let read: usize = nodes.iter().map(|node| variants(node).count()).sum();
        if nodes.len() < FEWEST_NODES || read < FEWEST_VARIANTS {
            continue;
        }
        let all = nodes.iter().flat_map(variants).collect::<BTreeSet<_>>().len();
        let hub = nodes.iter().find(|node| 2 * variants(node).count() > all);
        if let Some(node) = hub.filter(|_| all >= FEWEST_VARIANTS) {
            let (layer, name) = (&item.name, &graph.dag[*node].name);
            found.push(error::hub(&layer.value, name, variants(node).count(), all, layer.span));
        }
    }
    found
}
