//! The way back through one span, and its update.

use super::super::rules::Rules;
use super::super::update::Step;
use crate::compiler::plan::Block;
use crate::engine::network::backward::{BlockValues, before_activation};
use crate::engine::network::forward::{keeps_slopes, kernel_activation};
use crate::engine::network::packed::forward::{Bases, Calls, Rows, Scratch, Slots, Visit, own_map};
use crate::engine::network::packed::layout::Chain;
use crate::kernel::affine;
use crate::kernel::packed;
use crate::kernel::readers::{self, Gradients, Readers, Values};
use crate::language::spec::Norm;

/// Slots of a part, their moments, and where the gradient is kept when somebody asks for it.
pub(super) struct Learnt<'a> {
    pub(super) weights: Slot<'a>,
    pub(super) biases: Slot<'a>,
    pub(super) state: &'a [f32],
}

/// Values with what moves them; moments that a rule has not are empty.
pub(super) struct Slot<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) first: &'a mut [f32],
    pub(super) second: &'a mut [f32],
    /// Empty unless asked for.
    pub(super) gradient: &'a mut [f32],
}

impl Learnt<'_> {
    pub(super) fn slots(&self) -> Slots<'_> {
        Slots { weights: self.weights.values, biases: self.biases.values, state: self.state }
    }
}

impl Slot<'_> {
    /// Moves some values along their gradient.
    pub(super) fn step(&mut self, step: &Step, first: usize, gradient: &[f32]) {
        let places = first..first + gradient.len();
        if !self.gradient.is_empty() {
            self.gradient[places.clone()].copy_from_slice(gradient);
        }
        let second = if self.second.is_empty() { &mut [][..] } else { &mut self.second[places.clone()] };
        step.update(&mut self.values[places.clone()], gradient, &mut self.first[places], second);
    }
}

/// Room for the gradients of one span.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    pub(super) scratch: Scratch,
    weights: Vec<f32>,
    biases: Vec<f32>,
}

/// A visit that learns.
pub(super) struct Learn<'a> {
    pub(super) visit: Visit<'a>,
    pub(super) rules: &'a Rules,
    pub(super) step: &'a Step,
    /// The way forward that follows.
    pub(super) then: Option<Visit<'a>>,
    /// Whether gradients of the span's rows come from their readers alone.
    pub(super) alone: bool,
    /// Who reads the part's rows.
    pub(super) readers: Readers<'a>,
}

impl Learn<'_> {
    /// Learns a span from the gradients `[rows × batch]` of its part's rows, to which others may add
    /// again afterwards, and from the rows' readers, whose edges get their gradients; gives its penalty.
    pub(super) fn span(
        &self,
        learnt: &mut Learnt<'_>,
        rows: &Rows<'_>,
        (gradients, edges): (&mut [f32], &mut [f32]),
        room: &mut Room,
    ) -> f64 {
        let blocks = self.visit.blocks();
        room.weights.resize(self.visit.span.weights, 0.0);
        room.biases.resize(self.visit.span.rows, 0.0);
        if self.visit.span.uniform {
            self.together(rows, (gradients, edges), room);
        } else {
            self.announce(2);
            for chain in self.visit.chains() {
                self.chain(chain, learnt, rows, gradients, room);
            }
        }
        self.announce(3);
        if !(self.alone && self.visit.span.uniform) {
            gradients[self.visit.values()].fill(0.0);
        }
        let Learnt { weights, biases, .. } = learnt;
        let moved = Moved { blocks, bases: self.visit.bases, weights, biases };
        update(self.rules, self.step, moved, (&mut room.weights, &room.biases))
    }

    /// Asks for a quarter of the calls of the way forward that follows.
    fn announce(&self, quarter: usize) {
        if let Some(then) = self.then {
            then.announce(then.span, quarter);
        }
    }

    /// Gradients of chains of one block each, of which all are finished at once.
    fn together(&self, rows: &Rows<'_>, (gradients, edges): (&mut [f32], &mut [f32]), room: &mut Room) {
        let Visit { net, span, batch, .. } = self.visit;
        let blocks = self.visit.blocks();
        let own = self.visit.values();
        let kind = kernel_activation(blocks[0].activation);
        let slopes = if kind.tells_slope() { &[] } else { &rows.slopes[own.clone()] };
        let values = Values { activations: &rows.activations[own.clone()], slopes, kind, batch: batch.len };
        let Readers { starts, .. } = self.readers;
        let starts = &starts[own.start / batch.len..=own.end / batch.len];
        let of_span = |edge: u32| (edge - self.readers.starts[0]) as usize;
        let edges = &mut edges[of_span(starts[0])..of_span(starts[starts.len() - 1])];
        let delta = &mut gradients[own];
        let holds_others = !self.alone;
        let mut found = Gradients { rows: delta, holds_others, edges, biases: &mut room.biases };
        readers::backward(net.isa, Readers { starts, ..self.readers }, values, &mut found);
        self.announce(2);
        let lines = &rows.lines[self.visit.lines()];
        if let Some(maps) = self.visit.maps(lines) {
            return packed::weight_gradients_all(net.isa, maps, delta, &mut room.weights);
        }
        let (mut delta, mut weights) = (&*delta, &mut room.weights[..]);
        for (chain, block) in self.visit.chains().iter().zip(blocks) {
            let (own_delta, others) = delta.split_at(block.outputs * batch.len);
            let (own, rest) = std::mem::take(&mut weights).split_at_mut(block.map_weights());
            (delta, weights) = (others, rest);
            let calls = Calls { net, chain, lines, stride: span.lines };
            calls.weight_gradients(block, batch.len, own_delta, own, &mut room.scratch);
        }
    }

    fn chain(
        &self,
        chain: &Chain,
        learnt: &Learnt<'_>,
        rows: &Rows<'_>,
        gradients: &mut [f32],
        room: &mut Room,
    ) {
        let Visit { net, span, bases, batch, .. } = self.visit;
        let of_span = &self.visit.blocks()[0];
        let Room { scratch, weights, biases } = room;
        let slots = learnt.slots();
        let blocks = &net.plan.blocks[chain.blocks.clone()];
        // Whether the gradient is the one before the activation already.
        let mut is_before = false;
        for (at, block) in blocks.iter().enumerate().rev() {
            let values = self.visit.values_of(block);
            let (above, below) = gradients.split_at_mut(values.start);
            let delta = &mut below[..values.len()];
            let own = &mut weights[block.first_weight - of_span.first_weight..];
            let (own, own_gains) =
                own[..block.map_weights() + block.gains()].split_at_mut(block.map_weights());
            let first_bias = block.first_bias - of_span.first_bias;
            let (biases_above, biases) = biases.split_at_mut(first_bias);
            if !is_before {
                let normals = match block.gains() {
                    0 => (&[][..], &[][..]),
                    _ => (&rows.normals.values[values.clone()], &rows.normals.scales[values.clone()]),
                };
                let (activations, slopes) = (&rows.activations[values.clone()], &rows.slopes[values.clone()]);
                let of_block = BlockValues { activations, slopes, normals, gains: slots.gains(block, bases) };
                before_activation(block, of_block, batch.len, delta, own_gains, &mut biases[..block.outputs]);
            }
            if at == 0 {
                let lines = &rows.lines[self.visit.lines()];
                let calls = Calls { net, chain, lines, stride: span.lines };
                calls.weight_gradients(block, batch.len, delta, own, scratch);
                continue;
            }
            let previous = values.start - block.inputs * batch.len;
            let read = &rows.activations[previous..values.start];
            is_before = block.outputs == 1 && is_plain(&blocks[at - 1]);
            if is_before {
                scratch.edges(block.inputs);
                let readers = Readers {
                    starts: &scratch.identity[..=block.inputs],
                    edges: &scratch.edges[..block.inputs],
                    weights: slots.map(block, bases),
                    deltas: delta,
                };
                let kind = kernel_activation(blocks[at - 1].activation);
                let read = Values { activations: read, slopes: &[], kind, batch: batch.len };
                let mut found = Gradients {
                    rows: &mut above[previous..],
                    holds_others: false,
                    edges: own,
                    biases: &mut biases_above[first_bias - block.inputs..],
                };
                readers::backward(net.isa, readers, read, &mut found);
                continue;
            }
            scratch.identity(block.inputs);
            let map = own_map(block, slots.map(block, bases), &scratch.identity, batch.len);
            affine::weight_gradients(&map, read, delta, own, &mut scratch.gathered);
            affine::row_gradients(&map, delta, &mut above[previous..], 0, &mut scratch.gathered);
        }
    }
}

/// Whether a block is a map and an activation that tells its slope, and nothing else.
fn is_plain(block: &Block) -> bool {
    block.norm == Norm::None && !keeps_slopes(block)
}

/// What is moved together: blocks, where their slices start, and the slices.
pub(super) struct Moved<'s, 'a> {
    pub(super) blocks: &'s [Block],
    pub(super) bases: Bases,
    pub(super) weights: &'s mut Slot<'a>,
    pub(super) biases: &'s mut Slot<'a>,
}

/// Penalises, decays, moves and holds the parameters of some consecutive blocks along the gradients
/// of their weights and biases; gives their penalty.
pub(super) fn update(
    rules: &Rules,
    step: &Step,
    moved: Moved<'_, '_>,
    (weight_gradients, bias_gradients): (&mut [f32], &[f32]),
) -> f64 {
    let Moved { blocks, bases: Bases { weight, bias, .. }, weights, biases } = moved;
    let Some(head) = blocks.first() else { return 0.0 };
    let first = head.first_weight;
    let own = first - weight..first - weight + weight_gradients.len();
    let penalty = rules.penalise(blocks, first, &weights.values[own.clone()], weight_gradients);
    if step.decays() {
        for block in blocks.iter().filter(|block| block.penalised) {
            step.decay(&mut weights.values[block.first_weight - weight..][..block.map_weights()]);
        }
    }
    weights.step(step, own.start, weight_gradients);
    biases.step(step, head.first_bias - bias, bias_gradients);
    rules.held.hold(first, &mut weights.values[own]);
    penalty
}
