//! What a scan holds fixed.

use crate::language::diagnostics::Diagnostic;
use crate::study::linear::components::components;
use crate::study::linear::design::{Design, encode};
use crate::study::linear::dosage::MarkerSet;
use crate::study::linear::relationship::{Scaling, relationship};

/// The intercept, and the first principal components of the given rows' genotypes; other rows are
/// projected.
///
/// # Errors
/// E0903 when the rows span fewer components.
pub fn intercept_and_components(
    sets: &[MarkerSet<'_>],
    rows: &[u32],
    count: usize,
) -> Result<Design, Diagnostic> {
    let all = sets.first().map_or(0, |set| set.rows.len());
    if count == 0 {
        return Ok(Design::intercept(all));
    }
    let related = relationship(sets, rows, Scaling::VanRaden)?;
    let components = components(&related, rows, count)?;
    Ok(encode(&[], &[], Some(&components), all)?.0)
}
