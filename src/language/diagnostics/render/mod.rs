//! One report in every form that is asked for.
//!
//! `text` is for people, `short` for editors, `json` for programs. Nothing is decided here:
//! a renderer shows what a finding holds, with hidden characters spelt out.

mod excerpt;
mod github;
mod json;
mod part;
mod paths;
mod sarif;
mod short;
mod text;

pub use github::github;
pub use json::{json, json_notes};
pub use part::Part;
pub use paths::Paths;
pub use sarif::sarif;
pub use short::short;
pub use text::{Style, text};

use super::{Diagnostic, Diagnostics, Label};
use crate::language::source::Sources;

/// The forms that a report may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageFormat {
    /// Snippets of the author's text; at most a hundred findings.
    #[default]
    Text,
    /// One line a finding.
    Short,
    /// One JSON object a line.
    Json,
    /// SARIF 2.1.0, one document.
    Sarif,
    /// Workflow commands of GitHub.
    Github,
}

impl MessageFormat {
    /// All forms, in the order in which help lists them.
    pub const ALL: [Self; 5] = [Self::Text, Self::Short, Self::Json, Self::Sarif, Self::Github];

    /// The word that asks for the form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Short => "short",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
        }
    }

    /// The form that `name` asks for.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// The findings in the form asked for; empty when there are none. `style` is for text alone.
#[must_use]
pub fn render(format: MessageFormat, diagnostics: &Diagnostics, sources: &Sources, style: Style) -> String {
    match format {
        MessageFormat::Text => text(diagnostics, sources, style),
        MessageFormat::Short => short(diagnostics, sources),
        MessageFormat::Json => json(diagnostics, sources),
        MessageFormat::Sarif => sarif(&[alone(diagnostics, sources)], &Paths::default()),
        MessageFormat::Github => github(&[alone(diagnostics, sources)], &Paths::default()),
    }
}

/// Findings of a command that reads one spec, or none.
fn alone<'a>(found: &'a Diagnostics, sources: &'a Sources) -> Part<'a> {
    Part { file: sources.first().unwrap_or_default(), found, sources, notes: &[] }
}

/// `Error` or `Warning`.
fn severity(diagnostic: &Diagnostic) -> &'static str {
    if diagnostic.is_error() { "Error" } else { "Warning" }
}

/// File, line and column of the main place: in a data file, else in the author's text.
fn main_place<'d>(
    diagnostic: &'d Diagnostic,
    sources: &'d Sources,
) -> Option<(&'d str, usize, Option<usize>)> {
    if let Some(place) = diagnostic.places.first() {
        return Some((&place.file, place.line, place.column));
    }
    let label = diagnostic.labels.first()?;
    place(label, sources).map(|(file, line, column)| (file, line, Some(column)))
}

/// File, line and column of a label; `None` when no text was read.
fn place<'s>(label: &Label, sources: &'s Sources) -> Option<(&'s str, usize, usize)> {
    let source = sources.of(label.span)?;
    let (line, column) = source.line_column(label.span);
    Some((&source.name, line, column))
}
