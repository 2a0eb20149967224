//! The check after the first step: every trainable slot has moved or had a zero gradient, and
//! nothing else has.
//!
//! It finds a slot that no block owns, an optimizer that skips a range, and weights of
//! variants that failed a filter.

use crate::compiler::plan::Plan;
use crate::engine::network::{Parameters, silent_sources};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Optimizer, Rule};
use std::ops::Range;

use super::error;

/// What the first step saw and did.
pub struct FirstStep<'a> {
    pub plan: &'a Plan,
    pub silent: &'a [bool],
    pub optimizer: &'a Optimizer,
    pub penalised: &'a [Range<usize>],
    /// Weights that are held where a rule wants them, `[weights]`; empty without rules.
    pub held: &'a [bool],
    pub before: &'a Parameters<f32>,
    pub gradient: &'a Parameters<f32>,
    pub after: &'a Parameters<f32>,
}

/// Checks the first step.
///
/// # Errors
/// E0902 names the kind of the first slot that broke the rule.
pub fn check(step: &FirstStep<'_>) -> Result<(), Diagnostic> {
    one_owner_a_slot(step.plan)?;
    let mut decays = vec![false; step.plan.weights];
    if step.optimizer.decay != 0.0 {
        step.penalised.iter().for_each(|range| decays[range.clone()].fill(true));
    }
    let held = |slot: usize| step.held.get(slot).copied().unwrap_or(false);
    for (slot, decays) in decays.into_iter().enumerate().filter(|(slot, _)| !held(*slot)) {
        let [before, gradient, after] =
            [step.before, step.gradient, step.after].map(|parameters| f64::from(parameters.weights[slot]));
        moved_as_it_must(step.optimizer, decays, before, gradient, after, "weight", slot)?;
    }
    for slot in 0..step.plan.biases {
        let [before, gradient, after] =
            [step.before, step.gradient, step.after].map(|parameters| f64::from(parameters.biases[slot]));
        moved_as_it_must(step.optimizer, false, before, gradient, after, "bias", slot)?;
    }
    silent_weights_rest(step)
}

fn one_owner_a_slot(plan: &Plan) -> Result<(), Diagnostic> {
    let (mut weights, mut biases) = (vec![0_u8; plan.weights], vec![0_u8; plan.biases]);
    for block in &plan.blocks {
        let count = block.map_weights() + block.gains();
        let claim =
            |owners: &mut [u8]| owners.iter_mut().for_each(|owners| *owners = owners.saturating_add(1));
        claim(&mut weights[block.first_weight..block.first_weight + count]);
        claim(&mut biases[block.first_bias..block.first_bias + block.outputs]);
    }
    for (what, owners) in [("weight", weights), ("bias", biases)] {
        if let Some(slot) = owners.iter().position(|owners| *owners != 1) {
            return Err(error::broken_first_step(&format!("{what} {slot} has {} owners", owners[slot])));
        }
    }
    Ok(())
}

fn moved_as_it_must(
    optimizer: &Optimizer,
    decays: bool,
    before: f64,
    gradient: f64,
    after: f64,
    what: &str,
    slot: usize,
) -> Result<(), Diagnostic> {
    let mut step = match optimizer.rule {
        Rule::Sgd { .. } => optimizer.learning_rate * gradient,
        Rule::Adam { epsilon, .. } => optimizer.learning_rate * gradient / (gradient.abs() + epsilon),
    };
    if decays {
        step += optimizer.learning_rate * optimizer.decay * before;
    }
    if before != after && gradient == 0.0 && !(decays && before != 0.0) {
        return Err(error::broken_first_step(&format!("{what} {slot} moved without a gradient")));
    }
    // A step below the spacing of f32 around the value may be lost in rounding.
    if before == after && step.abs() > 1e-6 * before.abs() + 1e-30 {
        return Err(error::broken_first_step(&format!("{what} {slot} has a gradient and did not move")));
    }
    Ok(())
}

fn silent_weights_rest(step: &FirstStep<'_>) -> Result<(), Diagnostic> {
    for block in &step.plan.blocks {
        let silent: Vec<bool> = silent_sources(step.plan, block, step.silent).collect();
        if !silent.contains(&true) {
            continue;
        }
        for (k, weight) in
            step.after.weights[block.first_weight..][..block.inputs * block.outputs].iter().enumerate()
        {
            if silent[k % block.inputs] && *weight != 0.0 {
                let slot = block.first_weight + k;
                return Err(error::broken_first_step(&format!("weight {slot} of a filtered input is not 0")));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::plan::{Input, Shape};
    use crate::language::spec::Activation;

    const SGD: Optimizer =
        Optimizer { rule: Rule::Sgd { momentum: 0.0 }, learning_rate: 0.1, l1: 0.0, l2: 0.0, decay: 0.0 };

    #[test]
    fn a_slot_moves_if_and_only_if_it_has_a_gradient() {
        let rule =
            |before, gradient, after| moved_as_it_must(&SGD, false, before, gradient, after, "weight", 0);
        assert!(rule(1.0, 1.0, 0.9).is_ok());
        assert!(rule(1.0, 0.0, 1.0).is_ok());
        assert!(rule(1.0, 1e-12, 1.0).is_ok());
        assert!(rule(1.0, 1.0, 1.0).is_err());
        assert!(rule(1.0, 0.0, 0.9).is_err());
        let decaying = Optimizer { decay: 0.5, ..SGD };
        assert!(moved_as_it_must(&decaying, true, 1.0, 0.0, 0.95, "weight", 0).is_ok());
        assert!(moved_as_it_must(&decaying, true, 1.0, 0.0, 1.0, "weight", 0).is_err());
    }

    /// Two units of two weights each, and what a sound first step does to them.
    struct Step {
        plan: Plan,
        silent: Vec<bool>,
        held: Vec<bool>,
        before: Parameters<f32>,
        gradient: Parameters<f32>,
        after: Parameters<f32>,
    }

    impl Step {
        fn sound() -> Self {
            let inputs = (0..4).map(|index| Input::Variant { set: 0, index }).collect();
            let mut plan = Plan::reading(inputs);
            plan.add_block([0, 1], Shape::of(1, Activation::Tanh));
            plan.add_block([2, 3], Shape::of(1, Activation::Tanh));
            let all = |value: f32| Parameters {
                weights: vec![value; 4],
                biases: vec![value; 2],
                state: Vec::new(),
            };
            let (before, gradient, after) = (all(0.5), all(1.0), all(0.4));
            Self { plan, silent: vec![false; 4], held: Vec::new(), before, gradient, after }
        }

        fn said(&self) -> String {
            let Self { plan, silent, held, before, gradient, after } = self;
            let step =
                FirstStep { plan, silent, optimizer: &SGD, penalised: &[], held, before, gradient, after };
            check(&step).map_or_else(|found| found.message, |()| "sound".to_string())
        }
    }

    /// A layer that never trains, a mask that binds nothing, and two edges in one slot were published
    /// and trained to the end; each ends the first step here.
    #[test]
    fn broken_first_steps_are_caught() {
        assert_eq!(Step::sound().said(), "sound");
        let mut shared = Step::sound();
        shared.plan.blocks[1].first_weight = 0;
        assert!(shared.said().contains("weight 0 has 2 owners"), "{}", shared.said());
        let mut lost = Step::sound();
        (lost.plan.weights, lost.plan.biases) = (5, 2);
        for parameters in [&mut lost.before, &mut lost.gradient, &mut lost.after] {
            parameters.weights.push(0.0);
        }
        assert!(lost.said().contains("weight 4 has 0 owners"), "{}", lost.said());
        let mut frozen = Step::sound();
        frozen.after.weights[2..].copy_from_slice(&[0.5; 2]);
        assert!(frozen.said().contains("weight 2 has a gradient and did not move"), "{}", frozen.said());
        let mut unbound = Step::sound();
        unbound.gradient.weights[1] = 0.0;
        assert!(unbound.said().contains("weight 1 moved without a gradient"), "{}", unbound.said());
        let mut stuck = Step::sound();
        stuck.after.biases[1] = 0.5;
        assert!(stuck.said().contains("bias 1 has a gradient and did not move"), "{}", stuck.said());
        let mut filtered = Step::sound();
        filtered.silent[3] = true;
        assert!(filtered.said().contains("weight 3 of a filtered input is not 0"), "{}", filtered.said());
    }
}
