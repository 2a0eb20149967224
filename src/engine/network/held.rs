//! Read-outs of a network some rows of which are held at a value.
//!
//! All that is downstream of a held row is computed anew, and nothing else: where few of a block's sources
//! moved, its sums are moved by these alone, so that a gene among thousands costs what it is linked to.

use super::downstream::{Step, downstream, readers};
use super::forward::{fill_with_biases, finish, forward_blocks, map_of};
use super::normal::Setting;
use super::packed::Runner;
use super::predict::{BATCH, trait_rows};
use super::{InputData, Parameters, Pass, Workspace};
use crate::compiler::plan::{Block, Plan};
use crate::kernel::affine::{self, Affine};
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
    /// Of the distance between both `[settings][traits]`.
    pub moved: Vec<Vec<f64>>,
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
    let readers = readers(plan);
    let steps: Vec<Vec<Step>> =
        settings.iter().map(|held| downstream(plan, &readers, std::slice::from_ref(&held.rows))).collect();
    let none = || vec![vec![0.0; wanted.len()]; settings.len()];
    let mut means = HeldMeans { free: vec![0.0; wanted.len()], held: none(), moved: none() };
    let mut network = Moving::new(plan, parameters, &steps);
    let mut runner = Runner::new(inputs, BATCH);
    for batch in rows.chunks(BATCH) {
        // All batches have one size, as where the network predicts.
        let mut filled = batch.to_vec();
        filled.resize(BATCH, batch[0]);
        runner.forward(plan, parameters, inputs, &filled, Pass::Predict, &mut network.workspace);
        network.keep_sums();
        let outputs = |workspace: &Workspace<f32>| -> Vec<Vec<f64>> {
            let of_row = |(at, row): (usize, &usize)| {
                workspace.row(*row)[..batch.len()].iter().map(|output| of_output(at, *output)).collect()
            };
            wanted.iter().enumerate().map(of_row).collect()
        };
        let free = outputs(&network.workspace);
        means.free.iter_mut().zip(&free).for_each(|(sum, values)| *sum += values.iter().sum::<f64>());
        let sums = means.held.iter_mut().zip(&mut means.moved);
        for ((held, steps), (sums, distances)) in settings.iter().zip(&steps).zip(sums) {
            network.hold(held, steps);
            for (at, values) in outputs(&network.workspace).iter().enumerate() {
                sums[at] += values.iter().sum::<f64>();
                distances[at] +=
                    values.iter().zip(&free[at]).map(|(held, free)| (held - free).abs()).sum::<f64>();
            }
            network.let_go(held, steps);
        }
    }
    let count = rows.len() as f64;
    let settings = means.held.iter_mut().chain(&mut means.moved).flatten();
    means.free.iter_mut().chain(settings).for_each(|sum| *sum /= count);
    means
}

/// A batch of which rows are moved, and put back.
struct Moving<'a> {
    plan: &'a Plan,
    parameters: &'a Parameters<f32>,
    workspace: Workspace<f32>,
    /// Blocks that any setting moves by differences.
    by_differences: Vec<usize>,
    /// Their sums before normalisation and activation, `[rows × batch]`.
    sums: Vec<f32>,
    /// Rows that moved as they were, one after the other.
    kept: Vec<f32>,
    /// By how much rows moved, `[rows × batch]`; only of rows that a setting moves.
    differences: Vec<f32>,
    scratch: Vec<f32>,
}

impl<'a> Moving<'a> {
    fn new(plan: &'a Plan, parameters: &'a Parameters<f32>, steps: &[Vec<Step>]) -> Self {
        let few = steps.iter().flatten().filter(|step| is_small(plan, step));
        let mut by_differences: Vec<usize> = few.map(|step| step.block).collect();
        by_differences.sort_unstable();
        by_differences.dedup();
        let size = if by_differences.is_empty() { 0 } else { plan.rows * BATCH };
        Self {
            plan,
            parameters,
            workspace: Workspace::for_prediction(plan, BATCH),
            by_differences,
            sums: vec![0.0; size],
            kept: Vec::new(),
            differences: vec![0.0; size],
            scratch: Vec::new(),
        }
    }

    /// Notes the sums of the batch as it is.
    fn keep_sums(&mut self) {
        let Self { plan, parameters, .. } = *self;
        for block in &self.by_differences {
            let block = &plan.blocks[*block];
            let out = &mut self.sums[places(&block.rows())];
            let biases = &parameters.biases[block.first_bias..][..block.outputs];
            fill_with_biases(block, biases, BATCH, out);
            let map = map_of(plan, block, parameters, BATCH);
            affine::add(&map, &self.workspace.activations, out, &mut self.scratch);
        }
    }

    fn hold(&mut self, held: &Held, steps: &[Step]) {
        self.kept.clear();
        self.keep(&held.rows);
        for (row, value) in held.rows.clone().zip(&held.values) {
            self.workspace.activations[places(&(row..row + 1))].fill(*value);
        }
        self.note(&held.rows);
        for step in steps {
            let block = &self.plan.blocks[step.block];
            let rows = block.rows();
            self.keep(&rows);
            if is_small(self.plan, step) {
                self.move_sums(block, &step.moved);
            } else {
                let all = &self.plan.blocks[step.block..=step.block];
                forward_blocks(self.plan, all, self.parameters, Pass::Predict, &mut self.workspace);
            }
            self.note(&rows);
        }
    }

    /// A block's outputs from its sums and the differences of a few of its sources.
    fn move_sums(&mut self, block: &Block, moved: &[u32]) {
        let Self { plan, parameters, .. } = *self;
        let here = places(&block.rows());
        let out = &mut self.workspace.activations[here.clone()];
        out.copy_from_slice(&self.sums[here]);
        let map = map_of(plan, block, parameters, BATCH);
        for place in moved {
            let at = *place as usize;
            let one = Affine { weights: &map.weights[at..], sources: &map.sources[at..=at], ..map };
            affine::add(&one, &self.differences, out, &mut self.scratch);
        }
        finish(block, Setting::of(block, parameters), BATCH, out, None);
    }

    fn keep(&mut self, rows: &Range<usize>) {
        self.kept.extend_from_slice(&self.workspace.activations[places(rows)]);
    }

    /// Notes by how much the rows that were kept last moved.
    fn note(&mut self, rows: &Range<usize>) {
        if self.differences.is_empty() {
            return;
        }
        let before = &self.kept[self.kept.len() - rows.len() * BATCH..];
        let now = self.workspace.activations[places(rows)].iter().zip(before);
        let differences = self.differences[places(rows)].iter_mut().zip(now);
        differences.for_each(|(difference, (now, before))| *difference = now - before);
    }

    fn let_go(&mut self, held: &Held, steps: &[Step]) {
        let mut kept = self.kept.as_slice();
        let moved = steps.iter().map(|step| self.plan.blocks[step.block].rows());
        for rows in std::iter::once(held.rows.clone()).chain(moved) {
            let (own, rest) = kept.split_at(rows.len() * BATCH);
            self.workspace.activations[places(&rows)].copy_from_slice(own);
            kept = rest;
        }
    }
}

/// Whether so few sources move that differences cost less than all sums anew.
fn is_small(plan: &Plan, step: &Step) -> bool {
    2 * step.moved.len() <= plan.blocks[step.block].inputs
}

fn places(rows: &Range<usize>) -> Range<usize> {
    rows.start * BATCH..rows.end * BATCH
}
