//! Nodes that read variants alone, and how they are grouped for a visit.
//!
//! A chain is such a node: a run of blocks, each of which reads exactly the rows of the one before and
//! is read by nothing else but the last. Chains come first in a plan. Consecutive chains form a
//! span, whose calls are fetched together: one cache line a sample, unless one chain alone has more.
//! What follows the chains runs level by level.

use super::types::{Block, Plan};
use std::ops::Range;

/// Calls in a byte.
pub const QUAD: usize = 4;
/// Bytes of a sample's calls in a span: a cache line of 256 variants.
const SPAN_BYTES: usize = 64;
/// Rows of a span, so that activations stay close too.
const SPAN_ROWS: usize = 64;
/// Bytes of a small part are turned in words of so many.
const WORD: usize = 8;

/// Blocks of each chain of a plan; `is_variant` tells whether an input row is a variant.
pub fn chains(plan: &Plan, is_variant: impl Fn(u32) -> bool) -> Vec<Range<usize>> {
    let readers = readers(plan);
    let mut chains = Vec::new();
    let mut next = 0;
    while let Some(end) = chain_from(plan, &is_variant, &readers, next) {
        chains.push(next..end);
        next = end;
    }
    chains
}

/// Levels of the blocks from `first` on: runs of which no block reads another.
#[must_use]
pub fn levels(plan: &Plan, first: usize) -> Vec<Range<usize>> {
    let mut levels = Vec::new();
    let mut start = first;
    while start < plan.blocks.len() {
        let row = plan.blocks[start].first_output as u32;
        let apart = |block: &&Block| plan.sources_of(block).iter().all(|source| *source < row);
        let count = 1 + plan.blocks[start + 1..].iter().take_while(apart).count();
        levels.push(start..start + count);
        start += count;
    }
    levels
}

/// A span that is being filled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filling {
    /// Bytes of a sample's calls.
    pub bytes: usize,
    /// Rows.
    pub rows: usize,
}

impl Filling {
    /// Whether so many more bytes and rows stay within a span.
    #[must_use]
    pub fn has_room(self, bytes: usize, rows: usize) -> bool {
        self.bytes + bytes <= SPAN_BYTES && self.rows + rows <= SPAN_ROWS
    }
}

/// Bytes that a span's calls of one genotype set take: whole lines, or whole words where they are less
/// than half of one.
#[must_use]
pub fn spread(bytes: usize) -> usize {
    if bytes <= SPAN_BYTES / 2 { bytes.next_multiple_of(WORD) } else { bytes.next_multiple_of(SPAN_BYTES) }
}

/// How many sources each row is.
fn readers(plan: &Plan) -> Vec<u32> {
    let mut readers = vec![0; plan.rows];
    plan.sources.iter().for_each(|row| readers[*row as usize] += 1);
    readers
}

/// The end of the chain whose first block is `first`, if there is one.
fn chain_from(plan: &Plan, is_variant: impl Fn(u32) -> bool, readers: &[u32], first: usize) -> Option<usize> {
    let sources = plan.sources_of(plan.blocks.get(first)?);
    if sources.is_empty() || !sources.iter().all(|row| is_variant(*row)) {
        return None;
    }
    let mut end = first + 1;
    while plan.blocks.get(end).is_some_and(|next| follows(plan, readers, &plan.blocks[end - 1], next)) {
        end += 1;
    }
    Some(end)
}

/// Whether `next` reads exactly the rows of `block`, and nothing else reads them.
fn follows(plan: &Plan, readers: &[u32], block: &Block, next: &Block) -> bool {
    let rows = block.first_output..block.first_output + block.outputs;
    let sources = plan.sources_of(next).iter().map(|row| *row as usize);
    sources.eq(rows.clone()) && rows.into_iter().all(|row| readers[row] == 1)
}
