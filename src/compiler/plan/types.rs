//! The types of a [`Plan`].
//!
//! Activations are rows: first the inputs, then each block's outputs in topological order,
//! so a block reads only rows above its own. A block is dense and private; an absent edge
//! is in no block and has no storage.

use crate::language::spec::{Activation, Loss};
use serde::{Deserialize, Serialize};

/// A compiled network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What fills the first rows, in row order.
    pub inputs: Vec<Input>,
    /// Dense blocks in topological order.
    pub blocks: Vec<Block>,
    /// Rows that blocks read, one run a block.
    pub sources: Vec<u32>,
    /// Read-outs of traits, in the spec's order.
    pub heads: Vec<Head>,
    /// Read-outs of supervised latents.
    pub supervisions: Vec<Supervision>,
    /// Names of all rows, in row order.
    pub segments: Vec<Segment>,
    /// Rows in all.
    pub rows: usize,
    /// Weights in all.
    pub weights: usize,
    /// Biases in all.
    pub biases: usize,
    /// BLAKE3 of the graph's nodes and edges by name.
    pub graph_digest: String,
}

/// What fills an input row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields' names say it")]
pub enum Input {
    /// Variant `index` of genotype set `set`.
    Variant { set: usize, index: usize },
    /// A covariate: a standardised column, or one level of a categorical one.
    Column { table: usize, column: String, level: Option<String> },
}

/// One dense map of a few rows to a few rows: out = activation(W·in + b).
///
/// Weights are `[outputs × inputs]`, row-major, from `first_weight`; biases `[outputs]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// First of the rows it reads, in [`Plan::sources`].
    pub first_source: usize,
    /// How many rows it reads.
    pub inputs: usize,
    /// First row it writes.
    pub first_output: usize,
    /// How many rows it writes.
    pub outputs: usize,
    /// First weight.
    pub first_weight: usize,
    /// First bias.
    pub first_bias: usize,
    /// What follows the affine map.
    pub activation: Activation,
    /// Share of outputs dropped in training.
    pub dropout: f64,
    /// Whether L1, L2 and decay act on its weights (not on private read-outs of latents).
    pub penalised: bool,
}

/// A read-out of one or more traits: rows `first_row ..` hold one trait each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Index into the spec's `predict` items.
    pub predict: usize,
    /// First output row.
    pub first_row: usize,
    /// `(table, column)` a trait.
    pub traits: Vec<(usize, String)>,
    /// Loss a trait.
    pub losses: Vec<Loss>,
    /// Weight of the item's loss.
    pub weight: f64,
}

/// The read-outs of one `supervise` item: a private affine map a latent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Supervision {
    /// One entry a supervised latent.
    pub latents: Vec<SupervisedLatent>,
    /// Weight of the item's loss.
    pub weight: f64,
}

/// One supervised latent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupervisedLatent {
    /// The node's name.
    pub node: String,
    /// Row of the latent itself.
    pub latent_row: usize,
    /// Row of its read-out.
    pub row: usize,
    /// Table of the measurement.
    pub table: usize,
    /// Column of the measurement.
    pub column: String,
    /// Its loss.
    pub loss: Loss,
}

/// A run of rows with one name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The variant's id, the column, or the node.
    pub name: String,
    /// The layer or item it belongs to.
    pub layer: String,
    /// What the rows are.
    pub role: Role,
    /// First row.
    pub first_row: usize,
    /// How many rows.
    pub rows: usize,
}

/// What the rows of a segment are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An input.
    Input,
    /// Hidden layer k of a node's private network, from 1.
    Hidden(usize),
    /// The node's own value.
    Latent,
    /// A trait's read-out.
    Trait,
    /// A supervised latent's read-out.
    Measurement,
}

impl Plan {
    /// The rows that `block` reads.
    #[must_use]
    pub fn sources_of(&self, block: &Block) -> &[u32] {
        &self.sources[block.first_source..block.first_source + block.inputs]
    }
}
