//! binnc compiles a biology-informed neural network, SNP → gene → pathway → trait,
//! from a short spec, and trains and runs it straight from packed genotypes.
//!
//! ```text
//!  .binn
//!    │  syntax::parse      notation ends here
//!  ast::File
//!    │  spec::lower        names, units, defaults
//!  Spec
//!    │  graph::resolve     + priors + variants + sample ids
//!  Graph
//!    │  graph::check       cycles, reach, shapes
//!  CheckedGraph
//!    │  plan::compile      blocks, offsets, digests
//!  Plan
//!    │  train::fit         + cohort rows
//!  Model
//!    │  evaluate           metrics, predictions, run folder
//! ```
//!
//! Data flows one way. Wings from left to right: [`io`], [`kernel`], [`language`] →
//! [`data`], [`knowledge`] → [`compiler`] → [`engine`] → [`study`] → `cli`. A wing uses
//! only wings to its left; `tests/house.rs` fails on a backward arrow.

pub mod cli;
pub mod compiler;
pub mod data;
pub mod engine;
pub mod io;
pub mod kernel;
pub mod knowledge;
pub mod language;
pub mod study;
