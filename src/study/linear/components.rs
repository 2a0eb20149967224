//! Principal components of the training genotypes.
//!
//! The eigenvectors of the training part of a relationship matrix are the components' scores;
//! other rows are projected by their relationships to the training rows, which is the same as
//! multiplying their centred dosages by the SNP loadings. Test rows change nothing.

use ndarray::Array2;

use super::error;
use super::relationship::Relationship;
use super::spectrum::Spectrum;
use crate::language::diagnostics::Diagnostic;

/// Scores of all cohort rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Components {
    /// `[rows × components]`; mean square 1 over the training rows. In each component the
    /// training row farthest from 0 is positive (the first such row, where several tie).
    pub scores: Array2<f64>,
    /// Share of the training rows' marker variance that each component holds.
    pub shares: Vec<f64>,
}

/// The first `count` principal components.
///
/// # Errors
/// E0903 when the training rows span fewer components.
pub fn components(
    relationship: &Relationship,
    train: &[u32],
    count: usize,
) -> Result<Components, Diagnostic> {
    let spectrum = Spectrum::new(&relationship.matrix, train, None)?;
    let values = spectrum.values();
    let (n, total) = (train.len(), values.iter().sum::<f64>());
    let largest = values.last().copied().unwrap_or(0.0);
    let available = values.iter().filter(|d| **d > 1e-10 * largest).count();
    if count > available {
        return Err(error::too_few_components(count, available));
    }
    let rows = relationship.matrix.nrows();
    let mut scores = Array2::zeros((rows, count));
    for c in 0..count {
        let at = n - 1 - c;
        let vector = spectrum.vector(at);
        let scale = sign(vector) * (n as f64).sqrt() / values[at];
        for row in 0..rows {
            let projected: f64 =
                train.iter().zip(vector).map(|(&j, u)| relationship.matrix[[row, j as usize]] * u).sum();
            scores[[row, c]] = projected * scale;
        }
    }
    let shares = (0..count).map(|c| values[n - 1 - c] / total).collect();
    Ok(Components { scores, shares })
}

/// The sign of the entry farthest from 0; rounding must not choose between equals.
fn sign(vector: &[f64]) -> f64 {
    let largest = vector.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let first = vector.iter().find(|v| v.abs() >= largest * (1.0 - 1e-9));
    first.map_or(1.0, |v| 1f64.copysign(*v))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two dosage axes at right angles over four training rows, and one test row.
    fn crossed() -> Relationship {
        let z = [[3.0, 1.0], [3.0, -1.0], [-3.0, 1.0], [-3.0, -1.0], [6.0, 0.5]];
        let matrix = Array2::from_shape_fn((5, 5), |(i, j)| z[i][0] * z[j][0] + z[i][1] * z[j][1]);
        Relationship { matrix, variants: 2, constant: 0, divisor: 1.0 }
    }

    #[test]
    fn finds_axes_and_projects_the_rest() {
        let got = components(&crossed(), &[0, 1, 2, 3], 2).expect("rank 2");
        let wanted = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0], [2.0, 0.5]];
        for (row, wanted) in wanted.iter().enumerate() {
            for (got, wanted) in got.scores.row(row).iter().zip(wanted) {
                assert!((got - wanted).abs() < 1e-12, "row {row}: {got} {wanted}");
            }
        }
        assert!((got.shares[0] - 0.9).abs() < 1e-12);
    }

    #[test]
    fn refuses_more_than_there_are() {
        let found = components(&crossed(), &[0, 1, 2, 3], 3).expect_err("rank 2");
        assert!(found.message.contains('3') && found.message.contains('2'), "{}", found.message);
    }
}
