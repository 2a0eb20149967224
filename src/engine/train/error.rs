//! What a fit has to say.

use crate::language::diagnostics::{Code, Diagnostic};

/// The loss or a parameter is NaN or infinite.
#[must_use]
pub fn numeric_failure(epoch: usize, what: &str) -> Diagnostic {
    Diagnostic::new(Code::E0902, format!("training diverged: {what} is not a finite number in epoch {epoch}"))
        .note("usual causes: a learning rate that is too high, or values of a trait or covariate far outside the rest")
        .help("lower the learning rate, such as `optimizer = adam(lr = 1e-4)`, and look at the extreme values of the trait")
}

/// The first step changed a parameter that it must not, or left out one that it must change.
#[must_use]
pub fn broken_first_step(fact: &str) -> Diagnostic {
    Diagnostic::new(Code::E0902, format!("the check after the first training step failed: {fact}"))
        .note("the network would not have learnt what the spec asks for, so nothing was trained")
        .help("this is a fault of binnc: please report it with the spec")
}

/// The author pressed Ctrl-C.
#[must_use]
pub fn interrupted(epoch: usize) -> Diagnostic {
    Diagnostic::new(Code::E0905, format!("interrupted in epoch {epoch} of training"))
        .help("start the same command again: it goes on where it stopped, and ends with the same result")
}

/// No row to train on.
#[must_use]
pub fn no_rows() -> Diagnostic {
    Diagnostic::new(Code::E0903, "there is no row to train on")
        .help("check how many samples have both genotypes and a phenotype, and the size of the folds")
}

/// Far more parameters than training samples.
#[must_use]
pub fn more_parameters_than_samples(parameters: usize, samples: usize) -> Diagnostic {
    let message = format!(
        "the network has {parameters} parameters for {samples} training samples, {} a sample",
        parameters / samples.max(1)
    );
    Diagnostic::new(Code::W0507, message)
        .help("narrow the private networks, link fewer variants, or raise `l2`; and compare with the baseline `gblup`")
}
