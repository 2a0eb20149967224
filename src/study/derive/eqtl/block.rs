//! Partial correlations of some traits with all variants, over rows that all of them share.

use super::Scan;
use crate::study::linear::design::remove;
use crate::study::linear::dosage::MarkerSet;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par};

/// Variants decoded at a time.
const BLOCK: usize = 512;
/// Share of a sum of squares below which nothing but rounding is left of it.
const NEGLIGIBLE: f64 = 1e-10;

/// Rows on which some traits are measured, with what the covariates explain there.
#[derive(Debug)]
pub(super) struct Group {
    rows: Vec<u32>,
    /// Each set's samples.
    samples: Vec<Vec<usize>>,
    /// Orthonormal columns `[columns][rows]`.
    basis: Vec<Vec<f64>>,
}

/// What a scan of some traits gives.
pub(super) struct Scanned {
    /// Partial correlations `[variants × traits]`; 0 where the rows do not differ on a variant beyond
    /// its covariates, or on a trait.
    pub(super) correlations: Mat<f64>,
    /// Root of each variant's sum of squares beyond the covariates.
    pub(super) norms: Vec<f64>,
    /// The same of each trait; 0 where nothing is left of it.
    pub(super) of_traits: Vec<f64>,
}

impl Group {
    pub(super) fn of(scan: &Scan<'_>, rows: Vec<u32>) -> Self {
        let samples = scan.sets.iter().map(|set| set.samples_of(&rows)).collect();
        let basis = scan.covariates.basis(&rows);
        Self { rows, samples, basis }
    }

    pub(super) fn samples(&self) -> usize {
        self.rows.len()
    }

    /// Degrees of freedom of t, if any are left.
    pub(super) fn freedom(&self) -> Option<usize> {
        self.rows.len().checked_sub(self.basis.len() + 1).filter(|freedom| *freedom > 0)
    }

    /// A variant's centred dosages over the rows with length 1; `None` where they do not differ.
    pub(super) fn dosages(&self, sets: &[MarkerSet<'_>], (set, variant): (u32, u32)) -> Option<Vec<f64>> {
        let (set, samples) = (&sets[set as usize], &self.samples[set as usize]);
        let moments = set.moments(variant as usize, samples)?;
        let scale = 1.0 / (moments.sd * (samples.len() as f64).sqrt());
        let mut values = vec![0.0; samples.len()];
        set.centred(variant as usize, samples, moments.mean, scale, &mut values);
        Some(values)
    }

    pub(super) fn scan(&self, sets: &[MarkerSet<'_>], places: &[(u32, u32)], traits: &[&[f64]]) -> Scanned {
        let (n, count) = (self.rows.len(), traits.len());
        // Residuals of the traits with length 1, and behind them the basis.
        let mut right = Mat::zeros(n, count + self.basis.len());
        let of_traits = traits
            .iter()
            .enumerate()
            .map(|(at, values)| self.residuals(values, right.col_as_slice_mut(at)))
            .collect();
        for (at, column) in self.basis.iter().enumerate() {
            right.col_as_slice_mut(count + at).copy_from_slice(column);
        }
        let mut correlations = Mat::zeros(places.len(), right.ncols());
        let (mut decoded, mut squares) = (Mat::zeros(n, BLOCK), vec![0.0; places.len()]);
        for (block, places) in places.chunks(BLOCK).enumerate() {
            let first = block * BLOCK;
            for (at, place) in places.iter().enumerate() {
                squares[first + at] = self.decode(sets, *place, decoded.col_as_slice_mut(at));
            }
            let left = decoded.subcols(0, places.len()).transpose();
            let out = correlations.subrows_mut(first, places.len());
            matmul(out, Accum::Replace, left, &right, 1.0, Par::Seq);
        }
        let explained = |variant: usize| -> f64 {
            (count..right.ncols()).map(|column| correlations[(variant, column)].powi(2)).sum()
        };
        let left_of = |(variant, whole): (usize, &f64)| {
            let own = whole - explained(variant);
            if own > NEGLIGIBLE * whole { own.sqrt() } else { 0.0 }
        };
        let norms: Vec<f64> = squares.iter().enumerate().map(left_of).collect();
        for at in 0..count {
            for (value, norm) in correlations.col_as_slice_mut(at).iter_mut().zip(&norms) {
                // Rounding leaves no correlation beyond 1.
                *value = if *norm > 0.0 { (*value / norm).clamp(-1.0, 1.0) } else { 0.0 };
            }
        }
        Scanned { correlations, norms, of_traits }
    }

    /// Centred dosages of a variant; gives their sum of squares, 0 where the rows do not differ.
    fn decode(&self, sets: &[MarkerSet<'_>], (set, variant): (u32, u32), out: &mut [f64]) -> f64 {
        let (set, samples) = (&sets[set as usize], &self.samples[set as usize]);
        let Some(moments) = set.moments(variant as usize, samples) else {
            out.fill(0.0);
            return 0.0;
        };
        set.centred(variant as usize, samples, moments.mean, 1.0, out);
        moments.sd * moments.sd * samples.len() as f64
    }

    /// What the basis leaves of a trait, with length 1; gives its length, 0 where nothing is left.
    fn residuals(&self, values: &[f64], out: &mut [f64]) -> f64 {
        let mean = self.rows.iter().map(|row| values[*row as usize]).sum::<f64>() / out.len().max(1) as f64;
        out.iter_mut().zip(&self.rows).for_each(|(out, row)| *out = values[*row as usize] - mean);
        let length = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let before = length(out);
        remove(&self.basis, out);
        let left = length(out);
        // Beside a large mean, what is left of a constant is rounding.
        if left * left <= NEGLIGIBLE * before * before
            || left <= 1e-12 * mean.abs() * (out.len() as f64).sqrt()
        {
            out.fill(0.0);
            return 0.0;
        }
        out.iter_mut().for_each(|value| *value /= left);
        left
    }
}
