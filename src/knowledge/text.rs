//! From bytes to lines and fields: what every text of a prior goes through first.
//!
//! A byte-order mark, CRLF, lone CR and a missing last line end are accepted; UTF-16, NUL bytes
//! and bytes that are not UTF-8 are refused with their line.

use memchr::{memchr, memchr2_iter};

use super::error;
use crate::io::texts::{Format, MARK, MARK_SKIPPED, OPEN_END};
use crate::language::diagnostics::Diagnostic;

/// The text of `bytes` without a byte-order mark.
///
/// # Errors
/// `E0302` for UTF-16, NUL bytes and invalid UTF-8, `E0111` for 4 GB or more.
pub(super) fn decode<'a>(bytes: &'a [u8], file: &str) -> Result<&'a str, Diagnostic> {
    if bytes.len() >= u32::MAX as usize {
        return Err(error::too_large(file));
    }
    if let Some(format) = Format::of(bytes) {
        return Err(error::foreign(file, format.name(), remedy(format)));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(error::utf16(file));
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    if let Some(at) = memchr(0, bytes) {
        return Err(error::nul_byte(file, line_of(bytes, at)));
    }
    std::str::from_utf8(bytes).map_err(|wrong| {
        let at = wrong.valid_up_to();
        error::not_utf8(file, line_of(bytes, at), bytes[at])
    })
}

/// What to do with a file of another format that was taken for a prior.
fn remedy(format: Format) -> &'static str {
    match format {
        Format::Bgzip | Format::Gzip => "unpack it twice: it was compressed twice",
        Format::Zstd => "unpack it: `zstd -d`; gzip and bgzip are read as they are",
        Format::Pgen | Format::Bcf => "genotypes belong in a `genotypes` item; a prior is a text",
        Format::Zip => "save it as tab-separated text",
        Format::Hdf5 => "export it as text",
    }
}

/// What was forgiven in the form of a text, one sentence each.
pub(super) fn forgiven(bytes: &[u8]) -> Vec<String> {
    let is_open = bytes.last().is_some_and(|last| !matches!(last, b'\n' | b'\r'));
    let notes = [(bytes.starts_with(MARK), MARK_SKIPPED), (is_open, OPEN_END)];
    notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, note)| note.to_owned()).collect()
}

/// Lines with their numbers from 1, blank ones too, without line ends.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let end = line_end(text.as_bytes());
    text.split(char::from(end))
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .zip(1_u32..)
        .map(|(line, number)| (number, line))
}

/// A line, cut at its tabs.
pub(super) struct Row<'t> {
    /// Its number, from 1.
    pub number: u32,
    /// The whole line, without its end.
    pub line: &'t str,
    tabs: &'t [u32],
}

impl<'t> Row<'t> {
    /// How many fields it has; at least one.
    pub fn width(&self) -> usize {
        self.tabs.len() + 1
    }

    /// The field at a place below `width`.
    pub fn field(&self, at: usize) -> &'t str {
        let start = if at == 0 { 0 } else { self.tabs[at - 1] as usize + 1 };
        let end = self.tabs.get(at).map_or(self.line.len(), |&tab| tab as usize);
        &self.line[start..end]
    }

    /// Whether nothing but blanks stands there.
    pub fn is_blank(&self) -> bool {
        self.line.trim().is_empty()
    }
}

/// Calls `each` with every line, blank ones too; stops at its first error.
///
/// # Errors
/// Those of `each`.
pub(super) fn each_row<E>(text: &str, mut each: impl FnMut(Row<'_>) -> Result<(), E>) -> Result<(), E> {
    let end = line_end(text.as_bytes());
    let mut tabs: Vec<u32> = Vec::new();
    let (mut start, mut number) = (0, 1);
    let mut give = |start: usize, stop: usize, number: u32, tabs: &mut Vec<u32>| {
        let line = &text[start..stop];
        let line = line.strip_suffix('\r').unwrap_or(line);
        let given = each(Row { number, line, tabs });
        tabs.clear();
        given
    };
    for at in memchr2_iter(b'\t', end, text.as_bytes()) {
        if text.as_bytes()[at] == b'\t' {
            tabs.push((at - start) as u32);
            continue;
        }
        give(start, at, number, &mut tabs)?;
        start = at + 1;
        number += 1;
    }
    if start < text.len() { give(start, text.len(), number, &mut tabs) } else { Ok(()) }
}

/// The byte that ends a line: `\r` only in texts without any `\n`.
pub(super) fn line_end(bytes: &[u8]) -> u8 {
    if memchr(b'\n', bytes).is_some() || memchr(b'\r', bytes).is_none() { b'\n' } else { b'\r' }
}

fn line_of(bytes: &[u8], at: usize) -> u32 {
    let end = line_end(bytes);
    1 + bytes[..at].iter().filter(|&&byte| byte == end).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_line_ends_number_the_same_lines() {
        for text in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc"] {
            assert_eq!(lines(text).collect::<Vec<_>>(), [(1, "a"), (2, "b"), (3, ""), (4, "c")]);
        }
    }

    #[test]
    fn rows_are_lines_with_fields() {
        for text in ["a\tb\n\nc\t\t", "a\tb\r\n\r\nc\t\t\r\n", "a\tb\r\rc\t\t\r"] {
            let mut found = Vec::new();
            let done: Result<(), ()> = each_row(text, |row| {
                let fields: Vec<String> = (0..row.width()).map(|at| row.field(at).to_owned()).collect();
                found.push((row.number, fields.join("|"), row.is_blank()));
                Ok(())
            });
            let expected =
                [(1, "a|b".to_owned(), false), (2, String::new(), true), (3, "c||".to_owned(), false)];
            assert_eq!((done, &found[..]), (Ok(()), &expected[..]));
        }
    }

    #[test]
    fn what_is_forgiven_is_noted() {
        assert_eq!(forgiven(b"a\tb\n"), Vec::<String>::new());
        assert_eq!(forgiven(b"\xef\xbb\xbfa\tb").len(), 2);
        assert_eq!(forgiven(b"a\tb\nc\t").len(), 1);
    }

    #[test]
    fn byte_order_mark_is_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbfgene", "f").expect("is text"), "gene");
    }

    #[test]
    fn what_is_not_text_is_refused_with_its_line() {
        let code = |bytes: &[u8]| decode(bytes, "f.tsv").expect_err("is no text");
        assert_eq!(code(b"\xff\xfeg\0").code.name(), "E0302");
        assert_eq!(code(b"a\nb\0").places[0].address(), "f.tsv:2");
        let latin1 = code(b"a\nb\nMyc\xe9\n");
        assert_eq!(latin1.places[0].address(), "f.tsv:3");
        assert!(latin1.message.contains("0xe9"), "{}", latin1.message);
    }
}
