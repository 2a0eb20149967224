//! What is learnt from a model: `linear` → `evaluate`.

pub mod evaluate;
pub mod linear;
