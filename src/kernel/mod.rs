//! Slices in, slices out: forward and backward of every op.
//!
//! Uses nothing else of binnc and does no input or output. [`scalar`] is the oracle of each
//! op; [`math`] gives the same bits on every platform.

pub mod math;
