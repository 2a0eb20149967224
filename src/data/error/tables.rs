//! Wording: tables of samples × columns.

use super::{Found, counted};
use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, Place, listed};
use crate::language::spec::{Column, Name};
use indexmap::IndexMap;

/// What a cell of the wrong type looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellHint {
    /// `1,5`
    DecimalComma,
    /// `1.5` in a table with decimal commas
    DecimalPoint,
    /// `nan`, `inf`, `1e400`
    NotFinite,
}

impl CellHint {
    /// The hint that a cell gives.
    #[must_use]
    pub fn of(cell: &str) -> Option<Self> {
        let digits = cell.chars().any(|c| c.is_ascii_digit());
        let numeric =
            |mark: char| cell.chars().all(|c| c.is_ascii_digit() || "+-eE".contains(c) || c == mark);
        let parsed: Option<f64> = cell.parse().ok();
        match parsed {
            Some(value) if !value.is_finite() => Some(Self::NotFinite),
            Some(_) if digits && cell.contains('.') => Some(Self::DecimalPoint),
            None if digits && cell.contains(',') && numeric(',') => Some(Self::DecimalComma),
            _ => None,
        }
    }
}

/// A header with one column that holds another separator.
pub fn other_separator(name: &str, expected: char, seen: &str) -> Diagnostic {
    let (format, wanted) = if expected == ',' { ("csv", "commas") } else { ("tsv", "tabs") };
    let message = format!("the header of `{name}` has no {wanted}, but {seen}");
    let found = Diagnostic::new(Code::E0302, message).within(Place::new(name, 1, "the header"));
    match (format, seen) {
        ("tsv", "commas") => found.help("declare it `from csv`"),
        ("csv", "tabs") => found.help("declare it `from tsv`"),
        _ => {
            found.help(format!("`from {format}` separates columns by {wanted}: save the file with {wanted}"))
        }
    }
}

/// A quote that is never closed.
pub fn quote_not_closed(name: &str, line: usize) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("a double quote in `{name}` is never closed"))
        .within(Place::new(name, line, "opens in this record"))
        .help("close it, or double a quote that belongs to the text (`\"\"`)")
}

/// Text between a closing quote and the next separator.
pub fn text_after_quote(name: &str, line: usize) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("text follows a closing double quote in `{name}`"))
        .within(Place::new(name, line, "in this record"))
        .help("quote the whole field, and double quotes inside it (`\"\"`)")
}

/// Records with more or fewer columns than the header.
pub fn ragged(name: &str, expected: usize, found: Found) -> Diagnostic {
    let message =
        format!("{} of `{name}` without the header's {expected} columns", counted(found.total, "record"));
    found
        .on(Diagnostic::new(Code::E0302, message))
        .help("complete the lines; an unknown value is written `NA`, not left out")
}

/// Records without a key.
pub fn key_empty(name: &str, found: Found) -> Diagnostic {
    let message = format!("{} of `{name}` have no sample id", counted(found.total, "record"));
    found.on(Diagnostic::new(Code::E0302, message)).help("give each record its id, or delete the line")
}

/// A column that the header does not have.
pub fn column_missing(file: &str, column: &str, header: &[String]) -> Diagnostic {
    let message = format!("`{file}` has no column `{column}`");
    let found = Diagnostic::new(Code::E0303, message)
        .within(Place::new(file, 1, "the header"))
        .note(format!("its columns are {}", listed(header, 5)));
    let numbers = header.iter().filter(|field| field.parse::<f64>().is_ok()).count();
    if numbers > 0 {
        return found
            .note("numbers stand in the first line: it may be data")
            .help("the first line must name the columns, such as `IID<TAB>height`: add a header line");
    }
    match did_you_mean(column, header.iter().map(String::as_str)) {
        Some(near) => found.help(near),
        None => found.help("correct the name, or the path of the table"),
    }
}

/// A column whose name stands twice in the header.
pub fn column_twice(file: &str, name: &Name) -> Diagnostic {
    Diagnostic::new(Code::E0303, format!("two columns of `{file}` are called `{}`", name.value))
        .within(Place::new(file, 1, "the second").word(&name.value))
        .at(name.span, "which one is meant?")
        .help("rename one of them in the file")
}

/// Cells that are not of their column's type.
pub fn cells_mistyped(name: &str, found: Found, hint: Option<CellHint>) -> Diagnostic {
    let values = counted(found.total, "value");
    let (are, their) = if found.total == 1 { ("is", "its") } else { ("are", "their") };
    let message = format!("{values} of `{name}` {are} not of the type of {their} column");
    let help = match hint {
        Some(CellHint::DecimalComma) => {
            "if the decimal mark is a comma, write `decimal = \",\"` in the table"
        }
        Some(CellHint::DecimalPoint) => {
            "the table declares `decimal = \",\"`: write all numbers with one mark"
        }
        Some(CellHint::NotFinite) => "a missing value is written `NA`; infinite values have no meaning here",
        None => {
            "if the text means \"missing\", add it to the table: `missing = [\"NA\", \"…\"]`; else correct it"
        }
    };
    found.on(Diagnostic::new(Code::E0303, message)).help(help)
}

/// −9 read as a number.
pub fn minus_nine(name: &str, counts: &IndexMap<String, usize>, missing: &[String]) -> Diagnostic {
    let total: usize = counts.values().sum();
    let message = format!("−9 stands {} in `{name}` and is read as a number", times(total));
    let mut found = Diagnostic::new(Code::W0611, message);
    for (column, count) in counts.iter().take(5) {
        found = found.note(format!("column `{column}`: {}", times(*count)));
    }
    if counts.len() > 5 {
        found = found.note(format!("and {} more columns", counts.len() - 5));
    }
    let codes: Vec<String> = missing.iter().map(|code| format!("\"{code}\"")).collect();
    let codes = codes.into_iter().chain(["\"-9\"".to_string()]).collect::<Vec<_>>().join(", ");
    found.help(format!("if it means \"missing\", write `missing = [{codes}]` in the table"))
}

/// A key that stands in several different records.
pub fn key_repeated(name: &str, found: Found) -> Diagnostic {
    let message = format!(
        "{} of `{name}` {} a sample with other values",
        counted(found.total, "record"),
        if found.total == 1 { "repeats" } else { "repeat" }
    );
    found.on(Diagnostic::new(Code::E0304, message)).help(
        "keep one record a sample, such as its mean; or write `records = repeated` in the table, if each is an observation of its own",
    )
}

/// A binary column whose coding cannot be told.
pub fn binary_unclear(name: &str, column: &Column, levels: &[String]) -> Diagnostic {
    let message =
        format!("the binary column `{}` of `{name}` has the values {}", column.name.value, listed(levels, 5));
    let found = Diagnostic::new(Code::E0607, message).at(column.name.span, "declared binary");
    let found = match &column.case {
        Some(case) => found.note(format!("`case = \"{case}\"` must be one of two values")),
        None => found.note("`0`/`1` is read as control/case, and so is `1`/`2` (with `0` then unclear)"),
    };
    match levels {
        [_, case] | [case] => found.help(format!("say which value is a case: `case = \"{case}\"`")),
        _ => found.help(
            "list what means \"missing\" (`missing = [\"NA\", \"0\"]`), or declare the column `categorical`",
        ),
    }
}

fn times(count: usize) -> String {
    if count == 1 { "once".into() } else { format!("{count} times") }
}
