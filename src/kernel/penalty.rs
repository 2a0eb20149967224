//! l1·Σ|w| + l2·Σw², with subgradient 0 of |w| at 0.

use super::math::Real;
use super::reduce::sum_by;

/// l1·Σ|w| + l2·Σw².
pub fn value<T: Real>(weights: &[T], l1: f64, l2: f64) -> f64 {
    sum_by(weights.len(), |k| {
        let weight = weights[k].wide();
        l1 * weight.abs() + l2 * weight * weight
    })
}

/// Adds l1·sign(w) + 2·l2·w to the gradients.
pub fn add_gradient<T: Real>(weights: &[T], l1: f64, l2: f64, gradients: &mut [T]) {
    if l2 != 0.0 {
        let twice = T::of(2.0 * l2);
        gradients.iter_mut().zip(weights).for_each(|(gradient, weight)| *gradient += twice * *weight);
    }
    if l1 != 0.0 {
        let l1 = T::of(l1);
        gradients.iter_mut().zip(weights).for_each(|(gradient, weight)| *gradient += l1 * weight.sign());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_gradients_by_hand() {
        let weights = [2.0, -0.5, 0.0];
        assert_eq!(value(&weights, 0.25, 0.125), 0.25 * 2.5 + 0.125 * 4.25);
        let mut gradient = [1.0; 3];
        add_gradient(&weights, 0.25, 0.125, &mut gradient);
        assert_eq!(gradient, [1.0 + 0.5 + 0.25, 1.0 - 0.125 - 0.25, 1.0]);
    }
}
