//! Where a sequence of solutions leads to.
//!
//! Anderson's extrapolation (Bertrand and Massias 2021, for coordinate descent): of the last solutions,
//! the mean with weights c, Σc = 1, whose steps so weighed are shortest. Where many columns tell the
//! same, coordinate descent creeps along a line that the extrapolation takes at once.

use crate::kernel::reduce::dot;
use crate::study::linear::small::Cholesky;

/// Solutions that are kept.
pub(super) const KEPT: usize = 6;
/// What is added to the squares of steps, as a share of their sum, so that the weights are certain.
const RIDGE: f64 = 1e-10;

/// Extrapolates from solutions, the last one newest; `None` where their steps say nothing.
pub(super) fn extrapolated(solutions: &[Vec<f64>]) -> Option<Vec<f64>> {
    let steps: Vec<Vec<f64>> = solutions
        .windows(2)
        .map(|pair| pair[1].iter().zip(&pair[0]).map(|(new, old)| new - old).collect())
        .collect();
    let count = steps.len();
    let mut squares: Vec<f64> =
        (0..count * count).map(|at| dot(&steps[at / count], &steps[at % count])).collect();
    let ridge = RIDGE * (0..count).map(|at| squares[at * count + at]).sum::<f64>();
    (0..count).for_each(|at| squares[at * count + at] += ridge);
    let weights = Cholesky::new(&squares, count)?.solve(&vec![1.0; count]);
    let sum: f64 = weights.iter().sum();
    if !sum.is_normal() {
        return None;
    }
    let mut out = vec![0.0; solutions[0].len()];
    for (solution, weight) in solutions[1..].iter().zip(&weights) {
        out.iter_mut().zip(solution).for_each(|(out, value)| *out += weight / sum * value);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_shrink_evenly_lead_to_their_limit() {
        let limit = [1.0, -2.0, 0.5];
        let at = |k: i32| -> Vec<f64> {
            limit.iter().enumerate().map(|(i, l)| l + [0.9_f64, 0.7, -0.5][i].powi(k)).collect()
        };
        let solutions: Vec<Vec<f64>> = (0..KEPT as i32).map(at).collect();
        let found = extrapolated(&solutions).expect("steps differ");
        for (found, limit) in found.iter().zip(limit) {
            assert!((found - limit).abs() < 1e-4, "{found} {limit}");
        }
        assert_eq!(extrapolated(&vec![vec![1.0]; 4]), None);
    }
}
