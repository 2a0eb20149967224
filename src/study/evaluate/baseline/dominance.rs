//! GBLUP with dominance: V = h²((1 − ρ)G + ρD) + (1 − h²)R, ρ and h² by REML.
//!
//! G is VanRaden's (2008), D that of Vitezica, Varona and Legarra (2013); ρ is the share of D.

use super::{Fits, Ground, kernel};
use crate::language::diagnostics::Diagnostic;
use crate::study::linear::dominance::dominance;
use crate::study::linear::relationship::Relationship;

/// Fits each trait with the best share.
///
/// # Errors
/// E0903 where no training row is heterozygous.
pub(super) fn fit(relationship: &Relationship, ground: &Ground<'_>) -> Result<Fits, Diagnostic> {
    let by_dominance = dominance(ground.markers, ground.train)?.matrix;
    Ok(kernel::mixed(&relationship.matrix, &by_dominance, "dominance_share", ground))
}
