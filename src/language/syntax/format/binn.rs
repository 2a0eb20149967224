//! The canonical layout of `.binn`.
//!
//! Items stay in order, with a blank line between them unless they are short, of one kind, and
//! written together. A block stands on one line if it fits and holds no comment or `##` line,
//! else each field has a line.

use super::WIDTH;
use super::comments::Comments;
use super::flat::{Flat, segment};
use super::header::Piece;
use crate::language::source::{Source, Span};
use crate::language::syntax::ast::{Column, Edge, Field, FieldValue, File, Item, ItemKind, Value, ValueKind};

const INDENT: usize = 2;

/// See [`super::binn`].
pub(super) fn print(file: &File, source: Option<&Source>) -> String {
    let mut printer = Printer { flat: Flat { source }, comments: Comments::of(source), out: String::new() };
    printer.file(file);
    printer.out
}

struct Printer<'s> {
    flat: Flat<'s>,
    comments: Comments<'s>,
    out: String,
}

/// A field, column or edge of a block.
struct Entry {
    doc: String,
    /// On one line.
    flat: String,
    /// Over several lines, if it can be broken.
    broken: Option<Vec<String>>,
    span: Span,
    is_edge: bool,
}

impl Printer<'_> {
    fn file(&mut self, file: &File) {
        let version = file.version.as_ref().map(|version| version.span).unwrap_or_default();
        self.own_lines(version.start, version.start, 0);
        self.line(0, &format!("binn {}", file.version.as_ref().map_or(1, |version| version.value)));
        self.trailing(version.end, u32::MAX);
        let mut before: Option<(&Item, bool)> = None;
        for (place, item) in file.items.iter().enumerate() {
            let one_line = self.one_line(item);
            let together = before.is_some_and(|(earlier, short)| {
                let same = std::mem::discriminant(&earlier.kind) == std::mem::discriminant(&item.kind);
                same && short && one_line.is_some() && !self.is_blank_between(earlier, item)
            });
            if !together {
                self.out.push('\n');
            }
            before = Some((item, one_line.is_some()));
            let next = file.items.get(place + 1).map_or(u32::MAX, |next| next.span.start);
            self.item(item, one_line, next);
        }
        let rest = self.comments.before(u32::MAX, u32::MAX);
        if !rest.is_empty() {
            self.out.push('\n');
        }
        self.write(rest, 0);
        while self.out.ends_with("\n\n") {
            self.out.pop();
        }
    }

    fn is_blank_between(&self, earlier: &Item, item: &Item) -> bool {
        let end = self.comments.end(earlier.span);
        self.comments.has_text() && self.comments.is_blank_between(end, item.span.start)
    }

    fn item(&mut self, item: &Item, one_line: Option<String>, next: u32) {
        let end = self.comments.end(item.span);
        let brace = self.comments.brace(item.span);
        let head_end = brace.unwrap_or(end);
        self.own_lines(item.span.start, head_end, 0);
        self.doc(&item.doc, 0);
        if let Some(line) = one_line {
            self.line(0, &line);
        } else {
            self.broken(item, brace, end);
        }
        self.trailing(end, next);
    }

    /// The whole item on one line, if it fits and its block holds no comment.
    fn one_line(&self, item: &Item) -> Option<String> {
        let end = self.comments.end(item.span);
        let block = self.comments.brace(item.span).unwrap_or(end);
        let head = self.flat.header(&item.kind).iter().map(Piece::flat).collect::<Vec<_>>().join(" ");
        let entries = self.entries(&item.kind);
        let line = head + &inline(&entries, is_train(item))?;
        (fits(&line, 0) && !self.comments.any(block, end)).then_some(line)
    }

    fn broken(&mut self, item: &Item, brace: Option<u32>, end: u32) {
        let entries = self.entries(&item.kind);
        let pieces = self.flat.header(&item.kind);
        let closed = !self.comments.any(brace.unwrap_or(end), end);
        let block = inline(&entries, is_train(item)).filter(|_| closed);
        if let (ItemKind::Let { name, value }, true) = (&item.kind, entries.is_empty()) {
            let lines = self.broken_value(&format!("let {} = ", name.value), value);
            return self.lines(0, &lines.unwrap_or_else(|| vec![pieces[0].flat()]));
        }
        let head = pieces.iter().map(Piece::flat).collect::<Vec<_>>().join(" ");
        let opens = if entries.is_empty() && !is_train(item) { "" } else { " {" };
        let lines = if fits(&(head.clone() + opens), 0) { vec![head] } else { broken_head(&pieces) };
        let last = lines.last().map_or("", String::as_str);
        match block.filter(|block| lines.len() > 1 && fits(&format!("{last}{block}"), 0)) {
            Some(block) => {
                self.lines(0, &lines);
                self.append(&block);
            }
            None if entries.is_empty() && !is_train(item) && closed => self.lines(0, &lines),
            None => {
                self.lines(0, &lines);
                self.append(" {");
                self.block(&entries, brace, end);
            }
        }
    }

    fn block(&mut self, entries: &[Entry], brace: Option<u32>, end: u32) {
        let close = end.saturating_sub(1);
        let first = entries.first().map_or(close, |entry| entry.span.start);
        self.trailing(brace.unwrap_or(first), first);
        for (place, entry) in entries.iter().enumerate() {
            self.own_lines(entry.span.start, entry.span.end, INDENT);
            self.doc(&entry.doc, INDENT);
            match entry.broken.as_ref().filter(|_| !fits(&entry.flat, INDENT)) {
                Some(lines) => self.lines(INDENT, lines),
                None => self.line(INDENT, &entry.flat),
            }
            let next = entries.get(place + 1).map_or(close, |next| next.span.start);
            self.trailing(entry.span.end, next);
        }
        self.own_lines(close, close, INDENT);
        self.line(0, "}");
    }

    /// Fields, columns and edges in the author's order.
    fn entries(&self, kind: &ItemKind) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let fields = match kind {
            ItemKind::Model(_) | ItemKind::Import { .. } | ItemKind::Let { .. } => &[][..],
            ItemKind::Table { columns, fields, .. } => {
                entries.extend(columns.iter().map(|column| self.column(column)));
                fields
            }
            ItemKind::Link { edges, fields, .. } => {
                entries.extend(edges.iter().map(|edge| self.edge(edge)));
                fields
            }
            ItemKind::Genotypes { fields, .. }
            | ItemKind::Prior { fields, .. }
            | ItemKind::Layer { fields, .. }
            | ItemKind::Node { fields, .. }
            | ItemKind::Predict { fields, .. }
            | ItemKind::Supervise { fields, .. }
            | ItemKind::Evaluate { fields, .. }
            | ItemKind::Train { fields } => fields,
        };
        let fields = fields.iter().map(|field| self.field(field));
        let mut all: Vec<Entry> = fields.chain(entries).collect();
        all.sort_by_key(|entry| entry.span.start);
        all
    }

    fn field(&self, field: &Field) -> Entry {
        let (end, broken) = match &field.value {
            FieldValue::Value(value) => {
                (value.span, self.broken_value(&format!("{} = ", field.key.value), value))
            }
            FieldValue::Predicate(all) => (all.last().map_or(field.key.span, |last| last.right.span), None),
        };
        let span = field.key.span.to(end);
        Entry { doc: String::new(), flat: self.flat.field(field), broken, span, is_edge: false }
    }

    /// A list or call with its parts on lines of their own.
    fn broken_value(&self, lead: &str, value: &Value) -> Option<Vec<String>> {
        let (open, parts, close): (String, Vec<String>, _) = match &value.value {
            ValueKind::List(all) => {
                ("[".to_owned(), all.iter().map(|one| self.flat.value(one)).collect(), "]")
            }
            ValueKind::Call(call) => {
                let parts = call.arguments.iter().map(|argument| self.flat.argument(argument));
                (format!("{}(", call.name.value), parts.collect(), ")")
            }
            _ => return None,
        };
        let mut lines = vec![format!("{lead}{open}")];
        lines.extend(filled("  ", "  ", &parts, WIDTH - INDENT));
        lines.push(close.to_owned());
        Some(lines)
    }

    fn column(&self, column: &Column) -> Entry {
        let name = if column.rest { "*".to_owned() } else { segment(&column.name.value) };
        let fields: Vec<Entry> = column.fields.iter().map(|field| self.field(field)).collect();
        let head = format!("column {name} : {}", column.kind.value);
        let end = fields.last().map_or(column.kind.span, |last| last.span);
        let span = column.name.span.to(end);
        let flat = head + &inline(&fields, false).unwrap_or_default();
        Entry { doc: column.doc.clone(), flat, broken: None, span, is_edge: false }
    }

    fn edge(&self, edge: &Edge) -> Entry {
        let first = edge.from.first().map_or(Span::default(), |name| name.span);
        let last = edge.to.last().map_or(first, |name| name.span);
        let span = first.to(edge.weight.as_ref().map_or(last, |weight| weight.span));
        Entry { doc: String::new(), flat: self.flat.edge(edge), broken: None, span, is_edge: true }
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn lines(&mut self, indent: usize, lines: &[String]) {
        for line in lines {
            self.line(indent, line);
        }
    }

    /// Adds to the last line.
    fn append(&mut self, text: &str) {
        if self.out.ends_with('\n') {
            self.out.pop();
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn doc(&mut self, doc: &str, indent: usize) {
        for line in doc.split('\n').filter(|_| !doc.is_empty()) {
            self.line(indent, format!("## {line}").trim_end());
        }
    }

    fn own_lines(&mut self, body: u32, address: u32, indent: usize) {
        let lines = self.comments.before(body, address);
        self.write(lines, indent);
    }

    fn write(&mut self, lines: Vec<super::comments::OwnLine>, indent: usize) {
        for line in lines {
            self.line(indent, &line.text);
            if line.blank_after && indent == 0 {
                self.out.push('\n');
            }
        }
    }

    fn trailing(&mut self, address: u32, limit: u32) {
        if let Some(comment) = self.comments.trailing(address, limit) {
            self.append(&format!("  {comment}"));
        }
    }
}

/// ` { … }`; nothing for no entries; `None` when an entry has `##` lines.
fn inline(entries: &[Entry], braces: bool) -> Option<String> {
    if entries.iter().any(|entry| !entry.doc.is_empty()) {
        return None;
    }
    if entries.is_empty() {
        return Some(if braces { " {}".to_owned() } else { String::new() });
    }
    let mut text = String::from(" { ");
    for (place, entry) in entries.iter().enumerate() {
        text.push_str(&entry.flat);
        if place + 1 < entries.len() {
            text.push_str(if entry.is_edge { ";  " } else { "  " });
        }
    }
    Some(text + " }")
}

fn is_train(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Train { .. })
}

fn fits(line: &str, indent: usize) -> bool {
    indent + line.chars().count() <= WIDTH
}

/// Each piece on a line of its own, and its list over several where it is long.
fn broken_head(pieces: &[Piece]) -> Vec<String> {
    let mut lines = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        let indent = if place == 0 { "" } else { "  " };
        if piece.list.is_empty() {
            lines.push(format!("{indent}{}", piece.lead));
        } else {
            lines.extend(filled(&format!("{indent}{} ", piece.lead), "    ", &piece.list, WIDTH - INDENT));
        }
    }
    lines
}

/// A list over as many lines as it needs, broken after commas.
fn filled(first: &str, other: &str, parts: &[String], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for (place, part) in parts.iter().enumerate() {
        let comma = if place + 1 < parts.len() { "," } else { "" };
        let longer = line.chars().count() + usize::from(!empty) + part.chars().count() + comma.len();
        if !empty && longer > width {
            lines.push(std::mem::replace(&mut line, other.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(part);
        line.push_str(comma);
        empty = false;
    }
    lines.push(line);
    lines
}
