//! Resolves links group by group, in topological order.
//!
//! First all links but those from `.unmapped`, then those, so that what is unmapped is
//! settled when it is asked for. A layer's nodes come from what reaches it.

mod all_pairs;
mod by_prior;
mod by_window;
mod heads;
mod inline;
mod names;

use super::groups::Groups;
use super::{Graph, InputRef, Known, Node, NodeId, error};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Link, Part, Spec, Target, Via};
use indexmap::{IndexMap, IndexSet};
use names::VariantNames;

pub(super) fn resolve(spec: &Spec, known: &Known<'_>) -> (Option<Graph>, Diagnostics) {
    let groups = Groups::of(spec);
    let order = match groups.ordered(spec) {
        Ok(order) => order,
        Err(cycles) => {
            let mut found = Diagnostics::default();
            found.extend(cycles);
            return (None, found);
        }
    };
    let mut resolver = Resolver::new(spec, known, groups, &order);
    resolver.links(&order, false);
    resolver.links(&order, true);
    resolver.heads();
    resolver.finish()
}

/// The state of one resolution.
struct Resolver<'a> {
    spec: &'a Spec,
    known: &'a Known<'a>,
    groups: Groups,
    graph: Graph,
    found: Diagnostics,
    /// Nodes of each group by name.
    members: Vec<IndexMap<String, NodeId>>,
    variant_names: Vec<VariantNames>,
    /// Edges between nodes, so that each is kept once.
    edges: IndexSet<(NodeId, NodeId)>,
    /// What each node reads besides nodes.
    inputs: Vec<IndexSet<InputRef>>,
    /// Which variants and which nodes some link reads, other than from `.unmapped`.
    read_variants: Vec<Vec<bool>>,
    read_nodes: Vec<bool>,
    repeated: Vec<(usize, String, Span)>,
}

impl<'a> Resolver<'a> {
    fn new(spec: &'a Spec, known: &'a Known<'a>, groups: Groups, order: &[usize]) -> Self {
        let mut resolver = Self {
            spec,
            known,
            graph: Graph::default(),
            found: Diagnostics::default(),
            members: vec![IndexMap::new(); groups.all.len()],
            variant_names: known
                .variants
                .iter()
                .zip(known.usable)
                .map(|(v, u)| VariantNames::of(v, u))
                .collect(),
            edges: IndexSet::new(),
            inputs: Vec::new(),
            read_variants: known.variants.iter().map(|variants| vec![false; variants.len()]).collect(),
            read_nodes: Vec::new(),
            repeated: Vec::new(),
            groups,
        };
        for group in order {
            if resolver.groups.all[*group].place.is_some() {
                let name = resolver.groups.all[*group].name.clone();
                resolver.node(*group, &name);
            }
        }
        resolver
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Every link into each group; only those from `.unmapped`, or only the others.
    fn links(&mut self, order: &[usize], unmapped: bool) {
        let spec = self.spec;
        for group in order {
            for (id, link) in spec.links.iter().enumerate() {
                let reads_group = link.to.iter().any(|to| self.groups.of_endpoint(to) == Some(*group));
                if !reads_group || !self.is_first_target(link, *group, order) {
                    continue;
                }
                let from: Vec<&'a Endpoint> =
                    link.from.iter().filter(|from| (from.part == Part::Unmapped) == unmapped).collect();
                if !from.is_empty() {
                    self.link(id, link, &from);
                }
            }
        }
    }

    /// A link into several groups is resolved once, when the first of them is due: all that
    /// it reads is then complete.
    fn is_first_target(&self, link: &Link, group: usize, order: &[usize]) -> bool {
        let first =
            order.iter().find(|at| link.to.iter().any(|to| self.groups.of_endpoint(to) == Some(**at)));
        first == Some(&group)
    }

    fn link(&mut self, id: usize, link: &'a Link, from: &[&'a Endpoint]) {
        match &link.via {
            Via::AllToAll => self.all_pairs(id, link, from),
            Via::Prior(prior, span) => self.by_prior(id, link, from, *prior, *span),
            Via::Window { .. } => self.by_window(id, link, from),
            Via::Inline(edges) => self.inline(id, link, from, edges),
        }
    }

    /// The groups that a link reaches.
    fn targets(&self, link: &Link) -> Vec<usize> {
        link.to.iter().filter_map(|to| self.groups.of_endpoint(to)).collect()
    }

    /// The node of that name in a group, made if it is new.
    fn node(&mut self, group: usize, name: &str) -> NodeId {
        if let Some(node) = self.members[group].get(name) {
            return *node;
        }
        let item = &self.groups.all[group];
        let node =
            self.graph.dag.add_node(Node { layer: item.layer, name: name.to_string(), span: item.span });
        self.inputs.push(IndexSet::new());
        self.read_nodes.push(false);
        self.members[group].insert(name.to_string(), node);
        node
    }

    fn edge(&mut self, link: usize, from: NodeId, to: NodeId) {
        let span = self.spec.links[link].span;
        if from == to {
            let name = self.graph.dag[from].name.clone();
            self.report(error::self_link(&name, span));
        } else if !self.edges.insert((from, to)) {
            let example = format!("`{}` -> `{}`", self.graph.dag[from].name, self.graph.dag[to].name);
            self.repeat(link, example);
        }
        if !self.is_polygenic(to) {
            self.read_nodes[from.index()] = true;
        }
    }

    fn input(&mut self, link: usize, input: InputRef, to: NodeId) {
        if let InputRef::Variant(set, variant) = input
            && !self.is_polygenic(to)
        {
            self.read_variants[set][variant as usize] = true;
        }
        if !self.inputs[to.index()].insert(input) {
            let example = format!("an input of `{}`", self.graph.dag[to].name);
            self.repeat(link, example);
        }
    }

    fn repeat(&mut self, link: usize, example: String) {
        let span = self.spec.links[link].span;
        match self.repeated.iter_mut().find(|(_, _, at)| *at == span) {
            Some((count, _, _)) => *count += 1,
            None => self.repeated.push((1, example, span)),
        }
    }

    fn is_polygenic(&self, node: NodeId) -> bool {
        self.spec.layers[self.graph.dag[node].layer].kind.value == "polygenic"
    }

    /// What an endpoint is called in tables and messages.
    fn shown(&self, endpoint: &Endpoint) -> String {
        let name = match &endpoint.target {
            Target::Genotypes(set) => self.spec.genotypes[*set].name.value.clone(),
            Target::Layer(_) | Target::Node(..) => self
                .groups
                .of_endpoint(endpoint)
                .map_or_else(String::new, |group| self.groups.all[group].name.clone()),
            Target::Column(column) => {
                format!("{}.{}", self.spec.tables[column.table].name.value, column.column)
            }
        };
        if endpoint.part == Part::Unmapped { format!("{name}.unmapped") } else { name }
    }

    fn finish(mut self) -> (Option<Graph>, Diagnostics) {
        for (count, example, span) in std::mem::take(&mut self.repeated) {
            self.report(error::duplicate_edges(count, &example, span));
        }
        self.empty_layers();
        let mut edges: Vec<(NodeId, NodeId)> = self.edges.iter().copied().collect();
        edges.sort_unstable();
        for (from, to) in edges {
            self.graph.dag.add_edge(from, to, ());
        }
        for inputs in self.inputs {
            let mut inputs: Vec<InputRef> = inputs.into_iter().collect();
            inputs.sort_unstable();
            self.graph.inputs.push(inputs);
        }
        let graph = (!self.found.has_errors()).then_some(self.graph);
        (graph, self.found)
    }

    /// E0408, unless an error has been said already, which is then the reason.
    fn empty_layers(&mut self) {
        if self.found.has_errors() {
            return;
        }
        for at in 0..self.groups.all.len() {
            let group = self.groups.all[at].clone();
            if self.members[at].is_empty() {
                let linked = self.spec.links.iter().any(|link| self.targets(link).contains(&at));
                self.report(error::layer_empty(&group.name, group.span, linked));
            }
        }
    }
}
