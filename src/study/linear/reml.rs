//! The mixed model y = Xb + g + e, g ~ N(0, Gσ²_g), e ~ N(0, diag(1/w)σ²_e), by REML.
//!
//! With V = h²G + (1 − h²)R and h² = σ²_g/(σ²_g + σ²_e), the restricted likelihood is profiled
//! on h² in [0, 1 − 1e-5] (Patterson & Thompson 1971; Kang et al. 2008): 50 points, then
//! Brent to 1e-8. b̂ is GLS at ĥ²; û = h²·G[·, train]·V⁻¹(y − Xb̂) for every cohort row.

use ndarray::Array2;

use super::design::Design;
use super::error;
use super::minimize::minimize;
use super::small::{Cholesky, dot};
use super::spectrum::Spectrum;
use crate::language::diagnostics::Diagnostic;

/// The highest h² looked at: V stays invertible.
pub const HIGHEST_H2: f64 = 1.0 - 1e-5;
const GRID: usize = 50;
const TOLERANCE: f64 = 1e-8;

/// A fitted mixed model, with predictions for all cohort rows.
#[derive(Clone, Debug, PartialEq)]
pub struct MixedModel {
    /// b̂, one for each column of the design.
    pub effects: Vec<f64>,
    /// Xb̂ `[rows]`.
    pub fixed: Vec<f64>,
    /// û `[rows]`; all 0 when h² is 0.
    pub genetic: Vec<f64>,
    /// V⁻¹(y − Xb̂)·h² over the rows fitted on: û = G[·, train] · this.
    pub dual: Vec<f64>,
    /// σ²_g/(σ²_g + σ²_e), on the scale of the relationship matrix as given.
    pub h2: f64,
    /// Its standard error: √(2/D″), D″ the second derivative of the profiled deviance (observed
    /// information). `None` at the ends of the range and for a given h².
    pub h2_se: Option<f64>,
    /// σ̂²_g, in squared units of the trait.
    pub genetic_variance: f64,
    /// σ̂²_e of a record of weight 1.
    pub residual_variance: f64,
    /// −2 × the restricted log likelihood at ĥ².
    pub deviance: f64,
}

impl MixedModel {
    /// y − Xb̂ + b̂₀ `[rows]`: the trait without fixed effects but the intercept, which
    /// genetic predictions are scored against.
    #[must_use]
    pub fn adjusted(&self, y: &[f64]) -> Vec<f64> {
        y.iter().zip(&self.fixed).map(|(y, fixed)| y - (fixed - self.effects[0])).collect()
    }
}

/// A trait in the basis of a [`Spectrum`].
pub(super) struct Rotated<'a> {
    pub(super) spectrum: &'a Spectrum,
    y: Vec<f64>,
    /// Columns of X.
    pub(super) x: Vec<Vec<f64>>,
}

/// GLS at one value of h².
pub(super) struct Gls {
    /// 1/vᵢ, the diagonal of V⁻¹.
    pub(super) precision: Vec<f64>,
    /// X′V⁻¹X, factored.
    pub(super) information: Cholesky,
    effects: Vec<f64>,
    /// V⁻¹(y − Xb̂) = Py.
    pub(super) weighted_residual: Vec<f64>,
    /// (y − Xb̂)′V⁻¹(y − Xb̂).
    squares: f64,
}

/// Fits by REML.
///
/// `relationship` `[rows × rows]` is the one `spectrum` comes from; `design` and `y` `[rows]`
/// cover all cohort rows; only `spectrum.rows()` are fitted on, and there `y` is observed.
///
/// # Errors
/// E0903 when `y` is constant, a column of the design is constant or collinear on these rows,
/// fewer than two degrees of freedom are left, or the fixed effects fit `y` exactly.
pub fn fit(
    spectrum: &Spectrum,
    relationship: &Array2<f64>,
    design: &Design,
    trait_name: &str,
    y: &[f64],
) -> Result<MixedModel, Diagnostic> {
    let rotated = Rotated::new(spectrum, design, trait_name, y)?;
    let deviance = |h2: f64| rotated.gls(h2).map_or(f64::INFINITY, |gls| rotated.deviance(&gls));
    let h2 = minimize(deviance, 0.0, HIGHEST_H2, GRID, TOLERANCE);
    let mut model = rotated.model(relationship, design, h2, trait_name)?;
    if h2 > 0.0 && h2 < HIGHEST_H2 {
        let curvature = rotated.curvature(h2);
        model.h2_se = curvature.filter(|c| *c > 0.0).map(|c| (2.0 / c).sqrt());
    }
    Ok(model)
}

/// Fits with h² given, in [0, 1).
///
/// # Errors
/// As [`fit`].
pub fn fit_at(
    spectrum: &Spectrum,
    relationship: &Array2<f64>,
    design: &Design,
    trait_name: &str,
    y: &[f64],
    h2: f64,
) -> Result<MixedModel, Diagnostic> {
    Rotated::new(spectrum, design, trait_name, y)?.model(relationship, design, h2, trait_name)
}

impl<'a> Rotated<'a> {
    pub(super) fn new(
        spectrum: &'a Spectrum,
        design: &Design,
        trait_name: &str,
        y: &[f64],
    ) -> Result<Self, Diagnostic> {
        let rows = spectrum.rows();
        design.check_rank(rows)?;
        let columns = design.names.len();
        if rows.len() < columns + 2 {
            return Err(error::too_few_rows(trait_name, rows.len(), columns));
        }
        let observed: Vec<f64> = rows.iter().map(|&row| y[row as usize]).collect();
        if observed.iter().any(|v| !v.is_finite()) {
            return Err(error::not_finite(trait_name));
        }
        let mean = observed.iter().sum::<f64>() / observed.len() as f64;
        let spread = observed.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
        if spread <= 1e-24 * observed.iter().map(|v| v * v).sum::<f64>() {
            return Err(error::constant_response(trait_name, rows.len(), observed[0]));
        }
        let x = (0..columns).map(|c| spectrum.rotate(|row| design.columns[[row, c]])).collect();
        let rotated = Self { spectrum, y: spectrum.rotate(|row| y[row]), x };
        match rotated.gls(0.0) {
            Some(gls) if gls.squares > 1e-16 * spread => Ok(rotated),
            _ => Err(error::exact_fit(trait_name)),
        }
    }

    pub(super) fn gls(&self, h2: f64) -> Option<Gls> {
        let k = self.x.len();
        let precision: Vec<f64> =
            self.spectrum.values().iter().map(|d| 1.0 / (h2 * d + (1.0 - h2))).collect();
        let weighted: Vec<Vec<f64>> =
            self.x.iter().map(|x| x.iter().zip(&precision).map(|(x, p)| x * p).collect()).collect();
        let information: Vec<f64> = (0..k * k).map(|at| dot(&weighted[at / k], &self.x[at % k])).collect();
        let information = Cholesky::new(&information, k)?;
        let effects = information.solve(&weighted.iter().map(|w| dot(w, &self.y)).collect::<Vec<_>>());
        let mut residual = self.y.clone();
        for (x, b) in self.x.iter().zip(&effects) {
            residual.iter_mut().zip(x).for_each(|(r, x)| *r -= b * x);
        }
        let weighted_residual: Vec<f64> = residual.iter().zip(&precision).map(|(r, p)| r * p).collect();
        let squares = dot(&residual, &weighted_residual);
        Some(Gls { precision, information, effects, weighted_residual, squares })
    }

    fn degrees(&self) -> f64 {
        (self.y.len() - self.x.len()) as f64
    }

    /// −2 × restricted log likelihood, σ² profiled out.
    fn deviance(&self, gls: &Gls) -> f64 {
        let df = self.degrees();
        let ln_v: f64 = -gls.precision.iter().map(|p| libm::log(*p)).sum::<f64>();
        let constant = df * (1.0 + libm::log(2.0 * std::f64::consts::PI / df));
        constant + df * libm::log(gls.squares) + ln_v + gls.information.ln_determinant()
    }

    /// The second derivative of the deviance by h².
    ///
    /// With C = dV/dh² (diagonal, d − 1) and P = V⁻¹ − V⁻¹X(X′V⁻¹X)⁻¹X′V⁻¹: y′Py has the
    /// derivatives −y′PCPy and 2y′PCPCPy, ln|V| + ln|X′V⁻¹X| has tr PC and −tr PCPC.
    fn curvature(&self, h2: f64) -> Option<f64> {
        let gls = self.gls(h2)?;
        let k = self.x.len();
        let c: Vec<f64> = self.spectrum.values().iter().map(|d| d - 1.0).collect();
        let cpy: Vec<f64> = c.iter().zip(&gls.weighted_residual).map(|(c, r)| c * r).collect();
        let pcpy = self.project(&gls, &cpy);
        let (first, second) = (-dot(&cpy, &gls.weighted_residual), 2.0 * dot(&cpy, &pcpy));
        let moment = |power: i32| -> Vec<f64> {
            let weight: Vec<f64> =
                gls.precision.iter().zip(&c).map(|(p, c)| p * (p * c).powi(power)).collect();
            let entry = |a: &[f64], b: &[f64]| (0..a.len()).map(|i| a[i] * b[i] * weight[i]).sum();
            let solved: Vec<f64> = (0..k * k).map(|at| entry(&self.x[at / k], &self.x[at % k])).collect();
            gls.information.solve_matrix(&solved)
        };
        let (one, two) = (moment(1), moment(2));
        let squared: f64 = (0..k * k).map(|at| one[at] * one[(at % k) * k + at / k]).sum();
        let diagonal: f64 = (0..k).map(|i| two[i * k + i]).sum();
        let trace: f64 = gls.precision.iter().zip(&c).map(|(p, c)| (p * c).powi(2)).sum::<f64>();
        let ratio = first / gls.squares;
        Some(self.degrees() * (second / gls.squares - ratio * ratio) - (trace - 2.0 * diagonal + squared))
    }

    /// P z.
    fn project(&self, gls: &Gls, z: &[f64]) -> Vec<f64> {
        let weighted: Vec<f64> = z.iter().zip(&gls.precision).map(|(z, p)| z * p).collect();
        let b = gls.information.solve(&self.x.iter().map(|x| dot(x, &weighted)).collect::<Vec<_>>());
        let fitted = |i: usize| self.x.iter().zip(&b).map(|(x, b)| x[i] * b).sum::<f64>();
        (0..z.len()).map(|i| weighted[i] - gls.precision[i] * fitted(i)).collect()
    }

    fn model(
        &self,
        relationship: &Array2<f64>,
        design: &Design,
        h2: f64,
        trait_name: &str,
    ) -> Result<MixedModel, Diagnostic> {
        let gls = self.gls(h2).ok_or_else(|| error::exact_fit(trait_name))?;
        let deviance = self.deviance(&gls);
        let variance = gls.squares / self.degrees();
        let dual: Vec<f64> =
            self.spectrum.rotate_back(&gls.weighted_residual).iter().map(|a| a * h2).collect();
        let rows = self.spectrum.rows();
        let all = 0..relationship.nrows();
        let blup =
            |i: usize| rows.iter().zip(&dual).map(|(&j, a)| relationship[[i, j as usize]] * a).sum::<f64>();
        let genetic = if h2 == 0.0 { vec![0.0; all.len()] } else { all.clone().map(blup).collect() };
        Ok(MixedModel {
            fixed: design.times(&gls.effects),
            effects: gls.effects,
            genetic,
            dual,
            h2,
            h2_se: None,
            genetic_variance: h2 * variance,
            residual_variance: (1.0 - h2) * variance,
            deviance,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small kinship, two columns and a trait, without structure to lean on.
    fn small() -> (Array2<f64>, Design, Vec<f64>) {
        let z = |i: usize, v: usize| libm::sin((3 * i * i + 7 * v * (i + 1)) as f64);
        let g =
            Array2::from_shape_fn((12, 12), |(i, j)| (0..9).map(|v| z(i, v) * z(j, v)).sum::<f64>() / 4.5);
        let columns = Array2::from_shape_fn((12, 2), |(i, c)| if c == 0 { 1.0 } else { libm::cos(i as f64) });
        let design = Design { columns, names: vec!["intercept".into(), "cos".into()] };
        let y = (0..12).map(|i| 5.0 + z(i, 2) + 0.7 * z(i, 4) + 0.5 * z(i, 11)).collect();
        (g, design, y)
    }

    #[test]
    fn curvature_is_the_second_difference_of_the_deviance() {
        let (g, design, y) = small();
        let rows: Vec<u32> = (0..12).collect();
        let spectrum = Spectrum::new(&g, &rows, None).expect("finite");
        let rotated = Rotated::new(&spectrum, &design, "t", &y).expect("varies");
        let deviance = |h2| rotated.deviance(&rotated.gls(h2).expect("regular"));
        for h2 in [0.2, 0.5, 0.8] {
            let step = 1e-4;
            let second = (deviance(h2 + step) - 2.0 * deviance(h2) + deviance(h2 - step)) / (step * step);
            let exact = rotated.curvature(h2).expect("regular");
            assert!((second - exact).abs() < 1e-4 * exact.abs().max(1.0), "{second} {exact}");
        }
    }

    #[test]
    fn no_heritability_leaves_the_fixed_effects() {
        let (g, design, y) = small();
        let rows: Vec<u32> = (0..10).collect();
        let spectrum = Spectrum::new(&g, &rows, None).expect("finite");
        let model = fit_at(&spectrum, &g, &design, "t", &y, 0.0).expect("varies");
        assert_eq!(model.genetic, vec![0.0; 12]);
        // ordinary least squares by the normal equations
        let c: Vec<f64> = (0..10).map(|i| libm::cos(i as f64)).collect();
        let (mc, my) = (c.iter().sum::<f64>() / 10.0, y[..10].iter().sum::<f64>() / 10.0);
        let slope = (0..10).map(|i| (c[i] - mc) * (y[i] - my)).sum::<f64>()
            / c.iter().map(|c| (c - mc).powi(2)).sum::<f64>();
        assert!((model.effects[1] - slope).abs() < 1e-12);
        assert!((model.fixed[11] - (my + slope * (libm::cos(11.0) - mc))).abs() < 1e-12);
    }

    #[test]
    fn degenerate_data_is_named() {
        let (g, design, y) = small();
        let rows: Vec<u32> = (0..12).collect();
        let spectrum = Spectrum::new(&g, &rows, None).expect("finite");
        let constant = fit(&spectrum, &g, &design, "height", &[0.1; 12]).expect_err("constant");
        assert_eq!(constant.code.name(), "E0903");
        assert!(constant.message.contains("`height`"), "{}", constant.message);
        let line: Vec<f64> = (0..12).map(|i| 2.0 + libm::cos(i as f64)).collect();
        let exact = fit(&spectrum, &g, &design, "height", &line).expect_err("no residual");
        assert!(exact.message.contains("exactly"), "{}", exact.message);
        let few = Spectrum::new(&g, &[0, 1, 2], None).expect("finite");
        assert_eq!(fit(&few, &g, &design, "height", &y).expect_err("no df").code.name(), "E0903");
    }
}
