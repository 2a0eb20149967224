//! What runs: `network` → `model` → `train` → `pace`.

pub mod model;
pub mod network;
pub mod pace;
pub mod train;
