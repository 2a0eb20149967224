//! The order in which links are resolved, so that all that a link asks for is settled.
//!
//! A link waits for every link into what it reads; an all-to-all link into a layer waits for
//! the links that give the layer its nodes; and what is read by `.unmapped` waits for every
//! other reader of the same layer or genotype set.

use crate::compiler::graph::error;
use crate::compiler::graph::groups::Groups;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Endpoint, Link, Part, Spec, Target, Via};
use std::collections::BTreeSet;

/// A link, or the part of it that is resolved at once.
#[derive(Clone, Debug)]
pub(super) struct Task {
    /// The link.
    pub(super) link: usize,
    /// Groups that it reaches; one for an all-to-all link.
    pub(super) targets: Vec<usize>,
    /// Whether it is the link's endpoints with `.unmapped`, or the others.
    pub(super) unmapped: bool,
    all_pairs: bool,
    columns: bool,
    sources: Vec<Source>,
}

/// A group or a genotype set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Group(usize),
    Genotypes(usize),
}

/// All tasks in an order in which each finds what it asks for.
///
/// # Errors
/// E0401 when an `.unmapped` depends on itself.
pub(super) fn tasks(spec: &Spec, groups: &Groups, order: &[usize]) -> Result<Vec<Task>, Diagnostic> {
    let tasks = in_turn(spec, groups, order);
    let mut waits: Vec<BTreeSet<usize>> = (0..tasks.len())
        .map(|at| {
            (0..tasks.len())
                .filter(|on| *on != at && must_wait(spec, groups, &tasks[at], &tasks[*on]))
                .collect()
        })
        .collect();
    let mut sorted = Vec::with_capacity(tasks.len());
    let mut left: BTreeSet<usize> = (0..tasks.len()).collect();
    while !left.is_empty() {
        let Some(next) = left.iter().copied().find(|at| waits[*at].is_empty()) else {
            let stuck = left.iter().find(|at| tasks[**at].unmapped).or(left.first());
            let link = stuck.map_or(0, |at| tasks[*at].link);
            return Err(error::unmapped_of_itself(spec.links[link].span));
        };
        left.remove(&next);
        waits.iter_mut().for_each(|waiting| {
            waiting.remove(&next);
        });
        sorted.push(tasks[next].clone());
    }
    Ok(sorted)
}

/// Tasks by the first group that they reach, those that make nodes before all-to-all ones.
fn in_turn(spec: &Spec, groups: &Groups, order: &[usize]) -> Vec<Task> {
    let place = |group: &usize| order.iter().position(|at| at == group);
    let mut tasks: Vec<Task> = Vec::new();
    for (id, link) in spec.links.iter().enumerate() {
        for unmapped in [false, true] {
            tasks.extend(parts(id, link, unmapped, groups));
        }
    }
    tasks.sort_by_key(|task| {
        (task.targets.iter().filter_map(place).min(), task.unmapped, task.all_pairs, task.link)
    });
    tasks
}

fn parts(id: usize, link: &Link, unmapped: bool, groups: &Groups) -> Vec<Task> {
    let from = link.from.iter().filter(|from| (from.part == Part::Unmapped) == unmapped);
    let sources: Vec<Source> = from.clone().filter_map(|from| source(from, groups)).collect();
    if from.count() == 0 {
        return Vec::new();
    }
    let columns = link.from.iter().any(|from| matches!(from.target, Target::Columns(_)));
    let all_pairs = link.via == Via::AllToAll && !columns;
    let targets: Vec<usize> = link.to.iter().filter_map(|to| groups.of_endpoint(to)).collect();
    let task = |targets| Task { link: id, targets, unmapped, all_pairs, columns, sources: sources.clone() };
    if all_pairs {
        targets.into_iter().map(|target| task(vec![target])).collect()
    } else {
        vec![task(targets)]
    }
}

fn source(endpoint: &Endpoint, groups: &Groups) -> Option<Source> {
    match endpoint.target {
        Target::Genotypes(set) => Some(Source::Genotypes(set)),
        _ => groups.of_endpoint(endpoint).map(Source::Group),
    }
}

fn must_wait(spec: &Spec, groups: &Groups, task: &Task, on: &Task) -> bool {
    let feeds = on.targets.iter().any(|target| task.sources.contains(&Source::Group(*target)));
    let takes_nodes = (task.all_pairs && !on.all_pairs) || (task.columns && !on.all_pairs && !on.columns);
    let makes_nodes = takes_nodes
        && task.targets.iter().any(|to| groups.all[*to].place.is_none() && on.targets.contains(to));
    let claims = task.unmapped
        && !on.unmapped
        && on.sources.iter().any(|source| task.sources.contains(source))
        && on.targets.iter().any(|to| !groups.is_polygenic(spec, *to));
    feeds || makes_nodes || claims
}

impl Task {
    /// Groups that it reads.
    pub(super) fn source_groups(&self) -> impl Iterator<Item = usize> {
        self.sources.iter().filter_map(|source| match source {
            Source::Group(group) => Some(*group),
            Source::Genotypes(_) => None,
        })
    }
}
