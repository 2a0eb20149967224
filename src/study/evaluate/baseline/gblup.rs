//! GBLUP over all usable variants: VanRaden's G from training frequencies, variances by REML.
//!
//! [`relationship`] is separate because principal components come from the same G.

use crate::language::diagnostics::Diagnostic;
use crate::study::linear::blup::{self, Prediction, Trait};
use crate::study::linear::design::Design;
use crate::study::linear::dosage::MarkerSet;
use crate::study::linear::relationship::{self, Relationship, Scaling};

/// G between all cohort rows, estimated on training rows.
///
/// # Errors
/// E0903 when no usable variant differs between the training rows.
pub fn relationship(sets: &[MarkerSet<'_>], train: &[u32]) -> Result<Relationship, Diagnostic> {
    relationship::relationship(sets, train, Scaling::VanRaden)
}

/// Predicts rows from `train`; see [`blup::fit_predict`].
///
/// # Errors
/// One result a trait: E0609, E0902, E0903.
pub fn fit_predict(
    relationship: &Relationship,
    design: &Design,
    traits: &[Trait<'_>],
    weights: Option<&[f64]>,
    train: &[u32],
    predict: &[u32],
) -> Vec<Result<Prediction, Diagnostic>> {
    blup::fit_predict(relationship, design, traits, weights, train, predict)
}
