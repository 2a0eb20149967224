//! Initial weights from the fan-in that is present after wiring.
//!
//! Each block draws from its own stream, so its weights do not depend on other blocks.

use crate::compiler::plan::{Block, Constraint, Plan, SlotRule};
use crate::kernel::math::Real;
use crate::language::spec::Activation;

use super::Parameters;
use super::random::{Purpose, generator, symmetric};

// A trait's read-out starts small, so that training starts near the trait's mean.
const READ_OUT_SHARE: f64 = 0.1;

/// Initial parameters.
///
/// Uniform in ±√(6/(fan-in + fan-out)) before tanh, sigmoid and linear (Glorot & Bengio 2010),
/// ±√(6/fan-in) before relu, gelu and softplus (He et al. 2015). Weights on `silent` inputs
/// `[inputs]` are 0 and do not count in fan-in. Read-outs of traits are a tenth of that;
/// read-outs of measurements start as the identity, so that a latent takes its measurement's
/// sign. Gains are 1, given weights as given, the others on the side that they must keep. Biases
/// are 0, those of traits as given: `trait_biases`, in the order of the heads.
#[must_use]
pub fn initial<T: Real>(plan: &Plan, silent: &[bool], trait_biases: &[f64], seed: u64) -> Parameters<T> {
    let mut parameters = Parameters::zeros(plan);
    let kinds = ReadOuts::of(plan, trait_biases);
    for (index, block) in plan.blocks.iter().enumerate() {
        let share = match kinds.of_row(block.first_output) {
            ReadOut::Measurement => {
                parameters.weights[block.first_weight..][..block.inputs * block.outputs].fill(T::ONE);
                continue;
            }
            ReadOut::Trait(_) => READ_OUT_SHARE,
            ReadOut::None => 1.0,
        };
        for (output, row) in block.rows().enumerate() {
            if let ReadOut::Trait(bias) = kinds.of_row(row) {
                parameters.biases[block.first_bias + output] = T::of(bias);
            }
        }
        draw(plan, block, silent, share, seed, index, &mut parameters.weights);
        parameters.weights[block.first_weight + block.map_weights()..][..block.gains()].fill(T::ONE);
        let variances = (block.first_state..block.first_state + block.states()).skip(1).step_by(2);
        variances.for_each(|place| parameters.state[place] = T::ONE);
    }
    for Constraint { block, input, rule } in &plan.constraints {
        let block = &plan.blocks[*block];
        if !silent_sources(plan, block, silent).nth(*input).unwrap_or(false) {
            constrain(*rule, &mut parameters.weights[block.first_weight + input]);
        }
    }
    parameters
}

/// Which sources of a block are silent inputs.
pub(crate) fn silent_sources<'a>(
    plan: &'a Plan,
    block: &Block,
    silent: &'a [bool],
) -> impl Iterator<Item = bool> + 'a {
    plan.sources_of(block).iter().map(|row| silent.get(*row as usize).copied().unwrap_or(false))
}

/// Puts a drawn weight where its rule wants it.
fn constrain<T: Real>(rule: SlotRule, weight: &mut T) {
    let drawn = weight.wide();
    *weight = match rule {
        SlotRule::Fixed(value) | SlotRule::Initial(value) => T::of(f64::from(value)),
        SlotRule::Side(side) | SlotRule::Soft { side, .. } => T::of(f64::from(side) * drawn.abs()),
    };
}

fn draw<T: Real>(
    plan: &Plan,
    block: &Block,
    silent: &[bool],
    share: f64,
    seed: u64,
    index: usize,
    weights: &mut [T],
) {
    let fan_in = silent_sources(plan, block, silent).filter(|silent| !silent).count();
    let bound = share * bound(block.activation, fan_in.max(1), block.outputs);
    let mut generator = generator(seed, Purpose::Weights, index);
    for output in 0..block.outputs {
        let first = block.first_weight + output * block.inputs;
        for (input, silent) in silent_sources(plan, block, silent).enumerate() {
            let weight = bound * symmetric(&mut generator);
            weights[first + input] = if silent { T::ZERO } else { T::of(weight) };
        }
    }
}

fn bound(activation: Activation, fan_in: usize, fan_out: usize) -> f64 {
    match activation {
        Activation::Linear | Activation::Tanh | Activation::Sigmoid => {
            (6.0 / (fan_in + fan_out) as f64).sqrt()
        }
        Activation::Relu | Activation::Gelu | Activation::Softplus => (6.0 / fan_in as f64).sqrt(),
    }
}

#[derive(Clone, Copy)]
enum ReadOut {
    None,
    Trait(f64),
    Measurement,
}

// What each row is, sparse: read-outs are few.
struct ReadOuts {
    rows: Vec<(usize, ReadOut)>,
}

impl ReadOuts {
    fn of(plan: &Plan, trait_biases: &[f64]) -> Self {
        let traits = plan.heads.iter().flat_map(|head| head.first_row..head.first_row + head.traits.len());
        let latents = plan.supervisions.iter().flat_map(|item| &item.latents);
        let first_bias = |head: usize| plan.heads[..head].iter().map(|head| head.traits.len()).sum::<usize>();
        let auxiliary = plan.auxiliaries.iter().flat_map(|auxiliary| {
            let biases =
                &trait_biases[first_bias(auxiliary.head)..][..plan.heads[auxiliary.head].traits.len()];
            (auxiliary.first_row..).zip(biases).map(|(row, bias)| (row, ReadOut::Trait(*bias)))
        });
        let mut rows: Vec<_> = traits
            .zip(trait_biases)
            .map(|(row, bias)| (row, ReadOut::Trait(*bias)))
            .chain(latents.map(|latent| (latent.row, ReadOut::Measurement)))
            .chain(auxiliary)
            .collect();
        rows.sort_by_key(|(row, _)| *row);
        Self { rows }
    }

    fn of_row(&self, row: usize) -> ReadOut {
        let found = self.rows.binary_search_by_key(&row, |(row, _)| *row);
        found.map_or(ReadOut::None, |place| self.rows[place].1)
    }
}
