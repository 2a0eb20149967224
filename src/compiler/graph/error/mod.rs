//! Wording of everything that resolving and checking can find wrong.
//!
//! `joins` speaks of names that do or do not meet, `hierarchy` of terms above terms, `rules` of
//! weights and signs, `topology` of what the graph then is.

mod hierarchy;
mod joins;
mod rules;
mod topology;

pub use hierarchy::*;
pub use joins::*;
pub use rules::*;
pub use topology::*;
