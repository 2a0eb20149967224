//! What is learnt from a model: `linear` → `evaluate` → `report`.

pub mod evaluate;
pub mod linear;
pub mod report;
