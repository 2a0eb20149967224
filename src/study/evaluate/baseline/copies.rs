//! Copies of alleles as numbers, for methods that look at one variant at a time.

use super::{BaselineFit, Fits, Ground};
use crate::data::{COPIES, decode_row};
use crate::language::diagnostics::Diagnostic;
use crate::study::linear::blup::{Prediction, Trait};

/// Copies of allele 1 `[usable variants][cohort rows]`, NaN where the call is missing.
pub(super) fn columns(ground: &Ground<'_>) -> Vec<Vec<f64>> {
    let lookup = COPIES.map(|copies| copies.map_or(f64::NAN, f64::from));
    let mut columns = Vec::new();
    for set in ground.markers {
        for variant in (0..set.calls.variants()).filter(|variant| set.usable[*variant]) {
            let mut column = vec![0.0; set.rows.len()];
            decode_row(set.calls, variant, set.rows, &lookup, &mut column);
            columns.push(column);
        }
    }
    columns
}

/// A trait `[cohort rows]` without its fixed effects, which are those of GBLUP, and the effects.
pub(super) fn without_fixed(one: &Trait<'_>, gblup: Option<&Prediction>) -> (Vec<f64>, Vec<f64>) {
    let fixed = |row: usize| gblup.map_or(0.0, |fit| fit.predicted[row] - fit.genetic[row]);
    let fixed: Vec<f64> = (0..one.values.len()).map(fixed).collect();
    (one.values.iter().zip(&fixed).map(|(y, fixed)| y - fixed).collect(), fixed)
}

/// Fits each trait by its columns and GBLUP of it.
pub(super) fn each_trait(
    ground: &Ground<'_>,
    columns: &[Vec<f64>],
    fit: impl Fn(&[&[f64]], &Trait<'_>, Option<&Prediction>) -> Result<BaselineFit, Diagnostic>,
) -> Fits {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    ground.traits.iter().zip(ground.gblup).map(|(one, gblup)| fit(&columns, one, gblup.as_ref())).collect()
}
