//! GMT gene sets: one a line, set, description, members, separated by tabs.
//!
//! Members are sources and sets are targets. Empty fields are no members. Lines that start
//! with `#` and hold no tab are comments.

use crate::language::diagnostics::Diagnostics;

use super::error::{self, Faults};
use super::gather::Pairs;
use super::text::lines;
use super::types::Incidence;

const HELP: &str = "each line is a set, a tab, a description, a tab, and members separated by tabs";

/// Reads the sets; a set on several lines is joined, a repeated member counts once (`W0318`).
///
/// # Errors
/// `E0302` for lines without two tabs or without a set name, and for a file without sets.
pub(super) fn read(text: &str, file: &str) -> Result<(Incidence, Diagnostics), Diagnostics> {
    let mut pairs = Pairs::default();
    let mut faults = Faults::default();
    let mut repeated_sets = Vec::new();
    for (number, line) in lines(text) {
        if line.trim().is_empty() || (line.starts_with('#') && !line.contains('\t')) {
            continue;
        }
        let mut fields = line.split('\t');
        let (Some(set), Some(_), Some(first)) = (fields.next(), fields.next(), fields.next()) else {
            faults.add(number, format!("{} tabs where a set needs at least 2", line.matches('\t').count()));
            continue;
        };
        if set.is_empty() {
            faults.add(number, "the set has no name");
            continue;
        }
        let (target, is_new) = pairs.target(set);
        if !is_new {
            repeated_sets.push((set.to_owned(), number));
        }
        for member in std::iter::once(first).chain(fields).filter(|member| !member.is_empty()) {
            pairs.add(member, target, number);
        }
    }
    if let Some(found) = faults.into_diagnostic(file, HELP) {
        return Err(found.into());
    }
    let (found, _) = pairs.finish();
    if found.targets.is_empty() {
        return Err(error::empty(file, "set").into());
    }
    let mut warnings = Diagnostics::default();
    if found.folded > 0 || !repeated_sets.is_empty() {
        warnings.push(error::repeated_in_set(file, found.folded, &found.folded_examples, &repeated_sets));
    }
    Ok((found, warnings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_sources_and_sets_are_targets() {
        let (found, warnings) =
            read("# hand-made\nGO:1\tbudding\tA\tB\t\t\r\n\r\nGO:2\t\tB", "f").expect("reads");
        assert_eq!(
            (found.sources, found.targets),
            (vec!["A".into(), "B".into()], vec!["GO:1".into(), "GO:2".into()])
        );
        assert_eq!(
            (found.members, found.offsets, found.lines),
            (vec![0, 1, 1], vec![0, 2, 3], vec![2, 2, 4])
        );
        assert!(warnings.is_empty());
    }

    #[test]
    fn repetitions_are_folded_and_told() {
        let (found, warnings) = read("S\td\tA\tA\nT\td\tA\nS\tother\tB\tA\n", "f").expect("reads");
        assert_eq!(found.folded, 2);
        assert_eq!((found.members_of(0), found.members_of(1)), (&[0, 1][..], &[0][..]));
        let all: Vec<_> = warnings.iter().collect();
        assert_eq!((all.len(), all[0].code.name()), (1, "W0318"));
        assert!(
            all[0].message.contains("2 members") && all[0].message.contains("1 set "),
            "{}",
            all[0].message
        );
        assert!(all[0].places.iter().any(|place| place.told() == "f:3: set `S` again"));
    }

    #[test]
    fn a_set_without_members_stays() {
        let (found, _) = read("S\td\t\n", "f").expect("reads");
        assert_eq!((found.targets.len(), found.offsets), (1, vec![0, 0]));
    }

    #[test]
    fn ragged_lines_are_refused_together() {
        let found = read("S\td\tA\nonly\nT\td\n\td\tA\n", "f").expect_err("is ragged");
        let first = found.iter().next().expect("one finding");
        assert!(first.message.contains("3 lines"), "{}", first.message);
        assert!(first.places[0].told().starts_with("f:2: 0 tabs"), "{}", first.places[0].told());
        assert_eq!(first.places.len(), 3);
        assert_eq!(read("", "f").expect_err("is empty").exit_code(), 6);
    }
}
