//! Which variants are read together, and which chains read them.
//!
//! A tile is about 256 variants. Chains follow one another as in the plan; one with more variants
//! goes over several tiles, cut where the panels of [`super::super::packed`] end.

use super::super::packed::Layout;
use super::Call;
use crate::compiler::plan::{Block, Plan};
use crate::kernel::packed::QUAD;
use crate::language::spec::{Activation, Norm};
use std::ops::Range;

/// Variants of a part of a chain; whole panels.
const PART: usize = 256;
/// Quads from which a tile is full.
const QUADS: usize = PART / QUAD;
/// Chains' rows from which a tile is full.
const ROWS: usize = 64;

/// Variants that are read together.
#[derive(Clone, Debug, Default)]
pub(super) struct Tile {
    /// The input of each place, `[quads × 4]`; `None` fills a quad.
    pub(super) inputs: Vec<Option<u32>>,
    /// Whether no earlier place, here or in another tile, has the input.
    pub(super) is_first: Vec<bool>,
    pub(super) pieces: Vec<Piece>,
    /// Rows of the plan that its chains write.
    pub(super) rows: Range<usize>,
    /// Where all pieces are whole chains of one plain map to one output: first line and number of
    /// variants of each, and what follows the maps.
    pub(super) maps: Option<(Vec<(u32, u32)>, Activation)>,
    /// Maps behind the chains that add what is here.
    pub(super) adds: Vec<Add>,
    /// Rows of the tile that are kept, and their slots.
    pub(super) keeps: Vec<(usize, usize)>,
    /// Input rows that are decoded into slots, by their first variant's place.
    pub(super) loose: Vec<(usize, usize)>,
}

/// Consecutive inputs of a chain's first block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) chain: usize,
    /// Among the inputs of the block.
    pub(super) inputs: Range<usize>,
    /// First quad in the tile.
    pub(super) quad: usize,
    /// Whether it is the chain's first, and its last.
    pub(super) starts: bool,
    pub(super) ends: bool,
    /// Slot from which sums of an earlier tile come, and slot where those for a later one go.
    pub(super) resumes: Option<usize>,
    pub(super) pauses: Option<usize>,
}

/// A map that adds some of its inputs.
#[derive(Clone, Debug)]
pub(super) struct Add {
    pub(super) block: usize,
    /// The first of the inputs.
    pub(super) first: usize,
    /// Rows of the tile.
    pub(super) sources: Vec<u32>,
    /// Slot of the map's first output.
    pub(super) slot: usize,
}

/// Cuts the chains of a plan, and behind them its other variants, into tiles.
pub(super) fn cut(plan: &Plan, layout: &Layout, calls: &[Call]) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let mut open = Tile { rows: plan.inputs.len()..plan.inputs.len(), ..Tile::default() };
    for (at, chain) in layout.chains.iter().enumerate() {
        let head = &plan.blocks[chain.blocks.start];
        let last = &plan.blocks[chain.blocks.end - 1];
        let sources = plan.sources_of(head);
        let parts = parts(sources, calls);
        for inputs in &parts {
            open.rows.end = last.first_output + last.outputs;
            open.pieces.push(Piece {
                chain: at,
                inputs: inputs.clone(),
                quad: open.inputs.len() / QUAD,
                starts: inputs.start == 0,
                ends: inputs.end == head.inputs,
                resumes: None,
                pauses: None,
            });
            open.take(&sources[inputs.clone()]);
            if open.is_full() {
                // A chain that goes on writes the same rows again.
                let ends = inputs.end == head.inputs;
                let next = if ends { open.rows.end } else { head.first_output };
                let after = Tile { rows: next..next, ..Tile::default() };
                tiles.push(std::mem::replace(&mut open, after));
            }
        }
    }
    for row in &layout.loose {
        open.loose.push((open.inputs.len(), *row as usize));
        open.take(&[*row]);
        if open.is_full() {
            let next = open.rows.end;
            tiles.push(std::mem::replace(&mut open, Tile { rows: next..next, ..Tile::default() }));
        }
    }
    if !open.inputs.is_empty() {
        tiles.push(open);
    }
    let mut seen = vec![false; plan.inputs.len()];
    for tile in &mut tiles {
        let mut first = |input: &Option<u32>| {
            input.is_some_and(|input| !std::mem::replace(&mut seen[input as usize], true))
        };
        tile.is_first = tile.inputs.iter().map(&mut first).collect();
        tile.maps = maps(plan, layout, tile);
    }
    tiles
}

/// Inputs of one set each, at most [`PART`] of them.
fn parts(sources: &[u32], calls: &[Call]) -> Vec<Range<usize>> {
    let set = |row: &u32| calls[*row as usize].set;
    let mut first = 0;
    let mut parts = Vec::new();
    for of_set in sources.chunk_by(|a, b| set(a) == set(b)) {
        let end = first + of_set.len();
        parts.extend((first..end).step_by(PART).map(|start| start..end.min(start + PART)));
        first = end;
    }
    parts
}

impl Tile {
    fn take(&mut self, rows: &[u32]) {
        self.inputs.extend(rows.iter().copied().map(Some));
        self.inputs.resize(self.inputs.len().next_multiple_of(QUAD), None);
    }

    fn is_full(&self) -> bool {
        self.quads() >= QUADS || self.rows.len() >= ROWS
    }

    pub(super) fn quads(&self) -> usize {
        self.inputs.len() / QUAD
    }
}

fn maps(plan: &Plan, layout: &Layout, tile: &Tile) -> Option<(Vec<(u32, u32)>, Activation)> {
    let block = |piece: &Piece| &plan.blocks[layout.chains[piece.chain].blocks.start];
    let activation = block(tile.pieces.first()?).activation;
    let is_plain =
        |block: &Block| block.outputs == 1 && block.norm == Norm::None && block.activation == activation;
    let is_map = |piece: &Piece| {
        let whole = piece.starts && piece.ends && layout.chains[piece.chain].blocks.len() == 1;
        whole && is_plain(block(piece))
    };
    let places = tile.pieces.iter().map(|piece| (piece.quad as u32, piece.inputs.len() as u32));
    tile.pieces.iter().all(is_map).then(|| (places.collect(), activation))
}
