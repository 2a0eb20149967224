//! BED: contig, start, end, name and, in the sixth column, strand; counted from 0, half-open.
//!
//! Lines of `track`, `browser` and `#` are no intervals. Columns are separated by tabs, or by
//! blanks in a line without any tab.

use crate::language::diagnostics::Diagnostics;

use super::contigs::Renaming;
use super::error::{self, Faults};
use super::gather::{Place, Places};
use super::intervals::{closed, position, strand};
use super::text::lines;
use super::types::Strand;

const HELP: &str = "each line is contig, start, end and name, with the strand in the sixth column";

/// Reads the intervals.
///
/// # Errors
/// `E0302` for malformed lines, lines without a name, and a file without intervals.
pub(super) fn read(text: &str, file: &str, renaming: &Renaming) -> Result<Places, Diagnostics> {
    let mut places = Places::default();
    let mut faults = Faults::default();
    let mut any = false;
    for (number, line) in lines(text) {
        let is_other = ["#", "track", "browser"].iter().any(|word| line.starts_with(word));
        if is_other || line.trim().is_empty() {
            continue;
        }
        any = true;
        let fields: Vec<&str> =
            if line.contains('\t') { line.split('\t').collect() } else { line.split_whitespace().collect() };
        if let Err(what) = take(&fields, number, renaming, &mut places) {
            faults.add(number, what);
        }
    }
    if let Some(found) = faults.into_diagnostic(file, HELP) {
        return Err(found.into());
    }
    if any { Ok(places) } else { Err(error::empty(file, "interval").into()) }
}

fn take(fields: &[&str], number: u32, renaming: &Renaming, places: &mut Places) -> Result<(), String> {
    let [contig, start, end, name, rest @ ..] = fields else {
        return Err(format!("{} columns where 4 are needed: contig, start, end, name", fields.len()));
    };
    if name.is_empty() || contig.is_empty() {
        return Err("contig or name is empty".to_owned());
    }
    let (start, end) = (position("start", start)?, position("end", end)?);
    if start > end {
        return Err(format!("the start {start} stands after the end {end}"));
    }
    if start == end {
        return Err(format!("the interval from {start} to {end} is empty: in BED the end is not part of it"));
    }
    let (start, end) = closed(start, end, 0)?;
    let strand = rest.get(1).map_or(Ok(Strand::Unknown), |written| strand(written))?;
    places.add(Place { name, contig: renaming.rename(contig), start, end, strand }, number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Intervals;
    use crate::knowledge::tests::told;
    use crate::language::spec::Contigs;

    fn parse(text: &str) -> Result<Intervals, String> {
        let renaming = Renaming::new(&Contigs::Same, None).expect("needs no table");
        match read(text, "f.bed", &renaming) {
            Ok(places) => Ok(places.finish().0),
            Err(found) => Err(told(&found)),
        }
    }

    #[test]
    fn intervals_become_closed_and_count_from_one() {
        let text = "browser position 1\ntrack name=x\n# a comment\n1\t0\t10\tA\t0\t-\textra\n2 4 5 B\n\n";
        let found = parse(text).expect("reads");
        assert_eq!(found.names, ["A", "B"]);
        assert_eq!((found.starts, found.ends, found.lines), (vec![1, 5], vec![10, 5], vec![4, 5]));
        assert_eq!(found.strands, [Strand::Reverse, Strand::Unknown]);
    }

    #[test]
    fn faults_name_line_and_cause() {
        let refused = |text: &str| parse(text).expect_err("is malformed");
        assert!(refused("1\t0\t10\n").contains("f.bed:1: 3 columns where 4"));
        assert!(refused("1\tx\t10\tA\n").contains("`x` in column `start` is not a position"));
        assert!(refused("1\t5\t5\tA\n").contains("empty"));
        assert!(refused("1\t9\t5\tA\n").contains("after the end"));
        assert!(refused("1\t0\t5\tA\t0\tx\n").contains("strand"));
        assert!(refused("# none\n").contains("no interval"));
    }
}
