//! Read-outs of a network some rows of which are held at a value.
//!
//! All that is downstream of a held row is computed anew, and nothing else: with no row held, or held
//! at what it is, read-outs are those of [`super::predict`] to the bit.

use super::forward::forward_blocks;
use super::packed::Runner;
use super::predict::{BATCH, trait_rows};
use super::{InputData, Parameters, Pass, Workspace};
use crate::compiler::plan::Plan;
use std::ops::Range;

/// Rows that are held, each at one value for all samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Consecutive rows of the plan.
    pub rows: Range<usize>,
    /// One value a row.
    pub values: Vec<f32>,
}

/// Means of read-outs over samples.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldMeans {
    /// Of the network as it is `[traits]`.
    pub free: Vec<f64>,
    /// Under each setting `[settings][traits]`.
    pub held: Vec<Vec<f64>>,
}

/// Means over cohort rows of what `of_output` makes of a trait's read-out, under each setting.
///
/// Samples are added in order, batch by batch.
#[must_use]
pub fn held_means(
    plan: &Plan,
    parameters: &Parameters<f32>,
    inputs: &InputData<'_>,
    rows: &[u32],
    settings: &[Held],
    of_output: &dyn Fn(usize, f32) -> f64,
) -> HeldMeans {
    let wanted = trait_rows(plan);
    let reached: Vec<Reached> = settings.iter().map(|held| Reached::by(plan, &held.rows)).collect();
    let mut means =
        HeldMeans { free: vec![0.0; wanted.len()], held: vec![vec![0.0; wanted.len()]; settings.len()] };
    let mut workspace = Workspace::for_prediction(plan, BATCH);
    let mut runner = Runner::new(inputs, BATCH);
    let mut kept: Vec<f32> = Vec::new();
    for batch in rows.chunks(BATCH) {
        // All batches have one size, as where the network predicts.
        let mut filled = batch.to_vec();
        filled.resize(BATCH, batch[0]);
        runner.forward(plan, parameters, inputs, &filled, Pass::Predict, &mut workspace);
        let add = |workspace: &Workspace<f32>, sums: &mut [f64]| {
            for (at, (sum, row)) in sums.iter_mut().zip(&wanted).enumerate() {
                *sum += workspace.row(*row)[..batch.len()]
                    .iter()
                    .map(|output| of_output(at, *output))
                    .sum::<f64>();
            }
        };
        add(&workspace, &mut means.free);
        for ((held, reached), sums) in settings.iter().zip(&reached).zip(&mut means.held) {
            kept.clear();
            for rows in reached.rows(&held.rows) {
                kept.extend_from_slice(&workspace.activations[rows.start * BATCH..rows.end * BATCH]);
            }
            for (row, value) in held.rows.clone().zip(&held.values) {
                workspace.activations[row * BATCH..(row + 1) * BATCH].fill(*value);
            }
            for block in &reached.blocks {
                let block = &plan.blocks[*block..=*block];
                forward_blocks(plan, block, parameters, Pass::Predict, &mut workspace);
            }
            add(&workspace, sums);
            let mut rest = kept.as_slice();
            for rows in reached.rows(&held.rows) {
                let (own, others) = rest.split_at(rows.len() * BATCH);
                workspace.activations[rows.start * BATCH..rows.end * BATCH].copy_from_slice(own);
                rest = others;
            }
        }
    }
    let count = rows.len() as f64;
    means.free.iter_mut().chain(means.held.iter_mut().flatten()).for_each(|sum| *sum /= count);
    means
}

/// What is downstream of some rows.
struct Reached {
    /// Blocks in their order.
    blocks: Vec<usize>,
    /// The rows that each writes.
    outputs: Vec<Range<usize>>,
}

impl Reached {
    fn by(plan: &Plan, rows: &Range<usize>) -> Self {
        let mut is_reached = vec![false; plan.rows];
        is_reached[rows.clone()].fill(true);
        let (mut blocks, mut outputs) = (Vec::new(), Vec::new());
        for (at, block) in plan.blocks.iter().enumerate().filter(|(_, block)| block.first_output >= rows.end)
        {
            if plan.sources_of(block).iter().any(|row| is_reached[*row as usize]) {
                let own = block.first_output..block.first_output + block.outputs;
                is_reached[own.clone()].fill(true);
                blocks.push(at);
                outputs.push(own);
            }
        }
        Self { blocks, outputs }
    }

    /// All rows that a setting changes.
    fn rows<'a>(&'a self, held: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'a> {
        std::iter::once(held.clone()).chain(self.outputs.iter().cloned())
    }
}
