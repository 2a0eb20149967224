//! Variant ids, and which endpoints' members a filter keeps.

use super::Resolver;
use crate::compiler::graph::{InputRef, NodeId, error};
use crate::data::{self, Variant};
use crate::language::spec::{Attribute, ColumnKind, ColumnRef, Comparison, Endpoint, Part, Scalar, Target};
use crate::language::syntax::ast::Operator;
use rustc_hash::FxHashMap;

/// Variant ids of one genotype set: usable variants only.
pub(super) struct VariantNames {
    by_id: FxHashMap<String, (u32, u32)>,
}

impl VariantNames {
    pub(super) fn of(variants: &[Variant], usable: &[bool]) -> Self {
        let mut by_id: FxHashMap<String, (u32, u32)> = FxHashMap::default();
        for (at, variant) in variants.iter().enumerate().filter(|(at, _)| usable[*at]) {
            by_id.entry(variant.id.clone()).and_modify(|(_, count)| *count += 1).or_insert((at as u32, 1));
        }
        Self { by_id }
    }

    /// The first variant of that id, and how many have it.
    pub(super) fn get(&self, id: &str) -> Option<(u32, u32)> {
        self.by_id.get(id).copied()
    }
}

/// One thing that an endpoint stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Node(NodeId),
    Input(InputRef),
}

impl Resolver<'_> {
    /// Everything that an endpoint stands for, in order.
    pub(super) fn endpoint_members(&mut self, endpoint: &Endpoint) -> Vec<Member> {
        match &endpoint.target {
            Target::Genotypes(set) => self
                .variants_of(endpoint, *set)
                .into_iter()
                .map(|v| Member::Input(InputRef::Variant(*set, v)))
                .collect(),
            Target::Column(column) => {
                let covariate = self.covariate(column);
                vec![Member::Input(InputRef::Covariate(covariate))]
            }
            Target::Layer(_) | Target::Node(..) => {
                self.nodes_of(endpoint).into_iter().map(Member::Node).collect()
            }
        }
    }

    /// Usable variants of an endpoint, in file order.
    pub(super) fn variants_of(&self, endpoint: &Endpoint, set: usize) -> Vec<u32> {
        let variants = &self.known.variants[set];
        (0..variants.len())
            .filter(|at| self.known.usable[set][*at])
            .filter(|at| endpoint.part == Part::All || !self.read_variants[set][*at])
            .filter(|at| data::matches(&variants[*at], &endpoint.filter))
            .map(|at| at as u32)
            .collect()
    }

    /// Nodes of an endpoint, in id order.
    pub(super) fn nodes_of(&self, endpoint: &Endpoint) -> Vec<NodeId> {
        let Some(group) = self.groups.of_endpoint(endpoint) else { return Vec::new() };
        let kept = |node: &NodeId| endpoint.part == Part::All || !self.read_nodes[node.index()];
        self.members[group]
            .iter()
            .filter(|(name, node)| kept(node) && name_matches(name, &endpoint.filter))
            .map(|(_, node)| *node)
            .collect()
    }

    /// The place of a covariate among the graph's covariates, added when new.
    fn covariate(&mut self, column: &ColumnRef) -> usize {
        let key = (column.table, column.column.clone());
        let same = |(table, name, _): &(usize, String, Vec<String>)| *table == key.0 && *name == key.1;
        if let Some(at) = self.graph.covariates.iter().position(same) {
            return at;
        }
        let levels = self.known.levels.get(&key).cloned().unwrap_or_default();
        if column.kind == ColumnKind::Categorical && levels.len() < 2 {
            self.report(error::one_level(&key.1, levels.first().map(String::as_str), column.span));
        }
        self.graph.covariates.push((key.0, key.1, levels));
        self.graph.covariates.len() - 1
    }
}

/// Whether a node's name passes the `id` comparisons of a filter; nodes have no position.
fn name_matches(name: &str, filter: &[Comparison]) -> bool {
    filter.iter().filter(|comparison| comparison.attribute == Attribute::Id).all(|comparison| {
        let listed =
            comparison.values.iter().any(|value| matches!(value, Scalar::Text(text) if text == name));
        if comparison.operator == Operator::NotEqual { !listed } else { listed }
    })
}
