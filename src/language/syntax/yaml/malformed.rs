//! From what the YAML parser says to one report with a place and what to do.
//!
//! The parser knows where it stopped; what the author meant is read off the text there.

use serde_saphyr::Error;
use serde_saphyr::budget::BudgetBreach;

use super::error;
use super::tree::{DEEPEST_NESTING, after_last, offset};
use crate::language::diagnostics::Diagnostic;
use crate::language::source::Span;
use crate::language::syntax::error as common;

/// The report for a text that is no YAML, or that is beyond a limit.
pub(super) fn explain(text: &str, base: u32, why: &Error) -> Diagnostic {
    let at = why.location().map_or(0, |place| offset(text, place)).min(text.len());
    let at = text.floor_char_boundary(at);
    let place = Place { text, base, at };
    match why.without_snippet() {
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => {
            common::nested_too_deep(place.here(), DEEPEST_NESTING)
        }
        Error::Budget { breach: BudgetBreach::Anchors { .. }, .. } => place.anchor('&'),
        Error::Budget { breach: BudgetBreach::Aliases { .. }, .. } | Error::UnknownAnchor { .. } => {
            place.anchor('*')
        }
        Error::Budget { .. } => error::malformed(
            place.here(),
            "the file has more parts than a spec may have",
            "the limit is reached here",
            "move long lists of edges to a file and read it by a prior of format `edges`",
        ),
        Error::MultipleDocuments { .. } => place.second_document(),
        Error::MergeKeyNotAllowed { .. } => error::malformed(
            place.here(),
            "merge keys (`<<`) are not read",
            "a merge key",
            "write the keys out where they belong",
        ),
        other => place.scanned(&other.to_string()),
    }
}

struct Place<'t> {
    text: &'t str,
    base: u32,
    at: usize,
}

impl Place<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.base + start as u32, end: self.base + end as u32 }
    }

    /// The character at the place.
    fn here(&self) -> Span {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        self.span(self.at, self.at + length)
    }

    /// An anchor or alias: the last one up to the place.
    fn anchor(&self, sign: char) -> Diagnostic {
        let from = self.text[..self.text.ceil_char_boundary(self.at + 1)].rfind(sign).unwrap_or(self.at);
        let word = self.text[from..].split([' ', '\n', ',', ']', '}', ':']).next().unwrap_or_default();
        let span = self.span(from, from + word.len());
        let (what, help) = match (sign, word) {
            ('*', "*") => ("`*` alone is read as an alias", "put it in quotes: `'*'`"),
            ('*', _) => {
                ("aliases (`*`) are not read", "name a constant under `let`, and use it as `{let: NAME}`")
            }
            _ => ("anchors (`&`) are not read", "name a constant under `let`, and use it as `{let: NAME}`"),
        };
        error::malformed(span, what, "not read", help)
    }

    fn second_document(&self) -> Diagnostic {
        let start = self.text[..self.at].rfind("---").or_else(|| self.text[..self.at].rfind("..."));
        let start = start.unwrap_or(self.at);
        let end = (start + 3).min(self.text.len());
        error::malformed(
            self.span(start, self.text.floor_char_boundary(end)),
            "a file holds one spec, and here a second document starts",
            "the second document",
            "put each spec in a file of its own",
        )
    }

    /// What the scanner says, in our words where the cause is known.
    fn scanned(&self, said: &str) -> Diagnostic {
        let tag = || {
            error::tag(self.span(self.word_start(), self.at), self.text[self.word_start()..self.at].trim())
        };
        let (message, label, help) = match said {
            _ if said.contains("unsupported tag") => return tag(),
            _ if said.contains("nesting") || said.contains("recursion") => {
                return common::nested_too_deep(self.here(), DEEPEST_NESTING);
            }
            _ if said.contains("unclosed quote") => {
                ("a text without its closing quote", "starts here", "close the text with the same quote")
            }
            _ if said.contains("unclosed bracket") && self.bracket().is_some() => {
                return self.never_closed(self.bracket().unwrap_or(self.at));
            }
            _ if said.contains("misplaced bracket") => (
                "a bracket closes nothing",
                "nothing is open here",
                "delete it, or add the missing `{` or `[` before it",
            ),
            _ if said.contains("tabs disallowed") || self.text[..self.at].ends_with('\t') => {
                ("a tab cannot indent", "a tab stands here", "indent by spaces")
            }
            _ if said.contains("mapping values are not allowed") => (
                "a colon stands where none can",
                "not expected here",
                "keys of one map start in the same column; put a text that holds `: ` in quotes",
            ),
            _ if said.contains("block sequence entries are not allowed") => (
                "a list with `-` starts on a line of its own",
                "not expected here",
                "start a new line before the `-`, or write the list in brackets: `[a, b]`",
            ),
            _ if said.contains("unexpected character") => (
                "a value cannot start with this character",
                "not expected here",
                "put the value in quotes: `'…'`",
            ),
            _ if said.contains("escape") => (
                "an unknown escape in a text in double quotes",
                "in this text",
                "write a backslash as `\\\\`, or put the text in single quotes",
            ),
            _ if self.open().is_some() => return self.never_closed(self.open().unwrap_or(self.at)),
            _ => (
                "the text cannot be read as YAML",
                "something before this does not fit",
                "check colons, commas, brackets and the column in which each line starts",
            ),
        };
        error::malformed(self.here(), message, label, help)
    }

    fn never_closed(&self, open: usize) -> Diagnostic {
        let (sign, closing) = if self.text[open..].starts_with('[') { ("[", "]") } else { ("{", "}") };
        error::malformed(
            self.span(open, open + 1),
            &format!("`{sign}` is never closed"),
            "opened here",
            &format!("add the missing `{closing}`"),
        )
    }

    /// The bracket at the place, or the innermost one that is open there.
    fn bracket(&self) -> Option<usize> {
        if self.text[self.at..].starts_with(['[', '{']) { Some(self.at) } else { self.open() }
    }

    /// The innermost bracket that is open at the place; brackets in quotes and comments do not count.
    fn open(&self) -> Option<usize> {
        let mut open = Vec::new();
        let mut quote = None;
        let mut before = ' ';
        let mut comment = false;
        for (at, sign) in self.text[..self.at].char_indices() {
            match (quote, sign) {
                _ if comment => comment = sign != '\n',
                (None, '#') if before.is_whitespace() => comment = true,
                (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(sign),
                (Some(open), _) if open == sign => quote = None,
                (None, '[' | '{') => open.push(at),
                (None, ']' | '}') => drop(open.pop()),
                _ => {}
            }
            before = sign;
        }
        open.pop()
    }

    /// The start of the word before the place.
    fn word_start(&self) -> usize {
        let before = self.text[..self.at].trim_end();
        after_last(before, |part| part.is_whitespace() || "[{,".contains(part))
    }
}
