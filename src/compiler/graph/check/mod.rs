//! Checks of a resolved graph, one file a family; only this stage makes a [`CheckedGraph`].

mod reach;
mod shapes;

use super::{CheckedGraph, Graph, NodeId};
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Spec;
use petgraph::Direction;

pub(super) fn check(spec: &Spec, graph: Graph) -> Result<(CheckedGraph, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    found.extend(shapes::supervised_width(spec, &graph));
    let unread = reach::unread_inputs(spec, &graph);
    let (graph, pruned) = reach::prune(spec, graph);
    let unreachable = reach::unreachable_traits(spec, &graph);
    // Each of these follows from the one before it: only the cause is told.
    if !unread.is_empty() {
        found.extend(unread);
    } else if !unreachable.is_empty() {
        found.extend(unreachable);
    } else {
        found.extend(pruned);
        found.extend(shapes::unused_width(spec, &graph));
        found.extend(shapes::same_members(spec, &graph));
    }
    let order = order(&graph);
    found.ok(CheckedGraph { graph, order })
}

/// Kahn's order, smallest id first: the layer-level graph is acyclic, so every node is in it.
fn order(graph: &Graph) -> Vec<NodeId> {
    let dag = &graph.dag;
    let mut waiting: Vec<usize> =
        dag.node_indices().map(|node| dag.neighbors_directed(node, Direction::Incoming).count()).collect();
    let mut ready: std::collections::BTreeSet<NodeId> =
        dag.node_indices().filter(|node| waiting[node.index()] == 0).collect();
    let mut order = Vec::with_capacity(waiting.len());
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for reader in dag.neighbors(next) {
            waiting[reader.index()] -= 1;
            if waiting[reader.index()] == 0 {
                ready.insert(reader);
            }
        }
    }
    order
}
