//! Maps as values: calls, and names that need quotes.
//!
//! `{fcn: [16, 8], activation: gelu}` is `fcn(16, 8, activation = gelu)`: the head names the
//! call and holds what has no name. A map after the head holds named arguments too.

use super::Reader;
use super::entries::Entries;
use super::error;
use super::tree::{Node, Shape};
use super::values::is_word;
use crate::language::source::Spanned;
use crate::language::syntax::ast::{Argument, Call, Ident, Value, ValueKind};

/// Heads that are believed to be one wherever they stand in the map.
pub(in crate::language::syntax) const HEADS: [&str; 13] = [
    "fcn",
    "adam",
    "adamw",
    "sgd",
    "patience",
    "eqtl",
    "window",
    "elastic_net",
    "permute",
    "pcs",
    "add",
    "strip",
    "cox",
];

/// A map of one of these keys is the name that it holds.
pub(in crate::language::syntax) const NAMES: [&str; 2] = ["let", "name"];

impl Reader<'_> {
    /// The name or call that a map stands for.
    pub(super) fn map_value(&mut self, what: &str, node: &Node) -> Option<Value> {
        if let Some(inner) = named(node) {
            let name = self.scalar(what, inner)?;
            return Some(Spanned::new(ValueKind::Path(self.path_text(&name)?), node.span));
        }
        let entries = self.entries(what, node, "")?;
        // `window` is also an argument of `eqtl`.
        let scans = entries.rest.iter().any(|(key, _)| key.value == "eqtl");
        let is_head = |key: &str| HEADS.contains(&key) && !(scans && key == "window");
        let Some(head) = head(&entries, is_head) else {
            self.found.push(error::nothing_given(what, node.span));
            return None;
        };
        let call = self.call(entries, &head, |_| true)?.0;
        Some(Spanned::new(ValueKind::Call(Call { span: node.span, ..call }), node.span))
    }

    /// The call that `head` names, with those of the other entries that `belongs` takes for its
    /// arguments, and the rest of the entries.
    pub(super) fn call<'n>(
        &mut self,
        mut entries: Entries<'n>,
        head: &str,
        belongs: impl Fn(&str) -> bool,
    ) -> Option<(Call, Entries<'n>)> {
        let (name, value) = entries.take_entry(head)?;
        let mut arguments = self.unnamed(&name.value, value);
        let (named, rest) = entries.rest.into_iter().partition(|(key, _)| belongs(&key.value));
        for argument in self.by_name(named) {
            match &mut arguments {
                Some(arguments) => arguments.push(argument),
                None => break,
            }
        }
        entries.rest = rest;
        let name = self.plain("a call", &name);
        let span = name.as_ref().map_or(entries.span, |name| name.span).to(value.span);
        Some((Call { name: name?, arguments: arguments?, span }, entries))
    }

    /// What stands right of the head.
    fn unnamed(&mut self, head: &str, node: &Node) -> Option<Vec<Argument>> {
        let what = format!("`{head}`");
        let unnamed = |value| Argument { name: None, value };
        match &node.shape {
            Shape::Empty => Some(Vec::new()),
            Shape::List(values) => {
                let all: Vec<Option<Value>> = values.iter().map(|value| self.value(&what, value)).collect();
                all.into_iter().map(|value| value.map(unnamed)).collect()
            }
            Shape::Map(_) if named(node).is_none() => {
                let entries = self.entries(&what, node, "")?;
                Some(self.by_name(entries.rest))
            }
            _ => Some(vec![unnamed(self.value(&what, node)?)]),
        }
    }

    fn by_name(&mut self, entries: Vec<(Ident, &Node)>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        let mut told = false;
        for (key, node) in entries {
            let value = self.value(&format!("`{}`", key.value), node);
            if !is_word(&key.value) {
                // Where one name is none of an argument, the map is no call, and the others follow from that.
                if !told {
                    self.found.push(error::no_plain_name("an argument", &key.value, key.span));
                }
                told = true;
                continue;
            }
            arguments.extend(value.map(|value| Argument { name: Some(key), value }));
        }
        arguments
    }
}

/// The key that names the call: the first, unless only another is known to be a head.
pub(super) fn head(entries: &Entries, known: impl Fn(&str) -> bool) -> Option<String> {
    let keys = || entries.rest.iter().map(|(key, _)| key.value.as_str());
    keys().find(|key| known(key)).or_else(|| keys().next()).map(str::to_owned)
}

/// What `{let: …}` or `{name: …}` holds.
fn named(node: &Node) -> Option<&Node> {
    let Shape::Map(entries) = &node.shape else { return None };
    let [(key, value)] = entries.as_slice() else { return None };
    let (Shape::Plain(key) | Shape::Quoted(key)) = &key.shape else { return None };
    let scalar = matches!(value.shape, Shape::Plain(_) | Shape::Quoted(_));
    (NAMES.contains(&key.as_str()) && scalar).then_some(value)
}
