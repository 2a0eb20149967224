//! What is built: `graph` → `plan` → `lock`.
//!
//! Needs the spec, the priors, the variant list and the sample list, never a genotype: a
//! graph can be validated where the data may not go.

pub mod compare;
pub mod graph;
pub mod lock;
pub mod plan;
pub(crate) mod rows;
