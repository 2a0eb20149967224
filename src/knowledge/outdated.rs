//! Annotations that use ids which an ontology has merged or retired.

use rustc_hash::FxHashMap;

use crate::language::diagnostics::Diagnostic;

use super::error;
use super::gather::EXAMPLES;
use super::types::{Knowledge, Outdated};

/// `W0322` when sets of a prior are named by ids that are out of use.
///
/// `names` are those of the prior and of the ontology. Ids are told and never replaced.
#[must_use]
pub fn outdated_terms(knowledge: &Knowledge, names: [&str; 2], outdated: &[Outdated]) -> Option<Diagnostic> {
    let Knowledge::Pairs(pairs) = knowledge else { return None };
    if outdated.is_empty() || names[0] == names[1] {
        return None;
    }
    let now: FxHashMap<&str, Option<&str>> =
        outdated.iter().map(|old| (old.id.as_str(), old.now.as_deref())).collect();
    let used: Vec<(&str, Option<&str>)> = pairs
        .targets
        .iter()
        .filter_map(|target| now.get(target.as_str()).map(|now| (target.as_str(), *now)))
        .collect();
    let shown = &used[..used.len().min(EXAMPLES)];
    (!used.is_empty()).then(|| error::outdated_terms(names[0], names[1], used.len(), shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::pairs;

    #[test]
    fn ids_out_of_use_are_told_with_what_took_their_place() {
        let old = |id: &str, now: Option<&str>| Outdated { id: id.into(), now: now.map(str::to_owned) };
        let outdated = [old("GO:20", Some("GO:2")), old("GO:9", None), old("GO:8", None)];
        let used = Knowledge::Pairs(pairs([("A", "GO:1"), ("B", "GO:9"), ("A", "GO:20")]));
        let found = outdated_terms(&used, ["go", "tree"], &outdated).expect("two are used");
        assert_eq!(found.code.name(), "W0322");
        assert_eq!(found.notes, ["`GO:9` is obsolete and was not replaced", "`GO:20` is now `GO:2`"]);
        assert_eq!(outdated_terms(&used, ["tree", "tree"], &outdated), None);
        assert_eq!(outdated_terms(&used, ["go", "tree"], &outdated[2..]), None);
    }
}
