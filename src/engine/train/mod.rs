//! Fitting parameters to rows.
//!
//! One fit runs on one thread and depends on its data, options and seed alone; folds, seeds
//! and baselines run side by side outside.

pub mod error;
mod fit;
mod fused;
mod held;
mod invariant;
mod objective;
mod rules;
mod targets;
mod update;

pub use fit::{Epoch, FitOptions, Fitted, Split, Unwatched, Watch, fit};
pub use objective::{Penalties, Problem, Terms, objective, validation_loss};
pub use targets::{Targets, TraitTarget};
