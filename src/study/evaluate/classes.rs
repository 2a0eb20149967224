//! Measures of how cases (1) are told from controls (0).
//!
//! None of them needs a threshold, so none can be tuned on test rows. A pair with a missing side is
//! skipped; rows of one class alone measure nothing.

use super::metrics::pairs;
use crate::study::linear::correlation::{mean, mid_ranks};

/// All measures of a binary trait on the test rows of one fold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClassScores {
    /// Area under the ROC curve: the chance that a case is predicted above a control, a tie counting
    /// half.
    pub area_under_curve: Option<f64>,
    /// Σ over distinct predictions, from the highest, of (rise of recall) × precision: the area under
    /// the curve of precision on recall, in steps. Predictions by chance reach the share of cases.
    pub average_precision: Option<f64>,
    /// Mean of (p − y)², p being the prediction cut to 0 to 1 (Brier 1950).
    pub brier: Option<f64>,
}

/// Measures `predicted` against `observed` 0 and 1, row by row; NaN is missing.
#[must_use]
pub fn class_scores(observed: &[f64], predicted: &[f64]) -> ClassScores {
    let (y, f) = pairs(observed, predicted);
    let cases = y.iter().filter(|y| **y == 1.0).count();
    if cases == 0 || cases == y.len() {
        return ClassScores::default();
    }
    let squares = y.iter().zip(&f).map(|(y, f)| (f.clamp(0.0, 1.0) - y).powi(2));
    ClassScores {
        area_under_curve: Some(area_under_curve(&y, &f, cases as f64)),
        average_precision: Some(average_precision(&y, &f, cases as f64)),
        brier: Some(mean(squares)),
    }
}

fn area_under_curve(y: &[f64], f: &[f64], cases: f64) -> f64 {
    let controls = y.len() as f64 - cases;
    let ranks: f64 = mid_ranks(f).iter().zip(y).filter(|(_, y)| **y == 1.0).map(|(rank, _)| rank).sum();
    (ranks - cases * (cases + 1.0) / 2.0) / (cases * controls)
}

fn average_precision(y: &[f64], f: &[f64], cases: f64) -> f64 {
    let mut order: Vec<usize> = (0..f.len()).collect();
    order.sort_by(|&a, &b| f[b].total_cmp(&f[a]));
    let (mut called, mut found, mut area) = (0.0, 0.0, 0.0);
    for tied in order.chunk_by(|&a, &b| f[a] == f[b]) {
        let more = tied.iter().filter(|&&row| y[row] == 1.0).count() as f64;
        called += tied.len() as f64;
        found += more;
        area += more / cases * found / called;
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_half_and_one_class_measures_nothing() {
        let got = class_scores(&[0.0, 1.0, 1.0, 0.0], &[0.1, 0.9, 0.4, 0.4]);
        assert_eq!(got.area_under_curve, Some(0.875));
        // 1 of 1, then 2 of 3
        assert!((got.average_precision.expect("both") - (0.5 + 0.5 * 2.0 / 3.0)).abs() < 1e-15);
        assert_eq!(class_scores(&[1.0, 1.0], &[0.1, 0.9]), ClassScores::default());
    }

    #[test]
    fn probabilities_are_cut_to_their_range() {
        let got = class_scores(&[0.0, 1.0, f64::NAN], &[-3.0, 0.5, 0.1]);
        assert_eq!(got.brier, Some(0.125));
    }
}
