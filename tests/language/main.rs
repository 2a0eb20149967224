//! The language as an author meets it: each input beside what the compiler answers.
//!
//! Snapshots hold the input and the report together, so that wording is reviewed in context.

mod checks;
mod code_scanning;
mod invariants;
mod meaning;
mod notations;
mod render;
mod schema;
mod small;
mod syntax;
mod trees;
mod twins;
mod zoo;
