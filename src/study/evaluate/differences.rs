//! Whether the model predicts better than what it is compared with, or chance could have it so.
//!
//! Folds share most of their training rows, so that a t-test of their r would find too much. Over
//! repeated folds d is the difference of Fisher's z and t = d̄/√((1/J + n_test/n_train)·s²) on J − 1
//! degrees of freedom (Nadeau and Bengio 2003). Groups that are left out are no draws from one
//! population: there the test rows of each are drawn anew, for an interval alone. Holm (1979) over all
//! p of a run.

use super::metrics::correlation;
use super::outcome::{Method, MetricRow, PredictionRow};
use crate::data::{Cohort, Resampling};
use crate::engine::model::mean_and_sd;
use crate::language::spec::{Metric, Scenario, Scheme, Spec};
use crate::study::derive::two_sided_p;
use std::collections::{BTreeMap, BTreeSet};

/// How the model differs in one trait from one other method.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The trait's column.
    pub trait_name: String,
    /// What it is compared with.
    pub beside: Method,
    /// Training rows, for a point of a learning curve; `None` for all of a fold's.
    pub size: Option<usize>,
    /// Folds, over all repeats, in which both have an r.
    pub folds: usize,
    /// Mean over folds of the model's r less the other's.
    pub mean: f64,
    /// Folds in which the model's is above the other's.
    pub better: usize,
    /// How it is judged.
    pub judged: Judged,
}

/// How a difference is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Judged {
    /// By its variance over folds.
    Test {
        /// Student's t; infinite where folds differ from 0 and not from each other.
        t: f64,
        /// Degrees of freedom.
        freedom: usize,
        /// Two-sided.
        p: f64,
        /// The same, adjusted for all p of the run.
        holm: f64,
    },
    /// 95 % of the means over folds of test rows drawn anew.
    Interval {
        /// 2.5 %.
        low: f64,
        /// 97.5 %.
        high: f64,
    },
    /// One fold of which no predictions are kept.
    Not,
}

/// Times that test rows are drawn anew.
const DRAWS: usize = 2_000;

/// A comparison: the trait, the method beside, the size.
type Compared<'a> = (&'a str, Method, Option<usize>);

/// What a fold says.
#[derive(Clone, Copy)]
struct OfFold {
    own: f64,
    other: f64,
    n_train: usize,
    n_test: usize,
}

/// The measure by which methods are compared: r, and r within environments where a scheme names them, since
/// between environments everything is predicted well.
#[must_use]
pub fn compared_by(scheme: &Scheme) -> Metric {
    if scheme.environment().is_some() { Metric::Within } else { Metric::Pearson }
}

/// The model beside every other method, trait by trait, in the order of the measures.
#[must_use]
pub fn differences(
    spec: &Spec,
    cohort: &Cohort,
    metrics: &[MetricRow],
    predictions: &[PredictionRow],
) -> Vec<Difference> {
    let scheme = &spec.evaluate.scheme;
    let is_drawn = match scheme {
        Scheme::Environments { scenario, .. } => matches!(scenario, Scenario::Cv1 | Scenario::Cv2),
        scheme => matches!(scheme, Scheme::KFold { .. }),
    };
    let metric = compared_by(scheme);
    let judge = |(compared, folds): (Compared<'_>, Vec<OfFold>)| {
        let (name, beside, size) = compared;
        let judged = if let (true, Some(tested)) = (is_drawn, test(&folds)) {
            tested
        } else if size.is_none() && !(is_drawn && metric == Metric::Within) {
            interval(spec.evaluate.seed, cohort, predictions, (name, beside))
        } else {
            Judged::Not
        };
        let apart: f64 = folds.iter().map(|fold| fold.own - fold.other).sum();
        let better = folds.iter().filter(|fold| fold.own > fold.other).count();
        let (trait_name, mean) = (name.to_string(), apart / folds.len() as f64);
        Difference { trait_name, beside, size, folds: folds.len(), mean, better, judged }
    };
    let mut all: Vec<Difference> = by_comparison(metrics, metric).into_iter().map(judge).collect();
    holm(&mut all);
    all
}

/// Every comparison with the folds in which both sides have an r.
fn by_comparison<'m>(metrics: &'m [MetricRow], metric: Metric) -> Vec<(Compared<'m>, Vec<OfFold>)> {
    let place = |row: &MetricRow| (row.trait_name.clone(), row.repeat, row.fold, row.size);
    let rows = || metrics.iter().filter(|row| row.metric == metric.name());
    let own: BTreeMap<_, Option<f64>> =
        rows().filter(|row| row.method == Method::Binn).map(|row| (place(row), row.value)).collect();
    let mut all: Vec<(Compared<'m>, Vec<OfFold>)> = Vec::new();
    for row in rows().filter(|row| !matches!(row.method, Method::Binn | Method::Network)) {
        let own = own.get(&place(row)).copied().flatten().filter(|own| own.is_finite());
        let (Some(own), Some(other)) = (own, row.value.filter(|other| other.is_finite())) else { continue };
        let compared = (row.trait_name.as_str(), row.method, row.size);
        let fold = OfFold { own, other, n_train: row.n_train, n_test: row.n_test };
        match all.iter_mut().find(|(known, _)| *known == compared) {
            Some((_, folds)) => folds.push(fold),
            None => all.push((compared, vec![fold])),
        }
    }
    all
}

/// Nadeau and Bengio's corrected t on differences of Fisher's z, of folds that test enough rows for a z to
/// have a variance, 1/(n − 3); `None` with fewer than two.
fn test(folds: &[OfFold]) -> Option<Judged> {
    /// Fewest test rows of a fold.
    const FEWEST: usize = 4;
    /// Where r is 1 its z is infinite.
    const MOST: f64 = 1.0 - 1e-12;
    let folds: Vec<&OfFold> = folds.iter().filter(|fold| fold.n_test >= FEWEST).collect();
    if folds.len() < 2 {
        return None;
    }
    let z = |r: f64| libm::atanh(r.clamp(-MOST, MOST));
    let apart: Vec<f64> = folds.iter().map(|fold| z(fold.own) - z(fold.other)).collect();
    let (mean, sd) = mean_and_sd(&apart);
    let sum = |of: fn(&OfFold) -> usize| folds.iter().map(|fold| of(fold)).sum::<usize>() as f64;
    let overlap = 1.0 / folds.len() as f64 + sum(|fold| fold.n_test) / sum(|fold| fold.n_train);
    let freedom = folds.len() - 1;
    // Folds in which both predict alike differ by nothing, and by nothing from each other.
    let t = if mean == 0.0 { 0.0 } else { mean / (overlap.sqrt() * sd) };
    let p = two_sided_p(t, freedom);
    Some(Judged::Test { t, freedom, p, holm: p })
}

/// Each fold's test rows drawn anew with replacement, the same rows for both methods; where records repeat,
/// individuals with all of their records, the same in all folds.
fn interval(
    seed: u64,
    cohort: &Cohort,
    predictions: &[PredictionRow],
    (name, beside): (&str, Method),
) -> Judged {
    let mut folds: BTreeMap<(usize, usize), Pairs> = BTreeMap::new();
    for row in
        predictions.iter().filter(|row| row.fold > 0 && row.trait_name == name && !row.observed.is_nan())
    {
        let of_fold = folds.entry((row.repeat, row.fold)).or_default();
        match row.method {
            Method::Binn => {
                // The trait without fixed effects, as all methods are scored.
                of_fold.response.push(row.observed - (row.predicted - row.genetic));
                of_fold.own.push(row.genetic);
                of_fold.individuals.push(cohort.individuals[row.row as usize]);
            }
            method if method == beside => of_fold.other.push(row.genetic),
            _ => {}
        }
    }
    folds.retain(|_, pairs| !pairs.own.is_empty() && pairs.own.len() == pairs.other.len());
    let mut resampling = Resampling::of(seed);
    let all: BTreeSet<u32> = folds.values().flat_map(|pairs| &pairs.individuals).copied().collect();
    let all = cohort.records.is_some().then(|| all.into_iter().collect::<Vec<u32>>());
    let mut means: Vec<f64> =
        (0..DRAWS).filter_map(|_| drawn_mean(&folds, all.as_deref(), &mut resampling)).collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[(share * (means.len() - 1) as f64).round() as usize];
    if means.is_empty() { Judged::Not } else { Judged::Interval { low: at(0.025), high: at(0.975) } }
}

/// The response and what each method says of it, in one order of rows.
#[derive(Default)]
struct Pairs {
    response: Vec<f64>,
    own: Vec<f64>,
    other: Vec<f64>,
    individuals: Vec<u32>,
}

/// Mean over folds of the difference of r, on rows drawn anew; `None` where no fold has one.
fn drawn_mean(
    folds: &BTreeMap<(usize, usize), Pairs>,
    individuals: Option<&[u32]>,
    resampling: &mut Resampling,
) -> Option<f64> {
    let mut times: BTreeMap<u32, usize> = BTreeMap::new();
    for all in individuals.into_iter() {
        resampling.draw(all.len()).into_iter().for_each(|at| *times.entry(all[at]).or_default() += 1);
    }
    let apart = |pairs: &Pairs| {
        let rows: Vec<usize> = match individuals {
            None => resampling.draw(pairs.own.len()),
            Some(_) => {
                let drawn = |at: usize| times.get(&pairs.individuals[at]).copied().unwrap_or(0);
                (0..pairs.own.len()).flat_map(|at| std::iter::repeat_n(at, drawn(at))).collect()
            }
        };
        let drawn = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        let response = drawn(&pairs.response);
        let of = |values: &[f64]| correlation(&response, &drawn(values));
        Some(of(&pairs.own)? - of(&pairs.other)?)
    };
    let apart: Vec<f64> = folds.values().filter_map(apart).collect();
    (!apart.is_empty()).then(|| apart.iter().sum::<f64>() / apart.len() as f64)
}

/// Holm's step-down: the k-th smallest of m is multiplied by m − k + 1, and none falls below one before.
fn holm(all: &mut [Difference]) {
    let mut tests: Vec<(f64, &mut f64)> = all
        .iter_mut()
        .filter_map(|one| match &mut one.judged {
            Judged::Test { p, holm, .. } => Some((*p, holm)),
            _ => None,
        })
        .collect();
    tests.sort_by(|one, other| one.0.total_cmp(&other.0));
    let count = tests.len();
    let mut least: f64 = 0.0;
    for (before, (p, holm)) in tests.into_iter().enumerate() {
        least = least.max((p * (count - before) as f64).min(1.0));
        *holm = least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold((own, other): (f64, f64)) -> OfFold {
        OfFold { own, other, n_train: 80, n_test: 20 }
    }

    fn difference(p: f64) -> Difference {
        let judged = Judged::Test { t: 1.0, freedom: 4, p, holm: p };
        let trait_name = "y".to_string();
        Difference { trait_name, beside: Method::Gblup, size: None, folds: 5, mean: 0.0, better: 0, judged }
    }

    /// A plain paired t is d̄/√(s²/J); shared training rows take √(1 + J·n_test/n_train) from it.
    #[test]
    fn the_corrected_t_is_smaller_by_what_folds_share() {
        let folds = [(0.5, 0.4), (0.6, 0.55), (0.4, 0.42), (0.55, 0.5), (0.7, 0.6)].map(fold);
        let Some(Judged::Test { t, freedom, p, .. }) = test(&folds) else { panic!("a test") };
        let z: Vec<f64> = folds.iter().map(|fold| libm::atanh(fold.own) - libm::atanh(fold.other)).collect();
        let mean = z.iter().sum::<f64>() / 5.0;
        let variance = z.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / 4.0;
        let plain = mean / (variance / 5.0).sqrt();
        assert!((t - plain / 2.25f64.sqrt()).abs() < 1e-12);
        assert_eq!((freedom, p), (4, two_sided_p(t, 4)));
    }

    #[test]
    fn methods_that_agree_do_not_differ() {
        let Some(Judged::Test { t, p, .. }) = test(&[(0.5, 0.5); 5].map(fold)) else { panic!("a test") };
        assert_eq!((t, p), (0.0, 1.0));
        let Some(Judged::Test { t, p, .. }) = test(&[(0.5, 0.25); 2].map(fold)) else { panic!("a test") };
        assert_eq!((t, p), (f64::INFINITY, 0.0));
        // A fold of three rows has no say, however well it is predicted.
        let few = OfFold { own: 1.0, other: -1.0, n_train: 97, n_test: 3 };
        assert_eq!(test(&[few, fold((0.5, 0.4))]), None);
    }

    #[test]
    fn holm_multiplies_and_never_falls() {
        let mut all: Vec<Difference> = [0.04, 0.01, 0.03, 0.5].map(difference).to_vec();
        holm(&mut all);
        let adjusted = |one: &Difference| match one.judged {
            Judged::Test { holm, .. } => holm,
            _ => panic!("a test"),
        };
        let wanted = [0.09, 0.04, 0.09, 0.5];
        let near = all.iter().zip(wanted).all(|(one, wanted)| (adjusted(one) - wanted).abs() < 1e-12);
        assert!(near, "{all:?}");
    }
}
