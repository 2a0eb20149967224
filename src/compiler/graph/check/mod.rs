//! Checks of a resolved graph, one file a family; only this stage makes a [`CheckedGraph`].

mod hubs;
mod reach;
mod shapes;

use super::types::Parents;
use super::{CheckedGraph, Graph, Learning, NodeId};
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Spec;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(super) fn check(spec: &Spec, graph: Graph) -> Result<(CheckedGraph, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    found.extend(shapes::supervised_width(spec, &graph));
    // Of what training rows teach, nothing is a result: such a trait is predicted by its mean.
    let learnt = graph.learning == Learning::Done;
    let unread = if learnt { Vec::new() } else { reach::unread_inputs(spec, &graph) };
    let mut parents = Parents::of_graph(&graph.dag);
    let mut order = order(&graph, &parents);
    let nodes = graph.dag.node_count();
    let (graph, pruned) = reach::prune(spec, graph, &parents, &order);
    if graph.dag.node_count() < nodes {
        parents = Parents::of_graph(&graph.dag);
        order = self::order(&graph, &parents);
    }
    found.extend(shapes::ruled_read_outs(spec, &graph));
    let unreachable = if learnt { Vec::new() } else { reach::unreachable_traits(spec, &graph) };
    // Each of these follows from the one before it: only the cause is told.
    if !unread.is_empty() {
        found.extend(unread);
    } else if !unreachable.is_empty() {
        found.extend(unreachable);
    } else {
        found.extend(pruned);
        found.extend(shapes::unused_width(spec, &graph));
        if graph.learning == Learning::Nothing {
            found.extend(shapes::same_members(spec, &graph, &parents));
            found.extend(hubs::hubs(spec, &graph));
        }
    }
    found.ok(CheckedGraph { graph, order, parents })
}

/// Kahn's order, smallest id first: layers and their hierarchies are acyclic, so every node is in
/// it.
fn order(graph: &Graph, parents: &Parents) -> Vec<NodeId> {
    let dag = &graph.dag;
    let readers = parents.readers(dag.node_count());
    let mut waiting: Vec<u32> = dag.node_indices().map(|node| parents.of(node).len() as u32).collect();
    let mut ready: BinaryHeap<Reverse<u32>> =
        (0..waiting.len() as u32).filter(|node| waiting[*node as usize] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(waiting.len());
    while let Some(Reverse(next)) = ready.pop() {
        order.push(NodeId::new(next as usize));
        for reader in readers.of(next as usize) {
            waiting[*reader as usize] -= 1;
            if waiting[*reader as usize] == 0 {
                ready.push(Reverse(*reader));
            }
        }
    }
    order
}
