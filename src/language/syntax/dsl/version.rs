//! The version line, read by itself so that a newer file is one clear error.

use super::tokens::{Kind, Token, tokens};
use crate::language::diagnostics::Diagnostics;
use crate::language::diagnostics::suggest::nearest;
use crate::language::source::{Source, Span, Spanned};
use crate::language::syntax::error;

const VERSION: u64 = 1;

/// What the version line says.
pub(super) struct Head {
    pub(super) version: Option<Spanned<u64>>,
    /// Where the items start.
    pub(super) end: usize,
    /// Whether the items must not be read, as when their language is a newer one.
    pub(super) stop: bool,
}

/// Reads `binn 1`, which only comments may precede.
pub(super) fn read(source: &Source, text: &str, found: &mut Diagnostics) -> Head {
    let span = |start: usize, end: usize| Span {
        start: source.base() + start as u32,
        end: source.base() + end as u32,
    };
    let mut words = tokens(text).filter(|token| !matches!(token.kind, Kind::Comment | Kind::Doc));
    let Some(first) = words.next() else {
        found.push(error::version_missing(span(0, 0)));
        return Head { version: None, end: text.len(), stop: true };
    };
    let second = words.next().filter(|token| !token.leads);
    let Some(number) = second.filter(|token| token.kind == Kind::Number) else {
        let end = without_number(&first, text);
        match end {
            Some(end) => {
                let line = text[first.start..end].trim_end();
                let at = span(first.start, first.start + line.len());
                found.push(error::version_malformed(at, &format!("`{line}`")));
            }
            None => found.push(error::version_missing(span(first.start, first.end))),
        }
        return Head { version: None, end: end.unwrap_or(0), stop: false };
    };
    let at = span(first.start, number.end);
    let line = &text[first.start..number.end];
    let plain = !text[number.end..].starts_with(|next: char| next == '.' || next.is_alphanumeric());
    let value = Some(number.text(text)).filter(|_| plain && first.text(text) == "binn");
    match value.and_then(whole) {
        Some(VERSION) => Head { version: Some(Spanned::new(VERSION, at)), end: number.end, stop: false },
        Some(0) | None => {
            if nearest(first.text(text), ["binn"]).is_empty() {
                found.push(error::version_missing(span(first.start, first.end)));
                return Head { version: None, end: 0, stop: false };
            }
            found.push(error::version_malformed(at, &format!("`{line}`")));
            Head { version: None, end: line_end(text, number.end), stop: false }
        }
        Some(_) => {
            found.push(error::newer_version(at, number.text(text)));
            Head { version: None, end: text.len(), stop: true }
        }
    }
}

/// The value of a run of digits; one too large for the type is as good as the largest.
fn whole(digits: &str) -> Option<u64> {
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// The end of a first line that means to be `binn 1` and has no number.
fn without_number(first: &Token, text: &str) -> Option<usize> {
    let word = first.text(text);
    let meant = word == "binn" || word.strip_prefix("binn").and_then(whole).is_some();
    meant.then(|| line_end(text, first.end))
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find(['\n', '\r']).map_or(text.len(), |at| from + at)
}
