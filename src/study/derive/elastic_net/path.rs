//! The path of solutions by coordinate descent (Friedman, Hastie, Tibshirani 2010).
//!
//! Minimised is (1/2n)‖y − Xb‖² + α(ρ‖b‖₁ + ½(1 − ρ)‖b‖²) with columns of X of mean 0 and SD 1 (or 0)
//! and y of mean 0. A solution is done when its duality gap is at most `tolerance`·‖y‖²/n, the
//! criterion of scikit-learn.

use super::standard::Standardised;

/// Passes over the columns before a solution is taken as it stands.
const MOST_PASSES: usize = 10_000;

/// A solver that goes on from its last solution.
pub(super) struct Path<'a> {
    x: &'a Standardised,
    ratio: f64,
    tolerance: f64,
    /// ‖y‖².
    square: f64,
    pub(super) coefficients: Vec<f64>,
    /// y − Xb.
    residual: Vec<f64>,
}

impl<'a> Path<'a> {
    /// Starts at 0; `ratio` is ρ, above 0.
    pub(super) fn new(x: &'a Standardised, y: &[f64], ratio: f64, tolerance: f64) -> Self {
        let coefficients = vec![0.0; x.count()];
        Self { x, ratio, tolerance, square: dot(y, y), coefficients, residual: y.to_vec() }
    }

    /// The least α at which all coefficients are 0.
    pub(super) fn largest(&self) -> f64 {
        debug_assert!(self.coefficients.iter().all(|b| *b == 0.0), "asked at the start");
        let most = (0..self.x.count()).map(|at| dot(self.x.column(at), &self.residual).abs());
        most.fold(0.0, f64::max) / (self.x.rows() as f64 * self.ratio)
    }

    /// Moves to the solution at α.
    pub(super) fn solve(&mut self, alpha: f64) {
        let mut active: Vec<usize> = Vec::new();
        let mut passes = 0;
        while passes < MOST_PASSES {
            // All columns, then those in use until they rest.
            self.pass(0..self.x.count(), alpha);
            active.clear();
            active.extend((0..self.x.count()).filter(|at| self.coefficients[*at] != 0.0));
            if self.gap(alpha) <= self.tolerance * self.square / self.x.rows() as f64 {
                return;
            }
            passes += 1;
            while passes < MOST_PASSES {
                passes += 1;
                if self.pass(active.iter().copied(), alpha) <= self.tolerance.sqrt() * 1e-3 {
                    break;
                }
            }
        }
    }

    /// One step in each column; gives the largest one.
    fn pass(&mut self, columns: impl Iterator<Item = usize>, alpha: f64) -> f64 {
        let n = self.x.rows() as f64;
        let (threshold, shrink) = (alpha * self.ratio, 1.0 + alpha * (1.0 - self.ratio));
        let mut largest: f64 = 0.0;
        for at in columns.filter(|at| self.x.varies(*at)) {
            let (column, old) = (self.x.column(at), self.coefficients[at]);
            let pull = dot(column, &self.residual) / n + old;
            let new = pull.signum() * (pull.abs() - threshold).max(0.0) / shrink;
            let step = new - old;
            if step != 0.0 {
                self.residual.iter_mut().zip(column).for_each(|(r, x)| *r -= step * x);
                self.coefficients[at] = new;
                largest = largest.max(step.abs());
            }
        }
        largest
    }

    /// An upper bound of how far the objective is above its minimum.
    fn gap(&self, alpha: f64) -> f64 {
        let n = self.x.rows() as f64;
        let (l1, l2) = (alpha * self.ratio * n, alpha * (1.0 - self.ratio) * n);
        let b = &self.coefficients;
        let pulls = (0..self.x.count()).map(|at| (dot(self.x.column(at), &self.residual) - l2 * b[at]).abs());
        let dual = pulls.fold(0.0, f64::max);
        let r = dot(&self.residual, &self.residual);
        let (norm1, norm2) = (b.iter().map(|b| b.abs()).sum::<f64>(), dot(b, b));
        // R′y with y = R + Xb.
        let fitted: f64 = (0..self.x.count())
            .filter(|at| b[*at] != 0.0)
            .map(|at| b[at] * dot(self.x.column(at), &self.residual))
            .sum();
        let scale = if dual > l1 { l1 / dual } else { 1.0 };
        let gap = 0.5 * r * (1.0 + scale * scale) + l1 * norm1 - scale * (r + fitted)
            + 0.5 * l2 * (1.0 + scale * scale) * norm2;
        gap / n
    }
}

/// Four sums side by side.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_four, a_rest) = a.as_chunks::<4>();
    let (b_four, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a_four.iter().zip(b_four) {
        (0..4).for_each(|k| sums[k] += a[k] * b[k]);
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
