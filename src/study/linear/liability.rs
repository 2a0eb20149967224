//! Heritability of a disease on the scale of its liability.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

/// What turns h² of 0 and 1 into h² of a normal liability above whose threshold all are cases (Lee, Wray,
/// Goddard & Visscher 2011, equation 23): K²(1 − K)²/(z²·P(1 − P)).
///
/// K is the share of cases in the population, P that in the sample, z the height of the standard normal
/// density at the threshold. `None` unless both shares lie between 0 and 1.
#[must_use]
pub fn liability_factor(population: f64, sample: f64) -> Option<f64> {
    let within = |share: f64| share > 0.0 && share < 1.0;
    if !within(population) || !within(sample) {
        return None;
    }
    let normal = Normal::standard();
    let height = normal.pdf(normal.inverse_cdf(1.0 - population));
    let spread = |share: f64| share * (1.0 - share);
    Some((spread(population) / height).powi(2) / spread(sample))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_half_is_half_of_pi() {
        // Threshold 0, height 1/√(2π): (1/16)·2π/(1/4).
        let got = liability_factor(0.5, 0.5).expect("within");
        assert!((got - std::f64::consts::FRAC_PI_2).abs() < 1e-12);
        assert_eq!(liability_factor(0.0, 0.5), None);
        assert_eq!(liability_factor(0.1, 1.0), None);
    }
}
