//! Losses with missing targets (NaN, skipped) and record weights.
//!
//! Each adds its gradient, already scaled, so that several losses may share a row.

use super::activation::sigmoid;
use super::math::Real;
use super::reduce::sum_by;

/// Σ of the weights of records whose target is observed; a weight is 1 where none are given.
pub fn observed_weight<T: Real>(targets: &[T], weights: Option<&[T]>) -> f64 {
    sum_by(targets.len(), |k| if is_missing(targets[k]) { 0.0 } else { weight_of(weights, k).wide() })
}

/// scale · Σ wₖ(outₖ − targetₖ)².
pub fn squared_error<T: Real>(
    outputs: &[T],
    targets: &[T],
    weights: Option<&[T]>,
    scale: f64,
    gradients: &mut [T],
) -> f64 {
    each(outputs, targets, weights, scale, gradients, |output, target| {
        let error = output - target;
        (error * error, error + error)
    })
}

/// scale · Σ wₖ·(−targetₖ ln pₖ − (1 − targetₖ) ln(1 − pₖ)), p = 1/(1 + e^−out).
///
/// From the logit, as max(z, 0) − zt + ln(1 + e^−|z|): finite for every finite logit.
pub fn cross_entropy<T: Real>(
    outputs: &[T],
    targets: &[T],
    weights: Option<&[T]>,
    scale: f64,
    gradients: &mut [T],
) -> f64 {
    each(outputs, targets, weights, scale, gradients, |logit, target| {
        let positive = if logit > T::ZERO { logit } else { T::ZERO };
        let loss = (positive - logit * target) + (-logit.abs()).exp().ln_1p();
        (loss, sigmoid(logit) - target)
    })
}

/// scale · Σ wₖ|outₖ − targetₖ|; at 0 the slope is 0.
pub fn absolute_error<T: Real>(
    outputs: &[T],
    targets: &[T],
    weights: Option<&[T]>,
    scale: f64,
    gradients: &mut [T],
) -> f64 {
    each(outputs, targets, weights, scale, gradients, |output, target| {
        let error = output - target;
        (error.abs(), sign(error))
    })
}

/// scale · Σ wₖ·h(outₖ − targetₖ), h(e) = e² up to |e| = `bend`, and bend·(2|e| − bend) beyond: twice the
/// function of Huber (1964), so that it is the squared error where the bend is far.
pub fn huber<T: Real>(
    bend: f64,
    outputs: &[T],
    targets: &[T],
    weights: Option<&[T]>,
    scale: f64,
    gradients: &mut [T],
) -> f64 {
    let bend = T::of(bend);
    each(outputs, targets, weights, scale, gradients, |output, target| {
        let error = output - target;
        if error.abs() <= bend {
            return (error * error, error + error);
        }
        (bend * (error.abs() + error.abs() - bend), (bend + bend) * sign(error))
    })
}

/// scale · Σ wₖ·(rₖ − targetₖ + targetₖ·ln(targetₖ/rₖ)), r = e^out: half the deviance of Poisson counts,
/// 0 where the rate is the count.
///
/// Beyond a log-rate of 30 it goes on as a straight line: an overflow would end the fit.
pub fn poisson<T: Real>(
    outputs: &[T],
    targets: &[T],
    weights: Option<&[T]>,
    scale: f64,
    gradients: &mut [T],
) -> f64 {
    let most = T::of(HIGHEST_LOG_RATE);
    each(outputs, targets, weights, scale, gradients, |log_rate, target| {
        let within = if log_rate < most { log_rate } else { most };
        let rate = within.exp();
        let saturated = if target > T::ZERO { target * T::of(libm::log(target.wide())) } else { T::ZERO };
        let loss = rate + rate * (log_rate - within) - target + saturated - target * log_rate;
        (loss, rate - target)
    })
}

/// Where the loss of counts turns into a straight line: a rate of 10¹³.
const HIGHEST_LOG_RATE: f64 = 30.0;

fn sign<T: Real>(value: T) -> T {
    if value > T::ZERO {
        T::ONE
    } else if value < T::ZERO {
        -T::ONE
    } else {
        T::ZERO
    }
}

fn each<T: Real>(
    outputs: &[T],
    targets: &[T],
    weights: Option<&[T]>,
    scale: f64,
    gradients: &mut [T],
    of: impl Fn(T, T) -> (T, T) + Copy,
) -> f64 {
    for k in 0..outputs.len() {
        if !is_missing(targets[k]) {
            let (_, slope) = of(outputs[k], targets[k]);
            gradients[k] += T::of(scale) * weight_of(weights, k) * slope;
        }
    }
    let total = sum_by(outputs.len(), |k| {
        if is_missing(targets[k]) {
            return 0.0;
        }
        of(outputs[k], targets[k]).0.wide() * weight_of(weights, k).wide()
    });
    scale * total
}

#[expect(clippy::eq_op, reason = "a missing target is the one value that differs from itself")]
fn is_missing<T: Real>(value: T) -> bool {
    value != value
}

fn weight_of<T: Real>(weights: Option<&[T]>, k: usize) -> T {
    weights.map_or(T::ONE, |weights| weights[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squared_error_skips_missing_and_weighs() {
        let targets = [1.0, f64::NAN, 0.0];
        let weights = [2.0, 5.0, 1.0];
        let mut gradient = [0.0; 3];
        assert_eq!(observed_weight(&targets, Some(&weights)), 3.0);
        let loss = squared_error(&[3.0, 9.0, -1.0], &targets, Some(&weights), 0.5, &mut gradient);
        assert_eq!(loss, 0.5 * (2.0 * 4.0 + 1.0));
        assert_eq!(gradient, [0.5 * 2.0 * 4.0, 0.0, -1.0]);
    }

    #[test]
    fn cross_entropy_is_stable_at_large_logits() {
        for (logit, target, wanted, slope) in [
            (100.0, 1.0, libm::exp(-100.0), -libm::exp(-100.0)),
            (100.0, 0.0, 100.0, 1.0),
            (-100.0, 1.0, 100.0, -1.0),
            (-100.0, 0.0, libm::exp(-100.0), libm::exp(-100.0)),
            (0.0, 1.0, std::f64::consts::LN_2, -0.5),
        ] {
            let mut gradient = [0.0];
            let loss = cross_entropy(&[logit], &[target], None, 1.0, &mut gradient);
            assert!((loss - wanted).abs() <= 1e-15 * wanted, "{loss} at {logit}, {target}");
            assert!((gradient[0] - slope).abs() <= 1e-16);
        }
    }

    #[test]
    fn robust_losses_meet_the_squared_error_and_lines() {
        let of = |loss: &dyn Fn(&mut [f64]) -> f64| {
            let mut gradient = [0.0];
            (loss(&mut gradient), gradient[0])
        };
        assert_eq!(of(&|g| huber(2.0, &[1.5], &[0.0], None, 1.0, g)), (2.25, 3.0));
        assert_eq!(of(&|g| huber(2.0, &[-5.0], &[0.0], None, 1.0, g)), (16.0, -4.0));
        assert_eq!(of(&|g| huber(2.0, &[2.0], &[0.0], None, 1.0, g)), (4.0, 4.0));
        assert_eq!(of(&|g| absolute_error(&[-5.0], &[-3.0], None, 0.5, g)), (1.0, -0.5));
        assert_eq!(of(&|g| absolute_error(&[1.0], &[1.0], None, 1.0, g)), (0.0, 0.0));
    }

    #[test]
    fn a_rate_that_is_the_count_loses_nothing() {
        let mut gradient = [0.0];
        assert!(poisson(&[libm::log(7.0)], &[7.0], None, 1.0, &mut gradient).abs() < 1e-14);
        assert!(gradient[0].abs() < 1e-14);
        // Nothing counted where two were expected: the rate alone.
        assert!((poisson(&[libm::log(2.0)], &[0.0], None, 1.0, &mut [0.0]) - 2.0).abs() < 1e-15);
        let (mut near, mut far) = ([0.0f32], [0.0f32]);
        assert!(poisson(&[1e4f32], &[1.0], None, 1.0, &mut far).is_finite());
        poisson(&[30.0f32], &[1.0], None, 1.0, &mut near);
        assert_eq!(near, far);
    }

    #[test]
    fn gradients_agree_with_central_differences() {
        let targets = [1.0, 0.0, f64::NAN, 1.0];
        let weights = [0.5, 2.0, 1.0, 1.5];
        let outputs = [0.3, -1.2, 0.4, 2.5];
        let bent = |o: &[f64], t: &[f64], w: Option<&[f64]>, s: f64, g: &mut [f64]| huber(0.8, o, t, w, s, g);
        type LossOf<'a> = &'a dyn Fn(&[f64], &[f64], Option<&[f64]>, f64, &mut [f64]) -> f64;
        let all: [LossOf<'_>; 5] =
            [&squared_error::<f64>, &cross_entropy::<f64>, &absolute_error::<f64>, &bent, &poisson::<f64>];
        for loss in all {
            let mut gradient = [0.0; 4];
            loss(&outputs, &targets, Some(&weights), 0.25, &mut gradient);
            for k in 0..4 {
                let moved = |h: f64| {
                    let mut outputs = outputs;
                    outputs[k] += h;
                    loss(&outputs, &targets, Some(&weights), 0.25, &mut [0.0; 4])
                };
                let wanted = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!((gradient[k] - wanted).abs() <= 1e-9, "{} against {wanted}", gradient[k]);
            }
        }
    }
}
