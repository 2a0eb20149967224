//! Curves of training, thinned to what a chart can show.

use crate::study::report::Step;
use serde::Serialize;
use std::collections::BTreeMap;

/// Fits of a method that are drawn.
const MOST_FITS: usize = 50;
/// Epochs of a fit that are drawn.
const MOST_EPOCHS: usize = 200;

/// The curve of one fit.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Line<'a> {
    method: &'a str,
    /// `r1-f2, network 3`
    fit: String,
    epochs: Vec<usize>,
    loss: Vec<Option<f64>>,
    validation: Vec<Option<f64>>,
}

/// Of each method some fits, spread evenly, and how many there are.
pub(super) fn lines(steps: &[Step]) -> (Vec<Line<'_>>, BTreeMap<&str, usize>) {
    let mut fits: BTreeMap<&str, BTreeMap<Fit<'_>, Vec<&Step>>> = BTreeMap::new();
    for step in steps {
        fits.entry(&step.method).or_default().entry(Fit::of(step)).or_default().push(step);
    }
    let counts = fits.iter().map(|(method, fits)| (*method, fits.len())).collect();
    let mut all = Vec::new();
    for (method, fits) in fits {
        let fits: Vec<(Fit<'_>, Vec<&Step>)> = fits.into_iter().collect();
        let shown = fits.len().min(MOST_FITS);
        all.extend((0..shown).map(|at| {
            let (fit, steps) = &fits[at * fits.len() / shown];
            let kept = steps.len().min(MOST_EPOCHS);
            // The last epoch always stands there.
            let places = (0..kept).map(|at| if kept < 2 { 0 } else { at * (steps.len() - 1) / (kept - 1) });
            let some: Vec<&&Step> = places.map(|place| &steps[place]).collect();
            Line {
                method,
                fit: fit.shown(),
                epochs: some.iter().map(|step| step.epoch).collect(),
                loss: some.iter().map(|step| step.loss).collect(),
                validation: some.iter().map(|step| step.validation).collect(),
            }
        }));
    }
    (all, counts)
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Fit<'a> {
    repeat: usize,
    fold: &'a str,
    size: &'a str,
    inner: usize,
    member: usize,
    candidate: &'a str,
}

impl<'a> Fit<'a> {
    fn of(step: &'a Step) -> Self {
        let Step { repeat, fold, size, inner, member, candidate, .. } = step;
        Self { repeat: *repeat, fold, size, inner: *inner, member: *member, candidate }
    }

    fn shown(&self) -> String {
        let place = if self.fold == "final" {
            "final".to_string()
        } else {
            format!("r{}-f{}", self.repeat, self.fold)
        };
        format!("{place}, {} individuals, inner {}, network {}", self.size, self.inner, self.member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_many_curves_are_thinned_and_keep_their_ends() {
        let step = |member: usize, epoch: usize| Step {
            method: "binn".to_string(),
            repeat: 1,
            fold: "2".to_string(),
            size: "all".to_string(),
            inner: 0,
            member,
            candidate: "NA".to_string(),
            epoch,
            loss: Some(1.0 / epoch as f64),
            validation: None,
            kept: 0,
        };
        let steps: Vec<Step> =
            (0..120).flat_map(|member| (1..=1000).map(move |epoch| step(member, epoch))).collect();
        let (lines, counts) = lines(&steps);
        assert_eq!((lines.len(), counts["binn"]), (50, 120));
        assert_eq!(lines[0].epochs.len(), 200);
        assert_eq!((lines[0].epochs[0], lines[0].epochs[199]), (1, 1000));
        assert_eq!(lines[1].fit, "r1-f2, all individuals, inner 0, network 2");
    }
}
