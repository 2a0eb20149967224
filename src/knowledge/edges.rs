//! Pairs from tables with a header: two named columns, and columns of weights and signs.

use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Format;

use super::gather::Pairs;
use super::table::read_columns;
use super::types::Incidence;
use super::values;

/// Names of the columns.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    pub source: &'a str,
    pub target: &'a str,
    pub weight: Option<&'a str>,
    pub sign: Option<&'a str>,
}

/// Reads the pairs.
///
/// # Errors
/// `E0302` for ragged rows, empty names and what is no weight or sign, `E0303` for a missing
/// column, `E0404` for a pair with two values.
pub(super) fn read(
    text: &str,
    format: Format,
    file: &str,
    columns: Columns<'_>,
) -> Result<Incidence, Diagnostics> {
    let Columns { source, target, weight, sign } = columns;
    let mut wanted = vec![source, target];
    wanted.extend(weight.into_iter().chain(sign));
    let mut pairs = Pairs::default();
    read_columns(text, format, file, &wanted, |line, fields| {
        for (column, value) in wanted.iter().zip(&fields[..2]) {
            if value.is_empty() {
                return Err(format!("column `{column}` is empty"));
            }
        }
        let weight = weight.map(|column| values::weight(column, fields[2])).transpose()?;
        let sign = sign.map(|column| values::sign(column, fields[fields.len() - 1])).transpose()?;
        let (target, _) = pairs.target(fields[1]);
        pairs.add(fields[0], target, line);
        pairs.value(weight, sign);
        Ok(())
    })?;
    let (found, conflicts) = pairs.finish();
    conflicts.into_diagnostic(file).map_or(Ok(found), |conflict| Err(conflict.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::diagnostics::Diagnostic;

    const PLAIN: Columns<'static> = Columns { source: "snp", target: "gene", weight: None, sign: None };

    #[test]
    fn pairs_are_kept_by_target_in_file_order() {
        let text = "snp\tnote\tgene\ns2\t\tG\ns1\t\tH\ns1\t\tG\ns2\t\tG\n";
        let found = read(text, Format::Tsv, "f", PLAIN).expect("reads");
        assert_eq!(found.sources, ["s2", "s1"]);
        assert_eq!(found.targets, ["G", "H"]);
        assert_eq!((found.members_of(0), found.members_of(1)), (&[0, 1][..], &[1][..]));
        assert_eq!(found.lines, [2, 4, 3]);
        assert_eq!(found.folded, 1);
        assert_eq!(found.folded_examples, [("s2".to_owned(), "G".to_owned(), 5)]);
    }

    #[test]
    fn names_are_opaque() {
        let found = read("snp,gene\n\" x|y\",007\n", Format::Csv, "f", PLAIN).expect("reads");
        assert_eq!((&*found.sources[0], &*found.targets[0]), (" x|y", "007"));
    }

    #[test]
    fn an_empty_name_is_refused_with_its_line() {
        let found = read("snp\tgene\nx\ty\nx\t\n", Format::Tsv, "f", PLAIN).expect_err("lacks a name");
        let is_told = |d: &Diagnostic| d.message == "column `gene` is empty" && d.places[0].line == 3;
        assert!(found.iter().any(is_told), "{found:?}");
    }

    #[test]
    fn weights_and_signs_stand_beside_their_pairs() {
        let columns = Columns { weight: Some("beta"), sign: Some("mode"), ..PLAIN };
        let text = "snp\tgene\tmode\tbeta\na\tG\t+\t0.5\nb\tH\t-\t2\nb\tG\t?\t-1\na\tG\t1\t0.5\n";
        let found = read(text, Format::Tsv, "f", columns).expect("reads");
        assert_eq!(found.members, [0, 1, 1]);
        assert_eq!((found.weights, found.signs), (vec![0.5, -1.0, 2.0], vec![1, 0, -1]));
        assert_eq!(found.folded, 1);
        let wrong = read("snp\tgene\tmode\tbeta\na\tG\tup\t0.5\na\tG\t+\tNA\n", Format::Tsv, "f", columns);
        let wrong = wrong.expect_err("is neither sign nor weight");
        assert!(wrong.iter().next().is_some_and(|d| d.message.contains("2 lines")), "{wrong:?}");
    }

    #[test]
    fn a_pair_with_two_values_is_refused_with_both_lines() {
        let columns = Columns { sign: Some("mode"), ..PLAIN };
        let rows = "b\tH\t-\na\tG\t+\na\tG\t+\na\tG\t-\nb\tH\t?\n";
        let found =
            read(&format!("snp\tgene\tmode\n{rows}"), Format::Tsv, "f.tsv", columns).expect_err("differs");
        let all: Vec<_> = found.iter().collect();
        assert_eq!((all.len(), all[0].code.name()), (1, "E0404"));
        assert_eq!(all[0].message, "2 repeated pairs of `f.tsv` have another weight or sign than before");
        let told: Vec<String> = all[0].places.iter().map(crate::language::diagnostics::Place::told).collect();
        assert_eq!(told, ["f.tsv:5: `a` -> `G` again, with another value", "f.tsv:3: given first here"]);
        assert_eq!(all[0].notes, ["also `b` -> `H` in lines 2 and 6"]);
    }
}
