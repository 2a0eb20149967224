//! Calls of a tile for the samples of a block, from the files.

use super::tiles::Tile;
use super::{COLUMN, Scored, Scoring};
use crate::data::{BedFile, HETEROZYGOUS, MISSING, count_in_row};
use crate::language::diagnostics::Diagnostic;
use rayon::prelude::*;
use std::ops::Range;

/// Rows that one thread reads at a time.
const ROWS: usize = 16;
/// Bytes of a column.
const BYTES: usize = COLUMN / 4;

/// One genotype set on file.
pub struct SetRows<'a> {
    /// Its calls.
    pub file: &'a BedFile,
    /// The file's sample of each cohort row; `None` where they are the file's own, in its order.
    pub samples: Option<&'a [u32]>,
    /// Whether missing and heterozygous calls are counted.
    pub counts: bool,
}

/// Calls of a variant that a model may refuse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Missing calls.
    pub missing: u32,
    /// Heterozygous calls.
    pub heterozygous: u32,
}

/// Consecutive cohort rows that go through the network together.
pub(super) struct Block {
    /// Their places; the first is a multiple of four.
    pub(super) samples: Range<usize>,
    /// Those of them that are asked for.
    asked: Range<usize>,
    /// Bytes of a variant's row in a buffer.
    stride: usize,
}

/// Rows of a tile.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    /// `[variants × stride]`, and room behind the last row for a whole column.
    pub(super) bytes: Vec<u8>,
    pub(super) stride: usize,
}

impl Block {
    pub(super) fn new(samples: Range<usize>, first_asked: usize, sets: &[SetRows<'_>]) -> Self {
        let bytes = samples.len().div_ceil(4);
        // Whole rows of a file are read many at a time, unless all would fall on the same few
        // places of a cache.
        let whole = sets.iter().all(|set| set.samples.is_none() && set.file.width() == bytes);
        let stride = if whole && !bytes.is_multiple_of(512) { bytes } else { (bytes.div_ceil(64) | 1) * 64 };
        Self { asked: samples.start.max(first_asked)..samples.end, samples, stride }
    }

    fn bytes(&self) -> usize {
        self.samples.len().div_ceil(4)
    }
}

/// Variants that stand one after the other in the file and in the tile.
struct Run<'a> {
    set: usize,
    variant: usize,
    /// Their inputs.
    inputs: &'a [Option<u32>],
    /// Whether to count the calls of each: of a variant that stands in two places, once.
    is_first: &'a [bool],
    into: &'a mut [u8],
}

/// What one row showed.
type Seen = (u32, Tally, Option<u8>);

impl Scoring<'_> {
    /// Fills the buffer with a tile's calls.
    pub(super) fn read(
        &self,
        block: &Block,
        tile: &Tile,
        buffer: &mut Buffer,
        scored: &mut Scored,
    ) -> Result<(), Diagnostic> {
        buffer.stride = block.stride;
        buffer.bytes.resize(tile.inputs.len() * block.stride + BYTES, 0);
        let runs = self.runs(tile, block.stride, &mut buffer.bytes);
        let seen: Vec<Vec<Seen>> =
            runs.into_par_iter().map(|run| self.read_run(block, run)).collect::<Result<_, _>>()?;
        for (input, tally, last) in seen.into_iter().flatten() {
            let input = input as usize;
            scored.tallies[input].missing += tally.missing;
            scored.tallies[input].heterozygous += tally.heterozygous;
            scored.last_bytes[input] = last.or(scored.last_bytes[input]);
        }
        Ok(())
    }

    fn runs<'a>(&self, tile: &'a Tile, stride: usize, bytes: &'a mut [u8]) -> Vec<Run<'a>> {
        let place = |input: &Option<u32>| {
            let call = &self.calls[(*input)? as usize];
            call.variant.map(|variant| (call.set, variant))
        };
        let follows = |a: &Option<u32>, b: &Option<u32>| match (place(a), place(b)) {
            (Some((set, variant)), Some((other, next))) => set == other && variant + 1 == next,
            _ => false,
        };
        let (mut rest, mut rest_first) = (bytes, tile.is_first.as_slice());
        let mut runs = Vec::new();
        for inputs in tile.inputs.chunk_by(follows).flat_map(|run| run.chunks(ROWS)) {
            let (into, others) = rest.split_at_mut(inputs.len() * stride);
            rest = others;
            let (is_first, others) = rest_first.split_at(inputs.len());
            rest_first = others;
            if let Some((set, variant)) = place(&inputs[0]) {
                runs.push(Run { set, variant: variant as usize, inputs, is_first, into });
            }
        }
        runs
    }

    fn read_run(&self, block: &Block, run: Run<'_>) -> Result<Vec<Seen>, Diagnostic> {
        let SetRows { file, samples, counts } = &self.sets[run.set];
        let (first, bytes) = (block.samples.start / 4, block.bytes());
        let mut gathered = Vec::new();
        if samples.is_none() && block.stride == file.width() {
            file.read(run.variant, first, run.into)?;
        } else {
            for (variant, row) in (run.variant..).zip(run.into.chunks_exact_mut(block.stride)) {
                match samples {
                    None => file.read(variant, first, &mut row[..bytes])?,
                    Some(samples) => {
                        gather(file, variant, &samples[block.samples.clone()], row, &mut gathered)?
                    }
                }
            }
        }
        let asked = block.asked.start - block.samples.start..block.asked.end - block.samples.start;
        let is_end = samples.is_none() && first + bytes == file.width();
        let seen = |((input, is_first), row): ((&Option<u32>, &bool), &[u8])| {
            let is_counted = *counts && *is_first;
            let count = |code| if is_counted { count_in_row(row, asked.clone(), code) } else { 0 };
            let tally = Tally { missing: count(MISSING), heterozygous: count(HETEROZYGOUS) };
            input.map(|input| (input, tally, is_end.then(|| row[bytes - 1])))
        };
        Ok(run
            .inputs
            .iter()
            .zip(run.is_first)
            .zip(run.into.chunks_exact(block.stride))
            .filter_map(seen)
            .collect())
    }
}

/// Reads the part of a row that has the samples, and puts their calls in their order.
fn gather(
    file: &BedFile,
    variant: usize,
    samples: &[u32],
    row: &mut [u8],
    part: &mut Vec<u8>,
) -> Result<(), Diagnostic> {
    let (least, most) =
        samples.iter().fold((u32::MAX, 0), |(least, most), sample| (least.min(*sample), most.max(*sample)));
    let first = least as usize / 4;
    part.resize(most as usize / 4 + 1 - first, 0);
    file.read(variant, first, part)?;
    for (four, byte) in samples.chunks(4).zip(row) {
        let calls = four.iter().enumerate().map(|(at, sample)| {
            let code = part[*sample as usize / 4 - first] >> (2 * (sample % 4)) & 0b11;
            code << (2 * at)
        });
        *byte = calls.sum();
    }
    Ok(())
}
