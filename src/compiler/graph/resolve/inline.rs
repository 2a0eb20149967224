//! Links with edges written in their block.

use super::Resolver;
use super::names::Member;
use crate::compiler::graph::{InputRef, NodeId, error};
use crate::language::spec::{Endpoint, InlineEdge, Link, Name, Target, Unmatched};
use indexmap::IndexMap;

impl<'a> Resolver<'a> {
    pub(super) fn inline(
        &mut self,
        id: usize,
        link: &'a Link,
        from: &[&'a Endpoint],
        edges: &'a [InlineEdge],
    ) {
        let sources = self.named_sources(from);
        for edge in edges {
            let Some(source) = self.inline_source(link, from, &sources, &edge.from) else { continue };
            let Some(target) = self.inline_target(link, &edge.to) else { continue };
            match source {
                Member::Node(node) if node == target => {
                    self.report(error::self_link(&edge.to.value, edge.from.span.to(edge.to.span)));
                }
                Member::Node(node) => self.edge(id, node, target),
                Member::Input(input) => self.input(id, input, target),
            }
        }
    }

    /// Nodes of the left side by name.
    fn named_sources(&self, from: &[&Endpoint]) -> IndexMap<String, NodeId> {
        from.iter()
            .flat_map(|endpoint| self.nodes_of(endpoint))
            .map(|node| (self.graph.dag[node].name.clone(), node))
            .collect()
    }

    fn inline_source(
        &mut self,
        link: &Link,
        from: &[&Endpoint],
        nodes: &IndexMap<String, NodeId>,
        name: &Name,
    ) -> Option<Member> {
        if let Some(node) = nodes.get(&name.value) {
            return Some(Member::Node(*node));
        }
        for endpoint in from {
            let Target::Genotypes(set) = endpoint.target else { continue };
            match self.variant_names[set].get(&name.value) {
                Some((variant, 1)) => return Some(Member::Input(InputRef::Variant(set, variant))),
                Some((_, count)) => {
                    self.report(error::ambiguous_variant(&name.value, count as usize, name.span));
                    return None;
                }
                None => {}
            }
        }
        if link.unmatched == Unmatched::Error {
            let place = from
                .iter()
                .map(|endpoint| format!("`{}`", self.shown(endpoint)))
                .collect::<Vec<_>>()
                .join(", ");
            self.report(error::unknown_in_edge(
                &name.value,
                &place,
                name.span,
                nodes.keys().map(String::as_str),
            ));
        }
        None
    }

    /// The node that an edge points to; a layer gets a node for a name it does not have yet.
    fn inline_target(&mut self, link: &Link, name: &Name) -> Option<NodeId> {
        let groups = self.targets(link);
        let by_hand = groups.iter().find(|group| self.groups.all[**group].name == name.value);
        let layer = groups.iter().find(|group| self.groups.all[**group].place.is_none());
        if let Some(group) = by_hand.filter(|group| self.groups.all[**group].place.is_some()).or(layer) {
            return Some(self.node(*group, &name.value));
        }
        let names: Vec<String> = groups.iter().map(|group| self.groups.all[*group].name.clone()).collect();
        let known = names.iter().map(String::as_str);
        self.report(error::unknown_in_edge(&name.value, "the right side of the link", name.span, known));
        None
    }
}
