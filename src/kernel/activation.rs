//! Activations in place, with their slopes.
//!
//! Forward stores ∂out/∂in beside each value, so that backward is one product whatever the
//! activation was, dropout included.

use super::math::Real;
use super::vectorised;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// What follows an affine map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Activation {
    Linear,
    Tanh,
    Sigmoid,
    Relu,
    /// x·Φ(x), exact (Hendrycks & Gimpel 2016).
    Gelu,
    /// ln(1 + eˣ)
    Softplus,
}

vectorised! {
    /// Replaces each value by its activation; `slopes`, where given, gets the derivatives.
    pub fn forward<T>(activation: Activation, values: &mut [T], slopes: Option<&mut [T]>) = forward_here;
}

#[inline(always)]
fn forward_here<T: Real>(activation: Activation, values: &mut [T], slopes: Option<&mut [T]>) {
    match activation {
        Activation::Linear => {
            if let Some(slopes) = slopes {
                slopes.fill(T::ONE);
            }
        }
        Activation::Tanh => each(values, slopes, |x| {
            let y = x.tanh();
            (y, T::ONE - y * y)
        }),
        Activation::Sigmoid => each(values, slopes, |x| {
            let y = sigmoid(x);
            (y, y * (T::ONE - y))
        }),
        Activation::Relu => {
            each(values, slopes, |x| if x > T::ZERO { (x, T::ONE) } else { (T::ZERO, T::ZERO) });
        }
        Activation::Gelu => gelu(values, slopes),
        Activation::Softplus => each(values, slopes, |x| (softplus(x), sigmoid(x))),
    }
}

impl Activation {
    /// Whether its slope follows from its value, so that slopes need not be kept.
    #[must_use]
    pub fn tells_slope(self) -> bool {
        !matches!(self, Self::Gelu | Self::Softplus)
    }
}

vectorised! {
    /// Turns gradients of outputs into gradients of inputs, for an activation that tells its slope.
    pub fn backward_from<T>(activation: Activation, values: &[T], gradients: &mut [T]) = backward_from_here;
}

#[inline(always)]
fn backward_from_here<T: Real>(activation: Activation, values: &[T], gradients: &mut [T]) {
    let with = |gradients: &mut [T], slope: fn(T) -> T| {
        gradients.iter_mut().zip(values).for_each(|(gradient, y)| *gradient *= slope(*y));
    };
    match activation {
        Activation::Tanh => with(gradients, |y| T::ONE - y * y),
        Activation::Sigmoid => with(gradients, |y| y * (T::ONE - y)),
        Activation::Relu => with(gradients, |y| if y > T::ZERO { T::ONE } else { T::ZERO }),
        Activation::Linear | Activation::Gelu | Activation::Softplus => {
            debug_assert!(activation == Activation::Linear, "slopes of other activations are kept");
        }
    }
}

vectorised! {
    /// Turns gradients of outputs into gradients of inputs.
    pub fn backward<T>(slopes: &[T], gradients: &mut [T]) = backward_here;
}

#[inline(always)]
fn backward_here<T: Real>(slopes: &[T], gradients: &mut [T]) {
    gradients.iter_mut().zip(slopes).for_each(|(gradient, slope)| *gradient *= *slope);
}

/// 1/(1 + e⁻ˣ) without overflow.
#[inline(always)]
pub fn sigmoid<T: Real>(x: T) -> T {
    let e = (-x.abs()).exp();
    let larger = T::ONE / (T::ONE + e);
    if x < T::ZERO { e * larger } else { larger }
}

/// ln(1 + eˣ) without overflow.
#[inline(always)]
pub fn softplus<T: Real>(x: T) -> T {
    let positive = if x > T::ZERO { x } else { T::ZERO };
    positive + (-x.abs()).exp().ln_1p()
}

#[inline(always)]
fn gelu<T: Real>(values: &mut [T], slopes: Option<&mut [T]>) {
    let Some(slopes) = slopes else {
        return values.iter_mut().for_each(|x| *x = *x * normal_share_below(*x));
    };
    let density = T::of((2.0 * PI).sqrt().recip());
    each(values, Some(slopes), |x| {
        let share = normal_share_below(x);
        (x * share, share + x * density * (T::of(-0.5) * x * x).exp())
    });
}

/// Φ(x)
#[inline(always)]
fn normal_share_below<T: Real>(x: T) -> T {
    T::of(0.5) * (T::ONE + (x * T::of(FRAC_1_SQRT_2)).erf())
}

#[inline(always)]
fn each<T: Real>(values: &mut [T], slopes: Option<&mut [T]>, of: impl Fn(T) -> (T, T)) {
    match slopes {
        None => values.iter_mut().for_each(|x| *x = of(*x).0),
        Some(slopes) => {
            for (x, slope) in values.iter_mut().zip(slopes) {
                (*x, *slope) = of(*x);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(activation: Activation, x: f64) -> (f64, f64) {
        let (mut value, mut slope) = ([x], [f64::NAN]);
        forward(activation, &mut value, Some(&mut slope));
        let mut alone = [x];
        forward(activation, &mut alone, None);
        assert_eq!(value, alone);
        (value[0], slope[0])
    }

    // Values at 1 from tables of the functions.
    #[test]
    fn known_values() {
        let cases = [
            (Activation::Linear, 1.0),
            (Activation::Tanh, 0.761_594_155_955_764_9),
            (Activation::Sigmoid, 0.731_058_578_630_004_9),
            (Activation::Relu, 1.0),
            (Activation::Gelu, 0.841_344_746_068_542_9),
            (Activation::Softplus, 1.313_261_687_518_222_8),
        ];
        for (activation, wanted) in cases {
            assert!((at(activation, 1.0).0 - wanted).abs() < 1e-15, "{activation:?}");
        }
    }

    #[test]
    fn slopes_agree_with_central_differences() {
        use Activation::*;
        for activation in [Linear, Tanh, Sigmoid, Relu, Gelu, Softplus] {
            for x in [-3.0, -0.7, 0.2, 0.9, 4.0_f64] {
                let h = 1e-6 * x.abs().max(1.0);
                let wanted = (at(activation, x + h).0 - at(activation, x - h).0) / (2.0 * h);
                let (_, slope) = at(activation, x);
                assert!((slope - wanted).abs() <= 1e-8, "{activation:?} at {x}: {slope} against {wanted}");
            }
        }
    }

    #[test]
    fn slopes_from_values_are_the_slopes() {
        use Activation::*;
        for activation in [Linear, Tanh, Sigmoid, Relu].into_iter().filter(|one| one.tells_slope()) {
            for x in [-3.0, -0.7, 0.0, 0.2, 4.0_f64] {
                let (value, slope) = at(activation, x);
                let mut gradient = [1.0];
                backward_from(activation, &[value], &mut gradient);
                assert_eq!(gradient[0], slope, "{activation:?} at {x}");
            }
        }
    }

    #[test]
    fn extremes_stay_finite() {
        use Activation::*;
        for activation in [Linear, Tanh, Sigmoid, Relu, Gelu, Softplus] {
            for x in [-1e4, 1e4] {
                let (value, slope) = at(activation, x);
                assert!(value.is_finite() && slope.is_finite(), "{activation:?} at {x}");
            }
        }
        assert_eq!(sigmoid(-1e4), 0.0);
        assert_eq!(softplus(1e4), 1e4);
    }
}
