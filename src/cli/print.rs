//! The console: results on standard output, findings and progress on standard error.
//!
//! A reader that has gone away is no error. A result that cannot be written for another
//! reason, such as a full disk, is remembered and ends the command with E0901.

use super::args::{Arguments, When};
use crate::language::diagnostics::render::{MessageFormat, Style, render};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Sources;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

/// Where a command speaks.
#[derive(Clone, Debug)]
pub(super) struct Console {
    format: MessageFormat,
    style: Style,
    quiet: bool,
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
            quiet: arguments.quiet || arguments.message_format == MessageFormat::Json,
            unwritten: OnceLock::new(),
        }
    }

    /// Prints findings on standard error.
    pub(super) fn report(&self, found: &Diagnostics, sources: &Sources) {
        complain(&render(self.format, found, sources, self.style));
    }

    /// Prints a result.
    pub(super) fn result(&self, text: &str) {
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

/// A file that could not be written, as a finding.
pub(super) fn cannot_write(path: &Path, why: &std::io::Error) -> Diagnostic {
    use crate::language::diagnostics::Code;
    Diagnostic::new(Code::E0901, format!("cannot write `{}`: {why}", path.display()))
        .help("check that the folder exists, that you may write there, and that the disk has room; earlier files are intact")
}
