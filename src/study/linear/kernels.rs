//! Kernels made from relationships: distances between rows, and mixtures.

use ndarray::{Array2, Zip};

/// Squared distances between rows by their markers, in units of a typical one.
#[derive(Clone, Debug)]
pub struct Distances {
    /// D/m `[rows × rows]`.
    matrix: Array2<f64>,
}

impl Distances {
    /// D_ij = G_ii + G_jj − 2G_ij over m, the median (of an even number the lower) of the distances
    /// between training rows that are not 0. `None` where all are: the rows are alike.
    #[must_use]
    pub fn of(relationship: &Array2<f64>, train: &[u32]) -> Option<Self> {
        /// Differences of rounding between rows that are alike, as a share of the diagonal.
        const ALIKE: f64 = 1e-12;
        let diagonal = relationship.diag();
        let mut matrix = relationship.clone();
        for ((i, j), value) in matrix.indexed_iter_mut() {
            let whole = diagonal[i] + diagonal[j];
            let apart = whole - 2.0 * *value;
            *value = if apart <= ALIKE * whole { 0.0 } else { apart };
        }
        let pairs = train.iter().enumerate().flat_map(|(at, i)| train[..at].iter().map(move |j| (i, j)));
        let mut apart: Vec<f64> =
            pairs.map(|(i, j)| matrix[[*i as usize, *j as usize]]).filter(|apart| *apart > 0.0).collect();
        let middle = apart.len().checked_sub(1)? / 2;
        let (_, median, _) = apart.select_nth_unstable_by(middle, f64::total_cmp);
        matrix /= *median;
        Some(Self { matrix })
    }

    /// The Gaussian kernel exp(−D/(θm)) `[rows × rows]`.
    #[must_use]
    pub fn gaussian(&self, bandwidth: f64) -> Array2<f64> {
        self.matrix.mapv(|apart| libm::exp(-apart / bandwidth))
    }
}

/// (1 − ρ)·one + ρ·other.
#[must_use]
pub fn mixture(one: &Array2<f64>, other: &Array2<f64>, share: f64) -> Array2<f64> {
    Zip::from(one).and(other).map_collect(|one, other| (1.0 - share) * one + share * other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points on a line at 0, 1, 3, and 3 again.
    #[test]
    fn distances_are_those_of_points() {
        let points = [0.0, 1.0, 3.0, 3.0];
        let g = Array2::from_shape_fn((4, 4), |(i, j)| points[i] * points[j]);
        // Between training rows: 1, 9, 9, 4, 4 and once 0; the third of five is 4.
        let kernel = Distances::of(&g, &[0, 1, 2, 3]).expect("rows differ").gaussian(2.0);
        for i in 0..4 {
            for j in 0..4 {
                let apart: f64 = points[i] - points[j];
                assert!((kernel[[i, j]] - libm::exp(-apart * apart / 8.0)).abs() < 1e-15);
            }
        }
        assert!(Distances::of(&g, &[2, 3]).is_none());
        assert_eq!(mixture(&g, &kernel, 0.25)[[2, 3]], 0.75 * 9.0 + 0.25);
    }
}
