//! Linear models on packed genotypes: relationships, REML, ridge, components, fixed effects.
//!
//! Everything estimated (frequencies, scales, variances, effects) comes from training rows;
//! the other rows are only ever read with what those rows gave. All arithmetic is `f64`, on
//! one thread, in a fixed order.

pub mod blup;
pub mod components;
pub mod correlation;
pub mod design;
pub mod dominance;
pub mod dosage;
pub mod error;
pub mod kernels;
pub mod liability;
pub mod markers;
mod minimize;
pub mod relationship;
pub mod reml;
pub mod residuals;
pub mod ridge;
pub(in crate::study) mod small;
pub mod spectrum;
