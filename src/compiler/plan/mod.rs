//! The portable form of a network: shapes, offsets, an op list, digests.
//!
//! Nothing in a plan is fallible, and nothing in it depends on a genotype.

mod types;

pub use types::*;
