//! Eigendecomposition of a training relationship matrix.
//!
//! In the basis of its eigenvectors every V = h²G + (1 − h²)R is diagonal, so one
//! decomposition serves all values of h² and all traits observed on the same rows
//! (Kang et al. 2008). Record weights w give R = diag(1/w); rows are scaled by √w beforehand.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::{Mat, Par};
use ndarray::Array2;

use super::error;
use super::small::dot;
use crate::language::diagnostics::Diagnostic;

/// √w G √w = U diag(d) U′ over some training rows.
#[derive(Clone, Debug)]
pub struct Spectrum {
    rows: Vec<u32>,
    root_weights: Vec<f64>,
    values: Vec<f64>,
    vectors: Mat<f64>,
}

impl Spectrum {
    /// Decomposes the part of `relationship` `[all rows × all rows]` over `rows`.
    ///
    /// `weights` `[all rows]` are positive; without them all are 1. Eigenvalues that rounding
    /// made negative become 0.
    ///
    /// # Errors
    /// E0902 when the matrix has values that are not finite.
    pub fn new(
        relationship: &Array2<f64>,
        rows: &[u32],
        weights: Option<&[f64]>,
    ) -> Result<Self, Diagnostic> {
        let n = rows.len();
        let root = |row: u32| weights.map_or(1.0, |w| w[row as usize].sqrt());
        let root_weights: Vec<f64> = rows.iter().map(|&row| root(row)).collect();
        let matrix = Mat::from_fn(n, n, |i, j| {
            relationship[[rows[i] as usize, rows[j] as usize]] * root_weights[i] * root_weights[j]
        });
        let mut values = Diag::zeros(n);
        let mut vectors = Mat::zeros(n, n);
        let scratch =
            self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Default::default());
        self_adjoint_evd(
            matrix.as_ref(),
            values.as_mut(),
            Some(vectors.as_mut()),
            Par::Seq,
            MemStack::new(&mut MemBuffer::new(scratch)),
            Default::default(),
        )
        .map_err(|_| error::no_eigenvalues(n))?;
        let values: Vec<f64> = values.column_vector().iter().map(|d| d.max(0.0)).collect();
        if values.iter().any(|d| !d.is_finite()) {
            return Err(error::no_eigenvalues(n));
        }
        Ok(Self { rows: rows.to_vec(), root_weights, values, vectors })
    }

    /// The rows decomposed over.
    #[must_use]
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Eigenvalues, ascending.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The eigenvector of the i-th value `[rows]`.
    #[must_use]
    pub fn vector(&self, i: usize) -> &[f64] {
        self.vectors.col_as_slice(i)
    }

    /// √w of each row.
    pub(super) fn root_weights(&self) -> &[f64] {
        &self.root_weights
    }

    /// U′ √w x, for x over all cohort rows.
    pub(super) fn rotate(&self, value_of: impl Fn(usize) -> f64) -> Vec<f64> {
        let scaled: Vec<f64> = self
            .rows
            .iter()
            .zip(&self.root_weights)
            .map(|(&row, root)| value_of(row as usize) * root)
            .collect();
        (0..self.rows.len()).map(|i| dot(self.vector(i), &scaled)).collect()
    }

    /// √w U x, the way back.
    pub(super) fn rotate_back(&self, x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.rows.len()];
        for (i, &x) in x.iter().enumerate() {
            for (slot, u) in out.iter_mut().zip(self.vector(i)) {
                *slot += u * x;
            }
        }
        out.iter_mut().zip(&self.root_weights).for_each(|(slot, root)| *slot *= root);
        out
    }
}
