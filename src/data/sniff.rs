//! What a file is by its first bytes, so that a wrong format is named and not guessed at.

use crate::io::texts::Format;

/// A format that is not the one expected, and how to convert it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What it is, with its article.
    pub name: &'static str,
    /// A command that makes what binnc reads.
    pub remedy: &'static str,
}

const TO_BED: &str = "convert it: `plink2 --vcf FILE --make-bed --out PREFIX`";

/// The compressed or binary format that `bytes` start with, if any is known.
pub(super) fn foreign(bytes: &[u8]) -> Option<Foreign> {
    let format = Format::of(bytes)?;
    let remedy = match format {
        Format::Bgzip | Format::Gzip => "unpack it: `gunzip -k FILE`",
        Format::Zstd => "unpack it: `zstd -dk FILE`",
        Format::Pgen => "convert it: `plink2 --pfile PREFIX --make-bed --out PREFIX`",
        Format::Bcf => "convert it: `plink2 --bcf FILE --make-bed --out PREFIX`",
        Format::Zip => "save it as plain text",
        Format::Hdf5 => "export it as PLINK or text",
    };
    Some(Foreign { name: format.name(), remedy })
}

/// What stands in place of a PLINK .bed, if it can be told.
pub(super) fn instead_of_bed(bytes: &[u8]) -> Option<Foreign> {
    if let Some(kind) = foreign(bytes) {
        return Some(kind);
    }
    if bytes.starts_with(b"##fileformat=VCF") {
        return Some(Foreign { name: "a VCF file", remedy: TO_BED });
    }
    let line = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or(bytes);
    let line = std::str::from_utf8(line).ok()?;
    let fields: Vec<&str> = line.split_whitespace().collect();
    let number = |at: usize| fields.get(at).is_some_and(|field| field.parse::<u64>().is_ok());
    let printable = !line.is_empty() && line.chars().all(|c| !c.is_control() || c == '\t');
    if fields.len() >= 3 && number(1) && number(2) {
        let remedy = "genotypes need a PLINK .bed; intervals belong in a `prior`";
        return Some(Foreign { name: "a text file of intervals (chrom, start, end)", remedy });
    }
    printable.then_some(Foreign { name: "a text file", remedy: "make a binary one with `--make-bed`" })
}
