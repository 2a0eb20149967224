//! The items as YAML: the keys of `syntax::yaml`, in their order.
//!
//! Items of one kind stay in order. A text of the tree stands in double quotes, a name without;
//! a name that could be read as more stands in `{name: …}`.

use std::collections::BTreeSet;

use super::flat::{Flat, path, sign};
use super::yaml_text::{Yaml, is_bare, number, quoted, text};
use crate::language::source::{Source, Span};
use crate::language::syntax::ast::SCHEMES;
use crate::language::syntax::ast::{
    Argument, Call, Column, Comparison, Edge, Endpoint, Field, FieldValue, File, Ident, Item, ItemKind, Path,
    SourceRef, Value, ValueKind,
};
use crate::language::syntax::yaml::calls::NAMES;
use crate::language::syntax::yaml::items::{KEYS, SCHEME_ARGUMENTS};
use crate::language::syntax::yaml::references::reads_as_path;
use crate::language::syntax::yaml::values::quantity;

/// Keys of which the parts always stand on lines of their own.
const SECTIONS: [&str; 10] =
    ["import", "let", "genotypes", "tables", "priors", "layers", "nodes", "links", "predict", "supervise"];

/// See [`super::yaml`].
pub(super) fn print(file: &File, source: Option<&Source>) -> String {
    let constants = file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Let { name, .. } => Some(name.value.as_str()),
        _ => None,
    });
    let writer = Writer { flat: Flat { source }, constants: constants.collect() };
    let mut out = format!("binn: {}\n", file.version.as_ref().map_or(1, |version| version.value));
    let model = file.items.iter().find(|item| matches!(item.kind, ItemKind::Model(_)));
    if let Some(model) = model.filter(|model| !model.doc.is_empty()) {
        Yaml::Map(vec![("doc".to_owned(), doc(&model.doc))]).block(0, &mut out);
    }
    for key in KEYS {
        let all: Vec<(Option<String>, Yaml)> = file
            .items
            .iter()
            .filter(|item| key_of(&item.kind) == key)
            .map(|item| writer.item(item))
            .collect();
        if all.is_empty() {
            continue;
        }
        let named = all.iter().all(|(name, _)| name.is_some());
        let values = all.into_iter();
        if !SECTIONS.contains(&key) {
            let map = values.take(1).map(|(_, value)| (key.to_owned(), value)).collect();
            Yaml::Map(map).block(0, &mut out);
            continue;
        }
        out.push_str(&format!("{key}:\n"));
        let section = if named {
            Yaml::Map(values.filter_map(|(name, value)| Some((name?, value))).collect())
        } else {
            Yaml::List(values.map(|(_, value)| value).collect())
        };
        section.block(2, &mut out);
    }
    out
}

/// The key under which items of a kind stand.
pub(super) fn key_of(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Model(_) => "model",
        ItemKind::Import { .. } => "import",
        ItemKind::Let { .. } => "let",
        ItemKind::Genotypes { .. } => "genotypes",
        ItemKind::Table { .. } => "tables",
        ItemKind::Prior { .. } => "priors",
        ItemKind::Layer { .. } => "layers",
        ItemKind::Node { .. } => "nodes",
        ItemKind::Link { .. } => "links",
        ItemKind::Predict { .. } => "predict",
        ItemKind::Supervise { .. } => "supervise",
        ItemKind::Evaluate { .. } => "evaluate",
        ItemKind::Train { .. } => "train",
    }
}

pub(super) type Entries = Vec<(String, Yaml)>;

/// Writes parts of the tree as YAML.
pub(super) struct Writer<'s> {
    flat: Flat<'s>,
    /// Names that `let` gives.
    constants: BTreeSet<&'s str>,
}

impl<'s> Writer<'s> {
    /// For parts of a text without constants.
    pub(super) fn of(source: &'s Source) -> Self {
        Self { flat: Flat { source: Some(source) }, constants: BTreeSet::new() }
    }
}

impl Writer<'_> {
    /// What stands under the key of an item that is the only one of its kind.
    pub(super) fn section(&self, item: &ItemKind) -> Yaml {
        let item = Item { doc: String::new(), span: Span::default(), kind: item.clone() };
        match self.item(&item) {
            (Some(name), value) => Yaml::Map(vec![(name, value)]),
            (None, value) if SECTIONS.contains(&key_of(&item.kind)) => Yaml::List(vec![value]),
            (None, value) => value,
        }
    }

    /// An item, with the name that is its key.
    fn item(&self, item: &Item) -> (Option<String>, Yaml) {
        let named = |name: &Ident, entries: Entries| (Some(text(&name.value)), Yaml::Map(entries));
        let mut entries = Entries::new();
        if !item.doc.is_empty() {
            entries.push(("doc".to_owned(), doc(&item.doc)));
        }
        match &item.kind {
            ItemKind::Model(name) => (None, word(name)),
            ItemKind::Import { path, alias } => {
                entries.push(("path".to_owned(), Yaml::Scalar(text(&path.value))));
                entries.extend(alias.iter().map(|alias| ("as".to_owned(), word(alias))));
                (None, Yaml::Map(entries))
            }
            ItemKind::Let { name, value } => {
                let called_value =
                    matches!(&value.value, ValueKind::Call(call) if call.name.value == "value");
                if entries.is_empty() && !called_value {
                    return (Some(text(&name.value)), self.value(value));
                }
                entries.push(("value".to_owned(), self.value(value)));
                named(name, entries)
            }
            ItemKind::Genotypes { name, source, fields } => {
                source_entries(source, &mut entries);
                named(name, self.with_fields(entries, fields))
            }
            ItemKind::Table { name, source, columns, fields } => {
                source_entries(source, &mut entries);
                let mut entries = self.with_fields(entries, fields);
                if !columns.is_empty() {
                    let columns = columns.iter().map(|column| self.column(column)).collect();
                    entries.push(("columns".to_owned(), Yaml::Map(columns)));
                }
                named(name, entries)
            }
            ItemKind::Prior { name, source, relates, fields } => {
                source_entries(source, &mut entries);
                entries.extend(
                    relates
                        .iter()
                        .map(|(from, to)| ("relates".to_owned(), Yaml::List(vec![word(from), word(to)]))),
                );
                named(name, self.with_fields(entries, fields))
            }
            ItemKind::Layer { name, kind, fields } => {
                entries.push(("kind".to_owned(), word(kind)));
                named(name, self.with_fields(entries, fields))
            }
            other => (None, self.unnamed(other, entries)),
        }
    }

    /// An item that stands in a list, or alone.
    fn unnamed(&self, kind: &ItemKind, mut entries: Entries) -> Yaml {
        let mut add = |key: &str, value| entries.push((key.to_owned(), value));
        let fields = match kind {
            ItemKind::Node { names, kind, fields } => {
                add("names", Yaml::List(names.iter().map(word).collect()));
                add("kind", word(kind));
                fields
            }
            ItemKind::Link { from, to, via, edges, fields } => {
                add("from", self.endpoints(from));
                add("to", self.endpoints(to));
                if let Some(via) = via {
                    add("via", self.value(via));
                }
                if !edges.is_empty() {
                    add("edges", Yaml::List(edges.iter().map(|edge| self.edge(edge)).collect()));
                }
                fields
            }
            ItemKind::Predict { traits, from, fields } => {
                add("traits", one_or_many(traits.iter().map(path_text).collect()));
                add("from", self.endpoints(from));
                fields
            }
            ItemKind::Supervise { nodes, by, fields } => {
                add("nodes", self.endpoints(nodes));
                add("by", one_or_many(by.iter().map(path_text).collect()));
                fields
            }
            ItemKind::Evaluate { scheme, fields } => return self.evaluate(scheme, fields, entries),
            ItemKind::Train { fields } => fields,
            _ => &Vec::new(),
        };
        Yaml::Map(self.with_fields(entries, fields))
    }

    pub(super) fn with_fields(&self, mut entries: Entries, fields: &[Field]) -> Entries {
        entries.extend(fields.iter().map(|field| {
            let value = match &field.value {
                FieldValue::Value(value) => self.value(value),
                FieldValue::Predicate(comparisons) => self.predicate(comparisons),
            };
            (key(&field.key.value), value)
        }));
        entries
    }

    pub(super) fn column(&self, column: &Column) -> (String, Yaml) {
        let mut entries = Entries::new();
        if !column.doc.is_empty() {
            entries.push(("doc".to_owned(), doc(&column.doc)));
        }
        entries.push(("type".to_owned(), word(&column.kind)));
        (text(&column.name.value), Yaml::Map(self.with_fields(entries, &column.fields)))
    }

    fn edge(&self, edge: &Edge) -> Yaml {
        let names = |names: &[Ident]| one_or_many(names.iter().map(word).collect());
        let mut entries = vec![("from".to_owned(), names(&edge.from)), ("to".to_owned(), names(&edge.to))];
        if let Some(weight) = &edge.weight {
            let written = self.flat.number(weight.value, false, None, weight.span);
            entries.push(("weight".to_owned(), Yaml::Scalar(number(&written))));
        }
        Yaml::Map(entries)
    }

    pub(super) fn endpoints(&self, endpoints: &[Endpoint]) -> Yaml {
        one_or_many(endpoints.iter().map(|endpoint| self.endpoint(endpoint)).collect())
    }

    fn endpoint(&self, endpoint: &Endpoint) -> Yaml {
        let level = endpoint.level.as_ref().map(|level| format!("({})", level.value));
        let name = Yaml::Scalar(text(&(path(&endpoint.path) + &level.unwrap_or_default())));
        if endpoint.filter.is_empty() {
            return name;
        }
        let filter = self.predicate(&endpoint.filter);
        Yaml::Map(vec![("name".to_owned(), name), ("where".to_owned(), filter)])
    }

    pub(super) fn predicate(&self, comparisons: &[Comparison]) -> Yaml {
        let all = comparisons.iter().map(|one| {
            let sign = format!("\"{}\"", sign(one.operator.value)).replace("\"in\"", "in");
            let right = Yaml::Map(vec![(sign, self.value(&one.right))]);
            Yaml::Map(vec![(text(&path(&one.left)), right)])
        });
        Yaml::List(all.collect())
    }

    /// `{kfold: 5, seed: 3, …}`; a scheme that this cannot say stands under `scheme`.
    fn evaluate(&self, scheme: &Call, fields: &[Field], mut entries: Entries) -> Yaml {
        let named = |argument: &Argument| {
            argument.name.as_ref().is_none_or(|name| SCHEME_ARGUMENTS.contains(&name.value.as_str()))
        };
        let foreign = |field: &Field| {
            let key = field.key.value.as_str();
            !SCHEME_ARGUMENTS.contains(&key) && !SCHEMES.contains(&key)
        };
        if scheme.arguments.is_empty() && fields.is_empty() && entries.is_empty() {
            return word(&scheme.name);
        }
        let short = SCHEMES.contains(&scheme.name.value.as_str()) && !scheme.arguments.is_empty();
        if short && scheme.arguments.iter().all(named) && fields.iter().all(foreign) {
            entries.extend(self.call(scheme));
        } else {
            let value =
                if scheme.arguments.is_empty() { word(&scheme.name) } else { Yaml::Map(self.call(scheme)) };
            entries.push(("scheme".to_owned(), value));
        }
        Yaml::Map(self.with_fields(entries, fields))
    }

    pub(super) fn value(&self, value: &Value) -> Yaml {
        match &value.value {
            ValueKind::Number { number: value_of, integer, unit } => {
                let written = self.flat.number(*value_of, *integer, None, value.span);
                let written = match unit {
                    Some(unit) => {
                        self.flat.number(*value_of, *integer, Some(unit), value.span).replace('_', "")
                    }
                    None => number(&written),
                };
                Yaml::Scalar(written)
            }
            ValueKind::Text(text) => Yaml::Scalar(quoted(text)),
            ValueKind::List(all) => Yaml::List(all.iter().map(|one| self.value(one)).collect()),
            ValueKind::Call(call) => Yaml::Map(self.call(call)),
            ValueKind::Path(path) => self.name(path),
        }
    }

    /// A dotted name where a value stands.
    fn name(&self, name: &Path) -> Yaml {
        let written = path(name);
        if let ([only], false) = (name.segments.as_slice(), name.star)
            && self.constants.contains(only.value.as_str())
        {
            return Yaml::Map(vec![("let".to_owned(), Yaml::Scalar(text(&written)))]);
        }
        if is_bare(&written) && reads_as_path(&written) && quantity(&written).is_none() {
            return Yaml::Scalar(written);
        }
        Yaml::Map(vec![("name".to_owned(), Yaml::Scalar(text(&written)))])
    }

    /// The head of a call with what has no name, then the named arguments.
    fn call(&self, call: &Call) -> Entries {
        let named = |argument: &&Argument| argument.name.is_some();
        let mut unnamed: Vec<Yaml> =
            call.arguments.iter().filter(|one| !named(one)).map(|one| self.value(&one.value)).collect();
        let by_name: Entries = call
            .arguments
            .iter()
            .filter_map(|one| Some((key(&one.name.as_ref()?.value), self.value(&one.value))))
            .collect();
        let name = call.name.value.clone();
        if unnamed.is_empty() && is_map_alone(call) {
            return vec![(name, Yaml::Map(by_name))];
        }
        let scalar = matches!(unnamed.as_slice(), [Yaml::Scalar(_)]) && !NAMES.contains(&name.as_str());
        let value = if scalar { unnamed.remove(0) } else { Yaml::List(unnamed) };
        let mut entries = vec![(name, value)];
        entries.extend(by_name);
        entries
    }
}

/// Whether named arguments can stand in a map after the head, and be read as nothing else.
fn is_map_alone(call: &Call) -> bool {
    let names: Vec<&str> =
        call.arguments.iter().filter_map(|one| Some(one.name.as_ref()?.value.as_str())).collect();
    let special = |name: &&str| NAMES.contains(name) || *name == "in";
    !names.is_empty() && names.len() == call.arguments.len() && !names.iter().any(special)
}

pub(super) fn source_entries(source: &SourceRef, entries: &mut Entries) {
    entries.push(("format".to_owned(), word(&source.format)));
    entries.push(("path".to_owned(), Yaml::Scalar(text(&source.path.value))));
}

fn word(name: &Ident) -> Yaml {
    Yaml::Scalar(text(&name.value))
}

fn path_text(name: &Path) -> Yaml {
    Yaml::Scalar(text(&path(name)))
}

fn key(name: &str) -> String {
    text(name)
}

fn one_or_many(mut all: Vec<Yaml>) -> Yaml {
    if all.len() == 1 { all.remove(0) } else { Yaml::List(all) }
}

/// Lines as a block where they can stand in one, else in quotes.
fn doc(doc: &str) -> Yaml {
    let lines: Vec<String> = doc.split('\n').map(str::to_owned).collect();
    let ends = [lines.first(), lines.last()].iter().all(|line| line.is_some_and(|line| !line.is_empty()));
    let plain = |line: &String| {
        !line.chars().any(|c| c.is_control() || crate::language::diagnostics::visible::is_hidden(c))
    };
    if lines.len() > 1 && ends && lines.iter().all(plain) {
        return Yaml::Lines(lines);
    }
    Yaml::Scalar(quoted(doc))
}
