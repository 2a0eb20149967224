//! Links of `TABLE.*`: every column is an input of the node of its name.
//!
//! A layer that no prior, window or block of edges makes takes its nodes from the columns.

use super::Resolver;
use super::names::Member;
use super::order::Task;
use super::rules::{Given, Giver};
use crate::compiler::graph::{Coverage, InputRef, NodeId, error};
use crate::language::source::Span;
use crate::language::spec::{ColumnRef, Link, Target, Unmatched, Via};

impl Resolver<'_> {
    pub(super) fn by_column(&mut self, task: &Task, table: usize, span: Span) {
        let columns = self.columns_of(table, span);
        let link = &self.spec.links[task.link];
        let makers: Vec<usize> =
            task.targets.iter().copied().filter(|group| self.takes_nodes_from_columns(*group)).collect();
        let mut joined = vec![false; columns.len()];
        let giver = Giver { name: "this link", weights: false, signs: false, span: link.span };
        let mut ruling = self.ruling(link, &task.targets, giver);
        for (column, joined) in columns.iter().zip(&mut joined) {
            let mut nodes: Vec<NodeId> = task
                .targets
                .iter()
                .filter_map(|group| self.by_name[*group].get(column.column.as_str()).copied())
                .collect();
            let made = makers.iter().map(|group| self.node(*group, &column.column));
            nodes.extend(made);
            nodes.sort_unstable();
            nodes.dedup();
            *joined = !nodes.is_empty();
            for node in nodes {
                let member = Member::Input(InputRef::Covariate(self.covariate(column)));
                self.member_edge(task.link, &member, node);
                if let Some(ruling) = &mut ruling {
                    self.rule(ruling, &member, node, Given::default(), link.span);
                }
            }
        }
        self.report_columns(link, task, table, &columns, &joined, span);
    }

    /// Whether nothing else makes the nodes of a layer.
    fn takes_nodes_from_columns(&self, group: usize) -> bool {
        let makes = |link: &Link| {
            let columns = link.from.iter().any(|from| matches!(from.target, Target::Columns(_)));
            !columns && link.via != Via::AllToAll && self.targets(link).contains(&group)
        };
        self.groups.all[group].place.is_none() && !self.spec.links.iter().any(makes)
    }

    /// Every visible column of a table.
    pub(super) fn columns_of(&self, table: usize, span: Span) -> Vec<ColumnRef> {
        let item = &self.spec.tables[table];
        let kind = |name: &String| {
            let declared = item.columns.iter().find(|column| column.name.value == *name);
            declared.map(|column| column.kind).or(item.rest.map(|rest| rest.value))
        };
        let columns = self.known.columns[table].iter();
        columns
            .filter_map(|name| Some(ColumnRef { table, column: name.clone(), kind: kind(name)?, span }))
            .collect()
    }

    fn report_columns(
        &mut self,
        link: &Link,
        task: &Task,
        table: usize,
        columns: &[ColumnRef],
        joined: &[bool],
        span: Span,
    ) {
        let name = &self.spec.tables[table].name.value;
        let alone: Vec<&str> =
            columns.iter().zip(joined).filter(|(_, j)| !**j).map(|(c, _)| c.column.as_str()).collect();
        let nodes: Vec<String> = task
            .targets
            .iter()
            .flat_map(|group| &self.members[*group])
            .map(|node| self.graph.dag[*node].name.to_string())
            .collect();
        let matched = columns.len() - alone.len();
        let without: Vec<String> = nodes
            .iter()
            .filter(|node| !columns.iter().any(|c| c.column == **node))
            .take(3)
            .cloned()
            .collect();
        self.graph.coverage.push(Coverage {
            join: format!("{name}.* -> {}", self.shown_all(&link.to)),
            prior: None,
            left: "columns".to_string(),
            right: "nodes".to_string(),
            left_matched: matched,
            left_only: alone.len(),
            right_matched: matched,
            right_only: nodes.len().saturating_sub(matched),
            left_examples: alone.iter().take(3).map(ToString::to_string).collect(),
            right_examples: without,
        });
        let finding = match (matched, link.unmatched) {
            (0, _) => Some(error::no_column_matches(name, columns, &nodes, span)),
            (_, Unmatched::Drop) if !alone.is_empty() => {
                Some(error::columns_unmatched(name, &alone, columns.len(), span))
            }
            (_, Unmatched::Error) if !alone.is_empty() => Some(error::columns_forbidden(name, &alone, span)),
            _ => None,
        };
        if let Some(finding) = finding {
            self.report(finding);
        }
    }
}
