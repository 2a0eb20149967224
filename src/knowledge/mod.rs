//! What is known: gene sets, annotations, edge tables, one shape each.
//!
//! A reader takes the text of a file and gives an [`Incidence`] or [`Intervals`] with line
//! numbers; it sees positions as slices, never the data wing's tables.

mod types;

pub use types::*;
