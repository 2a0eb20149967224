//! The `.binn` notation: the only user of pest.
//!
//! A text is first looked through token by token, without recursion, for what no grammar
//! should meet: size, nesting, hidden characters. A text that then parses is read at once; one
//! that does not is cut into stretches that start where items start, and each stretch is read
//! or reported by itself. All spans are addresses in the shared space of `Sources`.

pub(super) mod check;
mod expected;
mod explain;
mod habits;
mod items;
mod recover;
mod references;
pub(super) mod tokens;
mod values;
mod version;

use pest::Parser;
use pest_derive::Parser;

use super::ast;
use crate::language::diagnostics::Diagnostics;
use crate::language::source::{Source, Span};
use items::Reader;

#[derive(Parser)]
#[grammar = "../grammar/binn.pest"]
struct Grammar;

/// Parses a whole text; see [`super::parse`].
pub(super) fn parse(source: &Source) -> (ast::File, Diagnostics) {
    let mut found = Diagnostics::default();
    let mut file = ast::File::default();
    let Some(text) = check::text(source, &mut found) else {
        return (file, found);
    };
    let head = version::read(source, &text, &mut found);
    if head.stop {
        return (file, found);
    }
    file.version = head.version;
    let body = Body { text: &text, start: head.end, base: source.base() };
    file.items = read(&body, &mut found);
    (file, found)
}

/// What follows the version line.
struct Body<'t> {
    text: &'t str,
    start: usize,
    base: u32,
}

impl Body<'_> {
    /// The global address of a byte of the text.
    fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.base + start as u32, end: self.base + end as u32 }
    }
}

fn read(body: &Body, found: &mut Diagnostics) -> Vec<ast::Item> {
    if let Ok(pairs) = Grammar::parse(Rule::file, body.text) {
        return Reader::new(body.base, found).items(pairs);
    }
    recover::items(body, found)
}
