//! Leave-one-out residuals of a mixed model, without refitting.
//!
//! eᵢ = (Py)ᵢ/Pᵢᵢ with P = V⁻¹ − V⁻¹X(X′V⁻¹X)⁻¹X′V⁻¹: what is left of yᵢ when row i is
//! predicted from all others at the same h² (Cook & Weisberg 1982, section 2.2, for V ≠ I).

use super::design::Design;
use super::error;
use super::reml::Rotated;
use super::spectrum::Spectrum;
use crate::language::diagnostics::Diagnostic;

/// eᵢ for each row of `spectrum`, 0 for one that no other row tells anything of, in units of the trait, at the given h².
///
/// # Errors
/// E0903 as [`super::reml::fit`].
pub fn leave_one_out(
    spectrum: &Spectrum,
    design: &Design,
    trait_name: &str,
    y: &[f64],
    h2: f64,
) -> Result<Vec<f64>, Diagnostic> {
    let rotated = Rotated::new(spectrum, design, trait_name, y)?;
    let gls = rotated.gls(h2).ok_or_else(|| error::exact_fit(trait_name))?;
    // both already carry one √w: Py = √w U (…)
    let py = spectrum.rotate_back(&gls.weighted_residual);
    let n = spectrum.rows().len();
    let mut diagonal = vec![0.0; n];
    for (i, p) in gls.precision.iter().enumerate() {
        diagonal.iter_mut().zip(spectrum.vector(i)).for_each(|(slot, u)| *slot += p * u * u);
    }
    let weighted: Vec<Vec<f64>> = rotated
        .x
        .iter()
        .map(|x| spectrum.rotate_back(&x.iter().zip(&gls.precision).map(|(x, p)| x * p).collect::<Vec<_>>()))
        .collect();
    let residual = |i: usize| {
        let weight = spectrum.root_weights()[i].powi(2);
        let q: Vec<f64> = weighted.iter().map(|column| column[i]).collect();
        let fixed: f64 = gls.information.solve(&q).iter().zip(&q).map(|(a, b)| a * b).sum();
        let p = weight * diagonal[i] - fixed;
        // A row that fixed effects alone explain, such as the only one of its level, leaves nothing.
        if p > 1e-10 * weight * diagonal[i] { py[i] / p } else { 0.0 }
    };
    Ok((0..n).map(residual).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::linear::reml::fit_at;
    use ndarray::Array2;

    #[test]
    fn equals_refitting_without_each_row() {
        let z = |i: usize, v: usize| libm::sin((3 * i * i + 7 * v * (i + 1)) as f64);
        let g =
            Array2::from_shape_fn((10, 10), |(i, j)| (0..9).map(|v| z(i, v) * z(j, v)).sum::<f64>() / 4.5);
        let columns = Array2::from_shape_fn((10, 2), |(i, c)| if c == 0 { 1.0 } else { libm::cos(i as f64) });
        let design = Design { columns, names: vec!["intercept".into(), "cos".into()] };
        let y: Vec<f64> = (0..10).map(|i| 5.0 + z(i, 2) + 0.5 * z(i, 11)).collect();
        let weights: Vec<f64> = (0..10).map(|i| 1.0 + f64::from(i % 3)).collect();
        let rows: Vec<u32> = (0..10).collect();
        let spectrum = Spectrum::new(&g, &rows, Some(&weights)).expect("finite");
        let quick = leave_one_out(&spectrum, &design, "t", &y, 0.6).expect("regular");
        for left in 0..10 {
            let others: Vec<u32> = rows.iter().copied().filter(|&row| row as usize != left).collect();
            let part = Spectrum::new(&g, &others, Some(&weights)).expect("finite");
            let model = fit_at(&part, &g, &design, "t", &y, 0.6).expect("regular");
            let slow = y[left] - model.fixed[left] - model.genetic[left];
            assert!((quick[left] - slow).abs() < 1e-10, "{left}: {} {slow}", quick[left]);
        }
    }

    #[test]
    fn a_row_that_its_own_effect_explains_leaves_nothing() {
        let g = Array2::from_shape_fn(
            (8, 8),
            |(i, j)| if i == j { 1.0 } else { 0.1 * libm::cos((i * j) as f64) },
        );
        let columns = Array2::from_shape_fn((8, 2), |(i, c)| f64::from(u8::from(c == 0 || i == 3)));
        let design = Design { columns, names: vec!["intercept".into(), "only one".into()] };
        let y: Vec<f64> = (0..8).map(|i| 100.0 + libm::sin(f64::from(i))).collect();
        let spectrum = Spectrum::new(&g, &(0..8).collect::<Vec<u32>>(), None).expect("finite");
        let left = leave_one_out(&spectrum, &design, "t", &y, 0.5).expect("regular");
        assert_eq!(left[3], 0.0);
        assert!(left.iter().all(|residual| residual.abs() < 5.0), "{left:?}");
    }
}
