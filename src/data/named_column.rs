//! One column of a tab-separated table, by its name in the header.

use super::error::{self, tables};
use super::table::check_widths;
use super::{InputFile, delimited, input, text};
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use std::path::Path;

/// Reads the texts of a column.
///
/// # Errors
/// `E0301` unreadable, `E0302` for what is no table or has no record, `E0303` without such a column.
pub fn read_named_column(
    world: &dyn World,
    path: &Path,
    column: &str,
) -> Result<(Vec<String>, InputFile), Diagnostic> {
    let (bytes, mut file) = input::read(world, path)?;
    let text = text::decode(&file.name, &bytes)?;
    let mut records = delimited::parse(&text, '\t')?.into_iter();
    let header = records.next().ok_or_else(|| error::empty_file(&file.name))?.fields;
    let at = header.iter().position(|name| name == column);
    let at = at.ok_or_else(|| tables::column_missing(&file.name, column, &header))?;
    let records: Vec<_> = records.collect();
    check_widths(&file.name, header.len(), &records)?;
    if records.is_empty() {
        return Err(error::empty_file(&file.name));
    }
    file.notes = text.notes;
    Ok((records.into_iter().map(|mut record| record.fields.swap_remove(at)).collect(), file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MemoryWorld;

    #[test]
    fn a_column_is_found_by_name() {
        let read = |text: &str| {
            read_named_column(&MemoryWorld::default().with("t.tsv", text), Path::new("t.tsv"), "gene")
        };
        assert_eq!(read("n\tgene\r\n1\tYAL001C\r\n2\t\"b\"\r\n").expect("reads").0, ["YAL001C", "b"]);
        let refused = |text: &str| {
            let found = read(text).expect_err("refused");
            (found.code.name(), found.places.first().map(|place| place.address()))
        };
        assert_eq!(refused("id\nx\n"), ("E0303", Some("t.tsv:1".to_string())));
        assert_eq!(refused("gene\tn\nx\n"), ("E0302", Some("t.tsv:2".to_string())));
        assert_eq!([refused("gene\n"), refused("")], [("E0302", None), ("E0302", None)]);
    }
}
