//! Widths, and nodes that cannot be told apart.

use crate::compiler::graph::types::Parents;
use crate::compiler::graph::{Graph, NodeId, error};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Network, Spec};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

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

/// E0207 for weights and signs of edges into nodes that have no map of their own.
pub(super) fn ruled_read_outs(spec: &Spec, graph: &Graph) -> Vec<Diagnostic> {
    let is_supervised = |node: NodeId| graph.supervised.iter().flatten().any(|(other, _)| *other == node);
    let read_out = graph.rules.iter().map(|rule| rule.to).find(|node| {
        let layer = &spec.layers[graph.dag[*node].layer];
        layer.network == Network::Linear && !graph.is_read(*node) && !is_supervised(*node)
    });
    let found = read_out.map(|node| {
        let data = &graph.dag[node];
        error::rule_into_read_out(&data.name, spec.layers[data.layer].span)
    });
    found.into_iter().collect()
}

/// W0416 for nodes of one layer that read exactly the same.
pub(super) fn same_members(spec: &Spec, graph: &Graph, parents: &Parents) -> Vec<Diagnostic> {
    let mut by_layer: Vec<Vec<NodeId>> = vec![Vec::new(); spec.layers.len()];
    for node in graph.dag.node_indices() {
        by_layer[graph.dag[node].layer].push(node);
    }
    let mut found = Vec::new();
    for (layer, item) in spec.layers.iter().enumerate().filter(|(_, item)| item.nodes.is_none()) {
        let alike = alike(graph, parents, &by_layer[layer]);
        let count: usize = alike.iter().map(|nodes| nodes.len() - 1).sum();
        if count > 0 {
            let shown = alike.iter().take(5).map(|nodes| {
                let names: Vec<&str> = nodes.iter().map(|node| graph.dag[*node].name.as_ref()).collect();
                crate::language::diagnostics::listed(&names, 5)
            });
            let groups: Vec<String> = shown.collect();
            found.push(error::same_members(&item.name.value, &groups, count, item.name.span));
        }
    }
    found
}

/// Groups of two or more nodes that read the same, by their first node.
fn alike(graph: &Graph, parents: &Parents, nodes: &[NodeId]) -> Vec<Vec<NodeId>> {
    let reads = |node: &NodeId| (graph.inputs[node.index()].as_slice(), parents.row(*node));
    let mut hashed: Vec<(u64, NodeId)> = nodes
        .iter()
        .map(|node| {
            let mut hasher = FxHasher::default();
            reads(node).hash(&mut hasher);
            (hasher.finish(), *node)
        })
        .collect();
    hashed.sort_unstable();
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    for run in hashed.chunk_by(|(one, _), (other, _)| one == other).filter(|run| run.len() > 1) {
        let mut left: Vec<NodeId> = run.iter().map(|(_, node)| *node).collect();
        while let Some(first) = left.first().copied() {
            let (same, others): (Vec<NodeId>, Vec<NodeId>) =
                left.into_iter().partition(|node| reads(node) == reads(&first));
            groups.extend((same.len() > 1).then_some(same));
            left = others;
        }
    }
    groups.sort();
    groups
}
