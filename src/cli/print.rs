//! The console: results on standard output, findings and progress on standard error.
//!
//! A reader that has gone away is no error. A result that cannot be written for another
//! reason, such as a full disk, is remembered and ends the command with E0901.

use super::args::{Arguments, When};
pub(super) use super::error::cannot_write;
use crate::language::diagnostics::render::{
    MessageFormat, Part, Paths, Style, github, json_notes, render, sarif,
};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Sources;
use crate::language::syntax::format::as_authors_write;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

/// The exit code of a command line that cannot be followed.
const WRONG_USE: u8 = 2;

/// Where a command speaks.
#[derive(Clone, Debug)]
pub(super) struct Console {
    format: MessageFormat,
    style: Style,
    quiet: bool,
    /// Whether results are kept to itself, and findings that stop nothing.
    results: bool,
    warnings: bool,
    unwritten: OnceLock<Diagnostic>,
}

impl Console {
    pub(super) fn new(arguments: &Arguments) -> Self {
        let colour = match arguments.color {
            When::Auto => std::io::stderr().is_terminal(),
            When::Always => true,
            When::Never => false,
        };
        Self {
            format: arguments.message_format,
            style: Style { colour, ..Style::default() },
            quiet: arguments.quiet
                || !matches!(arguments.message_format, MessageFormat::Text | MessageFormat::Short),
            results: true,
            warnings: true,
            unwritten: OnceLock::new(),
        }
    }

    /// The same, for a part of a larger piece of work: findings are told, results are not.
    pub(super) fn without_results(&self) -> Self {
        Self { quiet: true, results: false, ..self.clone() }
    }

    /// The same, and of findings errors alone.
    pub(super) fn muted(&self) -> Self {
        Self { warnings: false, ..self.without_results() }
    }

    /// Prints findings on standard error; workflow commands of GitHub go to standard output.
    pub(super) fn report(&self, found: &Diagnostics, sources: &Sources) {
        if !self.warnings && !found.has_errors() {
            return;
        }
        let text = render(self.format, &as_authors_write(found, sources), sources, self.style);
        match self.format {
            MessageFormat::Github => self.result(&text),
            _ => complain(&text),
        }
    }

    /// Prints what was found in one of several specs, where the form needs not hold them all.
    pub(super) fn report_one(&self, part: &Part<'_>) {
        match self.format {
            MessageFormat::Sarif | MessageFormat::Github => {}
            MessageFormat::Json => {
                self.report(part.found, part.sources);
                complain(&json_notes(part.file, part.notes));
            }
            MessageFormat::Text | MessageFormat::Short => {
                self.report(part.found, part.sources);
                part.notes.iter().for_each(|note| self.say(&format!("note: {}: {note}", part.file)));
            }
        }
    }

    /// Prints what was found in all specs as one text on standard output, in the forms that are one.
    pub(super) fn together(&self, parts: &[Part<'_>], paths: &Paths) {
        let told: Vec<Diagnostics> =
            parts.iter().map(|part| as_authors_write(part.found, part.sources)).collect();
        let parts: Vec<Part<'_>> =
            parts.iter().zip(&told).map(|(part, found)| Part { found, ..*part }).collect();
        match self.format {
            MessageFormat::Sarif => self.result(&sarif(&parts, paths)),
            MessageFormat::Github => self.result(&github(&parts, paths)),
            MessageFormat::Text | MessageFormat::Short | MessageFormat::Json => {}
        }
    }

    /// Says that the command line asks for what does not go together; the exit code.
    pub(super) fn wrong_use(&self, why: &str) -> u8 {
        complain(&format!("error: {why}\n"));
        WRONG_USE
    }

    /// Prints a result.
    pub(super) fn result(&self, text: &str) {
        if !self.results {
            return;
        }
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(why) if why.kind() != ErrorKind::BrokenPipe => {
                self.unwritten.get_or_init(|| cannot_write(Path::new("standard output"), &why));
            }
            _ => {}
        }
    }

    /// The first result that could not be written.
    pub(super) fn unwritten(&self) -> Option<Diagnostic> {
        self.unwritten.get().cloned()
    }

    /// Prints a line of progress on standard error.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            complain(&format!("{line}\n"));
        }
    }

    /// Whether progress bars make sense.
    pub(super) fn is_interactive(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }
}

/// Standard error may be closed: then there is nobody to tell.
fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
