//! How fast this machine trains: a few small networks, run for a moment on one thread.
//!
//! Each of them spends its time mostly in one kind of work, so that the times of all tell the time
//! of each kind. Only time is measured; nothing of it reaches a result.

mod nets;

use crate::compiler::plan::Cost;
use nets::{KINDS, Net};
use std::time::{Duration, Instant};

/// Batches outside of this range are timed as the nearest in it.
const BATCHES: (usize, usize) = (16, 256);
/// Rounds in which times of kinds are corrected by those of the others.
const ROUNDS: usize = 100;

/// Seconds that each kind of work takes on one thread: see [`work`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace([f64; KINDS]);

impl Pace {
    /// Times training in about so much time, with batches of so many samples.
    #[must_use]
    pub fn measured(batch: usize, within: Duration) -> Self {
        let batch = batch.clamp(BATCHES.0, BATCHES.1);
        let share = within / KINDS as u32;
        let nets = Net::all(batch);
        let times = nets.each_ref().map(|net| net.step_seconds(share));
        Self(solved(&nets.each_ref().map(|net| work(&Cost::of(&net.plan, batch))), &times))
    }

    /// Seconds that a step is expected to take on one thread.
    #[must_use]
    pub fn step_seconds(&self, cost: &Cost) -> f64 {
        work(cost).iter().zip(&self.0).map(|(count, seconds)| count * seconds).sum()
    }
}

/// The work of a step by kind: products of packed, decoded, single and dense maps with their way
/// back and updates, values of nodes, costly ones among them, and the step itself.
fn work(cost: &Cost) -> [f64; KINDS] {
    let edges = cost.edges;
    let of_batch = [edges.packed, edges.decoded, edges.single, edges.dense, cost.rows, cost.costly];
    let [packed, decoded, single, dense, rows, costly] = of_batch.map(|count| (count * cost.batch) as f64);
    [packed, decoded, single, dense, rows, costly, 1.0]
}

/// Times of kinds from times of networks that each spend most on their own kind. None is below a fifth of the
/// time of its own network: a machine that is busy elsewhere makes the others look slow, not it free.
fn solved(work: &[[f64; KINDS]; KINDS], times: &[f64; KINDS]) -> [f64; KINDS] {
    let mut kinds = [0.0; KINDS];
    for _ in 0..ROUNDS {
        for at in 0..KINDS {
            let others: f64 = (0..KINDS).filter(|k| *k != at).map(|k| work[at][k] * kinds[k]).sum();
            kinds[at] = (times[at] - others).max(LEAST * times[at]) / work[at][at];
        }
    }
    kinds
}

/// The shortest of many timings.
fn shortest(within: Duration, mut timed: impl FnMut() -> Duration) -> Duration {
    let started = Instant::now();
    let mut best = timed();
    while started.elapsed() < within {
        best = best.min(timed());
    }
    best
}

/// Least share of a network's time that is its own kind's.
const LEAST: f64 = 0.2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_kinds_are_found_again() {
        let nets = Net::all(64);
        let work = nets.each_ref().map(|net| work(&Cost::of(&net.plan, 64)));
        let kinds = [1e-10, 2e-10, 3e-10, 5e-11, 2e-9, 8e-9, 4e-6];
        let times = work.map(|work| work.iter().zip(&kinds).map(|(count, time)| count * time).sum());
        for (found, wanted) in solved(&work, &times).iter().zip(&kinds) {
            assert!((found / wanted - 1.0).abs() < 1e-6, "{found} {wanted}");
        }
    }

    #[test]
    fn a_measured_pace_is_kept_in_time_and_grows_with_work() {
        let started = Instant::now();
        let pace = Pace::measured(64, Duration::from_millis(60));
        assert!(started.elapsed() < Duration::from_secs(5), "seven small networks");
        let cost = Cost::of_layers(1000, &[16], 1, 64);
        let more = Cost::of_layers(100_000, &[16], 1, 64);
        let (few, many) = (pace.step_seconds(&cost), pace.step_seconds(&more));
        assert!(few > 0.0 && many > 10.0 * few && many.is_finite(), "{few} {many}");
    }
}
