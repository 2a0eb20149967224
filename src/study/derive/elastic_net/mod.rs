//! Which measured columns tell a trait: the elastic net, its penalty chosen by inner folds.
//!
//! Zou and Hastie 2005; the path of 100 penalties falls evenly in its logarithm from the least that
//! leaves nothing to a thousandth of it. Everything, scales included, comes from the rows given; in an
//! inner fold from those of its rows that it does not predict.

mod extrapolate;
mod path;
mod standard;

use crate::data::{InnerFold, inner_folds};
use crate::engine::network::scoring::Watch;
use crate::study::linear::design::scale;
pub use path::MOST_PASSES;
use path::Path;
use rayon::prelude::*;
use standard::Standardised;

/// Penalties of a path.
const PENALTIES: usize = 100;
/// The last penalty of a path, as a share of the first.
const LEAST: f64 = 1e-3;

/// Settings of a selection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// ρ: 1 is the lasso; above 0.
    pub ratio: f64,
    /// Inner folds.
    pub folds: usize,
    /// Seed of the inner folds.
    pub seed: u64,
    /// Which penalty is taken.
    pub rule: Rule,
    /// Duality gap at which a solution is done, as a share of the trait's variance.
    pub tolerance: f64,
}

/// Which penalty of a path is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// That of the least mean squared error; of equals the largest.
    Least,
    /// The largest whose error is within one standard error of the least.
    OneStandardError,
}

/// What was selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Columns with their coefficients, SDs of the trait for an SD of the column; in order.
    pub columns: Vec<(usize, f64)>,
    /// Mean and SD of each of these columns, and of the trait.
    pub scales: (Vec<(f64, f64)>, (f64, f64)),
    /// The penalty α.
    pub penalty: f64,
    /// Penalties tried, falling, with the mean over inner folds of the squared error in units of the
    /// trait's variance, and its standard error.
    pub path: Vec<(f64, f64, f64)>,
    /// Solutions, of all penalties and inner folds, that did not reach the gap in [`MOST_PASSES`] passes.
    pub unfinished: usize,
}

/// Why nothing could be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Stopped by who watches.
    Cancelled,
    /// The trait does not differ on the rows, or no column tells anything of it.
    Nothing,
}

/// Selects columns `[columns][cohort rows]` (NaN where missing) that tell a trait, on rows that have it.
///
/// # Errors
/// When it is cancelled, or where there is nothing to tell. Each inner fold is a step, and the fit on
/// all rows another.
pub fn select(
    columns: &[&[f64]],
    trait_values: &[f64],
    rows: &[u32],
    settings: Settings,
    watch: &dyn Watch,
) -> Result<Selection, Refused> {
    let folds = inner_folds(rows, settings.folds, settings.seed);
    select_by(columns, trait_values, (rows, &folds), settings, watch)
}

/// The same with inner folds of the rows given.
///
/// # Errors
/// As [`select`].
pub fn select_by(
    columns: &[&[f64]],
    trait_values: &[f64],
    (rows, folds): (&[u32], &[InnerFold]),
    settings: Settings,
    watch: &dyn Watch,
) -> Result<Selection, Refused> {
    let whole = Part::of(columns, trait_values, rows).ok_or(Refused::Nothing)?;
    let penalties = whole.penalties(settings).ok_or(Refused::Nothing)?;
    let found: Vec<Option<Tested>> = folds
        .par_iter()
        .map(|(train, test)| {
            let tested = Tested::of(columns, trait_values, (train, test), &penalties, settings, watch);
            watch.done(1);
            tested
        })
        .collect();
    let tested: Vec<Tested> = found.into_iter().collect::<Option<_>>().ok_or(Refused::Cancelled)?;
    let mut unfinished = tested.iter().map(|fold| fold.unfinished).sum();
    let variance = whole.sd * whole.sd;
    let path = penalties.iter().enumerate().map(|(at, penalty)| {
        let (mean, error) = mean_and_error(tested.iter().map(|fold| fold.errors[at] / variance));
        (*penalty, mean, error)
    });
    let path: Vec<(f64, f64, f64)> = path.collect();
    let taken = settings.rule.take(&path);
    let mut solver = whole.solver(settings);
    for penalty in &penalties[..=taken] {
        if watch.cancelled() {
            return Err(Refused::Cancelled);
        }
        unfinished += usize::from(!solver.solve(*penalty));
    }
    watch.done(1);
    let chosen = solver.coefficients.iter().copied().enumerate().filter(|(_, b)| *b != 0.0);
    let columns: Vec<(usize, f64)> = chosen.collect();
    let scales = columns.iter().map(|(at, _)| whole.x.scale(*at)).collect();
    let scales = (scales, (whole.mean, whole.sd));
    Ok(Selection { columns, scales, penalty: penalties[taken], path, unfinished })
}

impl Selection {
    /// What the selected columns say of each cohort row, in the trait's units; `columns` as for [`select`].
    #[must_use]
    pub fn predict(&self, columns: &[&[f64]], rows: usize) -> Vec<f64> {
        let (scales, (mean, sd)) = &self.scales;
        let mut predicted = vec![*mean; rows];
        for ((at, coefficient), scale) in self.columns.iter().zip(scales) {
            for (predicted, value) in predicted.iter_mut().zip(columns[*at]) {
                *predicted += sd * coefficient * standard::standard(*value, *scale);
            }
        }
        predicted
    }
}

impl Rule {
    /// The place of the penalty taken on a path.
    fn take(self, path: &[(f64, f64, f64)]) -> usize {
        let mut least = 0;
        for (at, (_, error, _)) in path.iter().enumerate() {
            if *error < path[least].1 {
                least = at;
            }
        }
        let (_, error, spread) = path[least];
        match self {
            Self::Least => least,
            Self::OneStandardError => {
                path.iter().position(|(_, other, _)| *other <= error + spread).unwrap_or(least)
            }
        }
    }
}

/// Rows that are fitted: standardised columns, and the trait with mean 0 and SD 1.
struct Part {
    x: Standardised,
    y: Vec<f64>,
    mean: f64,
    sd: f64,
}

impl Part {
    /// `None` where the trait does not differ.
    fn of(columns: &[&[f64]], values: &[f64], rows: &[u32]) -> Option<Self> {
        let (mean, sd) = scale(values, rows)?;
        let y = rows.iter().map(|row| (values[*row as usize] - mean) / sd).collect();
        (sd > 0.0).then(|| Self { x: Standardised::of(columns, rows), y, mean, sd })
    }

    fn solver(&self, settings: Settings) -> Path<'_> {
        Path::new(&self.x, &self.y, settings.ratio, settings.tolerance)
    }

    /// `None` where no column tells anything.
    fn penalties(&self, settings: Settings) -> Option<Vec<f64>> {
        let largest = self.solver(settings).largest();
        let step = libm::log(LEAST) / (PENALTIES - 1) as f64;
        let penalty = |at: usize| largest * libm::exp(step * at as f64);
        (largest > 0.0).then(|| (0..PENALTIES).map(penalty).collect())
    }
}

/// What an inner fold says.
struct Tested {
    /// Mean squared error on the test rows at each penalty, in the trait's units.
    errors: Vec<f64>,
    unfinished: usize,
}

impl Tested {
    /// `None` when cancelled.
    fn of(
        columns: &[&[f64]],
        values: &[f64],
        (train, test): (&[u32], &[u32]),
        penalties: &[f64],
        settings: Settings,
        watch: &dyn Watch,
    ) -> Option<Self> {
        let mean_over = |error: &dyn Fn(usize) -> f64| {
            test.iter().map(|row| error(*row as usize)).sum::<f64>() / test.len().max(1) as f64
        };
        let Some(part) = Part::of(columns, values, train) else {
            // Constant on these rows: predicted as that constant.
            let (constant, _) = scale(values, train).unwrap_or_default();
            let error = mean_over(&|row| (values[row] - constant).powi(2));
            return Some(Self { errors: vec![error; penalties.len()], unfinished: 0 });
        };
        let mut solver = part.solver(settings);
        let mut tested = Self { errors: Vec::with_capacity(penalties.len()), unfinished: 0 };
        for penalty in penalties {
            if watch.cancelled() {
                return None;
            }
            tested.unfinished += usize::from(!solver.solve(*penalty));
            let used: Vec<(usize, f64)> =
                solver.coefficients.iter().copied().enumerate().filter(|(_, b)| *b != 0.0).collect();
            tested.errors.push(mean_over(&|row| {
                let fitted: f64 =
                    used.iter().map(|(at, b)| b * part.x.on_scale(*at, columns[*at][row])).sum();
                (values[row] - part.mean - part.sd * fitted).powi(2)
            }));
        }
        Some(tested)
    }
}

/// Mean, and the standard error of it.
fn mean_and_error(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    let squares = values.map(|value| (value - mean).powi(2)).sum::<f64>();
    (mean, (squares / (count - 1.0).max(1.0) / count).sqrt())
}

#[cfg(test)]
mod tests;
