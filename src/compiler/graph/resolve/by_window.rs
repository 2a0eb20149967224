//! Links `via window(PRIOR, upstream, downstream)`: variants within reach of intervals.

use super::Resolver;
use super::by_prior::too_many;
use super::join_report::randomized;
use super::names::Member;
use super::order::Task;
use super::randomize::permute;
use super::rules::{Given, Giver};
use crate::compiler::graph::{Coverage, InputRef, error};
use crate::data::Variant;
use crate::knowledge::contigs::contig_match;
use crate::knowledge::window::{Reach, overlaps};
use crate::knowledge::{self, Intervals, Knowledge};
use crate::language::source::Span;
use crate::language::spec::{Endpoint, Link, Target, Via, Window};
use rustc_hash::FxHashSet;

/// A variant's contig, position and row.
type Placed<'a> = (&'a str, u64, u32);

/// What the intervals reach in one genotype set.
struct Reached {
    set: usize,
    placed: Vec<u32>,
    reach: Reach,
}

impl<'a> Resolver<'a> {
    pub(super) fn by_window(&mut self, task: &Task, from: &[&'a Endpoint]) {
        let link = &self.spec.links[task.link];
        let Via::Window(Window { prior, span, .. }) = &link.via else { return };
        let known = self.known;
        let Knowledge::Intervals(intervals) = &known.priors[*prior] else {
            let name = &self.spec.priors[*prior].name.value;
            self.report(error::needs_intervals(name, *span));
            return;
        };
        if !self.have_positions(from) || !self.kinds_agree(from, &task.targets, *prior, *span) {
            return;
        }
        if intervals.names.is_empty() {
            self.report(error::no_interval_left(&self.spec.priors[*prior].name.value, *span));
            return;
        }
        let reached: Vec<Reached> =
            from.iter().filter_map(|from| self.reached(link, from, intervals)).collect();
        if reached.len() == from.len() {
            self.window_edges(task, link, intervals, &reached);
        }
    }

    /// Whether only genotype sets stand left of `->`.
    fn have_positions(&mut self, from: &[&Endpoint]) -> bool {
        let mut all = true;
        for endpoint in from {
            if !matches!(endpoint.target, Target::Genotypes(_)) {
                let shown = self.shown(endpoint);
                self.report(error::window_needs_variants(&shown, endpoint.span));
                all = false;
            }
        }
        all
    }

    /// Variants of one endpoint within reach; E0311 or E0417 when there can be none.
    fn reached(&mut self, link: &Link, endpoint: &Endpoint, intervals: &Intervals) -> Option<Reached> {
        let (Via::Window(Window { prior, upstream, downstream, nearest, span }), Target::Genotypes(set)) =
            (&link.via, &endpoint.target)
        else {
            return None;
        };
        let placed = placed(&self.known.variants[*set], &self.variants_of(endpoint, *set));
        let contigs: Vec<&str> = placed.iter().map(|(contig, ..)| *contig).collect();
        let shared = contig_match(intervals, &contigs);
        let item = &self.spec.priors[*prior];
        if shared.shared == 0 && !placed.is_empty() {
            let differ = knowledge::error::contigs_differ(&item.name.value, &item.contigs, &shared);
            self.report(differ.at(*span, "joined by position here"));
            return None;
        }
        let reach = overlaps(intervals, &placed, *upstream, *downstream, *nearest);
        if reach.variants.is_empty() && !placed.is_empty() {
            let count = intervals.names.len();
            self.report(error::window_empty(&item.name.value, count, placed.len(), *span));
            return None;
        }
        Some(Reached { set: *set, placed: placed.iter().map(|(.., at)| *at).collect(), reach })
    }

    fn window_edges(&mut self, task: &Task, link: &Link, intervals: &Intervals, reached: &[Reached]) {
        let Via::Window(Window { prior, span, .. }) = link.via else { return };
        let size = |interval| reached.iter().map(|reached| reached.reach.of(interval).len()).sum();
        let sizes: Vec<usize> = (0..intervals.names.len()).map(size).collect();
        let kept = self.within_limits(link, prior, &intervals.names, &sizes, span);
        let mut pairs: Vec<Vec<(u32, u32)>> =
            reached.iter().map(|reached| pairs_of(reached, &kept)).collect();
        self.drop_busy(link, reached, &mut pairs, span);
        let changed = link.randomize.map(|seed| {
            let changed = pairs.iter_mut().map(|pairs| permute(pairs, seed)).sum();
            pairs.iter_mut().for_each(|pairs| pairs.sort_by_key(|(_, interval)| *interval));
            (changed, pairs.iter().map(Vec::len).sum())
        });
        let giver = Giver { name: "this link", weights: false, signs: false, span: link.span };
        let mut ruling = self.ruling(link, &task.targets, giver);
        let mut joined: FxHashSet<&str> = FxHashSet::default();
        // By interval, so that nodes are made in the order of the file.
        let mut all: Vec<(u32, usize, u32)> = Vec::new();
        for (at, pairs) in pairs.iter().enumerate() {
            all.extend(pairs.iter().map(|(variant, interval)| (*interval, at, *variant)));
        }
        all.sort_by_key(|(interval, at, _)| (*interval, *at));
        for (interval, at, variant) in all {
            let name = &intervals.names[interval as usize];
            for node in self.target_nodes(&task.targets, name) {
                joined.insert(name);
                let member = Member::Input(InputRef::Variant(reached[at].set, variant));
                self.member_edge(task.link, &member, node);
                if let Some(ruling) = &mut ruling {
                    self.rule(ruling, &member, node, Given::default(), link.span);
                }
            }
        }
        self.nodes_without_sets(link, &task.targets, prior, &joined, &intervals.names, span);
        for reached in reached {
            self.window_coverage(link, prior, intervals, reached, changed);
        }
    }

    /// Leaves out variants that feed more intervals than `max_genes`.
    fn drop_busy(&mut self, link: &Link, reached: &[Reached], pairs: &mut [Vec<(u32, u32)>], span: Span) {
        let Some(most) = link.max_genes else { return };
        for (reached, pairs) in reached.iter().zip(pairs) {
            let variants = &self.known.variants[reached.set];
            let busy = too_many(pairs.iter().map(|(variant, _)| *variant), variants.len(), most);
            let names: Vec<&str> =
                (0..busy.len()).filter(|at| busy[*at]).map(|at| variants[at].id.as_str()).collect();
            self.report_busy(&names, most, span);
            pairs.retain(|(variant, _)| !busy[*variant as usize]);
        }
    }

    fn window_coverage(
        &mut self,
        link: &Link,
        prior: usize,
        intervals: &Intervals,
        reached: &Reached,
        changed: Option<(usize, usize)>,
    ) {
        let variants = &self.known.variants[reached.set];
        let mut linked = vec![false; variants.len()];
        for variant in &reached.reach.variants {
            linked[*variant as usize] = true;
        }
        let outside: Vec<&str> = reached
            .placed
            .iter()
            .filter(|at| !linked[**at as usize])
            .map(|at| variants[*at as usize].id.as_str())
            .collect();
        let names = &intervals.names;
        let empty: Vec<&str> = (0..names.len())
            .filter(|interval| reached.reach.of(*interval).is_empty())
            .map(|at| names[at].as_str())
            .collect();
        let name = &self.spec.priors[prior].name.value;
        let set = &self.spec.genotypes[reached.set].name.value;
        let shuffled = changed.map_or_else(String::new, randomized);
        self.graph.coverage.push(Coverage {
            join: format!("{set} -> {} via window({name}){shuffled}", self.shown_all(&link.to)),
            prior: Some(prior),
            left: "variants".to_string(),
            right: "intervals".to_string(),
            left_matched: reached.placed.len() - outside.len(),
            left_only: outside.len(),
            right_matched: names.len() - empty.len(),
            right_only: empty.len(),
            left_examples: outside.iter().take(3).map(ToString::to_string).collect(),
            right_examples: empty.iter().take(3).map(ToString::to_string).collect(),
        });
    }
}

/// Those of the wanted variants that have a position.
fn placed<'v>(variants: &'v [Variant], wanted: &[u32]) -> Vec<Placed<'v>> {
    let place = |at: &u32| {
        let variant = &variants[*at as usize];
        Some((variant.chromosome.as_str(), variant.position?, *at))
    };
    wanted.iter().filter_map(place).collect()
}

/// (variant, interval) of the kept intervals, by interval.
fn pairs_of(reached: &Reached, kept: &[usize]) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for interval in kept {
        pairs.extend(reached.reach.of(*interval).iter().map(|variant| (*variant, *interval as u32)));
    }
    pairs
}
