//! Traits drawn anew from what GBLUP says of them: y* = Xb̂ + g* + e*.
//!
//! g* ~ N(0, Gσ̂²_g) over all individuals and e* ~ N(0, σ̂²_e/w), with b̂ and both variances by REML on all rows where
//! the trait is observed. Relatives are as alike as they are, and no variant matters more than another. Traits are
//! drawn one by one: what they share beside relatives is lost.

use super::super::Study;
use super::super::baseline::gblup;
use super::super::prepare::{as_trait, design, marker_sets, record_weights};
use super::super::rows::eligible;
use crate::data::{Cohort, Normals};
use crate::engine::model;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::ColumnRef;
use crate::study::linear::blup::fit_predict;
use crate::study::linear::spectrum::Spectrum;

/// Traits that can be drawn again and again.
pub struct Bootstrap {
    /// The decomposition of G over rows with any trait.
    spectrum: Spectrum,
    traits: Vec<Drawn>,
    seed: u64,
}

/// One trait.
struct Drawn {
    column: ColumnRef,
    /// Xb̂ `[rows]`; NaN where the trait is not observed.
    fixed: Vec<f64>,
    /// σ̂_g.
    genetic: f64,
    /// σ̂_e/√w `[rows]`.
    residual: Vec<f64>,
}

impl Bootstrap {
    /// Fits GBLUP to each trait, on all rows where it is observed.
    ///
    /// # Errors
    /// Those of the fits.
    pub fn of(study: &Study<'_>) -> Result<Self, Diagnostic> {
        let rows: Vec<u32> =
            (0..).zip(eligible(study)).filter(|(_, eligible)| *eligible).map(|(row, _)| row).collect();
        let usable = model::usable(study.spec, study.cohort, study.sets, study.known.usable, &rows);
        let relationship = gblup::relationship(&marker_sets(study, &usable), &rows)?;
        let all: Vec<u32> = (0..study.cohort.samples.len() as u32).collect();
        let mut drawn = Vec::new();
        for predict in &study.spec.predicts {
            let design = design(study, predict, Some(&relationship), &rows)?;
            let weights = record_weights(study, predict);
            let own: Vec<_> = predict.traits.iter().map(|column| as_trait(study, column)).collect();
            let fits = fit_predict(&relationship.matrix, &design, &own, weights, &rows, &all);
            for ((column, one), fit) in predict.traits.iter().zip(&own).zip(fits) {
                let fit = fit?;
                let known = |row: usize| !one.values[row].is_nan();
                let fixed = |row: usize| if known(row) { fit.model.fixed[row] } else { f64::NAN };
                // A record that weighs nothing is not trained on: whatever it is drawn as, it is not read.
                let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
                let sd = fit.model.residual_variance.sqrt();
                let residual = |row: usize| if weight(row) > 0.0 { sd / weight(row).sqrt() } else { sd };
                drawn.push(Drawn {
                    column: column.clone(),
                    fixed: (0..all.len()).map(fixed).collect(),
                    genetic: fit.model.genetic_variance.sqrt(),
                    residual: (0..all.len()).map(residual).collect(),
                });
            }
        }
        let spectrum = Spectrum::new(&relationship.matrix, &rows, None)?;
        Ok(Self { spectrum, traits: drawn, seed: study.spec.evaluate.seed })
    }

    /// The cohort with every trait drawn anew; the same numbers for the same replicate.
    #[must_use]
    pub fn draw(&self, cohort: &Cohort, replicate: u64) -> Cohort {
        let mut normals = Normals::of(self.seed ^ (replicate + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut cohort = cohort.clone();
        for one in &self.traits {
            let genetic = self.genetic(&mut normals);
            let mut values = one.fixed.clone();
            for (row, of_g) in self.spectrum.rows().iter().zip(genetic) {
                let row = *row as usize;
                values[row] += one.genetic * of_g + one.residual[row] * normals.draw();
            }
            cohort = cohort.with_numbers(one.column.table, &one.column.column, values);
        }
        cohort
    }

    /// A draw from N(0, G) `[rows of the spectrum]`: U √D z.
    fn genetic(&self, normals: &mut Normals) -> Vec<f64> {
        let mut drawn = vec![0.0; self.spectrum.rows().len()];
        for (at, value) in self.spectrum.values().iter().enumerate() {
            let along = value.sqrt() * normals.draw();
            drawn.iter_mut().zip(self.spectrum.vector(at)).for_each(|(sum, entry)| *sum += along * entry);
        }
        drawn
    }
}
