//! What nodes and branches say, layer by layer.

use super::{error, means};
use crate::language::diagnostics::Diagnostic;
use crate::study::linear::correlation::{mid_ranks, pearson};
use crate::study::report::{Branch, Explained, Node};
use std::collections::BTreeMap;

/// A node whose mean share of dead, or of saturated, units is above this is told.
const MANY_UNITS: f64 = 0.5;
/// A layer with at least so many nodes of one input, and at least this share of them, is told.
const ONE_INPUT: (usize, f64) = (2, 0.2);
/// Least |r| of a latent with its measurement, where chance alone reaches less.
const LEAST_R: f64 = 0.1;
/// Fewest nodes of a layer in which importance and size are compared, and the ρ that is told.
const RANKED: usize = 20;
const FOLLOWS: f64 = 0.5;
/// A branch whose spread is below this share of the largest adds next to nothing.
const IDLE: f64 = 0.05;

/// W1003, W1004, W1005 and W1010, each once a layer.
pub(super) fn signs(nodes: &[Node]) -> Vec<Diagnostic> {
    let mut layers: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
    for node in nodes {
        layers.entry(&node.layer).or_default().push(node);
    }
    let mut found = Vec::new();
    found.extend(layers.iter().filter_map(|(layer, nodes)| apart(layer, nodes)));
    for (layer, nodes) in &layers {
        let many = |share: &dyn Fn(&Node) -> f64| {
            let of_nodes = means(nodes.iter().map(|node| (node.node.as_str(), share(node))));
            let mut many: Vec<(&str, f64)> = of_nodes
                .iter()
                .filter(|(_, share, _)| *share > MANY_UNITS)
                .map(|(node, share, _)| (*node, *share))
                .collect();
            many.sort_by(|one, other| other.1.total_cmp(&one.1));
            (many, of_nodes.len())
        };
        let (dead, all) = many(&|node| node.dead);
        found.extend((!dead.is_empty()).then(|| error::dead_units(layer, &dead, all)));
        let (saturated, all) = many(&|node| node.saturated);
        found.extend((!saturated.is_empty()).then(|| error::saturated_units(layer, &saturated, all)));
    }
    found.extend(layers.iter().filter_map(|(layer, nodes)| one_input(layer, nodes)));
    found
}

/// W1003: latents that do not follow their measurements on samples that their fold tests, whatever the sign: a
/// read-out of weight 0 is not taught it. By chance |r| of n samples is √(2/π)/√n, with an SD of 0.6/√n.
fn apart(layer: &str, nodes: &[&Node]) -> Option<Diagnostic> {
    let measured = || nodes.iter().filter(|node| node.measured_by != "NA");
    let of_nodes = means(measured().filter_map(|node| Some((node.node.as_str(), node.r?.abs()))));
    let samples: BTreeMap<&str, f64> = means(measured().map(|node| (node.node.as_str(), node.n_test as f64)))
        .into_iter()
        .map(|(n, mean, _)| (n, mean))
        .collect();
    let by_chance = |node: &str, folds: usize| (0.8 + 1.2 / (folds as f64).sqrt()) / samples[node].sqrt();
    let mut apart: Vec<(&str, f64)> = of_nodes
        .iter()
        .filter(|(node, r, folds)| *r < by_chance(node, *folds).max(LEAST_R))
        .map(|(node, r, _)| (*node, *r))
        .collect();
    apart.sort_by(|one, other| one.1.total_cmp(&other.1));
    (!apart.is_empty()).then(|| error::latents_apart(layer, &apart, of_nodes.len()))
}

/// W1010: nodes that read one thing, in any fold that has them.
fn one_input(layer: &str, nodes: &[&Node]) -> Option<Diagnostic> {
    let inputs: BTreeMap<&str, usize> = nodes.iter().map(|node| (node.node.as_str(), node.inputs)).collect();
    let alone: Vec<&str> = inputs.iter().filter(|(_, inputs)| **inputs == 1).map(|(node, _)| *node).collect();
    let told = alone.len() >= ONE_INPUT.0 && alone.len() as f64 >= ONE_INPUT.1 * inputs.len() as f64;
    told.then(|| error::one_input(layer, &alone, inputs.len()))
}

/// W1012: layers in which nodes are the more important the more inputs they have, by trait.
pub(super) fn by_size(importance: &[Explained], nodes: &[Node]) -> Vec<Diagnostic> {
    let of_nodes = nodes.iter().map(|node| ((node.layer.as_str(), node.node.as_str()), node.inputs as f64));
    let inputs: BTreeMap<(&str, &str), f64> =
        means(of_nodes).into_iter().map(|(node, inputs, _)| (node, inputs)).collect();
    let mut layers: BTreeMap<(&str, &str), Vec<(f64, f64)>> = BTreeMap::new();
    for one in importance {
        let Some(inputs) = inputs.get(&(one.layer.as_str(), one.node.as_str())) else { continue };
        // With a q, nodes have been judged by those of their size.
        let (Some(score), None) = (one.score, one.q) else { continue };
        layers.entry((&one.trait_name, &one.layer)).or_default().push((score, *inputs));
    }
    let told = layers.into_iter().filter(|(_, pairs)| pairs.len() >= RANKED);
    told.filter_map(|((name, layer), pairs)| {
        let (scores, sizes): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let rho = pearson(&mid_ranks(&scores), &mid_ranks(&sizes));
        (rho >= FOLLOWS).then(|| error::follows_size(name, layer, rho, scores.len()))
    })
    .collect()
}

/// W1011: of the layers that a trait is read from, those that add next to nothing beside the largest.
pub(super) fn idle_branches(branches: &[Branch]) -> Vec<Diagnostic> {
    let of = |row: &Branch| Some(((row.trait_name.clone(), row.branch.clone()), row.spread?));
    let mut traits: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
    for ((name, branch), spread, _) in means(branches.iter().filter_map(of)) {
        traits.entry(name).or_default().push((branch, spread));
    }
    let told = traits.into_iter().filter_map(|(name, branches)| {
        let (most, largest) = branches.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
        let idle: Vec<&(String, f64)> =
            branches.iter().filter(|(_, spread)| *spread < IDLE * largest).collect();
        (!idle.is_empty()).then(|| error::idle_branch(&name, &idle, (most, *largest)))
    });
    told.collect()
}
