//! What `predict` adds up and what `supervise` pairs.

use super::Resolver;
use super::names::Member;
use crate::compiler::graph::{HeadSources, NodeId, error};
use crate::language::source::Span;
use crate::language::spec::{ColumnRef, Supervise, SuperviseBy};

impl Resolver<'_> {
    pub(super) fn heads(&mut self) {
        let spec = self.spec;
        for predict in &spec.predicts {
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
            self.graph.heads.push(sources);
        }
        for supervise in &spec.supervises {
            let pairs = self.supervised_pairs(supervise);
            self.graph.supervised.push(pairs);
        }
    }

    fn supervised_pairs(&mut self, supervise: &Supervise) -> Vec<(NodeId, ColumnRef)> {
        let nodes: Vec<NodeId> =
            supervise.nodes.iter().flat_map(|endpoint| self.nodes_of(endpoint)).collect();
        let columns = self.supervising_columns(supervise);
        if let ([node], [column]) = (nodes.as_slice(), columns.as_slice()) {
            return vec![(*node, column.clone())];
        }
        let mut pairs = Vec::new();
        for node in &nodes {
            let name = &self.graph.dag[*node].name;
            pairs.extend(
                columns.iter().find(|column| column.column == *name).map(|column| (*node, column.clone())),
            );
        }
        self.report_pairs(&nodes, &columns, &pairs, supervise.span);
        pairs
    }

    fn supervising_columns(&self, supervise: &Supervise) -> Vec<ColumnRef> {
        match &supervise.by {
            SuperviseBy::Columns(columns) => columns.clone(),
            SuperviseBy::Table(table, span) => {
                let item = &self.spec.tables[*table];
                self.known.columns[*table]
                    .iter()
                    .filter_map(|name| {
                        let declared = item.columns.iter().find(|column| column.name.value == *name);
                        let kind = declared.map(|column| column.kind).or(item.rest.map(|rest| rest.value))?;
                        Some(ColumnRef { table: *table, column: name.clone(), kind, span: *span })
                    })
                    .collect()
            }
        }
    }

    fn report_pairs(
        &mut self,
        nodes: &[NodeId],
        columns: &[ColumnRef],
        pairs: &[(NodeId, ColumnRef)],
        span: Span,
    ) {
        let name = |node: &NodeId| self.graph.dag[*node].name.as_str();
        let lonely_nodes: Vec<&str> =
            nodes.iter().filter(|node| !pairs.iter().any(|(n, _)| n == *node)).map(name).collect();
        let lonely_columns: Vec<&str> = columns
            .iter()
            .filter(|column| !pairs.iter().any(|(_, c)| c.column == column.column))
            .map(|column| column.column.as_str())
            .collect();
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
