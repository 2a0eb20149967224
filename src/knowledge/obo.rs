//! OBO ontologies: terms joined to their parents by chosen relations.
//!
//! Obsolete terms are left out and counted. Ids that were merged into others (`alt_id`) are
//! kept aside, so that annotations which still use them can be told.

use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use crate::language::diagnostics::Diagnostics;

use super::error::{self, Faults};
use super::gather::Pairs;
use super::text::lines;
use super::types::{Incidence, Outdated};

const HELP: &str = "inside `[Term]` each line is a tag, a colon and a value, as in `is_a: GO:0008150`";

/// An ontology as read.
pub(super) struct Ontology {
    pub pairs: Incidence,
    /// Ids that are out of use, each with the one that took its place.
    pub outdated: Vec<Outdated>,
    /// Terms left out because they are obsolete.
    pub obsolete: usize,
}

/// Reads the edges child → parent of `relations`; `is_a` is a relation of that name.
///
/// # Errors
/// `E0302` for lines without a tag, terms without an id or with two, a file without terms, and
/// when no term has one of the relations.
pub(super) fn read(text: &str, file: &str, relations: &[String]) -> Result<Ontology, Diagnostics> {
    let mut reader = Reader { relations, ..Reader::default() };
    for (number, line) in lines(text) {
        reader.line(number, line.trim());
    }
    reader.end_term();
    if let Some(found) = reader.faults.into_diagnostic(file, HELP) {
        return Err(found.into());
    }
    if reader.terms.is_empty() {
        return Err(error::empty(file, "`[Term]`").into());
    }
    let mut outdated = Vec::new();
    let obsolete: FxHashSet<&str> =
        reader.terms.iter().filter(|(_, term)| term.is_obsolete).map(|(id, _)| *id).collect();
    let mut pairs = Pairs::default();
    for (id, term) in &reader.terms {
        if term.is_obsolete {
            outdated.push(Outdated { id: (*id).to_owned(), now: term.replaced_by.map(str::to_owned) });
            continue;
        }
        let merged =
            |alternative: &&str| Outdated { id: (*alternative).to_owned(), now: Some((*id).to_owned()) };
        outdated.extend(term.alternatives.iter().map(merged));
        for (parent, line) in term.parents.iter().filter(|(parent, _)| !obsolete.contains(parent)) {
            let (target, _) = pairs.target(parent);
            pairs.add(id, target, *line);
        }
    }
    if pairs.len() == 0 {
        let known: Vec<String> = reader.seen.into_keys().map(str::to_owned).collect();
        return Err(error::no_such_relation(file, relations, &known).into());
    }
    // An id that is a term in use is not out of use, whatever another term says.
    outdated.retain(|old| reader.terms.get(old.id.as_str()).is_none_or(|term| term.is_obsolete));
    Ok(Ontology { pairs: pairs.finish().0, outdated, obsolete: obsolete.len() })
}

#[derive(Default)]
struct Reader<'t> {
    relations: &'t [String],
    terms: IndexMap<&'t str, Term<'t>>,
    /// The term that is being read, if the stanza is one.
    open: Option<Term<'t>>,
    /// Relations that stand in the file.
    seen: IndexMap<&'t str, ()>,
    faults: Faults,
}

#[derive(Default)]
struct Term<'t> {
    id: Option<&'t str>,
    line: u32,
    parents: Vec<(&'t str, u32)>,
    alternatives: Vec<&'t str>,
    replaced_by: Option<&'t str>,
    is_obsolete: bool,
}

impl<'t> Reader<'t> {
    fn line(&mut self, number: u32, line: &'t str) {
        if line.starts_with('[') {
            self.end_term();
            self.open = (line == "[Term]").then(|| Term { line: number, ..Term::default() });
            return;
        }
        let Some(term) = &mut self.open else { return };
        if line.is_empty() || line.starts_with('!') {
            return;
        }
        let Some((tag, value)) = line.split_once(':') else {
            self.faults.add(number, "no colon where a tag and its value are needed");
            return;
        };
        let words = without_comment(value);
        match tag {
            "id" if term.id.is_some() => self.faults.add(number, "a second `id` in one term"),
            "id" => term.id = first(words),
            "alt_id" => term.alternatives.extend(first(words)),
            "replaced_by" => term.replaced_by = first(words),
            "is_obsolete" => term.is_obsolete = first(words) == Some("true"),
            "is_a" => self.relation(number, "is_a", first(words)),
            "relationship" => {
                let mut words = words.split_whitespace();
                if let Some(relation) = words.next() {
                    self.relation(number, relation, words.next());
                }
            }
            _ => {}
        }
    }

    fn relation(&mut self, number: u32, relation: &'t str, parent: Option<&'t str>) {
        let Some(term) = &mut self.open else { return };
        let Some(parent) = parent else {
            self.faults.add(number, format!("`{relation}` names no term"));
            return;
        };
        self.seen.insert(relation, ());
        if self.relations.iter().any(|wanted| wanted == relation) {
            term.parents.push((parent, number));
        }
    }

    fn end_term(&mut self) {
        let Some(term) = self.open.take() else { return };
        let Some(id) = term.id else {
            self.faults.add(term.line, "a term without `id`");
            return;
        };
        let line = term.line;
        if self.terms.insert(id, term).is_some() {
            self.faults.add(line, format!("the term `{id}` stands twice"));
        }
    }
}

// What stands before ` ! comment`.
fn without_comment(value: &str) -> &str {
    value.split_once(" !").map_or(value, |(value, _)| value)
}

fn first(words: &str) -> Option<&str> {
    words.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::tests::told;

    const TEXT: &str = "format-version: 1.2\nnonsense\n\n[Term]\nid: GO:1\nname: root\n\n[Term]\nid: GO:2\nalt_id: GO:20\n\
        is_a: GO:1 {source=\"x\"} ! root\nrelationship: regulates GO:3 ! other\n\n\
        [Term]\nid: GO:3\nis_a: GO:1\nrelationship: part_of GO:2 ! is part\nis_a: GO:9\n\n\
        [Term]\nid: GO:9\nis_obsolete: true\nreplaced_by: GO:3\n\n[Typedef]\nid: part_of\nwhatever\n";

    fn both() -> Vec<String> {
        vec!["is_a".into(), "part_of".into()]
    }

    fn refused(text: &str, relations: &[String]) -> String {
        let found = read(text, "f.obo", relations).err().expect("is refused");
        told(&found)
    }

    #[test]
    fn terms_feed_their_parents() {
        let found = read(TEXT, "f.obo", &both()).expect("reads");
        let pairs = &found.pairs;
        assert_eq!(
            (&pairs.sources[..], &pairs.targets[..]),
            (&["GO:2", "GO:3"].map(String::from)[..], &["GO:1", "GO:2"].map(String::from)[..])
        );
        assert_eq!(
            (&pairs.members[..], &pairs.offsets[..], &pairs.lines[..]),
            (&[0, 1, 1][..], &[0, 2, 3][..], &[11, 16, 17][..])
        );
        assert_eq!(found.obsolete, 1);
        let outdated: Vec<_> = found.outdated.iter().map(|old| (&*old.id, old.now.as_deref())).collect();
        assert_eq!(outdated, [("GO:20", Some("GO:2")), ("GO:9", Some("GO:3"))]);
    }

    #[test]
    fn relations_are_chosen_by_name() {
        let one = read(TEXT, "f.obo", &["is_a".into()]).expect("reads");
        assert_eq!(one.pairs.members.len(), 2);
        let other = read(TEXT, "f.obo", &["regulates".into()]).expect("reads");
        assert_eq!((&*other.pairs.sources[0], &*other.pairs.targets[0]), ("GO:2", "GO:3"));
        let none = refused(TEXT, &["partof".into()]);
        assert!(none.contains("`partof`") && none.contains("`is_a`, `regulates`, `part_of`"), "{none}");
    }

    #[test]
    fn what_is_no_ontology_is_refused_with_lines() {
        let term = |line: &str| refused(&format!("[Term]\nid: a\nis_a: b\n{line}\n"), &both());
        assert!(term("is_a").contains("f.obo:4: no colon"));
        assert!(term("is_a:").contains("f.obo:4: `is_a` names no term"));
        assert!(term("id: c").contains("f.obo:4: a second `id`"));
        assert!(term("[Term]\nid: a").contains("f.obo:4: the term `a` stands twice"));
        assert!(term("[Term]\nname: x").contains("f.obo:4: a term without `id`"));
        assert!(refused("", &both()).contains("holds no `[Term]`"));
    }
}
