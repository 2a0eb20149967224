//! Tables as people write them: what is read, what is refused, and where.

use super::{named, said, table};
use crate::data::*;
use crate::io::MemoryWorld;
use crate::language::diagnostics::{Code, Diagnostics};
use crate::language::source::{Span, Spanned};
use crate::language::spec::{ColumnKind, Format, Table};
use std::path::Path;

use ColumnKind::{Binary, Categorical, Continuous, Count};

/// Name, file, declaration; code, exit code and words of the finding.
type Case<'a> = (&'a str, &'a [u8], Table, Code, u8, &'a [&'a str]);
type Outcome = Result<(TableData, TableReport, Diagnostics), Diagnostics>;

fn read(text: impl AsRef<[u8]>, table: &Table) -> Outcome {
    let world = MemoryWorld::default().with("t.tsv", text);
    read_table(&world, Path::new("t.tsv"), table)
}

fn numbers(outcome: &Outcome, column: &str) -> Vec<Option<f64>> {
    let (data, ..) = outcome.as_ref().expect("a readable table");
    let ColumnData::Numeric(values) = &data.columns[column] else { panic!("a numeric column") };
    values.iter().map(|value| (!value.is_nan()).then_some(*value)).collect()
}

fn fault(text: impl AsRef<[u8]>, table: &Table) -> (Code, u8, String) {
    let found = read(text, table).expect_err("a fault");
    let (codes, text) = said(&found);
    (codes[0], found.exit_code(), text)
}

#[test]
fn declared_columns_are_read_and_missing_values_counted() {
    let table = table(&[("y", Continuous), ("group", Categorical), ("n", Count)]);
    let outcome = read("#IID\tother\tgroup\ty\tn\na\t?\tred\t1.5\t3\nb\t?\tblue\tNA\t\nc\t?\t.\t\t0", &table);
    assert_eq!(numbers(&outcome, "y"), [Some(1.5), None, None]);
    assert_eq!(numbers(&outcome, "n"), [Some(3.0), None, Some(0.0)]);
    let (data, report, found) = outcome.expect("a readable table");
    assert!(found.is_empty());
    assert_eq!(data.columns.keys().collect::<Vec<_>>(), ["y", "group", "n"]);
    let levels = ["blue", "red"].map(String::from).to_vec();
    assert_eq!(
        data.columns["group"],
        ColumnData::Categorical { levels, codes: vec![Some(1), Some(0), None] }
    );
    assert_eq!(report.columns[0].missing, [("NA".to_string(), 1), (String::new(), 1)]);
    assert_eq!((report.records, report.columns[1].observed), (3, 2));
    assert_eq!(data.keys[1], TableKey { family: None, individual: "b".into() });
}

#[test]
fn the_rest_takes_what_is_not_declared() {
    let mut table = table(&[("sex", Categorical)]);
    table.rest = Some(Spanned::new(Continuous, Span::default()));
    table.weight = Some(named("w"));
    table.key = vec![named("FID"), named("IID")];
    let outcome = read("IID\tg1\tsex\tw\tFID\tg2\na\t1\tm\t0.5\tf\t2\n", &table);
    let (data, ..) = outcome.expect("a readable table");
    assert_eq!(data.columns.keys().collect::<Vec<_>>(), ["sex", "g1", "g2"]);
    assert_eq!(data.weights, Some(vec![0.5]));
    assert_eq!(data.keys, [TableKey { family: Some("f".into()), individual: "a".into() }]);
}

#[test]
fn quoted_csv_and_decimal_commas_are_read() {
    let mut table = table(&[("y", Continuous), ("place", Categorical)]);
    table.origin.format = Format::Csv;
    table.decimal = ',';
    let outcome = read("IID,y,place\r\na,\"1,5\",\"Rennes, FR\"\r\nb,-2,\"two\nlines\"\r\n", &table);
    assert_eq!(numbers(&outcome, "y"), [Some(1.5), Some(-2.0)]);
    let (data, ..) = outcome.expect("a readable table");
    let ColumnData::Categorical { levels, .. } = &data.columns["place"] else {
        panic!("a categorical column")
    };
    assert_eq!(levels, &["Rennes, FR", "two\nlines"]);
}

#[test]
fn every_fault_has_its_code_and_place() {
    use Code::{E0302, E0303, E0304, E0607};
    let y = || table(&[("y", Continuous)]);
    let binary = || table(&[("y", Binary)]);
    let mut csv = y();
    csv.origin.format = Format::Csv;
    let mut weighed = y();
    weighed.weight = Some(named("w"));
    let cases: Vec<Case> = vec![
        (
            "50 no header",
            b"s1\t-1.2\ns2\t0.5\n",
            y(),
            E0303,
            6,
            &["no column `IID`", "may be data", "header line"],
        ),
        ("column", b"IID\tYy\na\t1\n", y(), E0303, 6, &["no column `y`", "did you mean `Yy`?"]),
        ("column twice", b"IID\ty\ty\na\t1\t2\n", y(), E0303, 6, &["two columns of `t.tsv` are called `y`"]),
        (
            "51 conflict",
            b"IID\ty\na\t1\nb\t2\na\t3\n",
            y(),
            E0304,
            7,
            &["t.tsv:4: `a` stands in line 2", "records = repeated"],
        ),
        ("52 ragged", b"IID\ty\na\t1\nb\n", y(), E0302, 6, &["t.tsv:3: 1 column", "2 columns"]),
        ("52 blank", b"IID\ty\na\t1\n\nb\t2\n", y(), E0302, 6, &["t.tsv:3"]),
        ("53 quote", b"IID,y\n\"a,1\n", csv.clone(), E0302, 6, &["t.tsv:2", "never closed"]),
        ("54 comma", b"IID\ty\na\t1,5\n", y(), E0303, 6, &["t.tsv:2: column `y`: `1,5`", "decimal = \",\""]),
        ("55 text", b"IID\ty\na\ttall\n", y(), E0303, 6, &["t.tsv:2: column `y`: `tall`", "missing = "]),
        ("56 inf", b"IID\ty\na\tinf\n", y(), E0303, 6, &["`inf` is not a finite number"]),
        ("56 overflow", b"IID\ty\na\t1e400\n", y(), E0303, 6, &["`1e400`", "infinite"]),
        ("56 NAN", b"IID\ty\na\tNAN\n", y(), E0303, 6, &["`NAN`"]),
        ("count", b"IID\ty\na\t1.5\n", table(&[("y", Count)]), E0303, 6, &["is not a count"]),
        ("less", b"IID\ty\na\t-9\n", table(&[("y", Count)]), E0303, 6, &["`-9` is not", "missing = "]),
        (
            "weight",
            b"IID\ty\tw\na\t1\tNA\nb\t1\t-1\n",
            weighed,
            E0303,
            6,
            &["2 values", "t.tsv:2: column `w`: `NA`", "t.tsv:3"],
        ),
        ("60 three", b"IID\ty\na\t0\nb\t1\nc\t2\n", binary(), E0607, 7, &["`0`, `1`, `2`"]),
        ("61 texts", b"IID\ty\na\tno\nb\tyes\n", binary(), E0607, 7, &["case = \"yes\""]),
        ("spaces", b"IID y\na 1\n", y(), E0302, 6, &["t.tsv:1", "no tabs, but spaces"]),
        ("commas", b"IID,y\na,1\n", y(), E0302, 6, &["from csv"]),
        ("tabs", b"IID\ty\na\t1\n", csv, E0302, 6, &["from tsv"]),
        ("no id", b"IID\ty\n\t1\n", y(), E0302, 6, &["no sample id", "t.tsv:2"]),
        ("no record", b"IID\ty\n", y(), E0302, 6, &["no records"]),
        ("17 UTF-16", b"\xFF\xFEI\0I\0", y(), E0302, 6, &["UTF-16"]),
        ("gzip", b"\x1F\x8B\x08\x00abc", y(), E0302, 6, &["`t.tsv` is not whole", "after byte 7"]),
    ];
    for (name, text, table, code, exit, words) in cases {
        let (found, exited, text) = fault(text, &table);
        assert_eq!((found, exited), (code, exit), "{name}: {text}");
        for word in words {
            assert!(text.contains(word), "{name}: `{word}` is not in\n{text}");
        }
    }
}

#[test]
fn many_bad_values_are_one_finding() {
    let rows: String = (0..12).map(|row| format!("s{row}\tx{row}\t?\n")).collect();
    let table = table(&[("y", Continuous), ("z", Continuous)]);
    let found = read(format!("IID\ty\tz\n{rows}"), &table).expect_err("no number");
    let (codes, text) = said(&found);
    assert_eq!(codes, [Code::E0303]);
    assert!(text.starts_with("24 values of") && text.contains("and 19 more"), "{text}");
}

#[test]
fn identical_records_are_folded_and_noted() {
    let outcome = read("IID\tnote\ty\na\tfirst\t1\nb\tx\t2\na\tsecond\t1\n", &table(&[("y", Continuous)]));
    assert_eq!(numbers(&outcome, "y"), [Some(1.0), Some(2.0)]);
    let (_, report, _) = outcome.expect("a readable table");
    assert_eq!(report.folded, 1);
    assert!(report.file.notes[0].contains("1 record repeated word for word"));
}

#[test]
fn minus_nine_is_a_number_unless_declared_missing() {
    let mut table = table(&[("y", Continuous), ("z", Continuous)]);
    let text = "IID\ty\tz\na\t-9\t1\nb\t-9.0\t2\nc\t3\t3\n";
    let outcome = read(text, &table);
    assert_eq!(numbers(&outcome, "y"), [Some(-9.0), Some(-9.0), Some(3.0)]);
    let (codes, said) = said(&outcome.expect("a readable table").2);
    assert_eq!(codes, [Code::W0611]);
    assert!(said.contains("−9 stands 2 times") && said.contains("column `y`"), "{said}");
    assert!(said.contains("\"-\", \"-9\"]"), "{said}");
    table.missing.push("-9".into());
    let outcome = read(text, &table);
    assert_eq!(numbers(&outcome, "y"), [None, None, Some(3.0)]);
    assert!(outcome.expect("a readable table").2.is_empty());
}

#[test]
fn binary_columns_become_zero_and_one() {
    let mut table = table(&[("y", Binary)]);
    let outcome = read("IID\ty\na\t1\nb\t2\nc\t-9\nd\tNA\n", &table);
    assert_eq!(numbers(&outcome, "y"), [Some(0.0), Some(1.0), None, None]);
    let (_, report, _) = outcome.expect("a readable table");
    assert_eq!(report.columns[0].mapping.as_deref(), Some("-9 → missing, 1 → 0, 2 → 1"));
    table.columns[0].case = Some("ill".into());
    assert_eq!(numbers(&read("IID\ty\na\till\nb\twell\n", &table), "y"), [Some(1.0), Some(0.0)]);
}

#[test]
fn a_mark_does_not_cost_a_column() {
    let outcome = read("\u{FEFF}IID\ty\r\na\t1\r\n\r\n", &table(&[("y", Continuous)]));
    assert_eq!(numbers(&outcome, "y"), [Some(1.0)]);
    assert_eq!(outcome.expect("a readable table").1.file.notes.len(), 3);
}

#[test]
fn a_missing_table_is_named() {
    let found = read_table(&MemoryWorld::default(), Path::new("no.tsv"), &table(&[])).expect_err("no file");
    assert_eq!((said(&found).0, found.exit_code()), (vec![Code::E0301], 3));
    assert!(said(&found).1.contains("`no.tsv`"));
}

/// Every byte of a small table changed to every awkward one is read or refused, never a panic.
#[test]
fn no_bytes_panic() {
    let mut table = table(&[("y", Continuous), ("b", Binary)]);
    table.rest = Some(Spanned::new(Categorical, Span::default()));
    let sound = "IID\ty\tb\tz\na\t1.5\t0\t\u{fc}\nb\t-2\t1\t\"q\tr\"\n".as_bytes();
    assert!(read(sound, &table).is_ok());
    for at in 0..sound.len() {
        drop(read(&sound[..at], &table));
        for byte in [0, b'\n', b'\r', b'\t', b'"', b'#', b',', 0xC3, 0xFF] {
            let mut changed = sound.to_vec();
            changed[at] = byte;
            drop(read(&changed, &table));
        }
    }
}
