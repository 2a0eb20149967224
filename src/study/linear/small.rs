//! Cholesky solves of the few equations that fixed effects give.
//!
//! Matrices are row-major, `[k × k]`, symmetric, of the order of ten columns.

/// The lower Cholesky factor of a positive definite matrix.
#[derive(Clone, Debug)]
pub(in crate::study) struct Cholesky {
    lower: Vec<f64>,
    size: usize,
}

impl Cholesky {
    /// Factors `matrix`; `None` when it is not positive definite in `f64`.
    pub(in crate::study) fn new(matrix: &[f64], size: usize) -> Option<Self> {
        let mut lower = matrix.to_vec();
        for j in 0..size {
            for i in j..size {
                let dot: f64 = (0..j).map(|m| lower[i * size + m] * lower[j * size + m]).sum();
                let rest = matrix[i * size + j] - dot;
                if i > j {
                    lower[i * size + j] = rest / lower[j * size + j];
                } else if rest > 0.0 && rest.is_finite() {
                    lower[j * size + j] = rest.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(Self { lower, size })
    }

    /// x with A x = b.
    pub(in crate::study) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let (k, l) = (self.size, &self.lower);
        let mut x = b.to_vec();
        for i in 0..k {
            let dot: f64 = (0..i).map(|m| l[i * k + m] * x[m]).sum();
            x[i] = (x[i] - dot) / l[i * k + i];
        }
        for i in (0..k).rev() {
            let dot: f64 = (i + 1..k).map(|m| l[m * k + i] * x[m]).sum();
            x[i] = (x[i] - dot) / l[i * k + i];
        }
        x
    }

    /// X with A X = B, for B row-major `[k × k]`.
    pub(super) fn solve_matrix(&self, b: &[f64]) -> Vec<f64> {
        let k = self.size;
        let mut x = vec![0.0; k * k];
        for column in 0..k {
            let b: Vec<f64> = (0..k).map(|row| b[row * k + column]).collect();
            for (row, value) in self.solve(&b).into_iter().enumerate() {
                x[row * k + column] = value;
            }
        }
        x
    }

    /// ln |A|.
    pub(super) fn ln_determinant(&self) -> f64 {
        (0..self.size).map(|i| 2.0 * libm::log(self.lower[i * self.size + i])).sum()
    }
}

/// Σ aᵢ bᵢ, from the first on.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_measures() {
        let a = [4.0, 2.0, 2.0, 5.0];
        let factor = Cholesky::new(&a, 2).expect("positive definite");
        let x = factor.solve(&[8.0, 12.0]);
        assert!((x[0] - 1.0).abs() < 1e-14 && (x[1] - 2.0).abs() < 1e-14);
        assert!((factor.ln_determinant() - libm::log(16.0)).abs() < 1e-14);
        let inverse = factor.solve_matrix(&[1.0, 0.0, 0.0, 1.0]);
        assert!((inverse[0] - 5.0 / 16.0).abs() < 1e-15 && (inverse[1] + 2.0 / 16.0).abs() < 1e-15);
        assert!(Cholesky::new(&[1.0, 1.0, 1.0, 1.0], 2).is_none());
    }
}
