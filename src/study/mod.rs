//! What is learnt from a model: `linear` → `derive` → `explain` → `evaluate` → `report` → `diagnose`.

pub mod derive;
pub mod diagnose;
pub mod evaluate;
pub mod explain;
pub mod linear;
pub mod report;
