//! What reaches what: unread inputs, pruning, unreachable traits.
//!
//! After pruning, every node is reached from an input and reaches an output (invariant 4).

use crate::compiler::graph::types::Parents;
use crate::compiler::graph::{
    EdgeRule, EdgeSource, Graph, HeadSources, InputRef, NodeId, PruneReason, Pruned, error,
};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::Spec;
use petgraph::graph::DiGraph;

/// E0414 for genotype sets that nothing reads.
pub(super) fn unread_inputs(spec: &Spec, graph: &Graph) -> Vec<Diagnostic> {
    let read = |set: usize| {
        let of_set = |input: &InputRef| matches!(input, InputRef::Variant(s, _) if *s == set);
        graph.inputs.iter().flatten().any(of_set)
            || graph.heads.iter().flat_map(|head| &head.inputs).any(of_set)
    };
    spec.genotypes
        .iter()
        .enumerate()
        .filter(|(set, _)| !read(*set))
        .map(|(_, item)| error::input_unread("genotype set", &item.name.value, item.name.span))
        .collect()
}

/// Leaves out nodes that no input reaches or that reach no output, and lists them.
pub(super) fn prune(spec: &Spec, graph: Graph, parents: &Parents, order: &[NodeId]) -> (Graph, Diagnostics) {
    let (fed, wanted) = (fed(&graph, parents, order), wanted(&graph, parents, order));
    if fed.iter().zip(&wanted).all(|(fed, wanted)| *fed && *wanted) {
        return (graph, Diagnostics::default());
    }
    let mut pruned = Vec::new();
    for node in graph.dag.node_indices() {
        let reason = match (fed[node.index()], wanted[node.index()]) {
            (true, true) => continue,
            (false, _) => PruneReason::NoInput,
            (true, false) => PruneReason::NoOutput,
        };
        let data = &graph.dag[node];
        let layer = spec.layers[data.layer].name.value.clone();
        pruned.push((data.layer, Pruned { layer, name: data.name.to_string(), reason }));
    }
    let mut found = Diagnostics::default();
    report_pruned(spec, &pruned, &mut found);
    let keep: Vec<bool> = fed.iter().zip(&wanted).map(|(fed, wanted)| *fed && *wanted).collect();
    let mut kept = without(graph, &keep);
    kept.pruned = pruned.into_iter().map(|(_, pruned)| pruned).collect();
    (kept, found)
}

/// E0405 for traits that nothing reaches.
pub(super) fn unreachable_traits(spec: &Spec, graph: &Graph) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (predict, head) in spec.predicts.iter().zip(&graph.heads) {
        if head.nodes.is_empty() && head.inputs.is_empty() {
            let unfed = graph.pruned.iter().filter(|pruned| pruned.reason == PruneReason::NoInput);
            let pruned: Vec<&str> = unfed.map(|pruned| pruned.name.as_str()).collect();
            found.extend(predict.traits.iter().map(|t| error::trait_unreachable(&t.column, t.span, &pruned)));
        }
    }
    found
}

/// Which nodes a trait reads or a column supervises.
fn outputs(graph: &Graph) -> Vec<bool> {
    let mut outputs = vec![false; graph.dag.node_count()];
    let supervised = graph.supervised.iter().flatten().map(|(node, _)| node);
    for node in graph.heads.iter().flat_map(|head| &head.nodes).chain(supervised) {
        outputs[node.index()] = true;
    }
    outputs
}

/// Which nodes an input reaches.
fn fed(graph: &Graph, parents: &Parents, order: &[NodeId]) -> Vec<bool> {
    let mut fed = vec![false; graph.dag.node_count()];
    for node in order {
        let reads = !graph.inputs[node.index()].is_empty();
        fed[node.index()] = reads || parents.of(*node).any(|parent| fed[parent.index()]);
    }
    fed
}

/// Which nodes reach an output.
fn wanted(graph: &Graph, parents: &Parents, order: &[NodeId]) -> Vec<bool> {
    let mut wanted = outputs(graph);
    for node in order.iter().rev() {
        if wanted[node.index()] {
            parents.of(*node).for_each(|parent| wanted[parent.index()] = true);
        }
    }
    wanted
}

fn report_pruned(spec: &Spec, pruned: &[(usize, Pruned)], found: &mut Diagnostics) {
    for (layer, item) in spec.layers.iter().enumerate() {
        for reason in [PruneReason::NoInput, PruneReason::NoOutput] {
            let names: Vec<&str> = pruned
                .iter()
                .filter(|(of, pruned)| *of == layer && pruned.reason == reason)
                .map(|(_, pruned)| pruned.name.as_str())
                .collect();
            if names.is_empty() {
                continue;
            }
            let told = match reason {
                PruneReason::NoInput => error::no_input,
                PruneReason::NoOutput => error::no_output,
            };
            match &item.nodes {
                None => found.push(told(Some(&item.name.value), &names, item.name.span)),
                Some(by_hand) => found.extend(
                    by_hand
                        .iter()
                        .filter(|node| names.contains(&node.value.as_str()))
                        .map(|node| told(None, &[&node.value], node.span)),
                ),
            }
        }
    }
}

/// The graph of the kept nodes, ids renumbered in the same order.
fn without(graph: Graph, keep: &[bool]) -> Graph {
    let mut renamed = vec![None; keep.len()];
    let mut dag = DiGraph::new();
    let (mut inputs, mut levels) = (Vec::new(), Vec::new());
    for node in graph.dag.node_indices().filter(|node| keep[node.index()]) {
        renamed[node.index()] = Some(dag.add_node(graph.dag[node].clone()));
        inputs.push(graph.inputs[node.index()].clone());
        levels.push(graph.levels.get(node.index()).copied().unwrap_or(0));
    }
    for edge in graph.dag.edge_indices() {
        let Some((from, to)) = graph.dag.edge_endpoints(edge) else { continue };
        if let (Some(from), Some(to)) = (renamed[from.index()], renamed[to.index()]) {
            dag.add_edge(from, to, ());
        }
    }
    let heads = graph
        .heads
        .into_iter()
        .map(|head| HeadSources {
            nodes: head.nodes.iter().filter_map(|node| renamed[node.index()]).collect(),
            inputs: head.inputs,
        })
        .collect();
    let supervised = graph
        .supervised
        .into_iter()
        .map(|pairs| pairs.into_iter().filter_map(|(node, c)| Some((renamed[node.index()]?, c))).collect())
        .collect();
    let rules = graph.rules.into_iter().filter_map(|rule| {
        let from = match rule.from {
            EdgeSource::Node(node) => EdgeSource::Node(renamed[node.index()]?),
            input => input,
        };
        Some(EdgeRule { to: renamed[rule.to.index()]?, from, ..rule })
    });
    Graph {
        rules: rules.collect(),
        levels,
        dag,
        inputs,
        heads,
        supervised,
        coverage: graph.coverage,
        pruned: graph.pruned,
        covariates: graph.covariates,
        learning: graph.learning,
    }
}
