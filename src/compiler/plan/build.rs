//! Plans grow block by block; every block takes the next rows, weights and biases.

use super::types::{Block, Input, Plan};
use crate::language::spec::{Activation, Norm};
use std::ops::Range;

/// What a block is beside what it reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Values that it gives.
    pub outputs: usize,
    /// What follows its map.
    pub activation: Activation,
    /// Normalisation of its rows.
    pub norm: Norm,
    /// Share of values that training drops.
    pub dropout: f64,
    /// Whether penalties act on its weights.
    pub penalised: bool,
}

impl Shape {
    /// A map and an activation, and nothing else.
    #[must_use]
    pub fn of(outputs: usize, activation: Activation) -> Self {
        Self { outputs, activation, norm: Norm::None, dropout: 0.0, penalised: true }
    }
}

impl Plan {
    /// A plan that reads these inputs and computes nothing yet.
    #[must_use]
    pub fn reading(inputs: Vec<Input>) -> Self {
        Self { rows: inputs.len(), inputs, ..Self::default() }
    }

    /// Adds a block behind all others, which reads these rows in this order; gives its rows.
    pub fn add_block(&mut self, sources: impl IntoIterator<Item = u32>, shape: Shape) -> Range<usize> {
        let Shape { outputs, activation, norm, dropout, penalised } = shape;
        let first_source = self.sources.len();
        self.sources.extend(sources);
        let block = Block {
            first_source,
            inputs: self.sources.len() - first_source,
            first_output: self.rows,
            outputs,
            first_weight: self.weights,
            first_bias: self.biases,
            activation,
            norm,
            first_state: self.states,
            dropout,
            penalised,
        };
        self.weights += block.map_weights() + block.gains();
        self.biases += outputs;
        self.states += block.states();
        self.rows += outputs;
        self.blocks.push(block);
        self.rows - outputs..self.rows
    }
}
