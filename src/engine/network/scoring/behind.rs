//! What comes after the chains, batch by batch.

use super::super::forward::{finish, run_on};
use super::column::setting;
use super::{BATCH, Scoring};
use crate::kernel::pages::zeros;

/// Room of one thread.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// `[rows of the plan × BATCH]`, of which those kept and those behind the chains are used.
    rows: Vec<f32>,
    scratch: Vec<f32>,
}

impl Scoring<'_> {
    /// Values `[members][wanted][BATCH]` of a batch, from `kept` `[members][slots × BATCH]`.
    pub(super) fn behind(&self, kept: &[f32], wanted: &[usize], room: &mut Room) -> Vec<f32> {
        let mut found = Vec::with_capacity(self.members.len() * wanted.len() * BATCH);
        if room.rows.is_empty() {
            room.rows = zeros(self.plan.rows * BATCH);
        }
        for (member, kept) in self.members.iter().zip(kept.chunks_exact(self.keep.slots * BATCH)) {
            for (row, slot) in &self.keep.rows {
                room.rows[row * BATCH..][..BATCH].copy_from_slice(&kept[slot * BATCH..][..BATCH]);
            }
            let behind = self.plan.blocks[self.layout.blocks..].iter();
            for (block, sums) in behind.zip(&self.keep.sums) {
                let (above, below) = room.rows.split_at_mut(block.first_output * BATCH);
                let out = &mut below[..block.outputs * BATCH];
                match sums {
                    Some(slot) => {
                        out.copy_from_slice(&kept[slot * BATCH..][..out.len()]);
                        finish(block, setting(member, block), BATCH, out, None);
                    }
                    None => run_on(self.plan, block, member, (above, out), BATCH, None, &mut room.scratch),
                }
            }
            for row in wanted {
                found.extend_from_slice(&room.rows[row * BATCH..][..BATCH]);
            }
        }
        found
    }
}
