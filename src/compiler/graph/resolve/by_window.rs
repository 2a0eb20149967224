//! Links `via window(PRIOR, upstream, downstream)`: variants within reach of intervals.

use super::Resolver;
use crate::compiler::graph::error::{needs_intervals, window_empty, window_needs_variants};
use crate::compiler::graph::{Coverage, InputRef};
use crate::knowledge::contigs::contig_match;
use crate::knowledge::error;
use crate::knowledge::window::{Reach, overlaps};
use crate::knowledge::{Intervals, Knowledge};
use crate::language::spec::{Endpoint, Link, Target, Via};

impl<'a> Resolver<'a> {
    pub(super) fn by_window(&mut self, id: usize, link: &'a Link, from: &[&'a Endpoint]) {
        let Via::Window { prior, upstream, downstream, nearest, span } = &link.via else { return };
        self.check_kinds(link, from, *prior, *span);
        let known = self.known;
        let Knowledge::Intervals(intervals) = &known.priors[*prior] else {
            let name = &self.spec.priors[*prior].name.value;
            self.report(needs_intervals(name, *span));
            return;
        };
        for endpoint in from {
            let Target::Genotypes(set) = endpoint.target else {
                let shown = self.shown(endpoint);
                self.report(window_needs_variants(&shown, endpoint.span));
                continue;
            };
            let wanted = self.variants_of(endpoint, set);
            let variants = &known.variants[set];
            let placed: Vec<(&str, u64, u32)> = wanted
                .iter()
                .filter_map(|at| {
                    let variant = &variants[*at as usize];
                    Some((variant.chromosome.as_str(), variant.position?, *at))
                })
                .collect();
            let contigs: Vec<&str> = placed.iter().map(|(contig, ..)| *contig).collect();
            let shared = contig_match(intervals, &contigs);
            if shared.shared == 0 {
                let item = &self.spec.priors[*prior];
                let differ = error::contigs_differ(&item.name.value, &item.contigs, &shared);
                self.report(differ.at(*span, "joined by position here"));
                continue;
            }
            let reached = overlaps(intervals, &placed, *upstream, *downstream, *nearest);
            self.window_edges(id, link, intervals, set, &reached);
            self.window_coverage(link, endpoint, *prior, intervals, &placed, &reached);
        }
    }

    fn window_edges(&mut self, id: usize, link: &Link, intervals: &Intervals, set: usize, reached: &Reach) {
        for group in self.targets(link) {
            let is_layer = self.groups.all[group].place.is_none();
            for (interval, name) in intervals.names.iter().enumerate() {
                let variants = reached.of(interval);
                if variants.is_empty() || (!is_layer && self.groups.all[group].name != *name) {
                    continue;
                }
                let node = self.node(group, name);
                for variant in variants {
                    self.input(id, InputRef::Variant(set, *variant), node);
                }
            }
        }
    }

    fn window_coverage(
        &mut self,
        link: &Link,
        endpoint: &Endpoint,
        prior: usize,
        intervals: &Intervals,
        placed: &[(&str, u64, u32)],
        reached: &Reach,
    ) {
        let Target::Genotypes(set) = endpoint.target else { return };
        let mut linked = vec![false; self.known.variants[set].len()];
        for variant in &reached.variants {
            linked[*variant as usize] = true;
        }
        let outside: Vec<&str> = placed
            .iter()
            .filter(|(.., at)| !linked[*at as usize])
            .map(|(.., at)| self.known.variants[set][*at as usize].id.as_str())
            .collect();
        let unreached = |interval: &usize| reached.of(*interval).is_empty();
        let names = &intervals.names;
        let empty: Vec<&str> = (0..names.len()).filter(unreached).map(|at| names[at].as_str()).collect();
        let (variants, genes) = (placed.len(), intervals.names.len());
        let name = &self.spec.priors[prior].name.value;
        let to: Vec<String> = link.to.iter().map(|to| self.shown(to)).collect();
        let coverage = Coverage {
            join: format!("{} -> {} via window({name})", self.shown(endpoint), to.join(", ")),
            left: "variants".to_string(),
            right: "intervals".to_string(),
            left_matched: variants - outside.len(),
            left_only: outside.len(),
            right_matched: genes - empty.len(),
            right_only: empty.len(),
            left_examples: outside.iter().take(3).map(ToString::to_string).collect(),
            right_examples: empty.iter().take(3).map(ToString::to_string).collect(),
        };
        if coverage.right_matched == 0 {
            let Via::Window { span, .. } = link.via else { return };
            self.report(window_empty(name, genes, variants, span));
        }
        self.graph.coverage.push(coverage);
    }
}
