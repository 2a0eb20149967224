//! GBLUP as effects of variants, which predict without the rows that it was fitted on.
//!
//! û = Z·(Z′a)/c with a the dual solution on the training rows and c the divisor of the relationship
//! (VanRaden 2008; Strandén and Garrick 2009): Z′a/c are effects of one more copy of allele 1.

use super::blup::Prediction;
use super::dosage::MarkerSet;

/// Effects of all variants that went into a relationship.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// Genotype set and variant.
    pub variants: Vec<(usize, usize)>,
    /// Mean copies of allele 1 on the training rows, where effects are 0; missing calls count as that.
    pub means: Vec<f64>,
    /// Change of a trait with one more copy `[traits][variants]`, in its units.
    pub slopes: Vec<Vec<f64>>,
    /// The trait of a sample with mean copies everywhere `[traits]`; NaN where it was not fitted.
    pub intercepts: Vec<f64>,
}

impl Effects {
    /// Effects of fitted traits, each with the rows that it was fitted on; `train` are the rows that
    /// gave the relationship its means, and `divisor` what it was divided by.
    #[must_use]
    pub fn of(
        sets: &[MarkerSet<'_>],
        train: &[u32],
        divisor: f64,
        fits: &[(Option<&Prediction>, &[u32])],
    ) -> Self {
        let mut effects = Self { slopes: vec![Vec::new(); fits.len()], ..Self::default() };
        for (at, set) in sets.iter().enumerate() {
            let training = set.samples_of(train);
            let samples: Vec<Vec<usize>> = fits.iter().map(|(_, rows)| set.samples_of(rows)).collect();
            for variant in (0..set.calls.variants()).filter(|variant| set.usable[*variant]) {
                let Some(moments) = set.moments(variant, &training) else { continue };
                effects.variants.push((at, variant));
                effects.means.push(moments.mean);
                for ((slopes, (fit, _)), samples) in effects.slopes.iter_mut().zip(fits).zip(&samples) {
                    let mut dosages = vec![0.0; samples.len()];
                    set.centred(variant, samples, moments.mean, 1.0, &mut dosages);
                    slopes.push(fit.map_or(0.0, |fit| slope(fit, &dosages, divisor)));
                }
            }
        }
        effects.intercepts = fits.iter().map(|(fit, _)| fit.map_or(f64::NAN, intercept)).collect();
        effects
    }
}

fn slope(fit: &Prediction, dosages: &[f64], divisor: f64) -> f64 {
    // Without heritability the dual is 0, whatever the relationships are.
    fit.model.dual.iter().zip(dosages).map(|(dual, dosage)| dual * dosage).sum::<f64>() / divisor
}

/// What a prediction is beside its û.
fn intercept(fit: &Prediction) -> f64 {
    fit.genetic.iter().zip(&fit.model.genetic).map(|(all, blup)| all - blup).next().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PackedGenotypes;
    use crate::study::linear::blup::{Trait, fit_predict, observed_rows};
    use crate::study::linear::design::Design;
    use crate::study::linear::relationship::{Scaling, relationship};

    #[test]
    fn effects_predict_what_relationships_do() {
        let bytes = (0..60_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8);
        let calls = PackedGenotypes::new(12, 20, bytes.collect());
        let rows: Vec<u32> = (0..12).collect();
        let usable: Vec<bool> = (0..20).map(|at| at != 3).collect();
        let sets = [MarkerSet { calls: &calls, rows: &rows, usable: &usable }];
        let train: Vec<u32> = (0..9).collect();
        let values: Vec<f64> = rows
            .iter()
            .map(|row| if *row == 4 { f64::NAN } else { libm::sin(f64::from(row * row)) })
            .collect();
        let related = relationship(&sets, &train, Scaling::VanRaden).expect("they differ");
        let one = Trait { name: "t", values: &values };
        let fit = fit_predict(&related.matrix, &Design::intercept(12), &[one], None, &train, &rows);
        let fit = fit.into_iter().next().expect("one trait").expect("fitted");
        let own = observed_rows(&values, None, &train);
        let effects = Effects::of(&sets, &train, related.divisor, &[(Some(&fit), &own)]);
        assert_eq!(effects.variants.len(), related.variants);
        for row in 0..12 {
            let mut sum = effects.intercepts[0];
            for (((_, variant), mean), slope) in
                effects.variants.iter().zip(&effects.means).zip(&effects.slopes[0])
            {
                let mut dosage = [0.0];
                sets[0].centred(*variant, &[row], *mean, 1.0, &mut dosage);
                sum += slope * dosage[0];
            }
            assert!((sum - fit.genetic[row]).abs() < 1e-10, "{row}: {sum} {}", fit.genetic[row]);
        }
    }
}
