//! What is kept of a tile until all tiles are there.

use super::super::packed::Layout;
use super::tiles::{Add, Tile};
use crate::compiler::plan::{Block, Plan};
use crate::kernel::affine::is_large;

/// Values that outlive their tile.
#[derive(Clone, Debug, Default)]
pub(super) struct Keep {
    /// How many rows are kept.
    pub(super) slots: usize,
    /// Rows of the plan that later blocks or read-outs need as they are, and their slots.
    pub(super) rows: Vec<(usize, usize)>,
    /// Slot of the first sum of each block behind the chains that adds as tiles come.
    pub(super) sums: Vec<Option<usize>>,
}

impl Keep {
    fn take(&mut self, rows: usize) -> usize {
        let first = self.slots;
        self.slots += rows;
        first
    }
}

/// Gives slots to what must be kept, and tells tiles of them.
pub(super) fn decide(plan: &Plan, layout: &Layout, tiles: &mut [Tile], traits: &[usize]) -> Keep {
    let behind = &plan.blocks[layout.blocks..];
    let finished = finished(plan, layout);
    let mut keep = Keep::default();
    keep.sums =
        behind.iter().map(|block| adds(plan, block, &finished).then(|| keep.take(block.outputs))).collect();
    let mut tile_of = vec![None; plan.rows];
    for (at, tile) in tiles.iter().enumerate() {
        let ended = tile.pieces.iter().filter(|piece| piece.ends);
        for piece in ended {
            for row in plan.blocks[layout.chains[piece.chain].blocks.end - 1].rows() {
                tile_of[row] = Some(at);
            }
        }
    }
    let mut needed = vec![false; plan.rows];
    for (at, (block, sums)) in behind.iter().zip(&keep.sums).enumerate() {
        let sources = plan.sources_of(block);
        match sums {
            Some(slot) => spread(layout.blocks + at, sources, *slot, &tile_of, tiles),
            None => sources.iter().for_each(|row| needed[*row as usize] = true),
        }
    }
    traits.iter().for_each(|row| needed[*row] = true);
    for (row, at) in tile_of.iter().enumerate() {
        if let (Some(at), true) = (at, needed[row]) {
            let slot = keep.take(1);
            keep.rows.push((row, slot));
            let tile = &mut tiles[*at];
            tile.keeps.push((row - tile.rows.start, slot));
        }
    }
    for tile in tiles.iter_mut() {
        for (_, row) in &mut tile.loose {
            let slot = keep.take(1);
            keep.rows.push((*row, slot));
            *row = slot;
        }
    }
    pause(plan, layout, tiles, &mut keep);
    keep
}

/// Whether each row is the value of a chain.
fn finished(plan: &Plan, layout: &Layout) -> Vec<bool> {
    let mut finished = vec![false; plan.rows];
    for chain in &layout.chains {
        finished[plan.blocks[chain.blocks.end - 1].rows()].fill(true);
    }
    finished
}

/// Whether a block can add chain after chain with the sums of one visit: it reads chains alone, in
/// their order, and never through `gemm`.
fn adds(plan: &Plan, block: &Block, finished: &[bool]) -> bool {
    let sources = plan.sources_of(block);
    !is_large(block.inputs, block.outputs)
        && sources.iter().all(|row| finished[*row as usize])
        && sources.windows(2).all(|pair| pair[0] < pair[1])
}

/// Tells each tile which of the block's inputs it has.
fn spread(block: usize, sources: &[u32], slot: usize, tile_of: &[Option<usize>], tiles: &mut [Tile]) {
    let of = |row: &u32| tile_of[*row as usize];
    let mut first = 0;
    for together in sources.chunk_by(|a, b| of(a) == of(b)) {
        if let Some(tile) = of(&together[0]).map(|at| &mut tiles[at]) {
            let sources = together.iter().map(|row| row - tile.rows.start as u32).collect();
            tile.adds.push(Add { block, first, sources, slot });
        }
        first += together.len();
    }
}

/// Gives slots to the sums of chains that go over several tiles.
fn pause(plan: &Plan, layout: &Layout, tiles: &mut [Tile], keep: &mut Keep) {
    let mut paused = None;
    for tile in tiles {
        if let (Some(first), Some(slot)) = (tile.pieces.first_mut(), paused.take()) {
            first.resumes = Some(slot);
        }
        if let Some(last) = tile.pieces.last_mut().filter(|last| !last.ends) {
            let outputs = plan.blocks[layout.chains[last.chain].blocks.start].outputs;
            let slot = last.resumes.unwrap_or_else(|| keep.take(outputs));
            last.pauses = Some(slot);
            paused = Some(slot);
        }
    }
}
