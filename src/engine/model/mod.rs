//! A trained network with all that prediction needs.
//!
//! A model holds its plan, parameters, preprocessing, and the names and alleles of the
//! variants it reads, so that it predicts from any file that has them, in any order.

mod alleles;
mod error;
mod file;
mod header;
mod predictor;
mod preprocess;
mod scores;

pub use alleles::{AlleleCounts, Matching, match_variants};
#[doc(hidden)]
pub use file::resealed;
pub use file::{load, save};
pub use header::{FORMAT_VERSION, Header, ModelVariant};
pub use predictor::{Part, Predictor, Role};
pub(super) use preprocess::numbers;
pub use preprocess::{Columns, InputScale, Preprocessing, Scale, estimate, usable};
pub use scores::{Score, in_units, mean_and_sd, score_members, scores};

use super::network::Parameters;
use crate::compiler::plan::Plan;

/// A trained network.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What is stored as text.
    pub header: Header,
    /// The network's shape.
    pub plan: Plan,
    /// How inputs and traits are scaled.
    pub preprocessing: Preprocessing,
    /// One set of parameters an ensemble member.
    pub members: Vec<Parameters<f32>>,
}
