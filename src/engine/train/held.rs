//! Weights that a rule holds: fixed ones, and those that may not change sides.
//!
//! Held after every step by projection; weights of silent inputs rest at 0 whatever their rule.

use crate::compiler::plan::{Plan, SlotRule};
use crate::engine::network::silent_sources;

use super::rules::within;

/// The rules that act after every step, by slot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Held {
    fixed: Vec<(usize, f32)>,
    sides: Vec<(usize, i8)>,
}

impl Held {
    pub(super) fn of(plan: &Plan, silent: &[bool]) -> Self {
        let mut held = Self::default();
        for constraint in &plan.constraints {
            let block = &plan.blocks[constraint.block];
            if silent_sources(plan, block, silent).nth(constraint.input).unwrap_or(false) {
                continue;
            }
            let slot = block.first_weight + constraint.input;
            match constraint.rule {
                SlotRule::Fixed(value) => held.fixed.push((slot, value)),
                SlotRule::Side(side) => held.sides.push((slot, side)),
                SlotRule::Initial(_) | SlotRule::Soft { .. } => {}
            }
        }
        held
    }

    /// The same, sorted by slot.
    pub(super) fn sorted(mut self) -> Self {
        self.fixed.sort_by_key(|(slot, _)| *slot);
        self.sides.sort_by_key(|(slot, _)| *slot);
        self
    }

    /// Puts fixed weights back and those on the wrong side to 0, among weights that start at slot
    /// `first`.
    pub(super) fn hold(&self, first: usize, weights: &mut [f32]) {
        for (slot, value) in within(&self.fixed, first, weights.len(), |(slot, _)| *slot) {
            weights[slot - first] = *value;
        }
        for (slot, side) in within(&self.sides, first, weights.len(), |(slot, _)| *slot) {
            let weight = &mut weights[slot - first];
            if *weight * f32::from(*side) < 0.0 {
                *weight = 0.0;
            }
        }
    }

    /// Which weights are held, `[weights]`; empty when none is.
    pub(super) fn mask(&self, plan: &Plan) -> Vec<bool> {
        if self.fixed.is_empty() && self.sides.is_empty() {
            return Vec::new();
        }
        let mut mask = vec![false; plan.weights];
        let slots = self.fixed.iter().map(|(slot, _)| slot).chain(self.sides.iter().map(|(slot, _)| slot));
        slots.for_each(|slot| mask[*slot] = true);
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::Held;

    #[test]
    fn weights_are_held_where_the_rules_want_them() {
        let held = Held { fixed: vec![(1, 0.5)], sides: vec![(0, 1), (2, -1), (3, 1)] };
        let mut weights = [-0.25_f32, 9.0, -3.0, 4.0];
        held.hold(0, &mut weights);
        assert_eq!(weights, [0.0, 0.5, -3.0, 4.0]);
    }
}
