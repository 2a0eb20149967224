//! Steps of an optimizer, with its state.
//!
//! A step is the same for every slot, so slots may be moved part by part.

use crate::kernel::optimizer::{self, AdamStep};
use crate::kernel::pages::zeros;
use crate::language::spec::{Optimizer, Rule};

use crate::engine::network::Parameters;

/// An optimizer and its moments.
#[derive(Clone, Debug)]
pub struct Updater {
    optimizer: Optimizer,
    /// Velocities, or first moments.
    pub first: Parameters<f32>,
    /// Second moments; empty where the rule has none.
    pub second: Parameters<f32>,
    beta1_power: f64,
    beta2_power: f64,
}

/// One step's rule, the same for every slot.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    optimizer: Optimizer,
    beta1_power: f64,
    beta2_power: f64,
}

impl Updater {
    /// An optimizer at rest.
    pub fn new(optimizer: Optimizer, parameters: &Parameters<f32>) -> Self {
        let moments = || Parameters {
            weights: zeros(parameters.weights.len()),
            biases: zeros(parameters.biases.len()),
            state: Vec::new(),
        };
        let second = match optimizer.rule {
            Rule::Sgd { .. } => Parameters::default(),
            Rule::Adam { .. } => moments(),
        };
        Self { optimizer, first: moments(), second, beta1_power: 1.0, beta2_power: 1.0 }
    }

    /// An optimizer that goes on where another stopped.
    pub(super) fn resumed(
        optimizer: Optimizer,
        first: Parameters<f32>,
        second: Parameters<f32>,
        powers: [f64; 2],
    ) -> Self {
        let [beta1_power, beta2_power] = powers;
        Self { optimizer, first, second, beta1_power, beta2_power }
    }

    /// β1 and β2 to the power of the number of steps.
    pub(super) fn powers(&self) -> [f64; 2] {
        [self.beta1_power, self.beta2_power]
    }

    /// The next step.
    pub fn advance(&mut self) -> Step {
        if let Rule::Adam { beta1, beta2, .. } = self.optimizer.rule {
            self.beta1_power *= beta1;
            self.beta2_power *= beta2;
        }
        let Self { optimizer, beta1_power, beta2_power, .. } = *self;
        Step { optimizer, beta1_power, beta2_power }
    }
}

impl Step {
    /// Whether weights decay apart from their gradient.
    pub fn decays(&self) -> bool {
        self.optimizer.decay != 0.0
    }

    /// Lets weights decay.
    pub fn decay(&self, weights: &mut [f32]) {
        optimizer::decay(weights, self.optimizer.learning_rate, self.optimizer.decay);
    }

    /// Moves slots along their gradients.
    pub fn update(&self, values: &mut [f32], gradients: &[f32], first: &mut [f32], second: &mut [f32]) {
        let Self { optimizer: Optimizer { rule, learning_rate: rate, .. }, beta1_power, beta2_power } = *self;
        match rule {
            Rule::Sgd { momentum } => optimizer::sgd(values, gradients, first, rate, momentum),
            Rule::Adam { beta1, beta2, epsilon } => {
                let step = AdamStep { rate, beta1, beta2, epsilon, beta1_power, beta2_power };
                optimizer::adam(values, gradients, first, second, &step);
            }
        }
    }
}
