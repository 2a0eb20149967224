//! Scalars and maps with what they must be: texts, names, keys.
//!
//! A key that is taken is gone, so what is left of a map is what the item does not know.

use super::Reader;
use super::error;
use super::tree::{Node, Shape};
use crate::language::diagnostics::suggest::nearest;
use crate::language::diagnostics::visible::{is_control, is_hidden, turns_direction};
use crate::language::source::{Span, Spanned};
use crate::language::syntax::ast::Ident;
use crate::language::syntax::dsl::tokens::{is_bare, is_keyword};
use crate::language::syntax::{error as common, names};

/// The entries of a map that nobody has asked for yet.
pub(super) struct Entries<'n> {
    /// What the map describes, such as `` `links` ``.
    pub(super) owner: String,
    /// Where what is missing is missed: the first key, or the name of the item.
    pub(super) span: Span,
    pub(super) rest: Vec<(Ident, &'n Node)>,
}

impl<'n> Entries<'n> {
    /// The value of a key, if it is given.
    pub(super) fn take(&mut self, key: &str) -> Option<&'n Node> {
        self.take_entry(key).map(|(_, value)| value)
    }

    /// A key with its value, if it is given.
    pub(super) fn take_entry(&mut self, key: &str) -> Option<(Ident, &'n Node)> {
        let at = self.rest.iter().position(|(known, _)| known.value == key)?;
        Some(self.rest.remove(at))
    }
}

impl Reader<'_> {
    /// The entries of a map; keys given twice and nodes that are no map are reported.
    pub(super) fn entries<'n>(&mut self, owner: &str, node: &'n Node, help: &str) -> Option<Entries<'n>> {
        let Shape::Map(entries) = &node.shape else {
            self.shape(owner, "keys with values", node, help);
            return None;
        };
        let span = entries.first().map_or(node.span, |(key, _)| key.span);
        let mut all = Entries { owner: owner.to_owned(), span, rest: Vec::new() };
        for (key, value) in entries {
            let (Shape::Plain(text) | Shape::Quoted(text)) = &key.shape else {
                self.shape("a key", "a name", key, "write the key as one word before the colon");
                continue;
            };
            if !self.sound(text, key.span) {
                continue;
            }
            if let Some((first, _)) = all.rest.iter().find(|(known, _)| known.value == *text) {
                self.found.push(error::given_twice(text, first.span, key.span));
                continue;
            }
            all.rest.push((Spanned::new(text.clone(), key.span), value));
        }
        Some(all)
    }

    /// The value of a key that must be given; one that is misspelt is taken out and reported.
    pub(super) fn part<'n>(
        &mut self,
        entries: &mut Entries<'n>,
        key: &str,
        example: &str,
    ) -> Option<&'n Node> {
        if let Some(value) = entries.take(key) {
            return Some(value);
        }
        let owner = entries.owner.clone();
        let near = entries.rest.iter().position(|(given, _)| {
            let close = !nearest(&given.value, [key]).is_empty();
            close && (key.len() > 3 || given.value.starts_with(&key[..1]))
        });
        match near {
            Some(at) => {
                let (given, _) = entries.rest.remove(at);
                self.found.push(error::unknown_key(&owner, &given.value, given.span, &[key]));
            }
            None => self.found.push(error::missing(&owner, key, example, entries.span)),
        }
        None
    }

    /// Reports every entry that is left.
    pub(super) fn finish(&mut self, entries: &Entries, known: &[&str]) {
        for (key, _) in &entries.rest {
            self.found.push(error::unknown_key(&entries.owner, &key.value, key.span, known));
        }
    }

    /// E0105 for a node of another shape, E0106 for an empty one.
    pub(super) fn shape(&mut self, what: &str, takes: &str, node: &Node, help: &str) {
        let is = match &node.shape {
            Shape::Empty => {
                self.found.push(error::nothing_given(what, node.span));
                return;
            }
            Shape::Plain(_) | Shape::Quoted(_) => "a single value",
            Shape::List(_) => "a list",
            Shape::Map(_) => "a map of keys and values",
        };
        self.found.push(error::wrong_shape(what, takes, node.span, is, help));
    }

    /// A scalar as text, plain or quoted.
    pub(super) fn scalar(&mut self, what: &str, node: &Node) -> Option<Spanned<String>> {
        let (Shape::Plain(text) | Shape::Quoted(text)) = &node.shape else {
            self.shape(what, "a text", node, "write one text after the colon");
            return None;
        };
        self.printable(text, node.span).then(|| Spanned::new(text.clone(), node.span))
    }

    /// Whether a text holds only what can be written between quotes; the rest is reported.
    pub(super) fn printable(&mut self, text: &str, span: Span) -> bool {
        let refused = |c: char| is_control(c) || turns_direction(c) || c == '\r';
        let found = text.chars().find(|character| refused(*character));
        self.found.extend(found.map(|character| common::hidden_character(span, character)));
        found.is_none()
    }

    /// Text with line ends as `##` lines have them.
    pub(super) fn doc(&mut self, entries: &mut Entries) -> String {
        let Some(node) = entries.take("doc") else { return String::new() };
        let text = self.scalar("`doc`", node).map(|text| text.value).unwrap_or_default();
        let text = text.strip_suffix('\n').unwrap_or(&text);
        text.split('\n').map(str::trim).collect::<Vec<_>>().join("\n")
    }

    /// A name that is bare in the other notation too.
    pub(super) fn word(&mut self, what: &str, node: &Node) -> Option<Ident> {
        let (Shape::Plain(_) | Shape::Quoted(_)) = &node.shape else {
            self.shape(what, "a plain name", node, "write one word after the colon");
            return None;
        };
        let name = self.scalar(what, node)?;
        self.plain(what, &name)
    }

    /// A name that stands as a key.
    pub(super) fn plain(&mut self, what: &str, name: &Ident) -> Option<Ident> {
        if !is_bare(&name.value) {
            self.found.push(error::no_plain_name(what, &name.value, name.span));
            return None;
        }
        if is_keyword(&name.value) {
            self.found.push(common::reserved_word(name.span, &name.value, false));
            return None;
        }
        self.sound(&name.value, name.span).then(|| name.clone())
    }

    /// Any name, as nodes and columns have; backticks round the whole of it are taken off.
    pub(super) fn name(&mut self, what: &str, node: &Node) -> Option<Ident> {
        let (Shape::Plain(_) | Shape::Quoted(_)) = &node.shape else {
            self.shape(what, "a name or a list of names", node, "write for example `[A, B]`");
            return None;
        };
        let mut name = self.scalar(what, node)?;
        if let Some(inner) = name.value.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
            name.value = inner.to_owned();
        }
        self.any_name(name)
    }

    /// A name of any characters that a name can have.
    pub(super) fn any_name(&mut self, name: Ident) -> Option<Ident> {
        if name.value.is_empty() || name.value.contains(['`', '\n', '\r', '\t']) {
            self.found.push(error::no_name(&name.value, name.span));
            return None;
        }
        self.sound(&name.value, name.span).then_some(name)
    }

    /// Whether a name can be told from every other by eye; one that cannot is reported once.
    pub(super) fn sound(&mut self, name: &str, span: Span) -> bool {
        let as_written = self.source.text[self.source.range(span)].find(name).unwrap_or(0) as u32;
        let start = span.start + as_written;
        let hidden = name.char_indices().find(|(_, character)| is_hidden(*character));
        let report = match hidden {
            Some((at, character)) => {
                let start = start + at as u32;
                let at = Span { start, end: (start + character.len_utf8() as u32).min(span.end.max(start)) };
                Some(common::hidden_character(at, character))
            }
            None if names::is_plain(name) => None,
            None => names::judge(name, start),
        };
        let Some(report) = report else { return true };
        if self.reported.insert(name.to_owned()) {
            self.found.push(report);
        }
        false
    }
}
