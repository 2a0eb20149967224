//! The comments of a text, which the tree does not hold, in the order in which they stand.
//!
//! A comment belongs to what it follows on its line, else to what comes after it. Each is
//! handed out once: none is lost, and none changes its place among the others.

use crate::language::source::{Source, Span};
use crate::language::syntax::Notation;
use crate::language::syntax::dsl::tokens::{Kind, Token, tokens};

/// The comments that have not been written yet.
pub(super) struct Comments<'s> {
    source: Option<&'s Source>,
    tokens: Vec<Token>,
    comments: Vec<Token>,
    next: usize,
}

/// A comment to write on a line of its own.
pub(super) struct OwnLine {
    pub(super) text: String,
    /// Whether the author left a blank line after it.
    pub(super) blank_after: bool,
}

impl<'s> Comments<'s> {
    /// Those of a `.binn` text; any other has none that could be kept.
    pub(super) fn of(source: Option<&'s Source>) -> Self {
        let source = source.filter(|source| Notation::of(&source.name) == Notation::Binn);
        let all = source.map(|source| tokens(&source.text)).into_iter().flatten();
        let (comments, tokens) = all.partition(|token: &Token| token.kind == Kind::Comment);
        Self { source, tokens, comments, next: 0 }
    }

    /// Whether a comment stands between two addresses.
    pub(super) fn any(&self, from: u32, to: u32) -> bool {
        let (from, to) = (self.local(from), self.local(to));
        self.comments.iter().any(|comment| from <= comment.start && comment.start < to)
    }

    /// The comments before an address that are left, for lines of their own; those from `body` on
    /// stand inside of what they are put before.
    pub(super) fn before(&mut self, body: u32, address: u32) -> Vec<OwnLine> {
        let (body, end) = (self.local(body), self.local(address));
        let mut lines = Vec::new();
        while let Some(comment) = self.comments.get(self.next).filter(|comment| comment.start < end) {
            self.next += 1;
            let follows = self.comments.get(self.next).map_or(body, |next| next.start.min(body));
            let text = self.text(comment.start, comment.end).trim_end().to_owned();
            let blank_after = comment.start < body && has_blank_line(self.text(comment.end, follows));
            lines.push(OwnLine { text, blank_after });
        }
        lines
    }

    /// The comment that follows an address on its line, before `limit`.
    pub(super) fn trailing(&mut self, address: u32, limit: u32) -> Option<String> {
        let (from, limit) = (self.local(address), self.local(limit));
        let comment = self.comments.get(self.next)?;
        let after = from <= comment.start && comment.start < limit && !comment.leads;
        if !after || self.text(from, comment.start).contains('\n') {
            return None;
        }
        self.next += 1;
        Some(self.text(comment.start, comment.end).trim_end().to_owned())
    }

    /// The end of the last word inside a span: spans may reach over what follows.
    pub(super) fn end(&self, span: Span) -> u32 {
        let limit = self.local(span.end);
        let after = self.tokens.partition_point(|token| token.start < limit);
        let base = self.source.map_or(0, Source::base);
        let last = after.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(span.end, |last| (base + last.end as u32).max(span.start))
    }

    /// The brace that opens the block inside a span.
    pub(super) fn brace(&self, span: Span) -> Option<u32> {
        let (start, end) = (self.local(span.start), self.local(span.end));
        let source = self.source?;
        let first = self.tokens.partition_point(|token| token.start < start);
        let inside = self.tokens[first..].iter().take_while(|token| token.start < end);
        let brace = inside.clone().find(|token| token.kind == Kind::Open && token.text(&source.text) == "{");
        brace.map(|brace| source.base() + brace.end as u32)
    }

    /// Whether the author left a blank line between two addresses.
    pub(super) fn is_blank_between(&self, from: u32, to: u32) -> bool {
        has_blank_line(self.text(self.local(from), self.local(to)))
    }

    /// Whether there is a text to look at.
    pub(super) fn has_text(&self) -> bool {
        self.source.is_some()
    }

    fn local(&self, address: u32) -> usize {
        let Some(source) = self.source else { return 0 };
        source.range(Span { start: address, end: address }).start
    }

    fn text(&self, from: usize, to: usize) -> &'s str {
        self.source.and_then(|source| source.text.get(from..to)).unwrap_or_default()
    }
}

fn has_blank_line(gap: &str) -> bool {
    let lines: Vec<&str> = gap.split('\n').collect();
    lines.len() > 2 && lines[1..lines.len() - 1].iter().any(|line| line.trim().is_empty())
}

/// The places of all comments of a text.
pub(super) fn places(source: &Source) -> Vec<Span> {
    let span = |start: usize, end: usize| Span {
        start: source.base() + start as u32,
        end: source.base() + end as u32,
    };
    match Notation::of(&source.name) {
        Notation::Binn => {
            let comments = tokens(&source.text).filter(|token| token.kind == Kind::Comment);
            comments.map(|token| span(token.start, token.end)).collect()
        }
        Notation::Yaml => crate::language::syntax::yaml::comments(source),
    }
}
