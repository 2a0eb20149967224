//! What is learnt from a model: `linear` → `derive` → `evaluate` → `explain` → `report`.

pub mod derive;
pub mod evaluate;
pub mod explain;
pub mod linear;
pub mod report;
