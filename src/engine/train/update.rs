//! Steps of an optimizer over all parameters, with its state.

use crate::kernel::math::Real;
use crate::kernel::optimizer::{self, AdamStep};
use crate::language::spec::{Optimizer, Rule};
use std::ops::Range;

use crate::engine::network::Parameters;

/// An optimizer and its moments.
#[derive(Clone, Debug)]
pub struct Updater<T> {
    optimizer: Optimizer,
    decayed: Vec<Range<usize>>,
    first: Parameters<T>,
    second: Parameters<T>,
    beta1_power: f64,
    beta2_power: f64,
}

impl<T: Real> Updater<T> {
    /// An optimizer at rest; `decayed` are the weights that decoupled decay acts on.
    pub fn new(optimizer: Optimizer, parameters: &Parameters<T>, decayed: Vec<Range<usize>>) -> Self {
        let zeros = |count: usize| vec![T::ZERO; count];
        let moments = || Parameters {
            weights: zeros(parameters.weights.len()),
            biases: zeros(parameters.biases.len()),
            state: Vec::new(),
        };
        let second = match optimizer.rule {
            Rule::Sgd { .. } => Parameters::default(),
            Rule::Adam { .. } => moments(),
        };
        Self { optimizer, decayed, first: moments(), second, beta1_power: 1.0, beta2_power: 1.0 }
    }

    /// One step along `gradient`.
    pub fn step(&mut self, parameters: &mut Parameters<T>, gradient: &Parameters<T>) {
        let Optimizer { rule, learning_rate, decay, .. } = self.optimizer;
        if decay != 0.0 {
            for range in &self.decayed {
                optimizer::decay(&mut parameters.weights[range.clone()], learning_rate, decay);
            }
        }
        let slots = [
            (&mut parameters.weights, &gradient.weights, &mut self.first.weights, &mut self.second.weights),
            (&mut parameters.biases, &gradient.biases, &mut self.first.biases, &mut self.second.biases),
        ];
        match rule {
            Rule::Sgd { momentum } => {
                for (values, gradients, velocities, _) in slots {
                    optimizer::sgd(values, gradients, velocities, learning_rate, momentum);
                }
            }
            Rule::Adam { beta1, beta2, epsilon } => {
                self.beta1_power *= beta1;
                self.beta2_power *= beta2;
                let (beta1_power, beta2_power) = (self.beta1_power, self.beta2_power);
                let step = AdamStep { rate: learning_rate, beta1, beta2, epsilon, beta1_power, beta2_power };
                for (values, gradients, first, second) in slots {
                    optimizer::adam(values, gradients, first, second, &step);
                }
            }
        }
    }
}
