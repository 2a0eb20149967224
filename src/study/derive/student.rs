//! Two-sided p-values of correlations, as logarithms: in large panels they underflow.
//!
//! With f degrees of freedom and t² = f·r²/(1 − r²), the two-sided p of Student's t is
//! Iₓ(f/2, ½) at x = 1 − r² (Abramowitz and Stegun 1964, 26.7.1 and 26.5.27).

use statrs::function::beta::{beta_reg, ln_beta};

/// −log₁₀ p of a correlation `r` with so many degrees of freedom; infinite for ±1.
pub(super) fn negative_log10_p(r: f64, freedom: usize) -> f64 {
    /// Above the smallest numbers that keep all their digits.
    const SMALL: f64 = 1e-290;
    let (a, x) = (freedom as f64 / 2.0, 1.0 - r * r);
    if x <= 0.0 {
        return f64::INFINITY;
    }
    let p = beta_reg(a, 0.5, x);
    -if p > SMALL { libm::log10(p) } else { ln_tail(a, x) / std::f64::consts::LN_10 }
}

/// The two-sided p of Student's t with so many degrees of freedom; 0 of an infinite t, NaN of none.
#[must_use]
pub fn two_sided_p(t: f64, freedom: usize) -> f64 {
    let freedom = freedom as f64;
    match t {
        _ if t.is_nan() => f64::NAN,
        _ if t.is_infinite() => 0.0,
        _ => beta_reg(freedom / 2.0, 0.5, freedom / (freedom + t * t)),
    }
}

/// ln Iₓ(a, ½) by its series xᵃ/(a·B) · Σ (½)ₙ/n! · a/(a + n) · xⁿ (Abramowitz and Stegun 26.5.4 with
/// 15.1.1), whose terms are positive and fall.
fn ln_tail(a: f64, x: f64) -> f64 {
    let (mut coefficient, mut sum) = (1.0, 1.0);
    for n in 1.. {
        coefficient *= (n as f64 - 0.5) / n as f64 * x;
        let term = coefficient * a / (a + n as f64);
        sum += term;
        if term <= sum * f64::EPSILON * (1.0 - x) {
            break;
        }
    }
    a * libm::log(x) - libm::log(a) - ln_beta(a, 0.5) + libm::log(sum)
}

/// The least |r| whose two-sided p is at most `p`.
pub(super) fn least_correlation(p: f64, freedom: usize) -> f64 {
    let wanted = -libm::log10(p);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        if negative_log10_p(middle, freedom) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r_of(t: f64, freedom: usize) -> f64 {
        t / (freedom as f64 + t * t).sqrt()
    }

    /// `tests/fixtures/student.py` computes these with 60 digits.
    #[test]
    fn tails_are_those_of_sixty_digits() {
        let fixture = include_str!("../../../tests/fixtures/student.tsv");
        for line in fixture.lines().skip(1) {
            let numbers: Vec<f64> = line.split('\t').map(|n| n.parse().expect("a number")).collect();
            let [freedom, t, wanted] = numbers[..] else { panic!("three numbers a line") };
            let found = negative_log10_p(r_of(t, freedom as usize), freedom as usize);
            assert!((found - wanted).abs() <= 1e-9 * wanted, "{freedom} {t}: {found} against {wanted}");
        }
    }

    /// On 1, 2 and 4 degrees of freedom the distribution has closed forms.
    #[test]
    fn p_of_a_t_is_that_of_closed_forms() {
        for t in [0.0, 0.1, 1.0, 2.776, 12.0] {
            let four = (1.0 + t * t / 4.0f64).recip();
            let wanted = [
                (1, 1.0 - 2.0 * libm::atan(t) / std::f64::consts::PI),
                (2, 1.0 - t / (2.0 + t * t).sqrt()),
                (4, 1.0 - 0.75 * t * four.sqrt() * (1.0 - t * t / 12.0 * four)),
            ];
            for (freedom, wanted) in wanted {
                assert!((two_sided_p(t, freedom) - wanted).abs() < 1e-12, "{t} on {freedom}");
                assert_eq!(two_sided_p(-t, freedom), two_sided_p(t, freedom));
            }
        }
        assert_eq!(two_sided_p(f64::INFINITY, 9), 0.0);
        assert!(two_sided_p(f64::NAN, 9).is_nan());
    }

    #[test]
    fn limits_have_the_p_that_they_are_limits_of() {
        for (p, freedom) in [(0.05, 3), (1e-6, 200), (1e-300, 5000), (1e-320, 5000)] {
            let found = negative_log10_p(least_correlation(p, freedom), freedom);
            assert!((found + libm::log10(p)).abs() < 1e-6 * -libm::log10(p), "{p} {freedom}: {found}");
        }
        assert_eq!(negative_log10_p(1.0, 10), f64::INFINITY);
    }
}
