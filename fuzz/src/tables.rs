//! A table of traits, TSV or CSV; the first byte chooses how it is declared.
//!
//! What is accepted has one value a record in every column, counted as the report says, and of the
//! declared type.

use std::path::Path;
use std::sync::LazyLock;

use binnc::data::{ColumnData, ColumnReport, TableData, TableReport, read_table};
use binnc::io::MemoryWorld;
use binnc::language::source::{Span, Spanned};
use binnc::language::spec::{Column, ColumnKind, Format, Name, Origin, Table};

use super::parts;

static DECLARED: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let all = ["y", "b", "o", "n", "g"];
    let plain = table(Format::Tsv, &all);
    let csv = Table { decimal: ',', ..table(Format::Csv, &all) };
    let rest = |kind| Table { rest: Some(Spanned::new(kind, Span::default())), ..table(Format::Tsv, &["g"]) };
    let key = vec![named("FID"), named("IID")];
    vec![
        plain.clone(),
        csv.clone(),
        rest(ColumnKind::Continuous),
        rest(ColumnKind::Categorical),
        Table { key: key.clone(), weight: Some(named("w")), ..table(Format::Tsv, &["y", "b"]) },
        Table { repeated: true, ..table(Format::Csv, &["y", "g"]) },
        Table { key, missing: vec!["-9".into()], ..plain },
        Table { rest: Some(Spanned::new(ColumnKind::Binary, Span::default())), ..csv },
    ]
});

fn named(name: &str) -> Name {
    Name::new(name.to_string(), Span::default())
}

fn table(format: Format, columns: &[&str]) -> Table {
    let kind = |name: &str| match name {
        "b" => ColumnKind::Binary,
        "o" => ColumnKind::Ordinal,
        "n" => ColumnKind::Count,
        "g" => ColumnKind::Categorical,
        _ => ColumnKind::Continuous,
    };
    let column = |name: &&str| Column { name: named(name), kind: kind(name), unit: None, case: None };
    Table {
        name: named("t"),
        origin: Origin { format, path: "t".into(), span: Span::default() },
        key: vec![named("IID")],
        columns: columns.iter().map(column).collect(),
        rest: None,
        missing: ["NA", "NaN", "nan", ".", "-"].map(String::from).to_vec(),
        decimal: '.',
        weight: None,
        repeated: false,
    }
}

/// Reads a table as one of the declarations says.
pub fn check(bytes: &[u8]) {
    let (choice, content) = parts::choice(bytes, DECLARED.len());
    let declared = &DECLARED[choice];
    let world = MemoryWorld::default().with("t", content);
    let Ok((data, report, found)) = read_table(&world, Path::new("t"), declared) else { return };
    assert!(!found.has_errors(), "what was accepted is told no error");
    assert!(report.records > 0 && data.keys.len() == report.records, "a key a record");
    assert_eq!(data.weights.is_some(), declared.weight.is_some(), "weights as declared");
    if let Some(weights) = &data.weights {
        assert!(weights.len() == report.records && weights.iter().all(|weight| *weight >= 0.0));
    }
    if !declared.repeated {
        let mut keys: Vec<_> = data.keys.iter().collect();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "each key once");
    }
    columns_fit(declared, &data, &report);
}

fn columns_fit(declared: &Table, data: &TableData, report: &TableReport) {
    assert_eq!(data.columns.len(), report.columns.len(), "a report a column");
    assert!(declared.columns.iter().all(|column| data.columns.contains_key(&column.name.value)));
    for ((name, values), told) in data.columns.iter().zip(&report.columns) {
        let known = declared.columns.iter().find(|column| column.name.value == *name);
        let rest = declared.rest.as_ref().map(|rest| rest.value);
        let kind = known.map(|column| column.kind).or(rest).expect("only declared columns are visible");
        assert!(told.name == *name && values.len() == report.records, "a value a record");
        counts_add_up(values, told, report.records);
        is_of_kind(values, kind);
    }
}

fn counts_add_up(values: &ColumnData, told: &ColumnReport, records: usize) {
    let missing: usize = told.missing.iter().map(|(_, count)| count).sum();
    assert_eq!(values.observed(), told.observed, "observed as told");
    assert_eq!(told.observed + missing, records, "every record is observed or missing");
}

fn is_of_kind(values: &ColumnData, kind: ColumnKind) {
    match (values, kind) {
        (ColumnData::Categorical { levels, codes }, ColumnKind::Categorical) => {
            assert!(levels.is_sorted() && levels.windows(2).all(|pair| pair[0] != pair[1]), "sorted levels");
            assert!(codes.iter().flatten().all(|code| (*code as usize) < levels.len()), "codes of levels");
        }
        (ColumnData::Numeric(values), kind) => {
            let fits = |value: f64| match kind {
                ColumnKind::Binary => value == 0.0 || value == 1.0,
                ColumnKind::Count => value >= 0.0 && value.fract() == 0.0,
                ColumnKind::Continuous | ColumnKind::Ordinal => value.is_finite(),
                ColumnKind::Categorical => false,
            };
            assert!(values.iter().all(|value| value.is_nan() || fits(*value)), "{kind:?}: {values:?}");
        }
        (values, kind) => panic!("{kind:?} was read as {values:?}"),
    }
}
