//! The cells of a column as values of its declared type.
//!
//! What fits the type nowhere is gathered over all columns and reported at the end, first five
//! and the total.

use super::delimited::Record;
use super::error::tables::CellHint;
use super::error::{Found, tables};
use super::table::ColumnReport;
use super::values::ColumnData;
use crate::language::diagnostics::{Diagnostics, Place};
use crate::language::spec::{Column, ColumnKind, Table};
use indexmap::IndexMap;

/// The cells of a table, and what was found wrong with them so far.
pub(super) struct Cells<'a> {
    name: &'a str,
    table: &'a Table,
    records: &'a [&'a Record],
    mistyped: Found,
    hint: Option<CellHint>,
    minus_nine: IndexMap<String, usize>,
    found: Diagnostics,
}

impl<'a> Cells<'a> {
    pub fn new(name: &'a str, table: &'a Table, records: &'a [&'a Record]) -> Self {
        let (mistyped, found) = (Found::default(), Diagnostics::default());
        Self { name, table, records, mistyped, hint: None, minus_nine: IndexMap::new(), found }
    }

    /// Everything found, once all columns are read.
    pub fn finish(mut self) -> Diagnostics {
        if self.mistyped.total > 0 {
            self.found.push(tables::cells_mistyped(self.name, self.mistyped, self.hint));
        }
        if !self.minus_nine.is_empty() {
            self.found.push(tables::minus_nine(self.name, &self.minus_nine, &self.table.missing));
        }
        self.found
    }

    fn text(&self, row: usize, at: usize) -> &'a str {
        &self.records[row].fields[at]
    }

    fn refuse(&mut self, row: usize, at: usize, column: &str, wanted: &str) {
        let (line, value) = (self.records[row].line, self.text(row, at));
        // A point is amiss only where the table says that numbers have commas.
        let fits = |hint: &CellHint| *hint != CellHint::DecimalPoint || self.table.decimal == ',';
        self.hint = self.hint.or_else(|| CellHint::of(value).filter(fits));
        let name = self.name;
        self.mistyped.add_line(|| {
            Place::new(name, line, format!("column `{column}`: `{value}` is not {wanted}")).word(value)
        });
    }
}

/// Reads a column as its declared type.
pub(super) fn read(cells: &mut Cells<'_>, at: usize, column: &Column) -> (ColumnData, ColumnReport) {
    let (present, mut missing) = present(cells, at, column.kind != ColumnKind::Categorical);
    let name = &column.name.value;
    let (values, mapping) = match column.kind {
        ColumnKind::Continuous | ColumnKind::Ordinal => {
            (numbers(cells, at, name, &present, column.kind), None)
        }
        ColumnKind::Count => (numbers(cells, at, name, &present, column.kind), None),
        ColumnKind::Categorical => (categories(cells, at, &present), None),
        ColumnKind::Binary => binary(cells, at, column, &present, &mut missing),
    };
    let observed = values.observed();
    (values, ColumnReport { name: name.clone(), observed, missing, mapping })
}

/// Reads the column of weights: every record needs one, and none is negative.
pub(super) fn read_weights(cells: &mut Cells<'_>, at: usize, name: &str) -> Vec<f64> {
    let rows = 0..cells.records.len();
    rows.map(|row| match number(cells.text(row, at), cells.table.decimal) {
        Some(weight) if weight >= 0.0 => weight,
        _ => {
            cells.refuse(row, at, name, "a weight (a number, 0 or above)");
            0.0
        }
    })
    .collect()
}

/// For each record whether it has a value, and the texts that stood for none, counted.
///
/// In a numeric column a code that is a number stands for all its spellings: `-9` for `-9.0`.
fn present(cells: &Cells<'_>, at: usize, numeric: bool) -> (Vec<bool>, Vec<(String, usize)>) {
    let value = |text: &str| if numeric { number(text, cells.table.decimal) } else { None };
    let codes: Vec<f64> = cells.table.missing.iter().filter_map(|code| value(code)).collect();
    let is_code = |text: &str| {
        cells.table.missing.iter().any(|code| code == text)
            || (!codes.is_empty() && value(text).is_some_and(|value| codes.contains(&value)))
    };
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    let rows = 0..cells.records.len();
    let present = rows
        .map(|row| {
            let text = cells.text(row, at);
            let missing = text.is_empty() || is_code(text);
            if missing {
                *counts.entry(text).or_default() += 1;
            }
            !missing
        })
        .collect();
    (present, counts.into_iter().map(|(text, count)| (text.to_string(), count)).collect())
}

fn numbers(cells: &mut Cells<'_>, at: usize, name: &str, present: &[bool], kind: ColumnKind) -> ColumnData {
    let mut values = vec![f64::NAN; present.len()];
    let mut minus_nine = 0;
    for row in (0..present.len()).filter(|row| present[*row]) {
        let count = kind == ColumnKind::Count;
        let fits = |value: &f64| !count || (*value >= 0.0 && value.fract() == 0.0);
        match number(cells.text(row, at), cells.table.decimal).filter(fits) {
            Some(value) => {
                values[row] = value;
                minus_nine += usize::from(value == -9.0);
            }
            None if count => cells.refuse(row, at, name, "a count (0, 1, 2, …)"),
            None => cells.refuse(row, at, name, "a finite number"),
        }
    }
    if minus_nine > 0 {
        cells.minus_nine.insert(name.to_string(), minus_nine);
    }
    ColumnData::Numeric(values)
}

fn categories(cells: &Cells<'_>, at: usize, present: &[bool]) -> ColumnData {
    let rows = || (0..present.len()).filter(|row| present[*row]);
    let mut levels: Vec<&str> = rows().map(|row| cells.text(row, at)).collect();
    levels.sort_unstable();
    levels.dedup();
    let mut codes = vec![None; present.len()];
    for row in rows() {
        codes[row] = levels.binary_search(&cells.text(row, at)).ok().map(|level| level as u32);
    }
    ColumnData::Categorical { levels: levels.into_iter().map(String::from).collect(), codes }
}

/// 0 and 1 from `0/1`, from PLINK's `1/2`, or from two texts of which one is the `case`.
///
/// PLINK's −9 is added to `missing`.
fn binary(
    cells: &mut Cells<'_>,
    at: usize,
    column: &Column,
    present: &[bool],
    missing: &mut Vec<(String, usize)>,
) -> (ColumnData, Option<String>) {
    let ColumnData::Categorical { levels, codes } = categories(cells, at, present) else {
        return (ColumnData::Numeric(Vec::new()), None);
    };
    let coding = match &column.case {
        Some(case) => coding_by_case(&levels, case),
        None => coding_by_number(&levels, cells.table.decimal),
    };
    let Some(coding) = coding else {
        cells.found.push(tables::binary_unclear(cells.name, column, &levels));
        return (ColumnData::Numeric(vec![f64::NAN; present.len()]), None);
    };
    let values = codes.iter().map(|code| code.map_or(f64::NAN, |code| coding[code as usize])).collect();
    for (at, level) in levels.iter().enumerate().filter(|(at, _)| coding[*at].is_nan()) {
        missing.push((level.clone(), codes.iter().filter(|code| **code == Some(at as u32)).count()));
    }
    let shown = |(level, value): (&String, &f64)| match value.is_nan() {
        true => format!("{level} → missing"),
        false => format!("{level} → {value}"),
    };
    let mapping: Vec<String> = levels.iter().zip(&coding).map(shown).collect();
    (ColumnData::Numeric(values), Some(mapping.join(", ")))
}

fn coding_by_case(levels: &[String], case: &str) -> Option<Vec<f64>> {
    let known = levels.len() <= 2 && (levels.is_empty() || levels.iter().any(|level| level == case));
    known.then(|| levels.iter().map(|level| f64::from(u8::from(level == case))).collect())
}

/// `None` where the numbers fit both codings, or neither: {0, 1, 2}, {1} alone, texts.
fn coding_by_number(levels: &[String], decimal: char) -> Option<Vec<f64>> {
    let numbers: Option<Vec<f64>> = levels.iter().map(|level| number(level, decimal)).collect();
    let numbers = numbers?;
    let within = |allowed: &[f64]| numbers.iter().all(|value| *value == -9.0 || allowed.contains(value));
    let holds = |value: f64| numbers.contains(&value);
    let offset = match (within(&[0.0, 1.0]), within(&[1.0, 2.0])) {
        (true, _) if holds(0.0) || !holds(1.0) => 0.0,
        (_, true) if holds(2.0) => 1.0,
        _ => return None,
    };
    Some(numbers.iter().map(|value| if *value == -9.0 { f64::NAN } else { value - offset }).collect())
}

/// A finite decimal number; `nan`, `inf` and what overflows are none.
fn number(text: &str, decimal: char) -> Option<f64> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | 'e' | 'E') || c == decimal;
    if !text.chars().all(plain) {
        return None;
    }
    let value = if decimal == '.' { text.parse() } else { text.replace(decimal, ".").parse() };
    value.ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_finite_and_use_the_declared_mark() {
        assert_eq!(number("-1.5e2", '.'), Some(-150.0));
        assert_eq!(number("1,5", ','), Some(1.5));
        for text in ["nan", "inf", "1e400", "1,5", "x", "", "1.2.3", "infinity"] {
            assert_eq!(number(text, '.'), None, "{text}");
        }
        assert_eq!(number("1.5", ','), None);
    }

    #[test]
    fn binary_codings_are_told_apart_or_refused() {
        let coded = |levels: &[&str]| {
            let levels: Vec<String> = levels.iter().map(|level| level.to_string()).collect();
            coding_by_number(&levels, '.')
        };
        assert_eq!(coded(&["0", "1"]), Some(vec![0.0, 1.0]));
        assert_eq!(coded(&["1", "2"]), Some(vec![0.0, 1.0]));
        assert_eq!(coded(&["2"]), Some(vec![1.0]));
        let with_nine = coded(&["-9", "1", "2"]).expect("PLINK's coding");
        assert!(with_nine[0].is_nan() && with_nine[1..] == [0.0, 1.0]);
        for unclear in [&["0", "1", "2"][..], &["1"], &["0", "2"], &["no", "yes"], &["0", "0.5"]] {
            assert_eq!(coded(unclear), None, "{unclear:?}");
        }
        let texts = ["no".to_string(), "yes".to_string()];
        assert_eq!(coding_by_case(&texts, "yes"), Some(vec![0.0, 1.0]));
        assert_eq!(coding_by_case(&texts, "Yes"), None);
    }
}
