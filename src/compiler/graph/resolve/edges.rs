//! Everything that nodes read, gathered as found and kept once.
//!
//! An edge set is a set: an edge given again is counted for the link that gives it again.

use super::Resolver;
use super::names::Member;
use crate::compiler::graph::{InputRef, NodeId, error};
use crate::language::diagnostics::Diagnostic;
use crate::language::source::Span;
use std::collections::BTreeMap;

/// Edges of links in the order found.
#[derive(Default)]
pub(super) struct EdgeList {
    /// From, to, link.
    nodes: Vec<(NodeId, NodeId, u32)>,
    /// Read by, what, link.
    inputs: Vec<(NodeId, InputRef, u32)>,
}

/// An edge that was given before: how often in its link, the first of them, and when.
struct Repeat {
    count: usize,
    example: String,
    place: usize,
}

impl Resolver<'_> {
    /// An edge from whatever an endpoint stands for.
    pub(super) fn member_edge(&mut self, link: usize, member: &Member, target: NodeId) {
        match member {
            Member::Node(node) => self.edge(link, *node, target),
            Member::Input(input) => self.input(link, input.clone(), target),
        }
    }

    pub(super) fn edge(&mut self, link: usize, from: NodeId, to: NodeId) {
        self.edges.nodes.push((from, to, link as u32));
        if !self.unmapped && !self.is_polygenic(to) {
            self.read_nodes[from.index()] = true;
        }
    }

    /// An edge of a hierarchy, child to parent: given once, and by no link.
    pub(super) fn hierarchy_edge(&mut self, from: NodeId, to: NodeId) {
        self.graph.dag.add_edge(from, to, ());
        self.read_nodes[from.index()] = true;
    }

    pub(super) fn input(&mut self, link: usize, input: InputRef, to: NodeId) {
        if let InputRef::Variant(set, variant) = input
            && !self.unmapped
            && !self.is_polygenic(to)
        {
            self.read_variants[set][variant as usize] = true;
        }
        self.edges.inputs.push((to, input, link as u32));
    }

    /// Puts all edges into the graph, each once; gives W0403 for those given again.
    pub(super) fn fold_edges(&mut self) -> Vec<Diagnostic> {
        let EdgeList { nodes, inputs } = std::mem::take(&mut self.edges);
        let mut repeats: BTreeMap<u32, Repeat> = BTreeMap::new();
        self.fold_node_edges(nodes, &mut repeats);
        self.fold_inputs(inputs, &mut repeats);
        let mut repeats: Vec<(u32, Repeat)> = repeats.into_iter().collect();
        repeats.sort_by_key(|(link, repeat)| (repeat.place, *link));
        let told = repeats.into_iter().map(|(link, repeat)| {
            let span = self.spec.links.get(link as usize).map_or_else(Span::default, |link| link.span);
            error::duplicate_edges(repeat.count, &repeat.example, span)
        });
        told.collect()
    }

    fn fold_node_edges(&mut self, edges: Vec<(NodeId, NodeId, u32)>, repeats: &mut BTreeMap<u32, Repeat>) {
        let mut edges: Vec<(NodeId, NodeId, u32, u32)> =
            edges.into_iter().zip(0..).map(|((from, to, link), at)| (from, to, at, link)).collect();
        edges.sort_unstable();
        for pair in edges.windows(2) {
            let ((from, to, ..), (again_from, again_to, at, link)) = (pair[0], pair[1]);
            if (from, to) == (again_from, again_to) {
                let example = || format!("`{}` -> `{}`", self.graph.dag[from].name, self.graph.dag[to].name);
                repeat(repeats, link, at as usize, example);
            }
        }
        edges.dedup_by_key(|(from, to, ..)| (*from, *to));
        self.graph.dag.reserve_exact_edges(edges.len());
        for (from, to, ..) in edges {
            self.graph.dag.add_edge(from, to, ());
        }
    }

    fn fold_inputs(&mut self, inputs: Vec<(NodeId, InputRef, u32)>, repeats: &mut BTreeMap<u32, Repeat>) {
        let mut inputs: Vec<(NodeId, InputRef, u32, u32)> =
            inputs.into_iter().zip(0..).map(|((to, input, link), at)| (to, input, at, link)).collect();
        inputs.sort_unstable();
        for pair in inputs.windows(2) {
            let ((to, input, ..), (again_to, again, at, link)) = (&pair[0], &pair[1]);
            if (to, input) == (again_to, again) {
                let source = match input {
                    InputRef::Variant(set, at) => &self.known.variants[*set][*at as usize].id,
                    InputRef::Covariate(at) => &self.graph.covariates[*at].1,
                };
                let example = || format!("`{source}` -> `{}`", self.graph.dag[*to].name);
                repeat(repeats, *link, *at as usize, example);
            }
        }
        inputs.dedup_by(|again, first| (&again.0, &again.1) == (&first.0, &first.1));
        self.graph.inputs = vec![Vec::new(); self.graph.dag.node_count()];
        for (to, input, ..) in inputs {
            self.graph.inputs[to.index()].push(input);
        }
    }
}

fn repeat(repeats: &mut BTreeMap<u32, Repeat>, link: u32, place: usize, example: impl Fn() -> String) {
    match repeats.get_mut(&link) {
        Some(known) => {
            known.count += 1;
            if place < known.place {
                known.place = place;
                known.example = example();
            }
        }
        None => {
            repeats.insert(link, Repeat { count: 1, example: example(), place });
        }
    }
}
