//! Widths, and nodes that cannot be told apart.

use crate::compiler::graph::{Graph, InputRef, NodeId, error};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Network, Spec};
use indexmap::IndexMap;

/// E0505 for supervised nodes of several units.
pub(super) fn supervised_width(spec: &Spec, graph: &Graph) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (supervise, pairs) in spec.supervises.iter().zip(&graph.supervised) {
        let wide = pairs.iter().find(|(node, _)| spec.layers[graph.dag[*node].layer].width.value != 1);
        if let Some((node, _)) = wide {
            let data = &graph.dag[*node];
            found.push(error::supervised_width(
                &data.name,
                spec.layers[data.layer].width.value,
                supervise.span,
            ));
        }
    }
    found
}

/// E0501 for several units of nodes that do without their last map: those read by `predict` alone.
pub(super) fn unused_width(spec: &Spec, graph: &Graph) -> Vec<Diagnostic> {
    let is_supervised = |node: NodeId| graph.supervised.iter().flatten().any(|(other, _)| *other == node);
    let mut found = Vec::new();
    for (layer, item) in spec.layers.iter().enumerate() {
        if item.width.value < 2 || item.network == Network::Affine {
            continue;
        }
        let mut nodes = graph.dag.node_indices().filter(|node| graph.dag[*node].layer == layer).peekable();
        if nodes.peek().is_some() && nodes.all(|node| !graph.is_read(node) && !is_supervised(node)) {
            let is_linear = item.network == Network::Linear;
            found.push(error::unused_width(&item.name.value, item.width.value, is_linear, item.width.span));
        }
    }
    found
}

/// W0416 for nodes of one layer that read exactly the same.
pub(super) fn same_members(spec: &Spec, graph: &Graph) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (layer, item) in spec.layers.iter().enumerate().filter(|(_, item)| item.nodes.is_none()) {
        let mut alike: IndexMap<(&[InputRef], Vec<NodeId>), Vec<&str>> = IndexMap::new();
        for node in graph.dag.node_indices().filter(|node| graph.dag[*node].layer == layer) {
            let reads = (graph.inputs[node.index()].as_slice(), graph.parents(node));
            alike.entry(reads).or_default().push(&graph.dag[node].name);
        }
        let groups: Vec<String> = alike
            .values()
            .filter(|names| names.len() > 1)
            .map(|names| crate::language::diagnostics::listed(names, 5))
            .collect();
        let count: usize = alike.values().filter(|names| names.len() > 1).map(|names| names.len() - 1).sum();
        if count > 0 {
            found.push(error::same_members(&item.name.value, &groups, count, item.name.span));
        }
    }
    found
}
