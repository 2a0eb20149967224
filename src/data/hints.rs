//! Why ids that should be equal are not: what a spreadsheet or another tool did to them.
//!
//! Ids are never folded to make them match; a hint only says what folding would do.

use super::types::SampleId;
use super::values::TableKey;
use rustc_hash::FxHashSet;

type Fold = fn(&str) -> String;

/// The commonest difference between ids that matched nothing, in words.
pub(super) fn hint(left: &[&SampleId], right: &[&TableKey]) -> Option<String> {
    let folds: [(Fold, &str); 4] = [
        (|id| id.to_lowercase(), "differ in upper and lower case alone"),
        (without_zeros, "differ in leading zeros alone, which spreadsheets drop"),
        (as_number, "are the same number written differently (`1E5`, `7.0`), as spreadsheets do"),
        (|id| id.replace([' ', '-', '.'], "_"), "differ in spaces, dashes or dots alone"),
    ];
    let counted = folds.into_iter().map(|(fold, words)| {
        let known: FxHashSet<String> = left.iter().map(|sample| fold(&sample.individual)).collect();
        (right.iter().filter(|key| known.contains(&fold(&key.individual))).count(), words)
    });
    let joined = [
        (
            shared(left, right, |id| format!("{}_{}", id.family, id.individual)),
            "join family and individual by `_`",
        ),
        (shared(left, right, |id| id.family.clone()), "are the families of the .fam, not its individuals"),
        (
            shared(left, right, |id| id.individual.clone()),
            "have the same individual id but another family id",
        ),
    ];
    let best = counted.chain(joined).filter(|(count, _)| *count > 0).rev().max_by_key(|(count, _)| *count);
    best.map(|(count, words)| format!("{count} of the unmatched ids {words}"))
}

fn shared(left: &[&SampleId], right: &[&TableKey], name: impl Fn(&SampleId) -> String) -> usize {
    let known: FxHashSet<String> = left.iter().map(|sample| name(sample)).collect();
    right.iter().filter(|key| known.contains(&key.individual)).count()
}

fn without_zeros(id: &str) -> String {
    id.trim_start_matches('0').to_string()
}

fn as_number(id: &str) -> String {
    id.parse::<f64>().map_or_else(|_| id.to_string(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_damage_is_recognised() {
        let says = |family: &str, ours: &str, theirs: &str, words: &str| {
            let left = SampleId { family: family.into(), individual: ours.into() };
            let right = TableKey { family: None, individual: theirs.into() };
            let hint = hint(&[&left], &[&right]).expect("a hint");
            assert!(hint.contains(words), "{hint}");
        };
        says("f", "LineA", "linea", "case");
        says("f", "007", "7", "zeros");
        says("f", "100000", "1E5", "number");
        says("f", "a.1", "a-1", "dots");
        says("f", "x", "f_x", "join");
        says("f", "x", "f", "families");
        let (left, right) = (
            SampleId { family: "f".into(), individual: "x".into() },
            TableKey { family: None, individual: "y".into() },
        );
        assert_eq!(hint(&[&left], &[&right]), None);
    }
}
