//! Lists of samples: one id a line, as individuals are named (`IID`), without a header.
//!
//! Blank lines and lines that start with `#` are none.

use super::error::{self, Found};
use super::{InputFile, input, text};
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use std::path::Path;

/// Reads a list of sample ids.
///
/// # Errors
/// `E0301` unreadable, `E0302` for what is no text, several ids on a line, or no id at all.
pub fn read_id_list(world: &dyn World, path: &Path) -> Result<(Vec<String>, InputFile), Diagnostic> {
    let (bytes, mut file) = input::read(world, path)?;
    let text = text::decode(&file.name, &bytes)?;
    let mut ids = Vec::new();
    let mut several = Found::default();
    for (line, written) in text.lines() {
        let id = written.trim();
        if id.is_empty() || id.starts_with('#') {
            continue;
        }
        if id.contains(char::is_whitespace) {
            several.add(|| format!("{}:{line}", file.name));
        }
        ids.push(id.to_string());
    }
    if several.total > 0 {
        return Err(error::several_ids(&file.name, several));
    }
    if ids.is_empty() {
        return Err(error::empty_file(&file.name));
    }
    file.notes = text.notes;
    Ok((ids, file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MemoryWorld;

    #[test]
    fn a_list_has_one_id_a_line() {
        let read = |text: &str| read_id_list(&MemoryWorld::default().with("s.txt", text), Path::new("s.txt"));
        assert_eq!(read("# cohort 1\r\na\r\n\r\nb-2\r\n").expect("reads").0, ["a", "b-2"]);
        let several = read("a\nf b\n").expect_err("has two");
        assert_eq!(several.notes, ["s.txt:2"]);
        assert!(several.message.starts_with("1 line of `s.txt` holds more"), "{}", several.message);
        assert_eq!(read("\n").expect_err("is empty").code.name(), "E0302");
    }
}
