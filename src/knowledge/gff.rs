//! GFF3: the records of one feature type, named by one attribute.
//!
//! `noodles-gff` decodes records and percent escapes; lines are split here, so that numbers
//! count blank lines too. `##FASTA`, or a line with `>`, ends the annotation.

use indexmap::IndexSet;
use noodles_gff::feature::record::Strand as GffStrand;
use noodles_gff::record::attributes::field::Value;
use noodles_gff::{Line, Record};

use crate::language::diagnostics::Diagnostics;

use super::contigs::Renaming;
use super::error::{self, Faults};
use super::gather::{Place, Places};
use super::text::lines;
use super::types::Strand;

const HELP: &str =
    "correct the records, or name another `attribute` (such as \"Name\" or \"gene_id\") in the prior";

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
    let mut types: IndexSet<String> = IndexSet::new();
    let mut line = Line::default();
    for (number, raw) in lines(text) {
        if raw.starts_with("##FASTA") || raw.starts_with('>') {
            break;
        }
        if raw.starts_with('#') || raw.trim().is_empty() {
            continue;
        }
        let taken = record(raw, &mut line).and_then(|record| {
            let kind = decoded(&record.ty())?;
            let is_wanted = kind == feature;
            types.insert(kind);
            if is_wanted { take(&record, attribute, renaming, number, &mut places) } else { Ok(()) }
        });
        if let Err(what) = taken {
            faults.add(number, what);
        }
    }
    if let Some(found) = faults.into_diagnostic(file, HELP) {
        return Err(found.into());
    }
    match (types.is_empty(), types.contains(feature)) {
        (true, _) => Err(error::empty(file, "GFF3 record").into()),
        (_, false) => {
            Err(error::no_such_feature(file, feature, &types.into_iter().collect::<Vec<_>>()).into())
        }
        _ => Ok(places),
    }
}

fn record<'l>(raw: &str, line: &'l mut Line) -> Result<Record<'l>, String> {
    let columns = raw.split('\t').count();
    if columns != 9 {
        return Err(format!("{columns} tab-separated columns where GFF3 has 9"));
    }
    let mut reader = noodles_gff::io::Reader::new(raw.as_bytes());
    reader.read_line(line).map_err(|wrong| wrong.to_string())?;
    match line.as_record() {
        Some(Ok(record)) => Ok(record),
        Some(Err(wrong)) => Err(format!("not a GFF3 record: {wrong}")),
        None => Err("not a GFF3 record".to_owned()),
    }
}

fn take(
    record: &Record<'_>,
    attribute: &str,
    renaming: &Renaming,
    number: u32,
    places: &mut Places,
) -> Result<(), String> {
    let start = record.start().map_err(|_| "the start is not a position from 1".to_owned())?.get() as u64;
    let end = record.end().map_err(|_| "the end is not a position from 1".to_owned())?.get() as u64;
    if start > end {
        return Err(format!("the start {start} stands after the end {end}"));
    }
    let strand = match record.strand().map_err(|_| "the strand is none of + - . ?".to_owned())? {
        GffStrand::Forward => Strand::Forward,
        GffStrand::Reverse => Strand::Reverse,
        GffStrand::None | GffStrand::Unknown => Strand::Unknown,
    };
    let name = named(record, attribute)?.ok_or_else(|| without(record, attribute))?;
    let contig = renaming.rename(&decoded(&record.reference_sequence_name())?);
    places.add(Place { name: &name, contig, start, end, strand }, number)
}

fn named(record: &Record<'_>, attribute: &str) -> Result<Option<String>, String> {
    for field in record.attributes().iter() {
        // The iterator does not move past a field without `=`, such as a last blank.
        let Ok((tag, value)) = field else { return Ok(None) };
        let tag = decoded(&tag)?;
        if tag.trim_matches([' ', ';']) != attribute {
            continue;
        }
        let value = match value {
            Value::String(text) => decoded(&text)?,
            // A comma inside an id is part of the id.
            Value::Array(parts) => {
                parts.iter().map(|part| decoded(&part)).collect::<Result<Vec<_>, _>>()?.join(",")
            }
        };
        return Ok((!value.is_empty()).then_some(value));
    }
    Ok(None)
}

fn without(record: &Record<'_>, attribute: &str) -> String {
    let written = String::from_utf8_lossy(record.attributes().as_ref()).into_owned();
    let gtf = if written.contains(" \"") && !written.contains('=') {
        "; this looks like GTF, which is read by `gtf`"
    } else {
        ""
    };
    format!("no attribute `{attribute}`{gtf}")
}

fn decoded(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "a percent escape is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Intervals;
    use crate::language::spec::Contigs;

    fn parse(text: &str, feature: &str, attribute: &str) -> Result<Intervals, Diagnostics> {
        let renaming = Renaming::new(&Contigs::Same, None)?;
        Ok(read(text, "f.gff3", feature, attribute, &renaming)?.finish().0)
    }

    fn refused(text: &str) -> String {
        let found = parse(text, "gene", "ID").expect_err("is malformed");
        let place =
            |d: &crate::language::diagnostics::Diagnostic| d.places.first().map(|place| place.address());
        found
            .iter()
            .map(|d| format!("{}: {} {:?}", place(d).unwrap_or_default(), d.message, d.notes))
            .collect()
    }

    #[test]
    fn records_are_decoded_and_merged() {
        let text = "##gff-version 3\n\n# a comment\n\
            chr%201\t.\tgene\t10\t20\t.\t+\t.\tNote=x;ID=a%3Bb;\n\
            chr%201\t.\texon\t1\t2\t.\t+\t.\tParent=a\n\
            chr%201\t.\tgene\t30\t40\t.\t+\t.\tID=a%3Bb; Name=n\n\
            2\t.\tgene\t5\t5\t.\t?\t.\tID=c,d\n##FASTA\n>2\nACGT\n";
        let found = parse(text, "gene", "ID").expect("reads");
        assert_eq!(found.names, ["a;b", "c,d"]);
        assert_eq!(found.contigs, ["chr 1", "2"]);
        assert_eq!((found.starts, found.ends), (vec![10, 5], vec![40, 5]));
        assert_eq!(found.strands, [Strand::Forward, Strand::Unknown]);
        assert_eq!(found.lines, [4, 7]);
    }

    #[test]
    fn other_features_and_attributes_can_be_named() {
        let text = "1\t.\tmRNA\t1\t9\t.\t-\t.\tID=t1; Name=Shh \n";
        assert_eq!(parse(text, "mRNA", "Name").expect("reads").names, ["Shh "]);
        let found = refused(text);
        assert!(found.contains("type `gene`") && found.contains("`mRNA`"), "{found}");
    }

    #[test]
    fn faults_name_line_and_cause() {
        let row = |fields: &str| refused(&format!("##gff-version 3\n{fields}\n"));
        assert!(row("1\t.\tgene\t1\t9\t.\t+\t.").contains("f.gff3:2: 8 tab-separated"));
        assert!(row("1\t.\tgene\tx\t9\t.\t+\t.\tID=a").contains("start is not a position"));
        assert!(row("1\t.\tgene\t0\t9\t.\t+\t.\tID=a").contains("start is not a position"));
        assert!(row("1\t.\tgene\t9\t1\t.\t+\t.\tID=a").contains("after the end"));
        assert!(row("1\t.\tgene\t1\t9\t.\tx\t.\tID=a").contains("strand"));
        assert!(row("1\t.\tgene\t1\t9\t.\t+\t.\tName=a").contains("no attribute `ID`"));
        assert!(row("1\t.\tgene\t1\t9\t.\t+\t.\tgene_id \"a\";").contains("GTF"));
        assert!(row("1\t.\tgene\t1\t9\t.\t+\t.\tID=%ff").contains("not UTF-8"));
        assert!(refused("##gff-version 3\n").contains("no GFF3 record"));
    }

    #[test]
    fn missing_ids_are_counted() {
        let text = "1\t.\tgene\t1\t9\t.\t+\t.\tName=a\n".repeat(7);
        let found = refused(&text);
        assert!(found.contains("7 lines") && found.contains("and 2 more"), "{found}");
    }
}
