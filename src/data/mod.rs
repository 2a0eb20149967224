//! What was measured: genotypes, tables, samples, and how rows are split.

mod types;

pub use types::*;
