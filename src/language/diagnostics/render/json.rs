//! One JSON object a line, for programs.
//!
//! Keys stand in a fixed order; every finding is there, however many.

use serde::Serialize;

use super::place;
use crate::language::diagnostics::visible::is_hidden;
use crate::language::diagnostics::{Diagnostic, Diagnostics, Label};
use crate::language::source::Sources;

/// One object a line with `code slug severity file line column message help labels notes`.
///
/// `file`, `line` and `column` are those of the first label and null where there is none. Labels in
/// data files come first; their column is null where it is not known.
#[must_use]
pub fn json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic, sources) + "\n").collect()
}

/// What was not checked: objects with the same keys, of severity `note` and without a code.
#[must_use]
pub fn json_notes(file: &str, notes: &[String]) -> String {
    let line = |note: &String| {
        let finding = Finding {
            code: None,
            slug: None,
            severity: "note".to_owned(),
            file: Some(file),
            line: None,
            column: None,
            message: note,
            help: None,
            labels: Vec::new(),
            notes: &[],
        };
        written(&finding) + "\n"
    };
    notes.iter().map(line).collect()
}

#[derive(Serialize)]
struct Finding<'d> {
    code: Option<&'d str>,
    slug: Option<&'d str>,
    severity: String,
    file: Option<&'d str>,
    line: Option<usize>,
    column: Option<usize>,
    message: &'d str,
    help: Option<&'d str>,
    labels: Vec<Place<'d>>,
    notes: &'d [String],
}

#[derive(Serialize)]
struct Place<'d> {
    file: Option<&'d str>,
    line: Option<usize>,
    column: Option<usize>,
    text: &'d str,
}

fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let data = diagnostic.places.iter().map(|place| Place {
        file: Some(&place.file),
        line: Some(place.line),
        column: place.column,
        text: &place.text,
    });
    let labels = diagnostic.labels.iter().map(|label| place_of(label, sources));
    let labels: Vec<Place> = data.chain(labels).collect();
    let first = labels.first();
    let finding = Finding {
        code: Some(diagnostic.code.name()),
        slug: Some(diagnostic.code.slug()),
        severity: super::severity(diagnostic).to_lowercase(),
        file: first.and_then(|place| place.file),
        line: first.and_then(|place| place.line),
        column: first.and_then(|place| place.column),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        labels,
        notes: &diagnostic.notes,
    };
    written(&finding)
}

fn written(finding: &Finding) -> String {
    escaped(&serde_json::to_string(finding).expect("strings and numbers always have a JSON form"))
}

fn place_of<'d>(label: &'d Label, sources: &'d Sources) -> Place<'d> {
    let found = place(label, sources);
    Place {
        file: found.map(|(file, _, _)| file),
        line: found.map(|(_, line, _)| line),
        column: found.map(|(_, _, column)| column),
        text: &label.text,
    }
}

/// Hidden characters, and `##[` of build services, as JSON's own `\uXXXX`; serde_json spells only
/// characters below the space.
fn escaped(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    for character in written.chars() {
        if is_hidden(character) {
            let mut units = [0; 2];
            out.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(character);
        }
    }
    out.replace("##[", "\\u0023#[")
}
