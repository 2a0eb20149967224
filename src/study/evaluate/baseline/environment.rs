//! GBLUP with effects of environments: V = h²((1 − ρ)G + ρ·G∘E) + (1 − h²)R, ρ and h² by REML.
//!
//! E is 1 between records of one environment and 0 between others (Burgueño et al. 2012; Jarquín et al.
//! 2014): what an individual passes on is in part the same everywhere, in part of each environment alone.
//! ρ is the share of the latter.

use super::{Fits, Ground, kernel};
use crate::study::linear::relationship::Relationship;
use ndarray::Array2;

/// Fits each trait with the best share; `environments` `[rows]` are codes.
pub(super) fn fit(relationship: &Relationship, environments: &[Option<u32>], ground: &Ground<'_>) -> Fits {
    let whole = &relationship.matrix;
    let within = Array2::from_shape_fn(whole.raw_dim(), |(i, j)| {
        if environments[i].is_some() && environments[i] == environments[j] { whole[[i, j]] } else { 0.0 }
    });
    kernel::mixed(whole, &within, "environment_share", ground)
}
