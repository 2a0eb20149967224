//! Links `via PRIOR`: exactly the prior's pairs whose names both sides have.
//!
//! All that stands left of `->` is joined at once, so that a name counts as unmatched only
//! when none of it has the name.

use super::Resolver;
use super::names::Member;
use super::order::Task;
use super::randomize::permute;
use super::rules::{Given, Giver};
use crate::compiler::graph::{InputRef, NodeId, error};
use crate::knowledge::{Incidence, Knowledge};
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Format, Link, Permute, Target};

/// One pair that a link takes: source name, set, place among the prior's members.
#[derive(Clone, Copy)]
struct Taken {
    source: u32,
    set: u32,
    place: u32,
}

/// One join of a prior's pairs with the two sides of a link.
pub(super) struct Join<'a> {
    pub(super) link: &'a Link,
    pub(super) from: &'a [&'a Endpoint],
    pub(super) targets: &'a [usize],
    pub(super) pairs: &'a Incidence,
    pub(super) prior: usize,
    pub(super) span: Span,
    /// What each source name of the prior stands for, one list an endpoint.
    pub(super) sources: Vec<Vec<Option<Member>>>,
    /// How many source names each left endpoint has.
    pub(super) matched: Vec<usize>,
    /// Whether each set of the prior got an edge.
    pub(super) joined: Vec<bool>,
}

impl<'a> Resolver<'a> {
    pub(super) fn by_prior(&mut self, task: &Task, from: &[&'a Endpoint], prior: usize, span: Span) {
        let known = self.known;
        let agree = self.kinds_agree(from, &task.targets, prior, span);
        let Knowledge::Pairs(pairs) = &known.priors[prior] else {
            let name = &self.spec.priors[prior].name.value;
            self.report(error::needs_window(name, span));
            return;
        };
        self.folded(pairs, prior);
        let Some(pairs) = self.derived(pairs, prior, &task.targets, span) else { return };
        let link = &self.spec.links[task.link];
        let mut join = Join {
            link,
            from,
            targets: &task.targets,
            pairs: &pairs,
            prior,
            span,
            sources: Vec::new(),
            matched: Vec::new(),
            joined: vec![false; pairs.targets.len()],
        };
        for endpoint in from {
            let members = self.source_members(endpoint, &pairs, span);
            join.matched.push(members.iter().flatten().count());
            join.sources.push(members);
        }
        let changed = self.join_edges(task.link, &mut join);
        self.join_coverage(&join, changed);
        if agree {
            self.report_join(&join);
        }
    }

    /// Makes the edges; under `randomize`, gives how many pairs changed, of how many.
    fn join_edges(&mut self, link: usize, join: &mut Join<'_>) -> Option<(usize, usize)> {
        let mut taken = self.taken(join);
        let changed = join.link.randomize.map(|rule| shuffled(&mut taken, rule));
        let name = format!("prior `{}`", self.spec.priors[join.prior].name.value);
        let giver = Giver {
            name: &name,
            weights: !join.pairs.weights.is_empty(),
            signs: !join.pairs.signs.is_empty(),
            span: self.spec.priors[join.prior].name.span,
        };
        let mut ruling = self.ruling(join.link, join.targets, giver);
        let (mut nodes, mut of_set) = (Vec::new(), u32::MAX);
        for Taken { source, set, place } in taken {
            if set != of_set {
                nodes = self.target_nodes(join.targets, &join.pairs.targets[set as usize]);
                (of_set, join.joined[set as usize]) = (set, !nodes.is_empty());
            }
            let weight = join.pairs.weights.get(place as usize).copied();
            let sign = join.pairs.signs.get(place as usize).copied().unwrap_or(0);
            for member in join.sources.iter().filter_map(|members| members[source as usize].as_ref()) {
                for node in &nodes {
                    self.member_edge(link, member, *node);
                    if let Some(ruling) = &mut ruling {
                        self.rule(ruling, member, *node, Given { weight, sign }, join.link.span);
                    }
                }
            }
        }
        self.ruled(ruling, giver, join.link.span);
        changed
    }

    /// The pairs of sets within the size limits whose source stands for something.
    fn taken(&mut self, join: &Join<'_>) -> Vec<Taken> {
        let pairs = join.pairs;
        let matches: Vec<bool> = (0..pairs.sources.len())
            .map(|source| join.sources.iter().any(|members| members[source].is_some()))
            .collect();
        let kept = self.sized_sets(join, &matches);
        let places = |set: &usize| pairs.offsets[*set]..pairs.offsets[*set + 1];
        let mut taken = Vec::with_capacity(kept.iter().map(|set| places(set).len()).sum());
        for set in &kept {
            for place in places(set).filter(|place| matches[pairs.members[*place] as usize]) {
                taken.push(Taken { source: pairs.members[place], set: *set as u32, place: place as u32 });
            }
        }
        if let Some(most) = join.link.max_genes {
            let busy = too_many(taken.iter().map(|pair| pair.source), pairs.sources.len(), most);
            let names: Vec<&str> =
                (0..busy.len()).filter(|at| busy[*at]).map(|at| pairs.sources[at].as_str()).collect();
            self.report_busy(&names, most, join.span);
            taken.retain(|pair| !busy[pair.source as usize]);
        }
        taken
    }

    /// W0418 for what feeds more than `max_genes` targets.
    pub(super) fn report_busy(&mut self, names: &[&str], most: usize, span: Span) {
        if !names.is_empty() {
            self.report(error::feeds_too_many(names, most, span));
        }
    }

    /// What each source name of the prior stands for in one endpoint.
    fn source_members(&mut self, endpoint: &Endpoint, pairs: &Incidence, span: Span) -> Vec<Option<Member>> {
        if let Target::Genotypes(set) = endpoint.target {
            return self.variant_members(endpoint, set, pairs, span);
        }
        let Some(group) = self.groups.of_endpoint(endpoint) else {
            return vec![None; pairs.sources.len()];
        };
        let mut offered = vec![false; self.graph.dag.node_count()];
        self.nodes_of(endpoint).into_iter().for_each(|node| offered[node.index()] = true);
        let found =
            |name: &String| self.by_name[group].get(name.as_str()).filter(|node| offered[node.index()]);
        pairs.sources.iter().map(|name| found(name).map(|node| Member::Node(*node))).collect()
    }

    fn variant_members(
        &mut self,
        endpoint: &Endpoint,
        set: usize,
        pairs: &Incidence,
        span: Span,
    ) -> Vec<Option<Member>> {
        let wanted = self.variants_of(endpoint, set);
        let mut members = Vec::with_capacity(pairs.sources.len());
        let mut ambiguous = Vec::new();
        for name in &pairs.sources {
            let found = self.variant_names[set].get(name);
            if let Some((_, count @ 2..)) = found {
                ambiguous.push((name.as_str(), count));
            }
            let variant = found.map(|(at, _)| at).filter(|at| wanted.binary_search(at).is_ok());
            members.push(variant.map(|at| Member::Input(InputRef::Variant(set, at))));
        }
        if let Some((name, count)) = ambiguous.first() {
            self.report(error::ambiguous_variant(name, *count as usize, ambiguous.len(), span));
        }
        members
    }

    /// Sets with a matched member whose matched size lies within the link's limits.
    fn sized_sets(&mut self, join: &Join<'_>, matches: &[bool]) -> Vec<usize> {
        let pairs = join.pairs;
        let size =
            |set: usize| pairs.members_of(set).iter().filter(|member| matches[**member as usize]).count();
        let sizes: Vec<usize> = (0..pairs.targets.len()).map(size).collect();
        let kept = self.within_limits(join.link, join.prior, &pairs.targets, &sizes, join.span);
        kept.into_iter().filter(|set| sizes[*set] > 0).collect()
    }

    /// Which sets the link's size limits keep; the others are told (W0409).
    pub(super) fn within_limits(
        &mut self,
        link: &Link,
        prior: usize,
        names: &[String],
        sizes: &[usize],
        span: Span,
    ) -> Vec<usize> {
        let (mut kept, mut small, mut large) = (Vec::new(), Vec::new(), Vec::new());
        for (set, size) in sizes.iter().enumerate() {
            match *size {
                size if size < link.min_size => small.push(names[set].as_str()),
                size if size > link.max_size => large.push(names[set].as_str()),
                _ => kept.push(set),
            }
        }
        if !small.is_empty() || !large.is_empty() {
            let name = &self.spec.priors[prior].name.value;
            self.report(error::outside_size(name, &small, &large, span));
        }
        kept
    }

    /// The nodes that a target name stands for: made in layers, looked up among hand-named ones.
    pub(super) fn target_nodes(&mut self, groups: &[usize], name: &str) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        for group in groups {
            let is_layer = self.groups.all[*group].place.is_none();
            if is_layer || self.groups.all[*group].name == name {
                nodes.push(self.node(*group, name));
            }
        }
        nodes
    }

    /// W0403 once a prior; a GMT file's reader has told of its repetitions already.
    pub(super) fn folded(&mut self, pairs: &Incidence, prior: usize) {
        let item = &self.spec.priors[prior];
        if item.origin.format == Format::Gmt || self.folded.contains(&prior) {
            return;
        }
        self.folded.push(prior);
        if let Some((source, target, line)) = pairs.folded_examples.first() {
            let example = format!("`{source}` -> `{target}` again in line {line} of `{}`", item.origin.path);
            self.report(error::folded_pairs(&item.name.value, pairs.folded, &example, item.origin.span));
        }
    }
}

/// Which of `count` things occur more than `most` times.
pub(super) fn too_many(things: impl Iterator<Item = u32>, count: usize, most: usize) -> Vec<bool> {
    let mut times = vec![0_usize; count];
    things.for_each(|thing| times[thing as usize] += 1);
    times.into_iter().map(|times| times > most).collect()
}

/// Gives every source as many other sets, every set as many other sources.
fn shuffled(taken: &mut [Taken], rule: Permute) -> (usize, usize) {
    let mut edges: Vec<(u32, u32)> = taken.iter().map(|pair| (pair.source, pair.set)).collect();
    let changed = permute(&mut edges, rule);
    for (pair, (source, set)) in taken.iter_mut().zip(edges) {
        (pair.source, pair.set) = (source, set);
    }
    taken.sort_by_key(|pair| pair.set);
    (changed, taken.len())
}
