//! Random trees of the language: every item, value and name, small enough to try thousands.
//!
//! A tree is drawn from a seed, so that a failing one is found again by its number.

use binnc::language::source::{Span, Spanned};
use binnc::language::syntax::ast::{
    Argument, Call, Column, Comparison, Edge, Endpoint, Field, FieldValue, File, Ident, Item, ItemKind,
    Operator, Path, SourceRef, Value, ValueKind,
};
use std::collections::BTreeSet;

const WORDS: [&str; 14] =
    ["a", "gene", "pathway_2", "é", "Ω1", "_x", "snps", "日本", "NO", "yes", "e3", "true", "null", "kb"];
const RAW: [&str; 22] = [
    "R-HSA-109581",
    "a b",
    "1e3",
    "010",
    "from",
    "x.y",
    "it's",
    "q\"d",
    "#h",
    "a: b",
    "* ",
    "- x",
    "{",
    "[",
    "~",
    "ü-ß",
    "%",
    "where",
    " x",
    "250kb",
    "level(2)",
    "a # b",
];
const TEXTS: [&str; 16] = [
    "",
    "a",
    "a b",
    "1",
    "NA",
    "t/ha",
    "a\nb",
    "\t",
    "q\"\\",
    "# x",
    "'",
    "é\u{2028}",
    "a: b",
    "::error::",
    "true",
    "-9",
];
const KEYS: [&str; 10] =
    ["width", "network", "min_size", "keep", "missing", "note", "é1", "table", "weight", "seed"];
const CALLS: [&str; 8] = ["f", "fcn", "window", "adam", "name", "value", "kfold", "é"];
const ARGUMENTS: [&str; 7] = ["lr", "seed", "repeats", "name", "let", "from", "é"];
const DOCS: [&str; 7] = ["", "", "a", "a b: c", "# x", "two\nlines", "x\n\n\"y\""];

/// Draws parts of a tree.
pub struct Draw {
    state: u64,
}

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Steele, Lea & Flood (2014), SplitMix.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn word(&mut self) -> Ident {
        ident(self.one(&WORDS))
    }

    fn name(&mut self) -> Ident {
        if self.below(2) == 0 { self.word() } else { ident(self.one(&RAW)) }
    }

    fn several<T>(&mut self, from: usize, most: usize, draw: impl Fn(&mut Self) -> T) -> Vec<T> {
        let count = from + self.below(most - from + 1);
        (0..count).map(|_| draw(self)).collect()
    }

    /// A whole file; `model`, `evaluate` and `train` stand at most once, names of a kind too.
    pub fn file(&mut self) -> File {
        let mut items = vec![self.item(0, "tree")];
        let mut once = BTreeSet::from([0, 11, 12]);
        for at in 0..self.below(6) {
            let kind = 1 + self.below(12);
            if !(10..13).contains(&kind) || once.remove(&kind) {
                items.push(self.item(kind, &format!("n{at}")));
            }
        }
        let turned = self.below(items.len());
        items.rotate_left(turned);
        File { version: Some(spanned(1)), items }
    }

    fn item(&mut self, kind: usize, name: &str) -> Item {
        let doc = self.one(&DOCS).to_owned();
        let name = ident(name);
        let kind = match kind {
            0 => ItemKind::Model(name),
            1 => ItemKind::Import {
                path: spanned(self.one(&TEXTS).to_owned()),
                alias: if self.below(2) == 0 { Some(self.word()) } else { None },
            },
            2 => ItemKind::Let { name, value: self.value(2) },
            3 => ItemKind::Genotypes { name, source: self.source(), fields: self.fields() },
            4 => ItemKind::Table {
                name,
                source: self.source(),
                columns: self.columns(),
                fields: self.fields(),
            },
            5 => ItemKind::Prior {
                name,
                source: self.source(),
                relates: if self.below(2) == 0 { Some((self.word(), self.word())) } else { None },
                fields: self.fields(),
            },
            6 => ItemKind::Layer { name, kind: self.word(), fields: self.fields() },
            7 => ItemKind::Node {
                names: self.several(1, 3, Self::name),
                kind: self.word(),
                fields: self.fields(),
            },
            8 => self.link(),
            9 => ItemKind::Predict {
                traits: self.several(1, 2, Self::path),
                from: self.several(1, 2, Self::endpoint),
                fields: self.fields(),
            },
            10 => ItemKind::Supervise {
                nodes: self.several(1, 2, Self::endpoint),
                by: self.several(1, 2, Self::path),
                fields: self.fields(),
            },
            11 => ItemKind::Evaluate { scheme: self.call(1), fields: self.fields() },
            _ => ItemKind::Train { fields: self.fields() },
        };
        Item { doc, span: Span::default(), kind }
    }

    fn link(&mut self) -> ItemKind {
        let via = match self.below(3) {
            0 => Some(ValueKind::Call(self.call(1))),
            1 => Some(ValueKind::Path(self.path())),
            _ => None,
        };
        let edges = if self.below(2) == 0 { self.several(1, 3, Self::edge) } else { Vec::new() };
        ItemKind::Link {
            from: self.several(1, 2, Self::endpoint),
            to: self.several(1, 2, Self::endpoint),
            via: via.map(spanned),
            edges,
            fields: self.fields(),
        }
    }

    fn edge(&mut self) -> Edge {
        let weight = if self.below(2) == 0 { Some(spanned(self.one(&[0.5, -2.0, 1e-9, 3.0]))) } else { None };
        Edge { from: self.several(1, 2, Self::name), to: self.several(1, 2, Self::name), weight }
    }

    fn source(&mut self) -> SourceRef {
        SourceRef { format: self.word(), path: spanned(self.one(&TEXTS).to_owned()) }
    }

    fn columns(&mut self) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        for _ in 0..self.below(3) {
            let rest = self.below(5) == 0;
            let name = if rest { ident("*") } else { self.name() };
            if !columns.iter().any(|column| column.name == name) {
                let doc = self.one(&DOCS).to_owned();
                columns.push(Column { doc, rest, name, kind: self.word(), fields: self.fields() });
            }
        }
        columns
    }

    fn fields(&mut self) -> Vec<Field> {
        let mut keys = BTreeSet::new();
        let mut fields = Vec::new();
        for _ in 0..self.below(4) {
            let key = self.one(&KEYS);
            if keys.insert(key) {
                let value = if self.below(4) == 0 {
                    FieldValue::Predicate(self.several(1, 2, Self::comparison))
                } else {
                    FieldValue::Value(self.value(2))
                };
                fields.push(Field { key: ident(key), value });
            }
        }
        fields
    }

    fn comparison(&mut self) -> Comparison {
        let operators = [
            Operator::Equal,
            Operator::NotEqual,
            Operator::AtMost,
            Operator::AtLeast,
            Operator::Less,
            Operator::Greater,
            Operator::In,
        ];
        Comparison { left: self.path(), operator: spanned(self.one(&operators)), right: self.value(1) }
    }

    fn value(&mut self, depth: usize) -> Value {
        let kind = match self.below(if depth == 0 { 4 } else { 6 }) {
            0 => self.number(),
            1 => ValueKind::Text(self.one(&TEXTS).to_owned()),
            2 | 3 => ValueKind::Path(self.path()),
            4 => ValueKind::List(self.several(0, 3, |draw| draw.value(depth - 1))),
            _ => ValueKind::Call(self.call(depth - 1)),
        };
        spanned(kind)
    }

    fn number(&mut self) -> ValueKind {
        let unit = self.one(&[None, None, Some("bp"), Some("kb"), Some("Mb"), Some("cM"), Some("%")]);
        let integer = self.below(2) == 0;
        let number = if integer {
            self.one(&[0.0, 1.0, -9.0, 1000.0, 9_007_199_254_740_992.0])
        } else {
            self.one(&[0.5, 1e-3, -2.5e-10, 1e300, 3.0, 0.1])
        };
        ValueKind::Number { number, integer, unit: unit.map(str::to_owned) }
    }

    fn call(&mut self, depth: usize) -> Call {
        let mut arguments: Vec<Argument> = Vec::new();
        for _ in 0..self.below(3) {
            arguments.push(Argument { name: None, value: self.value(depth) });
        }
        let call = self.one(&CALLS);
        // YAML has no place for an argument that is called as the call is.
        let mut names = BTreeSet::from([call]);
        for _ in 0..self.below(3) {
            let name = self.one(&ARGUMENTS);
            if names.insert(name) {
                arguments.push(Argument { name: Some(ident(name)), value: self.value(depth) });
            }
        }
        Call { name: ident(call), arguments, span: Span::default() }
    }

    fn path(&mut self) -> Path {
        Path { segments: self.several(1, 3, Self::name), star: self.below(5) == 0, span: Span::default() }
    }

    fn endpoint(&mut self) -> Endpoint {
        let level = if self.below(4) == 0 { Some(spanned(self.below(9) as u64)) } else { None };
        let filter = if self.below(4) == 0 { self.several(1, 2, Self::comparison) } else { Vec::new() };
        let mut path = self.path();
        path.star &= level.is_none();
        Endpoint { path, level, filter, span: Span::default() }
    }
}

fn ident(name: &str) -> Ident {
    spanned(name.to_owned())
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}
