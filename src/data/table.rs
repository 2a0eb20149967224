//! Tables of samples × columns, tab- or comma-separated, with a header line.
//!
//! Only declared columns are visible. Nothing becomes missing but the texts that the spec
//! lists, and the empty text; each is counted. The file may be compressed by gzip or bgzip.

use super::columns::{self, Cells};
use super::delimited::{self, Record};
use super::error::{self, Found, tables};
use super::values::{ColumnData, TableData, TableKey};
use super::{InputFile, input, text};
use crate::io::World;
use crate::io::gzip;
use crate::language::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::language::spec::{Column, ColumnKind, Format, Name, Table};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

/// How a table was read.
#[derive(Clone, Debug, PartialEq)]
pub struct TableReport {
    /// The file, with what was forgiven.
    pub file: InputFile,
    /// Records kept.
    pub records: usize,
    /// Records left out because an identical one stood earlier.
    pub folded: usize,
    /// One for each visible column.
    pub columns: Vec<ColumnReport>,
}

/// How a column was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnReport {
    /// Its name in the file.
    pub name: String,
    /// Records with a value.
    pub observed: usize,
    /// Texts read as missing, each with its count; `""` is the empty text.
    pub missing: Vec<(String, usize)>,
    /// How a binary column was coded, such as `1 → 0, 2 → 1`.
    pub mapping: Option<String>,
}

/// Reads a table declared `from tsv` or `from csv`.
///
/// # Errors
/// `E0301` unreadable, `E0302` malformed, `E0303` a column missing or not of its type, `E0304` a
/// repeated key, `E0607` a binary column with an unclear coding. `W0611` warns of −9.
pub fn read_table(
    world: &dyn World,
    path: &Path,
    table: &Table,
) -> Result<(TableData, TableReport, Diagnostics), Diagnostics> {
    let (bytes, mut file) = input::read(world, path)?;
    let bytes = gzip::unpacked(bytes).map_err(|fault| error::packed(&file.name, fault))?;
    let text = text::decode(&file.name, &bytes)?;
    let separator = if table.origin.format == Format::Csv { ',' } else { '\t' };
    let mut records = delimited::parse(&text, separator)?;
    if records.len() < 2 {
        return Err(error::empty_file(&file.name).into());
    }
    let header = header(records.remove(0), separator, &file.name)?;
    check_widths(&file.name, header.len(), &records)?;
    let layout = Layout::of(table, &header, &file.name)?;
    let keys = layout.keys(&file.name, &records)?;
    let (kept, folded) = if table.repeated {
        ((0..records.len()).collect(), 0)
    } else {
        distinct(&file.name, &keys, &records, &layout)?
    };
    file.notes = text.notes;
    if folded > 0 {
        file.notes.push(format!("{} repeated word for word and read once", error::counted(folded, "record")));
    }
    let keys = kept.iter().map(|row| keys[*row].clone()).collect();
    let records: Vec<&Record> = kept.iter().map(|row| &records[*row]).collect();
    let read = read_columns(&file.name, table, &layout, &records)?;
    let data = TableData { keys, columns: read.columns.into_iter().collect(), weights: read.weights };
    let report = TableReport { file, records: records.len(), folded, columns: read.reports };
    Ok((data, report, read.warnings))
}

struct Read {
    columns: Vec<(String, ColumnData)>,
    weights: Option<Vec<f64>>,
    reports: Vec<ColumnReport>,
    warnings: Diagnostics,
}

fn read_columns(
    name: &str,
    table: &Table,
    layout: &Layout,
    records: &[&Record],
) -> Result<Read, Diagnostics> {
    let mut cells = Cells::new(name, table, records);
    let (mut columns, mut reports) = (Vec::new(), Vec::new());
    for (at, column) in &layout.columns {
        let (values, report) = columns::read(&mut cells, *at, column);
        columns.push((column.name.value.clone(), values));
        reports.push(report);
    }
    let weights = layout.weight.map(|(at, weight)| columns::read_weights(&mut cells, at, &weight.value));
    let ((), warnings) = cells.finish().ok(())?;
    Ok(Read { columns, weights, reports, warnings })
}

/// Where the columns stand in the file.
struct Layout<'a> {
    family: Option<usize>,
    individual: usize,
    columns: Vec<(usize, Column)>,
    weight: Option<(usize, &'a Name)>,
}

impl<'a> Layout<'a> {
    fn of(table: &'a Table, header: &[String], file: &str) -> Result<Self, Diagnostics> {
        let mut found = Diagnostics::default();
        let mut place = |name: &Name| match find(header, name, file) {
            Ok(at) => at,
            Err(diagnostic) => {
                found.push(diagnostic);
                0
            }
        };
        let keys: Vec<(&Name, usize)> = table.key.iter().map(|key| (key, place(key))).collect();
        let is_family = |name: &Name| name.value.eq_ignore_ascii_case("FID");
        let family = keys.iter().find(|(name, _)| keys.len() > 1 && is_family(name)).map(|(_, at)| *at);
        let individual = keys.iter().map(|(_, at)| *at).rfind(|at| Some(*at) != family).unwrap_or(0);
        let weight = table.weight.as_ref().map(|weight| (place(weight), weight));
        let mut columns: Vec<(usize, Column)> =
            table.columns.iter().map(|column| (place(&column.name), column.clone())).collect();
        let ((), _) = found.ok(())?;
        if let Some(rest) = &table.rest {
            let mut taken: FxHashSet<usize> = columns.iter().map(|(at, _)| *at).collect();
            taken.extend(keys.iter().map(|(_, at)| *at).chain(weight.map(|(at, _)| at)));
            let others = (0..header.len()).filter(|at| !taken.contains(at));
            columns.extend(others.map(|at| (at, undeclared(&header[at], rest.value, rest.span))));
        }
        check_once(header, &columns, file)?;
        Ok(Self { family, individual, columns, weight })
    }

    fn keys(&self, name: &str, records: &[Record]) -> Result<Vec<TableKey>, Diagnostic> {
        let mut without = Found::default();
        let mut keys = Vec::with_capacity(records.len());
        for Record { line, fields } in records {
            let (family, individual) =
                (self.family.map(|at| fields[at].clone()), fields[self.individual].clone());
            if individual.is_empty() || family.as_ref().is_some_and(String::is_empty) {
                without.add_line(|| Place::new(name, *line, "no sample id"));
            }
            keys.push(TableKey { family, individual });
        }
        if without.total > 0 { Err(tables::key_empty(name, without)) } else { Ok(keys) }
    }
}

fn undeclared(name: &str, kind: ColumnKind, span: crate::language::source::Span) -> Column {
    Column { name: Name::new(name.to_string(), span), kind, unit: None, case: None }
}

/// The header's names; `#IID` and `#FID` are PLINK 2's spelling of `IID` and `FID`.
fn header(record: Record, separator: char, name: &str) -> Result<Vec<String>, Diagnostic> {
    let mut header = record.fields;
    if let [only] = header.as_slice() {
        let other = [(';', "semicolons"), ('\t', "tabs"), (',', "commas"), (' ', "spaces")];
        if let Some((_, seen)) = other.iter().find(|(mark, _)| *mark != separator && only.contains(*mark)) {
            return Err(tables::other_separator(name, separator, seen));
        }
    }
    if let Some(plain) = header[0].strip_prefix('#').filter(|plain| ["IID", "FID"].contains(plain)) {
        header[0] = plain.to_string();
    }
    Ok(header)
}

fn find(header: &[String], name: &Name, file: &str) -> Result<usize, Diagnostic> {
    let place = header.iter().position(|column| *column == name.value);
    place.ok_or_else(|| tables::column_missing(file, &name.value, header).at(name.span, "declared here"))
}

/// Columns that are read must be unique in the header, or it would be a guess which is meant.
fn check_once(header: &[String], columns: &[(usize, Column)], file: &str) -> Result<(), Diagnostic> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for name in header {
        *counts.entry(name).or_default() += 1;
    }
    match columns.iter().find(|(_, column)| counts[column.name.value.as_str()] > 1) {
        Some((_, column)) => Err(tables::column_twice(file, &column.name)),
        None => Ok(()),
    }
}

pub(super) fn check_widths(name: &str, expected: usize, records: &[Record]) -> Result<(), Diagnostic> {
    let mut ragged = Found::default();
    for record in records.iter().filter(|record| record.fields.len() != expected) {
        ragged.add_line(|| Place::new(name, record.line, error::counted(record.fields.len(), "column")));
    }
    if ragged.total > 0 { Err(tables::ragged(name, expected, ragged)) } else { Ok(()) }
}

/// Rows to keep, and how many repeat an earlier one word for word in all visible columns.
fn distinct(
    name: &str,
    keys: &[TableKey],
    records: &[Record],
    layout: &Layout<'_>,
) -> Result<(Vec<usize>, usize), Diagnostic> {
    let visible = layout.columns.iter().map(|(at, _)| *at).chain(layout.weight.map(|(at, _)| at));
    let visible: Vec<usize> = visible.collect();
    let mut first: FxHashMap<&TableKey, usize> = FxHashMap::default();
    let (mut kept, mut folded, mut conflicts) = (Vec::new(), 0, Found::of_samples());
    for (row, key) in keys.iter().enumerate() {
        let earlier = *first.entry(key).or_insert(row);
        if earlier == row {
            kept.push(row);
        } else if visible.iter().all(|at| records[earlier].fields[*at] == records[row].fields[*at]) {
            folded += 1;
        } else {
            let (one, two) = (records[earlier].line, records[row].line);
            let words = || format!("`{}` stands in line {one} with other values", key.individual);
            conflicts.add_line(|| Place::new(name, two, words()).word(&key.individual));
        }
    }
    if conflicts.total > 0 { Err(tables::key_repeated(name, conflicts)) } else { Ok((kept, folded)) }
}
