//! The console: results on standard output, findings and progress on standard error.

#![expect(clippy::print_stderr, reason = "this is where binnc speaks")]

use super::args::{Arguments, When};
use crate::language::diagnostics::render::{MessageFormat, Style, render};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Sources;
use std::io::{IsTerminal, Write};

/// Where a command speaks.
#[derive(Clone, Debug)]
pub(super) struct Console {
    format: MessageFormat,
    style: Style,
    quiet: bool,
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
            quiet: arguments.quiet,
        }
    }

    /// Prints findings on standard error.
    pub(super) fn report(&self, found: &Diagnostics, sources: &Sources) {
        eprint!("{}", render(self.format, found, sources, self.style));
    }

    /// Prints a result. A reader that has gone away is no error.
    pub(super) fn result(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Prints a line of progress on standard error.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            eprintln!("{line}");
        }
    }

    /// Whether progress bars make sense.
    pub(super) fn is_interactive(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }
}

/// A file that could not be written, as a finding.
pub(super) fn cannot_write(path: &std::path::Path, why: &std::io::Error) -> Diagnostic {
    use crate::language::diagnostics::Code;
    Diagnostic::new(Code::E0901, format!("cannot write `{}`: {why}", path.display()))
        .help("check that the folder exists, that you may write there, and that the disk has room; earlier files are intact")
}
