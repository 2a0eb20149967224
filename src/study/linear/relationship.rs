//! Relationships between cohort rows from their markers.
//!
//! VanRaden (2008), method 1: G = ZZ′ / Σ 2p(1 − p), Z centred by 2p. p, the means that stand
//! for missing calls, and the choice of variants come from training rows; a variant on which
//! those rows do not differ is left out, and test rows are centred by the same p. Haploid
//! calls coded 0/2 go through the same formula, which makes G twice as large on its diagonal
//! and leaves every prediction as it would be.

use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::{Accum, Mat, Par};
use ndarray::Array2;
use rustc_hash::FxHashMap;

use super::dosage::{MarkerSet, Moments};
use super::error;
use crate::language::diagnostics::Diagnostic;

/// How variants are scaled against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scaling {
    /// ZZ′ / Σ 2p(1 − p): VanRaden's first method.
    VanRaden,
    /// ZZ′ / m, each of m variants with SD 1 on the training rows: ridge on standardised SNPs.
    Unit,
}

/// Relationships between all cohort rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Relationship {
    /// `[rows × rows]`, symmetric.
    pub matrix: Array2<f64>,
    /// Variants that went in.
    pub variants: usize,
    /// Usable variants left out because the training rows do not differ on them.
    pub constant: usize,
    /// What ZZ′ was divided by.
    pub divisor: f64,
}

/// Variants decoded at a time.
const BLOCK: usize = 512;

/// Relationships between all cohort rows over the usable variants of all sets.
///
/// `train` are cohort rows, and the only ones that anything is estimated from. All sets have
/// the same cohort rows.
///
/// # Errors
/// E0903 when the training rows differ on no usable variant.
pub fn relationship(
    sets: &[MarkerSet<'_>],
    train: &[u32],
    scaling: Scaling,
) -> Result<Relationship, Diagnostic> {
    let coding = |moments: Moments| {
        let p = moments.frequency();
        let (scale, weight) = match scaling {
            Scaling::VanRaden => (1.0, 2.0 * p * (1.0 - p)),
            Scaling::Unit => (1.0 / moments.sd, 1.0),
        };
        Some(Coding { of_copies: [0.0, 1.0, 2.0].map(|copies| (copies - moments.mean) * scale), weight })
    };
    let found = gathered(sets, train, coding);
    if found.variants == 0 {
        return Err(error::no_varying_variant(found.constant, train.len()));
    }
    Ok(found)
}

/// What a variant is in a relationship.
pub(super) struct Coding {
    /// What none, one and two copies of allele 1 are; a missing call is 0.
    pub(super) of_copies: [f64; 3],
    /// Its part of the divisor.
    pub(super) weight: f64,
}

/// ZZ′ over the sum of weights, Z by `coding` of what training rows say of each usable variant; those on which
/// they do not differ, or that it takes none of, are counted.
pub(super) fn gathered(
    sets: &[MarkerSet<'_>],
    train: &[u32],
    coding: impl Fn(Moments) -> Option<Coding>,
) -> Relationship {
    let distinct = Distinct::of(sets);
    let mut sum = CrossProduct::new(distinct.first.len());
    let (mut divisor, mut variants, mut constant) = (0.0, 0, 0);
    for set in sets {
        let training = set.samples_of(train);
        let samples = set.samples_of(&distinct.first);
        for variant in (0..set.calls.variants()).filter(|&v| set.usable[v]) {
            let Some(Coding { of_copies, weight }) = set.moments(variant, &training).and_then(&coding) else {
                constant += 1;
                continue;
            };
            divisor += weight;
            variants += 1;
            set.coded(variant, &samples, |copies| of_copies[usize::from(copies)], sum.next_column());
        }
    }
    Relationship { matrix: distinct.expanded(sum.finish(divisor)), variants, constant, divisor }
}

/// Rows with the same genotypes, which records of one individual have.
struct Distinct {
    /// The first row of each.
    first: Vec<u32>,
    /// For each row, which of these it is like.
    like: Vec<usize>,
}

impl Distinct {
    fn of(sets: &[MarkerSet<'_>]) -> Self {
        let rows = sets.first().map_or(0, |set| set.rows.len());
        let mut known: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
        let mut distinct = Self { first: Vec::new(), like: Vec::with_capacity(rows) };
        for row in 0..rows {
            let at =
                *known.entry(sets.iter().map(|set| set.rows[row]).collect()).or_insert(distinct.first.len());
            if at == distinct.first.len() {
                distinct.first.push(row as u32);
            }
            distinct.like.push(at);
        }
        distinct
    }

    /// Of a matrix between the first rows, that between all.
    fn expanded(&self, matrix: Array2<f64>) -> Array2<f64> {
        let rows = self.like.len();
        if rows == self.first.len() {
            return matrix;
        }
        Array2::from_shape_fn((rows, rows), |(i, j)| matrix[[self.like[i], self.like[j]]])
    }
}

/// ZZ′ gathered block by block, in the order of the columns.
struct CrossProduct {
    sum: Mat<f64>,
    block: Mat<f64>,
    filled: usize,
}

impl CrossProduct {
    fn new(rows: usize) -> Self {
        Self { sum: Mat::zeros(rows, rows), block: Mat::zeros(rows, BLOCK), filled: 0 }
    }

    fn next_column(&mut self) -> &mut [f64] {
        if self.filled == BLOCK {
            self.flush();
        }
        self.filled += 1;
        self.block.col_as_slice_mut(self.filled - 1)
    }

    fn flush(&mut self) {
        let z = self.block.subcols(0, self.filled);
        let (lower, full) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
        matmul(&mut self.sum, lower, Accum::Add, z, full, z.transpose(), full, 1.0, Par::Seq);
        self.filled = 0;
    }

    fn finish(mut self, divisor: f64) -> Array2<f64> {
        self.flush();
        let n = self.sum.nrows();
        Array2::from_shape_fn((n, n), |(i, j)| self.sum[(i.max(j), i.min(j))] / divisor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PackedGenotypes;

    fn pack(dosages: &[[Option<u8>; 5]]) -> PackedGenotypes {
        let bytes = dosages.iter().flat_map(|row| {
            let code = |d: &Option<u8>| match d {
                Some(2) => 0b00u8,
                None => 0b01,
                Some(1) => 0b10,
                Some(_) => 0b11,
            };
            let low = row[..4].iter().enumerate().fold(0, |byte, (i, d)| byte | (code(d) << (2 * i)));
            [low, code(&row[4])]
        });
        PackedGenotypes::new(5, dosages.len(), bytes.collect())
    }

    #[test]
    fn agrees_with_the_definition_and_ignores_test_rows() {
        let some = |d: [u8; 5]| d.map(Some);
        let mut holes = some([0, 1, 2, 2, 0]);
        holes[1] = None;
        let calls = pack(&[some([0, 1, 2, 0, 2]), holes, some([1, 1, 1, 0, 2]), some([0, 2, 0, 2, 1])]);
        let rows = [0, 1, 2, 3, 4];
        let sets = [MarkerSet { calls: &calls, rows: &rows, usable: &[true, true, true, false] }];
        let got = relationship(&sets, &[0, 1, 2], Scaling::VanRaden).expect("two variants vary");
        assert_eq!((got.variants, got.constant), (2, 1));
        // p = 1/2 for both; centred dosages by hand
        let z = [[-1.0, 0.0, 1.0, -1.0, 1.0], [-1.0, 0.0, 1.0, 1.0, -1.0]];
        for i in 0..5 {
            for j in 0..5 {
                let wanted = z[0][i] * z[0][j] + z[1][i] * z[1][j];
                assert!((got.matrix[[i, j]] - wanted).abs() < 1e-15);
            }
        }
        let unit = relationship(&sets, &[0, 1, 2], Scaling::Unit).expect("two variants vary");
        assert!((unit.matrix[[0, 0]] - 1.5).abs() < 1e-12);
        let fixed = relationship(&sets, &[0], Scaling::VanRaden).expect_err("one row never varies");
        assert_eq!(fixed.code.name(), "E0903");
    }

    #[test]
    fn two_sets_are_one_when_joined() {
        let some = |d: [u8; 5]| d.map(Some);
        let all = [some([0, 1, 2, 0, 2]), some([0, 2, 0, 2, 1]), some([1, 1, 0, 0, 2])];
        let (one, two, both) = (pack(&all[..1]), pack(&all[1..]), pack(&all));
        let rows = [0, 1, 2, 3, 4];
        let set = |calls, usable| MarkerSet { calls, rows: &rows, usable };
        let train = [0, 2, 3, 4];
        let apart = relationship(&[set(&one, &[true]), set(&two, &[true; 2])], &train, Scaling::VanRaden);
        let joined = relationship(&[set(&both, &[true; 3])], &train, Scaling::VanRaden);
        assert_eq!(apart, joined);
    }

    /// Records of one individual are rows of their own: as if it had been genotyped again for each.
    #[test]
    fn rows_of_one_sample_are_like_samples_of_one_genotype() {
        let dosages =
            [[Some(0), Some(1), Some(2), Some(2), None], [Some(2), Some(0), Some(1), Some(2), Some(0)]];
        let once = pack(&dosages);
        let rows = [0u32, 0, 1, 2, 4];
        let again = pack(&dosages.map(|of| rows.map(|row| of[row as usize])));
        let usable = [true; 2];
        let repeated = MarkerSet { calls: &once, rows: &rows, usable: &usable };
        let own: Vec<u32> = (0..5).collect();
        let genotyped = MarkerSet { calls: &again, rows: &own, usable: &usable };
        let train = [0, 1, 2, 3];
        let of = |set| relationship(&[set], &train, Scaling::VanRaden).expect("they differ");
        assert_eq!(of(repeated), of(genotyped));
    }
}
