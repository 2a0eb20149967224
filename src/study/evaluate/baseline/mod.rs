//! Methods that a network is compared with, on the same rows and with the same fixed effects.

mod copies;
mod dominance;
mod elastic_net;
mod environment;
pub mod fcn;
pub mod forest;
pub mod gblup;
mod kernel;
pub mod ridge;
mod rkhs;

use super::prepare::centred;
use crate::data::InnerFold;
use crate::engine::network::scoring::Watch;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::Baseline;
use crate::study::linear::blup::{Prediction, Trait};
use crate::study::linear::design::Design;
use crate::study::linear::dosage::MarkerSet;
use crate::study::linear::relationship::Relationship;

/// What a baseline says of one trait.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineFit {
    /// With fixed effects, of each cohort row.
    pub predicted: Vec<f64>,
    /// Without them, at the trait's level.
    pub genetic: Vec<f64>,
    /// Further figures, by the name that they have in `metrics.tsv`.
    pub figures: Vec<(&'static str, Option<f64>)>,
}

/// What the baselines of one `predict` item are fitted from.
pub(super) struct Ground<'a> {
    pub(super) markers: &'a [MarkerSet<'a>],
    /// VanRaden's G between all rows, where kernels need it.
    pub(super) relationship: Option<&'a Relationship>,
    pub(super) design: &'a Design,
    pub(super) traits: &'a [Trait<'a>],
    /// GBLUP of each trait, from which fixed effects come where a method has none of its own.
    pub(super) gblup: &'a [Option<Prediction>],
    pub(super) weights: Option<&'a [f64]>,
    pub(super) train: &'a [u32],
    /// All cohort rows.
    pub(super) all: &'a [u32],
    /// The environment of each row, where the scheme names a column of them.
    pub(super) environments: Option<&'a [Option<u32>]>,
    /// Inner folds of some training rows.
    pub(super) inner: &'a Dealt<'a>,
    /// For what a method draws.
    pub(super) seed: u64,
    pub(super) watch: &'a dyn Watch,
}

/// Deals training rows to inner folds.
pub(super) type Dealt<'a> = dyn Fn(&[u32]) -> Result<Vec<InnerFold>, Diagnostic> + 'a;
/// Fits of each trait, in order.
pub(super) type Fits = Vec<Result<BaselineFit, Diagnostic>>;

/// Fits a baseline that is no network.
///
/// # Errors
/// E0903 where training rows do not bear the method, whatever the trait.
pub(super) fn fit(baseline: Baseline, ground: &Ground<'_>) -> Result<Fits, Diagnostic> {
    match (baseline, ground.relationship) {
        (Baseline::Ridge, _) => {
            let Ground { markers, design, traits, weights, train, all, .. } = *ground;
            let fits = ridge::fit_predict(markers, design, traits, weights, train, all)?;
            let plain = |fit: ridge::RidgePrediction| BaselineFit::of(fit.prediction, train, Vec::new());
            Ok(fits.into_iter().map(|fit| fit.map(plain)).collect())
        }
        (Baseline::ElasticNet, _) => elastic_net::fit(ground),
        (Baseline::Forest, _) => forest::fit(ground),
        (Baseline::GblupDominance, Some(relationship)) => dominance::fit(relationship, ground),
        (Baseline::Rkhs, Some(relationship)) => rkhs::fit(relationship, ground),
        (Baseline::GblupEnvironment, Some(relationship)) => match ground.environments {
            Some(environments) => Ok(environment::fit(relationship, environments, ground)),
            None => Ok(Vec::new()),
        },
        // Fitted before all others, and a network; kernels have a relationship.
        (_, _) => Ok(Vec::new()),
    }
}

impl BaselineFit {
    /// A fit of all rows; `genetic` takes the mean that fixed effects have over the training rows.
    pub(super) fn of(fit: Prediction, train: &[u32], figures: Vec<(&'static str, Option<f64>)>) -> Self {
        let Prediction { predicted, genetic, .. } = centred(fit, train);
        Self { predicted, genetic, figures }
    }
}
