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

/// What a loss is taken of: outputs and targets, the weight of each record, and a factor.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a, T> {
    /// What the network says.
    pub outputs: &'a [T],
    /// What it is to say; NaN is missing.
    pub targets: &'a [T],
    /// Weights of records; all weigh 1 without.
    pub weights: Option<&'a [T]>,
    /// A factor of loss and gradient.
    pub scale: f64,
}

impl<T: Real> Batch<'_, T> {
    /// scale · Σ wₖ·ℓₖ, and its slopes added to the gradients; `of` gives ℓ and its slope by output and target.
    pub fn add(&self, gradients: &mut [T], of: impl Fn(T, T) -> (T, T)) -> f64 {
        let Self { outputs, targets, weights, scale } = *self;
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
}

/// e², e = output − target.
pub fn squared_error<T: Real>(output: T, target: T) -> (T, T) {
    let error = output - target;
    (error * error, error + error)
}

/// |e|; at 0 the slope is 0.
pub fn absolute_error<T: Real>(output: T, target: T) -> (T, T) {
    let error = output - target;
    (error.abs(), error.sign())
}

/// e² up to |e| = `bend`, and bend·(2|e| − bend) beyond: twice the function of Huber (1964), so that it is the
/// squared error where the bend is far.
pub fn huber<T: Real>(bend: T, output: T, target: T) -> (T, T) {
    let error = output - target;
    if error.abs() <= bend {
        return squared_error(output, target);
    }
    (bend * (error.abs() + error.abs() - bend), (bend + bend) * error.sign())
}

/// −target ln p − (1 − target) ln(1 − p), p = 1/(1 + e^−logit).
///
/// From the logit, as max(z, 0) − zt + ln(1 + e^−|z|): finite for every finite logit.
pub fn cross_entropy<T: Real>(logit: T, target: T) -> (T, T) {
    let positive = if logit > T::ZERO { logit } else { T::ZERO };
    let loss = (positive - logit * target) + (-logit.abs()).exp().ln_1p();
    (loss, sigmoid(logit) - target)
}

/// r − target + target·ln(target/r), r = e^log-rate: half the deviance of a Poisson count, 0 where the rate is
/// the count.
///
/// Beyond a log-rate of 30, a rate of 10¹³, it goes on as a straight line: an overflow would end the fit.
pub fn poisson<T: Real>(log_rate: T, target: T) -> (T, T) {
    let highest = T::of(30.0);
    let within = if log_rate < highest { log_rate } else { highest };
    let rate = within.exp();
    let saturated = if target > T::ZERO { target * T::of(libm::log(target.wide())) } else { T::ZERO };
    let loss = rate + rate * (log_rate - within) - target + saturated - target * log_rate;
    (loss, rate - target)
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
        let batch =
            Batch { outputs: &[3.0, 9.0, -1.0], targets: &targets, weights: Some(&weights), scale: 0.5 };
        assert_eq!(batch.add(&mut gradient, squared_error), 0.5 * (2.0 * 4.0 + 1.0));
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
            let (loss, its) = cross_entropy(logit, target);
            assert!((loss - wanted).abs() <= 1e-15 * wanted, "{loss} at {logit}, {target}");
            assert!((its - slope).abs() <= 1e-16);
        }
    }

    #[test]
    fn robust_losses_meet_the_squared_error_and_lines() {
        assert_eq!(huber(2.0, 1.5, 0.0), (2.25, 3.0));
        assert_eq!(huber(2.0, -5.0, 0.0), (16.0, -4.0));
        assert_eq!(huber(2.0, 2.0, 0.0), (4.0, 4.0));
        assert_eq!(absolute_error(-5.0, -3.0), (2.0, -1.0));
        assert_eq!(absolute_error(1.0, 1.0), (0.0, 0.0));
    }

    #[test]
    fn a_rate_that_is_the_count_loses_nothing() {
        let (loss, slope) = poisson(libm::log(7.0), 7.0);
        assert!(loss.abs() < 1e-14 && slope.abs() < 1e-14);
        // Nothing counted where two were expected: the rate alone.
        assert!((poisson(libm::log(2.0), 0.0).0 - 2.0).abs() < 1e-15);
        let (far, near) = (poisson(1e4f32, 1.0), poisson(30.0f32, 1.0));
        assert!(far.0.is_finite());
        assert_eq!(far.1, near.1);
    }

    #[test]
    fn gradients_agree_with_central_differences() {
        let targets = [1.0, 0.0, f64::NAN, 1.0];
        let weights = [0.5, 2.0, 1.0, 1.5];
        let outputs = [0.3, -1.2, 0.4, 2.5];
        let bent = |output, target| huber(0.8, output, target);
        let all: [&dyn Fn(f64, f64) -> (f64, f64); 5] =
            [&squared_error, &cross_entropy, &absolute_error, &bent, &poisson];
        for loss in all {
            let at = |outputs: &[f64; 4], gradient: &mut [f64; 4]| {
                Batch { outputs, targets: &targets, weights: Some(&weights), scale: 0.25 }.add(gradient, loss)
            };
            let mut gradient = [0.0; 4];
            at(&outputs, &mut gradient);
            for k in 0..4 {
                let moved = |h: f64| {
                    let mut outputs = outputs;
                    outputs[k] += h;
                    at(&outputs, &mut [0.0; 4])
                };
                let wanted = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!((gradient[k] - wanted).abs() <= 1e-9, "{} against {wanted}", gradient[k]);
            }
        }
    }
}
