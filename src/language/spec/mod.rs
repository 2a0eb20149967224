//! The one representation of what the author asked for: names resolved, defaults filled,
//! units converted, a span each. It carries no file content.
//!
//! `lower` makes it, `types` is it, `digest` names it, `error` words what can be wrong.

mod asked;
pub mod digest;
pub mod error;
mod lower;
mod types;

use super::diagnostics::Diagnostics;
use super::syntax::ast;
pub use asked::{pedantic, unseeded};
pub use types::*;

/// Turns a parsed file into a [`Spec`]: resolves names, fills defaults, converts units.
///
/// The spec is `None` when an error was found; warnings alone leave it whole.
#[must_use]
pub fn lower(file: &ast::File) -> (Option<Spec>, Diagnostics) {
    lower::lower(file)
}
