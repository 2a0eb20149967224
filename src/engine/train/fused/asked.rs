//! Rows that ask their readers for gradients.
//!
//! A level behind the chains whose maps have one output each, and read nothing but rows of chains
//! that are finished together, adds nothing to those rows on the way back: the visit to a span asks
//! for what its own rows want. Rows ask readers in the reverse of the plan's order, in which the
//! way back of one thread would add them.

use super::parts::after;
use crate::compiler::plan::{Block, Plan};
use crate::engine::network::Parameters;
use crate::engine::network::packed::Layout;
use crate::engine::network::packed::layout::Span;
use std::ops::Range;

/// Edges from rows of chains to the maps that are asked.
pub(super) struct Asked {
    /// Where each row's edges start, and the end of the last one's, `[rows of chains + 1]`.
    pub(super) starts: Vec<u32>,
    /// Row and weight slot of each edge's output, counted from the first behind the chains.
    pub(super) edges: Vec<(u32, u32)>,
    /// ∂/∂weight of each edge.
    pub(super) gradients: Vec<f32>,
    /// Whether gradients of each span's rows come from their readers alone, `[spans]`.
    pub(super) alone: Vec<bool>,
    first_slot: usize,
}

impl Asked {
    /// Edges to the blocks of some levels.
    pub(super) fn of(plan: &Plan, layout: &Layout, levels: impl Iterator<Item = Range<usize>>) -> Self {
        let (first_row, base) = (plan.inputs.len(), after(plan, layout.blocks));
        let blocks: Vec<usize> = levels.flatten().collect();
        let sources = |block: &usize| plan.sources_of(&plan.blocks[*block]).iter().enumerate();
        let mut starts = vec![0; base.row - first_row + 1];
        for (_, row) in blocks.iter().flat_map(sources) {
            starts[*row as usize - first_row + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut edges = vec![(0, 0); starts.last().map_or(0, |end| *end as usize)];
        for at in blocks.iter().rev() {
            let block = &plan.blocks[*at];
            for (input, row) in sources(at) {
                let place = &mut next[*row as usize - first_row];
                let (output, slot) =
                    (block.first_output - base.row, block.first_weight + input - base.weight);
                edges[*place as usize] = (output as u32, slot as u32);
                *place += 1;
            }
        }
        let alone = alone(plan, layout, &blocks);
        Self { gradients: vec![0.0; edges.len()], starts, edges, alone, first_slot: base.weight }
    }

    /// Puts the gradients where the plan has their weights.
    pub(super) fn give(&self, gradient: &mut Parameters<f32>) {
        let behind = &mut gradient.weights[self.first_slot..];
        for ((_, slot), value) in self.edges.iter().zip(&self.gradients) {
            behind[*slot as usize] = *value;
        }
    }
}

/// Whether nothing but the blocks that are asked adds to the rows of each span: no other block reads
/// them, and no loss.
fn alone(plan: &Plan, layout: &Layout, asked: &[usize]) -> Vec<bool> {
    let mut is_alone = vec![true; plan.rows];
    let others = (layout.blocks..plan.blocks.len()).filter(|block| asked.binary_search(block).is_err());
    for row in others.flat_map(|block| plan.sources_of(&plan.blocks[block])) {
        is_alone[*row as usize] = false;
    }
    let latents =
        plan.supervisions.iter().flat_map(|item| &item.latents).map(|latent| latent.row..latent.row + 1);
    let heads = plan.heads.iter().map(|head| head.first_row..head.first_row + head.traits.len());
    let auxiliaries = plan
        .auxiliaries
        .iter()
        .map(|read_out| read_out.first_row..read_out.first_row + plan.heads[read_out.head].traits.len());
    for rows in latents.chain(heads).chain(auxiliaries) {
        is_alone[rows].fill(false);
    }
    let of_span = |span: &Span| {
        let blocks = &plan.blocks[layout.blocks_of(span)];
        let mut rows = blocks.iter().flat_map(Block::rows);
        rows.all(|row| is_alone[row])
    };
    layout.spans.iter().map(of_span).collect()
}

/// Whether each row of a chain is finished together with the others of its span.
pub(super) fn finished_together(plan: &Plan, layout: &Layout) -> Vec<bool> {
    let mut rows = vec![false; after(plan, layout.blocks).row - plan.inputs.len()];
    for span in layout.spans.iter().filter(|span| span.uniform) {
        for block in &plan.blocks[layout.blocks_of(span)] {
            let first = block.first_output - plan.inputs.len();
            rows[first..first + block.outputs].fill(true);
        }
    }
    rows
}

/// Whether a block is a map to one output of rows that may ask it.
pub(super) fn may_be_asked(plan: &Plan, block: &Block, together: &[bool]) -> bool {
    let may_ask = |row: &u32| {
        let row = (*row as usize).checked_sub(plan.inputs.len());
        row.and_then(|row| together.get(row)).is_some_and(|together| *together)
    };
    block.outputs == 1 && plan.sources_of(block).iter().all(may_ask)
}
