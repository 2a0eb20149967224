//! Networks stacked on GBLUP, so that a graph that knows nothing costs nothing.
//!
//! On the rows T of a unit, each inner fold k is predicted by GBLUP (ĝ₋ₖ) and by a network (f₋ₖ) that
//! saw T∖k alone. With d = f₋ₖ − ĝ₋ₖ, the share of the networks is w = Σ(y − ĝ)d / Σd², at least 0 and
//! at most 1 (Wolpert 1992; Breiman 1996), and 0 unless the mean of (y − ĝ)² − (y − ĝ − w·d)² exceeds
//! its standard error. The prediction is (1 − w)·ĝ + w·mean f₋ₖ, with ĝ fitted on all of T: with w = 0
//! that of GBLUP, to the last bit.
//!
//! Where networks learn residuals, f₋ₖ is trained on what GBLUP leaves of each row when it is predicted
//! from all others; then d = f₋ₖ, and the prediction is ĝ + w·mean f₋ₖ.

use super::Study;
use super::rows::{groups_of_scheme, trait_values, traits};
use super::scoring::{Values, of_linear};
use super::trainer::{FittedPart, FittedUnit};
use crate::engine::model::{mean_and_sd, score_members};
use std::collections::BTreeMap;

/// How much of a trait's prediction is the networks'.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// w.
    pub weight: f64,
    /// w before the gate.
    pub ungated: f64,
    /// Mean fall of the squared error on inner folds, in squared units of the trait.
    pub gain: f64,
    /// Its standard error, over rows, or over groups where folds keep them whole.
    pub gain_se: f64,
}

impl Share {
    /// Where there is no GBLUP: the networks alone.
    const WHOLE: Self = Self { weight: 1.0, ungated: 1.0, gain: f64::NAN, gain_se: f64::NAN };
}

/// Shares of all traits, from inner folds.
pub(super) fn shares(study: &Study<'_>, unit: &FittedUnit<'_>) -> Vec<Share> {
    let groups = groups_of_scheme(study);
    let mut inner: Vec<Vec<Inner>> = vec![Vec::new(); traits(study.spec).count()];
    for part in &unit.parts {
        let networks = of_networks(study, std::slice::from_ref(part), &part.0.held);
        for (((at, column), of_residuals), network) in
            traits(study.spec).enumerate().zip(learns_residuals(study)).zip(networks)
        {
            let y = trait_values(study.cohort, column.table, &column.column);
            let Some(gblup) = &part.0.prepared.gblup[at] else { continue };
            let gblup = of_linear(gblup, &part.0.held);
            let rows = part.0.held.iter().enumerate().filter(|(_, row)| !y[**row as usize].is_nan());
            inner[at].extend(rows.map(|(place, row)| Inner {
                group: groups.as_ref().map_or(*row, |groups| groups[*row as usize]),
                error: y[*row as usize] - gblup.predicted[place],
                step: network.predicted[place] - if of_residuals { 0.0 } else { gblup.predicted[place] },
            }));
        }
    }
    let share = |(inner, gblup): (Vec<Inner>, &Option<_>)| match gblup {
        Some(_) => Share::of(&inner, groups.is_some()),
        // A trait that is constant has no linear fit.
        None => Share::WHOLE,
    };
    inner.into_iter().zip(&unit.prepared.gblup).map(share).collect()
}

/// Whether folds keep groups whole and the rows of a unit are one group: there is nothing to judge by.
pub(super) fn is_one_group(study: &Study<'_>, rows: &[u32]) -> bool {
    let groups = groups_of_scheme(study);
    let group = |row: &u32| groups.as_ref().map(|groups| groups[*row as usize]);
    let first = rows.first().and_then(group);
    first.is_some() && rows.iter().all(|row| group(row) == first)
}

/// How much of GBLUP is in a stacked prediction: what networks leave, or all where they learn its residuals.
#[must_use]
pub fn share_of_gblup(share: &Share, of_residuals: bool) -> f64 {
    if of_residuals { 1.0 } else { 1.0 - share.weight }
}

/// What an inner fold says of one row.
#[derive(Clone, Copy, Debug)]
struct Inner {
    group: u32,
    /// y − ĝ
    error: f64,
    /// f − ĝ
    step: f64,
}

impl Share {
    fn of(rows: &[Inner], by_group: bool) -> Self {
        let squares: f64 = rows.iter().map(|row| row.step * row.step).sum();
        let along: f64 = rows.iter().map(|row| row.error * row.step).sum();
        let ungated = if squares > 0.0 { (along / squares).clamp(0.0, 1.0) } else { 0.0 };
        let fall = |row: &Inner| row.error.powi(2) - (row.error - ungated * row.step).powi(2);
        let mut groups: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for (at, row) in (0..).zip(rows) {
            let (sum, count) = groups.entry(if by_group { row.group } else { at }).or_default();
            *sum += fall(row);
            *count += 1.0;
        }
        let means: Vec<f64> = groups.values().map(|(sum, count)| sum / count).collect();
        let n = means.len() as f64;
        let gain = means.iter().sum::<f64>() / n;
        let spread: f64 = means.iter().map(|mean| (mean - gain).powi(2)).sum();
        let gain_se = (spread / (n - 1.0) / n).sqrt();
        // Of one group or none there is no standard error, and no proof.
        let weight = if gain > gain_se { ungated } else { 0.0 };
        Self { weight, ungated, gain, gain_se }
    }
}

/// Of each trait, whether networks learn what GBLUP leaves of it.
pub(super) fn learns_residuals(study: &Study<'_>) -> impl Iterator<Item = bool> {
    study.spec.predicts.iter().flat_map(|predict| predict.traits.iter().map(|_| predict.residual))
}

/// What networks say of rows, each with the fixed effects of its own part, which residuals are without:
/// mean and SD over all networks and members.
pub(super) fn of_networks(study: &Study<'_>, parts: &[FittedPart], rows: &[u32]) -> Vec<Values> {
    let count = traits(study.spec).count();
    let mut said: Vec<Vec<Vec<f64>>> = vec![Vec::new(); count];
    let mut fixed = vec![vec![0.0; rows.len()]; count];
    for (part, fits) in parts {
        let network = &part.network;
        let columns = part.preprocessing.columns(&network.plan, study.cohort);
        let inputs = part.inputs(study, &columns);
        for fit in fits {
            let member = std::slice::from_ref(&fit.parameters);
            let scores = score_members(&network.plan, &part.preprocessing, member, &inputs, rows);
            said.iter_mut().zip(scores).for_each(|(said, score)| said.push(score.mean));
        }
        let offsets = part.prepared.offsets.iter().flatten().zip(learns_residuals(study));
        for (sum, (offset, of_residuals)) in fixed.iter_mut().zip(offsets) {
            if let Some(offset) = offset.as_ref().filter(|_| !of_residuals) {
                sum.iter_mut().zip(rows).for_each(|(sum, row)| *sum += offset[*row as usize]);
            }
        }
    }
    let parts = parts.len() as f64;
    let values = |(said, fixed): (Vec<Vec<f64>>, Vec<f64>)| {
        let (genetic, sd): (Vec<f64>, Vec<f64>) = (0..rows.len())
            .map(|row| mean_and_sd(&said.iter().map(|member| member[row]).collect::<Vec<_>>()))
            .unzip();
        let predicted = genetic.iter().zip(&fixed).map(|(genetic, fixed)| genetic + fixed / parts).collect();
        Values { predicted, genetic, sd }
    };
    said.into_iter().zip(fixed).map(values).collect()
}

/// Mixes what networks say, of the trait or of what GBLUP leaves of it, with what GBLUP says.
pub(super) fn mixed(share: &Share, of_residuals: bool, network: &Values, gblup: Option<&Values>) -> Values {
    let w = share.weight;
    let of_gblup = share_of_gblup(share, of_residuals);
    let Some(gblup) = gblup.filter(|_| of_gblup > 0.0) else { return network.clone() };
    let mix = |gblup: &[f64], network: &[f64]| -> Vec<f64> {
        let both = gblup.iter().zip(network);
        both.map(|(gblup, network)| if w == 0.0 { *gblup } else { of_gblup * gblup + w * network }).collect()
    };
    Values {
        predicted: mix(&gblup.predicted, &network.predicted),
        genetic: mix(&gblup.genetic, &network.genetic),
        sd: network.sd.iter().map(|sd| w * sd).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Inner, Share, Values};

    fn rows(of: impl Iterator<Item = (u32, f64, f64)>) -> Vec<Inner> {
        of.map(|(group, error, step)| Inner { group, error, step }).collect()
    }

    #[test]
    fn the_share_is_the_slope_and_stays_between_nothing_and_all() {
        let noise = |at: u32| libm::sin(f64::from(at * at));
        let at = |slope: f64, noisy: f64| {
            let row = |at: u32| (at, slope * noise(at) + noisy * noise(at + 1), noise(at));
            Share::of(&rows((0..200).map(row)), false)
        };
        let exact = at(0.4, 0.0);
        assert!((exact.weight - 0.4).abs() < 1e-12 && exact.gain > 0.0);
        assert_eq!(at(1.7, 0.1).weight, 1.0);
        assert_eq!((at(-0.4, 0.1).weight, at(-0.4, 0.1).gain), (0.0, 0.0));
    }

    #[test]
    fn a_gain_within_its_standard_error_counts_for_nothing() {
        // A slope of 0.01 amid noise a hundred times as large.
        let noise = |at: u32| libm::sin(f64::from(at * at));
        let share =
            Share::of(&rows((0..40).map(|at| (at, 0.01 * noise(at) + noise(at + 7), noise(at)))), false);
        assert!(share.gain <= share.gain_se);
        assert_eq!(share.weight, 0.0);
    }

    #[test]
    fn residuals_are_added_and_traits_are_mixed() {
        let values = |of: [f64; 2]| Values { predicted: of.to_vec(), genetic: of.to_vec(), sd: vec![1.0; 2] };
        let share = Share { weight: 0.25, ungated: 0.25, gain: 1.0, gain_se: 0.1 };
        let (network, gblup) = (values([4.0, -8.0]), values([100.0, 104.0]));
        let of = |of_residuals| super::mixed(&share, of_residuals, &network, Some(&gblup)).predicted;
        assert_eq!(of(true), [101.0, 102.0]);
        assert_eq!(of(false), [76.0, 76.0]);
        let closed = Share { weight: 0.0, ..share };
        for of_residuals in [true, false] {
            assert_eq!(
                super::mixed(&closed, of_residuals, &network, Some(&gblup)).predicted,
                gblup.predicted
            );
        }
    }

    #[test]
    fn groups_count_once_however_large() {
        // One group of 100 rows gains, four groups of one row lose more.
        let gains = (0..100).map(|_| (0, 0.5, 0.5));
        let loses = (1..5).map(|group| (group, -1.0, 0.9));
        let all = rows(gains.chain(loses));
        assert_eq!(Share::of(&all, true).weight, 0.0);
        assert!(Share::of(&all, false).weight > 0.7);
        assert_eq!(
            Share::of(&rows(std::iter::repeat_n((3, 1.0, 1.0), 9)), true).weight,
            0.0,
            "no SE of one group"
        );
    }
}
