//! Best linear unbiased prediction of several traits from one relationship matrix.
//!
//! Traits observed on the same training rows share one eigendecomposition. The relationship
//! matrix comes from all training rows, whatever each trait is observed on.

use super::design::Design;
use super::error;
use super::reml::{self, MixedModel};
use super::residuals;
use super::spectrum::Spectrum;
use crate::language::diagnostics::Diagnostic;
use ndarray::Array2;

/// A trait of all cohort rows.
#[derive(Clone, Copy, Debug)]
pub struct Trait<'a> {
    /// The author's name for it.
    pub name: &'a str,
    /// Its values `[rows]`; NaN is unobserved.
    pub values: &'a [f64],
}

/// Predictions of one trait.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Xb̂ + û of each row asked for.
    pub predicted: Vec<f64>,
    /// b̂₀ + û: without fixed effects other than the intercept.
    pub genetic: Vec<f64>,
    /// The model, with its predictions for all cohort rows.
    pub model: MixedModel,
    /// Training rows on which the trait is observed.
    pub observed: usize,
}

/// Fits each trait on the training rows where it is observed, and predicts the rows asked for.
///
/// `relationship` is `[rows × rows]`. `weights` `[rows]` are records behind each value: R = diag(1/w); a
/// row without a positive finite weight is not fitted on. One result for each trait, in order.
///
/// # Errors
/// For a trait: E0609 when it is observed on no training row, E0903 when it is constant there
/// or the design is degenerate, E0902 when relationships are not finite.
pub fn fit_predict(
    relationship: &Array2<f64>,
    design: &Design,
    traits: &[Trait<'_>],
    weights: Option<&[f64]>,
    train: &[u32],
    predict: &[u32],
) -> Vec<Result<Prediction, Diagnostic>> {
    let whole = |spectrum: &Spectrum, _: &Trait<'_>, model: MixedModel| {
        Ok(Prediction::new(model, predict, spectrum.rows().len()))
    };
    fit_each(relationship, design, traits, weights, train, whole)
}

/// As [`fit_predict`] for all cohort rows, each fit with its leave-one-out residuals `[rows]`
/// ([`residuals::leave_one_out`] at the h² of the fit); NaN where a row was not fitted on.
///
/// # Errors
/// As [`fit_predict`].
pub fn fit_and_leave_out(
    relationship: &Array2<f64>,
    design: &Design,
    traits: &[Trait<'_>],
    weights: Option<&[f64]>,
    train: &[u32],
) -> Vec<Result<(Prediction, Vec<f64>), Diagnostic>> {
    let all: Vec<u32> = (0..relationship.nrows() as u32).collect();
    let both = |spectrum: &Spectrum, one: &Trait<'_>, model: MixedModel| {
        let left_out = residuals::leave_one_out(spectrum, design, one.name, one.values, model.h2)?;
        let mut of_rows = vec![f64::NAN; all.len()];
        for (row, residual) in spectrum.rows().iter().zip(left_out) {
            of_rows[*row as usize] = residual;
        }
        Ok((Prediction::new(model, &all, spectrum.rows().len()), of_rows))
    };
    fit_each(relationship, design, traits, weights, train, both)
}

/// Fits each trait, and makes something of its decomposition and its fit.
fn fit_each<T>(
    relationship: &Array2<f64>,
    design: &Design,
    traits: &[Trait<'_>],
    weights: Option<&[f64]>,
    train: &[u32],
    then: impl Fn(&Spectrum, &Trait<'_>, MixedModel) -> Result<T, Diagnostic>,
) -> Vec<Result<T, Diagnostic>> {
    let mut spectra: Vec<Spectrum> = Vec::new();
    let mut fit_one = |one: &Trait<'_>| {
        let rows = observed_rows(one.values, weights, train);
        if rows.is_empty() {
            return Err(error::unobserved_trait(one.name, train.len()));
        }
        let at = match spectra.iter().position(|spectrum| spectrum.rows() == rows) {
            Some(at) => at,
            None => {
                spectra.push(Spectrum::new(relationship, &rows, weights)?);
                spectra.len() - 1
            }
        };
        let model = reml::fit(&spectra[at], relationship, design, one.name, one.values)?;
        then(&spectra[at], one, model)
    };
    traits.iter().map(&mut fit_one).collect()
}

/// The training rows on which a trait is observed with a positive weight.
#[must_use]
pub fn observed_rows(values: &[f64], weights: Option<&[f64]>, train: &[u32]) -> Vec<u32> {
    let weighed = |row: usize| weights.is_none_or(|w| w[row] > 0.0 && w[row].is_finite());
    train.iter().copied().filter(|&row| !values[row as usize].is_nan() && weighed(row as usize)).collect()
}

impl Prediction {
    fn new(model: MixedModel, predict: &[u32], observed: usize) -> Self {
        let rows = || predict.iter().map(|&row| row as usize);
        let predicted = rows().map(|row| model.fixed[row] + model.genetic[row]).collect();
        let genetic = rows().map(|row| model.effects[0] + model.genetic[row]).collect();
        Self { predicted, genetic, model, observed }
    }
}
