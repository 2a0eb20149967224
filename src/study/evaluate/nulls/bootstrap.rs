//! A trait drawn anew from what GBLUP says of it: y* = Xb̂ + g* + e*.
//!
//! g* ~ N(0, Gσ̂²_g) and e* ~ N(0, σ̂²_e/w), with b̂ and both variances by REML on all rows where the trait is observed.
//! Relatives are as alike as they are, and no variant matters more than another.

use super::super::baseline::gblup;
use super::super::prepare::{as_trait, design, marker_sets, record_weights};
use super::super::rows::eligible;
use super::super::{Study, error};
use crate::data::{Cohort, Normals};
use crate::engine::model;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::ColumnRef;
use crate::study::linear::blup::observed_rows;
use crate::study::linear::reml::{self, MixedModel};
use crate::study::linear::spectrum::Spectrum;

/// A trait that can be drawn again and again.
pub struct Bootstrap {
    column: ColumnRef,
    model: MixedModel,
    /// Of √w G √w over the rows where the trait is observed.
    spectrum: Spectrum,
    /// √w `[rows of the spectrum]`.
    roots: Vec<f64>,
    seed: u64,
}

impl Bootstrap {
    /// Fits GBLUP to the study's first trait.
    ///
    /// # Errors
    /// Those of the fit.
    ///
    /// # Panics
    /// When the spec predicts nothing, which none does.
    pub fn of(study: &Study<'_>) -> Result<Self, Diagnostic> {
        let rows: Vec<u32> =
            (0..).zip(eligible(study)).filter(|(_, eligible)| *eligible).map(|(row, _)| row).collect();
        let usable = model::usable(study.spec, study.cohort, study.sets, study.known.usable, &rows);
        let relationship = gblup::relationship(&marker_sets(study, &usable), &rows)?;
        let predict = &study.spec.predicts[0];
        let column = &predict.traits[0];
        let design = design(study, predict, Some(&relationship), &rows)?;
        let (one, weights) = (as_trait(study, column), record_weights(study, predict));
        let rows = observed_rows(one.values, weights, &rows);
        if rows.is_empty() {
            return Err(
                error::never_observed(&column.column, one.values.len()).at(column.span, "never observed")
            );
        }
        let spectrum = Spectrum::new(&relationship.matrix, &rows, weights)?;
        let model = reml::fit(&spectrum, &relationship.matrix, &design, one.name, one.values)?;
        let root = |row: &u32| weights.map_or(1.0, |weights| weights[*row as usize].sqrt());
        let roots = rows.iter().map(root).collect();
        Ok(Self { column: column.clone(), model, spectrum, roots, seed: study.spec.evaluate.seed })
    }

    /// The cohort with the trait drawn anew, missing where it was not fitted on; the same numbers for the same
    /// replicate.
    #[must_use]
    pub fn draw(&self, cohort: &Cohort, replicate: u64) -> Cohort {
        let mut normals = Normals::of(self.seed ^ (replicate + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let MixedModel { fixed, genetic_variance, residual_variance, .. } = &self.model;
        let (of_g, of_e) = (genetic_variance.sqrt(), residual_variance.sqrt());
        let genetic = self.genetic(&mut normals);
        let mut values = vec![f64::NAN; fixed.len()];
        for ((row, g), root) in self.spectrum.rows().iter().zip(genetic).zip(&self.roots) {
            let row = *row as usize;
            values[row] = fixed[row] + (of_g * g + of_e * normals.draw()) / root;
        }
        cohort.clone().with_numbers(self.column.table, &self.column.column, values)
    }

    /// A draw from N(0, √w G √w) `[rows of the spectrum]`: U √D z.
    fn genetic(&self, normals: &mut Normals) -> Vec<f64> {
        let mut drawn = vec![0.0; self.spectrum.rows().len()];
        for (at, value) in self.spectrum.values().iter().enumerate() {
            let along = value.sqrt() * normals.draw();
            drawn.iter_mut().zip(self.spectrum.vector(at)).for_each(|(sum, entry)| *sum += along * entry);
        }
        drawn
    }
}
