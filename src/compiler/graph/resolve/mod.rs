//! Resolves links one after the other, each when all that it asks for is settled.
//!
//! A layer's nodes come from what reaches it. A link that fails makes what it should have
//! reached doubtful, and nothing is said of what follows from that alone.

mod all_pairs;
mod by_prior;
mod by_window;
mod heads;
mod inline;
mod join_report;
mod kinds;
mod names;
mod order;

use super::groups::Groups;
use super::{Graph, InputRef, Known, Node, NodeId, error};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Link, Part, Spec, Target, Via};
use indexmap::{IndexMap, IndexSet};
use names::VariantNames;
use order::Task;

pub(super) fn resolve(spec: &Spec, known: &Known<'_>) -> (Option<Graph>, Diagnostics) {
    let groups = Groups::of(spec);
    let refused = |refused: Vec<Diagnostic>| {
        let mut found = Diagnostics::default();
        found.extend(refused);
        (None, found)
    };
    let order = match groups.ordered(spec) {
        Ok(order) => order,
        Err(cycles) => return refused(cycles),
    };
    let tasks = match order::tasks(spec, &groups, &order) {
        Ok(tasks) => tasks,
        Err(cycle) => return refused(vec![cycle]),
    };
    let mut resolver = Resolver::new(spec, known, groups, &order);
    for task in &tasks {
        resolver.task(task);
    }
    resolver.heads();
    resolver.finish()
}

/// The state of one resolution.
struct Resolver<'a> {
    spec: &'a Spec,
    known: &'a Known<'a>,
    groups: Groups,
    graph: Graph,
    found: Vec<Diagnostic>,
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
    /// Groups that a link with an error should have reached.
    doubtful: Vec<bool>,
    /// Priors of which repeated pairs have been reported.
    folded: Vec<usize>,
    /// Whether the link at hand takes what no other link reads.
    unmapped: bool,
}

impl<'a> Resolver<'a> {
    fn new(spec: &'a Spec, known: &'a Known<'a>, groups: Groups, order: &[usize]) -> Self {
        let mut resolver = Self {
            spec,
            known,
            graph: Graph::default(),
            found: Vec::new(),
            doubtful: vec![false; groups.all.len()],
            folded: Vec::new(),
            unmapped: false,
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

    /// Resolves one task; what it finds only because an earlier one failed is not reported.
    fn task(&mut self, task: &Task) {
        let link = &self.spec.links[task.link];
        let from: Vec<&'a Endpoint> =
            link.from.iter().filter(|from| (from.part == Part::Unmapped) == task.unmapped).collect();
        let before = self.found.len();
        self.unmapped = task.unmapped;
        self.empty_filters(&from);
        match &link.via {
            Via::AllToAll => self.all_pairs(task, &from),
            Via::Prior(prior, span) => self.by_prior(task, &from, *prior, *span),
            Via::Window { .. } => self.by_window(task, &from),
            Via::Inline(edges) => self.inline(task, &from, edges),
        }
        let follows = task.source_groups().any(|group| self.doubtful[group]);
        if follows {
            self.found.truncate(before);
        }
        if follows || self.found[before..].iter().any(Diagnostic::is_error) {
            for target in &task.targets {
                self.doubtful[*target] = true;
            }
        }
    }

    /// E0306 for a `where` that nothing passes.
    fn empty_filters(&mut self, endpoints: &[&Endpoint]) {
        for endpoint in endpoints.iter().filter(|endpoint| !endpoint.filter.is_empty()) {
            if endpoint.part == Part::All && self.endpoint_members(endpoint).is_empty() {
                let shown = self.shown(endpoint);
                let span = endpoint.filter[0].span.to(endpoint.filter[endpoint.filter.len() - 1].span);
                self.report(error::filter_keeps_nothing(&shown, span));
            }
        }
    }

    /// Whether all that an endpoint names could be resolved.
    fn is_settled(&self, endpoint: &Endpoint) -> bool {
        self.groups.of_endpoint(endpoint).is_none_or(|group| !self.doubtful[group])
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
        if !self.edges.insert((from, to)) {
            let example = format!("`{}` -> `{}`", self.graph.dag[from].name, self.graph.dag[to].name);
            self.repeat(link, example);
        }
        if !self.unmapped && !self.is_polygenic(to) {
            self.read_nodes[from.index()] = true;
        }
    }

    fn input(&mut self, link: usize, input: InputRef, to: NodeId) {
        if let InputRef::Variant(set, variant) = input
            && !self.unmapped
            && !self.is_polygenic(to)
        {
            self.read_variants[set][variant as usize] = true;
        }
        let source = match &input {
            InputRef::Variant(set, at) => self.known.variants[*set][*at as usize].id.clone(),
            InputRef::Covariate(at) => self.graph.covariates[*at].1.clone(),
        };
        if !self.inputs[to.index()].insert(input) {
            let example = format!("`{source}` -> `{}`", self.graph.dag[to].name);
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
        let mut found = Diagnostics::default();
        found.extend(self.found);
        ((!found.has_errors()).then_some(self.graph), found)
    }

    /// E0408, unless an error has been said already, which is then the reason.
    fn empty_layers(&mut self) {
        if self.found.iter().any(Diagnostic::is_error) {
            return;
        }
        for at in 0..self.groups.all.len() {
            let group = self.groups.all[at].clone();
            if self.members[at].is_empty() {
                let links = || self.spec.links.iter().filter(|link| self.targets(link).contains(&at));
                let joined = links().any(|link| link.via != Via::AllToAll);
                self.report(error::layer_empty(&group.name, group.span, links().count() > 0, joined));
            }
        }
    }
}
