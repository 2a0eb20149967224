//! What a fit is to reach, on the scale of training.

use crate::compiler::plan::Plan;
use crate::data::Cohort;
use crate::engine::model::{Preprocessing, numbers};
use crate::language::spec::Loss;

/// Targets of one trait, one entry a cohort row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraitTarget {
    /// Standardised values, 0 and 1 for cross-entropy, counts for Poisson's; NaN is missing.
    pub values: Vec<f32>,
    /// Added to the output before the loss (from fixed effects).
    pub offsets: Option<Vec<f32>>,
}

/// All targets of a fit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets {
    /// `[heads][traits]`
    pub heads: Vec<Vec<TraitTarget>>,
    /// Weight of each record in the losses of traits; their scale does not matter.
    pub weights: Option<Vec<f32>>,
    /// `[supervise items][latents]`: standardised measurements, one a cohort row; NaN is
    /// missing.
    pub supervised: Vec<Vec<Vec<f32>>>,
}

impl Targets {
    /// Traits and measurements of all cohort rows on the scale of training.
    ///
    /// `offsets` `[heads][traits][rows]` are fixed effects in the author's units.
    #[must_use]
    pub fn of(
        preprocessing: &Preprocessing,
        plan: &Plan,
        cohort: &Cohort,
        offsets: &[Vec<Option<Vec<f64>>>],
        weights: Option<Vec<f32>>,
    ) -> Self {
        let heads = plan.heads.iter().zip(&preprocessing.traits).zip(offsets);
        let heads = heads.map(|((head, scales), offsets)| {
            let traits = head.traits.iter().zip(scales).zip(offsets);
            traits
                .map(|(((table, column), scale), offset)| TraitTarget {
                    values: scale.apply(numbers(cohort, *table, column)),
                    offsets: offset.as_ref().map(|o| o.iter().map(|o| (o / scale.sd) as f32).collect()),
                })
                .collect()
        });
        let items = plan.supervisions.iter().zip(&preprocessing.supervised);
        let supervised = items.map(|(item, scales)| {
            let latents = item.latents.iter().zip(scales);
            latents
                .map(|(latent, scale)| scale.apply(numbers(cohort, latent.table, &latent.column)))
                .collect()
        });
        Self { heads: heads.collect(), weights, supervised: supervised.collect() }
    }

    /// # Panics
    /// When there is not one target a trait and supervised latent of the plan.
    pub(super) fn assert_shape(&self, plan: &Plan) {
        let traits: Vec<usize> = plan.heads.iter().map(|head| head.traits.len()).collect();
        let latents: Vec<usize> = plan.supervisions.iter().map(|item| item.latents.len()).collect();
        let given = |lengths: &mut dyn Iterator<Item = usize>| lengths.collect::<Vec<_>>();
        assert_eq!(given(&mut self.heads.iter().map(Vec::len)), traits, "one target a trait");
        assert_eq!(given(&mut self.supervised.iter().map(Vec::len)), latents, "one measurement a latent");
    }

    /// Where the bias of each trait starts: the training mean, which is 0 on the standardised scale and
    /// the logit of the prevalence for cross-entropy, less the mean offset, and the logarithm of the mean
    /// for counts; weighted as the losses are.
    pub(in crate::engine) fn initial_biases(&self, plan: &Plan, rows: &[u32]) -> Vec<f64> {
        let heads = plan.heads.iter().zip(&self.heads);
        let traits = heads.flat_map(|(head, targets)| head.losses.iter().zip(targets));
        traits
            .map(|(loss, target)| match loss {
                Loss::Mse | Loss::Mae | Loss::Huber(_) => 0.0,
                Loss::Bce => target.logit_of_prevalence(rows, self.weights.as_deref()),
                Loss::Poisson => target.log_of_mean(rows, self.weights.as_deref()),
            })
            .collect()
    }
}

impl TraitTarget {
    // With half a case and half a control added, so that it is finite when all are alike.
    fn logit_of_prevalence(&self, rows: &[u32], weights: Option<&[f32]>) -> f64 {
        let Some((share, observed)) = self.mean(rows, weights) else { return 0.0 };
        let cases = share * observed;
        libm::log((cases + 0.5) / (observed - cases + 0.5)) - self.mean_offset(rows)
    }

    // With half a count added, so that it is finite when nothing was counted.
    fn log_of_mean(&self, rows: &[u32], weights: Option<&[f32]>) -> f64 {
        self.mean(rows, weights).map_or(0.0, |(mean, observed)| libm::log(mean + 0.5 / observed))
    }

    /// Mean over the rows that are observed, and how many these are.
    fn mean(&self, rows: &[u32], weights: Option<&[f32]>) -> Option<(f64, f64)> {
        let weight = |row: usize| weights.map_or(1.0, |weights| f64::from(weights[row]));
        let (mut observed, mut all, mut total) = (0.0, 0.0, 0.0);
        for row in self.observed(rows) {
            observed += 1.0;
            all += weight(row);
            total += weight(row) * f64::from(self.values[row]);
        }
        (all > 0.0).then(|| (total / all, observed))
    }

    fn mean_offset(&self, rows: &[u32]) -> f64 {
        let Some(offsets) = &self.offsets else { return 0.0 };
        let total: f64 = self.observed(rows).map(|row| f64::from(offsets[row])).sum();
        total / self.observed(rows).count() as f64
    }

    fn observed(&self, rows: &[u32]) -> impl Iterator<Item = usize> {
        rows.iter().map(|row| *row as usize).filter(|row| !self.values[*row].is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prevalence_skips_missing_and_other_rows() {
        let target = TraitTarget { values: vec![1.0, 0.0, f32::NAN, 0.0, 0.0, 1.0], offsets: None };
        let wanted = libm::log(1.5 / 3.5);
        assert!((target.logit_of_prevalence(&[0, 1, 2, 3, 4], None) - wanted).abs() < 1e-15);
        assert!(target.logit_of_prevalence(&[0, 5], None).is_finite());
        // One case that weighs as much as three controls: as many cases as controls.
        let weights = [3.0, 1.0, 9.0, 1.0, 1.0, 9.0];
        assert!(target.logit_of_prevalence(&[0, 1, 2, 3, 4], Some(&weights)).abs() < 1e-15);
        let mean = target.log_of_mean(&[0, 1, 2, 3, 4], None);
        assert!((mean - libm::log(0.375)).abs() < 1e-15);
    }
}
