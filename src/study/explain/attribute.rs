//! How much of the predictions' differences from a reference individual each node and variant carries.
//!
//! The arithmetic is in `engine/network/attribution`. A score is the mean of |part| over samples.

use super::{Explained, Network};
use crate::compiler::plan::{Role, Segment};
use crate::engine::network::attribution::{Method, attributions};
use crate::engine::network::trait_rows;
use crate::language::spec::Loss;
use std::ops::Range;

/// What a method says of one network.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributed {
    /// Nodes and variants, in units of the trait; of binary traits log-odds, of counts log-rates.
    pub all: Vec<Explained>,
    /// What the variants' parts leave of the differences, as a share of these: a mean over samples and traits.
    pub gap: f64,
}

/// Parts of all nodes and inputs.
#[must_use]
pub fn attribute(network: Network<'_>, method: Method) -> Attributed {
    let Network { plan, preprocessing, parameters, inputs, rows, .. } = network;
    let is_shown = |one: &&Segment| matches!(one.role, Role::Latent | Role::Input) && network.looks_at(one);
    let segments: Vec<&Segment> = plan.segments.iter().filter(is_shown).collect();
    let groups: Vec<Range<usize>> =
        segments.iter().map(|one| one.first_row..one.first_row + one.rows).collect();
    let read_outs = trait_rows(plan);
    let found = attributions(plan, parameters, inputs, rows, method, (&groups, &read_outs));
    let losses = plan.heads.iter().flat_map(|head| &head.losses);
    let scales = preprocessing.traits.iter().flatten().zip(losses);
    let units: Vec<f64> = scales
        .map(|(scale, loss)| match loss {
            Loss::Mse | Loss::Mae | Loss::Huber(_) => scale.sd,
            Loss::Bce | Loss::Poisson => 1.0,
        })
        .collect();
    let of_segment = |(at, segment): (usize, &&Segment)| {
        let sense = if segment.role == Role::Input { 1.0 } else { network.measured_sense(segment) };
        let each = || found.iter().zip(&units);
        Explained {
            layer: segment.layer.clone(),
            node: segment.name.clone(),
            spread: found.first().map_or(0.0, |one| one.spread[at]),
            scores: each().map(|(one, unit)| unit * one.size[at]).collect(),
            signed: each().map(|(one, unit)| unit * sense * one.signed[at]).collect(),
        }
    };
    let share = |gap: f64, of: f64| if of > 0.0 { gap / of } else { 0.0 };
    let gaps: f64 = found.iter().map(|one| share(one.gap, one.difference)).sum();
    Attributed {
        all: segments.iter().enumerate().map(of_segment).collect(),
        gap: gaps / found.len().max(1) as f64,
    }
}
