//! What was found in one spec, for the forms that hold all specs of a command in one text.

use crate::language::diagnostics::{Diagnostic, Diagnostics, Label, Place};
use crate::language::source::{Sources, Span};

/// What was found in one spec.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The spec, as it was named: where a finding without a place is shown.
    pub file: &'a str,
    /// Its findings.
    pub found: &'a Diagnostics,
    /// The texts that they point into.
    pub sources: &'a Sources,
    /// What was not checked, one sentence each.
    pub notes: &'a [String],
}

/// A stretch of a file, lines and columns from 1.
#[derive(Clone, Debug)]
pub(super) struct Spot<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) column: Option<usize>,
    /// Line and column of what follows it.
    pub(super) end: Option<(usize, usize)>,
    /// A few words on it.
    pub(super) words: &'a str,
    /// The line, where it is at hand.
    pub(super) content: Option<&'a str>,
}

impl<'a> Part<'a> {
    /// Every place of a finding, the main one first; never empty.
    pub(super) fn spots(&self, finding: &'a Diagnostic) -> Vec<Spot<'a>> {
        let data = finding.places.iter().map(of_place);
        let labels = finding.labels.iter().filter_map(|label| self.of_label(label));
        let mut spots: Vec<Spot<'a>> = data.chain(labels).collect();
        if spots.is_empty() {
            spots.push(Spot { file: self.file, line: 1, column: None, end: None, words: "", content: None });
        }
        spots
    }

    pub(super) fn main(&self, finding: &'a Diagnostic) -> Spot<'a> {
        self.spots(finding).swap_remove(0)
    }

    /// Message, facts and help as a paragraph each.
    pub(super) fn told(&self, finding: &Diagnostic) -> String {
        let mut lines = vec![finding.message.clone()];
        lines.extend(finding.places.iter().skip(1).map(Place::told));
        lines.extend(finding.notes.iter().cloned());
        lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
        lines.join("\n")
    }

    fn of_label(&self, label: &'a Label) -> Option<Spot<'a>> {
        let source = self.sources.of(label.span)?;
        let (line, column) = source.line_column(label.span);
        let after = Span { start: label.span.end, end: label.span.end };
        let content = source.text.split('\n').nth(line - 1);
        Some(Spot {
            file: &source.name,
            line,
            column: Some(column),
            end: Some(source.line_column(after)),
            words: &label.text,
            content,
        })
    }
}

fn of_place(place: &Place) -> Spot<'_> {
    let end = place
        .column
        .zip(place.content.as_deref())
        .map(|(column, content)| (place.line, column + content[place.range()].chars().count()));
    Spot {
        file: &place.file,
        line: place.line,
        column: place.column,
        end,
        words: &place.text,
        content: place.content.as_deref(),
    }
}
