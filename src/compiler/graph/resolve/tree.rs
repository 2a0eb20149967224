//! A hierarchy of terms: who is whose parent, which terms are kept, how deep each lies.
//!
//! Terms are numbered in file order, children's names first. Level 1 is a term without a
//! parent, or a root that the author named; a term's level is one more than the smallest of
//! its parents'.

use crate::compiler::rows::Rows;
use crate::knowledge::Incidence;
use crate::language::spec::Hierarchy;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// The level of a term that is outside all roots.
const OUTSIDE: u32 = 0;

/// A hierarchy, by number of term.
pub(super) struct Tree<'a> {
    names: Vec<&'a str>,
    index: FxHashMap<&'a str, u32>,
    parents: Rows,
    children: Rows,
    /// 0 for terms outside the roots.
    levels: Vec<u32>,
    /// Levels kept.
    depth: u32,
}

/// Where the terms of a set end up.
pub(super) enum Place {
    /// It is no term of the hierarchy, and stands by itself.
    Stranger,
    /// It stays.
    Kept(u32),
    /// It lies too deep: its members move to these.
    Moved(Vec<u32>),
    /// It lies outside the roots.
    Outside,
}

impl<'a> Tree<'a> {
    /// The hierarchy that a prior's pairs child → parent describe, and the roots that it lacks.
    pub(super) fn new(pairs: &'a Incidence, cut: &Hierarchy) -> (Self, Vec<String>) {
        let mut names: Vec<&str> = pairs.sources.iter().map(String::as_str).collect();
        let mut index: FxHashMap<&str, u32> = names.iter().copied().zip(0..).collect();
        let mut of_target = Vec::with_capacity(pairs.targets.len());
        for target in &pairs.targets {
            let next = names.len() as u32;
            let term = *index.entry(target).or_insert(next);
            if term == next {
                names.push(target);
            }
            of_target.push(term);
        }
        let edges = || {
            let sets = of_target.iter().enumerate();
            sets.flat_map(|(set, parent)| pairs.members_of(set).iter().map(|child| (*child, *parent)))
        };
        let parents = Rows::new(names.len(), edges());
        let children = Rows::new(names.len(), edges().map(|(child, parent)| (parent, child)));
        let missing: Vec<String> = cut
            .roots
            .iter()
            .filter(|root| !index.contains_key(root.value.as_str()))
            .map(|r| r.value.clone())
            .collect();
        let roots: Vec<u32> = if cut.roots.is_empty() {
            (0..names.len() as u32).filter(|term| parents.of(*term as usize).is_empty()).collect()
        } else {
            cut.roots.iter().filter_map(|root| index.get(root.value.as_str()).copied()).collect()
        };
        let levels = levels(&roots, &children, names.len());
        let depth = cut.depth.map_or(u32::MAX, |depth| u32::try_from(depth).unwrap_or(u32::MAX));
        (Self { names, index, parents, children, levels, depth }, missing)
    }

    pub(super) fn name(&self, term: u32) -> &'a str {
        self.names[term as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The term of that name.
    pub(super) fn term(&self, name: &str) -> Option<u32> {
        self.index.get(name).copied()
    }

    /// Kept parents of a term, in file order.
    pub(super) fn parents(&self, term: u32) -> impl Iterator<Item = u32> {
        self.parents.of(term as usize).iter().copied().filter(|parent| self.is_kept(*parent))
    }

    /// Children of a term, in file order.
    pub(super) fn children(&self, term: u32) -> impl Iterator<Item = u32> {
        self.children.of(term as usize).iter().copied()
    }

    fn is_kept(&self, term: u32) -> bool {
        let level = self.levels[term as usize];
        level != OUTSIDE && level <= self.depth
    }

    /// Terms below the levels kept, in file order.
    pub(super) fn too_deep(&self) -> impl Iterator<Item = &str> {
        let deep = |level: u32| level != OUTSIDE && level > self.depth;
        self.names.iter().zip(&self.levels).filter(move |(_, level)| deep(**level)).map(|(name, _)| *name)
    }

    /// Where a set of that name goes.
    pub(super) fn place(&self, name: &str) -> Place {
        let Some(term) = self.term(name) else { return Place::Stranger };
        if self.levels[term as usize] == OUTSIDE {
            return Place::Outside;
        }
        if self.is_kept(term) {
            return Place::Kept(term);
        }
        let (mut kept, mut layer) = (Vec::new(), vec![term]);
        // Upwards a step at a time: the nearest kept ancestors are those met first.
        while kept.is_empty() && !layer.is_empty() {
            let mut above: Vec<u32> = layer
                .iter()
                .flat_map(|term| self.parents.of(*term as usize))
                .copied()
                .filter(|parent| self.levels[*parent as usize] != OUTSIDE)
                .collect();
            above.sort_unstable();
            above.dedup();
            kept = above.iter().copied().filter(|parent| self.is_kept(*parent)).collect();
            layer = above;
        }
        Place::Moved(kept)
    }

    /// A term and all its kept ancestors, ascending.
    pub(super) fn with_ancestors(&self, terms: &[u32]) -> Vec<u32> {
        let mut seen = vec![false; self.len()];
        let mut waiting: Vec<u32> = terms.to_vec();
        while let Some(term) = waiting.pop() {
            if !std::mem::replace(&mut seen[term as usize], true) {
                waiting.extend(self.parents(term).filter(|parent| !seen[*parent as usize]));
            }
        }
        (0..self.len() as u32).filter(|term| seen[*term as usize]).collect()
    }

    /// What is kept of a term and all its ancestors, ascending; the way up may lead through terms
    /// that are cut.
    pub(super) fn kept_line(&self, name: &str) -> Vec<u32> {
        let mut seen = vec![false; self.len()];
        let mut waiting: Vec<u32> = self.term(name).into_iter().collect();
        while let Some(term) = waiting.pop() {
            if !std::mem::replace(&mut seen[term as usize], true) {
                let inside = |parent: &u32| self.levels[*parent as usize] != OUTSIDE;
                waiting.extend(self.parents.of(term as usize).iter().copied().filter(inside));
            }
        }
        (0..self.len() as u32).filter(|term| seen[*term as usize] && self.is_kept(*term)).collect()
    }

    /// The terms of one cycle, child before parent; `None` when there is none.
    pub(super) fn cycle(&self) -> Option<Vec<u32>> {
        let count = self.len();
        let mut waiting: Vec<usize> =
            (0..count as u32).map(|term| self.children.of(term as usize).len()).collect();
        let mut ready: Vec<u32> = (0..count as u32).filter(|term| waiting[*term as usize] == 0).collect();
        while let Some(term) = ready.pop() {
            for parent in self.parents.of(term as usize) {
                waiting[*parent as usize] -= 1;
                if waiting[*parent as usize] == 0 {
                    ready.push(*parent);
                }
            }
        }
        let stuck = |term: u32| waiting[term as usize] > 0;
        let start = (0..count as u32).find(|term| stuck(*term))?;
        // Every stuck term has a stuck child: going down, a term must come again.
        let (mut path, mut seen, mut at) = (Vec::new(), FxHashMap::default(), start);
        loop {
            if let Some(first) = seen.insert(at, path.len()) {
                let mut cycle: Vec<u32> = path.split_off(first);
                cycle.reverse();
                return Some(cycle);
            }
            path.push(at);
            at = self.children.of(at as usize).iter().copied().find(|child| stuck(*child))?;
        }
    }
}

/// Steps from the roots downwards, plus one.
fn levels(roots: &[u32], children: &Rows, terms: usize) -> Vec<u32> {
    let mut levels = vec![OUTSIDE; terms];
    let mut queue: VecDeque<u32> = roots.iter().copied().collect();
    for root in roots {
        levels[*root as usize] = 1;
    }
    while let Some(term) = queue.pop_front() {
        for child in children.of(term as usize) {
            if levels[*child as usize] == OUTSIDE {
                levels[*child as usize] = levels[term as usize] + 1;
                queue.push_back(*child);
            }
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge;
    use crate::language::source::{Span, Spanned};

    fn tree<'a>(pairs: &'a Incidence, roots: &[&str], depth: Option<usize>) -> Tree<'a> {
        let roots = roots.iter().map(|root| Spanned::new((*root).to_string(), Span::default())).collect();
        let cut = Hierarchy { prior: 0, roots, depth, span: Span::default() };
        Tree::new(pairs, &cut).0
    }

    fn diamond() -> Incidence {
        knowledge::pairs([("d", "b"), ("d", "c"), ("b", "a"), ("c", "a"), ("e", "d")])
    }

    fn names(tree: &Tree<'_>, terms: &[u32]) -> Vec<String> {
        terms.iter().map(|term| tree.name(*term).to_string()).collect()
    }

    #[test]
    fn ancestors_are_found_once() {
        let pairs = diamond();
        let tree = tree(&pairs, &[], None);
        let e = tree.term("e").expect("a term");
        let mut found = names(&tree, &tree.with_ancestors(&[e]));
        found.sort();
        assert_eq!(found, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn members_of_deep_terms_move_to_the_nearest_kept_ancestors() {
        let pairs = diamond();
        let tree = tree(&pairs, &[], Some(2));
        let Place::Moved(terms) = tree.place("e") else { panic!("`e` lies on level 4") };
        let mut moved = names(&tree, &terms);
        moved.sort();
        assert_eq!(moved, ["b", "c"]);
        assert!(matches!(tree.place("b"), Place::Kept(_)));
        assert_eq!(tree.too_deep().collect::<Vec<_>>(), ["d", "e"]);
    }

    #[test]
    fn ancestors_behind_a_cut_term_count_too() {
        // e -> b -> a is short; e -> d -> c -> f reaches f, which is no ancestor of b, through d.
        let pairs =
            knowledge::pairs([("b", "a"), ("e", "b"), ("f", "a"), ("c", "f"), ("d", "c"), ("e", "d")]);
        let tree = tree(&pairs, &[], Some(2));
        let mut found = names(&tree, &tree.kept_line("e"));
        found.sort();
        assert_eq!(found, ["a", "b", "f"]);
    }

    #[test]
    fn roots_cut_what_lies_beside_and_above() {
        let pairs = diamond();
        let tree = tree(&pairs, &["b"], None);
        assert!(matches!(tree.place("c"), Place::Outside));
        assert!(matches!(tree.place("a"), Place::Outside));
        assert!(matches!(tree.place("x"), Place::Stranger));
        let d = tree.term("d").expect("a term");
        assert_eq!(names(&tree, &tree.parents(d).collect::<Vec<_>>()), ["b"]);
    }

    #[test]
    fn a_cycle_is_named() {
        let (cyclic, acyclic) =
            (knowledge::pairs([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]), diamond());
        let tree = tree(&cyclic, &[], None);
        let mut found = names(&tree, &tree.cycle().expect("a cycle"));
        found.sort();
        assert_eq!(found, ["a", "b", "c"]);
        assert!(self::tree(&acyclic, &[], None).cycle().is_none());
    }
}
