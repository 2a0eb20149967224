//! Items and their blocks: from pest's pairs to the tree.
//!
//! The grammar has already decided what stands where, so parts are picked by rule.

use pest::iterators::{Pair, Pairs};

use super::Rule;
use super::values::only;
use crate::language::diagnostics::Diagnostics;
use crate::language::source::Span;
use crate::language::syntax::ast::{Column, Edge, Field, FieldValue, Item, ItemKind, SourceRef};
use crate::language::syntax::error;

/// More inline edges than this belong in a file.
const INLINE_EDGES: usize = 1_000;

/// Turns pairs to tree nodes; `base` is the address of the first byte that pest saw.
pub(super) struct Reader<'d> {
    base: u32,
    pub(super) found: &'d mut Diagnostics,
}

impl<'d> Reader<'d> {
    pub(super) fn new(base: u32, found: &'d mut Diagnostics) -> Self {
        Self { base, found }
    }

    /// All items of a `file` or a `stretch`.
    pub(super) fn items(&mut self, pairs: Pairs<Rule>) -> Vec<Item> {
        let inner = pairs.flat_map(Pair::into_inner);
        inner.filter(|pair| pair.as_rule() == Rule::item).map(|pair| self.item(&pair)).collect()
    }

    pub(super) fn span(&self, pair: &Pair<Rule>) -> Span {
        let span = pair.as_span();
        Span { start: self.base + span.start() as u32, end: self.base + span.end() as u32 }
    }

    /// The parts of `pair` that are `rule`.
    pub(super) fn parts<'i>(
        &self,
        pair: &Pair<'i, Rule>,
        rule: Rule,
    ) -> impl Iterator<Item = Pair<'i, Rule>> + use<'i> {
        pair.clone().into_inner().filter(move |inner| inner.as_rule() == rule)
    }

    fn item(&mut self, pair: &Pair<Rule>) -> Item {
        let doc = self.doc(pair);
        let body = pair.clone().into_inner().find(|inner| inner.as_rule() != Rule::doc);
        let body = body.expect("the grammar ends an item with its body");
        Item { doc, span: self.span(&body), kind: self.kind(&body) }
    }

    fn doc(&self, pair: &Pair<Rule>) -> String {
        let lines = self.parts(pair, Rule::doc).map(only);
        lines.map(|line| line.as_str().trim().to_owned()).collect::<Vec<_>>().join("\n")
    }

    fn kind(&mut self, pair: &Pair<Rule>) -> ItemKind {
        let fields = self.fields(pair);
        match pair.as_rule() {
            Rule::model => ItemKind::Model(self.name(first(pair, Rule::ident))),
            Rule::import => ItemKind::Import {
                path: self.text(&first(pair, Rule::string)),
                alias: self.parts(pair, Rule::ident).next().map(|inner| self.name(inner)),
            },
            Rule::constant => ItemKind::Let {
                name: self.name(first(pair, Rule::ident)),
                value: self.value(first(pair, Rule::value)),
            },
            Rule::genotypes => ItemKind::Genotypes {
                name: self.name(first(pair, Rule::ident)),
                source: self.source(pair),
                fields,
            },
            Rule::table => ItemKind::Table {
                name: self.name(first(pair, Rule::ident)),
                source: self.source(pair),
                columns: self.columns(pair),
                fields,
            },
            Rule::prior => {
                let mut kinds = self.parts(pair, Rule::kind).map(|inner| self.name(inner));
                ItemKind::Prior {
                    name: self.name(first(pair, Rule::ident)),
                    source: self.source(pair),
                    relates: kinds.next().zip(kinds.next()),
                    fields,
                }
            }
            Rule::layer => ItemKind::Layer {
                name: self.name(first(pair, Rule::ident)),
                kind: self.name(first(pair, Rule::kind)),
                fields,
            },
            Rule::node => ItemKind::Node {
                names: self.names(&first(pair, Rule::names)),
                kind: self.name(first(pair, Rule::kind)),
                fields,
            },
            Rule::link => self.link(pair, fields),
            Rule::predict => ItemKind::Predict {
                traits: self.paths(&first(pair, Rule::paths)),
                from: self.endpoints(&first(pair, Rule::endpoints)),
                fields,
            },
            Rule::supervise => ItemKind::Supervise {
                nodes: self.endpoints(&first(pair, Rule::endpoints)),
                by: self.paths(&first(pair, Rule::paths)),
                fields,
            },
            Rule::evaluate => {
                let mut inner = pair.clone().into_inner();
                let scheme = inner.find(|part| matches!(part.as_rule(), Rule::call | Rule::bare_call));
                let scheme = scheme.expect("the grammar gives `evaluate` a scheme");
                ItemKind::Evaluate { scheme: self.call(scheme), fields }
            }
            _ => ItemKind::Train { fields },
        }
    }

    fn source(&self, pair: &Pair<Rule>) -> SourceRef {
        let source = first(pair, Rule::source);
        SourceRef {
            format: self.name(first(&source, Rule::format)),
            path: self.text(&first(&source, Rule::string)),
        }
    }

    fn link(&mut self, pair: &Pair<Rule>, fields: Vec<Field>) -> ItemKind {
        let ends: Vec<_> = self.parts(pair, Rule::endpoints).collect();
        let mut ends = ends.iter().map(|end| self.endpoints(end));
        let (from, to) = (ends.next().unwrap_or_default(), ends.next().unwrap_or_default());
        let via = self.parts(pair, Rule::via).next();
        let via = via.and_then(|via| {
            via.into_inner().find(|inner| matches!(inner.as_rule(), Rule::call | Rule::path))
        });
        let via = via.map(|inner| self.value(inner));
        let edges = self.edges(pair);
        ItemKind::Link { from, to, via, edges, fields }
    }

    fn edges(&mut self, pair: &Pair<Rule>) -> Vec<Edge> {
        let Some(block) = self.parts(pair, Rule::link_block).next() else {
            return Vec::new();
        };
        let edges = self.parts(&block, Rule::edge).map(|edge| self.edge(&edge));
        let edges: Vec<Edge> = edges.collect();
        let pairs: usize = edges.iter().map(|edge| edge.from.len() * edge.to.len()).sum();
        if pairs > INLINE_EDGES {
            self.found.push(error::long_edge_list(
                self.span(&first(pair, Rule::kw_link)),
                pairs,
                INLINE_EDGES,
            ));
        }
        edges
    }

    fn edge(&mut self, pair: &Pair<Rule>) -> Edge {
        let mut names = self.parts(pair, Rule::names).map(|inner| self.names(&inner));
        let (from, to) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        let weight = self.parts(pair, Rule::number).next();
        Edge { from, to, weight: weight.map(|inner| self.number(&inner)) }
    }

    fn columns(&mut self, pair: &Pair<Rule>) -> Vec<Column> {
        let block = self.parts(pair, Rule::table_block).next();
        let columns: Vec<_> = block.iter().flat_map(|block| self.parts(block, Rule::column)).collect();
        columns.iter().map(|column| self.column(column)).collect()
    }

    fn column(&mut self, pair: &Pair<Rule>) -> Column {
        let name = only(first(pair, Rule::column_name));
        Column {
            doc: self.doc(pair),
            rest: name.as_rule() == Rule::star,
            name: self.name(name),
            kind: self.name(first(pair, Rule::column_type)),
            fields: self.fields(pair),
        }
    }

    fn fields(&mut self, pair: &Pair<Rule>) -> Vec<Field> {
        let is_block = |rule: Rule| matches!(rule, Rule::block | Rule::table_block | Rule::link_block);
        let block = pair.clone().into_inner().find(|inner| is_block(inner.as_rule()));
        let fields: Vec<_> = block.iter().flat_map(|block| self.parts(block, Rule::field)).collect();
        fields.iter().map(|field| self.field(field)).collect()
    }

    fn field(&mut self, pair: &Pair<Rule>) -> Field {
        let key = self.name(first(pair, Rule::word));
        let value = match self.parts(pair, Rule::predicate).next() {
            Some(predicate) => FieldValue::Predicate(self.predicate(&predicate)),
            None => FieldValue::Value(self.value(first(pair, Rule::value))),
        };
        Field { key, value }
    }
}

/// The first part of `pair` that is `rule`.
pub(super) fn first<'i>(pair: &Pair<'i, Rule>, rule: Rule) -> Pair<'i, Rule> {
    let part = pair.clone().into_inner().find(|inner| inner.as_rule() == rule);
    part.expect("the grammar requires this part")
}
