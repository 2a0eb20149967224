//! The path of solutions by coordinate descent (Friedman, Hastie, Tibshirani 2010).
//!
//! Minimised is (1/2n)‖y − Xb‖² + α(ρ‖b‖₁ + ½(1 − ρ)‖b‖²) with columns of X of mean 0 and SD 1 (or 0)
//! and y of mean 0. A solution is done when its duality gap is at most `tolerance`·‖y‖²/n, the
//! criterion of scikit-learn. Among the columns in use, passes are extrapolated.

use super::extrapolate::{KEPT, extrapolated};
use super::standard::Standardised;
use crate::kernel::reduce::dot;

/// Passes over the columns before a solution is taken as it stands.
pub const MOST_PASSES: usize = 10_000;

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

    /// Moves to the solution at α; gives whether its gap was reached.
    pub(super) fn solve(&mut self, alpha: f64) -> bool {
        let done = self.tolerance * self.square / self.x.rows() as f64;
        let all: Vec<usize> = (0..self.x.count()).filter(|at| self.x.varies(*at)).collect();
        let mut passes = 0;
        while passes < MOST_PASSES {
            // All columns, then those in use until nothing is left to gain among them.
            self.pass(&all, alpha);
            if self.gap(&all, alpha) <= done {
                return true;
            }
            let active: Vec<usize> = all.iter().copied().filter(|at| self.coefficients[*at] != 0.0).collect();
            passes += 1;
            while passes < MOST_PASSES && self.gap(&active, alpha) > done / 2.0 {
                passes += self.go_on(&active, alpha);
            }
        }
        false
    }

    /// Some passes, and a step to where they lead if it is nearer; gives the passes.
    fn go_on(&mut self, columns: &[usize], alpha: f64) -> usize {
        let own = |path: &Self| -> Vec<f64> { columns.iter().map(|at| path.coefficients[*at]).collect() };
        let mut solutions = vec![own(self)];
        for _ in 1..KEPT {
            self.pass(columns, alpha);
            solutions.push(own(self));
        }
        if let Some(far) = extrapolated(&solutions) {
            let before = self.objective(columns, alpha);
            let residual = self.residual.clone();
            self.move_to(columns, &far);
            if self.objective(columns, alpha) >= before {
                self.residual = residual;
                let near = solutions.pop().unwrap_or_default();
                columns.iter().zip(near).for_each(|(at, b)| self.coefficients[*at] = b);
            }
        }
        KEPT
    }

    fn move_to(&mut self, columns: &[usize], coefficients: &[f64]) {
        for (at, new) in columns.iter().zip(coefficients) {
            let step = new - self.coefficients[*at];
            if step != 0.0 {
                let column = self.x.column(*at);
                self.residual.iter_mut().zip(column).for_each(|(r, x)| *r -= step * x);
                self.coefficients[*at] = *new;
            }
        }
    }

    /// What is minimised; columns are all in use.
    fn objective(&self, columns: &[usize], alpha: f64) -> f64 {
        let penalty = |at: &usize| {
            let b = self.coefficients[*at];
            self.ratio * b.abs() + 0.5 * (1.0 - self.ratio) * b * b
        };
        let square = dot(&self.residual, &self.residual);
        0.5 * square / self.x.rows() as f64 + alpha * columns.iter().map(penalty).sum::<f64>()
    }

    /// One step in each of some columns.
    fn pass(&mut self, columns: &[usize], alpha: f64) {
        let n = self.x.rows() as f64;
        let (threshold, shrink) = (alpha * self.ratio, 1.0 + alpha * (1.0 - self.ratio));
        for at in columns {
            let (column, old) = (self.x.column(*at), self.coefficients[*at]);
            let pull = dot(column, &self.residual) / n + old;
            let new = pull.signum() * (pull.abs() - threshold).max(0.0) / shrink;
            let step = new - old;
            if step != 0.0 {
                self.residual.iter_mut().zip(column).for_each(|(r, x)| *r -= step * x);
                self.coefficients[*at] = new;
            }
        }
    }

    /// An upper bound of how far the objective is above its minimum over some columns, among which are
    /// all in use.
    fn gap(&self, columns: &[usize], alpha: f64) -> f64 {
        let n = self.x.rows() as f64;
        let (l1, l2) = (alpha * self.ratio * n, alpha * (1.0 - self.ratio) * n);
        let (mut dual, mut fitted): (f64, f64) = (0.0, 0.0);
        let (mut norm1, mut norm2) = (0.0, 0.0);
        for at in columns {
            let (pull, b) = (dot(self.x.column(*at), &self.residual), self.coefficients[*at]);
            dual = dual.max((pull - l2 * b).abs());
            // Sums to (Xb)′R.
            fitted += b * pull;
            norm1 += b.abs();
            norm2 += b * b;
        }
        let r = dot(&self.residual, &self.residual);
        let scale = if dual > l1 { l1 / dual } else { 1.0 };
        let gap = 0.5 * r * (1.0 + scale * scale) + l1 * norm1 - scale * (r + fitted)
            + 0.5 * l2 * (1.0 + scale * scale) * norm2;
        gap / n
    }
}
