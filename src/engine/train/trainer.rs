//! Epochs over rows in a given order.

use crate::engine::network::{Parameters, Pass};
use crate::kernel::team::Team;
use crate::language::diagnostics::Diagnostic;
use std::ops::Range;

use super::checkpoint::Moving;
use super::error;
use super::fit::FitOptions;
use super::fused::Machine;
use super::held::Held;
use super::invariant::{self, FirstStep};
use super::objective::{Penalties, Problem, Terms, validation_loss};
use super::rules::Rules;
use super::update::Updater;

/// How far an epoch has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Done {
    /// Batches.
    pub batches: usize,
    /// Losses of these batches, each weighted by its share of the epoch's rows.
    pub losses: Terms,
}

impl Done {
    fn add(&mut self, terms: &Terms, share: f64) {
        self.batches += 1;
        self.losses.traits += share * terms.traits;
        self.losses.supervision += share * terms.supervision;
        self.losses.penalty += share * terms.penalty;
    }
}

/// A network in training, from given parameters.
pub struct Trainer<'a> {
    machine: Machine<'a>,
    team: &'a Team,
    problem: Problem<'a>,
    options: FitOptions,
    penalised: Vec<Range<usize>>,
    silent: Vec<bool>,
    rules: Rules,
    capacity: usize,
    steps: u64,
}

impl<'a> Trainer<'a> {
    /// A network at rest.
    ///
    /// `silent` are the inputs that carry nothing, as [`InputData::silent`] gives them; without a
    /// batch in the options, a step takes one row.
    ///
    /// [`InputData::silent`]: crate::engine::network::InputData::silent
    #[must_use]
    pub fn new(
        problem: Problem<'a>,
        parameters: Parameters<f32>,
        silent: Vec<bool>,
        options: &FitOptions,
        team: &'a Team,
    ) -> Self {
        let updater = Updater::new(options.optimizer, &parameters);
        Self::with(problem, (parameters, updater, 0), silent, options, team)
    }

    /// A network that goes on where another was stopped.
    #[must_use]
    pub fn resumed(
        problem: Problem<'a>,
        moving: Moving,
        silent: Vec<bool>,
        options: &FitOptions,
        team: &'a Team,
    ) -> Self {
        let Moving { parameters, first, second, powers, steps } = moving;
        let updater = Updater::resumed(options.optimizer, first, second, powers);
        Self::with(problem, (parameters, updater, steps), silent, options, team)
    }

    fn with(
        problem: Problem<'a>,
        (parameters, updater, steps): (Parameters<f32>, Updater, u64),
        silent: Vec<bool>,
        options: &FitOptions,
        team: &'a Team,
    ) -> Self {
        let plan = problem.plan;
        let capacity = options.batch.unwrap_or(1);
        let penalties = Penalties::of(plan, options.optimizer.l1, options.optimizer.l2);
        Self {
            machine: Machine::new(problem, parameters, updater, capacity, team.members()),
            team,
            problem,
            options: *options,
            rules: Rules::of(&penalties, Held::of(plan, &silent)),
            penalised: penalties.ranges,
            silent,
            capacity,
            steps,
        }
    }

    /// The parameters now.
    #[must_use]
    pub fn parameters(&self) -> &Parameters<f32> {
        &self.machine.parameters
    }

    /// The parameters at the end.
    #[must_use]
    pub fn into_parameters(self) -> Parameters<f32> {
        self.machine.parameters
    }

    /// What steps have moved so far.
    #[must_use]
    pub fn moving(&self) -> Moving {
        let Machine { parameters, updater, .. } = &self.machine;
        Moving {
            parameters: parameters.clone(),
            first: updater.first.clone(),
            second: updater.second.clone(),
            powers: updater.powers(),
            steps: self.steps,
        }
    }

    /// Steps over `rows` in their order, a batch each; the mean over rows of the batches' losses.
    ///
    /// # Errors
    /// E0902 when a loss is not finite or the first step breaks its rule, which names the epoch by its
    /// `number`.
    pub fn epoch(&mut self, number: usize, rows: &[u32]) -> Result<Terms, Diagnostic> {
        let mut done = Done::default();
        self.go_on(number, rows, &mut done, &mut |_, _| Ok(()))?;
        Ok(done.losses)
    }

    /// Steps over the batches of `rows` that are not done yet, in their order; `done` is then the
    /// whole epoch. `between` is called after every step but the last, with what is done.
    ///
    /// # Errors
    /// E0902 when a loss is not finite or the first step breaks its rule, which name the epoch by its
    /// `number`, and what `between` gives.
    pub fn go_on(
        &mut self,
        number: usize,
        rows: &[u32],
        done: &mut Done,
        between: &mut dyn FnMut(&Self, &Done) -> Result<(), Diagnostic>,
    ) -> Result<(), Diagnostic> {
        let mut batches = rows.chunks(self.capacity).skip(done.batches).peekable();
        if let Some(first) = batches.peek() {
            self.machine.start(self.team, first, self.pass(0));
        }
        while let Some(batch) = batches.next() {
            let terms = self.step(batches.peek().copied())?;
            if !terms.total().is_finite() {
                return Err(error::numeric_failure(number, "the loss"));
            }
            done.add(&terms, batch.len() as f64 / rows.len() as f64);
            if batches.peek().is_some() {
                between(self, done)?;
            }
        }
        Ok(())
    }

    /// The trait losses on `rows`; `None` when no trait is observed there.
    pub fn validation_loss(&mut self, rows: &[u32]) -> Option<f64> {
        let Machine { parameters, workspace, runner, .. } = &mut self.machine;
        validation_loss(&self.problem, parameters, rows, (workspace, runner))
    }

    /// The pass of the step after so many more.
    fn pass(&self, ahead: u64) -> Pass {
        Pass::Learn { seed: self.options.seed, step: self.steps + ahead }
    }

    fn step(&mut self, next: Option<&[u32]>) -> Result<Terms, Diagnostic> {
        let before = (self.steps == 0).then(|| self.machine.parameters.clone());
        let next = next.map(|rows| (rows, self.pass(1)));
        let terms = self.machine.step(self.team, &self.rules, next, before.is_some());
        self.steps += 1;
        if let (Some(before), true) = (before, terms.total().is_finite()) {
            invariant::check(&FirstStep {
                plan: self.problem.plan,
                silent: &self.silent,
                optimizer: &self.options.optimizer,
                penalised: &self.penalised,
                held: &self.rules.held.mask(self.problem.plan),
                before: &before,
                gradient: &self.machine.gradient,
                after: &self.machine.parameters,
            })?;
        }
        Ok(terms)
    }
}
