//! A YAML text as a tree of scalars, lists and maps with a place for each.
//!
//! The only use of `serde_saphyr`. Types are not guessed: a scalar stays the text that stands
//! in the file, with the knowledge of whether it is quoted, so `NO`, `1e3` and `010` keep what
//! they are. Keys stay in order, also when one is given twice: what reads the tree reports it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Location, Options, Spanned};

use crate::language::source::Span;

/// Deepest nesting of lists and maps, as in the other notation.
pub(super) const DEEPEST_NESTING: usize = 64;
const MOST_NODES: usize = 5_000_000;
/// Long enough that nesting is judged by depth before a line of brackets is given up.
const LONGEST_LOOK_AHEAD: usize = 1_024;

/// A node with its place; that of a list or map reaches from its first to its last part.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) shape: Shape,
    pub(super) span: Span,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// Nothing stands after the colon or dash.
    Empty,
    /// A scalar without quotes, as written.
    Plain(String),
    /// A scalar in quotes or in a block, escapes resolved.
    Quoted(String),
    List(Vec<Node>),
    /// Keys and values in order.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The places of all scalars below, in order.
    pub(super) fn scalars(&self, found: &mut Vec<Span>) {
        match &self.shape {
            Shape::List(all) => all.iter().for_each(|one| one.scalars(found)),
            Shape::Map(all) => {
                for (key, value) in all {
                    key.scalars(found);
                    value.scalars(found);
                }
            }
            Shape::Empty => {}
            Shape::Plain(_) | Shape::Quoted(_) => found.push(self.span),
        }
    }
}

/// The tree of a text, of which the first byte has the address `base`, and the places of tags.
///
/// # Errors
/// What the parser says, when the text is no YAML or is beyond a limit.
pub(super) fn read(text: &str, base: u32) -> Result<(Node, Vec<Span>), serde_saphyr::Error> {
    let raw: Spanned<Raw> = serde_saphyr::from_str_with_options(text, options())?;
    let mut placing = Placing { text, base, tags: Vec::new() };
    let tree = placing.node(raw);
    Ok((tree, placing.tags))
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_depth: DEEPEST_NESTING,
            max_nodes: MOST_NODES,
            max_events: 4 * MOST_NODES,
            flow_nesting_limit: 2 * LONGEST_LOOK_AHEAD,
            simple_key_max_lookahead: LONGEST_LOOK_AHEAD,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Error,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        reject_unsupported_tags: true,
        strict_booleans: true,
        with_snippet: false,
    }
}

/// What serde hands over: the text of a scalar only where YAML takes it for one.
enum Raw {
    Scalar(Option<String>),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value, a list or a map")
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(Some(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Raw::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

/// Turns the parser's places to addresses.
struct Placing<'t> {
    text: &'t str,
    base: u32,
    /// Tags such as `!!str` that stand before a value.
    tags: Vec<Span>,
}

impl Placing<'_> {
    fn node(&mut self, raw: Spanned<Raw>) -> Node {
        let (start, end) = range(self.text, raw.defined);
        self.tag(start);
        match raw.value {
            Raw::Scalar(resolved) => self.scalar(resolved, start, end),
            Raw::List(values) => {
                let values: Vec<Node> = values.into_iter().map(|value| self.node(value)).collect();
                let last = values.last().map(|last| last.span);
                self.whole(Shape::List(values), start, last)
            }
            Raw::Map(entries) => {
                let entries: Vec<(Node, Node)> =
                    entries.into_iter().map(|(key, value)| (self.node(key), self.node(value))).collect();
                let last = entries.last().map(|(_, last)| last.span);
                self.whole(Shape::Map(entries), start, last)
            }
        }
    }

    /// Notes a tag that ends right before a value.
    fn tag(&mut self, value: usize) {
        let before = self.text[..value].trim_end();
        let start = after_last(before, |part| part.is_whitespace() || "[{,".contains(part));
        let line = &before[before[..start].rfind('\n').map_or(0, |at| at + 1)..start];
        let comment = line.starts_with('#') || line.contains(" #");
        if before[start..].starts_with('!') && !comment {
            let span = self.span(start, before.len());
            if self.tags.last() != Some(&span) {
                self.tags.push(span);
            }
        }
    }

    fn scalar(&self, resolved: Option<String>, start: usize, end: usize) -> Node {
        let written = self.text[start..end].trim_end();
        let span = self.span(start, start + written.len());
        let shape = match (written.chars().next(), resolved) {
            (None, _) => Shape::Empty,
            (Some('"' | '\'' | '|' | '>'), resolved) => Shape::Quoted(resolved.unwrap_or_default()),
            // A scalar over several lines is folded; any other stands as written.
            (_, Some(folded)) if written.contains('\n') => Shape::Plain(folded),
            _ => Shape::Plain(written.to_owned()),
        };
        Node { shape, span }
    }

    /// A list or map from its start to the end of its last part.
    fn whole(&self, shape: Shape, start: usize, last: Option<Span>) -> Node {
        let first = self.text.ceil_char_boundary((start + 1).min(self.text.len()));
        let end = last.map_or(first, |last| (last.end - self.base) as usize);
        let closed = self.text[end..].find(|next: char| !next.is_whitespace()).map(|at| end + at);
        let flow = self.text[start..].starts_with(['[', '{']);
        let end = match closed {
            Some(at) if flow && self.text[at..].starts_with([']', '}']) => at + 1,
            _ => end,
        };
        Node { shape, span: self.span(start, end.max(start)) }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let end = end.min(self.text.len());
        Span { start: self.base + start.min(end) as u32, end: self.base + end as u32 }
    }
}

/// The address in bytes of a line and column of the parser, both from 1, columns in characters.
pub(super) fn offset(text: &str, place: Location) -> usize {
    let line = (place.line() as usize).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let column = (place.column() as usize).saturating_sub(1);
    let rest = &text[start.min(text.len())..];
    start + rest.char_indices().nth(column).map_or(rest.trim_end().len(), |(at, _)| at)
}

/// Where the text behind the last such character starts; such characters may be of several bytes.
pub(super) fn after_last(text: &str, is_sought: impl Fn(char) -> bool) -> usize {
    text.char_indices().rfind(|(_, part)| is_sought(*part)).map_or(0, |(at, part)| at + part.len_utf8())
}

/// The bytes of a place, on the borders of characters.
fn range(text: &str, place: Location) -> (usize, usize) {
    let byte = |at: Option<u64>| at.map_or(text.len(), |at| (at as usize).min(text.len()));
    let start = text.floor_char_boundary(byte(place.span().byte_offset()));
    let length = place.span().byte_len().unwrap_or(0) as usize;
    let end = text.ceil_char_boundary((start + length).min(text.len()));
    (start, end)
}
