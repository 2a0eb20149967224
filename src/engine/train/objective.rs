//! The loss of a batch and its gradient.
//!
//! loss = Σ over heads weight · mean over observed traits of the (record-weighted) mean over
//! observed rows + Σ over `supervise` items weight · mean over latents with any measured row
//! of the mean over those rows + l1·Σ|w| + l2·Σw² over penalised weights + cost·|w| of weights on
//! the wrong side of a soft sign. Auxiliary read-outs add losses of the same traits.

use crate::compiler::plan::{Head, Plan, SlotRule, Supervision};
use crate::kernel::loss::{self, Batch};
use crate::kernel::math::Real;
use crate::kernel::penalty;
use crate::language::spec::Loss;
use std::ops::Range;

use crate::engine::network::packed::Runner;
use crate::engine::network::{InputData, Parameters, Pass, Workspace, backward, forward, trait_rows, values};

use super::targets::{Targets, TraitTarget};

/// What a network is fitted to.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// The network.
    pub plan: &'a Plan,
    /// What fills its inputs.
    pub inputs: &'a InputData<'a>,
    /// What it is to reach.
    pub targets: &'a Targets,
}

/// Penalties on weights, never on biases.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalties {
    /// Weight of Σ|w|.
    pub l1: f64,
    /// Weight of Σw².
    pub l2: f64,
    /// Weights they act on.
    pub ranges: Vec<Range<usize>>,
    /// Slots with a soft sign: the side wanted, and the cost of a unit of |w| on the other.
    pub soft: Vec<(usize, i8, f64)>,
    /// Slots that are never trained.
    pub fixed: Vec<usize>,
}

impl Penalties {
    /// Penalties on all penalised blocks of a plan.
    #[must_use]
    pub fn of(plan: &Plan, l1: f64, l2: f64) -> Self {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for block in plan.blocks.iter().filter(|block| block.penalised) {
            let end = block.first_weight + block.inputs * block.outputs;
            match ranges.last_mut() {
                Some(last) if last.end == block.first_weight => last.end = end,
                _ => ranges.push(block.first_weight..end),
            }
        }
        let (mut soft, mut fixed) = (Vec::new(), Vec::new());
        for constraint in &plan.constraints {
            let slot = plan.blocks[constraint.block].first_weight + constraint.input;
            match constraint.rule {
                SlotRule::Soft { side, cost } => soft.push((slot, side, f64::from(cost))),
                SlotRule::Fixed(_) => fixed.push(slot),
                SlotRule::Initial(_) | SlotRule::Side(_) => {}
            }
        }
        Self { l1, l2, ranges, soft, fixed }
    }
}

/// The parts of a loss.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Terms {
    /// Losses of traits.
    pub traits: f64,
    /// Losses of supervised latents and of auxiliary read-outs.
    pub supervision: f64,
    /// Penalties.
    pub penalty: f64,
}

impl Terms {
    /// The whole loss.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.traits + self.supervision + self.penalty
    }
}

/// The loss on `rows` and its gradient, overwriting `gradient`.
///
/// `dropout` is `(seed, step)` of the masks.
pub fn objective<T: Real>(
    problem: &Problem<'_>,
    parameters: &Parameters<T>,
    rows: &[u32],
    dropout: (u64, u64),
    penalties: &Penalties,
    workspace: &mut Workspace<T>,
    gradient: &mut Parameters<T>,
) -> Terms {
    let Problem { plan, inputs, targets } = *problem;
    let pass = Pass::Learn { seed: dropout.0, step: dropout.1 };
    forward(plan, parameters, inputs, rows, pass, workspace);
    workspace.clear_gradients();
    let (traits, supervision) = losses(plan, targets, rows, workspace);
    backward(plan, parameters, workspace, gradient);
    let mut penalty = 0.0;
    for range in &penalties.ranges {
        let weights = &parameters.weights[range.clone()];
        penalty += penalty::value(weights, penalties.l1, penalties.l2);
        penalty::add_gradient(weights, penalties.l1, penalties.l2, &mut gradient.weights[range.clone()]);
    }
    penalty += soft_signs(penalties, parameters, gradient);
    penalties.fixed.iter().for_each(|slot| gradient.weights[*slot] = T::ZERO);
    Terms { traits, supervision, penalty }
}

/// Losses of traits, and of supervised latents and auxiliary read-outs, of the rows that the
/// workspace has run; leaves their gradients there.
pub(super) fn losses<T: Real>(
    plan: &Plan,
    targets: &Targets,
    rows: &[u32],
    workspace: &mut Workspace<T>,
) -> (f64, f64) {
    let mut buffers = Buffers::of(targets, rows);
    let traits = trait_losses(plan, targets, workspace, &mut buffers);
    let items = plan.supervisions.iter().zip(&targets.supervised);
    let mut supervision: f64 =
        items.map(|(item, measured)| supervision_loss(item, measured, workspace, &mut buffers)).sum();
    for auxiliary in &plan.auxiliaries {
        let head = ReadOut {
            head: &plan.heads[auxiliary.head],
            first_row: auxiliary.first_row,
            weight: auxiliary.weight,
        };
        supervision += head_loss(head, &targets.heads[auxiliary.head], workspace, &mut buffers);
    }
    (traits, supervision)
}

/// The trait losses on `rows` as one batch, without dropout; `None` when no trait is observed
/// there.
#[must_use]
pub fn validation_loss(
    problem: &Problem<'_>,
    parameters: &Parameters<f32>,
    rows: &[u32],
    buffers: (&mut Workspace<f32>, &mut Runner),
) -> Option<f64> {
    let Problem { plan, inputs, targets } = *problem;
    let mut at_rows = Buffers::<f32>::of(targets, rows);
    if !targets.heads.iter().flatten().any(|target| at_rows.observed(&target.values) > 0.0) {
        return None;
    }
    let wanted = trait_rows(plan);
    let values = values(plan, parameters, inputs, rows, &wanted, buffers);
    let mut outputs = Collected { rows: wanted, values, gradient: vec![0.0; rows.len()] };
    Some(trait_losses(plan, targets, &mut outputs, &mut at_rows))
}

// Where losses read outputs and leave gradients.
trait Outputs<T> {
    fn row_and_gradient(&mut self, row: usize) -> (&[T], &mut [T]);
}

impl<T: Real> Outputs<T> for Workspace<T> {
    fn row_and_gradient(&mut self, row: usize) -> (&[T], &mut [T]) {
        Workspace::row_and_gradient(self, row)
    }
}

struct Collected<T> {
    rows: Vec<usize>,
    values: Vec<Vec<T>>,
    gradient: Vec<T>,
}

impl<T> Outputs<T> for Collected<T> {
    fn row_and_gradient(&mut self, row: usize) -> (&[T], &mut [T]) {
        let place = self.rows.iter().position(|known| *known == row).expect("all trait rows were collected");
        (&self.values[place], &mut self.gradient)
    }
}

// Targets, weights and shifted outputs of the current batch.
struct Buffers<'a, T> {
    rows: &'a [u32],
    weights: Option<Vec<T>>,
    targets: Vec<T>,
    outputs: Vec<T>,
}

impl<'a, T: Real> Buffers<'a, T> {
    fn of(targets: &Targets, rows: &'a [u32]) -> Self {
        let mut weights = targets.weights.as_ref().map(|_| Vec::new());
        if let (Some(gathered), Some(all)) = (&mut weights, &targets.weights) {
            gather(all, rows, gathered);
        }
        Self { rows, weights, targets: Vec::new(), outputs: Vec::new() }
    }

    // Takes these targets into the batch; Σ of the weights of observed records.
    fn observed(&mut self, values: &[f32]) -> f64 {
        gather(values, self.rows, &mut self.targets);
        loss::observed_weight(&self.targets, self.weights.as_deref())
    }
}

fn trait_losses<T: Real>(
    plan: &Plan,
    targets: &Targets,
    outputs: &mut impl Outputs<T>,
    buffers: &mut Buffers<'_, T>,
) -> f64 {
    let heads = plan.heads.iter().zip(&targets.heads);
    let of = |head| ReadOut { head, first_row: head.first_row, weight: head.weight };
    heads.map(|(head, targets)| head_loss(of(head), targets, outputs, buffers)).sum()
}

/// A read-out of a head's traits: its own, or one at an inner layer.
struct ReadOut<'a> {
    head: &'a Head,
    first_row: usize,
    weight: f64,
}

fn head_loss<T: Real>(
    read_out: ReadOut<'_>,
    targets: &[TraitTarget],
    outputs: &mut impl Outputs<T>,
    buffers: &mut Buffers<'_, T>,
) -> f64 {
    let observed: Vec<f64> = targets.iter().map(|target| buffers.observed(&target.values)).collect();
    let count = observed.iter().filter(|weight| **weight > 0.0).count();
    let mut total = 0.0;
    for (k, target) in targets.iter().enumerate().filter(|(k, _)| observed[*k] > 0.0) {
        let scale = read_out.weight / (count as f64 * observed[k]);
        gather(&target.values, buffers.rows, &mut buffers.targets);
        let (values, gradient) = outputs.row_and_gradient(read_out.first_row + k);
        shifted(values, target.offsets.as_deref(), buffers.rows, &mut buffers.outputs);
        let (outputs, targets) = (&buffers.outputs, &buffers.targets);
        let batch = Batch { outputs, targets, weights: buffers.weights.as_deref(), scale };
        total += loss_of(read_out.head.losses[k], batch, gradient);
    }
    total
}

/// Σ cost·|w| over weights on the wrong side, and its gradient.
fn soft_signs<T: Real>(
    penalties: &Penalties,
    parameters: &Parameters<T>,
    gradient: &mut Parameters<T>,
) -> f64 {
    let mut total = 0.0;
    for (slot, side, cost) in &penalties.soft {
        let wrong = -f64::from(*side) * parameters.weights[*slot].wide();
        if wrong > 0.0 {
            total += cost * wrong;
            gradient.weights[*slot] += T::of(-f64::from(*side) * cost);
        }
    }
    total
}

fn supervision_loss<T: Real>(
    item: &Supervision,
    measured: &[Vec<f32>],
    workspace: &mut Workspace<T>,
    buffers: &mut Buffers<'_, T>,
) -> f64 {
    let count_of =
        |values: &Vec<f32>| buffers.rows.iter().filter(|row| !values[**row as usize].is_nan()).count();
    let counts: Vec<usize> = measured.iter().map(count_of).collect();
    let latents = counts.iter().filter(|count| **count > 0).count();
    let mut total = 0.0;
    for (k, latent) in item.latents.iter().enumerate().filter(|(k, _)| counts[*k] > 0) {
        let scale = item.weight / (latents * counts[k]) as f64;
        gather(&measured[k], buffers.rows, &mut buffers.targets);
        let (outputs, gradient) = workspace.row_and_gradient(latent.row);
        let batch = Batch { outputs, targets: &buffers.targets, weights: None, scale };
        total += loss_of(latent.loss, batch, gradient);
    }
    total
}

/// The loss of a batch; leaves its gradient.
fn loss_of<T: Real>(loss: Loss, batch: Batch<'_, T>, gradient: &mut [T]) -> f64 {
    match loss {
        Loss::Mse => batch.add(gradient, loss::squared_error),
        Loss::Bce => batch.add(gradient, loss::cross_entropy),
        Loss::Mae => batch.add(gradient, loss::absolute_error),
        Loss::Huber(bend) => batch.add(gradient, |output, target| loss::huber(T::of(bend), output, target)),
        Loss::Poisson => batch.add(gradient, loss::poisson),
    }
}

fn gather<T: Real>(values: &[f32], rows: &[u32], into: &mut Vec<T>) {
    into.clear();
    into.extend(rows.iter().map(|row| T::of(f64::from(values[*row as usize]))));
}

fn shifted<T: Real>(values: &[T], offsets: Option<&[f32]>, rows: &[u32], into: &mut Vec<T>) {
    into.clear();
    into.extend_from_slice(values);
    if let Some(offsets) = offsets {
        into.iter_mut().zip(rows).for_each(|(value, row)| *value += T::of(f64::from(offsets[*row as usize])));
    }
}
