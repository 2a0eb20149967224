//! Links and nodes that are learnt from measurements on training rows.

use super::{ColumnRef, TableId, Window};
use crate::language::source::Span;

/// `via eqtl(TABLE, …)`: the variants that tell a node's measurement best.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Eqtl {
    /// The table with a column of each node's name.
    pub table: TableId,
    /// At most so many variants a node.
    pub top: usize,
    /// Largest two-sided p of a variant; 1 takes all.
    pub p: f64,
    /// Largest r² of two variants of one node; `None` takes both whatever it is.
    pub clump: Option<f64>,
    /// Where a variant has to lie to be looked at; everywhere without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Principal components of the training genotypes that are held fixed.
    pub components: usize,
    /// The whole call.
    #[serde(skip)]
    pub span: Span,
}

/// `select = elastic_net(TABLE, target = T.C, …)`: nodes whose measurements tell the target.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Select {
    /// The table with a column of each node's name.
    pub table: TableId,
    /// What is told.
    pub target: ColumnRef,
    /// 1 is the lasso; above 0.
    pub l1_ratio: f64,
    /// Inner folds that choose the penalty.
    pub folds: usize,
    /// Seed of these folds.
    pub seed: u64,
    /// Which penalty is taken.
    pub rule: SelectionRule,
    /// The whole call.
    #[serde(skip)]
    pub span: Span,
}

/// Which penalty of a path is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SelectionRule {
    /// That of the least error in inner folds.
    Least,
    /// The largest whose error is within one standard error of the least.
    OneStandardError,
}
