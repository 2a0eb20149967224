//! The comparison as values: what text, Markdown and JSON are made of.
//!
//! Equal means equal in everything that is compared, whether or not it shows in the graph.

use super::side::Side;
use crate::cli::load::Loaded;
use crate::cli::outline;
use crate::compiler::compare::{Comparison, Difference, When};
use crate::compiler::lock::{Contents, LockedGraph};
use crate::knowledge::Knowledge;
use crate::language::diagnostics::listed;
use crate::language::spec::digest::SpecDigests;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What differs between two sides.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The version of this form.
    pub(super) format_version: u32,
    /// The old spec.
    pub(super) old: String,
    /// The new spec.
    pub(super) new: String,
    /// Whether nothing differs.
    pub(super) equal: bool,
    /// `graph`, or `priors` where no graph could be built.
    pub(super) compared: Compared,
    /// Why the graphs were not compared, or what the names cannot show.
    pub(super) notes: Vec<String>,
    /// Figures and digests of both graphs.
    pub(super) graph: Option<Pair<LockedGraph>>,
    /// Nodes and edges that came and went.
    #[serde(flatten)]
    pub(super) difference: Difference,
    /// Priors whose contents differ.
    pub(super) priors: Vec<PriorChange>,
    /// Settings of the spec that differ.
    pub(super) settings: Vec<Setting>,
    /// Digests of the spec's four concerns.
    pub(super) spec: Pair<SpecDigests>,
}

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Compared {
    Graph,
    Priors,
}

/// A value before and after.
#[derive(Debug, Serialize)]
pub(super) struct Pair<T> {
    pub(super) before: T,
    pub(super) after: T,
}

/// A prior whose file says something else; `None` where the prior or its file is not there.
#[derive(Debug, Serialize)]
pub(super) struct PriorChange {
    pub(super) name: String,
    pub(super) before: Option<Counts>,
    pub(super) after: Option<Counts>,
}

/// How much a prior says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    /// Sets or intervals.
    pub(super) targets: usize,
    /// Distinct pairs; 0 of intervals.
    pub(super) pairs: usize,
}

/// A setting of the spec; `None` where one side does not have it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Setting {
    /// Such as `train epochs`.
    pub(super) key: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Report {
    pub(super) fn of(old: &Side, new: &Side) -> Self {
        let mut notes = Vec::new();
        let mut both = Comparison::default();
        let graph = match (&old.loaded, &new.loaded) {
            (Some(before), Some(after)) => {
                both.graph(When::Before, &old.spec, &before.graph, &before.variants);
                both.graph(When::After, &new.spec, &after.graph, &after.variants);
                Some(Pair { before: figures(before), after: figures(after) })
            }
            _ => {
                notes.push(absent(old, new));
                priors_of(&mut both, When::Before, old);
                priors_of(&mut both, When::After, new);
                None
            }
        };
        let difference = both.difference();
        let priors = prior_changes(old, new);
        let settings = changed_settings(old, new);
        let spec = Pair { before: SpecDigests::of(&old.spec), after: SpecDigests::of(&new.spec) };
        let unnamed = graph.as_ref().is_some_and(|graph| graph.before.digest != graph.after.digest);
        if unnamed && difference.is_empty() {
            notes.push("nodes and edges are the same by name; contigs or alleles of variants, or weights of edges, differ".to_string());
        }
        let equal = difference.is_empty()
            && priors.is_empty()
            && settings.is_empty()
            && spec.before == spec.after
            && graph.as_ref().is_none_or(|graph| graph.before == graph.after);
        let compared = if graph.is_some() { Compared::Graph } else { Compared::Priors };
        let (old, new) = (old.name.clone(), new.name.clone());
        Self {
            format_version: 1,
            old,
            new,
            equal,
            compared,
            notes,
            graph,
            difference,
            priors,
            settings,
            spec,
        }
    }

    /// As JSON; lists of names are cut where a limit is given.
    pub(super) fn json(&self, limit: Option<usize>) -> Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(limit) = limit {
            for list in ["layers", "links"] {
                for entry in value[list].as_array_mut().into_iter().flatten() {
                    for side in ["removed", "added"] {
                        let names = entry[side].as_array_mut();
                        let left_off = names.map_or(0, |names| {
                            let all = names.len();
                            names.truncate(limit);
                            all - names.len()
                        });
                        entry[format!("{side}_left_off")] = left_off.into();
                    }
                }
            }
        }
        value
    }
}

fn figures(loaded: &Loaded) -> LockedGraph {
    LockedGraph::of(&loaded.plan, &loaded.summary)
}

fn absent(old: &Side, new: &Side) -> String {
    if old.absent.is_empty() && new.absent.is_empty() {
        return "the graphs are not compared, since links are learnt on training rows: the specs and their priors \
                alone are"
            .to_string();
    }
    let files: Vec<&String> = old.absent.iter().chain(&new.absent).collect();
    let mut unique = files.clone();
    unique.dedup();
    format!(
        "the graphs were not built, since {} {} not there: the specs and their priors alone are compared",
        listed(&unique, 3),
        if unique.len() == 1 { "is" } else { "are" }
    )
}

fn priors_of<'a>(both: &mut Comparison<'a>, when: When, side: &'a Side) {
    for (item, knowledge) in side.spec.priors.iter().zip(&side.priors) {
        if let Some(knowledge) = knowledge {
            both.prior(when, &item.name.value, knowledge);
        }
    }
}

/// Priors by name whose contents differ.
fn prior_changes(old: &Side, new: &Side) -> Vec<PriorChange> {
    let by_name = |side: &Side| -> BTreeMap<String, (Contents, Counts)> {
        let known = side.spec.priors.iter().zip(&side.priors);
        let described =
            known.filter_map(|(item, knowledge)| Some((item.name.value.clone(), knowledge.as_ref()?)));
        described.map(|(name, knowledge)| (name, (Contents::of(knowledge), counts(knowledge)))).collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let of = |side: &BTreeMap<String, (Contents, Counts)>, name: &String| {
        side.get(name).map(|(_, counts)| *counts)
    };
    changed
        .map(|name| PriorChange { name: name.clone(), before: of(&before, name), after: of(&after, name) })
        .collect()
}

fn counts(knowledge: &Knowledge) -> Counts {
    match knowledge {
        Knowledge::Pairs(pairs) => Counts { targets: pairs.targets.len(), pairs: pairs.members.len() },
        Knowledge::Intervals(intervals) => Counts { targets: intervals.names.len(), pairs: 0 },
    }
}

/// Settings that differ, in the order of the old spec, then those that are new; an item that one
/// side lacks is one line.
fn changed_settings(old: &Side, new: &Side) -> Vec<Setting> {
    let (before, after) = (outline::settings(&old.spec), outline::settings(&new.spec));
    let mut changes: Vec<Setting> = Vec::new();
    for (one, other, is_new) in [(&before, &after, false), (&after, &before, true)] {
        for setting in one.iter().filter(|setting| setting.key != "doc") {
            let twin = other.iter().find(|twin| twin.key == setting.key);
            let has_item = other.iter().any(|twin| twin.item == setting.item);
            let (key, value) = match twin {
                Some(twin) if is_new || twin.value == setting.value => continue,
                Some(_) => (&setting.key, setting.value.clone()),
                None if has_item => (&setting.key, setting.value.clone()),
                None => (&setting.item, "an item".to_string()),
            };
            let twin = twin.map(|twin| twin.value.clone());
            let (before, after) = if is_new { (twin, Some(value)) } else { (Some(value), twin) };
            let change = Setting { key: key.clone(), before, after };
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }
    changes
}
