//! Training steps on packed calls.
//!
//! A step runs what is behind the chains, level by level: the rest of the way forward, losses and the
//! way back to the chains. Then each thread visits its spans once: the way back, the update, and
//! the way forward of the next batch. What is behind the chains is moved last, since spans ask it
//! for gradients.

mod asked;
mod behind;
mod learn;
mod parts;

use super::objective::{Problem, Terms, losses};
use super::rules::Rules;
use super::update::{Step, Updater};
use crate::engine::network::normal::Kept;
use crate::engine::network::packed::Runner;
use crate::engine::network::packed::batch::Batch;
use crate::engine::network::packed::forward::{Net, Rows, Visit};
use crate::engine::network::{Parameters, Pass, Workspace};
use crate::kernel::isa::Isa;
use crate::kernel::packed::CHUNK;
use crate::kernel::readers::Readers;
use crate::kernel::team::Team;
use asked::Asked;
use behind::Behind;
use learn::{Learn, Learnt, Moved, Room, Slot, update};
use parts::{Part, after, parts, take};
use std::sync::{Mutex, PoisonError};

/// A network in training.
pub(super) struct Machine<'a> {
    problem: Problem<'a>,
    parts: Vec<Part>,
    behind: Behind,
    asked: Asked,
    rooms: Vec<Room>,
    /// Penalty of each span in the last step.
    penalties: Vec<f64>,
    /// The batch that the chains have run, with its rows.
    current: Option<(Vec<u32>, Batch)>,
    pub(super) parameters: Parameters<f32>,
    /// Whole after the first step; later only that of blocks behind the chains.
    pub(super) gradient: Parameters<f32>,
    pub(super) updater: Updater,
    pub(super) workspace: Workspace<f32>,
    pub(super) runner: Runner,
}

impl<'a> Machine<'a> {
    /// A network for batches of up to `capacity` samples, for a team of so many members.
    pub(super) fn new(
        problem: Problem<'a>,
        parameters: Parameters<f32>,
        updater: Updater,
        capacity: usize,
        members: usize,
    ) -> Self {
        let Problem { plan, inputs, .. } = problem;
        let layout = &inputs.master().layout;
        let parts = parts(plan, layout, members);
        let behind = Behind::of(plan, layout, capacity, members);
        Self {
            asked: Asked::of(plan, layout, behind.asked()),
            behind,
            rooms: vec![Room::default(); parts.len()],
            parts,
            penalties: vec![0.0; layout.spans.len()],
            current: None,
            gradient: Parameters::zeros(plan),
            workspace: Workspace::for_learning(plan, capacity),
            runner: Runner::new(inputs, capacity),
            problem,
            parameters,
            updater,
        }
    }

    /// Runs the chains on the first batch of an epoch.
    pub(super) fn start(&mut self, team: &Team, rows: &[u32], pass: Pass) {
        self.workspace.clear_gradients();
        let batch = Batch::of(self.problem.inputs, rows, pass);
        self.visit(team, batch.len, None, Some(&batch), false);
        self.current = Some((rows.to_vec(), batch));
    }

    /// Learns from the batch that the chains have run, and runs them on `next`.
    ///
    /// `whole` keeps the whole gradient.
    pub(super) fn step(
        &mut self,
        team: &Team,
        rules: &Rules,
        next: Option<(&[u32], Pass)>,
        whole: bool,
    ) -> Terms {
        let Problem { plan, inputs, targets } = self.problem;
        let (rows, batch) = self.current.take().expect("an epoch was started");
        let pass = batch.learn.expect("a batch to learn from");
        let workspace = &mut self.workspace;
        workspace.batch = rows.len();
        inputs.fill_loose(&rows, &mut workspace.activations[..plan.inputs.len() * rows.len()]);
        self.behind.forward(team, plan, &self.parameters, pass, workspace);
        workspace.remember(plan, &mut self.parameters.state);
        let (traits, supervision) = losses(plan, targets, &rows, workspace);
        self.behind.backward(team, plan, &self.parameters, workspace, &mut self.gradient);
        let step = self.updater.advance();
        // A batch of another size has its rows elsewhere, so that both cannot be visited at once.
        let joined = next.filter(|(next, _)| next.len() == rows.len());
        let joined = joined.map(|(rows, pass)| (rows.to_vec(), Batch::of(inputs, rows, pass)));
        let run = joined.as_ref().map(|(_, batch)| batch);
        self.visit(team, batch.len, Some((&batch, rules, &step)), run, whole);
        self.current = joined;
        self.asked.give(&mut self.gradient);
        let behind = self.update_behind(rules, &step);
        self.clear_behind(rows.len());
        if let (None, Some((rows, pass))) = (&self.current, next) {
            self.start(team, rows, pass);
        }
        let penalty = self.penalties.iter().sum::<f64>() + behind;
        Terms { traits, supervision, penalty }
    }

    /// Gradients of rows behind the chains; those of the chains were cleared in the visit.
    fn clear_behind(&mut self, batch: usize) {
        let plan = self.problem.plan;
        let first = after(plan, self.problem.inputs.master().layout.blocks).row - plan.inputs.len();
        self.workspace.gradients[first * batch..].fill(0.0);
    }

    /// Penalises and moves what is behind the chains; gives its penalty.
    fn update_behind(&mut self, rules: &Rules, step: &Step) -> f64 {
        let Problem { plan, inputs, .. } = self.problem;
        let blocks = inputs.master().layout.blocks;
        let (bases, blocks) = (after(plan, blocks), &plan.blocks[blocks..]);
        let Self { parameters, gradient, updater: Updater { first, second, .. }, .. } = self;
        let slot = |values, first, second, start: usize| Slot {
            values: behind(values, start),
            first: behind(first, start),
            second: behind(second, start),
            gradient: &mut [],
        };
        let mut weights =
            slot(&mut parameters.weights, &mut first.weights, &mut second.weights, bases.weight);
        let mut biases = slot(&mut parameters.biases, &mut first.biases, &mut second.biases, bases.bias);
        let moved = Moved { blocks, bases, weights: &mut weights, biases: &mut biases };
        let gradients = (&mut gradient.weights[bases.weight..], &gradient.biases[bases.bias..]);
        update(rules, step, moved, gradients)
    }

    /// Each member's visit to its spans.
    fn visit(
        &mut self,
        team: &Team,
        batch: usize,
        learn: Option<(&Batch, &Rules, &Step)>,
        next: Option<&Batch>,
        whole: bool,
    ) {
        let Problem { plan, inputs, .. } = self.problem;
        let net = Net { plan, inputs, isa: Isa::here() };
        let views: Vec<Mutex<View<'_>>> = self.views(batch, whole).into_iter().map(Mutex::new).collect();
        team.run(&|member| {
            let Some(view) = views.get(member) else { return };
            view.lock().unwrap_or_else(PoisonError::into_inner).visit(net, learn, next);
        });
    }

    /// Slices of every part, for batches of one size.
    fn views(&mut self, batch: usize, whole: bool) -> Vec<View<'_>> {
        let Problem { plan, inputs, .. } = self.problem;
        let Self { parameters, gradient, updater, workspace, runner, parts, rooms, penalties, asked, .. } =
            self;
        let chunks = batch.div_ceil(CHUNK);
        let no_gradient: (&mut [f32], &mut [f32]) = (&mut [], &mut []);
        let (mut weight_gradient, mut bias_gradient) =
            if whole { (&mut gradient.weights[..], &mut gradient.biases[..]) } else { no_gradient };
        let chains = after(plan, inputs.master().layout.blocks);
        let (own, behind_weights) = parameters.weights.split_at_mut(chains.weight);
        let mut weights = [own, &mut updater.first.weights[..], &mut updater.second.weights[..]];
        let mut biases =
            [&mut parameters.biases[..], &mut updater.first.biases[..], &mut updater.second.biases[..]];
        let mut state = &parameters.state[..];
        let Kept { mut values, mut scales, mut moments } = workspace.normals.all();
        let first_row = plan.inputs.len();
        let mut activations = &mut workspace.activations[first_row * batch..];
        let mut slopes = &mut workspace.slopes[..];
        let (mut gradients, deltas) = workspace.gradients.split_at_mut((chains.row - first_row) * batch);
        let (behind_weights, deltas) = (&*behind_weights, &*deltas);
        let mut edge_gradients = &mut asked.gradients[..];
        let (starts, edges) = (&asked.starts, &asked.edges);
        let mut lines = &mut runner.lines[..];
        let mut penalties = &mut penalties[..];
        let views = parts.iter().zip(rooms).map(|(part, room)| {
            let rows = (part.end.row - part.first.row) * batch;
            let (count, biased) = (part.end.weight - part.first.weight, part.end.bias - part.first.bias);
            let states = part.end.state - part.first.state;
            let starts = &starts[part.first.row - first_row..=part.end.row - first_row];
            let edge_count = (starts[starts.len() - 1] - starts[0]) as usize;
            let (own, rest) = state.split_at(states.min(state.len()));
            state = rest;
            let [of_weights, of_first, of_second] = &mut weights;
            let [of_biases, first_biases, second_biases] = &mut biases;
            View {
                part,
                room,
                learnt: Learnt {
                    weights: Slot {
                        values: take(of_weights, count),
                        first: take(of_first, count),
                        second: take(of_second, count),
                        gradient: take(&mut weight_gradient, count),
                    },
                    biases: Slot {
                        values: take(of_biases, biased),
                        first: take(first_biases, biased),
                        second: take(second_biases, biased),
                        gradient: take(&mut bias_gradient, biased),
                    },
                    state: own,
                },
                rows: Rows {
                    activations: take(&mut activations, rows),
                    slopes: take(&mut slopes, rows),
                    normals: Kept {
                        values: take(&mut values, rows),
                        scales: take(&mut scales, rows),
                        moments: take(&mut moments, states),
                    },
                    lines: take(&mut lines, (part.end.line - part.first.line) * chunks),
                },
                gradients: take(&mut gradients, rows),
                readers: Readers { starts, edges, weights: behind_weights, deltas },
                alone: &asked.alone[part.spans.clone()],
                edge_gradients: take(&mut edge_gradients, edge_count),
                penalties: take(&mut penalties, part.spans.len()),
            }
        });
        views.collect()
    }
}

/// Values from `start` on; nothing where they are not in use.
fn behind(values: &mut [f32], start: usize) -> &mut [f32] {
    let start = start.min(values.len());
    &mut values[start..]
}

/// One part with everything that its visit reads and writes.
struct View<'a> {
    part: &'a Part,
    room: &'a mut Room,
    learnt: Learnt<'a>,
    rows: Rows<'a>,
    gradients: &'a mut [f32],
    readers: Readers<'a>,
    /// Of each span, whether its rows' gradients come from readers alone.
    alone: &'a [bool],
    edge_gradients: &'a mut [f32],
    penalties: &'a mut [f64],
}

impl View<'_> {
    fn visit(&mut self, net: Net<'_>, learn: Option<(&Batch, &Rules, &Step)>, next: Option<&Batch>) {
        let layout = &net.inputs.master().layout;
        let bases = self.part.first;
        let spans = &layout.spans[self.part.spans.clone()];
        for (at, span) in spans.iter().enumerate() {
            let next_span = spans.get(at + 1);
            let then = next.map(|batch| Visit { net, span, next: next_span, bases, batch });
            if let Some((batch, rules, step)) = learn {
                let visit = Visit { net, span, next: next_span, bases, batch };
                let Self { readers, alone, .. } = *self;
                let learn = Learn { visit, rules, step, then, readers, alone: alone[at] };
                let Self { learnt, rows, gradients, edge_gradients, room, .. } = self;
                self.penalties[at] = learn.span(learnt, rows, (gradients, edge_gradients), room);
            }
            if let Some(visit) = then {
                visit.forward(self.learnt.slots(), &mut self.rows, &mut self.room.scratch);
            }
        }
    }
}
