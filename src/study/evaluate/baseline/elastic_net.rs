//! The elastic net on SNPs: few effects, where GBLUP has many small ones.
//!
//! Zou and Hastie (2005), ρ = 0.5, α by inner folds that keep whole what the outer folds keep whole. Fixed
//! effects are those of GBLUP, as for networks: the trait without them is regressed on copies of
//! allele 1, standardised on the training rows.

use super::copies::{columns, each_trait, without_fixed};
use super::{BaselineFit, Fits, Ground};
use crate::language::diagnostics::Diagnostic;
use crate::study::derive::elastic_net::{Refused, Rule, Settings, select_by};
use crate::study::evaluate::error::interrupted;
use crate::study::linear::blup::{Prediction, Trait, observed_rows};
use crate::study::linear::design::scale;
use crate::study::linear::error::{constant_response, unobserved_trait};

/// ρ: as much lasso as ridge.
const RATIO: f64 = 0.5;
/// Duality gap at which a solution is done: predictions need no more, and neighbouring markers are so alike that
/// further digits of their effects take twice as long.
const GAP: f64 = 1e-4;

/// Fits each trait.
///
/// # Errors
/// As interrupted.
pub(super) fn fit(ground: &Ground<'_>) -> Result<Fits, Diagnostic> {
    let columns = columns(ground);
    Ok(each_trait(ground, &columns, |columns, one, gblup| of_trait(ground, columns, one, gblup)))
}

fn of_trait(
    ground: &Ground<'_>,
    columns: &[&[f64]],
    one: &Trait<'_>,
    gblup: Option<&Prediction>,
) -> Result<BaselineFit, Diagnostic> {
    let rows = observed_rows(one.values, ground.weights, ground.train);
    if rows.is_empty() {
        return Err(unobserved_trait(one.name, ground.train.len()));
    }
    let (values, fixed) = without_fixed(one, gblup);
    let Some((mean, _)) = scale(&values, &rows).filter(|(_, sd)| *sd > 0.0) else {
        return Err(constant_response(one.name, rows.len(), one.values[rows[0] as usize]));
    };
    let folds = (ground.inner)(&rows)?;
    let settings = Settings { ratio: RATIO, folds: folds.len(), seed: 0, rule: Rule::Least, tolerance: GAP };
    let selected = select_by(columns, &values, (&rows, &folds), settings, ground.watch);
    let (genetic, count, penalty) = match selected {
        Ok(selection) => {
            let genetic = selection.predict(columns, values.len());
            (genetic, selection.columns.len(), Some(selection.penalty))
        }
        Err(Refused::Nothing) => (vec![mean; values.len()], 0, None),
        Err(Refused::Cancelled) => return Err(interrupted()),
    };
    let predicted = genetic.iter().zip(fixed).map(|(genetic, fixed)| genetic + fixed).collect();
    let figures = vec![("selected", Some(count as f64)), ("penalty", penalty)];
    Ok(BaselineFit { predicted, genetic, figures })
}
