//! What is judged before the grammar: size, nesting, names, hidden characters.
//!
//! One pass over the tokens, no recursion: the answer is the same on any thread's stack.

use std::borrow::Cow;
use std::collections::BTreeSet;

use unicode_normalization::is_nfc;

use super::tokens::{Kind, Token, starts_item, tokens};
use crate::language::diagnostics::visible::{is_control, is_hidden, turns_direction};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::{Source, Span};
use crate::language::syntax::error;

const LARGEST_TEXT: usize = 16 * 1024 * 1024;
const DEEPEST_NESTING: usize = 64;
const LONGEST_NAME: usize = 256;

/// Letters of other alphabets that are drawn like a Latin one, each above its twin.
const FOREIGN: &str = "аеорсухіјѕԁԛԝАВЕЅІЈКМНОРСТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧο";
const LATIN: &str = "aeopcyxijsdqwABESIJKMHOPCTXABEZHIKMNOPTYXo";

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
            Kind::Word => self.name(token.text(self.text), token.start),
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

    fn name(&mut self, name: &'t str, start: usize) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if name.is_ascii() && name.len() <= LONGEST_NAME || !self.reported.insert(name) {
            return found;
        }
        let whole = self.span(start, name.len());
        if name.len() > LONGEST_NAME {
            let head = self.span(start, name.floor_char_boundary(LONGEST_NAME / 8));
            found.push(error::name_too_long(head, name.len(), LONGEST_NAME));
        } else if let Some((at, letter, looks)) = look_alike(name) {
            found.push(error::look_alike(self.span(start + at, letter.len_utf8()), name, letter, looks));
        } else if !is_nfc(name) {
            found.push(error::not_composed(whole, name));
        }
        found
    }

    fn span(&self, start: usize, length: usize) -> Span {
        span(self.source, start, start + length)
    }
}

fn span(source: &Source, start: usize, end: usize) -> Span {
    Span { start: source.base() + start as u32, end: source.base() + end as u32 }
}

/// The first letter of another alphabet that poses as a Latin one in a name with Latin letters.
fn look_alike(name: &str) -> Option<(usize, char, char)> {
    if !name.contains(|character: char| character.is_ascii_alphabetic()) {
        return None;
    }
    name.char_indices().find_map(|(at, letter)| twin(letter).map(|looks| (at, letter, looks)))
}

fn twin(letter: char) -> Option<char> {
    if let Some(wide) = u32::from(letter).checked_sub(0xfee0).filter(|code| (0x21..0x7f).contains(code)) {
        return char::from_u32(wide);
    }
    FOREIGN.chars().zip(LATIN.chars()).find(|(foreign, _)| *foreign == letter).map(|(_, latin)| latin)
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

#[cfg(test)]
mod tests {
    use super::{FOREIGN, LATIN, look_alike};

    #[test]
    fn the_two_alphabets_pair_up() {
        assert_eq!(FOREIGN.chars().count(), LATIN.chars().count());
        assert!(FOREIGN.chars().all(|letter| !letter.is_ascii()) && LATIN.is_ascii());
    }

    #[test]
    fn greek_that_biologists_write_is_no_look_alike() {
        assert_eq!(look_alike("TNFα"), None);
        assert_eq!(look_alike("IFN-γ"), None);
        assert_eq!(look_alike("ген"), None);
        assert_eq!(look_alike("gеne"), Some((1, 'е', 'e')));
    }
}
