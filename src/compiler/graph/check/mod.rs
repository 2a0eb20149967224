//! Checks of a resolved graph, one file a family; only this stage makes a [`CheckedGraph`].

mod reach;
mod shapes;

use super::types::Parents;
use super::{CheckedGraph, Graph, NodeId};
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Spec;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(super) fn check(spec: &Spec, graph: Graph) -> Result<(CheckedGraph, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    found.extend(shapes::supervised_width(spec, &graph));
    let unread = reach::unread_inputs(spec, &graph);
    let (graph, pruned) = reach::prune(spec, graph);
    let parents = Parents::of_graph(&graph.dag);
    found.extend(shapes::ruled_read_outs(spec, &graph));
    let unreachable = reach::unreachable_traits(spec, &graph);
    // Each of these follows from the one before it: only the cause is told.
    if !unread.is_empty() {
        found.extend(unread);
    } else if !unreachable.is_empty() {
        found.extend(unreachable);
    } else {
        found.extend(pruned);
        found.extend(shapes::unused_width(spec, &graph));
        found.extend(shapes::same_members(spec, &graph, &parents));
    }
    let order = order(&graph, &parents);
    found.ok(CheckedGraph { graph, order, parents })
}

/// Kahn's order, smallest id first: layers and their hierarchies are acyclic, so every node is in
/// it.
fn order(graph: &Graph, parents: &Parents) -> Vec<NodeId> {
    let dag = &graph.dag;
    let mut waiting: Vec<usize> = dag.node_indices().map(|node| parents.of(node).len()).collect();
    let mut ready: BinaryHeap<Reverse<NodeId>> =
        dag.node_indices().filter(|node| waiting[node.index()] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(waiting.len());
    while let Some(Reverse(next)) = ready.pop() {
        order.push(next);
        for reader in dag.neighbors(next) {
            waiting[reader.index()] -= 1;
            if waiting[reader.index()] == 0 {
                ready.push(Reverse(reader));
            }
        }
    }
    order
}
