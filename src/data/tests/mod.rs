//! Tests of whole readers, joins and splits, on files in memory.

mod cohort;
mod plink_faults;
mod plink_sets;
mod real;
mod split;
mod table_faults;

use super::{Cohort, ColumnData, SampleId};
use crate::language::diagnostics::{Code, Diagnostics};
use crate::language::source::Span;
use crate::language::spec::{Column, ColumnKind, ColumnRef, Format, Name, Origin, Table};

pub(super) fn named(name: &str) -> Name {
    Name::new(name.to_string(), Span::default())
}

/// A table keyed by `IID` with the default missing codes.
pub(super) fn table(columns: &[(&str, ColumnKind)]) -> Table {
    let column =
        |(name, kind): &(&str, ColumnKind)| Column { name: named(name), kind: *kind, unit: None, case: None };
    Table {
        name: named("pheno"),
        origin: Origin { format: Format::Tsv, path: "t.tsv".into(), span: Span::default() },
        key: vec![named("IID")],
        columns: columns.iter().map(column).collect(),
        rest: None,
        missing: ["NA", "NaN", "nan", ".", "-"].map(String::from).to_vec(),
        decimal: '.',
        weight: None,
        repeated: false,
    }
}

pub(super) fn sample(family: &str, individual: &str) -> SampleId {
    SampleId { family: family.into(), individual: individual.into() }
}

/// A cohort of `rows` samples with one table of columns.
pub(super) fn cohort(rows: usize, columns: Vec<(&str, ColumnData)>) -> Cohort {
    Cohort {
        individuals: (0..rows as u32).collect(),
        records: None,
        samples: (0..rows).map(|row| sample("f", &format!("s{row}"))).collect(),
        rows_of_set: vec![(0..rows as u32).collect()],
        columns: vec![columns.into_iter().map(|(name, values)| (name.to_string(), values)).collect()],
        weights: vec![None],
        joins: Vec::new(),
    }
}

pub(super) fn reference(column: &str) -> ColumnRef {
    ColumnRef { table: 0, column: column.into(), kind: ColumnKind::Categorical, span: Span::default() }
}

/// Codes with everything that is said, for tests of wording.
pub(super) fn said(found: &Diagnostics) -> (Vec<Code>, String) {
    let text = found.iter().map(|one| {
        let help = one.help.clone().unwrap_or_default();
        let places: String = one.places.iter().map(|place| place.told() + "\n").collect();
        format!("{}\n{places}{}\n{help}\n", one.message, one.notes.join("\n"))
    });
    (found.iter().map(|one| one.code).collect(), text.collect())
}
