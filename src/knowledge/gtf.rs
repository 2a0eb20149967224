//! GTF: the records of one feature type, named by one attribute.
//!
//! Nine tab-separated columns, of which the last holds `key "value";` pairs. Positions are
//! closed and count from 1.

use indexmap::IndexSet;

use crate::language::diagnostics::Diagnostics;

use super::contigs::Renaming;
use super::error::{self, Faults};
use super::gather::{Place, Places};
use super::intervals::{closed, position, strand};
use super::text::lines;

const HELP: &str = "correct the records, or name another attribute by `id`, such as `id = \"gene_name\"`";

/// Reads the records of type `feature`; several of one name become the interval that spans them.
///
/// # Errors
/// `E0302` for malformed records, for records without the attribute, and when no record has
/// the type.
pub(super) fn read(
    text: &str,
    file: &str,
    feature: &str,
    attribute: &str,
    renaming: &Renaming,
) -> Result<Places, Diagnostics> {
    let mut places = Places::default();
    let mut faults = Faults::default();
    let mut types: IndexSet<&str> = IndexSet::new();
    for (number, line) in lines(text) {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        let [contig, _, kind, start, end, _, direction, _, attributes] = fields[..] else {
            faults.add(number, format!("{} tab-separated columns where GTF has 9", fields.len()));
            continue;
        };
        types.insert(kind);
        if kind != feature {
            continue;
        }
        let taken = interval(start, end).and_then(|(start, end)| {
            let strand = strand(direction)?;
            let name = value_of(attributes, attribute).ok_or_else(|| without(attributes, attribute))?;
            places.add(Place { name, contig: renaming.rename(contig), start, end, strand }, number)
        });
        if let Err(what) = taken {
            faults.add(number, what);
        }
    }
    if let Some(found) = faults.into_diagnostic(file, HELP) {
        return Err(found.into());
    }
    match (types.is_empty(), types.contains(feature)) {
        (true, _) => Err(error::empty(file, "GTF record").into()),
        (_, false) => {
            let types: Vec<String> = types.iter().map(ToString::to_string).collect();
            Err(error::no_such_feature(file, feature, &types).into())
        }
        _ => Ok(places),
    }
}

fn interval(start: &str, end: &str) -> Result<(u64, u64), String> {
    let (start, end) = (position("start", start)?, position("end", end)?);
    if start == 0 {
        return Err("position 0 where GTF counts from 1".to_owned());
    }
    if start > end {
        return Err(format!("the start {start} stands after the end {end}"));
    }
    closed(start, end, 1)
}

/// The value of a key: quoted, or up to the next `;`.
fn value_of<'l>(attributes: &'l str, key: &str) -> Option<&'l str> {
    let mut rest = attributes.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once([' ', '\t', '='])?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => {
                let (value, next) = quoted.split_once('"')?;
                (value, next.split_once(';').map_or("", |(_, next)| next))
            }
            None => {
                let (value, next) = after.split_once(';').unwrap_or((after, ""));
                (value.trim_end(), next)
            }
        };
        if name == key {
            return (!value.is_empty()).then_some(value);
        }
        rest = next.trim_start();
    }
    None
}

fn without(attributes: &str, attribute: &str) -> String {
    let gff = attributes.contains('=') && !attributes.contains('"');
    let hint = if gff { "; this looks like GFF3, which is read by `gff3`" } else { "" };
    format!("no attribute `{attribute}`{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::tests::told;
    use crate::knowledge::{Intervals, Strand};
    use crate::language::spec::Contigs;

    fn parse(text: &str, feature: &str, attribute: &str) -> Result<Intervals, String> {
        let renaming = Renaming::new(&Contigs::Same, None).expect("needs no table");
        match read(text, "f.gtf", feature, attribute, &renaming) {
            Ok(places) => Ok(places.finish().0),
            Err(found) => Err(told(&found)),
        }
    }

    const TEXT: &str = "#!genome-build R64\n\
        I\tsgd\tgene\t335\t649\t.\t+\t.\tgene_id \"YAL069W\"; gene_biotype \"protein; coding\";\n\
        I\tsgd\texon\t335\t400\t.\t+\t.\tgene_id \"YAL069W\"; exon_number 1; gene_name \"X\"\n\
        I\tsgd\texon\t500\t649\t.\t+\t.\tgene_id \"YAL069W\"; exon_number 2; gene_name \"X\"\n\
        II\tsgd\tgene\t5\t9\t.\t-\t.\tgene_version 2; gene_id \"YB\"\n";

    #[test]
    fn genes_are_read_by_default_and_exons_span() {
        let found = parse(TEXT, "gene", "gene_id").expect("reads");
        assert_eq!((found.names, found.lines), (vec!["YAL069W".to_owned(), "YB".into()], vec![2, 5]));
        assert_eq!(found.strands, [Strand::Forward, Strand::Reverse]);
        let found = parse(TEXT, "exon", "gene_name").expect("reads");
        assert_eq!((found.names, found.starts, found.ends), (vec!["X".to_owned()], vec![335], vec![649]));
        assert_eq!(parse(TEXT, "exon", "exon_number").expect("reads").names, ["1", "2"]);
    }

    #[test]
    fn faults_name_line_and_cause() {
        let row = |fields: &str| parse(&format!("{fields}\n"), "gene", "gene_id").expect_err("is malformed");
        assert!(row("1\t.\tgene\t1\t9\t.\t+\t.").contains("f.gtf:1: 8 tab-separated"));
        assert!(row("1\t.\tgene\t0\t9\t.\t+\t.\tgene_id \"a\"").contains("counts from 1"));
        assert!(row("1\t.\tgene\t9\t1\t.\t+\t.\tgene_id \"a\"").contains("after the end"));
        assert!(row("1\t.\tgene\t1\t9\t.\tx\t.\tgene_id \"a\"").contains("strand"));
        assert!(row("1\t.\tgene\t1\t9\t.\t+\t.\tgene_name \"a\";").contains("no attribute `gene_id`"));
        assert!(row("1\t.\tgene\t1\t9\t.\t+\t.\tID=a;Name=b").contains("GFF3"));
        assert!(row("1\t.\tgene\t1\t9\t.\t+\t.\tgene_id \"a").contains("no attribute"));
        assert!(row("1\t.\tmRNA\t1\t9\t.\t+\t.\tgene_id \"a\"").contains("`mRNA`"));
        assert!(row("# none").contains("no GTF record"));
    }
}
