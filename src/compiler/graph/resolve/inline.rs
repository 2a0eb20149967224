//! Links with edges written in their block.

use super::Resolver;
use super::names::Member;
use super::order::Task;
use super::rules::{Given, Giver};
use crate::compiler::graph::{InputRef, NodeId, error};
use crate::language::spec::{Endpoint, InlineEdge, Name, Target, Unmatched};
use indexmap::{IndexMap, IndexSet};

/// Names on the left side of a link, and what they stand for.
struct Sources {
    nodes: IndexMap<String, NodeId>,
    /// Genotype sets and which of their variants stand there, ascending.
    variants: Vec<(usize, Vec<u32>)>,
}

impl<'a> Resolver<'a> {
    pub(super) fn inline(&mut self, task: &Task, from: &[&'a Endpoint], edges: &'a [InlineEdge]) {
        let sources = self.named_sources(from);
        let link = &self.spec.links[task.link];
        let given = edges.iter().find(|edge| edge.weight.is_some());
        let bare = edges.iter().find(|edge| edge.weight.is_none());
        if let (Some(given), Some(bare)) = (given, bare) {
            let weight = given.weight.map_or(given.to.span, |weight| weight.span);
            self.aside.push(error::some_edges_without_weight(bare.from.span.to(bare.to.span), weight));
        }
        let giver = Giver {
            name: "this link",
            weights: given.is_some() && bare.is_none(),
            signs: false,
            span: link.span,
        };
        let incomplete = given.is_some() && bare.is_some();
        let mut ruling = if incomplete { None } else { self.ruling(link, &task.targets, giver) };
        let mut unknown: IndexSet<&'a str> = IndexSet::new();
        for edge in edges {
            let source = self.inline_source(&sources, &edge.from);
            let target = self.inline_target(task, &edge.to);
            match (source, target) {
                (Ok(Some(source)), Some(target)) => {
                    self.member_edge(task.link, &source, target);
                    if let Some(ruling) = &mut ruling {
                        let weight = edge.weight.map(|weight| weight.value as f32);
                        let span = edge.from.span.to(edge.to.span);
                        self.rule(ruling, &source, target, Given { weight, sign: 0 }, span);
                    }
                }
                (Ok(None), _) if unknown.insert(&edge.from.value) => {
                    self.unknown_source(task, from, &sources, &edge.from);
                }
                _ => {}
            }
        }
        self.ruled(ruling, giver, link.span);
        if link.unmatched == Unmatched::Drop && !unknown.is_empty() {
            let names: Vec<&str> = unknown.into_iter().collect();
            let side = self.left_side(from);
            self.report(error::edges_left_out(&side, &names, link.span));
        }
    }

    fn named_sources(&self, from: &[&Endpoint]) -> Sources {
        let nodes = from
            .iter()
            .flat_map(|endpoint| self.nodes_of(endpoint))
            .map(|node| (self.graph.dag[node].name.to_string(), node))
            .collect();
        let variants = from
            .iter()
            .filter_map(|endpoint| match endpoint.target {
                Target::Genotypes(set) => Some((set, self.variants_of(endpoint, set))),
                _ => None,
            })
            .collect();
        Sources { nodes, variants }
    }

    /// What a source name stands for; `Err` when that is ambiguous, which is reported.
    fn inline_source(&mut self, sources: &Sources, name: &Name) -> Result<Option<Member>, ()> {
        if let Some(node) = sources.nodes.get(&name.value) {
            return Ok(Some(Member::Node(*node)));
        }
        for (set, wanted) in &sources.variants {
            match self.variant_names[*set].get(&name.value) {
                Some((variant, 1)) if wanted.binary_search(&variant).is_ok() => {
                    return Ok(Some(Member::Input(InputRef::Variant(*set, variant))));
                }
                Some((_, count @ 2..)) => {
                    self.report(error::ambiguous_variant(&name.value, count as usize, 1, name.span));
                    return Err(());
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn unknown_source(&mut self, task: &Task, from: &[&Endpoint], sources: &Sources, name: &Name) {
        if self.spec.links[task.link].unmatched != Unmatched::Error {
            return;
        }
        let side = self.left_side(from);
        let known = self.known;
        let variants = sources
            .variants
            .iter()
            .flat_map(|(set, wanted)| wanted.iter().map(|at| known.variants[*set][*at as usize].id.as_str()));
        let names: Vec<&str> = sources.nodes.keys().map(String::as_str).chain(variants).collect();
        self.report(error::unknown_in_edge(&name.value, &side, name.span, &names));
    }

    fn left_side(&self, from: &[&Endpoint]) -> String {
        from.iter().map(|endpoint| format!("`{}`", self.shown(endpoint))).collect::<Vec<_>>().join(", ")
    }

    /// The node that an edge points to; a layer gets a node for a name it does not have yet.
    fn inline_target(&mut self, task: &Task, name: &Name) -> Option<NodeId> {
        if let Some(group) = self.groups.called(&task.targets, &name.value).first() {
            return Some(self.node(*group, &name.value));
        }
        let names: Vec<&str> = task.targets.iter().map(|at| self.groups.all[*at].name.as_str()).collect();
        let unknown = error::unknown_in_edge(&name.value, "the right side of this link", name.span, &names);
        self.report(unknown);
        None
    }
}
