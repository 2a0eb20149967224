//! The lines of data files that findings point at, looked up once there is something to say.
//!
//! A file that has gone, or that is no text, leaves a finding with file and line number alone.

use crate::io::{World, gzip};
use crate::language::diagnostics::{Diagnostics, Place};
use std::collections::BTreeMap;
use std::path::Path;

/// Gives every place its line of text.
pub fn look_up(world: &dyn World, found: Diagnostics) -> Diagnostics {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut out = Diagnostics::default();
    for mut finding in found {
        for place in finding.places.iter_mut().filter(|place| place.content.is_none()) {
            let bytes =
                files.entry(place.file.clone()).or_insert_with(|| text_of(world, Path::new(&place.file)));
            fill(place, bytes);
        }
        out.push(finding);
    }
    out
}

/// The file, unpacked; empty where it cannot be read.
fn text_of(world: &dyn World, path: &Path) -> Vec<u8> {
    world.read(path).ok().and_then(|bytes| gzip::unpacked(bytes).ok()).unwrap_or_default()
}

fn fill(place: &mut Place, bytes: &[u8]) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(line) = line_of(bytes, place.line).filter(|_| !bytes.is_empty()) {
        place.look_up(&String::from_utf8_lossy(line));
    }
}

/// A line by its number, from 1; lines end in `\n`, in `\r\n`, or, where there is no `\n`, in `\r`.
fn line_of(bytes: &[u8], number: usize) -> Option<&[u8]> {
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    let line = bytes.split(|byte| *byte == end).nth(number.checked_sub(1)?)?;
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::look_up;
    use crate::io::MemoryWorld;
    use crate::language::diagnostics::{Code, Diagnostic, Place};

    fn content(bytes: &[u8], line: usize) -> Option<String> {
        let world = MemoryWorld::default().with("f", bytes);
        let finding = Diagnostic::new(Code::E0302, "m").within(Place::new("f", line, ""));
        look_up(&world, finding.into()).into_iter().next().and_then(|found| found.places[0].content.clone())
    }

    #[test]
    fn lines_have_the_numbers_that_readers_give_them() {
        for text in ["\u{feff}a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc"] {
            let found: Vec<_> = (1..=4).map(|line| content(text.as_bytes(), line)).collect();
            let wanted = ["a", "b", "", "c"].map(|line| Some(line.to_owned()));
            assert_eq!(found, wanted, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_text_or_not_there_has_no_line() {
        assert_eq!(content(b"a\n", 9), None);
        assert_eq!(content(b"a\n", 0), None);
        assert_eq!(content(b"\x1f\x8b\x08\n", 1), None);
        assert_eq!(content(b"\xff\tb\n", 1), Some("\u{fffd}\tb".to_owned()));
    }
}
