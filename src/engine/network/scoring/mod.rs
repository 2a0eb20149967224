//! Networks on genotypes that are read as they are needed, for files larger than memory.
//!
//! Samples go through in blocks. A block visits the variants tile by tile: while the calls of one
//! tile are read, those of the tile before it run through the chains that read them. What later
//! blocks of the network read is kept; maps that read chains in their order add each chain when
//! it is there, so that a network of many genes and few pathways keeps the pathways alone.
//! Every sample's sums have the order of [`super::predict`], and so the bits.

mod behind;
mod column;
mod keep;
mod read;
mod tiles;

pub use read::{SetRows, Tally};

use super::packed::Layout;
use super::{Parameters, trait_rows};
use crate::compiler::plan::Plan;
use crate::kernel::isa::Isa;
use crate::kernel::packed::Table;
use crate::kernel::pages::zeros;
use crate::kernel::quads::{COLUMN, sample_at};
use crate::language::diagnostics::Diagnostic;
use keep::Keep;
use rayon::prelude::*;
use read::{Block, Buffer};
use std::ops::Range;
use tiles::Tile;

/// Samples that run through maps together; the same as in [`super::predict`], whose bits depend on it
/// where `gemm` runs.
const BATCH: usize = COLUMN / 2;
/// The most samples of a block.
const LARGEST_BLOCK: usize = 1 << 15;
/// The fewest.
const SMALLEST_BLOCK: usize = 8 * COLUMN;
/// Bytes of kept values that a block should not exceed.
const KEPT: usize = 256 << 20;

/// A variant of the plan in the genotypes at hand.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Its genotype set.
    pub set: usize,
    /// Its place there; `None` where the set does not have it.
    pub variant: Option<u32>,
    /// The number of each two-bit code, missing included.
    pub table: Table,
}

/// A network with the genotypes that it is to score.
pub struct Scoring<'a> {
    plan: &'a Plan,
    members: &'a [Parameters<f32>],
    sets: &'a [SetRows<'a>],
    calls: &'a [Call],
    isa: Isa,
    layout: Layout,
    /// Tables of the variants of all chains.
    tables: Vec<Table>,
    tiles: Vec<Tile>,
    keep: Keep,
}

/// What scoring gives.
#[derive(Clone, Debug, Default)]
pub struct Scored {
    /// Read-outs `[members][traits][rows]`, as [`super::predict`] gives them.
    pub outputs: Vec<Vec<Vec<f32>>>,
    /// Calls of each input that were missing or heterozygous, where its set asks.
    pub tallies: Vec<Tally>,
    /// The last byte of each input's row, where it was read.
    pub last_bytes: Vec<Option<u8>>,
}

/// Who follows the work.
pub trait Watch: Sync {
    /// So many more steps are done, of those that were announced.
    fn done(&self, steps: usize);
    /// Whether to stop.
    fn cancelled(&self) -> bool;
}

/// Why scoring ended early.
#[derive(Debug)]
pub enum Stopped {
    /// A file could not be read.
    Unreadable(Diagnostic),
    /// The wish to stop.
    Cancelled,
}

impl<'a> Scoring<'a> {
    /// Prepares to score; `calls` has one entry an input of the plan.
    ///
    /// # Panics
    /// When the plan reads a covariate or `calls` are not as many as its inputs.
    #[must_use]
    pub fn new(
        plan: &'a Plan,
        members: &'a [Parameters<f32>],
        sets: &'a [SetRows<'a>],
        calls: &'a [Call],
    ) -> Self {
        assert_eq!(calls.len(), plan.inputs.len(), "one call an input of the plan");
        let places: Vec<_> = calls.iter().map(|call| Some((call.set, call.variant.unwrap_or(0)))).collect();
        let layout = Layout::of(plan, &places, sets.len());
        let heads = layout.chains.iter().map(|chain| &plan.blocks[chain.blocks.start]);
        let sources = heads.flat_map(|block| plan.sources_of(block));
        let tables = sources.map(|row| calls[*row as usize].table).collect();
        let mut tiles = tiles::cut(plan, &layout, calls);
        let keep = keep::decide(plan, &layout, &mut tiles, &trait_rows(plan));
        Self { plan, members, sets, calls, isa: Isa::here(), layout, tables, tiles, keep }
    }

    /// Steps of scoring so many rows, for [`Watch::done`].
    #[must_use]
    pub fn steps(&self, rows: &Range<usize>) -> usize {
        self.blocks(rows).len() * self.tiles.len()
    }

    /// Scores some consecutive rows of the cohort.
    ///
    /// # Errors
    /// When a file cannot be read, or the work is cancelled.
    pub fn run(&self, rows: Range<usize>, watch: &dyn Watch) -> Result<Scored, Stopped> {
        let traits = trait_rows(self.plan).len();
        let mut scored = Scored {
            outputs: vec![vec![vec![0.0; rows.len()]; traits]; self.members.len()],
            tallies: vec![Tally::default(); self.calls.len()],
            last_bytes: vec![None; self.calls.len()],
        };
        for block in self.blocks(&rows) {
            self.block(&block, &rows, watch, &mut scored)?;
        }
        Ok(scored)
    }

    /// Blocks start at whole bytes of the files.
    fn blocks(&self, rows: &Range<usize>) -> Vec<Block> {
        let (first, sample) = (rows.start / 4 * 4, 4 * self.keep.slots * self.members.len());
        let fitting = KEPT / sample.max(1) / COLUMN * COLUMN;
        let size = fitting.clamp(SMALLEST_BLOCK, LARGEST_BLOCK);
        // Blocks of about one size, so that the last is no small rest.
        let count = (rows.end - first).div_ceil(size).max(1);
        let size = (rows.end - first).div_ceil(count).next_multiple_of(COLUMN).max(COLUMN);
        let starts = (first..rows.end).step_by(size);
        starts.map(|start| Block::new(start..rows.end.min(start + size), rows.start, self.sets)).collect()
    }

    fn block(
        &self,
        block: &Block,
        rows: &Range<usize>,
        watch: &dyn Watch,
        scored: &mut Scored,
    ) -> Result<(), Stopped> {
        let columns = block.samples.len().div_ceil(COLUMN);
        let mut kept: Vec<f32> = zeros(columns * self.kept_of_column());
        kept.par_chunks_mut(self.kept_of_column().max(1)).for_each(|kept| self.begin(kept));
        let (mut now, mut next) = (Buffer::default(), Buffer::default());
        for (at, tile) in self.tiles.iter().enumerate() {
            if watch.cancelled() {
                return Err(Stopped::Cancelled);
            }
            if at == 0 {
                self.read(block, tile, &mut now, scored).map_err(Stopped::Unreadable)?;
            }
            let read = || match self.tiles.get(at + 1) {
                Some(tile) => self.read(block, tile, &mut next, scored),
                None => Ok(()),
            };
            let (read, ()) = rayon::join(read, || self.visit(tile, &now, &mut kept));
            read.map_err(Stopped::Unreadable)?;
            std::mem::swap(&mut now, &mut next);
            watch.done(1);
        }
        self.collect(block, rows, &kept, &mut scored.outputs);
        Ok(())
    }

    /// Kept values of a column, `[2 batches][members][slots × BATCH]`.
    fn kept_of_column(&self) -> usize {
        2 * self.members.len() * self.keep.slots * BATCH
    }

    /// Runs a tile for all columns.
    fn visit(&self, tile: &Tile, buffer: &Buffer, kept: &mut [f32]) {
        let columns = kept.par_chunks_mut(self.kept_of_column().max(1)).enumerate();
        columns.for_each_init(column::Scratch::default, |scratch, (at, kept)| {
            self.column(tile, buffer, at, kept, scratch);
        });
    }

    /// Runs what is behind the chains and puts read-outs where their samples are.
    fn collect(&self, block: &Block, rows: &Range<usize>, kept: &[f32], outputs: &mut [Vec<Vec<f32>>]) {
        let wanted = trait_rows(self.plan);
        let of_batch = self.members.len() * self.keep.slots * BATCH;
        let batches = kept.par_chunks(of_batch.max(1));
        let found: Vec<Vec<f32>> =
            batches.map_init(behind::Room::default, |room, kept| self.behind(kept, &wanted, room)).collect();
        for (batch, values) in found.iter().enumerate() {
            let values = values.chunks_exact(BATCH);
            let traits = outputs.iter_mut().flat_map(|member| member.iter_mut());
            for (out, values) in traits.zip(values) {
                for (at, value) in values.iter().enumerate() {
                    let (chunk, sample) = (batch % 2 * 2 + at / 64, at % 64);
                    let row = block.samples.start + batch / 2 * COLUMN + sample_at(chunk, sample);
                    if rows.contains(&row) {
                        out[row - rows.start] = *value;
                    }
                }
            }
        }
    }
}
