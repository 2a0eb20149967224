//! The wording of what a machine cannot give, one constructor a finding.

use super::bytes;
use super::memory::Allowed;
use crate::language::diagnostics::{Code, Diagnostic};
use crate::study::evaluate::Forecast;
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

/// E0506: even one fit at a time takes more than the user allows.
pub(super) fn over_budget(forecast: &Forecast, needed: usize, allowed: &Allowed) -> Diagnostic {
    let message = format!(
        "this run needs up to {} with one fit at a time, more than the {} of `{}`",
        bytes(needed),
        bytes(allowed.bytes),
        allowed.by
    );
    Diagnostic::new(Code::E0506, message).note(largest(forecast)).help(
        "allow more; or lower `batch`, narrow private networks, link fewer variants, or leave out baselines",
    )
}

/// W0908: even one fit at a time may take more than the machine has.
pub(super) fn little_memory(forecast: &Forecast, needed: usize, allowed: &Allowed) -> Diagnostic {
    let message = format!(
        "this run may need up to {} with one fit at a time, more than the {} ({})",
        bytes(needed),
        bytes(allowed.bytes),
        allowed.by
    );
    Diagnostic::new(Code::W0908, message)
        .note(largest(forecast))
        .note("fits run one at a time; the estimate is an upper bound, and the run may still go through")
        .help("lower `batch`, narrow private networks, link fewer variants, or leave out baselines")
}

/// What takes most of the memory.
fn largest(forecast: &Forecast) -> String {
    let parts = forecast.parts();
    let parts = parts.iter().take(3).filter(|(size, _)| *size > 0);
    let told: Vec<String> = parts.map(|(size, what)| format!("{what}: {}", bytes(*size))).collect();
    format!("most is for {}", told.join("; "))
}
