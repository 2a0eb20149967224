//! Pairs from files without a header: edge lists, and Reactome's list of parents and children.
//!
//! The first line is data like all others; blank lines and lines that start with `#` are none.

use crate::language::diagnostics::Diagnostics;

use super::error::{self, Faults};
use super::gather::Pairs;
use super::text::{Row, each_row};
use super::types::Incidence;
use super::values;

/// Where weights and signs stand, from 0; a third column is the weight unless something is said.
#[derive(Clone, Copy, Default)]
pub(super) struct Places {
    pub weight: Option<usize>,
    pub sign: Option<usize>,
}

/// Reads `source<tab>target`, with further columns for weight and sign.
///
/// # Errors
/// `E0302` for lines of another width, empty names, what is no weight or sign and an empty file,
/// `E0404` for a pair with two values.
pub(super) fn read_edges(text: &str, file: &str, places: Places) -> Result<Incidence, Diagnostics> {
    let mut width = None;
    let mut places = places;
    read(text, file, "source, a tab, and target", |row, pairs| {
        let width = *width.get_or_insert_with(|| {
            if places.weight.is_none() && places.sign.is_none() && row.width() > 2 {
                places.weight = Some(2);
            }
            row.width()
        });
        let least = 2.max(places.weight.map_or(0, |at| at + 1)).max(places.sign.map_or(0, |at| at + 1));
        if row.width() < least {
            return Err(format!("{} where {least} are needed", columns(row.width())));
        }
        if row.width() != width {
            return Err(format!("{} where the first line has {width}", columns(row.width())));
        }
        let shown = |at: usize| (at + 1).to_string();
        let weight = places.weight.map(|at| values::weight(&shown(at), row.field(at))).transpose()?;
        let sign = places.sign.map(|at| values::sign(&shown(at), row.field(at))).transpose()?;
        add(pairs, row, 0, 1)?;
        pairs.value(weight, sign);
        Ok(())
    })
}

/// Reads `parent<tab>child`; children are sources and parents targets.
///
/// # Errors
/// `E0302` for lines without two names and an empty file.
pub(super) fn read_reactome(text: &str, file: &str) -> Result<Incidence, Diagnostics> {
    read(text, file, "parent, a tab, and child", |row, pairs| {
        if row.width() != 2 {
            return Err(format!("{} where parent and child are needed", columns(row.width())));
        }
        add(pairs, row, 1, 0)
    })
}

fn read(
    text: &str,
    file: &str,
    shape: &str,
    mut each: impl FnMut(&Row<'_>, &mut Pairs) -> Result<(), String>,
) -> Result<Incidence, Diagnostics> {
    let mut pairs = Pairs::default();
    let mut faults = Faults::default();
    let _: Result<(), ()> = each_row(text, |row| {
        let is_data = !row.line.starts_with('#') && !row.is_blank();
        if is_data && let Err(what) = each(&row, &mut pairs) {
            faults.add(row.number, what);
        }
        Ok(())
    });
    let help = format!("each line is {shape}; the file has no header");
    if let Some(found) = faults.into_diagnostic(file, &help) {
        return Err(found.into());
    }
    if pairs.len() == 0 {
        return Err(error::empty(file, "pair").into());
    }
    let (found, conflicts) = pairs.finish();
    conflicts.into_diagnostic(file).map_or(Ok(found), |conflict| Err(conflict.into()))
}

fn add(pairs: &mut Pairs, row: &Row<'_>, source: usize, target: usize) -> Result<(), String> {
    for at in [0, 1] {
        if row.field(at).is_empty() {
            return Err(format!("column {} is empty", at + 1));
        }
    }
    let (target, _) = pairs.target(row.field(target));
    pairs.add(row.field(source), target, row.number);
    Ok(())
}

fn columns(width: usize) -> String {
    if width == 1 { "1 column".to_owned() } else { format!("{width} tab-separated columns") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::tests::told;

    fn message(found: Result<Incidence, Diagnostics>) -> String {
        let found = found.expect_err("is malformed");
        told(&found)
    }

    #[test]
    fn the_first_line_is_data() {
        let found = read_edges("# by hand\nsnp\tgene\n\nb\tG\n", "f", Places::default()).expect("reads");
        assert_eq!(found.sources, ["snp", "b"]);
        assert_eq!((found.targets, found.lines), (vec!["gene".to_owned(), "G".to_owned()], vec![2, 4]));
        assert!(found.weights.is_empty() && found.signs.is_empty());
    }

    #[test]
    fn a_third_column_is_the_weight_unless_another_use_is_named() {
        let found = read_edges("a\tG\t0.5\nb\tG\t2\n", "f", Places::default()).expect("reads");
        assert_eq!((found.weights, found.signs.len()), (vec![0.5, 2.0], 0));
        let signed = Places { sign: Some(2), weight: None };
        let found = read_edges("a\tG\t+\nb\tG\t-\n", "f", signed).expect("reads");
        assert_eq!((found.weights.len(), found.signs), (0, vec![1, -1]));
        let both = Places { sign: Some(2), weight: Some(3) };
        let found = read_edges("a\tG\t+\t3\n", "f", both).expect("reads");
        assert_eq!((found.weights, found.signs), (vec![3.0], vec![1]));
    }

    #[test]
    fn lines_of_another_shape_are_refused() {
        let edges = |text: &str| message(read_edges(text, "f", Places::default()));
        assert!(edges("a\tG\nb\nc\tG\t1\n\tH\n").contains("3 lines"), "{}", edges("a\tG\nb\nc\tG\t1\n\tH\n"));
        assert!(edges("a\tG\nb G\n").contains("f:2: 1 column where 2 are needed"));
        assert!(edges("a\tG\tx\n").contains("`x` in column `3` is not a number"));
        assert!(edges("# nothing\n").contains("no pair"));
        let both = edges("a\tG\t1\na\tG\t2\n");
        assert!(both.contains("E0404 f:2: `a` -> `G` again"), "{both}");
        let signed = Places { sign: Some(3), weight: None };
        assert!(message(read_edges("a\tG\n", "f", signed)).contains("where 4 are needed"));
    }

    #[test]
    fn children_of_reactome_feed_their_parents() {
        let text = "R-HSA-109581\tR-HSA-109606\nR-HSA-109581\tR-HSA-169911\r\n";
        let found = read_reactome(text, "f").expect("reads");
        assert_eq!(found.targets, ["R-HSA-109581"]);
        assert_eq!(found.sources, ["R-HSA-109606", "R-HSA-169911"]);
        assert!(message(read_reactome("a\tb\tc\n", "f")).contains("3 tab-separated columns"));
    }
}
