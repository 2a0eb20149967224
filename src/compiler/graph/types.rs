//! The graph's types.
//!
//! Nodes above the variants live in petgraph; variant → node stays a list beside it. Node
//! ids follow the topological order of their groups, then the order first seen.

use crate::compiler::rows::Rows;
use crate::language::source::Span;
use crate::language::spec::{ColumnRef, LayerId, PriorId};
use petgraph::graph::{DiGraph, NodeIndex};
use std::sync::Arc;

/// A node's id.
pub type NodeId = NodeIndex<u32>;

/// A resolved spec.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Nodes, and an edge from each node to every node that reads it.
    pub dag: DiGraph<Node, ()>,
    /// What each node reads besides nodes, ascending.
    pub inputs: Vec<Vec<InputRef>>,
    /// What each `predict` item adds up.
    pub heads: Vec<HeadSources>,
    /// What each `supervise` item pairs.
    pub supervised: Vec<Vec<(NodeId, ColumnRef)>>,
    /// Each join with its counts.
    pub coverage: Vec<Coverage>,
    /// Names of nodes that were left out, with the reason.
    pub pruned: Vec<Pruned>,
    /// Levels that covariates add: `(table, column)` in the order first read.
    pub covariates: Vec<(usize, String, Vec<String>)>,
    /// What is known of single edges, ascending by reader and then by what is read.
    pub rules: Vec<EdgeRule>,
    /// For each node its level in its layer's hierarchy, 1 at the top; 0 without a hierarchy.
    pub levels: Vec<u32>,
    /// Where links that are learnt come from.
    pub learning: Learning,
}

/// Where links that are learnt come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Learning {
    /// Nothing is learnt: all links are the author's.
    #[default]
    Nothing,
    /// The largest that may be learnt stands for it: what its nodes share says nothing.
    StoodIn,
    /// They were learnt on some rows: what they leave empty is no mistake of the author.
    Done,
}

/// What is known of one edge beside that it is there.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeRule {
    /// The reader.
    pub to: NodeId,
    /// What it reads.
    pub from: EdgeSource,
    /// A given weight.
    pub weight: Option<f32>,
    /// Whether the given weight is never trained.
    pub fixed: bool,
    /// 1: never below 0; −1: never above 0; 0: either.
    pub side: i8,
    /// A side to start on, and the cost of a unit of |w| on the other.
    pub soft: Option<(i8, f32)>,
}

/// What an edge starts from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeSource {
    /// An input.
    Input(InputRef),
    /// A node.
    Node(NodeId),
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its layer or `node` item.
    pub layer: LayerId,
    /// Its name.
    pub name: Arc<str>,
    /// Where it was written by hand, or its layer's place.
    pub span: Span,
}

/// An input that a node reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InputRef {
    /// Variant `.1` of genotype set `.0`.
    Variant(usize, u32),
    /// Covariate `.0` of [`Graph::covariates`]: all its rows.
    Covariate(usize),
}

/// What one `predict` item adds up.
#[derive(Clone, Debug, Default)]
pub struct HeadSources {
    /// Nodes, ascending.
    pub nodes: Vec<NodeId>,
    /// Inputs read straight, ascending.
    pub inputs: Vec<InputRef>,
}

/// One join of two lists of names.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Coverage {
    /// What was joined, such as `snps -> gene via window(genes)`.
    pub join: String,
    /// The prior that it was joined by.
    #[serde(skip)]
    pub prior: Option<PriorId>,
    /// What the left side is, such as `variants`.
    pub left: String,
    /// What the right side is.
    pub right: String,
    /// Names of the left side that found a partner.
    pub left_matched: usize,
    /// Names of the left side that found none.
    pub left_only: usize,
    /// Names of the right side that found a partner.
    pub right_matched: usize,
    /// Names of the right side that found none.
    pub right_only: usize,
    /// Up to three unmatched names of the left side.
    pub left_examples: Vec<String>,
    /// Up to three unmatched names of the right side.
    pub right_examples: Vec<String>,
}

/// A node that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pruned {
    /// Its layer's name.
    pub layer: String,
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: PruneReason,
}

/// Why a node was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PruneReason {
    /// No variant or covariate reaches it.
    NoInput,
    /// It reaches no trait and no supervised column.
    NoOutput,
}

/// A graph that can be compiled: acyclic, reachable, shaped. Only `check` makes one.
#[derive(Clone, Debug)]
pub struct CheckedGraph {
    pub(super) graph: Graph,
    pub(super) order: Vec<NodeId>,
    pub(super) parents: Parents,
}

/// The nodes that each node reads, ascending, in compressed rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Parents(Rows);

impl Parents {
    pub(super) fn of_graph(dag: &DiGraph<Node, ()>) -> Self {
        let edges = dag.raw_edges().iter();
        let pairs = edges.map(|edge| (edge.target().index() as u32, edge.source().index() as u32));
        let mut rows = Rows::new(dag.node_count(), pairs);
        rows.sort();
        Self(rows)
    }

    pub(super) fn of(&self, node: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator {
        self.0.of(node.index()).iter().map(|parent| NodeId::new(*parent as usize))
    }

    /// The same as numbers.
    pub(super) fn row(&self, node: NodeId) -> &[u32] {
        self.0.of(node.index())
    }

    /// Which nodes read each node, ascending.
    pub(super) fn readers(&self, nodes: usize) -> Rows {
        self.0.turned(nodes)
    }
}

impl CheckedGraph {
    /// The graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Nodes in an order in which each comes after all that it reads.
    #[must_use]
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// The nodes that `node` reads, ascending.
    #[must_use]
    pub fn parents(&self, node: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator {
        self.parents.of(node)
    }
}

impl Graph {
    /// The nodes that `node` reads, ascending.
    #[must_use]
    pub fn parents(&self, node: NodeId) -> Vec<NodeId> {
        let mut parents: Vec<NodeId> =
            self.dag.neighbors_directed(node, petgraph::Direction::Incoming).collect();
        parents.sort_unstable();
        parents
    }

    /// Whether another node reads this one.
    #[must_use]
    pub fn is_read(&self, node: NodeId) -> bool {
        self.dag.neighbors_directed(node, petgraph::Direction::Outgoing).next().is_some()
    }

    /// Edges of all kinds: node to node, and input to node.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.dag.edge_count() + self.inputs.iter().map(Vec::len).sum::<usize>()
    }
}
