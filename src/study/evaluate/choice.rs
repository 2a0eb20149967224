//! Which of the listed weights inner folds choose: the one that predicts best what its networks did not see.

use super::Study;
use super::rows::{trait_values, traits};
use super::stack::{learns_residuals, of_networks};
use super::trainer::FittedPart;
use crate::study::linear::design::scale;

/// How many weights are listed; 1 where none are.
pub(super) fn choices(study: &Study<'_>) -> usize {
    study.spec.supervises.iter().map(|supervise| supervise.choices.len()).max().unwrap_or(0).max(1)
}

/// The weight of least error on all inner folds, or on all but one.
pub(super) fn best(errors: &[Vec<InnerError>], but: Option<usize>) -> usize {
    let parts = || errors.iter().enumerate().filter(|(at, _)| Some(*at) != but);
    let count = errors.first().map_or(0, Vec::len);
    let mean = |choice: usize| {
        let sum: f64 = parts().map(|(_, tried)| tried[choice].sum).sum();
        sum / parts().map(|(_, tried)| tried[choice].count).sum::<f64>()
    };
    lowest(&(0..count).map(mean).collect::<Vec<_>>())
}

/// The first of the lowest.
pub(super) fn lowest(errors: &[f64]) -> usize {
    let mut best = 0;
    for (at, error) in errors.iter().enumerate() {
        if *error < errors[best] {
            best = at;
        }
    }
    best
}

/// Squared errors of a part's networks on the rows that it did not see, over traits, in units of the
/// trait's variance on the rows that it saw.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct InnerError {
    pub(super) sum: f64,
    pub(super) count: f64,
}

pub(super) fn inner_error(study: &Study<'_>, part: &FittedPart) -> InnerError {
    let mut of_part = InnerError::default();
    let networks = of_networks(study, std::slice::from_ref(part), &part.0.held);
    let each = traits(study.spec).zip(learns_residuals(study)).zip(&part.0.prepared.gblup).zip(networks);
    for (((column, of_residuals), gblup), network) in each {
        let y = trait_values(study.cohort, column.table, &column.column);
        // Of a trait that does not differ there is nothing to choose by.
        let Some((_, sd)) = scale(y, &part.0.rows).filter(|(_, sd)| *sd > 0.0) else { continue };
        let of_gblup = gblup.as_ref().filter(|_| of_residuals);
        let rest = |row: usize| y[row] - of_gblup.map_or(0.0, |fit| fit.predicted[row]);
        let errors = part.0.held.iter().zip(&network.predicted).map(|(row, said)| rest(*row as usize) - said);
        for error in errors.filter(|error| !error.is_nan()) {
            of_part.sum += (error / sd).powi(2);
            of_part.count += 1.0;
        }
    }
    of_part
}

/// Mean over a unit's networks of the weight that inner folds chose from a list.
pub(super) fn chosen_weight(study: &Study<'_>, choices: &[usize]) -> Option<f64> {
    let listed =
        study.spec.supervises.iter().map(|supervise| &supervise.choices).find(|list| !list.is_empty())?;
    let weights: Vec<f64> = choices.iter().map(|choice| listed[*choice]).collect();
    // Of equal weights the mean is that weight, to the last bit.
    let first = *weights.first()?;
    let all_same = weights.iter().all(|weight| *weight == first);
    Some(if all_same { first } else { weights.iter().sum::<f64>() / weights.len() as f64 })
}
