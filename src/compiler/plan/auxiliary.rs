//! Inner layers: where `auxiliary` adds read-outs.
//!
//! One a layer or `node` item, one a level of a hierarchy; what the item's own read-out reads
//! whole is left out.

use crate::compiler::graph::{CheckedGraph, NodeId};
use crate::language::spec::Spec;
use std::collections::BTreeMap;

/// The nodes of each inner layer, by layer and then by level from the lowest to the top.
pub(super) fn inner_layers(spec: &Spec, checked: &CheckedGraph, head: usize) -> Vec<Vec<NodeId>> {
    let graph = checked.graph();
    let mut groups: BTreeMap<(usize, std::cmp::Reverse<u32>), Vec<NodeId>> = BTreeMap::new();
    for node in graph.dag.node_indices() {
        let layer = graph.dag[node].layer;
        let has_levels = spec.layers[layer].hierarchy.is_some();
        let level = if has_levels { graph.levels.get(node.index()).copied().unwrap_or(0) } else { 0 };
        groups.entry((layer, std::cmp::Reverse(level))).or_default().push(node);
    }
    let read = |node: &NodeId| graph.heads[head].nodes.binary_search(node).is_ok();
    groups.into_values().filter(|nodes| !nodes.iter().all(read)).collect()
}
