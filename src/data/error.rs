//! The wording of what can be wrong with measured data; one constructor a finding.
//!
//! This file speaks of files and lines; [`genotypes`], [`tables`] and [`rows`] of the rest.

pub mod genotypes;
pub mod rows;
pub mod tables;

use super::sniff::Foreign;
use crate::io::gzip::Fault;
use crate::language::diagnostics::{Code, Diagnostic, Place};
use std::io;

/// A bulk finding: how often, and the first few places.
#[derive(Clone, Debug)]
pub struct Found {
    /// How often it was seen.
    pub total: usize,
    /// The first few, one line each.
    pub examples: Vec<String>,
    /// The first few lines of a file, where that says it better.
    pub places: Vec<Place>,
    limit: usize,
}

impl Default for Found {
    fn default() -> Self {
        Self { total: 0, examples: Vec::new(), places: Vec::new(), limit: 5 }
    }
}

impl Found {
    /// A finding whose examples name samples: at most three are shown.
    #[must_use]
    pub fn of_samples() -> Self {
        Self { limit: 3, ..Self::default() }
    }

    /// Counts one more; `example` is asked for only while few are held.
    pub fn add(&mut self, example: impl FnOnce() -> String) {
        self.total += 1;
        if self.examples.len() < self.limit {
            self.examples.push(example());
        }
    }

    /// Counts one more line of a file; `place` is asked for only while few are held.
    pub fn add_line(&mut self, place: impl FnOnce() -> Place) {
        self.total += 1;
        if self.places.len() < self.limit {
            self.places.push(place());
        }
    }

    /// The finding as notes and places, with what is not shown counted.
    #[must_use]
    pub fn on(self, mut diagnostic: Diagnostic) -> Diagnostic {
        let rest = self.total - self.examples.len() - self.places.len();
        diagnostic.notes.extend(self.examples);
        diagnostic.places.extend(self.places);
        if rest > 0 { diagnostic.note(format!("and {rest} more")) } else { diagnostic }
    }
}

/// `1 line`, `2 lines`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The file cannot be opened or read.
pub fn unreadable(name: &str, failed: &io::Error) -> Diagnostic {
    let found = Diagnostic::new(Code::E0301, format!("cannot read `{name}`: {failed}"));
    match failed.kind() {
        io::ErrorKind::NotFound => found.help("check the path: it is taken from the data folder"),
        io::ErrorKind::PermissionDenied => found.help("give yourself the right to read it"),
        _ => found,
    }
}

/// A compressed file that cannot be unpacked.
pub fn packed(name: &str, fault: Fault) -> Diagnostic {
    if fault == Fault::TooLarge {
        return Diagnostic::new(Code::E0111, format!("`{name}` is too large: {fault}"))
            .help("check that this is the file you meant: tables do not shrink a thousandfold");
    }
    let found = Diagnostic::new(Code::E0302, format!("`{name}` is not whole: {fault}"));
    match fault {
        Fault::NoEndBlock(_) => found.help(format!(
            "compare its size with that at its source; if it is whole, end it: `gzip -dc {name} | bgzip > NEW`"
        )),
        _ => found.help("download or copy the file again: `gzip -t` says nothing when it is whole"),
    }
}

/// Compressed or binary content where text is expected.
pub fn foreign_text(name: &str, kind: Foreign) -> Diagnostic {
    let message = format!("`{name}` is {}, and plain text is expected here", kind.name);
    Diagnostic::new(Code::E0302, message).help(kind.remedy.replace("FILE", name))
}

/// Lines of a list of samples that hold more than one id.
pub fn several_ids(name: &str, found: Found) -> Diagnostic {
    let lines = counted(found.total, "line");
    let message = format!("{lines} of `{name}` hold more than one id, and a list of samples has one a line");
    let message = if found.total == 1 { message.replacen("hold", "holds", 1) } else { message };
    found
        .on(Diagnostic::new(Code::E0302, message))
        .help("keep one id a line, as in the second column of the `.fam`")
}

/// UTF-16, as spreadsheets save "Unicode text".
pub fn utf16(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{name}` is UTF-16 text, and UTF-8 is expected"))
        .help(format!("convert it: `iconv -f UTF-16 -t UTF-8 {name} > NEW`"))
}

/// A NUL byte in a text.
pub fn nul_byte(name: &str, line: usize, column: usize) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("a NUL byte stands in the text of `{name}`"))
        .within(Place::new(name, line, "").column(column))
        .help("the file is damaged or binary: copy it again, or export it as plain text")
}

/// Bytes that are no UTF-8.
pub fn not_utf8(name: &str, line: usize, at: usize, shown: &str) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{name}` is not UTF-8 text: see the bytes `{shown}` at byte {at}"))
        .within(Place::new(name, line, ""))
        .help(format!("convert it: `iconv -f LATIN1 -t UTF-8 {name} > NEW` (or its true encoding)"))
}

/// A blank line between records.
pub fn blank_line(name: &str, line: usize) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("a blank line stands between the records of `{name}`"))
        .within(Place::new(name, line, "blank"))
        .help("delete it, or restore what stood there: lines are samples or variants here")
}

/// A file without a record.
pub fn empty_file(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{name}` has no records"))
        .help("check that the program that wrote it finished")
}

/// Lines with too many or too few columns.
pub fn wrong_column_count(name: &str, expected: usize, columns: &str, found: Found) -> Diagnostic {
    let lines = counted(found.total, "line");
    let message = format!("{lines} of `{name}` without the {expected} columns expected");
    found.on(Diagnostic::new(Code::E0302, message)).help(format!("the columns are: {columns}"))
}

/// Positions that are no whole numbers.
pub fn position_not_a_number(name: &str, found: Found) -> Diagnostic {
    let message = format!("{} in `{name}` not given as a whole number", counted(found.total, "position"));
    found
        .on(Diagnostic::new(Code::E0302, message))
        .help("column 4 is the position in base pairs, such as `157104`; 0 means unknown")
}

/// Samples listed twice in a .fam.
pub fn sample_twice_in_list(name: &str, found: Found) -> Diagnostic {
    let message = format!("{} listed more than once in `{name}`", samples_are(found.total));
    found
        .on(Diagnostic::new(Code::E0304, message))
        .help("family and individual id together must be unique: rename or remove the copies")
}

fn samples_are(count: usize) -> String {
    if count == 1 { "1 sample is".into() } else { format!("{count} samples are") }
}
