//! Text files as they come from Windows, spreadsheets and old tools.
//!
//! After [`decode`] a text is UTF-8 without byte-order mark, its lines end in `\n`, and no blank
//! line stands at its end. What was forgiven is noted; what could hide a sample is refused.

use super::error;
use super::sniff::foreign;
use crate::io::texts::{MARK, MARK_SKIPPED, OPEN_END};
use crate::language::diagnostics::Diagnostic;

/// A text that is safe to split into lines.
#[derive(Debug)]
pub(super) struct Text {
    /// The name shown in messages.
    pub name: String,
    /// The whole text; every line but the last ends in `\n`.
    pub content: String,
    /// What was forgiven, one sentence each.
    pub notes: Vec<String>,
}

impl Text {
    /// Lines with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.content.split('\n').enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether nothing but blank lines was there.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// The first line without any text; blank lines at the end were already dropped.
    pub fn blank_line(&self) -> Option<usize> {
        let blank = |(_, line): &(usize, &str)| line.trim().is_empty();
        if self.is_empty() { None } else { self.lines().find(blank).map(|(number, _)| number) }
    }
}

/// Makes a text of bytes.
///
/// # Errors
/// `E0302` for compressed or foreign formats, UTF-16, NUL bytes and text that is not UTF-8.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<Text, Diagnostic> {
    if let Some(kind) = foreign(bytes) {
        return Err(error::foreign_text(name, kind));
    }
    if is_utf16(bytes) {
        return Err(error::utf16(name));
    }
    let mut notes = Vec::new();
    let body = match bytes.strip_prefix(MARK) {
        Some(rest) => {
            notes.push(MARK_SKIPPED.into());
            rest
        }
        None => bytes,
    };
    if let Some(at) = body.iter().position(|byte| *byte == 0) {
        return Err(error::nul_byte(name, line_of(body, at), column_of(body, at)));
    }
    let text = std::str::from_utf8(body).map_err(|failed| {
        let at = failed.valid_up_to();
        let shown: Vec<String> = body[at..].iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        error::not_utf8(name, line_of(body, at), at + bytes.len() - body.len(), &shown.join(" "))
    })?;
    let mut content = unix_lines(text, &mut notes);
    drop_blank_end(&mut content, &mut notes);
    Ok(Text { name: name.to_string(), content, notes })
}

/// A mark of UTF-16, or a text whose every other byte is NUL.
fn is_utf16(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return true;
    }
    let start = &bytes[..bytes.len().min(64)];
    let nul = |odd: usize| start.iter().skip(odd).step_by(2).all(|byte| *byte == 0);
    start.len() >= 4 && nul(0) != nul(1)
}

fn unix_lines(text: &str, notes: &mut Vec<String>) -> String {
    if !text.contains('\r') {
        return text.to_string();
    }
    let windows = text.matches("\r\n").count();
    let alone = text.matches('\r').count() - windows;
    let kind = if windows >= alone { "Windows (CR LF)" } else { "old Macintosh (CR)" };
    notes.push(format!("line ends are {kind}; they were read as line ends"));
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn drop_blank_end(content: &mut String, notes: &mut Vec<String>) {
    if content.ends_with('\n') {
        content.pop();
    } else if content.rsplit('\n').next().is_some_and(|last| !last.trim().is_empty()) {
        notes.push(OPEN_END.into());
    }
    let mut dropped = 0;
    loop {
        let start = content.rfind('\n').map_or(0, |at| at + 1);
        if content.is_empty() || !content[start..].trim().is_empty() {
            break;
        }
        content.truncate(start.saturating_sub(1));
        dropped += 1;
    }
    if dropped > 0 {
        notes.push(format!("{dropped} blank line{} at the end ignored", if dropped == 1 { "" } else { "s" }));
    }
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    let ends = bytes[..at].iter().enumerate().filter(|(index, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.count() + 1
}

fn column_of(bytes: &[u8], at: usize) -> usize {
    let start = bytes[..at].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
    at - start + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_foreign_line_ends_are_forgiven_and_noted() {
        let text = decode("a.fam", b"\xEF\xBB\xBFa b\r\nc d\r\n\r\n  \r\n").expect("a readable text");
        assert_eq!(text.content, "a b\nc d");
        assert_eq!(text.notes.len(), 3);
        let old = decode("a.fam", b"a\rb\r").expect("a readable text");
        assert_eq!(old.lines().collect::<Vec<_>>(), [(1, "a"), (2, "b")]);
    }

    #[test]
    fn what_could_hide_a_sample_is_refused_with_its_place() {
        let nul = decode("a.fam", b"ab\nc\0d").expect_err("a NUL byte");
        assert_eq!(nul.places[0].address(), "a.fam:2:2");
        let bad = decode("a.fam", b"ab\n\xFFc").expect_err("not UTF-8");
        assert_eq!(bad.places[0].address(), "a.fam:2");
        assert!(bad.message.contains("ff 63"), "{}", bad.message);
        for wide in [&b"\xFF\xFEa\0b\0"[..], b"a\0b\0c\0", b"\0a\0b\0c"] {
            assert!(decode("a.fam", wide).expect_err("UTF-16").message.contains("UTF-16"));
        }
    }

    #[test]
    fn a_last_line_without_an_end_is_noted() {
        let notes = |bytes: &[u8]| decode("a.tsv", bytes).expect("a readable text").notes;
        assert_eq!(notes(b"a\t1\nb\t0.123\n"), Vec::<String>::new());
        assert_eq!(notes(b"a\t1\nb\t0.1"), [OPEN_END]);
        assert!(notes(b"").is_empty() && notes(b"a\n  ") == ["1 blank line at the end ignored"]);
    }

    #[test]
    fn a_text_of_blank_lines_is_empty() {
        assert!(decode("a.fam", b"\n\n \n").expect("a readable text").is_empty());
        assert_eq!(decode("a.fam", b"a\n\nb\n").expect("a readable text").blank_line(), Some(2));
    }
}
