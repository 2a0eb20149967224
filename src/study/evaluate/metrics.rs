//! Measures of accuracy on the test rows of one fold.
//!
//! A pair with a missing side is skipped. Fewer than three pairs, or observed values that do
//! not differ, measure nothing; a prediction that does not differ scores 0 and is flagged.
//! Folds are averaged by whoever reports them: rows of different folds are never pooled.

use crate::study::linear::correlation::{co_deviation, is_constant, mean, mid_ranks, pearson};
use std::collections::BTreeMap;

/// All measures of one trait on the test rows of one fold.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Pairs that were compared.
    pub rows: usize,
    /// Pearson's r.
    pub pearson: Option<f64>,
    /// Spearman's ρ, tied values at their mean rank.
    pub spearman: Option<f64>,
    /// Root of the mean squared error, in units of the trait.
    pub rmse: Option<f64>,
    /// Slope of observed on predicted: 1 means no inflation, below 1 predictions too far apart.
    pub slope: Option<f64>,
    /// Mean of predicted − observed, in units of the trait.
    pub bias: Option<f64>,
    /// Share of the ⌈n/10⌉ largest observed that are among the ⌈n/10⌉ largest predicted. Where
    /// equal values straddle the cut each belongs in part: the expected share when ties are
    /// broken at random.
    pub top_overlap: Option<f64>,
    /// The prediction is the same for all rows.
    pub constant: bool,
}

/// Fewest pairs that are measured.
pub const FEWEST: usize = 3;

/// Scores `predicted` against `observed`, row by row; NaN is missing.
#[must_use]
pub fn score(observed: &[f64], predicted: &[f64]) -> Scores {
    let (y, f) = pairs(observed, predicted);
    let enough = y.len() >= FEWEST;
    let measured = |value: fn(&[f64], &[f64]) -> f64| enough.then(|| value(&y, &f));
    let correlated = |value: fn(&[f64], &[f64]) -> f64| (enough && !is_constant(&y)).then(|| value(&y, &f));
    Scores {
        rows: y.len(),
        pearson: correlated(pearson),
        spearman: correlated(|y, f| pearson(&mid_ranks(y), &mid_ranks(f))),
        rmse: measured(|y, f| mean(y.iter().zip(f).map(|(y, f)| (f - y) * (f - y))).sqrt()),
        slope: correlated(slope),
        bias: measured(|y, f| mean(y.iter().zip(f).map(|(y, f)| f - y))),
        top_overlap: measured(top_overlap),
        constant: enough && is_constant(&f),
    }
}

/// Pairs of which both sides are there.
pub(super) fn pairs(observed: &[f64], predicted: &[f64]) -> (Vec<f64>, Vec<f64>) {
    observed.iter().zip(predicted).filter(|(y, f)| !y.is_nan() && !f.is_nan()).unzip()
}

/// Pearson's r alone, as [`score`] has it.
#[must_use]
pub fn correlation(observed: &[f64], predicted: &[f64]) -> Option<f64> {
    let (y, f) = pairs(observed, predicted);
    (y.len() >= FEWEST && !is_constant(&y)).then(|| pearson(&y, &f))
}

/// Pearson's r within each group, and their mean weighted by rows.
#[derive(Clone, Debug, PartialEq)]
pub struct WithinGroups {
    /// Each group's name, rows compared and r, in order of name.
    pub groups: Vec<(String, usize, Option<f64>)>,
    /// Σ rows·r / Σ rows over groups that have r; `None` when none has.
    pub mean: Option<f64>,
}

/// Pearson's r within each group; rows without a group are skipped.
#[must_use]
pub fn within_groups(observed: &[f64], predicted: &[f64], groups: &[Option<&str>]) -> WithinGroups {
    let mut pairs: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for ((y, f), group) in observed.iter().zip(predicted).zip(groups) {
        if let Some(group) = group {
            let (ys, fs) = pairs.entry(group).or_default();
            ys.push(*y);
            fs.push(*f);
        }
    }
    let groups: Vec<(String, usize, Option<f64>)> = pairs
        .into_iter()
        .map(|(group, (y, f))| {
            let scores = score(&y, &f);
            (group.to_owned(), scores.rows, scores.pearson)
        })
        .collect();
    let scored = || groups.iter().filter_map(|(_, rows, r)| r.map(|r| (*rows as f64, r)));
    let rows: f64 = scored().map(|(rows, _)| rows).sum();
    let mean = (rows > 0.0).then(|| scored().map(|(rows, r)| rows * r).sum::<f64>() / rows);
    WithinGroups { groups, mean }
}

fn slope(y: &[f64], f: &[f64]) -> f64 {
    if is_constant(f) { 0.0 } else { co_deviation(y, f) / co_deviation(f, f) }
}

fn top_overlap(y: &[f64], f: &[f64]) -> f64 {
    let places = y.len().div_ceil(10);
    let shared: f64 = top_share(y, places).iter().zip(top_share(f, places)).map(|(a, b)| a * b).sum();
    shared / places as f64
}

/// How far each row belongs to the `places` largest.
fn top_share(values: &[f64], places: usize) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let cut = sorted[places - 1];
    let above = values.iter().filter(|v| **v > cut).count();
    let tied = values.iter().filter(|v| **v == cut).count();
    let share = (places - above) as f64 / tied as f64;
    let belongs = |v: &f64| {
        if *v > cut {
            1.0
        } else if *v == cut {
            share
        } else {
            0.0
        }
    };
    values.iter().map(belongs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_a_scaled_shift() {
        let y: Vec<f64> = (0..20).map(f64::from).collect();
        let f: Vec<f64> = y.iter().map(|y| 2.0 * y + 1.0).collect();
        let got = score(&y, &f);
        assert!((got.pearson.expect("varies") - 1.0).abs() < 1e-15);
        assert!((got.slope.expect("varies") - 0.5).abs() < 1e-15);
        assert!((got.bias.expect("3 rows") - 10.5).abs() < 1e-12);
        // mean of (y + 1)² over 0..20 is Σ1²..20² / 20
        assert!((got.rmse.expect("3 rows") - 143.5f64.sqrt()).abs() < 1e-12);
        assert_eq!(got.top_overlap, Some(1.0));
        let backwards: Vec<f64> = y.iter().map(|y| -y).collect();
        assert_eq!(score(&y, &backwards).top_overlap, Some(0.0));
        assert_eq!(score(&y, &backwards).spearman, Some(-1.0));
    }

    #[test]
    fn a_constant_prediction_scores_nothing_and_is_flagged() {
        let y: Vec<f64> = (0..20).map(f64::from).collect();
        let got = score(&y, &[0.1; 20]);
        assert_eq!((got.pearson, got.spearman, got.slope), (Some(0.0), Some(0.0), Some(0.0)));
        assert!(got.constant);
        // all rows tie: two places shared by twenty
        assert!((got.top_overlap.expect("3 rows") - 0.1).abs() < 1e-15);
        assert_eq!(score(&[1.0; 20], &y).pearson, None);
    }

    #[test]
    fn skips_pairs_and_needs_three() {
        let nan = f64::NAN;
        assert_eq!(score(&[1.0, 2.0, nan, 3.0], &[1.0, nan, 2.0, 3.0]).pearson, None);
        let got = score(&[1.0, 2.0, nan, 3.0], &[1.0, 4.0, 9.0, 5.0]);
        assert_eq!(got.rows, 3);
        assert!((got.rmse.expect("3 rows") - (8.0f64 / 3.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn groups() {
        let y = [1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 0.0, 7.0];
        let f = [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0, 7.0];
        let a = Some("a");
        let b = Some("b");
        let got = within_groups(&y, &f, &[a, a, a, b, b, b, b, None]);
        assert_eq!(got.groups.len(), 2);
        assert_eq!(got.groups[1].1, 4);
        assert!((got.mean.expect("two groups") - (3.0 - 4.0) / 7.0).abs() < 1e-15);
    }
}
