//! Intervals: GFF3, GTF, BED and tables, with contigs renamed; the first byte chooses.
//!
//! Behind the file separator stands a table of contigs.

use std::sync::LazyLock;

use binnc::knowledge::How;
use binnc::language::spec::{Contigs, Format, Reading};

use super::{parts, priors};

static READINGS: LazyLock<[(Reading, Format, Contigs); 10]> = LazyLock::new(|| {
    let word = str::to_owned;
    let gff = |attribute: &str| Reading::Gff3 { feature: "gene".into(), attribute: attribute.into() };
    let gtf = |attribute: &str| Reading::Gtf { feature: "exon".into(), attribute: attribute.into() };
    let table = |strand, base| Reading::Intervals {
        id: word("gene"),
        chromosome: word("chr"),
        start: word("start"),
        end: word("end"),
        strand,
        base,
    };
    [
        (gff("ID"), Format::Gff3, Contigs::Same),
        (gff("Name"), Format::Gff3, Contigs::Roman),
        (gff("ID"), Format::Gff3, Contigs::File("contigs".into())),
        (gtf("gene_id"), Format::Gtf, Contigs::Strip("chr".into())),
        (gtf("gene_name"), Format::Gtf, Contigs::Same),
        (gtf("gene_id"), Format::Gtf, Contigs::Add("chr".into())),
        (Reading::Bed, Format::Bed, Contigs::Same),
        (Reading::Bed, Format::Bed, Contigs::File("contigs".into())),
        (table(None, 1), Format::Tsv, Contigs::Same),
        (table(Some(word("strand")), 0), Format::Csv, Contigs::Roman),
    ]
});

/// Reads an annotation.
pub fn check(bytes: &[u8]) {
    let (choice, rest) = parts::choice(bytes, READINGS.len());
    let (reading, format, contigs) = &READINGS[choice];
    let [content, table] = parts::files(rest);
    priors::check(How { contigs, ..priors::how(reading, *format) }, content, table);
}
