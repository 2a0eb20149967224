//! GBLUP with dominance: V = h²((1 − ρ)G + ρD) + (1 − h²)R, ρ and h² by REML.
//!
//! G is VanRaden's (2008), D that of Vitezica, Varona and Legarra (2013); ρ, the share of D, is the one
//! of a grid under which REML finds the trait likeliest.

use super::{BaselineFit, Fits, Ground, kernel};
use crate::language::diagnostics::Diagnostic;
use crate::study::linear::dominance::dominance;
use crate::study::linear::kernels::mixture;
use crate::study::linear::relationship::Relationship;

/// Shares of D that are tried, in twentieths.
const TWENTIETHS: std::ops::RangeInclusive<u8> = 0..=20;

/// Fits each trait with the best share.
///
/// # Errors
/// E0903 where no training row is heterozygous.
pub(super) fn fit(relationship: &Relationship, ground: &Ground<'_>) -> Result<Fits, Diagnostic> {
    let by_dominance = dominance(ground.markers, ground.train)?.matrix;
    let shares = TWENTIETHS.map(|twentieths| f64::from(twentieths) / 20.0);
    let kernels = shares.map(|share| (share, mixture(&relationship.matrix, &by_dominance, share)));
    let fits = kernel::best(kernels, ground).into_iter();
    Ok(fits
        .map(|fit| {
            fit.map(|(share, fit)| {
                let figures = vec![("h2", Some(fit.model.h2)), ("dominance_share", Some(share))];
                BaselineFit::of(fit, ground.train, figures)
            })
        })
        .collect())
}
