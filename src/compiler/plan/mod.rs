//! The portable form of a network: shapes, offsets, an op list, digests.
//!
//! Nothing in a plan is fallible, and nothing in it depends on a genotype.

mod auxiliary;
mod build;
mod chains;
mod compile;
mod constraints;
mod cost;
mod fingerprint;
mod summary;
mod types;

use super::graph::CheckedGraph;
use crate::data::Variant;
use crate::language::spec::Spec;
pub use build::Shape;
pub use chains::{Filling, QUAD, chains, levels, spread};
pub use cost::{Cost, Edges};
pub use fingerprint::plan_digest;
pub use summary::{LayerSummary, PlanSummary};
pub use types::*;

/// Lays out a checked graph as rows and dense blocks.
///
/// `variants` names the inputs, one list a genotype set.
#[must_use]
pub fn compile(spec: &Spec, graph: &CheckedGraph, variants: &[Vec<Variant>]) -> Plan {
    compile::compile(spec, graph, variants)
}
