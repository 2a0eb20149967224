//! From text to tree. The notation ends here: nothing to the right knows of it.
//!
//! `ast` is the tree, `dsl` the only user of pest, `error` the wording.

pub mod ast;
mod dsl;
mod error;

use super::diagnostics::Diagnostics;
use super::source::Source;

/// Parses a `.binn` text to a tree of all the items that could be read.
///
/// Every broken item is reported at its own place and left out of the tree.
#[must_use]
pub fn parse(source: &Source) -> (ast::File, Diagnostics) {
    dsl::parse(source)
}
