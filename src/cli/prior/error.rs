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

/// E0113: measurements of which an individual has several records.
pub(super) fn measured_repeatedly(table: &str) -> Diagnostic {
    let message = format!("links from `{table}`, whose records repeat, are not in this version of binnc");
    Diagnostic::new(Code::E0113, message)
        .help("give each individual one record of what is measured, such as its mean")
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

/// E0313: samples and table have nothing in common.
pub(super) fn nothing_measured(table: &str) -> Diagnostic {
    Diagnostic::new(Code::E0313, format!("none of the samples asked for has a number in table `{table}`"))
        .help("check the keys of the table, and the list of `--samples`")
}

/// E0303: columns that the table does not have.
pub(super) fn columns_unknown(unknown: &[&str], table: &str) -> Diagnostic {
    let message = format!("{} columns of `--columns` are no numbers of table `{table}`", unknown.len());
    Diagnostic::new(Code::E0303, message)
        .note(format!("such as {}", listed(unknown.iter().copied(), 5)))
        .help("declare them, or all: `column * : continuous`")
}

/// E0705: fewer samples than inner folds need.
pub(super) fn too_few_rows(target: &str, rows: usize, folds: usize) -> Diagnostic {
    let message =
        format!("{rows} samples have `{target}` and a measurement: too few for {folds} inner folds");
    Diagnostic::new(Code::E0705, message).help("give fewer `--folds`; each needs two samples at least")
}

/// E0903: a trait or a table without differences.
pub(super) fn nothing_to_tell(target: &str, table: &str, rows: usize) -> Diagnostic {
    let message =
        format!("`{target}`, or every column of `{table}`, is constant on the {rows} samples that have it");
    Diagnostic::new(Code::E0903, message)
        .help("check that the columns are the ones meant, or use more samples")
}
