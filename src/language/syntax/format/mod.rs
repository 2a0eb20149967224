//! From the tree back to a text, in either notation.
//!
//! `binn` is the canonical layout, with the author's comments and numbers; `yaml` the same
//! items as data. Both are read back to the tree that they were made from. `fragments` shows
//! what messages quote in the author's notation.

mod binn;
mod comments;
mod flat;
mod fragments;
mod header;
mod spans;
mod yaml;
mod yaml_text;

use super::ast::File;
use crate::language::source::{Source, Span};

pub use fragments::as_authors_write;
pub use spans::{by_kind, without_spans};

/// Longest line, in characters, unless one word is longer.
const WIDTH: usize = 88;

/// A tree in the canonical `.binn` layout.
///
/// `source` is the text that the tree was read from: numbers stay as it writes them, and so do
/// its comments if it is `.binn` itself.
///
/// ```
/// use binnc::language::{source::Sources, syntax};
/// let mut sources = Sources::default();
/// let (file, _) = syntax::parse(sources.add("a.binn", "binn 1 # first\nmodel   a"));
/// let text = syntax::format::binn(&file, sources.of(Default::default()));
/// assert_eq!(text, "binn 1  # first\n\nmodel a\n");
/// ```
#[must_use]
pub fn binn(file: &File, source: Option<&Source>) -> String {
    binn::print(file, source)
}

/// A tree as YAML, without comments.
#[must_use]
pub fn yaml(file: &File, source: Option<&Source>) -> String {
    yaml::print(file, source)
}

/// The places of all comments of a text in the notation of its name.
#[must_use]
pub fn comments(source: &Source) -> Vec<Span> {
    comments::places(source)
}
