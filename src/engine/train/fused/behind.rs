//! Blocks behind the chains, level by level.
//!
//! A level is a run of blocks of which none reads another. Members of a team share a level by
//! blocks; on the way back to the rows above, they share it by those rows, each of which adds what
//! comes from the blocks in the order of one thread. So sharing changes no bit.

use super::asked::{finished_together, may_be_asked};
use super::parts::take;
use crate::compiler::plan::{Block, Plan, levels};
use crate::engine::network::backward::{BlockValues, Own, backward_blocks, before_map, own_gradients};
use crate::engine::network::forward::{Learning, forward_blocks, map_of, run_on};
use crate::engine::network::normal::Kept;
use crate::engine::network::packed::Layout;
use crate::engine::network::{Parameters, Pass, Workspace};
use crate::kernel::affine;
use crate::kernel::team::Team;
use crate::language::spec::Norm;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Products of a level from which a second thread is worth it: rows that several threads have read
/// cost more to write again.
const SHARED_WORK: usize = 300_000;

/// The levels of a plan behind its chains.
pub(super) struct Behind {
    levels: Vec<Level>,
    scratch: Vec<Vec<f32>>,
}

struct Level {
    blocks: Range<usize>,
    /// Blocks of each member; one entry where sharing is not worth it.
    shares: Vec<Range<usize>>,
    /// Whether rows of chains ask the level's maps, so that it adds nothing to them.
    asked: bool,
}

impl Behind {
    /// Levels of the blocks behind the chains, for batches of so many samples.
    pub(super) fn of(plan: &Plan, layout: &Layout, batch: usize, members: usize) -> Self {
        let together = finished_together(plan, layout);
        let level = |blocks: Range<usize>| Level {
            shares: shares(plan, blocks.start, blocks.len(), batch, members),
            asked: plan.blocks[blocks.clone()].iter().all(|block| may_be_asked(plan, block, &together)),
            blocks,
        };
        let levels = levels(plan, layout.blocks).into_iter().map(level).collect();
        Self { levels, scratch: vec![Vec::new(); members] }
    }

    /// Levels that rows of chains ask.
    pub(super) fn asked(&self) -> impl Iterator<Item = Range<usize>> {
        self.levels.iter().filter(|level| level.asked).map(|level| level.blocks.clone())
    }

    /// The way forward of a batch that is learnt from.
    pub(super) fn forward(
        &mut self,
        team: &Team,
        plan: &Plan,
        parameters: &Parameters<f32>,
        (seed, step): (u64, u64),
        workspace: &mut Workspace<f32>,
    ) {
        for level in &self.levels {
            if level.shares.len() == 1 {
                let blocks = &plan.blocks[level.blocks.clone()];
                forward_blocks(plan, blocks, parameters, Pass::Learn { seed, step }, workspace);
            } else {
                level.forward(team, plan, parameters, (seed, step), workspace, &mut self.scratch);
            }
        }
    }

    /// The way back, but for what rows of chains ask for.
    pub(super) fn backward(
        &mut self,
        team: &Team,
        plan: &Plan,
        parameters: &Parameters<f32>,
        workspace: &mut Workspace<f32>,
        gradient: &mut Parameters<f32>,
    ) {
        for level in self.levels.iter().rev() {
            if level.asked {
                for block in &plan.blocks[level.blocks.clone()] {
                    before_map(block, parameters, workspace, gradient);
                }
                continue;
            }
            if level.shares.len() == 1 {
                let blocks = &plan.blocks[level.blocks.clone()];
                backward_blocks(plan, blocks, parameters, workspace, gradient);
                continue;
            }
            level.own(team, plan, parameters, workspace, gradient, &mut self.scratch);
            level.rows(team, plan, parameters, workspace, &mut self.scratch);
        }
    }
}

/// Blocks for each member, of about the same work.
///
/// Blocks that go through `gemm` are not shared: its sums may depend on how rows are cut.
fn shares(plan: &Plan, start: usize, count: usize, batch: usize, members: usize) -> Vec<Range<usize>> {
    let work = |block: &Block| block.outputs * (block.inputs + 5) * batch;
    let blocks = &plan.blocks[start..start + count];
    let total: usize = blocks.iter().map(work).sum();
    let is_dense = |block: &Block| affine::is_large(block.inputs, block.outputs);
    if total < SHARED_WORK || members == 1 || count == 1 || blocks.iter().any(is_dense) {
        return std::iter::once(start..start + count).collect();
    }
    let (mut next, mut done) = (start, 0);
    (1..=members)
        .map(|member| {
            let first = next;
            while next < start + count && (member == members || done < total * member / members) {
                done += work(&plan.blocks[next]);
                next += 1;
            }
            first..next
        })
        .collect()
}

/// Gives each member its own piece of work.
fn each<W: Send>(team: &Team, pieces: Vec<W>, work: impl Fn(W) + Sync) {
    let pieces: Vec<Mutex<Option<W>>> = pieces.into_iter().map(|piece| Mutex::new(Some(piece))).collect();
    team.run(&|member| {
        let piece = pieces.get(member);
        let piece = piece.and_then(|piece| piece.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(piece) = piece {
            work(piece);
        }
    });
}

fn outputs(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| block.outputs).sum()
}

impl Level {
    fn forward(
        &self,
        team: &Team,
        plan: &Plan,
        parameters: &Parameters<f32>,
        (seed, step): (u64, u64),
        workspace: &mut Workspace<f32>,
        scratch: &mut [Vec<f32>],
    ) {
        let batch = workspace.batch;
        let head = &plan.blocks[self.blocks.start];
        let first = (head.first_output - workspace.inputs) * batch;
        let (above, mut below) = workspace.activations.split_at_mut(head.first_output * batch);
        let mut slopes = &mut workspace.slopes[first..];
        let Kept { mut values, mut scales, mut moments } = workspace.normals.all();
        take(&mut values, first);
        take(&mut scales, first);
        take(&mut moments, head.first_state);
        let pieces = self.shares.iter().zip(scratch).map(|(share, scratch)| {
            let blocks = &plan.blocks[share.clone()];
            let count = outputs(blocks) * batch;
            let normals = Kept {
                values: take(&mut values, count),
                scales: take(&mut scales, count),
                moments: take(&mut moments, blocks.iter().map(Block::states).sum()),
            };
            (blocks, take(&mut below, count), take(&mut slopes, count), normals, scratch)
        });
        let above = &*above;
        each(team, pieces.collect(), |(blocks, mut out, mut slopes, mut normals, scratch)| {
            let mut done = 0;
            let first_state = blocks.first().map_or(0, |block| block.first_state);
            for block in blocks {
                let count = block.outputs * batch;
                let normals =
                    (block.norm != Norm::None).then(|| normals.part(block, first_state, done, count));
                let learn = Learning { slopes: take(&mut slopes, count), normals, seed, step };
                let rows = (above, take(&mut out, count));
                run_on(plan, block, parameters, rows, batch, Some(learn), scratch);
                done += count;
            }
        });
    }

    /// Gradients of the blocks' own parameters.
    fn own(
        &self,
        team: &Team,
        plan: &Plan,
        parameters: &Parameters<f32>,
        workspace: &mut Workspace<f32>,
        gradient: &mut Parameters<f32>,
        scratch: &mut [Vec<f32>],
    ) {
        let (batch, inputs) = (workspace.batch, workspace.inputs);
        let head = &plan.blocks[self.blocks.start];
        let mut deltas = &mut workspace.gradients[(head.first_output - inputs) * batch..];
        let mut weights = &mut gradient.weights[head.first_weight..];
        let mut biases = &mut gradient.biases[head.first_bias..];
        let (rows, all_slopes, normals) = (&workspace.activations, &workspace.slopes, &workspace.normals);
        let pieces = self.shares.iter().zip(scratch).map(|(share, scratch)| {
            let blocks = &plan.blocks[share.clone()];
            let slots = blocks.iter().map(|block| block.map_weights() + block.gains()).sum();
            let own = (take(&mut weights, slots), take(&mut biases, outputs(blocks)));
            (blocks, take(&mut deltas, outputs(blocks) * batch), own, scratch)
        });
        each(team, pieces.collect(), |(blocks, mut deltas, (mut weights, mut biases), scratch)| {
            for block in blocks {
                let count = block.outputs * batch;
                let first = (block.first_output - inputs) * batch;
                let own = Own {
                    weights: take(&mut weights, block.map_weights() + block.gains()),
                    biases: take(&mut biases, block.outputs),
                };
                let values = BlockValues {
                    activations: &rows[block.first_output * batch..][..count],
                    slopes: &all_slopes[first..first + count],
                    normals: normals.of_block(first, count),
                    gains: &parameters.weights[block.first_weight + block.map_weights()..][..block.gains()],
                };
                let map = map_of(plan, block, parameters, batch);
                own_gradients(block, &map, rows, values, take(&mut deltas, count), own, scratch);
            }
        });
    }

    /// Gradients of the rows above, each member its own rows.
    fn rows(
        &self,
        team: &Team,
        plan: &Plan,
        parameters: &Parameters<f32>,
        workspace: &mut Workspace<f32>,
        scratch: &mut [Vec<f32>],
    ) {
        let (batch, inputs) = (workspace.batch, workspace.inputs);
        let learnt = plan.blocks[self.blocks.start].first_output - inputs;
        let (mut above, deltas) = workspace.gradients.split_at_mut(learnt * batch);
        let deltas = &*deltas;
        let members = scratch.len();
        let pieces = scratch.iter_mut().enumerate().map(|(member, scratch)| {
            let rows = learnt * member / members..learnt * (member + 1) / members;
            (inputs + rows.start, take(&mut above, rows.len() * batch), scratch)
        });
        each(team, pieces.collect(), |(first_row, rows, scratch)| {
            for block in plan.blocks[self.blocks.clone()].iter().rev() {
                let first = (block.first_output - inputs - learnt) * batch;
                let delta = &deltas[first..first + block.outputs * batch];
                let map = map_of(plan, block, parameters, batch);
                affine::row_gradients(&map, delta, rows, first_row, scratch);
            }
        });
    }
}
