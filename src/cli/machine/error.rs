//! The wording of what a machine cannot give, one constructor a finding.

use crate::language::diagnostics::{Code, Diagnostic};
use std::fmt::Display;

/// W0907: the environment gives no number of threads.
pub(super) fn no_number_of_threads(variable: &str, text: &str, usable: usize) -> Diagnostic {
    let message =
        format!("`{variable}` is `{text}`, which is no number of processors: {usable} are used instead");
    Diagnostic::new(Code::W0907, message)
        .note("results do not depend on the number of threads")
        .help(format!("set `{variable}` to a whole number from 1 on, remove it, or give `--threads`"))
}

/// E0506: the system gives no more threads.
pub(super) fn no_more_threads(threads: usize, why: &dyn Display) -> Diagnostic {
    Diagnostic::new(Code::E0506, format!("cannot start {threads} threads: {why}"))
        .help("give fewer `--threads`")
}
