//! `file:line:column: CODE: message`, one line a finding, as editors read it.

use super::main_place;
use crate::language::diagnostics::visible::visible;
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Sources;

/// One line a finding; those without a place have no `file:line:column:`.
#[must_use]
pub fn short(diagnostics: &Diagnostics, sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic, sources) + "\n").collect()
}

pub(super) fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = main_place(diagnostic, sources).map(|(file, line, column)| match column {
        Some(column) => format!("{file}:{line}:{column}: "),
        None => format!("{file}:{line}: "),
    });
    let place = place.unwrap_or_default();
    let whole = format!("{place}{}: {}", diagnostic.code.name(), diagnostic.message);
    visible(&whole).replace('\n', "\\u{a}")
}
