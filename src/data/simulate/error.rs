//! Wording of what the generator refuses.

use crate::language::diagnostics::{Code, Diagnostic};

use super::effects::QTN;
use super::{MOST_CALL_BYTES, MOST_MARKERS};

/// `E0105`: fewer markers than QTN.
pub fn too_few_markers(markers: usize) -> Diagnostic {
    Diagnostic::new(
        Code::E0105,
        format!("`markers = {markers}`, but `shoot_branching` has {QTN} causal loci"),
    )
    .help(format!("take at least `markers = {QTN}`; 1000 is the published number"))
}

/// `E0105`: no individual.
pub fn no_samples() -> Diagnostic {
    Diagnostic::new(Code::E0105, "`n = 0` simulates nobody")
        .help("take at least `n = 1`; 1000 is the published number")
}

/// `E0105`: a noise that is no share of an SD.
pub fn bad_noise(name: &str, value: f64) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{name} = {value}` is not a number of SD from 0 on"))
        .help("0.05 stands for 5 % of the variable's SD")
}

/// `E0105`: a share of measured individuals out of range.
pub fn bad_share(share: f64) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`measured = {share}` is no share of individuals"))
        .help("give a number from 0 to 1, or a percentage such as `50%`")
}

/// `E0506`: more genotypes than the generator holds in memory.
pub fn too_large(samples: usize, markers: usize) -> Diagnostic {
    Diagnostic::new(
        Code::E0506,
        format!("{samples} samples × {markers} markers are too many to simulate in memory"),
    )
    .help(format!("stay below {MOST_MARKERS} markers and {} GB of packed genotypes", MOST_CALL_BYTES >> 30))
}
