//! Wording of what stops a derivation.

use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, listed};

/// A name on the command line that the spec does not declare.
pub(super) fn not_declared(what: &str, name: &str, names: &[&str]) -> String {
    let near = did_you_mean(name, names.iter().copied());
    let declared = if names.is_empty() { "none".to_string() } else { listed(names.iter().copied(), 5) };
    let help = near.map_or(String::new(), |near| format!("; {near}"));
    format!("the spec declares no {what} `{name}`: it has {declared}{help}")
}

/// E0303: a table without any number.
pub(super) fn no_numbers(table: &str) -> Diagnostic {
    Diagnostic::new(Code::E0303, format!("table `{table}` declares no column of numbers to scan"))
        .help("declare the measured columns, or all of them: `column * : continuous`")
}

/// E0313: none of the listed samples has genotypes.
pub(super) fn no_sample_of_list(file: &str, unknown: &[&str]) -> Diagnostic {
    Diagnostic::new(Code::E0313, format!("none of the samples of `{file}` has genotypes"))
        .note(format!("such as {}", listed(unknown.iter().copied(), 3)))
        .help("list the second column (IID) of the .fam file, one id a line")
}

/// W0314: some of the listed samples have no genotypes.
pub(super) fn samples_unknown(file: &str, unknown: &[&str], all: usize) -> Diagnostic {
    let message = format!("{} of the {all} samples of `{file}` have no genotypes", unknown.len());
    Diagnostic::new(Code::W0314, message).note(format!("such as {}", listed(unknown.iter().copied(), 3)))
}

/// E0905: stopped by a signal.
pub(super) fn interrupted() -> Diagnostic {
    Diagnostic::new(Code::E0905, "interrupted before all columns were scanned")
        .help("start the same command again; nothing was written")
}
