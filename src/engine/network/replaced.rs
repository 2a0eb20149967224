//! Read-outs of one individual some nodes of which have the values of others.
//!
//! Copies of the individual run side by side, and each node of each copy may be given another value; what
//! such nodes are computed from then has no say, and all that is downstream is computed anew.

use super::downstream::{downstream, readers};
use super::forward::forward_blocks;
use super::packed::Runner;
use super::predict::{BATCH, trait_rows};
use super::{InputData, Parameters, Pass, Workspace};
use crate::compiler::plan::Plan;
use std::ops::Range;

/// Copies of an individual.
pub struct Replaced<'a> {
    plan: &'a Plan,
    parameters: &'a Parameters<f32>,
    inputs: &'a InputData<'a>,
    /// Rows of each node that may be replaced.
    nodes: Vec<Range<usize>>,
    /// What is downstream of them, in order.
    blocks: Vec<usize>,
    read_outs: Vec<usize>,
    workspace: Workspace<f32>,
    runner: Runner,
}

impl<'a> Replaced<'a> {
    /// Copies that run side by side.
    pub const COPIES: usize = BATCH;

    /// Prepares to replace values of these nodes, each some consecutive rows of the plan.
    #[must_use]
    pub fn new(
        plan: &'a Plan,
        parameters: &'a Parameters<f32>,
        inputs: &'a InputData<'a>,
        nodes: Vec<Range<usize>>,
    ) -> Self {
        let steps = downstream(plan, &readers(plan), &nodes);
        let blocks = steps.into_iter().map(|step| step.block).collect();
        Self {
            plan,
            parameters,
            inputs,
            nodes,
            blocks,
            read_outs: trait_rows(plan),
            workspace: Workspace::for_prediction(plan, BATCH),
            runner: Runner::new(inputs, BATCH),
        }
    }

    /// Makes every copy that of one cohort row, with its own values.
    pub fn become_individual(&mut self, row: u32) {
        let Self { plan, parameters, inputs, .. } = *self;
        self.runner.forward(plan, parameters, inputs, &[row; BATCH], Pass::Predict, &mut self.workspace);
    }

    /// The values of a node in one copy.
    #[must_use]
    pub fn values(&self, node: usize, copy: usize) -> Vec<f32> {
        self.nodes[node].clone().map(|row| self.workspace.row(row)[copy]).collect()
    }

    /// Gives a node of one copy other values.
    pub fn put(&mut self, node: usize, copy: usize, values: &[f32]) {
        for (row, value) in self.nodes[node].clone().zip(values) {
            self.workspace.activations[row * BATCH + copy] = *value;
        }
    }

    /// Computes all that is downstream of the nodes.
    pub fn run(&mut self) {
        for block in &self.blocks {
            let block = &self.plan.blocks[*block..=*block];
            forward_blocks(self.plan, block, self.parameters, Pass::Predict, &mut self.workspace);
        }
    }

    /// A trait's read-out of every copy, as it was last computed.
    #[must_use]
    pub fn read_out(&self, at: usize) -> &[f32] {
        self.workspace.row(self.read_outs[at])
    }

    /// How many traits there are.
    #[must_use]
    pub fn traits(&self) -> usize {
        self.read_outs.len()
    }
}
