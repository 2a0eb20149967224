//! From bytes to lines: what every text of a prior goes through first.
//!
//! A byte-order mark, CRLF, lone CR and a missing last line end are accepted; compressed
//! files, UTF-16, NUL bytes and bytes that are not UTF-8 are refused with their line.

use super::error;
use crate::language::diagnostics::Diagnostic;

/// The text of `bytes` without a byte-order mark.
///
/// # Errors
/// `E0113` for gzip, `E0302` for UTF-16, NUL bytes and invalid UTF-8.
pub(super) fn decode<'a>(bytes: &'a [u8], file: &str) -> Result<&'a str, Diagnostic> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(error::compressed(file));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(error::utf16(file));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(error::nul_byte(file, line_of(bytes, at)));
    }
    std::str::from_utf8(bytes).map_err(|wrong| {
        let at = wrong.valid_up_to();
        error::not_utf8(file, line_of(bytes, at), bytes[at])
    })
}

/// Lines with their numbers from 1, blank ones too, without line ends.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let end = line_end(text.as_bytes());
    text.split(char::from(end))
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .zip(1_u32..)
        .map(|(line, number)| (number, line))
}

/// The byte that ends a line: `\r` only in texts without any `\n`.
pub(super) fn line_end(bytes: &[u8]) -> u8 {
    if bytes.contains(&b'\n') || !bytes.contains(&b'\r') { b'\n' } else { b'\r' }
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
    fn byte_order_mark_is_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbfgene", "f").expect("is text"), "gene");
    }

    #[test]
    fn what_is_not_text_is_refused_with_its_line() {
        let code = |bytes: &[u8]| decode(bytes, "f.tsv").expect_err("is no text");
        assert_eq!(code(b"\x1f\x8b\x08").code.name(), "E0113");
        assert_eq!(code(b"\xff\xfeg\0").code.name(), "E0302");
        assert_eq!(code(b"a\nb\0").places[0].address(), "f.tsv:2");
        let latin1 = code(b"a\nb\nMyc\xe9\n");
        assert_eq!(latin1.places[0].address(), "f.tsv:3");
        assert!(latin1.message.contains("0xe9"), "{}", latin1.message);
    }
}
