//! Regression in a space of functions of the genotype: a Gaussian kernel on marker distances.
//!
//! Gianola and van Kaam (2008): rows are alike by exp(−D/(θm)), D the squared distance by markers and m
//! its median between training rows, so that interactions between loci of any order take part. The
//! bandwidth θ is the one of a fixed list under which REML finds the trait likeliest.

use super::{BaselineFit, Fits, Ground, kernel};
use crate::language::diagnostics::Diagnostic;
use crate::study::linear::error::rows_alike;
use crate::study::linear::kernels::Distances;
use crate::study::linear::relationship::Relationship;

/// Bandwidths, in medians: from one in which only near relatives are alike to one that is all but linear.
pub(super) const BANDWIDTHS: [f64; 8] = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0];

/// Fits each trait with the best bandwidth.
///
/// # Errors
/// E0903 where training rows are alike in all markers.
pub(super) fn fit(relationship: &Relationship, ground: &Ground<'_>) -> Result<Fits, Diagnostic> {
    let distances =
        Distances::of(&relationship.matrix, ground.train).ok_or_else(|| rows_alike(ground.train.len()))?;
    let kernels = BANDWIDTHS.iter().map(|bandwidth| (*bandwidth, distances.gaussian(*bandwidth)));
    let fits = kernel::best(kernels, ground).into_iter();
    Ok(fits
        .map(|fit| {
            fit.map(|(width, fit)| BaselineFit::of(fit, ground.train, vec![("bandwidth", Some(width))]))
        })
        .collect())
}
