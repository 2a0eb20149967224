//! Individuals with everything known of them, joined by name.
//!
//! Rows are the samples that all genotype sets share, in the order of the first set. A sample
//! without a record in a table stays, with missing values; every join is counted on both sides.
//! Where the records of a table repeat, each is a row: those of an individual stand side by side.

use super::error::{Found, rows as error};
use super::types::SampleId;
use super::values::{ColumnData, TableData, TableKey};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::Table;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

/// Genotyped individuals and what tables say of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    /// One a row.
    pub samples: Vec<SampleId>,
    /// For each row its individual, counted from 0 in the order of rows.
    pub individuals: Vec<u32>,
    /// Where records repeat, the place of each row among the records of its individual, from 1; 0 is none.
    pub records: Option<Vec<u32>>,
    /// For each genotype set, the set's row of each cohort row.
    pub rows_of_set: Vec<Vec<u32>>,
    /// For each table, its columns aligned with the rows.
    pub columns: Vec<IndexMap<String, ColumnData>>,
    /// For each table with `weight = COLUMN`, the weight of each row; 0 without a record.
    pub weights: Vec<Option<Vec<f64>>>,
    /// All joins, first those of genotype sets.
    pub joins: Vec<JoinReport>,
}

impl Cohort {
    /// The first row of each individual, where what counts is known once for all of its records.
    #[must_use]
    pub fn first_records(&self) -> Self {
        let all: Vec<u32> = (0..self.samples.len() as u32).collect();
        let rows: Vec<usize> = self.once(&all).map(|row| row as usize).collect();
        let kept: Vec<Option<u32>> = rows.iter().map(|row| Some(*row as u32)).collect();
        let of = |columns: &IndexMap<String, ColumnData>| {
            columns.iter().map(|(name, values)| (name.clone(), values.aligned(&kept))).collect()
        };
        let weights = |weights: &Option<Vec<f64>>| {
            weights.as_ref().map(|weights| rows.iter().map(|row| weights[*row]).collect())
        };
        Self {
            samples: rows.iter().map(|row| self.samples[*row].clone()).collect(),
            individuals: (0..rows.len() as u32).collect(),
            records: None,
            rows_of_set: self
                .rows_of_set
                .iter()
                .map(|set| rows.iter().map(|row| set[*row]).collect())
                .collect(),
            columns: self.columns.iter().map(of).collect(),
            weights: self.weights.iter().map(weights).collect(),
            joins: self.joins.clone(),
        }
    }

    /// How many individuals there are.
    #[must_use]
    pub fn individual_count(&self) -> usize {
        self.individuals.last().map_or(0, |last| *last as usize + 1)
    }

    /// Of ascending rows the first of each individual.
    pub fn once<'a>(&'a self, rows: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        let of = |row: u32| self.individuals[row as usize];
        let by_individual = rows.chunk_by(move |one, other| of(*one) == of(*other));
        by_individual.map(|records| records[0])
    }

    /// What stands behind an individual's name in tables of rows: `record` in the header and, for a row, its
    /// place; nothing where records do not repeat.
    #[must_use]
    pub fn record_cell(&self, row: Option<u32>) -> String {
        match (&self.records, row) {
            (None, _) => String::new(),
            (Some(_), None) => "\trecord".to_string(),
            (Some(records), Some(row)) => match records[row as usize] {
                0 => "\tNA".to_string(),
                place => format!("\t{place}"),
            },
        }
    }

    /// A table's column, aligned with the rows.
    #[must_use]
    pub fn column(&self, table: usize, name: &str) -> Option<&ColumnData> {
        self.columns.get(table)?.get(name)
    }

    /// The same with other numbers `[rows]` in a column that there is.
    ///
    /// # Panics
    /// When there is no such table.
    #[must_use]
    pub fn with_numbers(mut self, table: usize, name: &str, values: Vec<f64>) -> Self {
        self.columns[table].insert(name.to_string(), ColumnData::Numeric(values));
        self
    }
}

/// One join, counted on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinReport {
    /// The genotype set.
    pub left: String,
    /// The other genotype set, or the table.
    pub right: String,
    /// Samples of the left that are on both sides.
    pub matched: usize,
    /// Samples or records of the right that are on both sides.
    pub records: usize,
    /// Samples on the left alone.
    pub only_left: usize,
    /// Samples on the right alone.
    pub only_right: usize,
    /// At most three samples that are on the left alone.
    pub left_examples: Vec<String>,
    /// At most three samples that are on the right alone.
    pub right_examples: Vec<String>,
}

/// Joins genotype sets with each other, then with tables; tables keep their order.
///
/// # Errors
/// `E0304` when a table names by `IID` alone a sample that stands in two families, `E0313` when
/// two sources share no sample. `W0314` counts what one side has alone.
pub fn join(
    sets: &[(&str, &[SampleId])],
    tables: &[(&Table, &TableData)],
) -> Result<(Cohort, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::default();
    let mut cohort = join_sets(sets, &mut found);
    let left = sets.first().map_or("genotypes", |(name, _)| *name);
    let individuals = cohort.samples.clone();
    let repeated = tables.iter().find(|(table, _)| table.repeated);
    let of_rows = repeated.map(|(_, data)| Repeated::of(&individuals, &data.keys));
    if let Some(of_rows) = &of_rows {
        cohort.repeat(of_rows);
    }
    for (table, data) in tables {
        let name = &table.name.value;
        let once = match records(&individuals, &data.keys, name) {
            Ok(once) => once,
            Err(diagnostic) => {
                found.push(diagnostic);
                continue;
            }
        };
        let (sides, record_of) = match &of_rows {
            Some(rows) if table.repeated => {
                let sides = Sides::of(&cohort.samples, &data.keys, &rows.records);
                (sides.with_individuals(rows), rows.records.clone())
            }
            _ => {
                let of_row = |individual: &u32| once[*individual as usize];
                let sides = Sides::of(&individuals, &data.keys, &once);
                (sides, cohort.individuals.iter().map(of_row).collect())
            }
        };
        sides.judge(left, name, Some(table), &mut found);
        cohort.joins.push(sides.report(left, name));
        let aligned = |(name, values): (&String, &ColumnData)| (name.clone(), values.aligned(&record_of));
        cohort.columns.push(data.columns.iter().map(aligned).collect());
        let weigh = |weights: &Vec<f64>| {
            record_of.iter().map(|record| record.map_or(0.0, |record| weights[record as usize])).collect()
        };
        cohort.weights.push(data.weights.as_ref().map(weigh));
    }
    found.ok(cohort)
}

fn join_sets(sets: &[(&str, &[SampleId])], found: &mut Diagnostics) -> Cohort {
    let mut cohort = Cohort {
        samples: sets.first().map_or(Vec::new(), |(_, samples)| samples.to_vec()),
        individuals: Vec::new(),
        records: None,
        rows_of_set: Vec::new(),
        columns: Vec::new(),
        weights: Vec::new(),
        joins: Vec::new(),
    };
    for (name, samples) in sets.iter().skip(1) {
        let keys: Vec<TableKey> = samples.iter().map(full_key).collect();
        let rows: FxHashMap<&SampleId, u32> = samples.iter().zip(0..).collect();
        let record_of: Vec<Option<u32>> = cohort.samples.iter().map(|id| rows.get(id).copied()).collect();
        let sides = Sides::of(&cohort.samples, &keys, &record_of);
        sides.judge(sets[0].0, name, None, found);
        cohort.joins.push(sides.report(sets[0].0, name));
        let mut kept = record_of.iter().map(Option::is_some);
        cohort.samples.retain(|_| kept.next().unwrap_or(false));
    }
    for (_, samples) in sets {
        let rows: FxHashMap<&SampleId, u32> = samples.iter().zip(0..).collect();
        cohort.rows_of_set.push(cohort.samples.iter().filter_map(|id| rows.get(id).copied()).collect());
    }
    cohort.individuals = (0..cohort.samples.len() as u32).collect();
    cohort
}

/// A row for each record of a table whose records repeat, and one for an individual without any.
struct Repeated {
    individuals: Vec<u32>,
    records: Vec<Option<u32>>,
}

impl Repeated {
    fn of(samples: &[SampleId], keys: &[TableKey]) -> Self {
        let by_family = keys.first().is_some_and(|key| key.family.is_some());
        let mut of_key: FxHashMap<&TableKey, Vec<u32>> = FxHashMap::default();
        (0..).zip(keys).for_each(|(record, key)| of_key.entry(key).or_default().push(record));
        let mut rows = Self { individuals: Vec::new(), records: Vec::new() };
        for (individual, sample) in (0..).zip(samples) {
            let family = by_family.then(|| sample.family.clone());
            let key = TableKey { family, individual: sample.individual.clone() };
            let records: Vec<Option<u32>> = match of_key.get(&key) {
                Some(records) => records.iter().copied().map(Some).collect(),
                None => vec![None],
            };
            rows.individuals.extend(records.iter().map(|_| individual));
            rows.records.extend(records);
        }
        rows
    }
}

impl Cohort {
    /// Gives every record a row.
    fn repeat(&mut self, rows: &Repeated) {
        let repeated = |values: &[u32]| rows.individuals.iter().map(|at| values[*at as usize]).collect();
        self.rows_of_set = self.rows_of_set.iter().map(|values| repeated(values)).collect();
        self.samples = rows.individuals.iter().map(|at| self.samples[*at as usize].clone()).collect();
        self.individuals.clone_from(&rows.individuals);
        let mut place = 0;
        let number = |(at, individual): (usize, &u32)| {
            let again = at > 0 && rows.individuals[at - 1] == *individual;
            place = if again { place + 1 } else { 1 };
            if rows.records[at].is_some() { place } else { 0 }
        };
        self.records = Some(rows.individuals.iter().enumerate().map(number).collect());
    }
}

fn full_key(sample: &SampleId) -> TableKey {
    TableKey { family: Some(sample.family.clone()), individual: sample.individual.clone() }
}

/// For each sample its record, by family and individual where the table has both.
fn records(samples: &[SampleId], keys: &[TableKey], table: &str) -> Result<Vec<Option<u32>>, Diagnostic> {
    let by_family = keys.first().is_some_and(|key| key.family.is_some());
    if by_family {
        let rows: FxHashMap<&TableKey, u32> = keys.iter().zip(0..).collect();
        return Ok(samples.iter().map(|sample| rows.get(&full_key(sample)).copied()).collect());
    }
    let rows: FxHashMap<&str, u32> = keys.iter().map(|key| key.individual.as_str()).zip(0..).collect();
    let mut holder: FxHashMap<u32, &SampleId> = FxHashMap::default();
    let mut unclear = Found::of_samples();
    let mut record_of = Vec::with_capacity(samples.len());
    for sample in samples {
        let record = rows.get(sample.individual.as_str()).copied();
        if let Some(other) = record.and_then(|record| holder.insert(record, sample)) {
            unclear.add(|| {
                format!(
                    "`{}` stands in the families `{}` and `{}`",
                    sample.individual, other.family, sample.family
                )
            });
        }
        record_of.push(record);
    }
    if unclear.total > 0 { Err(error::individual_ambiguous(table, unclear)) } else { Ok(record_of) }
}

fn at_table(diagnostic: Diagnostic, table: Option<&Table>) -> Diagnostic {
    match table {
        Some(table) => diagnostic.at(table.name.span, "this table"),
        None => diagnostic,
    }
}

/// What a join left over on each side.
struct Sides<'a> {
    matched: usize,
    records: usize,
    left: Vec<&'a SampleId>,
    right: Vec<&'a TableKey>,
}

impl<'a> Sides<'a> {
    fn of(samples: &'a [SampleId], keys: &'a [TableKey], record_of: &[Option<u32>]) -> Self {
        let mut used = vec![false; keys.len()];
        record_of.iter().flatten().for_each(|record| used[*record as usize] = true);
        let matched = record_of.iter().flatten().count();
        Self {
            matched,
            records: matched,
            left: samples.iter().zip(record_of).filter(|(_, to)| to.is_none()).map(|(id, _)| id).collect(),
            right: keys.iter().zip(used).filter(|(_, used)| !used).map(|(key, _)| key).collect(),
        }
    }

    /// Counts individuals on the left, where rows are their records.
    fn with_individuals(mut self, rows: &Repeated) -> Self {
        let mut with: Vec<u32> = rows
            .individuals
            .iter()
            .zip(&rows.records)
            .filter(|(_, record)| record.is_some())
            .map(|(at, _)| *at)
            .collect();
        with.dedup();
        self.matched = with.len();
        self
    }

    fn judge(&self, left: &str, right: &str, table: Option<&Table>, found: &mut Diagnostics) {
        let report = self.report(left, right);
        let hint = super::hints::hint(&self.left, &self.right);
        if self.matched == 0 {
            found.push(at_table(error::no_shared_sample(&report, hint), table));
        } else if report.only_left + report.only_right > 0 {
            found.push(at_table(error::samples_unmatched(&report, table.is_some(), hint), table));
        }
    }

    fn report(&self, left: &str, right: &str) -> JoinReport {
        let family_matters = self.right.first().is_some_and(|key| key.family.is_some());
        let shown = |family: Option<&String>, individual: &str| match family {
            Some(family) if family_matters => format!("{family} {individual}"),
            _ => individual.to_string(),
        };
        JoinReport {
            left: left.to_string(),
            right: right.to_string(),
            matched: self.matched,
            records: self.records,
            only_left: self.left.len(),
            only_right: self.right.len(),
            left_examples: self
                .left
                .iter()
                .take(3)
                .map(|id| shown(Some(&id.family), &id.individual))
                .collect(),
            right_examples: self
                .right
                .iter()
                .take(3)
                .map(|key| shown(key.family.as_ref(), &key.individual))
                .collect(),
        }
    }
}
