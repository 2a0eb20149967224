//! The texts a run has read, and places in them.
//!
//! All texts share one address space, so a [`Span`] is eight bytes and needs no file id.

use std::ops::Range;

/// A byte range in one of the texts of [`Sources`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value and the place where the author wrote it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// One text with the name shown in messages.
#[derive(Debug)]
pub struct Source {
    /// The name shown in messages, usually the path as the user typed it.
    pub name: String,
    /// The whole text.
    pub text: String,
    base: u32,
}

impl Source {
    /// The address of the text's first byte: what a parser adds to its offsets.
    #[must_use]
    pub fn base(&self) -> u32 {
        self.base
    }

    /// The byte range of `span` inside [`Source::text`].
    #[must_use]
    pub fn range(&self, span: Span) -> Range<usize> {
        let length = self.text.len();
        let local = |at: u32| (at.saturating_sub(self.base) as usize).min(length);
        local(span.start)..local(span.end)
    }

    /// Line and column of the span's first byte, both from 1; columns count characters.
    #[must_use]
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let before = &self.text[..self.range(span).start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// Every text of a run, in the order read.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a text and returns it with its place in the shared address space.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> &Source {
        let base = self.files.last().map_or(0, |last| last.base + last.text.len() as u32 + 1);
        self.files.push(Source { name: name.into(), text: text.into(), base });
        &self.files[self.files.len() - 1]
    }

    /// The name of the first text, which is the spec that a command was given.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.files.first().map(|file| file.name.as_str())
    }

    /// Names and texts, in the order read.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|file| (file.name.as_str(), file.text.as_str()))
    }

    /// The text that holds `span`; `None` when no text was added.
    #[must_use]
    pub fn of(&self, span: Span) -> Option<&Source> {
        self.files.iter().rev().find(|source| source.base <= span.start)
    }
}

/// Only the value: what was asked for is the same wherever it stands.
impl<T: serde::Serialize> serde::Serialize for Spanned<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}
