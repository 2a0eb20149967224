//! Fitting parameters to rows.
//!
//! A fit depends on its data, options and seed alone. Folds, seeds and baselines run side by side
//! outside; a fit that is alone shares the work of each step among threads.

pub mod checkpoint;
pub mod error;
mod fit;
mod fused;
mod held;
mod invariant;
mod objective;
mod rules;
mod targets;
mod took;
mod trainer;
mod under_way;
mod update;

pub use fit::{Epoch, FitOptions, Fitted, Split, Unwatched, Watch, fit, team_size};
pub use objective::{Penalties, Problem, Terms, objective, validation_loss};
pub use targets::{Targets, TraitTarget};
pub use took::Took;
pub use trainer::{Done, Trainer};
