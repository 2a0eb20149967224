//! What training curves say.

use super::{OWN, error};
use crate::language::diagnostics::Diagnostic;
use crate::study::report::Step;
use std::collections::BTreeMap;

/// A training loss below this share of the validation loss is learnt by heart.
const BY_HEART: f64 = 0.5;

/// A fit of the network in a fold.
struct Fit<'a> {
    kept: &'a Step,
    last: usize,
}

/// W1006, W1007 and W1008, each where it holds in more than half of the fits of folds.
pub(super) fn signs(training: &[Step]) -> Vec<Diagnostic> {
    let fits = fits(training);
    let most = |count: usize| 2 * count > fits.len();
    let count = |is: &dyn Fn(&Fit<'_>) -> bool| fits.iter().filter(|fit| is(fit)).count();
    let mut found = Vec::new();
    let at_once = count(&|fit| fit.kept.epoch <= 1 && fit.last > 1);
    if most(at_once) {
        found.push(error::nothing_learnt(at_once, fits.len()));
        return found;
    }
    let by_heart = count(&|fit| {
        let losses = fit.kept.loss.zip(fit.kept.validation);
        losses.is_some_and(|(loss, validation)| loss < BY_HEART * validation)
    });
    if most(by_heart) {
        let mean = |of: &dyn Fn(&Step) -> Option<f64>| {
            fits.iter().filter_map(|fit| of(fit.kept)).sum::<f64>() / fits.len() as f64
        };
        let losses = (mean(&|step| step.loss), mean(&|step| step.validation));
        found.push(error::overfitted(by_heart, fits.len(), losses));
    }
    let unfinished = count(&|fit| fit.kept.epoch == fit.last && fit.last > 1);
    if most(unfinished) {
        let epochs = fits.iter().map(|fit| fit.last).max().unwrap_or(0);
        found.push(error::too_few_epochs(unfinished, fits.len(), epochs));
    }
    found
}

/// The fits of folds that were validated, whose best epoch is known.
fn fits(training: &[Step]) -> Vec<Fit<'_>> {
    let own = training.iter().filter(|step| step.method == OWN && step.repeat > 0 && step.size == "all");
    let mut fits: BTreeMap<_, (Option<&Step>, usize)> = BTreeMap::new();
    for step in own.filter(|step| step.validation.is_some()) {
        let key = (step.repeat, &step.fold, step.inner, step.member, &step.candidate);
        let (kept, last) = fits.entry(key).or_default();
        *last = step.epoch.max(*last);
        if step.kept == 1 {
            *kept = Some(step);
        }
    }
    fits.into_values().filter_map(|(kept, last)| Some(Fit { kept: kept?, last })).collect()
}
