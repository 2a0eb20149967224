//! The minimum of a function of one variable.
//!
//! A grid finds the valley, so that several local minima do no harm; Brent's method
//! (Brent 1973, chapter 5) then finds its floor.

/// The argument of the least value of `f` on `[low, high]`: best of `points` evenly spaced
/// ones, then Brent's method between its neighbours to `tolerance`.
pub(super) fn minimize(f: impl Fn(f64) -> f64, low: f64, high: f64, points: usize, tolerance: f64) -> f64 {
    let step = (high - low) / (points - 1) as f64;
    let at = |i: usize| if i + 1 == points { high } else { low + i as f64 * step };
    let values: Vec<f64> = (0..points).map(|i| f(at(i))).collect();
    let best = (0..points).fold(0, |best, i| if values[i] < values[best] { i } else { best });
    let (left, right) = (at(best.saturating_sub(1)), at((best + 1).min(points - 1)));
    let inside = brent(&f, left, right, tolerance);
    let reached = f(inside);
    // Brent never evaluates the ends; on a flat or falling side the end itself is the answer.
    let flat = 1e-9;
    if values[0] <= reached + flat && best <= 1 {
        low
    } else if values[points - 1] <= reached && best + 2 >= points {
        high
    } else {
        inside
    }
}

fn brent(f: &impl Fn(f64) -> f64, mut a: f64, mut b: f64, tolerance: f64) -> f64 {
    let golden = 0.5 * (3.0 - 5f64.sqrt());
    let mut x = a + golden * (b - a);
    let (mut w, mut v) = (x, x);
    let mut fx = f(x);
    let (mut fw, mut fv) = (fx, fx);
    let (mut step, mut before) = (0.0f64, 0.0f64);
    for _ in 0..200 {
        let middle = 0.5 * (a + b);
        let reach = tolerance.max(f64::EPSILON * x.abs());
        if (x - middle).abs() <= 2.0 * reach - 0.5 * (b - a) {
            break;
        }
        let parabola = parabola_step((x, fx), (w, fw), (v, fv));
        match parabola {
            Some(p) if before.abs() > reach && p.abs() < 0.5 * before.abs() && x + p > a && x + p < b => {
                before = step;
                step = p;
                if x + p - a < 2.0 * reach || b - x - p < 2.0 * reach {
                    step = reach.copysign(middle - x);
                }
            }
            _ => {
                before = if x < middle { b - x } else { a - x };
                step = golden * before;
            }
        }
        let u = if step.abs() >= reach { x + step } else { x + reach.copysign(step) };
        let fu = f(u);
        if fu <= fx {
            if u < x {
                b = x
            } else {
                a = x
            }
            (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu);
        } else {
            if u < x {
                a = u
            } else {
                b = u
            }
            if fu <= fw || w == x {
                (v, fv, w, fw) = (w, fw, u, fu);
            } else if fu <= fv || v == x || v == w {
                (v, fv) = (u, fu);
            }
        }
    }
    x
}

/// From x to the vertex of the parabola through three points.
fn parabola_step((x, fx): (f64, f64), (w, fw): (f64, f64), (v, fv): (f64, f64)) -> Option<f64> {
    let r = (x - w) * (fx - fv);
    let q = (x - v) * (fx - fw);
    let numerator = (x - v) * q - (x - w) * r;
    let divisor = 2.0 * (q - r);
    let step = -numerator / divisor;
    (divisor != 0.0 && step.is_finite()).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_smooth_minima_and_ends() {
        let quartic = |x: f64| (x - 0.37).powi(4) + (x - 0.37).powi(2);
        assert!((minimize(quartic, 0.0, 1.0, 50, 1e-8) - 0.37).abs() < 1e-7);
        let valleys = |x: f64| ((x - 0.2) * (x - 0.8)).powi(2) + 0.01 * x;
        let exact = 0.186; // f′ = 0 there, and of the two valleys the left one is deeper
        assert!((minimize(valleys, 0.0, 1.0, 50, 1e-8) - exact).abs() < 1e-3);
        assert_eq!(minimize(|x| x, 0.0, 1.0, 50, 1e-8), 0.0);
        assert_eq!(minimize(|x| -x, 0.0, 0.9, 50, 1e-8), 0.9);
        assert_eq!(minimize(|_| 1.0, 0.0, 1.0, 50, 1e-8), 0.0);
    }
}
