//! From text to tree. The notation ends here: nothing to the right knows of it.
//!
//! `ast` is the tree, `dsl` the only user of pest, `yaml` the only user of serde-saphyr,
//! `error` the wording,
//! `format` the way back to a text.

pub mod ast;
mod dsl;
mod error;
pub mod format;
pub mod imports;
mod names;
mod yaml;

pub use yaml::schema::schema;

use super::diagnostics::Diagnostics;
use super::source::Source;

/// The two ways to write a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `.binn`
    Binn,
    /// `.yaml` or `.yml`
    Yaml,
}

impl Notation {
    /// The notation that the ending of a file's name says; `.binn` is the default.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let yaml = ["yaml", "yml"].iter().any(|known| ending.eq_ignore_ascii_case(known));
        if yaml { Self::Yaml } else { Self::Binn }
    }
}

/// Parses a text, in the notation that its name says, to a tree of all items that could be read.
///
/// Every broken item is reported at its own place and left out of the tree.
#[must_use]
pub fn parse(source: &Source) -> (ast::File, Diagnostics) {
    parse_as(Notation::of(&source.name), source)
}

/// [`parse`] for a text whose name does not say its notation.
#[must_use]
pub fn parse_as(notation: Notation, source: &Source) -> (ast::File, Diagnostics) {
    match notation {
        Notation::Binn => dsl::parse(source),
        Notation::Yaml => yaml::parse(source),
    }
}

/// Whether a name can stand in a spec without backticks.
#[must_use]
pub fn is_bare_name(name: &str) -> bool {
    dsl::tokens::is_bare(name) && !dsl::tokens::is_keyword(name)
}
