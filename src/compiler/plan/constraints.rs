//! From rules of edges to rules of weights.
//!
//! A ruled edge has one weight: the node has one unit and no hidden layer, and so does what it
//! reads; only a categorical covariate has a weight a level.

use super::types::{Constraint, SlotRule};
use crate::compiler::graph::{CheckedGraph, EdgeRule, EdgeSource, InputRef, NodeId};
use std::collections::BTreeMap;

/// The rules of the weights of one node, whose map is `block`.
pub(super) fn constraints(
    checked: &CheckedGraph,
    node: NodeId,
    block: usize,
    input_rows: &BTreeMap<InputRef, (usize, usize)>,
) -> Vec<Constraint> {
    let graph = checked.graph();
    let first = graph.rules.partition_point(|rule| rule.to < node);
    let ruled = graph.rules[first..].iter().take_while(|rule| rule.to == node);
    let inputs = &graph.inputs[node.index()];
    let width = |input: &InputRef| input_rows.get(input).map_or(0, |(_, rows)| *rows);
    let mut found = Vec::new();
    for rule in ruled {
        let (place, weights) = match &rule.from {
            EdgeSource::Input(input) => match inputs.binary_search(input) {
                Ok(at) => (inputs[..at].iter().map(width).sum(), width(input)),
                Err(_) => continue,
            },
            EdgeSource::Node(parent) => match checked.parents(node).position(|read| read == *parent) {
                Some(at) => (inputs.iter().map(width).sum::<usize>() + at, 1),
                None => continue,
            },
        };
        for input in place..place + weights {
            found.extend(slot_rules(rule).map(|rule| Constraint { block, input, rule }));
        }
    }
    found
}

fn slot_rules(rule: &EdgeRule) -> impl Iterator<Item = SlotRule> {
    let given = rule
        .weight
        .map(|weight| if rule.fixed { SlotRule::Fixed(weight) } else { SlotRule::Initial(weight) });
    let side = (rule.side != 0).then_some(SlotRule::Side(rule.side));
    let soft = rule.soft.map(|(side, cost)| SlotRule::Soft { side, cost });
    given.into_iter().chain(side).chain(soft)
}
