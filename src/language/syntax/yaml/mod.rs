//! The YAML notation: the same items as `.binn`, as data.
//!
//! `tree` reads any YAML to a spanned tree; the other files turn the tree to items and report
//! every mistake at its own place. Anchors, aliases, tags, merge keys and further documents
//! are refused: they would give one text two meanings.

pub(super) mod calls;
mod entries;
mod error;
pub(super) mod items;
mod malformed;
pub(super) mod references;
pub(super) mod schema;
mod tree;
pub(super) mod values;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::ast;
use super::dsl::check::LARGEST_TEXT;
use super::error as common;
use crate::language::diagnostics::Diagnostics;
use crate::language::diagnostics::visible::{is_control, turns_direction};
use crate::language::source::{Source, Span};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Parses a whole text; see [`super::parse`].
pub(super) fn parse(source: &Source) -> (ast::File, Diagnostics) {
    let mut reader = Reader { source, found: Diagnostics::default(), reported: BTreeSet::new() };
    let file = reader.text();
    (file.unwrap_or_default(), reader.found)
}

/// The places of comments: a `#` after white space, outside every scalar.
pub(super) fn comments(source: &Source) -> Vec<Span> {
    let text = source.text.as_str();
    let clean = text.trim_start_matches(BYTE_ORDER_MARK);
    let skipped = (text.len() - clean.len()) as u32;
    let Ok((tree, _)) = tree::read(clean, source.base() + skipped) else {
        return Vec::new();
    };
    let mut scalars = Vec::new();
    tree.scalars(&mut scalars);
    let mut comments: Vec<Span> = Vec::new();
    for (at, _) in text.match_indices('#') {
        let start = source.base() + at as u32;
        let inside = |span: &Span| span.start <= start && start < span.end;
        let spaced = text[..at].chars().next_back().is_none_or(char::is_whitespace);
        let next = scalars.partition_point(|span| span.start <= start);
        let in_scalar = next > 0 && inside(&scalars[next - 1]);
        if spaced && !in_scalar && !comments.last().is_some_and(inside) {
            let length = text[at..].find('\n').unwrap_or(text.len() - at);
            comments.push(Span { start, end: start + length as u32 });
        }
    }
    comments
}

/// Turns nodes to items; everything found on the way is kept.
struct Reader<'s> {
    source: &'s Source,
    found: Diagnostics,
    /// Names that have had their report.
    reported: BTreeSet<String>,
}

impl Reader<'_> {
    fn text(&mut self) -> Option<ast::File> {
        let whole = self.source.text.as_str();
        let base = self.source.base();
        if whole.len() > LARGEST_TEXT {
            let start = Span { start: base, end: base };
            self.found.push(common::text_too_long(start, whole.len(), LARGEST_TEXT));
            return None;
        }
        let skipped = if whole.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        let text = self.without_controls(&whole[skipped..], base + skipped as u32);
        match tree::read(&text, base + skipped as u32) {
            Ok((tree, tags)) => {
                for tag in tags {
                    let written = self.source.text[self.source.range(tag)].to_owned();
                    self.found.push(error::tag(tag, &written));
                }
                self.file(&tree)
            }
            Err(why) => {
                self.found.push(malformed::explain(&text, base + skipped as u32, &why));
                None
            }
        }
    }

    /// The text with control characters and marks of direction, which are reported, blanked.
    fn without_controls<'t>(&mut self, text: &'t str, base: u32) -> Cow<'t, str> {
        let refused = |character: char| is_control(character) || turns_direction(character);
        if !text.contains(refused) {
            return Cow::Borrowed(text);
        }
        let mut clean = String::with_capacity(text.len());
        let mut line = None;
        for (at, character) in text.char_indices() {
            if !refused(character) {
                clean.push(character);
                continue;
            }
            clean.push_str(&" ".repeat(character.len_utf8()));
            let start = text[..at].rfind('\n');
            if line.replace(start) != Some(start) {
                let start = base + at as u32;
                let span = Span { start, end: start + character.len_utf8() as u32 };
                self.found.push(common::hidden_character(span, character));
            }
        }
        Cow::Owned(clean)
    }
}
