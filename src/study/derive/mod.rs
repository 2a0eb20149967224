//! Links learnt on training rows.
//!
//! Nothing here looks at a row that it is not given: whoever derives links in a fold gives the
//! fold's training rows alone.

pub mod eqtl;
mod student;
