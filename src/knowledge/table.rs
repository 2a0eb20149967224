//! Rows of a TSV or CSV file with a header, reduced to the columns that are asked for.
//!
//! CSV follows RFC 4180. TSV has no escapes; fields wrapped in double quotes, as R writes
//! them, are unwrapped. Lines that start with `#` and blank lines are skipped.

use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Format;

use super::error::{self, Faults};
use super::text::{each_row, line_end};

/// No reader asks for more columns.
const MOST_WANTED: usize = 8;
const HELP: &str = "correct these lines: each needs as many columns as the header, with values that fit them";

/// Calls `each` with the line number and the wanted columns of every row.
///
/// What `each` returns as an error becomes part of one `E0302`.
///
/// # Errors
/// `E0302` for ragged rows and what `each` refuses, `E0303` for a column that is missing.
pub(super) fn read_columns(
    text: &str,
    format: Format,
    file: &str,
    wanted: &[&str],
    mut each: impl FnMut(u32, &[&str]) -> Result<(), String>,
) -> Result<(), Diagnostics> {
    let mut rows = Rows { text, file, wanted, columns: None, faults: Faults::default() };
    if format == Format::Csv {
        rows.read_csv(&mut each)?;
    } else {
        rows.read_tsv(&mut each)?;
    }
    if rows.columns.is_none() {
        return Err(error::empty(file, "header").into());
    }
    rows.faults.into_diagnostic(file, HELP).map_or(Ok(()), |found| Err(found.into()))
}

struct Rows<'a> {
    text: &'a str,
    file: &'a str,
    wanted: &'a [&'a str],
    /// Where the wanted columns stand, and how many there are in all.
    columns: Option<(Vec<usize>, usize)>,
    faults: Faults,
}

impl Rows<'_> {
    fn read_tsv(
        &mut self,
        each: &mut impl FnMut(u32, &[&str]) -> Result<(), String>,
    ) -> Result<(), Diagnostics> {
        each_row(self.text, |row| {
            if row.line.starts_with('#') || row.is_blank() {
                return Ok(());
            }
            let Some((places, width)) = &self.columns else {
                let header: Vec<&str> = (0..row.width()).map(|at| unquoted(row.field(at))).collect();
                return self.header(row.number, &header);
            };
            if row.width() != *width {
                self.faults.add(row.number, ragged(row.width(), *width));
                return Ok(());
            }
            let mut values = [""; MOST_WANTED];
            for (value, place) in values.iter_mut().zip(places) {
                *value = unquoted(row.field(*place));
            }
            if let Err(what) = each(row.number, &values[..places.len()]) {
                self.faults.add(row.number, what);
            }
            Ok(())
        })
    }

    fn read_csv(
        &mut self,
        each: &mut impl FnMut(u32, &[&str]) -> Result<(), String>,
    ) -> Result<(), Diagnostics> {
        // The csv crate ends comments at `\n` alone.
        let with_newlines = (line_end(self.text.as_bytes()) == b'\r').then(|| self.text.replace('\r', "\n"));
        let text = with_newlines.as_deref().unwrap_or(self.text);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let mut lines = LineCounter::new(text);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|_| error::empty(self.file, "readable rows"))? {
            let line = lines.of(record.position().map_or(0, csv::Position::byte) as usize);
            if record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let Some((places, width)) = &self.columns else {
                let header: Vec<&str> = record.iter().collect();
                self.header(line, &header)?;
                continue;
            };
            if record.len() != *width {
                self.faults.add(line, ragged(record.len(), *width));
                continue;
            }
            let values: Vec<&str> = places.iter().map(|&place| &record[place]).collect();
            if let Err(what) = each(line, &values) {
                self.faults.add(line, what);
            }
        }
        Ok(())
    }

    fn header(&mut self, line: u32, header: &[&str]) -> Result<(), Diagnostics> {
        let places = find_columns(self.text, self.file, line, header, self.wanted)?;
        self.columns = Some((places, header.len()));
        Ok(())
    }
}

/// The names in the header of a csv file; empty when there is none.
pub(super) fn header(text: &str) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).comment(Some(b'#')).from_reader(text.as_bytes());
    let first = reader.records().next().and_then(Result::ok);
    first.map(|record| record.iter().map(str::to_owned).collect()).unwrap_or_default()
}

fn ragged(found: usize, wanted: usize) -> String {
    format!("{} where the header has {wanted}", error::counted(found, "column"))
}

fn find_columns(
    text: &str,
    file: &str,
    line: u32,
    header: &[&str],
    wanted: &[&str],
) -> Result<Vec<usize>, Diagnostics> {
    let mut found = Diagnostics::default();
    let mut places = Vec::new();
    for column in wanted {
        let times = header.iter().filter(|name| *name == column).count();
        if times == 1 {
            places.extend(header.iter().position(|name| name == column));
        } else {
            let header: Vec<String> = header.iter().map(ToString::to_string).collect();
            let missing = error::column_missing(file, line, column, &header, times);
            let is_comment = comments(text).any(|comment| comment.contains(*column));
            found.push(if is_comment { missing.help(error::HEADER_IN_COMMENT) } else { missing });
        }
    }
    found.ok(places).map(|(places, _)| places)
}

// The lines above the first row that is no comment.
fn comments(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| line.starts_with('#') || line.trim().is_empty())
}

fn unquoted(field: &str) -> &str {
    if !field.starts_with('"') {
        return field;
    }
    field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(field)
}

/// Line numbers of ascending byte offsets, past skipped lines.
struct LineCounter<'t> {
    bytes: &'t [u8],
    at: usize,
    line: u32,
}

impl<'t> LineCounter<'t> {
    fn new(text: &'t str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    // The offset may lie on blank or comment lines that the reader skipped.
    fn of(&mut self, offset: usize) -> u32 {
        while self.at < offset.min(self.bytes.len()) {
            self.step();
        }
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => self.step(),
                b'#' => {
                    while self.bytes.get(self.at).is_some_and(|&byte| byte != b'\n') {
                        self.step();
                    }
                }
                _ => break,
            }
        }
        self.line
    }

    fn step(&mut self) {
        self.line += u32::from(self.bytes[self.at] == b'\n');
        self.at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, format: Format) -> Result<Vec<(u32, String)>, Diagnostics> {
        let mut found = Vec::new();
        read_columns(text, format, "f", &["b"], |line, values| {
            found.push((line, values[0].to_owned()));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn line_numbers_survive_blank_lines_comments_and_line_ends() {
        let expected = vec![(3, "x".to_owned()), (6, "y".to_owned())];
        let text = "# made by hand\na\tb\n1\tx\n\n# more\n2\ty\n";
        for ending in ["\n", "\r\n", "\r"] {
            assert_eq!(rows(&text.replace('\n', ending), Format::Tsv).expect("reads"), expected);
        }
    }

    #[test]
    fn csv_fields_may_hold_commas_and_line_ends() {
        let text = "a,b\n\"one,\ntwo\",x\n3,\"y \"\"z\"\"\"\n";
        let expected = vec![(2, "x".to_owned()), (4, "y \"z\"".to_owned())];
        assert_eq!(rows(text, Format::Csv).expect("reads"), expected);
    }

    #[test]
    fn quotes_in_tsv_swallow_nothing() {
        let found = rows("\"a\"\t\"b\"\n\"open\tx\n1\t\"y\"\n", Format::Tsv).expect("reads");
        assert_eq!(found, vec![(2, "x".to_owned()), (3, "y".to_owned())]);
    }

    #[test]
    fn ragged_rows_are_one_finding_with_lines() {
        let found = rows("a\tb\n1\n2\tx\n3\ty\tz\n", Format::Tsv).expect_err("is ragged");
        let all: Vec<_> = found.iter().collect();
        assert_eq!(all.len(), 1);
        assert!(all[0].message.contains("2 lines"), "{}", all[0].message);
        assert_eq!(all[0].places.iter().map(|place| place.line).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn a_header_behind_a_hash_is_pointed_at() {
        let found = rows("#a\tb\n1\tx\n", Format::Tsv).expect_err("has no header");
        assert!(found.iter().all(|d| d.help.as_deref() == Some(error::HEADER_IN_COMMENT)), "{found:?}");
    }

    #[test]
    fn missing_and_doubled_columns_are_named() {
        for (text, word) in
            [("a\tc\n1\t2\n", "no column `b`"), ("b\tb\n1\t2\n", "2 times"), ("", "no header")]
        {
            let found = rows(text, Format::Tsv).expect_err("cannot be read");
            assert!(found.iter().any(|d| d.message.contains(word)), "{found:?}");
        }
    }
}
