//! Four digests of a spec: data, priors, architecture, procedure.
//!
//! They cover what was asked for, never where it stood in the text: a spec that is only
//! laid out anew keeps all four.

use super::Spec;

/// BLAKE3 digests of the four concerns, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

/// The spec without places, as JSON: what digests cover and `--emit spec` prints.
#[must_use]
pub fn canonical(spec: &Spec) -> String {
    json(spec)
}

fn digest(value: &impl serde::Serialize) -> String {
    blake3::hash(json(value).as_bytes()).to_hex().to_string()
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("a spec holds nothing that JSON cannot: no map keys but texts")
}
