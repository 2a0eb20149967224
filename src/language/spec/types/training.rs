//! What is done: how accuracy is measured and how the network is trained.
//!
//! Nothing here changes the architecture's digest.

use super::ColumnRef;
use crate::language::source::Span;

/// The `evaluate` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Evaluate {
    /// How rows are split.
    pub scheme: Scheme,
    /// Seed of the split.
    pub seed: u64,
    /// Share of the training rows that early stopping validates on.
    pub validation: f64,
    /// Inner folds of each training part, where anything is chosen by them.
    #[serde(skip_serializing_if = "is_usual")]
    pub inner: usize,
    /// Numbers of training rows that are tried beside all of them, ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub train_sizes: Vec<usize>,
    /// Methods run on the same folds.
    pub baselines: Vec<Baseline>,
    /// Metrics shown in the summary table; all are written to files.
    pub metrics: Vec<Metric>,
    /// The whole item.
    #[serde(skip)]
    pub span: Span,
}

impl Evaluate {
    /// Inner folds where the author gives no number.
    pub const INNER: usize = 5;
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_usual(inner: &usize) -> bool {
    *inner == Evaluate::INNER
}

/// How rows are split.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "described at each variant")]
pub enum Scheme {
    /// k folds, repeated; whole groups stay together, strata are balanced.
    KFold { folds: usize, repeats: usize, group: Option<ColumnRef>, stratify: Option<ColumnRef> },
    /// One fold a level.
    LeaveOut(ColumnRef),
    /// Folds as given by a column.
    Folds(ColumnRef),
    /// Records of individuals in several environments: new ones of either, or of both.
    Environments { scenario: Scenario, environment: ColumnRef, folds: usize, repeats: usize },
    /// One fold of this share of the rows.
    Holdout { fraction: f64 },
    /// No evaluation: the final fit alone.
    None,
}

impl Scheme {
    /// The column of environments, where the scheme goes by them.
    #[must_use]
    pub fn environment(&self) -> Option<&ColumnRef> {
        match self {
            Self::Environments { environment, .. } => Some(environment),
            _ => None,
        }
    }
}

/// What is new of the records that a fold tests (Burgueño et al. 2012; Jarquín et al. 2017).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// Individuals, in environments that others were seen in.
    Cv1,
    /// Neither: single records of individuals that were seen in other environments.
    Cv2,
    /// The environment, of individuals that were seen in others.
    Cv0,
    /// Both.
    Cv00,
}

/// Methods that binnc is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Baseline {
    Gblup,
    GblupDominance,
    GblupEnvironment,
    Ridge,
    ElasticNet,
    Forest,
    Rkhs,
    Fcn,
}

/// Measures of accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Metric {
    Pearson,
    Spearman,
    Rmse,
    Slope,
    Bias,
    TopOverlap,
    Auc,
    AveragePrecision,
    Brier,
    Within,
}

impl Metric {
    /// As `metrics.tsv` and specs call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pearson => "pearson",
            Self::Within => "pearson_within",
            Self::Spearman => "spearman",
            Self::Rmse => "rmse",
            Self::Slope => "slope",
            Self::Bias => "bias",
            Self::TopOverlap => "top10",
            Self::Auc => "auc",
            Self::AveragePrecision => "average_precision",
            Self::Brier => "brier",
        }
    }

    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Pearson,
        Self::Within,
        Self::Spearman,
        Self::Rmse,
        Self::Slope,
        Self::Bias,
        Self::TopOverlap,
        Self::Auc,
        Self::AveragePrecision,
        Self::Brier,
    ];
}

/// The `train` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Train {
    /// The update rule.
    pub optimizer: Optimizer,
    /// Most passes over the training rows.
    pub epochs: usize,
    /// Rows a step; `None` takes all.
    pub batch: Option<usize>,
    /// Epochs without improvement before stopping.
    pub patience: Option<usize>,
    /// Networks with different seeds whose predictions are averaged.
    pub ensemble: usize,
    /// Seed of initial weights, batches, dropout and validation rows.
    pub seed: u64,
    /// The column whose levels weigh the same, all rows of each together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<ColumnRef>,
    /// The whole item.
    #[serde(skip)]
    pub span: Span,
}

/// Update rules with their penalties.
///
/// Penalties act on weights, never on biases: loss + l2·Σw² + l1·Σ|w|. `decay` is decoupled
/// (Loshchilov & Hutter 2019).
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Optimizer {
    /// The rule.
    pub rule: Rule,
    /// Learning rate.
    pub learning_rate: f64,
    /// Weight of Σ|w|.
    pub l1: f64,
    /// Weight of Σw².
    pub l2: f64,
    /// Decoupled weight decay (AdamW).
    pub decay: f64,
}

/// Update rules.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Rule {
    Sgd { momentum: f64 },
    Adam { beta1: f64, beta2: f64, epsilon: f64 },
}
