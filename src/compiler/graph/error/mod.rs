//! Wording of everything that resolving and checking can find wrong.
//!
//! `joins` speaks of names that do or do not meet, `topology` of what the graph then is.

mod joins;
mod topology;

pub use joins::*;
pub use topology::*;
