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
///
/// Calls that a chain before holds already, from a byte on, are not held again: genes that overlap, and
/// those that read the same variants, share them.
#[derive(Clone, Debug, Default)]
pub struct Filling {
    /// Of each genotype set: the input rows behind its bytes, `None` behind the last of a byte.
    pub parts: Vec<(usize, Vec<Option<u32>>)>,
    rows: usize,
}

impl Filling {
    /// Takes a chain of so many rows that reads `runs`, each a genotype set and input rows, and gives
    /// the byte of the set's part from which each is held; `None` where the span has no room for it.
    pub fn add(&mut self, runs: &[(usize, &[u32])], rows: usize) -> Option<Vec<usize>> {
        let new = |(set, run): &(usize, &[u32])| match self.find(*set, run) {
            Some(_) => 0,
            None => run.len().div_ceil(QUAD),
        };
        let new: usize = runs.iter().map(new).sum();
        let has_room = (new == 0 || self.bytes() + new <= SPAN_BYTES) && self.rows + rows <= SPAN_ROWS;
        if !(has_room || self.parts.is_empty()) {
            return None;
        }
        self.rows += rows;
        Some(
            runs.iter()
                .map(|(set, run)| self.find(*set, run).unwrap_or_else(|| self.hold(*set, run)))
                .collect(),
        )
    }

    fn bytes(&self) -> usize {
        self.parts.iter().map(|(_, held)| held.len() / QUAD).sum()
    }

    /// The byte from which on a set's calls are those of some rows.
    fn find(&self, set: usize, run: &[u32]) -> Option<usize> {
        let (_, held) = self.parts.iter().find(|(of, _)| *of == set)?;
        let is_here = |at: usize| {
            let held = held[at * QUAD..].get(..run.len());
            held.is_some_and(|held| held.iter().zip(run).all(|(held, row)| *held == Some(*row)))
        };
        (0..held.len() / QUAD).find(|at| is_here(*at))
    }

    fn hold(&mut self, set: usize, run: &[u32]) -> usize {
        let at = self.parts.iter().position(|(of, _)| *of == set).unwrap_or_else(|| {
            self.parts.push((set, Vec::new()));
            self.parts.len() - 1
        });
        let held = &mut self.parts[at].1;
        let first = held.len() / QUAD;
        held.extend(run.iter().copied().map(Some));
        held.resize(held.len().next_multiple_of(QUAD), None);
        first
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
    let rows = block.rows();
    let sources = plan.sources_of(next).iter().map(|row| *row as usize);
    sources.eq(rows.clone()) && rows.into_iter().all(|row| readers[row] == 1)
}
