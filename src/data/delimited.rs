//! Delimited text by RFC 4180: fields in double quotes may hold separators, line ends and doubled
//! quotes. Tab-separated text is read by the same rules, since R and pandas quote it alike.
//!
//! Every record keeps the line it starts on, so that findings point at the right place.

use super::error::tables as error;
use super::text::Text;
use crate::language::diagnostics::Diagnostic;

/// One record.
#[derive(Debug, PartialEq)]
pub(super) struct Record {
    /// Line of its first character, from 1.
    pub line: usize,
    /// Its fields, without quotes and surrounding spaces.
    pub fields: Vec<String>,
}

/// All records of a text, the header among them.
///
/// # Errors
/// `E0302` for a blank line, a quote that is never closed, or text after a closing quote.
pub(super) fn parse(text: &Text, separator: char) -> Result<Vec<Record>, Diagnostic> {
    let mut records = Vec::new();
    let mut scanner = Scanner { name: &text.name, rest: &text.content, line: 1, separator };
    while !scanner.rest.is_empty() {
        let record = scanner.record()?;
        if record.fields.len() == 1 && record.fields[0].is_empty() {
            return Err(super::error::blank_line(&text.name, record.line));
        }
        records.push(record);
    }
    Ok(records)
}

struct Scanner<'a> {
    name: &'a str,
    rest: &'a str,
    line: usize,
    separator: char,
}

impl Scanner<'_> {
    fn record(&mut self) -> Result<Record, Diagnostic> {
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            fields.push(if self.rest.starts_with('"') { self.quoted()? } else { self.plain() });
            if let Some(rest) = self.rest.strip_prefix(self.separator) {
                self.rest = rest;
                continue;
            }
            if let Some(rest) = self.rest.strip_prefix('\n') {
                self.rest = rest;
                self.line += 1;
            }
            return Ok(Record { line, fields });
        }
    }

    fn plain(&mut self) -> String {
        let end = self.rest.find([self.separator, '\n']).unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at(end);
        self.rest = rest;
        field.trim().to_string()
    }

    fn quoted(&mut self) -> Result<String, Diagnostic> {
        let start = self.line;
        let mut field = String::new();
        self.rest = &self.rest[1..];
        loop {
            let Some(end) = self.rest.find('"') else {
                return Err(error::quote_not_closed(self.name, start));
            };
            let (inside, after) = (&self.rest[..end], &self.rest[end + 1..]);
            self.line += inside.matches('\n').count();
            field.push_str(inside);
            match after.strip_prefix('"') {
                Some(rest) => {
                    field.push('"');
                    self.rest = rest;
                }
                None => {
                    self.rest = after;
                    break;
                }
            }
        }
        if self.rest.is_empty() || self.rest.starts_with([self.separator, '\n']) {
            return Ok(field.trim().to_string());
        }
        Err(error::text_after_quote(self.name, self.line))
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::decode;
    use super::*;

    fn fields(content: &str, separator: char) -> Result<Vec<(usize, Vec<String>)>, Diagnostic> {
        let text = decode("t.csv", content.as_bytes()).expect("a readable text");
        Ok(parse(&text, separator)?.into_iter().map(|record| (record.line, record.fields)).collect())
    }

    #[test]
    fn quotes_hold_separators_line_ends_and_quotes() {
        let read = fields("a,b\r\n\"x, y\",\"1\n2\"\n\"say \"\"so\"\"\", 7 \n,", ',').expect("records");
        let own = |line, fields: [&str; 2]| (line, fields.map(String::from).to_vec());
        let wanted =
            [own(1, ["a", "b"]), own(2, ["x, y", "1\n2"]), own(4, ["say \"so\"", "7"]), own(5, ["", ""])];
        assert_eq!(read, wanted);
    }

    #[test]
    fn broken_quotes_and_blank_lines_have_a_place() {
        let place = |content| fields(content, ',').expect_err("a finding").places[0].address();
        assert_eq!(place("a,b\n\"x,1\ny,2"), "t.csv:2");
        assert_eq!(place("a,b\n\"x\"y,1"), "t.csv:2");
        assert_eq!(place("a,b\n\nx,1"), "t.csv:2");
    }
}
