//! Ridge regression on SNPs: min ‖y − Xb − Zβ‖² + λ‖β‖², X unpenalised.
//!
//! The dual form works with n × n matrices whatever the number of SNPs. Ridge with λ and the
//! mixed model on K = ZZ′/m are the same fit (RR-BLUP): λ = m·σ²_e/σ²_g = m(1 − h²)/h², so
//! REML on K chooses λ.

use ndarray::Array2;

use super::error;
use super::small::Cholesky;
use crate::language::diagnostics::Diagnostic;

/// Effects of a ridge fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Ridge {
    /// b̂ `[columns of X]`.
    pub effects: Vec<f64>,
    /// β̂ `[columns of Z]`.
    pub marker_effects: Vec<f64>,
}

/// λ of m variants at h² of K = ZZ′/m; infinite at h² = 0.
#[must_use]
pub fn penalty(h2: f64, variants: usize) -> f64 {
    variants as f64 * (1.0 - h2) / h2
}

/// h² of K = ZZ′/m that gives λ.
#[must_use]
pub fn heritability(penalty: f64, variants: usize) -> f64 {
    variants as f64 / (variants as f64 + penalty)
}

/// The ridge solution for one λ > 0, in dual form with dense matrices: V = ZZ′ + λI,
/// b̂ by GLS, β̂ = Z′V⁻¹(y − Xb̂).
///
/// `z` `[rows × SNPs]`, `x` `[rows × columns]` (an intercept must be among them), `y` `[rows]`.
/// A network with one linear node, mean squared error and `l2` has the same minimum at
/// λ = n·l2, y in standardised units.
///
/// # Errors
/// E0903 when the columns of `x` are not independent.
pub fn closed_form(z: &Array2<f64>, x: &Array2<f64>, y: &[f64], penalty: f64) -> Result<Ridge, Diagnostic> {
    let (n, k) = x.dim();
    let mut v = z.dot(&z.t());
    v.diag_mut().iter_mut().for_each(|d| *d += penalty);
    let flat: Vec<f64> = v.iter().copied().collect();
    let factor = Cholesky::new(&flat, n).ok_or_else(error::singular_ridge)?;
    let solved: Vec<Vec<f64>> = x.columns().into_iter().map(|c| factor.solve(&c.to_vec())).collect();
    let against = |column: usize, with: &dyn Fn(usize) -> f64| -> f64 {
        (0..n).map(|row| solved[column][row] * with(row)).sum()
    };
    let information: Vec<f64> = (0..k * k).map(|at| against(at / k, &|row| x[[row, at % k]])).collect();
    let information = Cholesky::new(&information, k).ok_or_else(error::singular_ridge)?;
    let effects = information.solve(&(0..k).map(|c| against(c, &|row| y[row])).collect::<Vec<_>>());
    let residual: Vec<f64> = (0..n)
        .map(|row| y[row] - effects.iter().enumerate().map(|(c, b)| x[[row, c]] * b).sum::<f64>())
        .collect();
    let dual = ndarray::Array1::from(factor.solve(&residual));
    Ok(Ridge { effects, marker_effects: z.t().dot(&dual).to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn satisfies_the_normal_equations() {
        let z = Array2::from_shape_fn((7, 11), |(i, j)| libm::sin((i * i + 3 * j * (i + 2)) as f64));
        let x = Array2::from_shape_fn((7, 2), |(i, c)| if c == 0 { 1.0 } else { i as f64 });
        let y: Vec<f64> = (0..7).map(|i| libm::cos((5 * i) as f64)).collect();
        let fit = closed_form(&z, &x, &y, 1.7).expect("regular");
        let residual = |i: usize| {
            y[i] - (0..2).map(|c| x[[i, c]] * fit.effects[c]).sum::<f64>()
                - (0..11).map(|j| z[[i, j]] * fit.marker_effects[j]).sum::<f64>()
        };
        for c in 0..2 {
            assert!((0..7).map(|i| x[[i, c]] * residual(i)).sum::<f64>().abs() < 1e-12);
        }
        for j in 0..11 {
            let gradient = (0..7).map(|i| z[[i, j]] * residual(i)).sum::<f64>() - 1.7 * fit.marker_effects[j];
            assert!(gradient.abs() < 1e-12);
        }
    }

    #[test]
    fn penalty_and_heritability_are_inverse() {
        assert_eq!(penalty(0.25, 100), 300.0);
        assert_eq!(heritability(300.0, 100), 0.25);
    }
}
