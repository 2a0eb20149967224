//! Which rows are trained on and which are predicted.
//!
//! Folds are over individuals. Only eligible rows, those with an observed trait, are in a fold;
//! equal seeds give equal folds.

use super::cohort::Cohort;
use super::error::{Found, rows as error};
use super::levels::{by_first_appearance, by_name, levels};
use super::random::{Purpose, generator, shuffle};
use super::scenarios::Records;
use super::types::Fold;
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::{ColumnRef, Scheme};
use rustc_hash::FxHashMap;

/// Makes the folds of a scheme; `none` gives no fold.
///
/// `eligible` has an entry for each row of the cohort.
///
/// # Errors
/// `E0705` when there are fewer rows or groups than folds, `E0707` when `folds(T.column)` or
/// `leave_out(T.column)` leaves a row without a fold, or one has no environment, `E0303` when the cohort has no such column.
pub fn split(
    scheme: &Scheme,
    seed: u64,
    cohort: &Cohort,
    eligible: &[bool],
) -> Result<(Vec<Fold>, Diagnostics), Diagnostics> {
    let rows: Vec<u32> = (0..).zip(eligible).filter(|(_, eligible)| **eligible).map(|(row, _)| row).collect();
    let mut found = Diagnostics::default();
    let folds = match scheme {
        Scheme::KFold { folds, repeats, group, stratify } => {
            let units = Units::of(cohort, &rows, group.as_ref(), stratify.as_ref())?;
            units.check(*folds, group.as_ref())?;
            (1..=*repeats).flat_map(|repeat| units.folds(*folds, repeat, seed, &rows)).collect()
        }
        Scheme::Environments { scenario, environment, folds, repeats } => {
            let records = Records::of(cohort, &rows, environment)?;
            let (folds, told) = records.folds(*scenario, *folds, *repeats, seed)?;
            found.extend(told);
            folds
        }
        Scheme::LeaveOut(column) => leave_out(cohort, &rows, column)?,
        Scheme::Folds(column) => given(cohort, &rows, column)?,
        Scheme::Holdout { fraction } => vec![holdout(*fraction, seed, cohort, &rows)?],
        Scheme::None => Vec::new(),
    };
    Ok((folds, found))
}

/// Training and test rows of an inner fold, both ascending.
pub type InnerFold = (Vec<u32>, Vec<u32>);

/// Deals rows to so many inner folds, whose sizes differ by one at most: training and test rows of each,
/// ascending as `rows` are.
#[must_use]
pub fn inner_folds(rows: &[u32], folds: usize, seed: u64) -> Vec<InnerFold> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    shuffle(&mut order, &mut generator(seed, Purpose::Inner));
    let mut fold_of = vec![0; rows.len()];
    order.into_iter().enumerate().for_each(|(turn, at)| fold_of[at] = turn % folds);
    let part = |fold: usize| {
        let rows = rows.iter().copied().zip(&fold_of);
        let (test, train): (Vec<_>, Vec<_>) = rows.partition(|(_, own)| **own == fold);
        let rows = |part: Vec<(u32, &usize)>| part.into_iter().map(|(row, _)| row).collect();
        (rows(train), rows(test))
    };
    (0..folds).map(part).collect()
}

/// So many of some rows, ascending; more of them hold fewer of them.
#[must_use]
pub fn some_rows(rows: &[u32], count: usize, seed: u64) -> Vec<u32> {
    let mut order = rows.to_vec();
    shuffle(&mut order, &mut generator(seed, Purpose::Some));
    order.truncate(count);
    order.sort_unstable();
    order
}

/// Inner folds of some rows, by the rule of a scheme: groups that its folds keep whole stay whole, and
/// strata are balanced. Where the rows have fewer groups than folds, each group is a fold; rows of one
/// group alone are dealt singly.
///
/// # Errors
/// `E0705` when there are fewer rows than two.
pub fn inner_split(
    scheme: &Scheme,
    seed: u64,
    cohort: &Cohort,
    rows: &[u32],
    folds: usize,
) -> Result<Vec<InnerFold>, Diagnostic> {
    let (group, stratify) = match scheme {
        Scheme::Environments { scenario, environment, .. } => {
            return Records::of(cohort, rows, environment)?.inner(*scenario, folds, seed);
        }
        Scheme::KFold { group, stratify, .. } => (group.as_ref(), stratify.as_ref()),
        // As the folds do, these go by the column, whatever individuals the records belong to.
        Scheme::LeaveOut(column) | Scheme::Folds(column) if cohort.records.is_some() => {
            let (_, codes) = levels(cohort, column)?;
            let levels = Units::by(cohort, rows, |row| codes[row as usize]);
            if levels.rows.len() >= 2 {
                return Ok(levels.inner(folds, seed, rows));
            }
            (None, None)
        }
        Scheme::LeaveOut(column) | Scheme::Folds(column) => (Some(column), None),
        Scheme::Holdout { .. } | Scheme::None => (None, None),
    };
    let mut units = Units::of(cohort, rows, group, stratify)?;
    if units.rows.len() < 2 {
        units = Units::of(cohort, rows, None, stratify)?;
    }
    units.check(2, None)?;
    Ok(units.inner(folds, seed, rows))
}

/// For each row of a cohort a number that its group has, and no other: rows of one level, and all records of
/// an individual, whose levels may differ. A row without a level goes with its individual.
#[must_use]
pub fn whole_groups(cohort: &Cohort, codes: &[Option<u32>]) -> Vec<u32> {
    // Individuals are joined where they meet in a level.
    let mut leader: Vec<u32> = (0..cohort.individual_count() as u32).collect();
    let find = |leader: &mut [u32], mut at: u32| {
        while leader[at as usize] != at {
            // Halves the way for whoever comes next.
            leader[at as usize] = leader[leader[at as usize] as usize];
            at = leader[at as usize];
        }
        at
    };
    let mut of_level: FxHashMap<u32, u32> = FxHashMap::default();
    for (individual, code) in cohort.individuals.iter().zip(codes) {
        let Some(level) = code else { continue };
        let first = *of_level.entry(*level).or_insert(*individual);
        let (one, other) = (find(&mut leader, first), find(&mut leader, *individual));
        leader[one.max(other) as usize] = one.min(other);
    }
    cohort.individuals.iter().map(|individual| find(&mut leader, *individual)).collect()
}

/// What is dealt to folds: groups of rows that stay together, the records of an individual at least.
pub(super) struct Units {
    pub(super) rows: Vec<Vec<u32>>,
    /// Whether records may have joined levels of a group.
    joined: bool,
    /// For each row of the cohort its stratum.
    strata: Vec<usize>,
    strata_count: usize,
}

impl Units {
    pub(super) fn of(
        cohort: &Cohort,
        rows: &[u32],
        group: Option<&ColumnRef>,
        stratify: Option<&ColumnRef>,
    ) -> Result<Self, Diagnostic> {
        let group = group.map(|column| levels(cohort, column)).transpose()?;
        let stratify = stratify.map(|column| levels(cohort, column)).transpose()?;
        let whole = group.map(|(_, codes)| whole_groups(cohort, &codes));
        let key = |row: u32| {
            Some(whole.as_ref().map_or(cohort.individuals[row as usize], |whole| whole[row as usize]))
        };
        let Self { rows: units, .. } = Self::by(cohort, rows, key);
        let strata_count = stratify.as_ref().map_or(0, |(names, _)| names.len()) + 1;
        let stratum =
            |row| stratify.as_ref().and_then(|(_, codes)| codes[row]).map_or(0, |code| code as usize + 1);
        let joined = cohort.records.is_some();
        Ok(Self {
            rows: units,
            joined,
            strata: (0..cohort.samples.len()).map(stratum).collect(),
            strata_count,
        })
    }

    /// Rows with one key together.
    pub(super) fn by(cohort: &Cohort, rows: &[u32], key: impl Fn(u32) -> Option<u32>) -> Self {
        let mut units: Vec<Vec<u32>> = Vec::new();
        let mut unit_of: FxHashMap<Option<u32>, usize> = FxHashMap::default();
        for row in rows {
            let unit = *unit_of.entry(key(*row)).or_insert(units.len());
            if unit == units.len() {
                units.push(Vec::new());
            }
            units[unit].push(*row);
        }
        Self { rows: units, joined: false, strata: vec![0; cohort.samples.len()], strata_count: 1 }
    }

    pub(super) fn check(&self, folds: usize, group: Option<&ColumnRef>) -> Result<(), Diagnostic> {
        if self.rows.len() >= folds.max(2) {
            return Ok(());
        }
        Err(match group {
            Some(group) => {
                let found =
                    error::too_few_groups(&group.column, self.rows.len(), folds).at(group.span, "groups");
                if self.joined { found.note(error::LEVELS_JOINED) } else { found }
            }
            None => error::too_few_samples(self.rows.len(), folds),
        })
    }

    /// Training and test rows of so many folds, of fewer where there are fewer units.
    fn inner(&self, folds: usize, seed: u64, rows: &[u32]) -> Vec<InnerFold> {
        let folds = self.folds(folds.min(self.rows.len()), 1, seed, rows);
        folds.into_iter().map(|fold| (fold.train, fold.test)).collect()
    }

    /// Deals shuffled units, largest first, each to the fold that has least of its strata.
    pub(super) fn folds(&self, folds: usize, repeat: usize, seed: u64, rows: &[u32]) -> Vec<Fold> {
        let mut order: Vec<&Vec<u32>> = self.rows.iter().collect();
        shuffle(&mut order, &mut generator(seed, Purpose::Folds(repeat)));
        order.sort_by_key(|unit| std::cmp::Reverse(unit.len()));
        let mut held = vec![vec![0usize; self.strata_count]; folds];
        let mut fold_of: FxHashMap<u32, usize> = FxHashMap::default();
        for unit in order {
            let crowd = |fold: &usize| -> (usize, usize) {
                let held: &Vec<usize> = &held[*fold];
                let same = unit.iter().map(|row| held[self.strata[*row as usize]]).sum();
                (same, held.iter().sum())
            };
            let fold = (0..folds).min_by_key(crowd).unwrap_or(0);
            for row in unit {
                held[fold][self.strata[*row as usize]] += 1;
                fold_of.insert(*row, fold);
            }
        }
        let fold = |fold| parted(rows, |row| fold_of[&row] == fold);
        (0..folds)
            .map(|at| {
                let (test, train) = fold(at);
                Fold { repeat, fold: at + 1, label: None, train, test }
            })
            .collect()
    }
}

fn leave_out(cohort: &Cohort, rows: &[u32], column: &ColumnRef) -> Result<Vec<Fold>, Diagnostic> {
    let (names, codes) = levels(cohort, column)?;
    if let Some(without) = without_level(cohort, &codes, rows) {
        return Err(error::group_missing(&column.column, without).at(column.span, "left out by this"));
    }
    let order = by_first_appearance(&codes, rows);
    if order.len() < 2 {
        return Err(error::too_few_levels(&column.column, order.len()).at(column.span, "left out by this"));
    }
    Ok(by_levels(&order, &names, &codes, rows))
}

fn given(cohort: &Cohort, rows: &[u32], column: &ColumnRef) -> Result<Vec<Fold>, Diagnostic> {
    let (names, codes) = levels(cohort, column)?;
    if let Some(without) = without_level(cohort, &codes, rows) {
        return Err(error::fold_missing(&column.column, without).at(column.span, "folds are given here"));
    }
    let present = by_first_appearance(&codes, rows);
    let order: Vec<u32> = by_name(&names).into_iter().filter(|level| present.contains(level)).collect();
    if order.len() < 2 {
        return Err(
            error::too_few_levels(&column.column, order.len()).at(column.span, "folds are given here")
        );
    }
    Ok(by_levels(&order, &names, &codes, rows))
}

/// The rows, if any, that no fold would predict and all would train on.
pub(super) fn without_level(cohort: &Cohort, codes: &[Option<u32>], rows: &[u32]) -> Option<Found> {
    let mut without = Found::of_samples();
    for row in rows.iter().filter(|row| codes[**row as usize].is_none()) {
        without.add(|| format!("`{}`", cohort.samples[*row as usize].individual));
    }
    (without.total > 0).then_some(without)
}

fn by_levels(order: &[u32], names: &[String], codes: &[Option<u32>], rows: &[u32]) -> Vec<Fold> {
    let fold = |(at, level): (usize, &u32)| {
        let (test, train) = parted(rows, |row| codes[row as usize] == Some(*level));
        Fold { repeat: 1, fold: at + 1, label: Some(names[*level as usize].clone()), train, test }
    };
    order.iter().enumerate().map(fold).collect()
}

fn holdout(fraction: f64, seed: u64, cohort: &Cohort, rows: &[u32]) -> Result<Fold, Diagnostic> {
    let Units { rows: mut order, .. } = Units::of(cohort, rows, None, None)?;
    if order.len() < 2 {
        return Err(error::too_few_samples(order.len(), 2));
    }
    let size = ((fraction * order.len() as f64).round() as usize).clamp(1, order.len() - 1);
    shuffle(&mut order, &mut generator(seed, Purpose::Folds(1)));
    let (test, train) = order.split_at(size);
    let side = |units: &[Vec<u32>]| {
        let mut rows = units.concat();
        rows.sort_unstable();
        rows
    };
    Ok(Fold { repeat: 1, fold: 1, label: None, train: side(train), test: side(test) })
}

/// Rows for which `test` holds, and the others; both ascending as `rows` are.
pub(super) fn parted(rows: &[u32], test: impl Fn(u32) -> bool) -> (Vec<u32>, Vec<u32>) {
    rows.iter().partition(|row| test(**row))
}
