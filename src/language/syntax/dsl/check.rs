//! What is judged before the grammar: size, nesting, names, hidden characters.
//!
//! One pass over the tokens, no recursion: the answer is the same on any thread's stack.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::tokens::{Kind, Token, starts_item, tokens};
use crate::language::diagnostics::visible::{is_control, is_hidden, turns_direction};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::{Source, Span};
use crate::language::syntax::{error, names};

pub(in crate::language::syntax) const LARGEST_TEXT: usize = 16 * 1024 * 1024;
const DEEPEST_NESTING: usize = 64;

/// The text that the grammar may read: byte for byte as long as the source's, with reported
/// characters and a byte order mark blanked. `None` when it must not be read at all.
pub(super) fn text<'s>(source: &'s Source, found: &mut Diagnostics) -> Option<Cow<'s, str>> {
    let whole = source.text.as_str();
    if whole.len() > LARGEST_TEXT {
        found.push(error::text_too_long(span(source, 0, 0), whole.len(), LARGEST_TEXT));
        return None;
    }
    let mut text = Cow::Borrowed(whole);
    if whole.starts_with('\u{feff}') {
        text.to_mut().replace_range(..3, "   ");
    }
    let scanned = text.clone();
    let mut check = Check { source, text: &scanned, depth: 0, reported: BTreeSet::new(), hidden: Vec::new() };
    for token in tokens(&scanned) {
        if check.too_deep(&token) {
            found.push(error::nested_too_deep(span(source, token.start, token.end), DEEPEST_NESTING));
            return None;
        }
        found.extend(check.token(&token));
    }
    for (at, character) in check.hidden {
        text.to_mut().replace_range(at..at + character.len_utf8(), &blank(&scanned, at, character));
    }
    Some(text)
}

struct Check<'t> {
    source: &'t Source,
    text: &'t str,
    depth: usize,
    /// Names that have had their report.
    reported: BTreeSet<&'t str>,
    /// Characters outside texts and comments that have had their report.
    hidden: Vec<(usize, char)>,
}

impl<'t> Check<'t> {
    fn too_deep(&mut self, token: &Token) -> bool {
        match token.kind {
            Kind::Open => self.depth += 1,
            Kind::Close => self.depth = self.depth.saturating_sub(1),
            Kind::Word if starts_item(token, self.text) => self.depth = 0,
            _ => {}
        }
        self.depth > DEEPEST_NESTING
    }

    fn token(&mut self, token: &Token) -> Vec<Diagnostic> {
        match token.kind {
            Kind::Word => self.name(token.text(self.text), token.start).into_iter().collect(),
            Kind::Raw => {
                let mut found = self.characters(token, |at| is_hidden(at) || at == '\t');
                found.extend(self.name(&self.text[token.start + 1..token.end - 1], token.start + 1));
                found
            }
            Kind::Text | Kind::Unterminated | Kind::Doc | Kind::Comment => {
                self.characters(token, |at| is_control(at) || turns_direction(at))
            }
            _ => self.characters(token, is_hidden),
        }
    }

    /// One report a token, at the first of its characters that `refused` names.
    fn characters(&mut self, token: &Token, refused: impl Fn(char) -> bool) -> Vec<Diagnostic> {
        let written = token.text(self.text);
        let Some((at, character)) = written.char_indices().find(|(_, character)| refused(*character)) else {
            return Vec::new();
        };
        if matches!(token.kind, Kind::Other | Kind::Sign | Kind::Raw) {
            let all = written.char_indices().filter(|(_, character)| refused(*character));
            self.hidden.extend(all.map(|(at, character)| (token.start + at, character)));
        }
        let start = token.start + at;
        let twin = self.reported.contains(written) && token.kind != Kind::Raw;
        self.reported.insert(written);
        if twin {
            Vec::new()
        } else {
            vec![error::hidden_character(self.span(start, character.len_utf8()), character)]
        }
    }

    fn name(&mut self, name: &'t str, start: usize) -> Option<Diagnostic> {
        if names::is_plain(name) || !self.reported.insert(name) {
            return None;
        }
        names::judge(name, self.source.base() + start as u32)
    }

    fn span(&self, start: usize, length: usize) -> Span {
        span(self.source, start, start + length)
    }
}

fn span(source: &Source, start: usize, end: usize) -> Span {
    Span { start: source.base() + start as u32, end: source.base() + end as u32 }
}

/// Fills the place of a reported character so that what surrounds it still reads as one name
/// or as two.
fn blank(text: &str, at: usize, character: char) -> String {
    let named = |neighbour: Option<char>| neighbour.is_some_and(|n| n == '_' || n.is_alphanumeric());
    let before = named(text[..at].chars().next_back());
    let after = named(text[at + character.len_utf8()..].chars().next());
    let filler = if before && after && !character.is_whitespace() { "_" } else { " " };
    filler.repeat(character.len_utf8())
}
