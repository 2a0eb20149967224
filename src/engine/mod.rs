//! What runs: `network` → `model` → `train`.

pub mod model;
pub mod network;
pub mod train;
