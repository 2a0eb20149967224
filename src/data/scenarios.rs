//! Folds over records of individuals in environments: new individuals, new environments, or both.
//!
//! CV1, CV2, CV0 and CV00 as breeders name them (Burgueño et al. 2012; Jarquín et al. 2017). A record is
//! tested only where its fold is what the scenario says: in CV2 and CV0 the individual was seen in other
//! environments, in CV00 neither was seen. Several records of an individual in one environment, such as plots,
//! stay together.

use super::cohort::Cohort;
use super::error::{Found, rows as error};
use super::levels::{by_first_appearance, levels};
use super::random::{Purpose, generator, shuffle};
use super::split::{InnerFold, Units, parted, without_level};
use super::types::Fold;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{ColumnRef, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// What a scenario deals.
pub(super) struct Records<'a> {
    cohort: &'a Cohort,
    rows: &'a [u32],
    environment: &'a ColumnRef,
    names: Vec<String>,
    /// Of each row of the cohort.
    codes: Vec<Option<u32>>,
}

impl<'a> Records<'a> {
    /// # Errors
    /// `E0303` without such a column, `E0707` for a row without an environment.
    pub(super) fn of(
        cohort: &'a Cohort,
        rows: &'a [u32],
        environment: &'a ColumnRef,
    ) -> Result<Self, Diagnostic> {
        let (names, codes) = levels(cohort, environment)?;
        if let Some(without) = without_level(cohort, &codes, rows) {
            let found = error::environment_missing(&environment.column, without);
            return Err(found.at(environment.span, "environments"));
        }
        Ok(Self { cohort, rows, environment, names, codes })
    }

    /// The folds of a scenario, and W0708 for records that none tests.
    ///
    /// # Errors
    /// `E0705` where there are fewer individuals than folds, or no record that the scenario can test.
    pub(super) fn folds(
        &self,
        scenario: Scenario,
        folds: usize,
        repeats: usize,
        seed: u64,
    ) -> Result<(Vec<Fold>, Option<Diagnostic>), Diagnostic> {
        let environments = self.environments().len();
        if environments < 2 {
            let found = error::too_few_levels(&self.environment.column, environments);
            return Err(found.at(self.environment.span, "environments"));
        }
        let dealt = match scenario {
            Scenario::Cv1 => {
                let units = self.individuals(folds)?;
                return Ok((
                    (1..=repeats).flat_map(|k| units.folds(folds, k, seed, self.rows)).collect(),
                    None,
                ));
            }
            Scenario::Cv2 => (1..=repeats).flat_map(|k| self.known(folds, k, seed)).collect(),
            Scenario::Cv0 => self.new_environments(),
            Scenario::Cv00 => self.new_both(folds, seed)?,
        };
        let kept: Vec<Fold> =
            dealt.into_iter().filter(|fold: &Fold| !fold.test.is_empty() && !fold.train.is_empty()).collect();
        if kept.is_empty() {
            return Err(
                error::nothing_to_test(&self.environment.column).at(self.environment.span, "environments")
            );
        }
        let untested = self.untested(&kept);
        let told = (untested.total > 0).then(|| {
            error::never_tested(untested, self.rows.len()).at(self.environment.span, "environments")
        });
        Ok((renumbered(kept), told))
    }

    /// Inner folds of the rows by the same scenario; of individuals where the rows do not bear it, as those of
    /// one environment.
    ///
    /// # Errors
    /// `E0705` where there are fewer individuals than two.
    pub(super) fn inner(
        &self,
        scenario: Scenario,
        folds: usize,
        seed: u64,
    ) -> Result<Vec<InnerFold>, Diagnostic> {
        let usable = |dealt: Vec<Fold>| -> Vec<InnerFold> {
            let kept = dealt.into_iter().filter(|fold| !fold.test.is_empty() && !fold.train.is_empty());
            kept.map(|fold| (fold.train, fold.test)).collect()
        };
        let kept = usable(match scenario {
            Scenario::Cv1 => Vec::new(),
            Scenario::Cv2 => self.known(folds, 1, seed),
            Scenario::Cv0 => self.parts_of_environments(folds, seed),
            Scenario::Cv00 => self.both_apart(folds, seed)?,
        });
        if kept.len() >= 2 {
            return Ok(kept);
        }
        let units = self.individuals(2)?;
        Ok(usable(units.folds(folds.min(units.rows.len()), 1, seed, self.rows)))
    }

    fn environments(&self) -> Vec<u32> {
        by_first_appearance(&self.codes, self.rows)
    }

    fn individuals(&self, folds: usize) -> Result<Units, Diagnostic> {
        let units = Units::of(self.cohort, self.rows, None, None)?;
        units.check(folds, None)?;
        Ok(units)
    }

    /// CV2: the environments of an individual go to folds in turn, in random order, each with all of its records
    /// there. One that was in a single environment is always trained on.
    fn known(&self, folds: usize, repeat: usize, seed: u64) -> Vec<Fold> {
        let mut of_individual: BTreeMap<u32, BTreeMap<Option<u32>, Vec<u32>>> = BTreeMap::new();
        for row in self.rows {
            let environments = of_individual.entry(self.individual(*row)).or_default();
            environments.entry(self.codes[*row as usize]).or_default().push(*row);
        }
        let met = |environments: BTreeMap<_, Vec<u32>>| environments.into_values().collect::<Vec<_>>();
        let mut individuals: Vec<Vec<Vec<u32>>> =
            of_individual.into_values().map(met).filter(|environments| environments.len() > 1).collect();
        let random = &mut generator(seed, Purpose::Folds(repeat));
        shuffle(&mut individuals, random);
        let (mut fold_of, mut turn) = (BTreeMap::new(), 0);
        for environments in &mut individuals {
            shuffle(environments, random);
            for records in environments {
                fold_of.extend(records.iter().map(|row| (*row, turn % folds)));
                turn += 1;
            }
        }
        let fold = |at: usize| {
            let (test, train) = parted(self.rows, |row| fold_of.get(&row) == Some(&at));
            Fold { repeat, fold: at + 1, label: None, train, test }
        };
        (0..folds).map(fold).collect()
    }

    /// CV0: each environment once, on individuals that were seen in others.
    fn new_environments(&self) -> Vec<Fold> {
        let fold = |(at, level): (usize, &u32)| {
            let (test, train) = parted(self.rows, |row| self.codes[row as usize] == Some(*level));
            let label = Some(self.names[*level as usize].clone());
            self.of_known(Fold { repeat: 1, fold: at + 1, label, train, test })
        };
        self.environments().iter().enumerate().map(fold).collect()
    }

    /// The same by parts of the environments.
    fn parts_of_environments(&self, folds: usize, seed: u64) -> Vec<Fold> {
        let units = self.whole_environments();
        let dealt = units.folds(folds.min(units.rows.len()), 1, seed, self.rows);
        dealt.into_iter().map(|fold| self.of_known(fold)).collect()
    }

    /// A fold that tests individuals alone that it has seen.
    fn of_known(&self, mut fold: Fold) -> Fold {
        let seen: BTreeSet<u32> = fold.train.iter().map(|row| self.individual(*row)).collect();
        fold.test.retain(|row| seen.contains(&self.individual(*row)));
        fold
    }

    fn whole_environments(&self) -> Units {
        Units::by(self.cohort, self.rows, |row| self.codes[row as usize])
    }

    /// CV00: each environment with each part of the individuals; records of either alone are in neither.
    fn new_both(&self, folds: usize, seed: u64) -> Result<Vec<Fold>, Diagnostic> {
        let parts = self.individuals(folds)?.folds(folds, 1, seed, self.rows);
        let mut all = Vec::new();
        for level in self.environments() {
            let here = |row: &u32| self.codes[*row as usize] == Some(level);
            for part in &parts {
                all.push(Fold {
                    repeat: 1,
                    fold: all.len() + 1,
                    label: Some(format!("{}, individuals {}", self.names[level as usize], part.fold)),
                    train: part.train.iter().copied().filter(|row| !here(row)).collect(),
                    test: part.test.iter().copied().filter(here).collect(),
                });
            }
        }
        Ok(all)
    }

    /// Parts of individuals and parts of environments, side by side: each record of both k-th parts is tested,
    /// and those of neither are trained on.
    fn both_apart(&self, folds: usize, seed: u64) -> Result<Vec<Fold>, Diagnostic> {
        let units = self.individuals(2)?;
        let folds = folds.min(self.environments().len()).min(units.rows.len());
        let individuals = units.folds(folds, 1, seed, self.rows);
        let environments = self.whole_environments().folds(folds, 1, seed, self.rows);
        let both = |one: &[u32], other: &[u32]| {
            one.iter().copied().filter(|row| other.binary_search(row).is_ok()).collect()
        };
        let fold = |(of_individuals, of_environments): (Fold, &Fold)| Fold {
            train: both(&of_individuals.train, &of_environments.train),
            test: both(&of_individuals.test, &of_environments.test),
            ..of_individuals
        };
        Ok(individuals.into_iter().zip(&environments).map(fold).collect())
    }

    fn individual(&self, row: u32) -> u32 {
        self.cohort.individuals[row as usize]
    }

    fn untested(&self, folds: &[Fold]) -> Found {
        let tested: BTreeSet<u32> = folds.iter().flat_map(|fold| fold.test.iter().copied()).collect();
        let mut untested = Found::of_samples();
        for row in self.rows.iter().filter(|row| !tested.contains(row)) {
            untested.add(|| format!("`{}`", self.cohort.samples[*row as usize].individual));
        }
        untested
    }
}

/// Folds counted from 1 within each repeat.
fn renumbered(folds: Vec<Fold>) -> Vec<Fold> {
    let mut counted: BTreeMap<usize, usize> = BTreeMap::new();
    let number = |fold: Fold| {
        let at = counted.entry(fold.repeat).or_default();
        *at += 1;
        Fold { fold: *at, ..fold }
    };
    folds.into_iter().map(number).collect()
}
