//! Relationships by dominance: what heterozygotes are beside the mean of both homozygotes.
//!
//! Vitezica, Varona and Legarra (2013): D = WW′/Σ(2pq)², W being −2q², 2pq and −2p² for two, one and
//! no copies of an allele of frequency p, q = 1 − p. In Hardy–Weinberg proportions W has mean 0 and no
//! correlation with the number of copies. p comes from training rows; a missing call is 0.

use super::dosage::{MarkerSet, Moments};
use super::error;
use super::relationship::{Coding, Relationship, gathered};
use crate::language::diagnostics::Diagnostic;

/// D between all cohort rows, over the usable variants at which a training row is heterozygous.
///
/// # Errors
/// E0903 where there is none: inbred lines and haploids have no dominance to be seen.
pub fn dominance(sets: &[MarkerSet<'_>], train: &[u32]) -> Result<Relationship, Diagnostic> {
    let coding = |moments: Moments| {
        let p = moments.frequency();
        let q = 1.0 - p;
        let of_copies = [-2.0 * p * p, 2.0 * p * q, -2.0 * q * q];
        (moments.heterozygous > 0).then(|| Coding { of_copies, weight: (2.0 * p * q).powi(2) })
    };
    let found = gathered(sets, train, coding);
    if found.variants == 0 { Err(error::no_heterozygote(train.len())) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PackedGenotypes;

    /// Samples 2, 1, 0, 1 and missing; the last two are no training rows.
    #[test]
    fn agrees_with_the_definition() {
        let calls = PackedGenotypes::new(5, 2, vec![0b10_11_10_00, 0b01, 0b00_11_11_00, 0b00]);
        let rows = [0, 1, 2, 3, 4];
        let set = MarkerSet { calls: &calls, rows: &rows, usable: &[true; 2] };
        let found = dominance(&[set], &[0, 1, 2]).expect("one row is heterozygous");
        // The second variant has no heterozygote; at the first p = q = 1/2.
        assert_eq!((found.variants, found.constant), (1, 1));
        let w = [-0.5, 0.5, -0.5, 0.5, 0.0];
        for i in 0..5 {
            for j in 0..5 {
                assert!((found.matrix[[i, j]] - w[i] * w[j] / 0.25).abs() < 1e-15);
            }
        }
        assert_eq!(dominance(&[set], &[0, 2]).expect_err("none is").code.name(), "E0903");
    }
}
