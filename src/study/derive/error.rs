//! Wording of what stops a derivation.

use crate::language::diagnostics::{Code, Diagnostic};

/// E0705: fewer samples than inner folds need.
pub fn too_few_rows(target: &str, rows: usize, folds: usize) -> Diagnostic {
    let message =
        format!("{rows} samples have `{target}` and a measurement: too few for {folds} inner folds");
    Diagnostic::new(Code::E0705, message).help("give fewer `folds`; each needs two samples at least")
}

/// E0905: stopped by a signal.
pub fn interrupted() -> Diagnostic {
    Diagnostic::new(Code::E0905, "interrupted before all columns were looked at")
        .help("start the same command again: the same seed gives the same result")
}
