//! What is said of a join: counts on both sides, and what matched nothing.

use super::Resolver;
use super::by_prior::Join;
use crate::compiler::graph::{Coverage, error};
use crate::knowledge::has_version_suffix;
use crate::language::diagnostics::listed;
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Link, Target, Unmatched};
use rustc_hash::FxHashSet;

impl Resolver<'_> {
    pub(super) fn join_coverage(&mut self, join: &Join<'_>, changed: Option<(usize, usize)>) {
        let unmatched = unmatched(join);
        let pairs = join.pairs;
        let alone: Vec<&str> =
            pairs.targets.iter().zip(&join.joined).filter(|(_, j)| !**j).map(|(n, _)| n.as_str()).collect();
        let prior = &self.spec.priors[join.prior].name.value;
        let shuffled = changed.map_or_else(String::new, randomized);
        let sides = (self.sides(join.from), self.shown_all(&join.link.to));
        self.graph.coverage.push(Coverage {
            join: format!("{} -> {} via {prior}{shuffled}", sides.0, sides.1),
            prior: Some(join.prior),
            left: "members".to_string(),
            right: "sets".to_string(),
            left_matched: pairs.sources.len() - unmatched.len(),
            left_only: unmatched.len(),
            right_matched: pairs.targets.len() - alone.len(),
            right_only: alone.len(),
            left_examples: unmatched.iter().take(3).map(ToString::to_string).collect(),
            right_examples: alone.iter().take(3).map(ToString::to_string).collect(),
        });
    }

    pub(super) fn report_join(&mut self, join: &Join<'_>) {
        // What was learnt may leave a side empty.
        if self.learnt() && join.matched.contains(&0) {
            return;
        }
        if join.matched.contains(&0) {
            self.report_strangers(join);
            return;
        }
        let joined: FxHashSet<&str> = join
            .pairs
            .targets
            .iter()
            .zip(&join.joined)
            .filter(|(name, joined)| {
                **joined && join.targets.iter().any(|to| self.groups.all[*to].name == **name)
            })
            .map(|(name, _)| name.as_str())
            .collect();
        self.nodes_without_sets(join.link, join.targets, join.prior, &joined, &join.pairs.targets, join.span);
        self.report_unmatched(join);
    }

    /// Left endpoints of which the prior knows no name.
    fn report_strangers(&mut self, join: &Join<'_>) {
        let prior = &self.spec.priors[join.prior].name.value;
        for (endpoint, matched) in join.from.iter().zip(&join.matched) {
            let names = self.left_names(endpoint);
            if *matched > 0 || names.is_empty() {
                continue;
            }
            let known: FxHashSet<&str> = names.iter().map(String::as_str).collect();
            let reversed = join.pairs.targets.iter().filter(|name| known.contains(name.as_str())).count();
            self.report(if reversed > 0 {
                error::reversed(prior, reversed, join.span)
            } else {
                let side = format!("`{}`", self.shown(endpoint));
                error::nothing_matches(prior, &side, &join.pairs.sources, &names, join.span)
            });
        }
    }

    /// Hand-named nodes right of `->` of which the prior has no set.
    pub(super) fn nodes_without_sets(
        &mut self,
        link: &Link,
        targets: &[usize],
        prior: usize,
        joined: &FxHashSet<&str>,
        sets: &[String],
        span: Span,
    ) {
        let by_hand: Vec<String> = targets
            .iter()
            .filter(|group| self.groups.all[**group].place.is_some())
            .map(|group| self.groups.all[*group].name.clone())
            .collect();
        let lonely: Vec<String> =
            by_hand.iter().filter(|name| !joined.contains(name.as_str())).cloned().collect();
        let prior = &self.spec.priors[prior].name.value;
        if lonely.is_empty() || self.learnt() {
            return;
        }
        if lonely.len() == targets.len() || link.unmatched == Unmatched::Error {
            let side = format!("the right side ({})", listed(&lonely, 3));
            self.report(error::nothing_matches(prior, &side, sets, &lonely, span));
        } else if link.unmatched == Unmatched::Drop {
            self.report(error::nodes_without_sets(prior, &lonely, sets, span));
        }
    }

    fn report_unmatched(&mut self, join: &Join<'_>) {
        let unmatched = unmatched(join);
        if unmatched.is_empty() {
            return;
        }
        let prior = &self.spec.priors[join.prior].name.value;
        let side =
            join.from.iter().map(|from| format!("`{}`", self.shown(from))).collect::<Vec<_>>().join(", ");
        let all = join.pairs.sources.len();
        let found = match join.link.unmatched {
            Unmatched::Drop => Some(error::some_unmatched(prior, &side, &unmatched, all, join.span)),
            Unmatched::Ignore => None,
            Unmatched::Error => Some(error::unmatched_forbidden(prior, &side, &unmatched, join.span)),
        };
        let names: Vec<String> = join.from.iter().flat_map(|from| self.left_names(from)).collect();
        let stems: FxHashSet<&str> = names.iter().map(|name| stem(name)).collect();
        let suffixed: Vec<&str> = unmatched
            .iter()
            .copied()
            .filter(|id| has_version_suffix(id) && stems.contains(stem(id)))
            .collect();
        let versions = (!suffixed.is_empty()).then(|| error::version_suffix(prior, &suffixed, join.span));
        for finding in found.into_iter().chain(versions) {
            self.report(finding);
        }
    }

    /// Names on the left side of a join.
    fn left_names(&self, endpoint: &Endpoint) -> Vec<String> {
        match &endpoint.target {
            Target::Genotypes(set) => {
                let variants = &self.known.variants[*set];
                self.variants_of(endpoint, *set)
                    .into_iter()
                    .map(|at| variants[at as usize].id.clone())
                    .collect()
            }
            _ => {
                let nodes = self.nodes_of(endpoint).into_iter();
                nodes.map(|node| self.graph.dag[node].name.to_string()).collect()
            }
        }
    }

    fn sides(&self, from: &[&Endpoint]) -> String {
        from.iter().map(|from| self.shown(from)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn shown_all(&self, endpoints: &[Endpoint]) -> String {
        endpoints.iter().map(|endpoint| self.shown(endpoint)).collect::<Vec<_>>().join(", ")
    }
}

/// Source names of the prior that stand for nothing.
fn unmatched<'a>(join: &Join<'a>) -> Vec<&'a str> {
    let stands = |source: &usize| join.sources.iter().any(|members| members[*source].is_some());
    let names = &join.pairs.sources;
    (0..names.len()).filter(|source| !stands(source)).map(|source| names[source].as_str()).collect()
}

/// What a control came to, behind the name of its join.
pub(super) fn randomized((changed, all): (usize, usize)) -> String {
    format!(", randomized: {changed} of {all} pairs changed")
}

fn stem(id: &str) -> &str {
    id.rsplit_once('.').map_or(id, |(stem, _)| stem)
}
