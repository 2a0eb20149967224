//! What a prior says of a layer with a hierarchy: members carried to ancestors, and members
//! of terms that are cut moved to the nearest ancestors that stay.
//!
//! Match, then propagate, then size limits: what is derived here is what sizes are counted on.

use super::Resolver;
use super::tree::{Place, Tree};
use crate::compiler::graph::error;
use crate::knowledge::Incidence;
use crate::language::source::Span;
use indexmap::IndexMap;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

impl<'a> Resolver<'a> {
    /// The pairs of a prior as they hold for these targets; `None` after an error.
    pub(super) fn derived(
        &mut self,
        pairs: &'a Incidence,
        prior: usize,
        targets: &[usize],
        span: Span,
    ) -> Option<Cow<'a, Incidence>> {
        let item = &self.spec.priors[prior];
        let layers: Vec<usize> = targets.iter().map(|group| self.groups.all[*group].layer).collect();
        let tree = layers.iter().find_map(|layer| self.trees[*layer].clone());
        let Some(tree) = tree else {
            let failed = layers.iter().any(|layer| self.spec.layers[*layer].hierarchy.is_some());
            if item.propagate && !failed {
                self.report(error::propagates_nowhere(&item.name.value, item.name.span, span));
                return None;
            }
            return Some(Cow::Borrowed(pairs));
        };
        if item.propagate && (!pairs.weights.is_empty() || !pairs.signs.is_empty()) {
            self.report(error::propagates_weights(&item.name.value, item.name.span));
            return None;
        }
        let unchanged = |name: &String| matches!(tree.place(name), Place::Stranger | Place::Kept(_));
        if !item.propagate && pairs.targets.iter().all(unchanged) {
            return Some(Cow::Borrowed(pairs));
        }
        Some(Cow::Owned(carried(pairs, &tree, item.propagate)))
    }
}

/// One set of the result: members with the line and the place they come from.
#[derive(Default)]
struct Carried {
    members: Vec<(u32, usize)>,
    seen: FxHashSet<u32>,
}

fn carried(pairs: &Incidence, tree: &Tree<'_>, propagate: bool) -> Incidence {
    let mut sets: IndexMap<String, Carried> = IndexMap::new();
    for (set, name) in pairs.targets.iter().enumerate() {
        let reached = match tree.place(name) {
            Place::Stranger => {
                add(sets.entry(name.clone()).or_default(), pairs, set);
                continue;
            }
            Place::Outside => continue,
            Place::Kept(_) | Place::Moved(_) if propagate => tree.kept_line(name),
            Place::Kept(term) => vec![term],
            Place::Moved(terms) => terms,
        };
        for term in reached {
            add(sets.entry(tree.name(term).to_string()).or_default(), pairs, set);
        }
    }
    let mut found = Incidence {
        sources: pairs.sources.clone(),
        offsets: vec![0],
        folded: pairs.folded,
        folded_examples: pairs.folded_examples.clone(),
        ..Incidence::default()
    };
    for (name, set) in sets {
        found.targets.push(name);
        for (member, place) in set.members {
            found.members.push(member);
            found.lines.push(pairs.lines[place]);
            found.weights.extend(pairs.weights.get(place));
            found.signs.extend(pairs.signs.get(place));
        }
        found.offsets.push(found.members.len());
    }
    found
}

fn add(carried: &mut Carried, pairs: &Incidence, set: usize) {
    for (place, member) in (pairs.offsets[set]..).zip(pairs.members_of(set)) {
        if carried.seen.insert(*member) {
            carried.members.push((*member, place));
        }
    }
}
