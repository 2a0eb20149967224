//! Figures of a run: time, memory, and how both compare with what was expected.
//!
//! They stand in `run.json` and `run.log` alone: no other file depends on them.

use super::machine::{Allowed, Held, bytes};
use crate::engine::pace::Pace;
use crate::engine::train::team_size;
use crate::study::evaluate::{Crew, FitRecord, Forecast, Method, Outcome};
use serde::Serialize;
use std::fmt::Write;
use std::time::Duration;

/// How long kernels are timed before a run.
const TIMED: Duration = Duration::from_millis(60);

/// What `run.json` says of time and memory.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Figures {
    import_seconds: f64,
    turn_seconds: f64,
    /// Absent where the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_bytes: Option<usize>,
    expected_peak_bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_by: Option<String>,
    fits_side_by_side: usize,
    edges: usize,
    expected_step_seconds: f64,
    /// Whether links are learnt, so that what is expected is the most.
    #[serde(skip)]
    at_most: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    step_seconds: Option<f64>,
    fits: Vec<FitFigures>,
}

/// What one fit took.
#[derive(Clone, Debug, Serialize)]
struct FitFigures {
    method: &'static str,
    /// `r1-f2`, or `final`.
    of: String,
    /// Inner fold that it did not see, from 1; 0 where it saw all rows.
    #[serde(skip_serializing_if = "is_none")]
    inner: usize,
    /// Member of the ensemble, from 0.
    member: usize,
    /// Which settings of the baseline `fcn`, or which listed weight, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    candidate: Option<usize>,
    epochs: usize,
    steps: u64,
    threads: usize,
    seconds: f64,
    samples_per_second: Option<f64>,
    ns_per_edge_sample: Option<f64>,
}

impl Figures {
    /// What is expected of a run, before it starts.
    pub(super) fn expected(
        forecast: &Forecast,
        crew: &Crew,
        allowed: Option<&Allowed>,
        import_seconds: f64,
        at_most: bool,
    ) -> Self {
        let cost = &forecast.own;
        let at_once = crew.fitting.min(forecast.fits).clamp(1, crew.threads);
        let team = team_size(cost.forward() * cost.batch, crew.threads / at_once);
        let one_thread = Pace::measured(cost.batch, TIMED).step_seconds(cost);
        Self {
            import_seconds,
            at_most,
            expected_peak_bytes: forecast.peak(crew),
            allowed_bytes: allowed.map(|allowed| allowed.bytes),
            allowed_by: allowed.map(|allowed| allowed.by.clone()),
            fits_side_by_side: at_once,
            edges: cost.forward(),
            expected_step_seconds: one_thread / team as f64,
            ..Self::default()
        }
    }

    /// What is expected, in a line for people.
    pub(super) fn outlook(&self) -> String {
        let fits = if self.fits_side_by_side == 1 {
            "one fit at a time".to_string()
        } else {
            format!("{} fits side by side", self.fits_side_by_side)
        };
        let expected = 1e6 * self.expected_step_seconds;
        let about = if self.at_most { "at most" } else { "about" };
        format!(
            "{fits}, up to {} of memory, {about} {expected:.0} µs a step",
            bytes(self.expected_peak_bytes)
        )
    }

    /// Adds what the run took.
    pub(super) fn measured(&mut self, outcome: &Outcome) {
        self.turn_seconds = outcome.turned_in;
        let own = || outcome.fits.iter().filter(|fit| fit.method == Method::Binn);
        let steps: u64 = own().map(|fit| fit.took.steps).sum();
        let seconds: f64 = own().map(|fit| fit.took.in_steps).sum();
        self.step_seconds = (steps > 0).then(|| seconds / steps as f64);
        self.fits = outcome.fits.iter().map(FitFigures::of).collect();
    }

    /// Adds the most memory that the process has held.
    pub(super) fn peak(&mut self, held: Option<Held>) {
        self.peak_bytes = held.map(|held| held.most);
    }

    /// Lines for `run.log`.
    pub(super) fn told(&self) -> String {
        let mut text =
            format!("import seconds {:.3}\nturn seconds {:.3}\n", self.import_seconds, self.turn_seconds);
        let peak = self.peak_bytes.map_or_else(|| "not told by the system".to_string(), bytes);
        let _ = writeln!(text, "peak memory {peak}, expected up to {}", bytes(self.expected_peak_bytes));
        if let (Some(allowed), Some(by)) = (self.allowed_bytes, &self.allowed_by) {
            let _ = writeln!(text, "allowed memory {} ({by})", bytes(allowed));
        }
        let _ = writeln!(text, "fits side by side {}", self.fits_side_by_side);
        let measured =
            self.step_seconds.map_or("none".to_string(), |seconds| format!("{:.1}", 1e6 * seconds));
        let expected = 1e6 * self.expected_step_seconds;
        let _ = writeln!(text, "microseconds a step {measured}, expected {expected:.1}");
        for fit in &self.fits {
            text += &fit.told();
        }
        text
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(inner: &usize) -> bool {
    *inner == 0
}

impl FitFigures {
    fn of(fit: &FitRecord) -> Self {
        let FitRecord { method, repeat, fold, size, inner, member, candidate, edges, took, .. } = *fit;
        let of = if repeat == 0 { "final".to_string() } else { format!("r{repeat}-f{fold}") };
        let size = size.map_or(String::new(), |size| format!(" with {size} training samples"));
        Self {
            method: method.name(),
            of: of + &size,
            inner,
            member,
            candidate,
            epochs: took.epochs,
            steps: took.steps,
            threads: took.threads,
            seconds: took.seconds,
            samples_per_second: took.samples_per_second(),
            ns_per_edge_sample: took.ns_per_edge(edges),
        }
    }

    fn told(&self) -> String {
        let Self { method, of, inner, member, epochs, steps, threads, seconds, .. } = self;
        let inner = if is_none(inner) { String::new() } else { format!(" without inner fold {inner}") };
        let candidate = self.candidate.map(|at| format!(", candidate {at}")).unwrap_or_default();
        let rates = match (self.samples_per_second, self.ns_per_edge_sample) {
            (Some(samples), Some(ns)) => format!(", {samples:.0} samples/s, {ns:.4} ns an edge and sample"),
            _ => String::new(),
        };
        format!(
            "fit {method} {of}{inner}, member {member}{candidate}: {epochs} epochs, {steps} steps, {seconds:.3} s{rates}, \
             threads {threads}\n"
        )
    }
}
