//! Every name of a file and what it stands for.
//!
//! Ids are given here, in the author's order, so that the second pass can refer forward.

use super::Lowering;
use crate::language::source::{Span, Spanned};
use crate::language::spec::{GenotypesId, LayerId, PriorId, TableId, error};
use crate::language::syntax::ast::{Column, Ident, ItemKind, Value};
use indexmap::IndexMap;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Genotypes(GenotypesId),
    Table(TableId),
    Prior(PriorId),
    Layer(LayerId),
    Node(LayerId, usize),
    Constant,
}

impl Thing {
    /// In words, with an article.
    pub(super) fn described(self) -> &'static str {
        match self {
            Self::Genotypes(_) => "a genotype set",
            Self::Table(_) => "a table",
            Self::Prior(_) => "a prior",
            Self::Layer(_) => "a layer",
            Self::Node(..) => "a node",
            Self::Constant => "a constant",
        }
    }
}

/// The names of one file.
#[derive(Default)]
pub(super) struct Scope<'a> {
    things: IndexMap<&'a str, Spanned<Thing>>,
    constants: IndexMap<&'a str, &'a Value>,
    /// Constants that some value named.
    used: RefCell<BTreeSet<&'a str>>,
    columns: Vec<&'a [Column]>,
}

impl<'a> Scope<'a> {
    pub(super) fn get(&self, name: &str) -> Option<Thing> {
        self.things.get(name).map(|thing| thing.value)
    }

    /// Where a name was defined.
    pub(super) fn place(&self, name: &str) -> Option<Span> {
        self.things.get(name).map(|thing| thing.span)
    }

    pub(super) fn constant(&self, name: &str) -> Option<&'a Value> {
        let (name, value) = self.constants.get_key_value(name)?;
        self.used.borrow_mut().insert(name);
        Some(value)
    }

    /// Constants that no value named, each with its place.
    pub(super) fn unused_constants(&self) -> Vec<(&'a str, Span)> {
        let used = self.used.borrow();
        let unused = self.constants.keys().filter(|name| !used.contains(*name));
        unused.filter_map(|name| Some((*name, self.things.get(name)?.span))).collect()
    }

    /// Names of all things for which `wanted` holds, in order.
    pub(super) fn names(&self, wanted: impl Fn(Thing) -> bool) -> Vec<&'a str> {
        self.things.iter().filter(|(_, thing)| wanted(thing.value)).map(|(name, _)| *name).collect()
    }

    /// Columns of a table as written.
    pub(super) fn columns(&self, table: TableId) -> &'a [Column] {
        self.columns[table]
    }
}

impl<'a> Lowering<'a> {
    /// First pass: gives every name its id and reports names defined twice.
    pub(super) fn collect_names(&mut self) {
        let file = self.file;
        let (mut genotypes, mut priors, mut layers) = (0, 0, 0);
        // Layers come before hand-named nodes, whatever their order, so that both notations agree.
        let mut nodes = file.items.iter().filter(|item| matches!(item.kind, ItemKind::Layer { .. })).count();
        for item in &file.items {
            match &item.kind {
                ItemKind::Genotypes { name, .. } => {
                    self.define(name, Thing::Genotypes(genotypes));
                    genotypes += 1;
                }
                ItemKind::Table { name, columns, .. } => {
                    self.define(name, Thing::Table(self.scope.columns.len()));
                    self.scope.columns.push(columns);
                }
                ItemKind::Prior { name, .. } => {
                    self.define(name, Thing::Prior(priors));
                    priors += 1;
                }
                ItemKind::Layer { name, .. } => {
                    self.define(name, Thing::Layer(layers));
                    layers += 1;
                }
                ItemKind::Node { names, .. } => {
                    for (place, name) in names.iter().enumerate() {
                        self.define(name, Thing::Node(nodes, place));
                    }
                    nodes += 1;
                }
                ItemKind::Let { name, value } => {
                    self.define(name, Thing::Constant);
                    self.scope.constants.insert(&name.value, value);
                }
                _ => {}
            }
        }
    }

    fn define(&mut self, name: &'a Ident, thing: Thing) {
        let first: Option<Span> = self.scope.things.get(name.value.as_str()).map(|earlier| earlier.span);
        match first {
            Some(first) => self.report(error::defined_twice(&name.value, first, name.span)),
            None => {
                self.scope.things.insert(&name.value, Spanned::new(thing, name.span));
            }
        }
    }
}
