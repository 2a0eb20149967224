//! Which nodes a network's predictions rest on.
//!
//! Methods look at trained networks on samples that these did not see, and give one figure a node and
//! trait; [`importances`] averages them over networks, joined by the nodes' names.

mod average;
mod clamp;

pub use average::{Importance, importances};
pub use clamp::{Clamped, Network, clamp};
