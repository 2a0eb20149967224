//! Ridge regression on SNPs standardised on the training rows, λ by REML.
//!
//! It differs from GBLUP in its scale alone: unit variance makes the effect of a rare variant
//! as large as that of a common one, where GBLUP shrinks it.

use crate::language::diagnostics::Diagnostic;
use crate::study::linear::blup::{self, Prediction, Trait};
use crate::study::linear::design::Design;
use crate::study::linear::dosage::MarkerSet;
use crate::study::linear::relationship::{self, Scaling};
use crate::study::linear::ridge::penalty;

/// Predictions and the λ that REML chose, for Z of unit variance.
#[derive(Clone, Debug, PartialEq)]
pub struct RidgePrediction {
    /// Predictions and the fitted model.
    pub prediction: Prediction,
    /// λ; infinite where REML finds no variance that markers explain.
    pub penalty: f64,
}

/// Predicts rows from `train`; arguments as for [`blup::fit_predict`].
///
/// # Errors
/// E0903 when no usable variant differs between the training rows; per trait E0609, E0902,
/// E0903.
pub fn fit_predict(
    sets: &[MarkerSet<'_>],
    design: &Design,
    traits: &[Trait<'_>],
    weights: Option<&[f64]>,
    train: &[u32],
    predict: &[u32],
) -> Result<Vec<Result<RidgePrediction, Diagnostic>>, Diagnostic> {
    let kernel = relationship::relationship(sets, train, Scaling::Unit)?;
    let fits = blup::fit_predict(&kernel.matrix, design, traits, weights, train, predict);
    let with_penalty = |prediction: Prediction| RidgePrediction {
        penalty: penalty(prediction.model.h2, kernel.variants),
        prediction,
    };
    Ok(fits.into_iter().map(|fit| fit.map(with_penalty)).collect())
}
