//! What is built: layers, nodes, links, heads, extra losses on latents.
//!
//! Endpoints hold ids of declared things; which nodes a layer has is known with the graph.

use super::{ColumnRef, Comparison, Eqtl, GenotypesId, LayerId, Name, PriorId, Select, TableId};
use crate::language::source::{Span, Spanned};

/// A `layer` or `node` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Layer {
    /// Its name; for a `node` item of one name that name, else the first.
    pub name: Name,
    /// Hand-written names of a `node` item; `None` for a `layer`.
    pub nodes: Option<Vec<Name>>,
    /// The biological kind.
    pub kind: Name,
    /// Units a node.
    pub width: Spanned<usize>,
    /// Hidden layers of the private network.
    pub network: Network,
    /// The activation of the last map; see [`Network`].
    pub activation: Activation,
    /// Share of units dropped in training after each activation.
    pub dropout: f64,
    /// What is normalised between an affine map and its activation.
    pub norm: Norm,
    /// Links inside the layer, child to parent.
    pub hierarchy: Option<Hierarchy>,
    /// Which of its nodes are kept, learnt on training rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<Select>,
    /// The whole item.
    #[serde(skip)]
    pub span: Span,
}

/// A prior of pairs child → parent that links nodes of one layer.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Hierarchy {
    /// The prior.
    pub prior: PriorId,
    /// Only these terms and what lies below them; empty keeps all.
    pub roots: Vec<Name>,
    /// Levels kept, counted from 1 at the terms without a parent, or at the roots.
    pub depth: Option<usize>,
    /// Where the prior was named.
    #[serde(skip)]
    pub span: Span,
}

/// Normalisation of a block's units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// None.
    None,
    /// Each unit over the rows of a batch (Ioffe & Szegedy 2015).
    Batch,
    /// The units of one node in each row (Ba, Kiros & Hinton 2016).
    Units,
}

/// What a node computes from what it reads.
///
/// `Affine`: one affine map to `width` units, then the layer's activation (default tanh).
/// `Fcn`: hidden layers, each followed by `activation`, then an affine map to `width` units
/// (left out where the node is read by `predict` alone). `Linear`: affine alone.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "described above")]
pub enum Network {
    Affine,
    Linear,
    Fcn { hidden: Vec<usize>, activation: Activation },
}

/// Activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Activation {
    Linear,
    Tanh,
    Sigmoid,
    Relu,
    Gelu,
    Softplus,
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Endpoint {
    /// What is named.
    pub target: Target,
    /// Which part of it.
    pub part: Part,
    /// `where` clauses.
    pub filter: Vec<Comparison>,
    /// Where it was written.
    #[serde(skip)]
    pub span: Span,
}

/// What an endpoint names.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// All variants of a genotype set.
    Genotypes(GenotypesId),
    /// All nodes of a layer.
    Layer(LayerId),
    /// One hand-named node, by its place in [`Layer::nodes`].
    Node(LayerId, usize),
    /// A covariate column.
    Column(ColumnRef),
    /// All columns of a table, each for the node of its name (`T.*`).
    Columns(TableId),
}

/// Which part of a layer or genotype set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Everything.
    All,
    /// What no other link reads.
    Unmapped,
    /// Nodes without a parent in the layer's kept hierarchy.
    Top,
    /// Nodes this many steps below the top, which is level 1.
    Level(usize),
}

/// A `link` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Link {
    /// What is read.
    pub from: Vec<Endpoint>,
    /// What reads.
    pub to: Vec<Endpoint>,
    /// Where the edges come from.
    pub via: Via,
    /// Sets with fewer matched members are left out.
    pub min_size: usize,
    /// Sets with more matched members are left out.
    pub max_size: usize,
    /// What happens to names of a prior that match nothing.
    pub unmatched: Unmatched,
    /// What the weights of its edges may be.
    pub weights: EdgeWeights,
    /// What the signs of its edges may be.
    pub sign: EdgeSign,
    /// A control with the same degrees and other partners.
    pub randomize: Option<Permute>,
    /// Variants that feed more targets than this are left out.
    pub max_genes: Option<usize>,
    /// The whole item.
    #[serde(skip)]
    pub span: Span,
}

/// Which edges of a link swap their ends.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Permute {
    /// Seed.
    pub seed: u64,
    /// Share of the edges that take part, drawn at random.
    pub share: f64,
}

/// What the weights of a link's edges may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeWeights {
    /// Drawn, then trained.
    Free,
    /// As given, never trained.
    Fixed,
    /// As given, then trained.
    Init,
    /// Drawn, then trained, never below 0.
    Positive,
}

/// What the signs of a link's edges may be.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeSign {
    /// Either.
    Free,
    /// As given, always.
    Hard,
    /// As given at first; the other side costs this much a unit of |w|.
    Soft(f64),
}

/// Where a link's edges come from.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "described at each variant")]
pub enum Via {
    /// Every pair.
    AllToAll,
    /// The pairs of a prior.
    Prior(PriorId, #[serde(skip)] Span),
    /// Variants within reach of a prior's intervals.
    Window(Window),
    /// The variants that tell a node's measurement, learnt on training rows.
    Eqtl(Eqtl),
    /// Written in the link's block.
    Inline(Vec<InlineEdge>),
}

/// `window(PRIOR, …)`: how far from a prior's intervals variants are in reach.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Window {
    /// The prior with intervals.
    pub prior: PriorId,
    /// Bases before an interval's start, against its strand.
    pub upstream: u64,
    /// Bases behind its end.
    pub downstream: u64,
    /// Whether a variant goes to the nearest interval alone.
    pub nearest: bool,
    /// The whole call.
    #[serde(skip)]
    pub span: Span,
}

/// One `a -> b` of a link's block.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct InlineEdge {
    /// Source name.
    pub from: Name,
    /// Target name.
    pub to: Name,
    /// The number after `@`.
    pub weight: Option<Spanned<f64>>,
}

/// What happens to names of a prior that match nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unmatched {
    /// Left out, counted, warned of.
    Drop,
    /// Left out and counted.
    Ignore,
    /// An error.
    Error,
}

/// A `predict` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Predict {
    /// Trait columns.
    pub traits: Vec<ColumnRef>,
    /// What adds up to the prediction.
    pub from: Vec<Endpoint>,
    /// One loss a trait.
    pub losses: Vec<Loss>,
    /// Whether the network is stacked on GBLUP over all variants.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub polygenic: bool,
    /// Whether networks that are stacked learn what GBLUP leaves of a row that it predicts from all others.
    pub residual: bool,
    /// Unpenalised effects, in the network and in every baseline alike.
    pub fixed: Vec<FixedEffect>,
    /// Weight of this item's loss.
    pub weight: f64,
    /// Share of cases in the population of a binary trait, where the author gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prevalence: Option<f64>,
    /// Weight of a further read-out at every inner layer, beside that of the item; 0 adds none.
    pub auxiliary: f64,
    /// The whole item.
    #[serde(skip)]
    pub span: Span,
}

/// Losses that this version trains with.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Mean squared error on the standardised trait.
    Mse,
    /// Binary cross-entropy on the logit.
    Bce,
    /// Mean absolute error on the standardised trait.
    Mae,
    /// Squared up to this many standard deviations, absolute beyond (Huber 1964).
    Huber(f64),
    /// Deviance of a Poisson count on the logarithm of its rate, halved.
    Poisson,
}

impl Loss {
    /// The word that specs write.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mse => "mse",
            Self::Bce => "bce",
            Self::Mae => "mae",
            Self::Huber(_) => "huber",
            Self::Poisson => "poisson",
        }
    }

    /// Whether the network predicts the trait itself, in standard deviations from its mean: fixed
    /// effects and GBLUP add up with that, and not with log-odds or log-rates.
    #[must_use]
    pub fn is_linear(self) -> bool {
        matches!(self, Self::Mse | Self::Mae | Self::Huber(_))
    }
}

/// An unpenalised effect.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FixedEffect {
    /// A column: standardised, or one-hot without its first level.
    Column(ColumnRef),
    /// The first k principal components of the training genotypes.
    Components(usize, #[serde(skip)] Span),
}

/// A `supervise` item with one column for each node, paired by name.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Supervise {
    /// What is supervised.
    pub nodes: Vec<Endpoint>,
    /// Columns it is supervised by.
    pub by: SuperviseBy,
    /// Weight of the item's loss.
    pub weight: f64,
    /// Weights of which inner folds choose one; empty where it is given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<f64>,
    /// The loss of each column.
    pub loss: Option<Loss>,
    /// The whole item.
    #[serde(skip)]
    pub span: Span,
}

/// Columns of a `supervise` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SuperviseBy {
    /// Named columns.
    Columns(Vec<ColumnRef>),
    /// All columns of a table (`T.*`), paired by name.
    Table(TableId, #[serde(skip)] Span),
}
