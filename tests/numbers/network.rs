//! A small builder of plans, and numbers to feed them.

use binnc::compiler::plan::{
    Auxiliary, Constraint, Head, Input, Plan, Role, Segment, Shape, SlotRule, SupervisedLatent, Supervision,
};
use binnc::language::spec::{Activation, Loss, Norm};
use std::ops::Range;
use std::sync::Arc;

/// A plan under construction.
pub struct Builder {
    plan: Plan,
}

impl Builder {
    /// A plan with this many variants and then columns as inputs.
    pub fn new(variants: usize, columns: usize) -> Self {
        let variant = |index| Input::Variant { set: 0, index };
        let column = |k: usize| Input::Column { table: 0, column: format!("c{k}"), level: None };
        let inputs: Vec<Input> = (0..variants).map(variant).chain((0..columns).map(column)).collect();
        Self { plan: Plan::reading(inputs) }
    }

    /// Adds a block; its rows.
    pub fn block(
        &mut self,
        sources: impl IntoIterator<Item = usize>,
        outputs: usize,
        activation: Activation,
        dropout: f64,
    ) -> Range<usize> {
        self.normalised(sources, outputs, activation, dropout, Norm::None)
    }

    /// Adds a normalised block; its rows.
    pub fn normalised(
        &mut self,
        sources: impl IntoIterator<Item = usize>,
        outputs: usize,
        activation: Activation,
        dropout: f64,
        norm: Norm,
    ) -> Range<usize> {
        let sources = sources.into_iter().map(|row| u32::try_from(row).expect("few rows"));
        self.plan.add_block(sources, Shape { norm, dropout, ..Shape::of(outputs, activation) })
    }

    /// Adds a read-out of one trait a loss.
    pub fn predict(&mut self, sources: impl IntoIterator<Item = usize>, losses: &[Loss], weight: f64) {
        let rows = self.block(sources, losses.len(), Activation::Linear, 0.0);
        let traits = (0..losses.len()).map(|k| (0, format!("y{k}"))).collect();
        let predict = self.plan.heads.len();
        self.plan.heads.push(Head {
            predict,
            first_row: rows.start,
            traits,
            losses: losses.to_vec(),
            weight,
        });
    }

    /// Adds private read-outs of measured latents.
    pub fn supervise(&mut self, latents: &[usize], weight: f64) {
        let latent = |latent_row: usize| {
            let row = self.block([latent_row], 1, Activation::Linear, 0.0).start;
            self.plan.blocks.last_mut().expect("just added").penalised = false;
            let (node, column) = (format!("n{latent_row}"), format!("m{latent_row}"));
            SupervisedLatent { node, latent_row, row, table: 0, column, loss: Loss::Mse }
        };
        let latents = latents.iter().copied().map(latent).collect();
        self.plan.supervisions.push(Supervision { latents, weight });
    }

    /// Adds a read-out of a head's traits at an inner layer.
    pub fn auxiliary(&mut self, head: usize, sources: impl IntoIterator<Item = usize>, weight: f64) {
        let traits = self.plan.heads[head].traits.len();
        let first_row = self.block(sources, traits, Activation::Linear, 0.0).start;
        self.plan.auxiliaries.push(Auxiliary { head, first_row, weight });
    }

    /// Rules a weight of the last block, which has one output.
    pub fn rule(&mut self, input: usize, rule: SlotRule) {
        self.plan.constraints.push(Constraint { block: self.plan.blocks.len() - 1, input, rule });
    }

    /// Names the rows of each node, which a run's methods go by.
    pub fn name_nodes(&mut self, nodes: &[Range<usize>]) {
        self.plan.segments.extend(nodes.iter().enumerate().map(|(at, rows)| Segment {
            name: Arc::from(format!("n{at}")),
            layer: Arc::from("layer"),
            role: Role::Latent,
            first_row: rows.start,
            rows: rows.len(),
        }));
    }

    /// The plan.
    pub fn build(self) -> Plan {
        self.plan
    }
}

/// Numbers in (−1, 1) from a linear congruential generator.
pub fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// The same in single precision.
pub fn singles(count: usize, seed: u64) -> Vec<f32> {
    numbers(count, seed).into_iter().map(|value| value as f32).collect()
}

/// Packed calls, all four codes among them.
pub fn packed(variants: usize, samples: usize, seed: u64) -> binnc::data::PackedGenotypes {
    let bytes = numbers(variants * samples.div_ceil(4), seed);
    let bytes = bytes.into_iter().map(|value| ((value + 1.0) * 127.9) as u8).collect();
    binnc::data::PackedGenotypes::new(samples, variants, bytes)
}
