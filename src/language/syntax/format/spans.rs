//! A tree without its places, to ask whether two texts say the same.

use crate::language::source::{Span, Spanned};
use crate::language::syntax::ast::{
    Argument, Call, Comparison, Edge, Endpoint, Field, FieldValue, File, Ident, ItemKind, Path, SourceRef,
    Value, ValueKind,
};
use crate::language::syntax::yaml::items::KEYS;

/// The same tree with every place at zero.
#[must_use]
pub fn without_spans(file: &File) -> File {
    let mut file = file.clone();
    file.version.iter_mut().for_each(bare);
    for item in &mut file.items {
        item.span = Span::default();
        kind(&mut item.kind);
    }
    file
}

/// The same tree in the order that YAML can hold: items by kind, unnamed arguments first.
#[must_use]
pub fn by_kind(file: &File) -> File {
    let mut file = file.clone();
    file.items.sort_by_key(|item| {
        KEYS.iter().position(|key| *key == super::yaml::key_of(&item.kind)).unwrap_or_default()
    });
    file.items.iter_mut().for_each(|item| calls(&mut item.kind));
    file
}

fn calls(kind: &mut ItemKind) {
    let fields = match kind {
        ItemKind::Let { value, .. } => return ordered(value),
        ItemKind::Link { via, fields, .. } => {
            via.iter_mut().for_each(ordered);
            fields
        }
        ItemKind::Evaluate { scheme, fields } => {
            ordered_call(scheme);
            fields
        }
        ItemKind::Genotypes { fields, .. }
        | ItemKind::Table { fields, .. }
        | ItemKind::Prior { fields, .. }
        | ItemKind::Layer { fields, .. }
        | ItemKind::Node { fields, .. }
        | ItemKind::Predict { fields, .. }
        | ItemKind::Supervise { fields, .. }
        | ItemKind::Train { fields } => fields,
        ItemKind::Model(_) | ItemKind::Import { .. } => return,
    };
    for field in fields {
        if let FieldValue::Value(value) = &mut field.value {
            ordered(value);
        }
    }
}

fn ordered(value: &mut Value) {
    match &mut value.value {
        ValueKind::List(all) => all.iter_mut().for_each(ordered),
        ValueKind::Call(call) => ordered_call(call),
        _ => {}
    }
}

fn ordered_call(call: &mut Call) {
    call.arguments.sort_by_key(|argument| argument.name.is_some());
    call.arguments.iter_mut().for_each(|argument| ordered(&mut argument.value));
}

fn bare<T>(spanned: &mut Spanned<T>) {
    spanned.span = Span::default();
}

fn kind(kind: &mut ItemKind) {
    match kind {
        ItemKind::Model(name) => bare(name),
        ItemKind::Import { path, alias } => {
            bare(path);
            alias.iter_mut().for_each(bare);
        }
        ItemKind::Let { name, value } => {
            bare(name);
            self::value(value);
        }
        ItemKind::Genotypes { name, source, fields } => {
            bare(name);
            self::source(source);
            self::fields(fields);
        }
        ItemKind::Table { name, source, columns, fields } => {
            bare(name);
            self::source(source);
            self::fields(fields);
            for column in columns {
                bare(&mut column.name);
                bare(&mut column.kind);
                self::fields(&mut column.fields);
            }
        }
        ItemKind::Prior { name, source, relates, fields } => {
            bare(name);
            self::source(source);
            self::fields(fields);
            if let Some((from, to)) = relates {
                bare(from);
                bare(to);
            }
        }
        ItemKind::Layer { name, kind, fields } => {
            bare(name);
            bare(kind);
            self::fields(fields);
        }
        ItemKind::Node { names, kind, fields } => {
            idents(names);
            bare(kind);
            self::fields(fields);
        }
        ItemKind::Link { from, to, via, edges, fields } => {
            endpoints(from);
            endpoints(to);
            via.iter_mut().for_each(value);
            edges.iter_mut().for_each(edge);
            self::fields(fields);
        }
        ItemKind::Predict { traits, from, fields } => {
            traits.iter_mut().for_each(path);
            endpoints(from);
            self::fields(fields);
        }
        ItemKind::Supervise { nodes, by, fields } => {
            endpoints(nodes);
            by.iter_mut().for_each(path);
            self::fields(fields);
        }
        ItemKind::Evaluate { scheme, fields } => {
            call(scheme);
            self::fields(fields);
        }
        ItemKind::Train { fields } => self::fields(fields),
    }
}

fn source(source: &mut SourceRef) {
    bare(&mut source.format);
    bare(&mut source.path);
}

fn idents(names: &mut [Ident]) {
    names.iter_mut().for_each(bare);
}

fn fields(fields: &mut [Field]) {
    for field in fields {
        bare(&mut field.key);
        match &mut field.value {
            FieldValue::Value(inner) => value(inner),
            FieldValue::Predicate(all) => all.iter_mut().for_each(comparison),
        }
    }
}

fn edge(edge: &mut Edge) {
    idents(&mut edge.from);
    idents(&mut edge.to);
    edge.weight.iter_mut().for_each(bare);
}

fn path(path: &mut Path) {
    idents(&mut path.segments);
    path.span = Span::default();
}

fn endpoints(endpoints: &mut [Endpoint]) {
    for endpoint in endpoints {
        path(&mut endpoint.path);
        endpoint.level.iter_mut().for_each(bare);
        endpoint.filter.iter_mut().for_each(comparison);
        endpoint.span = Span::default();
    }
}

fn comparison(comparison: &mut Comparison) {
    path(&mut comparison.left);
    bare(&mut comparison.operator);
    value(&mut comparison.right);
}

fn value(value: &mut Value) {
    bare(value);
    match &mut value.value {
        ValueKind::List(all) => all.iter_mut().for_each(self::value),
        ValueKind::Call(inner) => call(inner),
        ValueKind::Path(inner) => path(inner),
        ValueKind::Number { .. } | ValueKind::Text(_) => {}
    }
}

fn call(call: &mut Call) {
    bare(&mut call.name);
    call.span = Span::default();
    for Argument { name, value: inner } in &mut call.arguments {
        name.iter_mut().for_each(bare);
        value(inner);
    }
}
