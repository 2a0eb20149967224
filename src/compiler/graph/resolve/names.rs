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
            Target::Columns(_) => Vec::new(),
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
        let level = |node: &NodeId| self.graph.levels.get(node.index()).copied().unwrap_or(0) as usize;
        let kept = |node: &NodeId| match endpoint.part {
            Part::All => true,
            Part::Unmapped => !self.read_nodes[node.index()],
            Part::Top => level(node) == 1,
            Part::Level(wanted) => level(node) == wanted,
        };
        let named = |node: &NodeId| name_matches(&self.graph.dag[*node].name, &endpoint.filter);
        self.members[group].iter().copied().filter(|node| kept(node) && named(node)).collect()
    }

    /// The place of a covariate among the graph's covariates, added when new.
    pub(super) fn covariate(&mut self, column: &ColumnRef) -> usize {
        let key = (column.table, column.column.clone());
        if let Some(at) = self.covariate_places.get(&key) {
            return *at;
        }
        let levels = self.known.levels.get(&key).cloned().unwrap_or_default();
        if column.kind == ColumnKind::Categorical && levels.len() < 2 {
            self.report(error::one_level(&key.1, levels.first().map(String::as_str), column.span));
        }
        self.graph.covariates.push((key.0, key.1.clone(), levels));
        let place = self.graph.covariates.len() - 1;
        self.covariate_places.insert(key, place);
        place
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
