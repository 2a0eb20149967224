//! Two graphs side by side, by the names of nodes and edges.
//!
//! Nothing is compared by position: a node is its layer and its name, an edge its two nodes. A
//! variant without a name of its own is its place and alleles.

use super::graph::{CheckedGraph, InputRef, NodeId};
use crate::data::Variant;
use crate::knowledge::{Intervals, Knowledge, Strand};
use crate::language::spec::{ColumnRef, Spec};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What came and went between two graphs.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Difference {
    /// Layers whose nodes differ, in the order of the new graph.
    pub layers: Vec<LayerDifference>,
    /// Pairs of layers whose edges differ.
    pub links: Vec<LinkDifference>,
}

/// Nodes of one layer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LayerDifference {
    /// The layer; empty for nodes written by hand.
    pub layer: String,
    /// Nodes before.
    pub before: usize,
    /// Nodes after.
    pub after: usize,
    /// Names only before, sorted.
    pub removed: Vec<String>,
    /// Names only after, sorted.
    pub added: Vec<String>,
}

/// Edges from one layer to another: members of sets, sources of nodes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LinkDifference {
    /// The layer that is read; empty for nodes written by hand.
    pub from: String,
    /// The layer that reads.
    pub to: String,
    /// Edges before.
    pub before: usize,
    /// Edges after.
    pub after: usize,
    /// Edges that went with a node at one of their ends.
    pub removed_with_nodes: usize,
    /// Edges that came with a node at one of their ends.
    pub added_with_nodes: usize,
    /// Pairs only before whose nodes are both still there, sorted.
    pub removed: Vec<(String, String)>,
    /// Pairs only after whose nodes were both there, sorted.
    pub added: Vec<(String, String)>,
}

impl Difference {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty() && self.links.is_empty()
    }
}

/// What graphs call nodes that an author wrote one by one.
const BY_HAND: &str = "";

type Id = u32;

/// Two graphs as sets of numbered names.
#[derive(Default)]
pub struct Comparison<'a> {
    layers: IndexSet<String, FxBuildHasher>,
    names: IndexSet<(u32, Cow<'a, str>), FxBuildHasher>,
    sides: [Side; 2],
}

#[derive(Default)]
struct Side {
    nodes: Vec<Id>,
    edges: Vec<(Id, Id)>,
}

/// Which of the two graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The old one.
    Before,
    /// The new one.
    After,
}

impl<'a> Comparison<'a> {
    /// Adds a graph: inputs, nodes, read-outs of traits and of measurements.
    pub fn graph(
        &mut self,
        when: When,
        spec: &'a Spec,
        checked: &'a CheckedGraph,
        variants: &'a [Vec<Variant>],
    ) {
        let graph = checked.graph();
        let mut inputs = Inputs::new(spec, checked, variants);
        let nodes: Vec<Id> =
            graph.dag.node_indices().map(|node| self.of_graph(when, spec, checked, node)).collect();
        for node in graph.dag.node_indices() {
            let to = nodes[node.index()];
            for input in &graph.inputs[node.index()] {
                let (layer, name) = inputs.name(input);
                let from = self.node(when, &layer, name);
                self.edge(when, from, to);
            }
            for parent in graph.parents(node) {
                self.edge(when, nodes[parent.index()], to);
            }
        }
        for (predict, head) in spec.predicts.iter().zip(&graph.heads) {
            for column in &predict.traits {
                let to = self.node(when, "predict", Cow::Owned(shown(spec, column)));
                for input in &head.inputs {
                    let (layer, name) = inputs.name(input);
                    let from = self.node(when, &layer, name);
                    self.edge(when, from, to);
                }
                head.nodes.iter().for_each(|node| self.edge(when, nodes[node.index()], to));
            }
        }
        for (node, column) in graph.supervised.iter().flatten() {
            let to = self.node(when, "supervise", Cow::Owned(shown(spec, column)));
            self.edge(when, nodes[node.index()], to);
        }
        self.settle(when);
    }

    /// Adds what a prior's file says, where no graph can be built.
    pub fn prior(&mut self, when: When, name: &str, knowledge: &'a Knowledge) {
        match knowledge {
            Knowledge::Pairs(pairs) => {
                let (left, right) = (format!("{name} (members)"), format!("{name} (sets)"));
                let members: Vec<Id> = pairs
                    .sources
                    .iter()
                    .map(|source| self.node(when, &left, Cow::Borrowed(source)))
                    .collect();
                for (set, target) in pairs.targets.iter().enumerate() {
                    let to = self.node(when, &right, Cow::Borrowed(target));
                    pairs.members_of(set).iter().for_each(|at| self.edge(when, members[*at as usize], to));
                }
            }
            Knowledge::Intervals(intervals) => {
                let (left, right) = (format!("{name} (places)"), format!("{name} (intervals)"));
                for at in 0..intervals.names.len() {
                    let to = self.node(when, &right, Cow::Borrowed(&intervals.names[at]));
                    // A place is no node: an interval that moved is told as such.
                    let from = self.named(&left, Cow::Owned(place(intervals, at)));
                    self.edge(when, from, to);
                }
            }
        }
        self.settle(when);
    }

    /// What came and went.
    #[must_use]
    pub fn difference(&self) -> Difference {
        let [before, after] = &self.sides;
        let (removed, added) = (only(&before.nodes, &after.nodes), only(&after.nodes, &before.nodes));
        Difference {
            layers: self.layer_differences(&removed, &added),
            links: self.link_differences(&removed, &added),
        }
    }

    fn layer_differences(&self, removed: &[Id], added: &[Id]) -> Vec<LayerDifference> {
        let count = |nodes: &[Id]| {
            let mut counts = vec![0; self.layers.len()];
            nodes.iter().for_each(|node| counts[self.layer_of(*node)] += 1);
            counts
        };
        let (before, after) = (count(&self.sides[0].nodes), count(&self.sides[1].nodes));
        let mut found: BTreeMap<usize, LayerDifference> = BTreeMap::new();
        for (nodes, is_added) in [(removed, false), (added, true)] {
            for node in nodes {
                let at = self.layer_of(*node);
                let entry = found.entry(at).or_insert_with(|| LayerDifference {
                    layer: self.layers[at].clone(),
                    before: before[at],
                    after: after[at],
                    removed: Vec::new(),
                    added: Vec::new(),
                });
                let side = if is_added { &mut entry.added } else { &mut entry.removed };
                side.push(self.name_of(*node));
            }
        }
        let mut found: Vec<LayerDifference> = found.into_values().collect();
        for layer in &mut found {
            layer.removed.sort_unstable();
            layer.added.sort_unstable();
        }
        found
    }

    fn link_differences(&self, removed: &[Id], added: &[Id]) -> Vec<LinkDifference> {
        let [before, after] = &self.sides;
        let count = |edges: &[(Id, Id)]| {
            let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
            edges.iter().for_each(|edge| *counts.entry(self.layers_of(*edge)).or_default() += 1);
            counts
        };
        let (count_before, count_after) = (count(&before.edges), count(&after.edges));
        let mut found: BTreeMap<(usize, usize), LinkDifference> = BTreeMap::new();
        for (edges, nodes, is_added) in [
            (only(&before.edges, &after.edges), removed, false),
            (only(&after.edges, &before.edges), added, true),
        ] {
            for edge in edges {
                let pair = self.layers_of(edge);
                let entry = found.entry(pair).or_insert_with(|| LinkDifference {
                    from: self.layers[pair.0].clone(),
                    to: self.layers[pair.1].clone(),
                    before: count_before.get(&pair).copied().unwrap_or(0),
                    after: count_after.get(&pair).copied().unwrap_or(0),
                    removed_with_nodes: 0,
                    added_with_nodes: 0,
                    removed: Vec::new(),
                    added: Vec::new(),
                });
                let with_node = [edge.0, edge.1].iter().any(|node| nodes.binary_search(node).is_ok());
                let names = || (self.name_of(edge.0), self.name_of(edge.1));
                match (with_node, is_added) {
                    (true, false) => entry.removed_with_nodes += 1,
                    (true, true) => entry.added_with_nodes += 1,
                    (false, false) => entry.removed.push(names()),
                    (false, true) => entry.added.push(names()),
                }
            }
        }
        let mut found: Vec<LinkDifference> = found.into_values().collect();
        for link in &mut found {
            link.removed.sort_unstable();
            link.added.sort_unstable();
        }
        found
    }

    fn of_graph(&mut self, when: When, spec: &Spec, checked: &'a CheckedGraph, node: NodeId) -> Id {
        let data = &checked.graph().dag[node];
        let layer = &spec.layers[data.layer];
        let layer = if layer.nodes.is_some() { BY_HAND } else { &layer.name.value };
        self.node(when, layer, Cow::Borrowed(&data.name))
    }

    fn node(&mut self, when: When, layer: &str, name: Cow<'a, str>) -> Id {
        let id = self.named(layer, name);
        self.sides[when as usize].nodes.push(id);
        id
    }

    fn named(&mut self, layer: &str, name: Cow<'a, str>) -> Id {
        let layer = match self.layers.get_index_of(layer) {
            Some(at) => at,
            None => self.layers.insert_full(layer.to_owned()).0,
        };
        self.names.insert_full((layer as u32, name)).0 as u32
    }

    fn edge(&mut self, when: When, from: Id, to: Id) {
        self.sides[when as usize].edges.push((from, to));
    }

    /// An edge set is a set.
    fn settle(&mut self, when: When) {
        let Side { nodes, edges } = &mut self.sides[when as usize];
        nodes.sort_unstable();
        nodes.dedup();
        edges.sort_unstable();
        edges.dedup();
    }

    fn layer_of(&self, node: Id) -> usize {
        self.names[node as usize].0 as usize
    }

    fn layers_of(&self, edge: (Id, Id)) -> (usize, usize) {
        (self.layer_of(edge.0), self.layer_of(edge.1))
    }

    fn name_of(&self, node: Id) -> String {
        self.names[node as usize].1.to_string()
    }
}

/// Those of the first list that the second lacks; both are sorted.
fn only<T: Ord + Copy>(one: &[T], other: &[T]) -> Vec<T> {
    let mut rest = other.iter().peekable();
    let is_only = |item: &&T| {
        while rest.next_if(|next| next < item).is_some() {}
        rest.peek() != Some(item)
    };
    one.iter().filter(is_only).copied().collect()
}

fn shown(spec: &Spec, column: &ColumnRef) -> String {
    format!("{}.{}", spec.tables[column.table].name.value, column.column)
}

fn place(intervals: &Intervals, at: usize) -> String {
    let strand = match intervals.strands[at] {
        Strand::Forward => " +",
        Strand::Reverse => " -",
        Strand::Unknown => "",
    };
    format!("{}:{}-{}{strand}", intervals.contigs[at], intervals.starts[at], intervals.ends[at])
}

/// Names of inputs.
struct Inputs<'a> {
    spec: &'a Spec,
    checked: &'a CheckedGraph,
    variants: &'a [Vec<Variant>],
    /// How many variants of each set have an id.
    counts: Vec<FxHashMap<&'a str, u32>>,
}

impl<'a> Inputs<'a> {
    fn new(spec: &'a Spec, checked: &'a CheckedGraph, variants: &'a [Vec<Variant>]) -> Self {
        let count = |set: &'a Vec<Variant>| {
            let mut counts: FxHashMap<&'a str, u32> = FxHashMap::default();
            set.iter().for_each(|variant| *counts.entry(variant.id.as_str()).or_default() += 1);
            counts
        };
        Self { spec, checked, variants, counts: variants.iter().map(count).collect() }
    }

    /// The set or table, and the name in it.
    fn name(&mut self, input: &InputRef) -> (String, Cow<'a, str>) {
        match input {
            InputRef::Variant(set, at) => {
                let variant = &self.variants[*set][*at as usize];
                let is_only = self.counts[*set].get(variant.id.as_str()) == Some(&1);
                let Variant { chromosome, position, allele1, allele2, .. } = variant;
                let name = if is_only {
                    Cow::Borrowed(variant.id.as_str())
                } else {
                    Cow::Owned(format!("{chromosome}:{}:{allele1}:{allele2}", position.unwrap_or(0)))
                };
                (self.spec.genotypes[*set].name.value.clone(), name)
            }
            InputRef::Covariate(at) => {
                let (table, column, _) = &self.checked.graph().covariates[*at];
                (self.spec.tables[*table].name.value.clone(), Cow::Borrowed(column.as_str()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::pairs;

    fn difference(old: &[(&str, &str)], new: &[(&str, &str)]) -> Difference {
        let (old, new) =
            (Knowledge::Pairs(pairs(old.iter().copied())), Knowledge::Pairs(pairs(new.iter().copied())));
        let mut both = Comparison::default();
        both.prior(When::Before, "go", &old);
        both.prior(When::After, "go", &new);
        both.difference()
    }

    #[test]
    fn order_is_no_difference() {
        assert!(difference(&[("a", "S"), ("b", "T")], &[("b", "T"), ("a", "S")]).is_empty());
    }

    #[test]
    fn a_set_that_goes_takes_its_edges_and_others_are_named() {
        let found = difference(&[("a", "S"), ("b", "S"), ("a", "T")], &[("a", "S"), ("c", "S")]);
        let layers: Vec<(&str, &[String], &[String])> = found
            .layers
            .iter()
            .map(|l| (l.layer.as_str(), l.removed.as_slice(), l.added.as_slice()))
            .collect();
        let (b, c, t) = (["b".to_owned()], ["c".to_owned()], ["T".to_owned()]);
        assert_eq!(layers, [("go (members)", &b[..], &c[..]), ("go (sets)", &t[..], &[][..])]);
        let link = &found.links[0];
        assert_eq!((link.before, link.after, link.removed_with_nodes, link.added_with_nodes), (3, 2, 2, 1));
        assert!(link.removed.is_empty() && link.added.is_empty());
        let moved = difference(&[("a", "S"), ("b", "T"), ("b", "S")], &[("a", "T"), ("b", "T"), ("b", "S")]);
        let pair = |from: &str, to: &str| vec![(from.to_owned(), to.to_owned())];
        assert!(moved.layers.is_empty());
        assert_eq!((&moved.links[0].removed, &moved.links[0].added), (&pair("a", "S"), &pair("a", "T")));
    }
}
