//! Links `via PRIOR`: exactly the prior's pairs whose names both sides have.

use super::Resolver;
use super::names::Member;
use crate::compiler::graph::{Coverage, InputRef, NodeId, error};
use crate::knowledge::{Incidence, Knowledge, has_version_suffix};
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Link, Target, Unmatched};
use rustc_hash::FxHashMap;

/// Kinds under which a prior may speak of variants.
const VARIANT_KINDS: [&str; 6] = ["snp", "variant", "marker", "locus", "qtn", "region"];

impl<'a> Resolver<'a> {
    pub(super) fn by_prior(
        &mut self,
        id: usize,
        link: &'a Link,
        from: &[&'a Endpoint],
        prior: usize,
        span: Span,
    ) {
        self.check_kinds(link, from, prior, span);
        let known = self.known;
        let Knowledge::Pairs(pairs) = &known.priors[prior] else {
            self.intervals_without_window(prior, span);
            return;
        };
        self.folded(pairs, prior);
        for endpoint in from {
            self.join(id, link, endpoint, pairs, prior, span);
        }
    }

    fn join(
        &mut self,
        id: usize,
        link: &'a Link,
        endpoint: &'a Endpoint,
        pairs: &Incidence,
        prior: usize,
        span: Span,
    ) {
        let Some(sources) = self.source_members(endpoint, pairs, span) else { return };
        let targets = self.targets(link);
        let sets = self.sized_sets(link, pairs, &sources, prior, span);
        let mut joined = vec![false; pairs.targets.len()];
        let mut linked = vec![false; pairs.sources.len()];
        for set in sets {
            for target in self.target_nodes(&targets, &pairs.targets[set]) {
                joined[set] = true;
                for member in pairs.members_of(set) {
                    let Some(source) = &sources[*member as usize] else { continue };
                    linked[*member as usize] = true;
                    match source {
                        Member::Node(node) => self.edge(id, *node, target),
                        Member::Input(input) => self.input(id, input.clone(), target),
                    }
                }
            }
        }
        self.report_join(link, endpoint, pairs, prior, span, &sources, &joined);
    }

    /// What each source name of the prior stands for on the left side.
    fn source_members(
        &mut self,
        endpoint: &Endpoint,
        pairs: &Incidence,
        span: Span,
    ) -> Option<Vec<Option<Member>>> {
        if let Target::Genotypes(set) = endpoint.target {
            let wanted = self.variants_of(endpoint, set);
            return self.variant_members(set, &wanted, pairs, span);
        }
        let nodes: FxHashMap<String, NodeId> = self
            .nodes_of(endpoint)
            .into_iter()
            .map(|node| (self.graph.dag[node].name.clone(), node))
            .collect();
        Some(pairs.sources.iter().map(|name| nodes.get(name).map(|node| Member::Node(*node))).collect())
    }

    fn variant_members(
        &mut self,
        set: usize,
        wanted: &[u32],
        pairs: &Incidence,
        span: Span,
    ) -> Option<Vec<Option<Member>>> {
        let mut members = Vec::with_capacity(pairs.sources.len());
        for name in &pairs.sources {
            let found = self.variant_names[set].get(name);
            if let Some((_, count @ 2..)) = found {
                self.report(error::ambiguous_variant(name, count as usize, span));
                return None;
            }
            let variant =
                found.map(|(variant, _)| variant).filter(|variant| wanted.binary_search(variant).is_ok());
            members.push(variant.map(|variant| Member::Input(InputRef::Variant(set, variant))));
        }
        Some(members)
    }

    /// Sets with a matched member whose matched size lies within the link's limits.
    fn sized_sets(
        &mut self,
        link: &Link,
        pairs: &Incidence,
        sources: &[Option<Member>],
        prior: usize,
        span: Span,
    ) -> Vec<usize> {
        let (mut kept, mut small, mut large) = (Vec::new(), Vec::new(), Vec::new());
        for set in 0..pairs.targets.len() {
            let size =
                pairs.members_of(set).iter().filter(|member| sources[**member as usize].is_some()).count();
            match size {
                _ if size < link.min_size => small.push(pairs.targets[set].as_str()),
                _ if size > link.max_size => large.push(pairs.targets[set].as_str()),
                0 => {}
                _ => kept.push(set),
            }
        }
        if !small.is_empty() || !large.is_empty() {
            let examples: Vec<&str> = small.iter().chain(&large).copied().collect();
            let name = &self.spec.priors[prior].name.value;
            self.report(error::outside_size(name, small.len(), large.len(), &examples, span));
        }
        kept
    }

    /// The nodes that a target name stands for: made in layers, looked up among hand-named ones.
    fn target_nodes(&mut self, groups: &[usize], name: &str) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        for group in groups {
            let is_layer = self.groups.all[*group].place.is_none();
            if is_layer || self.groups.all[*group].name == name {
                nodes.push(self.node(*group, name));
            }
        }
        nodes
    }

    #[expect(clippy::too_many_arguments, reason = "the facts of one join")]
    fn report_join(
        &mut self,
        link: &Link,
        endpoint: &Endpoint,
        pairs: &Incidence,
        prior: usize,
        span: Span,
        sources: &[Option<Member>],
        joined: &[bool],
    ) {
        let prior_name = &self.spec.priors[prior].name.value;
        let unmatched: Vec<&str> =
            pairs.sources.iter().zip(sources).filter(|(_, m)| m.is_none()).map(|(n, _)| n.as_str()).collect();
        let sets_only: Vec<&str> =
            pairs.targets.iter().zip(joined).filter(|(_, j)| !**j).map(|(n, _)| n.as_str()).collect();
        let side = format!("`{}`", self.shown(endpoint));
        let to: Vec<String> = link.to.iter().map(|to| self.shown(to)).collect();
        let matched = pairs.sources.len() - unmatched.len();
        self.graph.coverage.push(Coverage {
            join: format!("{} -> {} via {prior_name}", self.shown(endpoint), to.join(", ")),
            left: "members".to_string(),
            right: "sets".to_string(),
            left_matched: matched,
            left_only: unmatched.len(),
            right_matched: pairs.targets.len() - sets_only.len(),
            right_only: sets_only.len(),
            left_examples: unmatched.iter().take(3).map(ToString::to_string).collect(),
            right_examples: sets_only.iter().take(3).map(ToString::to_string).collect(),
        });
        let left_names = self.left_names(endpoint);
        if matched == 0 {
            let reverse =
                pairs.targets.iter().filter(|name| left_names.iter().any(|left| left == *name)).count();
            self.report(if reverse > 0 {
                error::reversed(prior_name, reverse, span)
            } else {
                let left: Vec<&str> = left_names.iter().map(String::as_str).collect();
                error::nothing_matches(prior_name, &side, &unmatched, &left, span)
            });
        } else if joined.iter().all(|joined| !joined) && sources.iter().any(Option::is_some) {
            self.no_target_matches(link, pairs, prior, span);
        } else if !unmatched.is_empty() {
            self.report_unmatched(
                link,
                prior_name,
                &side,
                &unmatched,
                pairs.sources.len(),
                &left_names,
                span,
            );
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the facts of one join")]
    fn report_unmatched(
        &mut self,
        link: &Link,
        prior: &str,
        side: &str,
        unmatched: &[&str],
        all: usize,
        left_names: &[String],
        span: Span,
    ) {
        match link.unmatched {
            Unmatched::Drop => {
                self.report(error::some_unmatched(prior, side, unmatched.len(), all, unmatched, span))
            }
            Unmatched::Ignore => {}
            Unmatched::Error => {
                self.report(error::unmatched_forbidden(prior, side, unmatched.len(), unmatched, span))
            }
        }
        let stems: rustc_hash::FxHashSet<&str> = left_names.iter().map(|name| stem(name)).collect();
        let suffixed: Vec<&&str> =
            unmatched.iter().filter(|id| has_version_suffix(id) && stems.contains(stem(id))).collect();
        if let Some(example) = suffixed.first() {
            self.report(error::version_suffix(prior, suffixed.len(), example, span));
        }
    }

    fn no_target_matches(&mut self, link: &Link, pairs: &Incidence, prior: usize, span: Span) {
        let groups = self.targets(link);
        if groups.iter().any(|group| self.groups.all[*group].place.is_none()) {
            return;
        }
        let names: Vec<String> = groups.iter().map(|group| self.groups.all[*group].name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let sets: Vec<&str> = pairs.targets.iter().map(String::as_str).collect();
        let prior = &self.spec.priors[prior].name.value;
        self.report(error::nothing_matches(prior, "the nodes on the right", &sets, &names, span));
    }

    /// Names on the left side of a join, for examples.
    fn left_names(&self, endpoint: &Endpoint) -> Vec<String> {
        match &endpoint.target {
            Target::Genotypes(set) => {
                let variants = &self.known.variants[*set];
                self.variants_of(endpoint, *set)
                    .into_iter()
                    .map(|at| variants[at as usize].id.clone())
                    .collect()
            }
            _ => self.nodes_of(endpoint).into_iter().map(|node| self.graph.dag[node].name.clone()).collect(),
        }
    }

    /// E0410, where a prior says which kinds it relates.
    pub(super) fn check_kinds(&mut self, link: &Link, from: &[&Endpoint], prior: usize, span: Span) {
        let item = &self.spec.priors[prior];
        let Some((source, target)) = &item.relates else { return };
        for endpoint in from {
            for to in self.targets(link) {
                let to_kind = self.spec.layers[self.groups.all[to].layer].kind.value.clone();
                let from_kind = self.kind_of(endpoint, &source.value);
                if from_kind != source.value || to_kind != target.value {
                    let relates = (source.value.as_str(), target.value.as_str());
                    let joins = (from_kind.as_str(), to_kind.as_str());
                    self.report(error::other_kinds(
                        &item.name.value,
                        relates,
                        joins,
                        span,
                        source.span.to(target.span),
                    ));
                    return;
                }
            }
        }
    }

    /// The kind of an endpoint; variants answer to any of their usual names.
    fn kind_of(&self, endpoint: &Endpoint, wanted: &str) -> String {
        match &endpoint.target {
            Target::Layer(layer) | Target::Node(layer, _) => self.spec.layers[*layer].kind.value.clone(),
            Target::Genotypes(_) if VARIANT_KINDS.contains(&wanted) => wanted.to_string(),
            Target::Genotypes(_) => "snp".to_string(),
            Target::Column(_) => "covariate".to_string(),
        }
    }

    fn folded(&mut self, pairs: &Incidence, prior: usize) {
        if let Some((source, target, line)) = pairs.folded_examples.first() {
            let example = format!("`{source}` -> `{target}` in line {line}");
            let item = &self.spec.priors[prior];
            self.report(error::folded_pairs(&item.name.value, pairs.folded, &example, item.name.span));
        }
    }

    fn intervals_without_window(&mut self, prior: usize, span: Span) {
        let name = &self.spec.priors[prior].name.value;
        self.report(error::needs_window(name, span));
    }
}

fn stem(id: &str) -> &str {
    id.rsplit_once('.').map_or(id, |(stem, _)| stem)
}
