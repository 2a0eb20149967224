//! One command a file; the only place that prints.

pub mod load;
