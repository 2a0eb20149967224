//! The one representation of what the author asked for: names resolved, defaults filled,
//! units converted, a span each. It carries no file content.

mod types;

pub use types::*;
