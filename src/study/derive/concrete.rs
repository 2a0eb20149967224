//! A spec with priors in the place of links that are learnt, so that the ordinary compiler takes it.

use crate::compiler::graph::{Known, Learning};
use crate::knowledge::{Incidence, Intervals, Knowledge};
use crate::language::source::Spanned;
use crate::language::spec::{
    Contigs, Eqtl, EstimatedOn, Format, LayerId, Link, Name, Origin, Prior, Provenance, Reading, Select,
    Spec, TableId, Target, Unmatched, Via, Window,
};
use indexmap::IndexSet;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a spec has links or nodes that are learnt on training rows.
#[must_use]
pub fn learns(spec: &Spec) -> bool {
    spec.layers.iter().any(|layer| layer.select.is_some())
        || spec.links.iter().any(|link| matches!(link.via, Via::Eqtl(_)))
}

/// What stands for everything that is learnt.
#[derive(Clone, Debug, Default)]
pub struct Stead {
    /// Pairs of each link `via eqtl`.
    pub pairs: BTreeMap<usize, Incidence>,
    /// Nodes of each link `via eqtl` whose variants are looked for in windows, before any is known: all
    /// that lie in them may be theirs.
    pub windows: BTreeMap<usize, FxHashSet<String>>,
    /// Names of the nodes that each selecting layer keeps.
    pub kept: BTreeMap<LayerId, FxHashSet<String>>,
}

/// A spec of which nothing is left to be learnt, and all that its priors say.
#[derive(Clone, Debug)]
pub struct Concrete {
    /// The spec.
    pub spec: Spec,
    /// One entry a prior of it.
    pub priors: Vec<Knowledge>,
}

impl Concrete {
    /// Puts priors in the place of what is learnt.
    #[must_use]
    pub fn of(spec: &Spec, priors: &[Knowledge], stead: Stead, learning: Learning) -> Self {
        let mut concrete = Self { spec: spec.clone(), priors: priors.to_vec() };
        let Stead { mut pairs, windows, kept } = stead;
        for at in 0..spec.links.len() {
            let link = &spec.links[at];
            match &link.via {
                Via::Eqtl(Eqtl { window: Some(window), .. }) if windows.contains_key(&at) => {
                    let own = restricted(&priors[window.prior], &windows[&at]);
                    let prior = concrete.add(spec.priors[window.prior].clone(), own);
                    concrete.spec.links[at].via = Via::Window(Window { prior, ..*window });
                }
                Via::Eqtl(eqtl) => {
                    let name = format!("eqtl({})", spec.tables[eqtl.table].name.value);
                    let pairs = Knowledge::Pairs(pairs.remove(&at).unwrap_or_else(|| incidence(Vec::new())));
                    let prior = concrete.add(learnt_prior(Spanned::new(name, eqtl.span)), pairs);
                    concrete.spec.links[at].via = Via::Prior(prior, eqtl.span);
                }
                Via::Prior(prior, _) | Via::Window(Window { prior, .. }) => {
                    if let Some(kept) = reached(link).find_map(|layer| kept.get(&layer)) {
                        let left = restricted(&priors[*prior], kept);
                        let own = concrete.add(spec.priors[*prior].clone(), left);
                        let (Via::Prior(prior, _) | Via::Window(Window { prior, .. })) =
                            &mut concrete.spec.links[at].via
                        else {
                            continue;
                        };
                        *prior = own;
                    }
                }
                // What a fold has not learnt is no mistake of the author's, whose names the stand-in checks.
                Via::Inline(_)
                    if learning == Learning::Done && joins(link).any(|layer| kept.contains_key(&layer)) =>
                {
                    concrete.spec.links[at].unmatched = Unmatched::Ignore;
                }
                Via::Inline(_) | Via::AllToAll => {}
            }
        }
        concrete
    }

    fn add(&mut self, prior: Prior, knowledge: Knowledge) -> usize {
        self.spec.priors.push(prior);
        self.priors.push(knowledge);
        self.priors.len() - 1
    }
}

/// What stands for links before any call is read: every node that may be learnt, with as many variants
/// as it may have. Sizes of the compiled network are then the largest possible.
#[must_use]
pub fn stand_in(spec: &Spec, known: &Known<'_>) -> Stead {
    let mut stead = Stead::default();
    for (layer, select) in selecting(spec) {
        let is_target = |name: &String| select.target.table == select.table && *name == select.target.column;
        let columns = known.columns[select.table].iter().filter(|name| !is_target(name)).cloned();
        stead.kept.insert(layer, columns.chain(named_by_hand(spec, layer)).collect());
    }
    for (at, link) in spec.links.iter().enumerate() {
        let Via::Eqtl(eqtl) = &link.via else { continue };
        let ids = offered(link, known);
        let mut next = 0;
        let mut some = || {
            let count = eqtl.top.min(ids.len());
            let first = next;
            next += count;
            (first..first + count).map(|at| ids[at % ids.len()].to_string()).collect::<Vec<String>>()
        };
        let columns = scanned_columns(spec, eqtl.table, known.columns[eqtl.table].iter());
        let names = candidates(spec, link, &columns, &stead.kept);
        if eqtl.window.is_some() {
            stead.windows.insert(at, names.into_iter().collect());
            continue;
        }
        stead.pairs.insert(at, incidence(names.into_iter().map(|name| (name, some())).collect()));
    }
    stead
}

/// Ids of the variants that a link may read.
fn offered<'a>(link: &Link, known: &Known<'a>) -> Vec<&'a str> {
    let sets = link.from.iter().filter_map(|from| match from.target {
        Target::Genotypes(set) => Some(set),
        _ => None,
    });
    let of_set = |set: usize| {
        let variants = known.variants[set].iter().zip(&known.usable[set]);
        variants.filter(|(_, usable)| **usable).map(|(variant, _)| variant.id.as_str())
    };
    sets.flat_map(of_set).collect()
}

/// Layers that keep what is selected.
pub(super) fn selecting(spec: &Spec) -> impl Iterator<Item = (LayerId, &Select)> {
    spec.layers.iter().enumerate().filter_map(|(at, layer)| Some((at, layer.select.as_ref()?)))
}

/// Columns of a table but for traits that are predicted: those are no nodes of their own network.
pub(super) fn scanned_columns<'a>(
    spec: &Spec,
    table: TableId,
    columns: impl Iterator<Item = &'a String>,
) -> Vec<String> {
    let traits = || spec.predicts.iter().flat_map(|predict| &predict.traits);
    let is_trait = |name: &String| traits().any(|one| one.table == table && one.column == *name);
    columns.filter(|name| !is_trait(name)).cloned().collect()
}

/// Nodes that a link by measurements may reach, in the order of its right side: those with a column.
pub(super) fn candidates(
    spec: &Spec,
    link: &Link,
    columns: &[String],
    kept: &BTreeMap<LayerId, FxHashSet<String>>,
) -> IndexSet<String> {
    let mut names = IndexSet::new();
    for to in &link.to {
        match to.target {
            Target::Layer(layer) => match (&spec.layers[layer].nodes, kept.get(&layer)) {
                (Some(nodes), _) => {
                    let own = nodes.iter().map(|node| &node.value).filter(|name| columns.contains(name));
                    names.extend(own.cloned());
                }
                (None, kept) => {
                    let own = columns.iter().filter(|name| kept.is_none_or(|kept| kept.contains(*name)));
                    names.extend(own.cloned());
                }
            },
            Target::Node(layer, place) => {
                let node = spec.layers[layer].nodes.as_ref().map(|nodes| &nodes[place].value);
                names.extend(node.filter(|name| columns.contains(name)).cloned());
            }
            Target::Genotypes(_) | Target::Column(_) | Target::Columns(_) => {}
        }
    }
    names
}

/// Names of a layer's nodes that some edge is written for: they stay, whatever is selected.
pub(super) fn named_by_hand(spec: &Spec, layer: LayerId) -> BTreeSet<String> {
    let is_own = |target: &Target| matches!(target, Target::Layer(own) if *own == layer);
    let mut names = BTreeSet::new();
    for link in &spec.links {
        let Via::Inline(edges) = &link.via else { continue };
        if link.from.iter().any(|from| is_own(&from.target)) {
            names.extend(edges.iter().map(|edge| edge.from.value.clone()));
        }
        if link.to.iter().any(|to| is_own(&to.target)) {
            names.extend(edges.iter().map(|edge| edge.to.value.clone()));
        }
    }
    names
}

/// Layers right of `->`.
fn reached(link: &Link) -> impl Iterator<Item = LayerId> {
    link.to.iter().filter_map(|to| layer_of(&to.target))
}

fn joins(link: &Link) -> impl Iterator<Item = LayerId> {
    link.from.iter().filter_map(|from| layer_of(&from.target)).chain(reached(link))
}

fn layer_of(target: &Target) -> Option<LayerId> {
    match target {
        Target::Layer(layer) => Some(*layer),
        _ => None,
    }
}

/// Pairs from targets with their members.
pub(super) fn incidence(targets: Vec<(String, Vec<String>)>) -> Incidence {
    let mut sources: IndexSet<String> = IndexSet::new();
    let mut pairs = Incidence { offsets: vec![0], ..Incidence::default() };
    for (target, members) in targets {
        pairs.members.extend(members.into_iter().map(|name| sources.insert_full(name).0 as u32));
        pairs.offsets.push(pairs.members.len());
        pairs.targets.push(target);
    }
    pairs.lines = vec![0; pairs.members.len()];
    pairs.sources = sources.into_iter().collect();
    pairs
}

/// What a prior says of these targets alone.
fn restricted(knowledge: &Knowledge, kept: &FxHashSet<String>) -> Knowledge {
    match knowledge {
        Knowledge::Pairs(pairs) => Knowledge::Pairs(some_pairs(pairs, kept)),
        Knowledge::Intervals(all) => Knowledge::Intervals(some_intervals(all, kept)),
    }
}

fn some_pairs(pairs: &Incidence, kept: &FxHashSet<String>) -> Incidence {
    let mut some = Incidence { sources: pairs.sources.clone(), offsets: vec![0], ..Incidence::default() };
    for (at, name) in pairs.targets.iter().enumerate().filter(|(_, name)| kept.contains(*name)) {
        let places = pairs.offsets[at]..pairs.offsets[at + 1];
        some.members.extend_from_slice(&pairs.members[places.clone()]);
        some.lines.extend_from_slice(&pairs.lines[places.clone()]);
        if !pairs.weights.is_empty() {
            some.weights.extend_from_slice(&pairs.weights[places.clone()]);
        }
        if !pairs.signs.is_empty() {
            some.signs.extend_from_slice(&pairs.signs[places]);
        }
        some.targets.push(name.clone());
        some.offsets.push(some.members.len());
    }
    some
}

fn some_intervals(all: &Intervals, kept: &FxHashSet<String>) -> Intervals {
    let mut some = Intervals { turned: all.turned, ..Intervals::default() };
    for at in (0..all.names.len()).filter(|at| kept.contains(&all.names[*at])) {
        some.names.push(all.names[at].clone());
        some.contigs.push(all.contigs[at].clone());
        some.starts.push(all.starts[at]);
        some.ends.push(all.ends[at]);
        some.strands.push(all.strands[at]);
        some.lines.push(all.lines[at]);
    }
    some
}

/// A prior that no file holds.
fn learnt_prior(name: Name) -> Prior {
    let span = name.span;
    Prior {
        name,
        origin: Origin { format: Format::Edges, path: String::new(), span },
        relates: None,
        reading: Reading::EdgeList,
        contigs: Contigs::Same,
        propagate: false,
        weight: None,
        sign: None,
        samples: EstimatedOn::Unsaid,
        assembly: None,
        provenance: Provenance::default(),
    }
}
