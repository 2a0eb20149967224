//! Update rules, one slice of slots at a time.

use super::math::Real;
use super::vectorised;

vectorised! {
    /// v ← momentum·v + g; w ← w − rate·v.
    pub fn sgd<T>(values: &mut [T], gradients: &[T], velocities: &mut [T], rate: f64, momentum: f64) = sgd_here;
    /// w ← w − rate·m̂/(√v̂ + ε) (Kingma & Ba 2015, algorithm 1).
    pub fn adam<T>(values: &mut [T], gradients: &[T], first: &mut [T], second: &mut [T], step: &AdamStep) = adam_here;
}

#[inline(always)]
fn sgd_here<T: Real>(values: &mut [T], gradients: &[T], velocities: &mut [T], rate: f64, momentum: f64) {
    let (rate, momentum) = (T::of(rate), T::of(momentum));
    for ((value, gradient), velocity) in values.iter_mut().zip(gradients).zip(velocities) {
        *velocity = momentum * *velocity + *gradient;
        *value -= rate * *velocity;
    }
}

/// What [`adam`] needs beside the moments.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    /// Learning rate.
    pub rate: f64,
    /// Decay of the first moment.
    pub beta1: f64,
    /// Decay of the second moment.
    pub beta2: f64,
    /// Added to √v̂.
    pub epsilon: f64,
    /// beta1ᵗ at step t, from 1.
    pub beta1_power: f64,
    /// beta2ᵗ.
    pub beta2_power: f64,
}

#[inline(always)]
fn adam_here<T: Real>(values: &mut [T], gradients: &[T], first: &mut [T], second: &mut [T], step: &AdamStep) {
    let (beta1, beta2) = (T::of(step.beta1), T::of(step.beta2));
    let (rest1, rest2) = (T::of(1.0 - step.beta1), T::of(1.0 - step.beta2));
    let rate = T::of(step.rate / (1.0 - step.beta1_power));
    let shrink = T::of((1.0 - step.beta2_power).sqrt().recip());
    let epsilon = T::of(step.epsilon);
    for (((value, gradient), m), v) in values.iter_mut().zip(gradients).zip(first).zip(second) {
        *m = beta1 * *m + rest1 * *gradient;
        *v = beta2 * *v + rest2 * (*gradient * *gradient);
        *value -= rate * *m / (v.sqrt() * shrink + epsilon);
    }
}

/// w ← w − rate·decay·w, apart from the gradient (Loshchilov & Hutter 2019).
pub fn decay<T: Real>(values: &mut [T], rate: f64, decay: f64) {
    let factor = T::of(rate * decay);
    values.iter_mut().for_each(|value| *value -= factor * *value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_steps_of_adam_by_hand() {
        let (mut value, mut m, mut v) = ([1.0_f64], [0.0], [0.0]);
        let mut step = AdamStep {
            rate: 0.1,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            beta1_power: 1.0,
            beta2_power: 1.0,
        };
        // Corrected moments, from the gradients 1, −0.5, 0.25:
        // m̂ = 0.1/0.1, 0.04/0.19, 0.061/0.271
        // v̂ = 0.001/0.001, 0.001249/0.001999, 0.001310251/0.002997001
        let ratios = [
            1.0 / (1.0 + 1e-8),
            (0.04 / 0.19) / ((0.001_249_f64 / 0.001_999).sqrt() + 1e-8),
            (0.061 / 0.271) / ((0.001_310_251_f64 / 0.002_997_001).sqrt() + 1e-8),
        ];
        let mut wanted = 1.0;
        for (gradient, ratio) in [1.0, -0.5, 0.25].into_iter().zip(ratios) {
            step.beta1_power *= step.beta1;
            step.beta2_power *= step.beta2;
            adam(&mut value, &[gradient], &mut m, &mut v, &step);
            wanted -= 0.1 * ratio;
            assert!((value[0] - wanted).abs() < 1e-12, "{} against {wanted}", value[0]);
        }
    }

    #[test]
    fn momentum_and_decay_by_hand() {
        let (mut value, mut velocity) = ([1.0_f64], [0.0]);
        sgd(&mut value, &[2.0], &mut velocity, 0.1, 0.5);
        assert!((value[0] - 0.8).abs() < 1e-15);
        sgd(&mut value, &[1.0], &mut velocity, 0.1, 0.5);
        assert!((value[0] - 0.6).abs() < 1e-15);
        decay(&mut value, 0.1, 0.5);
        assert!((value[0] - 0.57).abs() < 1e-15);
    }
}
