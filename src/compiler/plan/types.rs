//! The types of a [`Plan`].
//!
//! Activations are rows: first the inputs, then each block's outputs in topological order,
//! so a block reads only rows above its own. A block is dense and private; an absent edge
//! is in no block and has no storage.

use crate::language::spec::{Activation, Loss, Norm};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
    /// Further read-outs of traits at inner layers, for training alone.
    pub auxiliaries: Vec<Auxiliary>,
    /// What single weights must or may be, by slot.
    pub constraints: Vec<Constraint>,
    /// Names of all rows, in row order.
    pub segments: Vec<Segment>,
    /// Rows in all.
    pub rows: usize,
    /// Weights in all.
    pub weights: usize,
    /// Biases in all.
    pub biases: usize,
    /// Running means and variances of batch normalisation, two a normalised row.
    pub states: usize,
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

/// One dense map of a few rows to a few rows: out = activation(W·in + b), or, normalised,
/// activation(g · normal(W·in) + b).
///
/// Weights are `[outputs × inputs]`, row-major, from `first_weight`, and behind them the gains g
/// `[outputs]` of a normalised block; biases `[outputs]`. Running means and variances
/// `[2 × outputs]` stand from `first_state` where batches are normalised.
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
    /// What is normalised before the activation.
    pub norm: Norm,
    /// First running mean.
    pub first_state: usize,
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

/// A read-out of a head's traits at an inner layer: a loss in training, no prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Auxiliary {
    /// Which of [`Plan::heads`] it helps.
    pub head: usize,
    /// First output row, one a trait of the head.
    pub first_row: usize,
    /// Weight of its loss, that of the head included.
    pub weight: f64,
}

/// What one weight must or may be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    /// The block that owns the weight; it has one output.
    pub block: usize,
    /// Which of the block's inputs the weight belongs to.
    pub input: usize,
    /// The rule.
    pub rule: SlotRule,
}

/// The rule of one weight.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotRule {
    /// Always this value, never trained.
    Fixed(f32),
    /// This value at first.
    Initial(f32),
    /// Never below 0 (1) or never above it (−1).
    Side(i8),
    /// Drawn on this side; the other costs so much a unit of |w|.
    #[allow(missing_docs, reason = "described above")]
    Soft { side: i8, cost: f32 },
}

/// A run of rows with one name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The variant's id, the column, or the node.
    pub name: Arc<str>,
    /// The layer or item it belongs to.
    pub layer: Arc<str>,
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
    /// A trait's read-out at an inner layer.
    Auxiliary,
}

impl Plan {
    /// The block that writes a row, which is no input.
    ///
    /// # Panics
    /// On the row of an input.
    #[must_use]
    pub fn block_of(&self, row: usize) -> &Block {
        let after = self.blocks.partition_point(|block| block.first_output <= row);
        &self.blocks[after - 1]
    }

    /// What a row is called.
    #[must_use]
    pub fn segment_of(&self, row: usize) -> &Segment {
        let after = self.segments.partition_point(|segment| segment.first_row <= row);
        &self.segments[after - 1]
    }

    /// The rows that `block` reads.
    #[must_use]
    pub fn sources_of(&self, block: &Block) -> &[u32] {
        &self.sources[block.first_source..block.first_source + block.inputs]
    }
}

impl Block {
    /// The rows that it writes.
    #[must_use]
    pub fn rows(&self) -> std::ops::Range<usize> {
        self.first_output..self.first_output + self.outputs
    }

    /// Weights of its map, gains left out.
    #[must_use]
    pub fn map_weights(&self) -> usize {
        self.inputs * self.outputs
    }

    /// Gains that follow its weights.
    #[must_use]
    pub fn gains(&self) -> usize {
        if self.norm == Norm::None { 0 } else { self.outputs }
    }

    /// Running means and variances.
    #[must_use]
    pub fn states(&self) -> usize {
        if self.norm == Norm::Batch { 2 * self.outputs } else { 0 }
    }
}
