//! Resolves links one after the other, each when all that it asks for is settled.
//!
//! A layer's nodes come from what reaches it. A link that fails makes what it should have
//! reached doubtful, and nothing is said of what follows from that alone.

mod all_pairs;
mod by_column;
mod by_prior;
mod by_window;
mod derived;
mod edges;
mod heads;
mod hierarchy;
mod inline;
mod join_report;
mod kinds;
mod names;
mod order;
mod randomize;
mod rules;
mod tree;

use super::groups::Groups;
use super::{EdgeRule, Graph, Known, Learning, Node, NodeId, error};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Link, Part, Spec, Target, Via};
use edges::EdgeList;
use names::VariantNames;
use order::Task;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use tree::Tree;

/// The most nodes that a graph may have.
const MOST_NODES: usize = 5_000_000;

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
    resolver.trees();
    for task in &tasks {
        resolver.task(task);
    }
    for group in 0..resolver.groups.all.len() {
        resolver.settle(group);
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
    /// Findings that put no node or edge in doubt.
    aside: Vec<Diagnostic>,
    /// Nodes of each group, ascending.
    members: Vec<Vec<NodeId>>,
    /// Nodes of each group by name.
    by_name: Vec<FxHashMap<Arc<str>, NodeId>>,
    variant_names: Vec<VariantNames>,
    /// Places among the graph's covariates by table and column.
    covariate_places: FxHashMap<(usize, String), usize>,
    /// What links say of single edges.
    rules: Vec<(EdgeRule, Span)>,
    /// Everything that some node reads.
    edges: EdgeList,
    /// Which variants and which nodes some link reads, other than from `.unmapped`.
    read_variants: Vec<Vec<bool>>,
    read_nodes: Vec<bool>,
    /// The hierarchy of each layer that has one; `None` once it could not be read.
    trees: Vec<Option<Arc<Tree<'a>>>>,
    /// Whether the hierarchy of a group has been laid over its nodes.
    settled: Vec<bool>,
    /// Groups that a link with an error should have reached.
    doubtful: Vec<bool>,
    /// Priors of which repeated pairs have been reported.
    folded: Vec<usize>,
    /// Whether the link at hand takes what no other link reads.
    unmapped: bool,
}

impl<'a> Resolver<'a> {
    fn new(spec: &'a Spec, known: &'a Known<'a>, groups: Groups, order: &[usize]) -> Self {
        let variant_names =
            known.variants.iter().zip(known.usable).map(|(v, u)| VariantNames::of(v, u)).collect();
        let count = groups.all.len();
        let mut resolver = Self {
            spec,
            known,
            graph: Graph { learning: known.learning, ..Graph::default() },
            found: Vec::new(),
            aside: Vec::new(),
            doubtful: vec![false; count],
            folded: Vec::new(),
            unmapped: false,
            members: vec![Vec::new(); count],
            by_name: vec![FxHashMap::default(); count],
            variant_names,
            covariate_places: FxHashMap::default(),
            rules: Vec::new(),
            edges: EdgeList::default(),
            read_variants: known.variants.iter().map(|variants| vec![false; variants.len()]).collect(),
            read_nodes: Vec::new(),
            trees: vec![None; spec.layers.len()],
            settled: vec![false; count],
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

    /// Whether links were learnt on some rows, which may well leave a layer empty.
    fn learnt(&self) -> bool {
        self.known.learning == Learning::Done
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
        for source in task.source_groups() {
            self.settle(source);
        }
        self.empty_filters(&from);
        let columns = from.iter().find_map(|from| match from.target {
            Target::Columns(table) => Some((table, from.span)),
            _ => None,
        });
        match (&link.via, columns) {
            (_, Some((table, span))) => self.by_column(task, table, span),
            (Via::AllToAll, _) => self.all_pairs(task, &from),
            (Via::Prior(prior, span), _) => self.by_prior(task, &from, *prior, *span),
            (Via::Window(_), _) => self.by_window(task, &from),
            // Whoever resolves a spec has put a prior in its place.
            (Via::Eqtl(_), _) => debug_assert!(false, "links to be learnt have no pairs yet"),
            (Via::Inline(edges), _) => self.inline(task, &from, edges),
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
            if endpoint.part == Part::All && !self.learnt() && self.endpoint_members(endpoint).is_empty() {
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
        if let Some(node) = self.by_name[group].get(name) {
            return *node;
        }
        let item = &self.groups.all[group];
        let name: Arc<str> = Arc::from(name);
        let node =
            self.graph.dag.add_node(Node { layer: item.layer, name: Arc::clone(&name), span: item.span });
        self.read_nodes.push(false);
        self.members[group].push(node);
        self.by_name[group].insert(name, node);
        node
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
            Target::Columns(table) => format!("{}.*", self.spec.tables[*table].name.value),
        };
        match endpoint.part {
            Part::All => name,
            Part::Unmapped => format!("{name}.unmapped"),
            Part::Top => format!("{name}.top"),
            Part::Level(level) => format!("{name}.level({level})"),
        }
    }

    fn finish(mut self) -> (Option<Graph>, Diagnostics) {
        let disagree = self.fold_rules();
        let repeats = self.fold_edges();
        if !disagree {
            self.found.extend(repeats);
        }
        let aside = std::mem::take(&mut self.aside);
        self.found.extend(aside);
        self.empty_layers();
        let nodes = self.graph.dag.node_count();
        if nodes > MOST_NODES {
            self.report(error::too_many_nodes(nodes, MOST_NODES, self.spec.model.span));
        }
        let mut found = Diagnostics::default();
        found.extend(self.found);
        ((!found.has_errors()).then_some(self.graph), found)
    }

    /// E0408, unless an error has been said already, which is then the reason.
    fn empty_layers(&mut self) {
        if self.learnt() || self.found.iter().any(Diagnostic::is_error) {
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
