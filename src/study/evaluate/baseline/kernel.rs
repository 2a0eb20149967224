//! The best of several kernels: of each trait, the one under which REML finds it likeliest.

use super::{BaselineFit, Fits, Ground};
use crate::language::diagnostics::Diagnostic;
use crate::study::linear::blup::{Prediction, fit_predict};
use crate::study::linear::kernels::mixture;
use ndarray::Array2;

/// Shares that are tried, in twentieths.
const TWENTIETHS: std::ops::RangeInclusive<u8> = 0..=20;

/// Fits each trait with (1 − ρ) of one relationship and ρ of another, ρ the one of a grid under which REML
/// finds the trait likeliest; it stands in `metrics.tsv` by this name.
pub(super) fn mixed(one: &Array2<f64>, other: &Array2<f64>, name: &'static str, ground: &Ground<'_>) -> Fits {
    let shares = TWENTIETHS.map(|twentieths| f64::from(twentieths) / 20.0);
    let kernels = shares.map(|share| (share, mixture(one, other, share)));
    let figured = |(share, fit): (f64, Prediction)| {
        let figures = vec![("h2", Some(fit.model.h2)), (name, Some(share))];
        BaselineFit::of(fit, ground.train, figures)
    };
    best(kernels, ground).into_iter().map(|fit| fit.map(figured)).collect()
}

/// Of kernels `[rows × rows]` with what each is called by, for each trait the one of the least REML
/// deviance, the first of equals, and its fit.
///
/// All kernels meet the same fixed effects and rows, so that their deviances can be compared.
pub(super) fn best(
    kernels: impl Iterator<Item = (f64, Array2<f64>)>,
    ground: &Ground<'_>,
) -> Vec<Result<(f64, Prediction), Diagnostic>> {
    let Ground { design, traits, weights, train, all, .. } = *ground;
    let mut best: Vec<Option<Result<(f64, Prediction), Diagnostic>>> = traits.iter().map(|_| None).collect();
    for (name, kernel) in kernels {
        let fits = fit_predict(&kernel, design, traits, weights, train, all);
        for (best, fit) in best.iter_mut().zip(fits) {
            let better = match (&best, &fit) {
                (None, _) => true,
                (Some(Ok((_, before))), Ok(now)) => now.model.deviance < before.model.deviance,
                (Some(_), _) => false,
            };
            if better {
                *best = Some(fit.map(|fit| (name, fit)));
            }
        }
    }
    best.into_iter().flatten().collect()
}
