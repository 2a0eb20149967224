//! GBLUP over all usable variants: VanRaden's G from training frequencies, variances by REML.
//!
//! [`relationship`] is separate because principal components come from the same G.

use crate::language::diagnostics::Diagnostic;
pub use crate::study::linear::blup::{fit_and_leave_out, fit_predict};
use crate::study::linear::dosage::MarkerSet;
use crate::study::linear::relationship::{self, Relationship, Scaling};

/// G between all cohort rows, estimated on training rows.
///
/// # Errors
/// E0903 when no usable variant differs between the training rows.
pub fn relationship(sets: &[MarkerSet<'_>], train: &[u32]) -> Result<Relationship, Diagnostic> {
    relationship::relationship(sets, train, Scaling::VanRaden)
}
