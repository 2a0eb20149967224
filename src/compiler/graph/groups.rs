//! The layer-level graph: one group a layer, one a hand-named node.
//!
//! It must be acyclic; its order is the order in which nodes are made and computed.

use super::error;
use crate::language::diagnostics::Diagnostic;
use crate::language::source::Span;
use crate::language::spec::{Endpoint, LayerId, Link, Spec, Target, Via};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A layer, or one hand-named node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) layer: LayerId,
    /// Place among the hand-written names; `None` for a layer.
    pub(super) place: Option<usize>,
    pub(super) name: String,
    pub(super) span: Span,
}

/// All groups, in the author's order.
pub(super) struct Groups {
    pub(super) all: Vec<Group>,
    index: BTreeMap<(LayerId, Option<usize>), usize>,
}

impl Groups {
    pub(super) fn of(spec: &Spec) -> Self {
        let mut all = Vec::new();
        for (layer, item) in spec.layers.iter().enumerate() {
            match &item.nodes {
                None => {
                    all.push(Group {
                        layer,
                        place: None,
                        name: item.name.value.clone(),
                        span: item.name.span,
                    });
                }
                Some(names) => all.extend(names.iter().enumerate().map(|(place, name)| Group {
                    layer,
                    place: Some(place),
                    name: name.value.clone(),
                    span: name.span,
                })),
            }
        }
        let index = all.iter().enumerate().map(|(at, group)| ((group.layer, group.place), at)).collect();
        Self { all, index }
    }

    /// The group that an endpoint names, if it names one.
    pub(super) fn of_endpoint(&self, endpoint: &Endpoint) -> Option<usize> {
        match &endpoint.target {
            Target::Layer(layer) => self.index.get(&(*layer, None)).copied(),
            Target::Node(layer, place) => self.index.get(&(*layer, Some(*place))).copied(),
            Target::Genotypes(_) | Target::Column(_) | Target::Columns(_) => None,
        }
    }

    /// Groups so that each comes after all that it reads; ties keep the author's order.
    ///
    /// # Errors
    /// E0401 for each cycle, E0402 for each node linked to itself.
    pub(super) fn ordered(&self, spec: &Spec) -> Result<Vec<usize>, Vec<Diagnostic>> {
        let mut links: DiGraph<(), Span> = DiGraph::new();
        let mut found = Vec::new();
        for _ in &self.all {
            links.add_node(());
        }
        for (from, to, span) in spec.links.iter().flat_map(|link| self.pairs(link)) {
            if from == to && self.all[from].place.is_some() {
                found.push(error::self_link(&self.all[from].name, span));
            } else {
                links.add_edge(NodeIndex::new(from), NodeIndex::new(to), span);
            }
        }
        let mut parts = tarjan_scc(&links);
        parts.sort_by_key(|part| part.iter().min().copied());
        let cycles = parts
            .into_iter()
            .filter(|part| part.len() > 1 || links.contains_edge(part[0], part[0]))
            .map(|part| self.cycle(&links, &part));
        found.extend(cycles);
        if found.is_empty() { Ok(topological(&links)) } else { Err(found) }
    }

    /// Which group reads which by this link; a block of edges joins only what it names.
    fn pairs(&self, link: &Link) -> Vec<(usize, usize, Span)> {
        let groups = |ends: &[Endpoint]| -> Vec<usize> {
            ends.iter().filter_map(|end| self.of_endpoint(end)).collect()
        };
        let (from, to) = (groups(&link.from), groups(&link.to));
        let product = |from: &[usize], to: &[usize], span: Span| -> Vec<(usize, usize, Span)> {
            from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to, span))).collect()
        };
        let Via::Inline(edges) = &link.via else { return product(&from, &to, link.span) };
        edges
            .iter()
            .flat_map(|edge| {
                let span = edge.from.span.to(edge.to.span);
                product(&self.called(&from, &edge.from.value), &self.called(&to, &edge.to.value), span)
            })
            .collect()
    }

    /// The hand-named group of that name, or else the layers, which may hold a node of that name.
    pub(super) fn called(&self, groups: &[usize], name: &str) -> Vec<usize> {
        let by_hand =
            groups.iter().copied().find(|at| self.all[*at].place.is_some() && self.all[*at].name == name);
        match by_hand {
            Some(group) => vec![group],
            None => groups.iter().copied().filter(|at| self.all[*at].place.is_none()).collect(),
        }
    }

    /// Whether a group is of kind `polygenic`: it takes what no other link reads.
    pub(super) fn is_polygenic(&self, spec: &Spec, group: usize) -> bool {
        spec.layers[self.all[group].layer].kind.value == "polygenic"
    }

    /// A shortest cycle through the part's first group, with its links.
    fn cycle(&self, links: &DiGraph<(), Span>, part: &[NodeIndex]) -> Diagnostic {
        let start = part.iter().copied().min().unwrap_or_default();
        let mut came_from: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        let mut last = start;
        'search: while let Some(at) = queue.pop_front() {
            let mut next: Vec<NodeIndex> = links.neighbors(at).filter(|n| part.contains(n)).collect();
            next.sort_unstable();
            for node in next {
                if node == start {
                    last = at;
                    break 'search;
                }
                if let Entry::Vacant(unseen) = came_from.entry(node) {
                    unseen.insert(at);
                    queue.push_back(node);
                }
            }
        }
        let mut path = vec![last];
        while path[path.len() - 1] != start {
            path.push(came_from[&path[path.len() - 1]]);
        }
        path.reverse();
        let spans: Vec<Span> = path
            .iter()
            .zip(path.iter().skip(1).chain(std::iter::once(&start)))
            .filter_map(|(from, to)| links.find_edge(*from, *to).map(|edge| links[edge]))
            .collect();
        let names: Vec<String> = path.iter().map(|node| self.all[node.index()].name.clone()).collect();
        let what = if self.all[start.index()].place.is_some() { "node" } else { "layer" };
        error::cycle(what, &names, &spans)
    }
}

/// Kahn's order with the smallest index first.
fn topological(links: &DiGraph<(), Span>) -> Vec<usize> {
    let mut waiting: Vec<usize> = links
        .node_indices()
        .map(|n| links.neighbors_directed(n, petgraph::Direction::Incoming).count())
        .collect();
    let mut ready: std::collections::BTreeSet<usize> =
        (0..waiting.len()).filter(|n| waiting[*n] == 0).collect();
    let mut order = Vec::with_capacity(waiting.len());
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for reader in links.neighbors(NodeIndex::new(next)) {
            waiting[reader.index()] -= 1;
            if waiting[reader.index()] == 0 {
                ready.insert(reader.index());
            }
        }
    }
    order
}
