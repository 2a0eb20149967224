//! What is learnt from a model: `linear` → `derive` → `evaluate` → `report`.

pub mod derive;
pub mod evaluate;
pub mod linear;
pub mod report;
