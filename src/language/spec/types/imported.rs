//! Texts that a spec imports, and where it says so.
//!
//! A finding in an imported file points into that file first, and then at the `import`.

use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Span;
use std::path::PathBuf;

/// One imported text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The whole text.
    pub text: Span,
    /// The `import` of the spec itself that led to it.
    pub import: Span,
    /// The path from the spec's folder.
    pub path: String,
    /// The file that was read.
    pub file: PathBuf,
}

/// The findings, those in imported texts with a label at the `import` as well.
#[must_use]
pub fn at_imports(found: Diagnostics, imported: &[Imported]) -> Diagnostics {
    let pointed = |finding: Diagnostic| {
        let first = finding.labels.first().map(|label| label.span);
        let inside = |at: Span, text: Span| text.start <= at.start && at.start <= text.end;
        let import = first.and_then(|at| imported.iter().find(|one| inside(at, one.text)));
        match import.map(|one| one.import) {
            Some(span) if !finding.labels.iter().any(|label| label.span == span) => {
                finding.at(span, "imported here")
            }
            _ => finding,
        }
    };
    let mut out = Diagnostics::default();
    out.extend(found.into_iter().map(pointed));
    out
}
