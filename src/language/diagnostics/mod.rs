//! Findings as plain values: what is wrong, where, and what to do.
//!
//! A stage returns its value and [`Diagnostics`]; only errors stop the next stage. Wording
//! lives in each stage's `error.rs`, one constructor a code; rendering lives in [`render`].

pub mod codes;
mod place;
pub mod render;
pub mod suggest;
pub mod visible;

use super::source::Span;
pub use codes::{Code, Severity};
pub use place::Place;
use serde::{Deserialize, Serialize};

/// A place in the author's text and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A few words; may be empty.
    pub text: String,
}

/// One finding. Backticks surround names; messages start in lower case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The stable code, which carries severity, slug and exit code.
    pub code: Code,
    /// One sentence without a full stop.
    pub message: String,
    /// Places in data files; the first is the main one, before any label.
    pub places: Vec<Place>,
    /// Places in the author's text; the first is the main one.
    pub labels: Vec<Label>,
    /// Further facts, one line each, such as examples.
    pub notes: Vec<String>,
    /// An action, or the corrected text.
    pub help: Option<Box<str>>,
}

impl Diagnostic {
    /// A finding without a place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            places: Vec::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// Points at the author's text.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Points into a data file.
    #[must_use]
    pub fn within(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    /// Adds a line of fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into().into_boxed_str());
        self
    }

    /// Whether the next stage must not start.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}

/// What a stage has found, in the order found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds all findings of another stage.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.found.extend(other);
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The findings.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// The exit code of the first error; 0 when there is none.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.found.iter().find(|d| d.is_error()).map_or(0, |d| d.code.exit_code())
    }

    /// `value` when nothing found is an error, else the findings.
    ///
    /// # Errors
    /// Returns `self` when it holds an error; warnings are then inside it too.
    pub fn ok<T>(self, value: T) -> Result<(T, Self), Self> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { found: vec![diagnostic] }
    }
}

/// Up to `limit` names in backticks, separated by commas, with the rest counted.
///
/// ```
/// use binnc::language::diagnostics::listed;
/// assert_eq!(listed(["a", "b", "c"], 2), "`a`, `b` and 1 more");
/// ```
pub fn listed<I>(names: I, limit: usize) -> String
where
    I: IntoIterator,
    I::Item: std::fmt::Display,
{
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let shown = names.iter().take(limit).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(limit) {
        0 => shown,
        rest => format!("{shown} and {rest} more"),
    }
}
