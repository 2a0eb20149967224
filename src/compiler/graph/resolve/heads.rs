//! What `predict` adds up and what `supervise` pairs.

use super::Resolver;
use super::names::Member;
use crate::compiler::graph::{HeadSources, NodeId, error};
use crate::language::source::Span;
use crate::language::spec::{ColumnRef, Predict, Supervise, SuperviseBy};
use indexmap::IndexMap;

impl Resolver<'_> {
    pub(super) fn heads(&mut self) {
        let spec = self.spec;
        for predict in &spec.predicts {
            let sources = self.head_sources(predict);
            self.graph.heads.push(sources);
        }
        let mut seen: IndexMap<NodeId, Span> = IndexMap::new();
        for supervise in &spec.supervises {
            let pairs = self.supervised_pairs(supervise);
            for (node, _) in &pairs {
                if let Some(first) = seen.insert(*node, supervise.span) {
                    let name = self.graph.dag[*node].name.to_string();
                    self.report(error::supervised_twice(&name, first, supervise.span));
                }
            }
            self.graph.supervised.push(pairs);
        }
    }

    fn head_sources(&mut self, predict: &Predict) -> HeadSources {
        let settled: Vec<_> = predict.from.iter().filter(|endpoint| self.is_settled(endpoint)).collect();
        self.empty_filters(&settled);
        let mut sources = HeadSources::default();
        for endpoint in &predict.from {
            for member in self.endpoint_members(endpoint) {
                match member {
                    Member::Node(node) => sources.nodes.push(node),
                    Member::Input(input) => sources.inputs.push(input),
                }
            }
        }
        sources.nodes.sort_unstable();
        sources.nodes.dedup();
        sources.inputs.sort_unstable();
        sources.inputs.dedup();
        sources
    }

    fn supervised_pairs(&mut self, supervise: &Supervise) -> Vec<(NodeId, ColumnRef)> {
        let before = self.found.len();
        self.empty_filters(&supervise.nodes.iter().collect::<Vec<_>>());
        let failed = self.found.len() > before;
        let nodes: Vec<NodeId> =
            supervise.nodes.iter().flat_map(|endpoint| self.nodes_of(endpoint)).collect();
        let columns = self.supervising_columns(supervise);
        if let ([node], [column]) = (nodes.as_slice(), columns.as_slice()) {
            return vec![(*node, column.clone())];
        }
        let named: IndexMap<&str, &ColumnRef> =
            columns.iter().map(|column| (column.column.as_str(), column)).collect();
        let pairs: Vec<(NodeId, ColumnRef)> = nodes
            .iter()
            .filter_map(|node| {
                let column = named.get(self.graph.dag[*node].name.as_ref())?;
                Some((*node, ColumnRef::clone(column)))
            })
            .collect();
        if supervise.nodes.iter().all(|endpoint| self.is_settled(endpoint)) && !failed {
            self.report_pairs(&nodes, &columns, &pairs, supervise.span);
        }
        pairs
    }

    fn supervising_columns(&self, supervise: &Supervise) -> Vec<ColumnRef> {
        match &supervise.by {
            SuperviseBy::Columns(columns) => columns.clone(),
            SuperviseBy::Table(table, span) => self.columns_of(*table, *span),
        }
    }

    fn report_pairs(
        &mut self,
        nodes: &[NodeId],
        columns: &[ColumnRef],
        pairs: &[(NodeId, ColumnRef)],
        span: Span,
    ) {
        let paired: IndexMap<NodeId, &str> =
            pairs.iter().map(|(node, column)| (*node, column.column.as_str())).collect();
        let named: rustc_hash::FxHashSet<&str> = paired.values().copied().collect();
        let lonely_nodes: Vec<&str> = nodes
            .iter()
            .filter(|node| !paired.contains_key(*node))
            .map(|node| self.graph.dag[*node].name.as_ref())
            .collect();
        let lonely_columns: Vec<&str> = columns
            .iter()
            .map(|column| column.column.as_str())
            .filter(|name| !named.contains(name))
            .collect();
        if pairs.is_empty() && self.learnt() {
            return;
        }
        let finding = if pairs.is_empty() {
            error::supervise_matches_nothing(&lonely_nodes, &lonely_columns, span)
        } else if !lonely_nodes.is_empty() || !lonely_columns.is_empty() {
            error::supervise_some_unmatched(&lonely_nodes, &lonely_columns, span)
        } else {
            return;
        };
        self.report(finding);
    }
}
