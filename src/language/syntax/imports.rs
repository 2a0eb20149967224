//! Names of imported files: `import "x" as n` makes each of its names `n.name`.
//!
//! Works on trees, before names are resolved. Definitions and what refers to them are renamed
//! alike; identifiers of data files, kinds, and words of fields stay what they are.

use super::ast::{Call, Edge, Endpoint, Field, FieldValue, Ident, Item, ItemKind, Path, Value, ValueKind};
use std::collections::BTreeSet;

/// Puts `prefix.` before every name that the items define, and before what refers to them.
pub fn qualify(items: &mut [Item], prefix: &str) {
    let names = Names::of(items);
    let mut rename = |name: &mut Ident| name.value = format!("{prefix}.{}", name.value);
    for item in items.iter_mut() {
        defined(item).into_iter().for_each(&mut rename);
    }
    let mut qualify = |path: &mut Path, role: Role| {
        let first = &mut path.segments[0];
        if names.has(&first.value, role) {
            rename(first);
        }
    };
    for item in items.iter_mut() {
        references(item, &mut qualify);
        edges(item, &mut |name| {
            if names.nodes.contains(&name.value) {
                name.value = format!("{prefix}.{}", name.value);
            }
        });
    }
}

/// Makes one name of `alias.name` wherever a path starts so.
pub fn join_aliases(item: &mut Item, aliases: &BTreeSet<String>) {
    references(item, &mut |path, _| {
        if path.segments.len() > 1 && aliases.contains(&path.segments[0].value) {
            let alias = path.segments.remove(0);
            let name = &mut path.segments[0];
            name.value = format!("{}.{}", alias.value, name.value);
            name.span = alias.span.to(name.span);
        }
    });
}

/// Every name that the item defines.
pub fn defined(item: &mut Item) -> Vec<&mut Ident> {
    match &mut item.kind {
        ItemKind::Genotypes { name, .. }
        | ItemKind::Table { name, .. }
        | ItemKind::Prior { name, .. }
        | ItemKind::Layer { name, .. }
        | ItemKind::Let { name, .. } => vec![name],
        ItemKind::Node { names, .. } => names.iter_mut().collect(),
        _ => Vec::new(),
    }
}

/// Where a path stands.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// Where only a name can stand.
    Reference,
    /// A value that may be a constant or a word.
    Word,
    /// A value that may name a source: of `hierarchy`, or first in a call.
    Source,
}

#[derive(Default)]
struct Names {
    all: BTreeSet<String>,
    nodes: BTreeSet<String>,
    constants: BTreeSet<String>,
    sources: BTreeSet<String>,
}

impl Names {
    fn of(items: &mut [Item]) -> Self {
        let mut names = Self::default();
        for item in items {
            let found: Vec<String> = defined(item).into_iter().map(|name| name.value.clone()).collect();
            let of_kind = match item.kind {
                ItemKind::Node { .. } => Some(&mut names.nodes),
                ItemKind::Let { .. } => Some(&mut names.constants),
                ItemKind::Prior { .. } | ItemKind::Table { .. } => Some(&mut names.sources),
                _ => None,
            };
            if let Some(of_kind) = of_kind {
                of_kind.extend(found.iter().cloned());
            }
            names.all.extend(found);
        }
        names
    }

    fn has(&self, name: &str, role: Role) -> bool {
        match role {
            Role::Reference => self.all.contains(name),
            Role::Word => self.constants.contains(name),
            Role::Source => self.constants.contains(name) || self.sources.contains(name),
        }
    }
}

type Visit<'v> = &'v mut dyn FnMut(&mut Path, Role);

/// Visits every path of an item that may refer to a name.
fn references(item: &mut Item, visit: Visit<'_>) {
    let fields = match &mut item.kind {
        ItemKind::Model(_) | ItemKind::Import { .. } => return,
        ItemKind::Let { value: written, .. } => return value(written, Role::Word, visit),
        ItemKind::Genotypes { fields, .. } | ItemKind::Train { fields } => fields,
        ItemKind::Table { columns, fields, .. } => {
            columns.iter_mut().for_each(|column| all_fields(&mut column.fields, visit));
            fields
        }
        ItemKind::Prior { fields, .. } | ItemKind::Layer { fields, .. } | ItemKind::Node { fields, .. } => {
            fields
        }
        ItemKind::Link { from, to, via, fields, .. } => {
            from.iter_mut().chain(to).for_each(|end| endpoint(end, visit));
            if let Some(via) = via {
                value(via, Role::Reference, visit);
            }
            fields
        }
        ItemKind::Predict { traits, from, fields } => {
            traits.iter_mut().for_each(|path| visit(path, Role::Reference));
            from.iter_mut().for_each(|end| endpoint(end, visit));
            fields
        }
        ItemKind::Supervise { nodes, by, fields } => {
            nodes.iter_mut().for_each(|end| endpoint(end, visit));
            by.iter_mut().for_each(|path| visit(path, Role::Reference));
            fields
        }
        ItemKind::Evaluate { scheme, fields } => {
            arguments(scheme, visit);
            fields
        }
    };
    all_fields(fields, visit);
}

fn endpoint(endpoint: &mut Endpoint, visit: Visit<'_>) {
    visit(&mut endpoint.path, Role::Reference);
    endpoint.filter.iter_mut().for_each(|comparison| value(&mut comparison.right, Role::Word, visit));
}

fn all_fields(fields: &mut [Field], visit: Visit<'_>) {
    for field in fields {
        let role = if field.key.value == "hierarchy" { Role::Source } else { Role::Word };
        match &mut field.value {
            FieldValue::Value(written) => value(written, role, visit),
            FieldValue::Predicate(comparisons) => {
                comparisons.iter_mut().for_each(|comparison| value(&mut comparison.right, Role::Word, visit));
            }
        }
    }
}

fn value(written: &mut Value, role: Role, visit: Visit<'_>) {
    match &mut written.value {
        ValueKind::Path(path) if path.segments.len() > 1 || path.star => visit(path, Role::Reference),
        ValueKind::Path(path) => visit(path, role),
        ValueKind::List(values) => values.iter_mut().for_each(|inner| value(inner, role, visit)),
        ValueKind::Call(call) => arguments(call, visit),
        ValueKind::Number { .. } | ValueKind::Text(_) => {}
    }
}

fn arguments(call: &mut Call, visit: Visit<'_>) {
    for argument in &mut call.arguments {
        let role = if argument.name.is_none() { Role::Source } else { Role::Word };
        value(&mut argument.value, role, visit);
    }
}

/// Visits the names of a link's edges.
fn edges(item: &mut Item, visit: &mut dyn FnMut(&mut Ident)) {
    if let ItemKind::Link { edges, .. } = &mut item.kind {
        for Edge { from, to, .. } in edges {
            from.iter_mut().chain(to).for_each(&mut *visit);
        }
    }
}
