//! Parameters, forward and backward over a plan.
//!
//! A network is a plan and its [`Parameters`]; activations live in a [`Workspace`] that is
//! made once a fit. [`packed`] runs nodes that read variants alone; every sum has a fixed shape.

pub mod attribution;
pub(in crate::engine) mod backward;
mod downstream;
pub(in crate::engine) mod forward;
mod held;
mod init;
mod inputs;
pub(in crate::engine) mod normal;
pub mod packed;
mod predict;
pub mod random;
mod replaced;
pub mod scoring;

pub use backward::backward;
pub use forward::{Pass, Workspace, forward};
pub use held::{Held, HeldMeans, held_means};
pub use init::initial;
pub(crate) use init::silent_sources;
pub use inputs::{GenotypeCalls, InputData, InputRow};
pub use predict::{latents, predict};
pub(crate) use predict::{trait_rows, values};
pub use replaced::Replaced;

use crate::compiler::plan::Plan;
use crate::kernel::math::Real;
use crate::kernel::pages::zeros;

/// Weights and biases in the order of a plan's offsets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters<T> {
    /// `[plan.weights]`
    pub weights: Vec<T>,
    /// `[plan.biases]`
    pub biases: Vec<T>,
    /// Running means and variances of batch normalisation, `[plan.states]`.
    pub state: Vec<T>,
}

impl<T: Real> Parameters<T> {
    /// All zero.
    #[must_use]
    pub fn zeros(plan: &Plan) -> Self {
        Self { weights: zeros(plan.weights), biases: zeros(plan.biases), state: vec![T::ZERO; plan.states] }
    }

    /// Whether no value is infinite or NaN.
    #[must_use]
    pub fn are_finite(&self) -> bool {
        self.weights.iter().chain(&self.biases).chain(&self.state).all(|value| value.wide().is_finite())
    }
}
