//! Tables of intervals: named columns id, chromosome, start, end and, if given, strand.
//!
//! `base = 0` means half-open intervals as in BED; `base = 1` closed ones. A start after its
//! end is read as the reverse strand where the file gives none, and counted.

use crate::language::diagnostics::Diagnostics;
use crate::language::spec::Format;

use super::contigs::Renaming;
use super::gather::{Place, Places};
use super::table::read_columns;
use super::types::Strand;

/// Names of the columns, and where positions count from.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    pub id: &'a str,
    pub chromosome: &'a str,
    pub start: &'a str,
    pub end: &'a str,
    pub strand: Option<&'a str>,
    pub base: u8,
}

/// Reads the intervals.
///
/// # Errors
/// `E0302` for malformed rows and ids on two contigs, `E0303` for a missing column.
pub(super) fn read(
    text: &str,
    format: Format,
    file: &str,
    columns: Columns<'_>,
    renaming: &Renaming,
) -> Result<Places, Diagnostics> {
    let mut wanted = vec![columns.id, columns.chromosome, columns.start, columns.end];
    wanted.extend(columns.strand);
    let mut places = Places::default();
    read_columns(text, format, file, &wanted, |line, values| {
        if values[0].is_empty() || values[1].is_empty() {
            return Err("id or chromosome is empty".to_owned());
        }
        let start = position(columns.start, values[2])?;
        let end = position(columns.end, values[3])?;
        let is_turned = start > end;
        let (start, end) = closed(start.min(end), start.max(end), columns.base)?;
        let strand = match strand(values.get(4).copied().unwrap_or(""))? {
            Strand::Unknown if is_turned => Strand::Reverse,
            given => given,
        };
        if is_turned {
            places.count_turned();
        }
        places.add(Place { name: values[0], contig: renaming.rename(values[1]), start, end, strand }, line)
    })?;
    Ok(places)
}

pub(super) fn position(column: &str, value: &str) -> Result<u64, String> {
    value.trim().parse().map_err(|_| format!("`{value}` in column `{column}` is not a position"))
}

pub(super) fn closed(low: u64, high: u64, base: u8) -> Result<(u64, u64), String> {
    match base {
        0 if low == high => Err(format!("the interval from {low} to {high} is empty when `base = 0`")),
        0 => Ok((low + 1, high)),
        _ if low == 0 => Err("position 0 where positions count from 1; is it `base = 0`?".to_owned()),
        _ => Ok((low, high)),
    }
}

pub(super) fn strand(value: &str) -> Result<Strand, String> {
    match value {
        "+" | "1" | "+1" => Ok(Strand::Forward),
        "-" | "-1" | "\u{2212}" => Ok(Strand::Reverse),
        "" | "." | "?" | "*" | "0" | "NA" => Ok(Strand::Unknown),
        other => Err(format!("`{other}` is not a strand; write +, - or .")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Intervals;
    use crate::language::spec::Contigs;

    const COLUMNS: Columns<'_> =
        Columns { id: "gene", chromosome: "chr", start: "start", end: "end", strand: None, base: 1 };

    fn parse(text: &str, columns: Columns<'_>) -> Result<Intervals, Diagnostics> {
        let renaming = Renaming::new(&Contigs::Same, None)?;
        Ok(read(text, Format::Tsv, "f", columns, &renaming)?.finish().0)
    }

    #[test]
    fn a_start_after_its_end_is_the_reverse_strand() {
        let text = "gene\tchr\tstart\tend\torf\nA\tchrI\t335\t649\tA\nB\tchrI\t2169\t1807\tB\n";
        let found = parse(text, COLUMNS).expect("reads");
        assert_eq!((found.starts, found.ends), (vec![335, 1807], vec![649, 2169]));
        assert_eq!(found.strands, [Strand::Unknown, Strand::Reverse]);
        assert_eq!((found.turned, found.lines), (1, vec![2, 3]));
    }

    #[test]
    fn a_given_strand_stands_even_when_turned() {
        let text = "gene\tchr\tstart\tend\ts\nA\t1\t9\t5\t+\nB\t1\t1\t2\t-1\nC\t1\t9\t5\t.\n";
        let found = parse(text, Columns { strand: Some("s"), ..COLUMNS }).expect("reads");
        assert_eq!(found.strands, [Strand::Forward, Strand::Reverse, Strand::Reverse]);
        assert_eq!(found.turned, 2);
    }

    #[test]
    fn bed_positions_become_closed_ones() {
        let text = "gene\tchr\tstart\tend\nA\t1\t0\t1\nB\t1\t10\t20\n";
        let found = parse(text, Columns { base: 0, ..COLUMNS }).expect("reads");
        assert_eq!((found.starts, found.ends), (vec![1, 11], vec![1, 20]));
        let zero = parse(text, COLUMNS).expect_err("0 is no position");
        assert!(zero.iter().any(|d| d.places[0].line == 2 && d.message.contains("base = 0")), "{zero:?}");
    }

    #[test]
    fn records_of_one_id_span_and_two_contigs_are_refused() {
        let found = parse("gene\tchr\tstart\tend\nA\t1\t5\t9\nA\t1\t1\t6\n", COLUMNS).expect("reads");
        assert_eq!((found.starts, found.ends, found.names.len()), (vec![1], vec![9], 1));
        let found = parse("gene\tchr\tstart\tend\nA\t1\t5\t9\nA\t2\t1\t6\n", COLUMNS).expect_err("is on two");
        assert!(found.iter().any(|d| d.message.contains("on `1` in line 2")), "{found:?}");
    }

    #[test]
    fn what_is_no_position_is_named() {
        for bad in ["NA", "1,000", "1e6", "-5", "99999999999999999999"] {
            let found =
                parse(&format!("gene\tchr\tstart\tend\nA\t1\t{bad}\t9\n"), COLUMNS).expect_err("is bad");
            assert!(found.iter().any(|d| d.message.contains(&format!("`{bad}`"))), "{found:?}");
        }
    }
}
