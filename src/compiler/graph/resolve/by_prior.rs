//! Links `via PRIOR`: exactly the prior's pairs whose names both sides have.
//!
//! All that stands left of `->` is joined at once, so that a name counts as unmatched only
//! when none of it has the name.

use super::Resolver;
use super::names::Member;
use super::order::Task;
use crate::compiler::graph::{InputRef, NodeId, error};
use crate::knowledge::{Incidence, Knowledge};
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Format, Link, Target};
use rustc_hash::FxHashMap;

/// One join of a prior's pairs with the two sides of a link.
pub(super) struct Join<'a> {
    pub(super) link: &'a Link,
    pub(super) from: &'a [&'a Endpoint],
    pub(super) targets: &'a [usize],
    pub(super) pairs: &'a Incidence,
    pub(super) prior: usize,
    pub(super) span: Span,
    /// What each source name of the prior stands for.
    pub(super) sources: Vec<Vec<Member>>,
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
        let link = &self.spec.links[task.link];
        let mut join = Join {
            link,
            from,
            targets: &task.targets,
            pairs,
            prior,
            span,
            sources: vec![Vec::new(); pairs.sources.len()],
            matched: Vec::new(),
            joined: vec![false; pairs.targets.len()],
        };
        for endpoint in from {
            let members = self.source_members(endpoint, pairs, span);
            join.matched.push(members.iter().flatten().count());
            for (source, member) in join.sources.iter_mut().zip(members) {
                source.extend(member);
            }
        }
        self.join_edges(task.link, &mut join);
        self.join_coverage(&join);
        if agree {
            self.report_join(&join);
        }
    }

    fn join_edges(&mut self, link: usize, join: &mut Join<'_>) {
        for set in self.sized_sets(join) {
            for target in self.target_nodes(join.targets, &join.pairs.targets[set]) {
                join.joined[set] = true;
                for member in join.pairs.members_of(set) {
                    for source in &join.sources[*member as usize] {
                        self.member_edge(link, source, target);
                    }
                }
            }
        }
    }

    /// What each source name of the prior stands for in one endpoint.
    fn source_members(&mut self, endpoint: &Endpoint, pairs: &Incidence, span: Span) -> Vec<Option<Member>> {
        if let Target::Genotypes(set) = endpoint.target {
            return self.variant_members(endpoint, set, pairs, span);
        }
        let nodes: FxHashMap<String, NodeId> = self
            .nodes_of(endpoint)
            .into_iter()
            .map(|node| (self.graph.dag[node].name.clone(), node))
            .collect();
        pairs.sources.iter().map(|name| nodes.get(name).map(|node| Member::Node(*node))).collect()
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
    fn sized_sets(&mut self, join: &Join<'_>) -> Vec<usize> {
        let pairs = join.pairs;
        let size = |set: usize| {
            pairs.members_of(set).iter().filter(|member| !join.sources[**member as usize].is_empty()).count()
        };
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
    fn folded(&mut self, pairs: &Incidence, prior: usize) {
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
