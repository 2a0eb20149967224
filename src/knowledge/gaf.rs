//! GAF annotations: genes joined to terms.
//!
//! Lines that say `NOT` are left out and counted, as are those of other evidence than asked
//! for. A pair with several kinds of evidence stands on several lines and counts once.

use crate::language::diagnostics::Diagnostics;
use crate::language::spec::GeneNames;

use super::error::{self, Faults};
use super::gather::Pairs;
use super::text::{Row, each_row};
use super::types::Incidence;

/// Columns that every line must have: those of GAF 1.0; later versions have 17.
const COLUMNS: usize = 15;
const HELP: &str = "each line has 15 or 17 tab-separated columns, the fifth of them a term";

/// Annotations as read.
pub(super) struct Annotations {
    pub pairs: Incidence,
    /// Lines that say that a gene has not the term's role.
    pub negated: usize,
    /// Lines of other evidence than asked for.
    pub other_evidence: usize,
}

/// Reads the pairs gene → term; an empty list of evidence takes all.
///
/// # Errors
/// `E0302` for lines with too few columns, without gene or term, and when no line is left.
pub(super) fn read(
    text: &str,
    file: &str,
    names: GeneNames,
    evidence: &[String],
) -> Result<Annotations, Diagnostics> {
    let mut pairs = Pairs::default();
    let mut faults = Faults::default();
    let (mut negated, mut other_evidence) = (0, 0);
    let _: Result<(), ()> = each_row(text, |row| {
        if row.line.starts_with('!') || row.is_blank() {
            return Ok(());
        }
        match pair(&row, names) {
            Err(what) => faults.add(row.number, what),
            Ok(_) if row.field(3).split('|').any(|word| word.eq_ignore_ascii_case("NOT")) => negated += 1,
            Ok(_) if !evidence.is_empty() && !evidence.iter().any(|code| code == row.field(6)) => {
                other_evidence += 1;
            }
            Ok((gene, term)) => {
                let (target, _) = pairs.target(term);
                pairs.add(gene, target, row.number);
            }
        }
        Ok(())
    });
    if let Some(found) = faults.into_diagnostic(file, HELP) {
        return Err(found.into());
    }
    if pairs.len() == 0 {
        let what = if other_evidence > 0 { "annotation of the evidence asked for" } else { "annotation" };
        return Err(error::empty(file, what).into());
    }
    let (mut pairs, _) = pairs.finish();
    // Several lines a pair are the rule here, one for each piece of evidence.
    pairs.folded = 0;
    pairs.folded_examples.clear();
    Ok(Annotations { pairs, negated, other_evidence })
}

fn pair<'t>(row: &Row<'t>, names: GeneNames) -> Result<(&'t str, &'t str), String> {
    if row.width() < COLUMNS {
        return Err(format!("{} tab-separated columns where GAF has at least {COLUMNS}", row.width()));
    }
    let (gene, what) = match names {
        GeneNames::Id => (row.field(1), "id in column 2"),
        GeneNames::Symbol => (row.field(2), "symbol in column 3"),
    };
    if gene.is_empty() {
        return Err(format!("no {what}"));
    }
    if row.field(4).is_empty() {
        return Err("no term in column 5".to_owned());
    }
    Ok((gene, row.field(4)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::tests::told;

    fn line(id: &str, symbol: &str, qualifier: &str, term: &str, evidence: &str) -> String {
        format!(
            "SGD\t{id}\t{symbol}\t{qualifier}\t{term}\tPMID:1\t{evidence}\t\tP\tname\t\tgene\ttaxon:1\t2020\tSGD\n"
        )
    }

    fn text() -> String {
        let lines = [
            line("S1", "AAA1", "", "GO:1", "IDA"),
            line("S1", "AAA1", "involved_in", "GO:1", "IEA"),
            line("S2", "BBB1", "NOT|involved_in", "GO:1", "IDA"),
            line("S2", "BBB1", "", "GO:2", "IEA"),
        ];
        format!("!gaf-version: 2.2\n{}", lines.concat())
    }

    #[test]
    fn genes_are_sources_and_terms_are_targets() {
        let found = read(&text(), "f.gaf", GeneNames::Symbol, &[]).expect("reads");
        assert_eq!(
            (&found.pairs.sources[..], &found.pairs.targets[..]),
            (&["AAA1".to_owned(), "BBB1".into()][..], &["GO:1".to_owned(), "GO:2".into()][..])
        );
        assert_eq!((found.pairs.members, found.pairs.folded, found.negated), (vec![0, 1], 0, 1));
        assert_eq!(read(&text(), "f.gaf", GeneNames::Id, &[]).expect("reads").pairs.sources, ["S1", "S2"]);
    }

    #[test]
    fn evidence_can_be_chosen() {
        let found = read(&text(), "f.gaf", GeneNames::Symbol, &["IDA".to_owned()]).expect("reads");
        assert_eq!((found.pairs.sources, found.other_evidence), (vec!["AAA1".to_owned()], 2));
        let none =
            read(&text(), "f.gaf", GeneNames::Symbol, &["IMP".to_owned()]).err().expect("none is left");
        assert!(none.iter().any(|d| d.message.contains("evidence asked for")), "{none:?}");
    }

    #[test]
    fn faults_name_line_and_cause() {
        let refused = |text: &str| {
            let found = read(text, "f.gaf", GeneNames::Symbol, &[]).err().expect("is malformed");
            told(&found)
        };
        assert!(refused("SGD\tS1\tAAA1\n").contains("f.gaf:1: 3 tab-separated columns"));
        assert!(refused(&line("S1", "", "", "GO:1", "IDA")).contains("no symbol in column 3"));
        assert!(refused(&line("S1", "A", "", "", "IDA")).contains("no term in column 5"));
        assert!(refused("!gaf-version: 2.2\n").contains("no annotation"));
    }
}
