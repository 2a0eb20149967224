//! Accuracy on rows the model has not seen.

pub mod baseline;
pub mod metrics;
