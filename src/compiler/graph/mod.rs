//! Which node reads which.
//!
//! `resolve` joins the spec with priors and variant lists by name; `check` proves that the
//! result is acyclic, reachable and shaped, and only it can make a [`CheckedGraph`].

mod check;
mod error;
mod groups;
mod resolve;
mod types;

use crate::data::Variant;
use crate::knowledge::Knowledge;
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Spec;
use std::collections::BTreeMap;
pub use types::*;

/// What the spec is resolved against: lists of names, never a genotype.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Variants of each genotype set, in file order.
    pub variants: &'a [Vec<Variant>],
    /// For each genotype set, which variants links may use (filters and chromosomes applied).
    pub usable: &'a [Vec<bool>],
    /// What each prior's file says.
    pub priors: &'a [Knowledge],
    /// Levels of categorical columns, sorted: `(table, column)` → levels.
    pub levels: &'a BTreeMap<(usize, String), Vec<String>>,
    /// Column names of each table, for `supervise … by T.*`.
    pub columns: &'a [Vec<String>],
    /// Where links that are learnt come from, if there are any.
    pub learning: Learning,
}

/// Joins the spec with what is known: every node, every edge, by name.
///
/// The graph is `None` when an error was found.
#[must_use]
pub fn resolve(spec: &Spec, known: &Known<'_>) -> (Option<Graph>, Diagnostics) {
    resolve::resolve(spec, known)
}

/// Proves that a graph can be compiled, after pruning what reads nothing or reaches nothing.
///
/// # Errors
/// Returns everything found when any of it is an error.
pub fn check(spec: &Spec, graph: Graph) -> Result<(CheckedGraph, Diagnostics), Diagnostics> {
    check::check(spec, graph)
}
