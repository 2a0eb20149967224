//! One tile for the 256 samples of a column.

use super::super::Parameters;
use super::super::forward::{fill_with_biases, finish, kernel_activation};
use super::super::normal::Setting;
use super::super::packed::forward::{Bases, Scratch as ChainScratch, Slots, own_map, panel};
use super::read::Buffer;
use super::tiles::{Piece, Tile};
use super::{BATCH, Scoring};
use crate::compiler::plan::Block;
use crate::kernel::activation;
use crate::kernel::affine::{self, Affine};
use crate::kernel::packed::{self, Codes, Line, Maps, Start, Table};
use crate::kernel::quads::{COLUMN, turn};
use crate::language::spec::Norm;
use std::ops::Range;

/// Chunks of a batch.
const CHUNKS: usize = BATCH / packed::CHUNK;
/// Room of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    lines: Vec<Line>,
    room: Room,
}

/// Room for one batch.
#[derive(Debug, Default)]
struct Room {
    /// Rows of the tile's chains, `[rows × BATCH]`.
    rows: Vec<f32>,
    chain: ChainScratch,
}

impl Scoring<'_> {
    /// Sums that grow tile by tile start at their biases.
    pub(super) fn begin(&self, kept: &mut [f32]) {
        if self.keep.slots == 0 {
            return;
        }
        let behind = &self.plan.blocks[self.layout.blocks..];
        let batches = kept.chunks_exact_mut(self.keep.slots * BATCH);
        for (kept, member) in batches.zip(self.members.iter().cycle()) {
            for (block, slot) in behind.iter().zip(&self.keep.sums) {
                if let Some(slot) = slot {
                    let biases = &member.biases[block.first_bias..][..block.outputs];
                    fill_with_biases(
                        block,
                        biases,
                        BATCH,
                        &mut kept[slot * BATCH..][..block.outputs * BATCH],
                    );
                }
            }
        }
    }

    /// Runs the chains of a tile for column `at` of the block.
    pub(super) fn column(
        &self,
        tile: &Tile,
        buffer: &Buffer,
        at: usize,
        kept: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let quads = tile.quads();
        let Scratch { lines, room } = scratch;
        lines.resize(packed::QUAD * quads, [0; packed::CHUNK]);
        turn(self.isa, &buffer.bytes, buffer.stride, at * COLUMN / 4, lines);
        room.rows.resize(tile.rows.len() * BATCH, 0.0);
        let mut kept = kept.chunks_exact_mut((self.keep.slots * BATCH).max(1));
        for lines in lines.chunks_exact(CHUNKS * quads) {
            for (member, kept) in self.members.iter().zip(&mut kept) {
                self.batch(tile, member, lines, kept, room);
            }
        }
    }

    fn batch(
        &self,
        tile: &Tile,
        member: &Parameters<f32>,
        lines: &[Line],
        kept: &mut [f32],
        room: &mut Room,
    ) {
        if let Some((places, kind)) = &tile.maps {
            self.maps(tile, places, member, lines, room);
            activation::forward(kernel_activation(*kind), &mut room.rows, None);
        } else {
            for piece in &tile.pieces {
                self.piece(tile, piece, member, lines, kept, room);
            }
        }
        for add in &tile.adds {
            let block = &self.plan.blocks[add.block];
            let map = Affine {
                weights: &member.weights[block.first_weight + add.first..],
                stride: block.inputs,
                sources: &add.sources,
                outputs: block.outputs,
                batch: BATCH,
            };
            let sums = &mut kept[add.slot * BATCH..][..block.outputs * BATCH];
            affine::add(&map, &room.rows, sums, &mut room.chain.gathered);
        }
        for (row, slot) in &tile.keeps {
            kept[slot * BATCH..][..BATCH].copy_from_slice(&room.rows[row * BATCH..][..BATCH]);
        }
        for (place, slot) in &tile.loose {
            let input = tile.inputs[*place].unwrap_or_default();
            let table = self.calls[input as usize].table;
            let codes = Codes { lines: &lines[place / packed::QUAD..], stride: tile.quads() };
            packed::decode(self.isa, codes, &[table], BATCH, &mut kept[slot * BATCH..][..BATCH]);
        }
    }

    /// A tile of whole chains of one map each.
    fn maps(
        &self,
        tile: &Tile,
        places: &[(u32, u32)],
        member: &Parameters<f32>,
        lines: &[Line],
        room: &mut Room,
    ) {
        let chain = &self.layout.chains[tile.pieces[0].chain];
        let first = &self.plan.blocks[chain.blocks.start];
        let variants: u32 = places.iter().map(|(_, variants)| variants).sum();
        let maps = Maps {
            codes: Codes { lines, stride: tile.quads() },
            places,
            tables: &self.tables[chain.first_table..],
            samples: BATCH,
        };
        let weights = &member.weights[first.first_weight..][..variants as usize];
        let biases = &member.biases[first.first_bias..][..places.len()];
        packed::forward_all(self.isa, maps, weights, biases, &mut room.rows);
    }

    fn piece(
        &self,
        tile: &Tile,
        piece: &Piece,
        member: &Parameters<f32>,
        lines: &[Line],
        kept: &mut [f32],
        room: &mut Room,
    ) {
        let chain = &self.layout.chains[piece.chain];
        let blocks = &self.plan.blocks[chain.blocks.clone()];
        let values = values_of(&blocks[0], tile);
        if let Some(slot) = piece.resumes {
            room.rows[values.clone()].copy_from_slice(&kept[slot * BATCH..][..values.len()]);
        }
        let tables = &self.tables[chain.first_table + piece.inputs.start..][..piece.inputs.len()];
        let codes = Codes { lines: &lines[piece.quad..], stride: tile.quads() };
        self.add_calls(&blocks[0], piece, member, (codes, tables), values.clone(), room);
        if let Some(slot) = piece.pauses {
            kept[slot * BATCH..][..values.len()].copy_from_slice(&room.rows[values.clone()]);
        }
        if !piece.ends {
            return;
        }
        finish(&blocks[0], setting(member, &blocks[0]), BATCH, &mut room.rows[values], None);
        for block in &blocks[1..] {
            let values = values_of(block, tile);
            let (above, out) = room.rows.split_at_mut(values.start);
            let out = &mut out[..values.len()];
            fill_with_biases(block, setting(member, block).biases, BATCH, out);
            room.chain.identity(block.inputs);
            let map = own_map(block, &member.weights[block.first_weight..], &room.chain.identity, BATCH);
            let previous = &above[above.len() - block.inputs * BATCH..];
            affine::add(&map, previous, out, &mut room.chain.gathered);
            finish(block, setting(member, block), BATCH, out, None);
        }
    }

    /// Adds the calls of a piece to the sums of its chain's first block.
    fn add_calls(
        &self,
        block: &Block,
        piece: &Piece,
        member: &Parameters<f32>,
        (codes, tables): (Codes<'_>, &[Table]),
        values: Range<usize>,
        room: &mut Room,
    ) {
        let weights = &member.weights[block.first_weight..][..block.map_weights()];
        let biases = &member.biases[block.first_bias..][..block.outputs];
        let out = &mut room.rows[values];
        if block.outputs == 1 {
            let bias = if block.norm == Norm::None { biases[0] } else { 0.0 };
            let start = if piece.starts { Start::At(bias) } else { Start::Here };
            return packed::forward(self.isa, codes, tables, &weights[piece.inputs.clone()], start, out);
        }
        if piece.starts {
            fill_with_biases(block, biases, BATCH, out);
        }
        let most = panel(BATCH);
        room.chain.identity(most);
        let ChainScratch { panel, identity, gathered, .. } = &mut room.chain;
        for (at, tables) in tables.chunks(most).enumerate() {
            let codes = Codes { lines: &codes.lines[at * most / packed::QUAD..], ..codes };
            panel.resize(tables.len() * BATCH, 0.0);
            packed::decode(self.isa, codes, tables, BATCH, panel);
            let weights = &weights[piece.inputs.start + at * most..];
            let sources = &identity[..tables.len()];
            let (stride, outputs) = (block.inputs, block.outputs);
            affine::add(&Affine { weights, stride, sources, outputs, batch: BATCH }, panel, out, gathered);
        }
    }
}

/// Values of a block's rows among those of the tile.
fn values_of(block: &Block, tile: &Tile) -> Range<usize> {
    let first = (block.first_output - tile.rows.start) * BATCH;
    first..first + block.outputs * BATCH
}

/// What follows the map of a block.
pub(super) fn setting<'a>(member: &'a Parameters<f32>, block: &Block) -> Setting<'a, f32> {
    Slots::of(member).setting(block, Bases::default())
}
