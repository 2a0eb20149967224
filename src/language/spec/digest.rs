//! Four digests of a spec: data, priors, architecture, procedure.
//!
//! They cover what was asked for, never where it stood in the text: a spec that is only
//! laid out anew keeps all four.

use super::Spec;
use crate::language::source::Span;

/// BLAKE3 digests of the four concerns, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SpecDigests {
    /// `genotypes` and `table` items.
    pub data: String,
    /// `prior` items.
    pub priors: String,
    /// `layer`, `node`, `link`, `predict` and `supervise` items.
    pub architecture: String,
    /// `evaluate` and `train`.
    pub procedure: String,
}

impl SpecDigests {
    /// The digests of `spec`.
    #[must_use]
    pub fn of(spec: &Spec) -> Self {
        Self {
            data: digest(&(&spec.genotypes, &spec.tables)),
            priors: digest(&spec.priors),
            architecture: digest(&(&spec.layers, &spec.links, &spec.predicts, &spec.supervises)),
            procedure: digest(&(&spec.evaluate, &spec.train)),
        }
    }
}

/// A dump of the spec without places, as `--emit spec` prints it.
#[must_use]
pub fn canonical(spec: &Spec) -> String {
    without_spans(&format!("{spec:#?}"))
}

fn digest(value: &impl std::fmt::Debug) -> String {
    blake3::hash(without_spans(&format!("{value:#?}")).as_bytes()).to_hex().to_string()
}

/// Leaves out every `Span { start, end }` of a pretty debug print, which are three or four lines.
fn without_spans(printed: &str) -> String {
    let mut kept = String::with_capacity(printed.len());
    let mut inside = false;
    for line in printed.lines() {
        let trimmed = line.trim();
        if trimmed.ends_with(SPAN_OPENS) {
            inside = true;
        }
        if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
        if inside && (trimmed == "}," || trimmed == "}") {
            inside = false;
        }
    }
    kept
}

const SPAN_OPENS: &str = "Span {";
const _: Span = Span { start: 0, end: 0 };
