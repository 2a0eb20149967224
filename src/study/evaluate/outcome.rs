//! What an evaluation comes to, as plain rows.

use super::differences::Difference;
use super::inside::Inside;
use super::stack::Share;
use crate::compiler::plan::Plan;
use crate::data::Fold;
use crate::engine::model::Preprocessing;
use crate::engine::network::Parameters;
use crate::engine::train::{Epoch, Took};
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Baseline;
use crate::study::derive::learnt::Learnt;
use crate::study::explain::Importance;
use crate::study::linear::markers::Effects;
use std::sync::Arc;

/// The fold number of rows that the final fit predicts.
pub const FINAL: usize = 0;

/// A method of prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Method {
    Binn,
    /// The networks of a model that is stacked on GBLUP, without it.
    Network,
    Gblup,
    GblupDominance,
    /// With effects of environments.
    GblupEnvironment,
    Ridge,
    ElasticNet,
    Forest,
    Rkhs,
    Fcn,
}

impl From<Baseline> for Method {
    fn from(baseline: Baseline) -> Self {
        match baseline {
            Baseline::Gblup => Self::Gblup,
            Baseline::GblupDominance => Self::GblupDominance,
            Baseline::GblupEnvironment => Self::GblupEnvironment,
            Baseline::Ridge => Self::Ridge,
            Baseline::ElasticNet => Self::ElasticNet,
            Baseline::Forest => Self::Forest,
            Baseline::Rkhs => Self::Rkhs,
            Baseline::Fcn => Self::Fcn,
        }
    }
}

impl Method {
    /// As it stands in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Binn => "binn",
            Self::Network => "network",
            Self::Gblup => "gblup",
            Self::GblupDominance => "gblup(dominance)",
            Self::GblupEnvironment => "gblup(environment)",
            Self::Ridge => "ridge",
            Self::ElasticNet => "elastic_net",
            Self::Forest => "forest",
            Self::Rkhs => "rkhs",
            Self::Fcn => "fcn",
        }
    }
}

/// One measure of one trait, method and fold.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricRow {
    /// The trait's column.
    pub trait_name: String,
    /// The method.
    pub method: Method,
    /// Repeat, from 1.
    pub repeat: usize,
    /// Fold, from 1.
    pub fold: usize,
    /// Of how many training rows the method saw some, for a learning curve; `None` where it saw all.
    pub size: Option<usize>,
    /// Training rows on which the trait is observed.
    pub n_train: usize,
    /// Test rows on which it is observed.
    pub n_test: usize,
    /// Name of the measure.
    pub metric: &'static str,
    /// Its value; `None` where it measures nothing.
    pub value: Option<f64>,
}

/// One prediction of one sample.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionRow {
    /// Cohort row.
    pub row: u32,
    /// The trait's column.
    pub trait_name: String,
    /// The method.
    pub method: Method,
    /// Repeat, from 1; 0 for the final fit.
    pub repeat: usize,
    /// Fold, from 1; [`FINAL`] for the final fit.
    pub fold: usize,
    /// The trait as given; NaN where it is not observed.
    pub observed: f64,
    /// Prediction with fixed effects.
    pub predicted: f64,
    /// Prediction without fixed effects other than the intercept.
    pub genetic: f64,
    /// SD over ensemble members; NaN for one.
    pub sd: f64,
}

/// What was fitted for the training rows of a fold, or for all rows.
#[derive(Clone, Debug)]
pub struct FittedFold {
    /// The fold; `None` for the final fit.
    pub fold: Option<Fold>,
    /// Rows it was trained on.
    pub train: Vec<u32>,
    /// One that saw all of these rows, or one for each inner fold that it did not see.
    pub networks: Vec<FittedNetwork>,
    /// What they are stacked on, where they are.
    pub polygenic: Option<Polygenic>,
}

impl FittedFold {
    /// `r1-f2`, or `final`.
    #[must_use]
    pub fn place(&self) -> String {
        let place = |fold: &Fold| format!("r{}-f{}", fold.repeat, fold.fold);
        self.fold.as_ref().map_or("final".to_string(), place)
    }
}

/// A network that was fitted, with its members.
#[derive(Clone, Debug)]
pub struct FittedNetwork {
    /// The inner fold that it did not see, from 1; 0 where it saw all rows.
    pub inner: usize,
    /// How many rows it saw.
    pub seen: usize,
    /// Its shape.
    pub plan: Arc<Plan>,
    /// What its links were learnt from, where they were.
    pub learnt: Option<Arc<Learnt>>,
    /// Scales and filters of the rows that it saw.
    pub preprocessing: Preprocessing,
    /// One entry a member.
    pub members: Vec<Parameters<f32>>,
    /// Seed of each member.
    pub seeds: Vec<u64>,
    /// Epoch that each member's parameters are from.
    pub epochs: Vec<usize>,
    /// Variants that are inputs but failed the filters on these rows.
    pub filtered: usize,
}

/// GBLUP as effects of variants, and how much of each trait is the networks'.
#[derive(Clone, Debug)]
pub struct Polygenic {
    /// One entry a trait.
    pub shares: Vec<Share>,
    /// The linear part.
    pub effects: Effects,
}

/// What one fit of a network took.
#[derive(Clone, Debug, PartialEq)]
pub struct FitRecord {
    /// [`Method::Binn`] or [`Method::Fcn`].
    pub method: Method,
    /// Repeat, from 1; 0 for the final fit.
    pub repeat: usize,
    /// Fold, from 1; [`FINAL`] for the final fit.
    pub fold: usize,
    /// How many training rows it saw, for a learning curve; `None` where it saw all of its fold.
    pub size: Option<usize>,
    /// Inner fold that the network did not see, from 1; 0 where it saw all rows.
    pub inner: usize,
    /// Member of the ensemble, from 0.
    pub member: usize,
    /// Which settings of the dense baseline, from 0.
    pub candidate: Option<usize>,
    /// Edges: products of one sample forward.
    pub edges: usize,
    /// Steps, samples and time.
    pub took: Took,
    /// Losses, epoch by epoch.
    pub history: Vec<Epoch>,
    /// The epoch whose parameters were kept.
    pub best_epoch: usize,
}

/// Everything that an evaluation comes to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The folds, in order.
    pub folds: Vec<Fold>,
    /// One row a trait, method, fold and measure.
    pub metrics: Vec<MetricRow>,
    /// The model beside each other method, one row a trait, method and size.
    pub differences: Vec<Difference>,
    /// One row a trait, method, fold and sample.
    pub predictions: Vec<PredictionRow>,
    /// Everything fitted, folds first, the final one last.
    pub fitted: Vec<FittedFold>,
    /// What each fit took, in the order of methods, folds and members.
    pub fits: Vec<FitRecord>,
    /// What networks look like inside, fold by fold.
    pub inside: Inside,
    /// How far predictions move with each node, over all networks of folds.
    pub importance: Vec<Importance>,
    /// Seconds that turning the calls sample by sample took.
    pub turned_in: f64,
    /// Warnings of the run.
    pub found: Diagnostics,
}
