//! Checks that are made when they are asked for: `--pedantic` and `--reproducible`.
//!
//! They look at the spec alone, and nothing that a run computes depends on them.

use super::error::asked as error;
use super::{Format, Part, Spec, Target};
use crate::language::diagnostics::Diagnostics;
use std::collections::BTreeSet;

/// E0805 for every seed that the spec leaves to its default.
#[must_use]
pub fn unseeded(spec: &Spec) -> Diagnostics {
    let mut found = Diagnostics::default();
    found.extend(spec.unseeded.iter().map(|(what, span)| error::seed_missing(what, *span)));
    found
}

/// W0412 for links that skip a level, W0806 for priors of unsaid origin or licence.
#[must_use]
pub fn pedantic(spec: &Spec) -> Diagnostics {
    let mut found = Diagnostics::default();
    found.extend(skipped_levels(spec));
    let unsaid = spec.priors.iter().filter(|prior| prior.origin.format != Format::Simulate);
    for prior in unsaid {
        let missing: Vec<&str> =
            [("origin", &prior.provenance.origin), ("licence", &prior.provenance.licence)]
                .into_iter()
                .filter(|(_, said)| said.is_none())
                .map(|(key, _)| key)
                .collect();
        if !missing.is_empty() {
            found.push(error::provenance_missing(&prior.name.value, &missing, prior.name.span));
        }
    }
    found
}

/// What a link joins: a genotype set or a layer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Genotypes(usize),
    Layer(usize),
}

fn end(target: &Target) -> Option<End> {
    match target {
        Target::Genotypes(set) => Some(End::Genotypes(*set)),
        Target::Layer(layer) | Target::Node(layer, _) => Some(End::Layer(*layer)),
        Target::Column(_) | Target::Columns(_) => None,
    }
}

/// A link between two layers that other links join through a third one.
fn skipped_levels(spec: &Spec) -> Diagnostics {
    let mut steps: BTreeSet<(End, End)> = BTreeSet::new();
    for link in &spec.links {
        for from in link.from.iter().filter_map(|from| end(&from.target)) {
            steps.extend(link.to.iter().filter_map(|to| Some((from, end(&to.target)?))));
        }
    }
    let mut found = Diagnostics::default();
    for link in &spec.links {
        let whole = link.from.iter().filter(|from| from.part != Part::Unmapped);
        let pairs = whole.flat_map(|from| link.to.iter().map(move |to| (from, to)));
        let skips = |one: End, other: End| {
            steps
                .iter()
                .find(|(from, through)| *from == one && *through != other && reaches(&steps, *through, other))
        };
        for (from, to) in pairs {
            let (Some(one), Some(other)) = (end(&from.target), end(&to.target)) else { continue };
            if let Some((_, End::Layer(through))) = skips(one, other) {
                let through = &spec.layers[*through].name.value;
                found.push(error::skips_a_level(through, from.span, link.span));
            }
        }
    }
    found
}

/// Whether links lead from one end to another.
fn reaches(steps: &BTreeSet<(End, End)>, from: End, to: End) -> bool {
    let (mut seen, mut waiting) = (BTreeSet::from([from]), vec![from]);
    while let Some(at) = waiting.pop() {
        for (_, next) in steps.iter().filter(|(start, _)| *start == at) {
            if *next == to {
                return true;
            }
            if seen.insert(*next) {
                waiting.push(*next);
            }
        }
    }
    false
}
