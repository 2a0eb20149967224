//! What acts on weights beside the gradient of the losses: penalties, signs, fixed values.
//!
//! Rules are looked up by slot, so that they act on any part of the weights.

use super::held::Held;
use super::objective::Penalties;
use crate::compiler::plan::Block;
use crate::kernel::penalty;

/// Penalties and held weights, sorted by slot.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    l1: f64,
    l2: f64,
    soft: Vec<(usize, i8, f64)>,
    fixed: Vec<usize>,
    pub(super) held: Held,
}

impl Rules {
    pub(super) fn of(penalties: &Penalties, held: Held) -> Self {
        let Penalties { l1, l2, .. } = *penalties;
        let (mut soft, mut fixed) = (penalties.soft.clone(), penalties.fixed.clone());
        soft.sort_by_key(|(slot, ..)| *slot);
        fixed.sort_unstable();
        Self { l1, l2, soft, fixed, held: held.sorted() }
    }

    /// Adds gradients of the penalties on `blocks`, whose slots start at `first`; gives their value.
    pub(super) fn penalise(
        &self,
        blocks: &[Block],
        first: usize,
        weights: &[f32],
        gradients: &mut [f32],
    ) -> f64 {
        let mut total = 0.0;
        if self.l1 != 0.0 || self.l2 != 0.0 {
            for block in blocks.iter().filter(|block| block.penalised) {
                let map = block.first_weight - first..block.first_weight - first + block.map_weights();
                total += penalty::value(&weights[map.clone()], self.l1, self.l2);
                penalty::add_gradient(&weights[map.clone()], self.l1, self.l2, &mut gradients[map]);
            }
        }
        for (slot, side, cost) in within(&self.soft, first, weights.len(), |(slot, ..)| *slot) {
            let wrong = -f64::from(*side) * f64::from(weights[slot - first]);
            if wrong > 0.0 {
                total += cost * wrong;
                gradients[slot - first] += (-f64::from(*side) * cost) as f32;
            }
        }
        for slot in within(&self.fixed, first, weights.len(), |slot| *slot) {
            gradients[slot - first] = 0.0;
        }
        total
    }
}

/// Entries of a sorted list with slots in `first .. first + count`.
pub(super) fn within<T>(list: &[T], first: usize, count: usize, slot: impl Fn(&T) -> usize) -> &[T] {
    let from = list.partition_point(|entry| slot(entry) < first);
    let to = from + list[from..].partition_point(|entry| slot(entry) < first + count);
    &list[from..to]
}
