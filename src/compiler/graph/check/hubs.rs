//! Nodes that read most of what their layer reads.
//!
//! Looked for in layers that are large enough for half of all variants to mean something, and that
//! no link joins with every variant: of those the author knows.

use crate::compiler::graph::{Graph, InputRef, NodeId, error};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Layer, LayerId, Spec, Target, Via};
use std::collections::BTreeSet;

const FEWEST_NODES: usize = 5;
const FEWEST_VARIANTS: usize = 100;

/// W0415 for each layer with nodes that read more than half of the layer's variants.
pub(super) fn hubs(spec: &Spec, graph: &Graph) -> Vec<Diagnostic> {
    let mut by_layer: Vec<Vec<NodeId>> = vec![Vec::new(); spec.layers.len()];
    for node in graph.dag.node_indices() {
        by_layer[graph.dag[node].layer].push(node);
    }
    let layers = spec.layers.iter().zip(by_layer).enumerate();
    layers
        .filter(|(id, (item, _))| item.nodes.is_none() && !reads_every_variant(spec, *id))
        .filter_map(|(_, (item, nodes))| of_layer(graph, item, &nodes))
        .collect()
}

fn of_layer(graph: &Graph, item: &Layer, nodes: &[NodeId]) -> Option<Diagnostic> {
    let variants = |node: &NodeId| {
        let inputs = graph.inputs[node.index()].iter();
        inputs.filter(|input| matches!(input, InputRef::Variant(..)))
    };
    // No set of variants can be larger than the sum of what is read.
    let read: usize = nodes.iter().map(|node| variants(node).count()).sum();
    if nodes.len() < FEWEST_NODES || read < FEWEST_VARIANTS {
        return None;
    }
    let all = nodes.iter().flat_map(variants).collect::<BTreeSet<_>>().len();
    let counted = nodes.iter().map(|node| (&*graph.dag[*node].name, variants(node).count()));
    let hubs: Vec<(&str, usize)> = counted.filter(|(_, reads)| 2 * reads > all).collect();
    let is_told = all >= FEWEST_VARIANTS && !hubs.is_empty();
    is_told.then(|| error::hubs(&item.name.value, &hubs, all, item.name.span))
}

fn reads_every_variant(spec: &Spec, layer: LayerId) -> bool {
    spec.links.iter().any(|link| {
        matches!(link.via, Via::AllToAll)
            && link.from.iter().any(|from| matches!(from.target, Target::Genotypes(_)))
            && link.to.iter().any(|to| matches!(to.target, Target::Layer(id) if id == layer))
    })
}
