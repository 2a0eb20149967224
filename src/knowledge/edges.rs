//! Edge tables: a header and two named columns, source and target.

use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Format;

use super::gather::Pairs;
use super::table::read_columns;
use super::types::Incidence;

/// Reads the pairs of columns `source` and `target`.
///
/// # Errors
/// `E0302` for ragged rows and empty names, `E0303` for a missing column.
pub(super) fn read(
    text: &str,
    format: Format,
    file: &str,
    source: &str,
    target: &str,
) -> Result<Incidence, Diagnostics> {
    let mut pairs = Pairs::default();
    read_columns(text, format, file, &[source, target], |line, values| {
        for (column, value) in [source, target].iter().zip(values) {
            if value.is_empty() {
                return Err(format!("column `{column}` is empty"));
            }
        }
        let (target, _) = pairs.target(values[1]);
        pairs.add(values[0], target, line);
        Ok(())
    })?;
    Ok(pairs.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_kept_by_target_in_file_order() {
        let text = "snp\tnote\tgene\ns2\t\tG\ns1\t\tH\ns1\t\tG\ns2\t\tG\n";
        let found = read(text, Format::Tsv, "f", "snp", "gene").expect("reads");
        assert_eq!(found.sources, ["s2", "s1"]);
        assert_eq!(found.targets, ["G", "H"]);
        assert_eq!((found.members_of(0), found.members_of(1)), (&[0, 1][..], &[1][..]));
        assert_eq!(found.lines, [2, 4, 3]);
        assert_eq!(found.folded, 1);
        assert_eq!(found.folded_examples, [("s2".to_owned(), "G".to_owned(), 5)]);
    }

    #[test]
    fn names_are_opaque() {
        let found = read("a,b\n\" x|y\",007\n", Format::Csv, "f", "a", "b").expect("reads");
        assert_eq!((&*found.sources[0], &*found.targets[0]), (" x|y", "007"));
    }

    #[test]
    fn an_empty_name_is_refused_with_its_line() {
        let found = read("a\tb\nx\ty\nx\t\n", Format::Tsv, "f", "a", "b").expect_err("lacks a name");
        assert!(
            found.iter().any(|d| d.message == "column `b` is empty" && d.places[0].line == 3),
            "{found:?}"
        );
    }
}
