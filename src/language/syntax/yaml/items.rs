//! The keys of a spec, and the items below them.
//!
//! Items are made in the order of the file. One with a mistake is left out of the tree once
//! all of its mistakes are reported.

use super::Reader;
use super::calls::head;
use super::entries::Entries;
use super::error;
use super::tree::{Node, Shape};
use crate::language::source::{Span, Spanned};
use crate::language::syntax::ast::{
    Call, Column, File, Ident, Item, ItemKind, SCHEMES, SourceRef, ValueKind,
};
use crate::language::syntax::error as common;

/// The keys of a spec.
pub(in crate::language::syntax) const KEYS: [&str; 15] = [
    "binn",
    "doc",
    "model",
    "import",
    "let",
    "genotypes",
    "tables",
    "priors",
    "layers",
    "nodes",
    "links",
    "predict",
    "supervise",
    "evaluate",
    "train",
];
/// Keys of `evaluate` that belong to the scheme.
pub(in crate::language::syntax) const SCHEME_ARGUMENTS: [&str; 6] =
    ["repeats", "seed", "group", "stratify", "environment", "inner"];
const EVALUATE_FIELDS: [&str; 6] =
    ["validation", "baselines", "metrics", "train_size", "inner_links", "allow"];
const VERSION: u64 = 1;
/// More inline edges than this belong in a file.
const INLINE_EDGES: usize = 1_000;

impl Reader<'_> {
    /// A whole spec; `None` when its version is missing or newer.
    pub(super) fn file(&mut self, tree: &Node) -> Option<File> {
        let start = Span { start: tree.span.start, end: tree.span.start };
        match &tree.shape {
            Shape::Map(_) => {}
            Shape::Empty => {
                self.found.push(error::version_missing(start));
                return None;
            }
            _ => {
                self.found.push(error::no_map(start));
                return None;
            }
        }
        let mut entries = self.entries("a spec", tree, "")?;
        let version = self.version(&mut entries, start)?;
        let mut doc = self.doc(&mut entries);
        let mut items = Vec::new();
        for (key, node) in std::mem::take(&mut entries.rest) {
            self.items(&key, node, &mut doc, &mut items);
        }
        Some(File { version, items })
    }

    /// The version; `None` when the items must not be read.
    fn version(&mut self, entries: &mut Entries, start: Span) -> Option<Option<Spanned<u64>>> {
        let Some((key, node)) = entries.take_entry("binn") else {
            self.found.push(error::version_missing(start));
            return Some(None);
        };
        let digits = match &node.shape {
            Shape::Plain(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => Some(text),
            _ => None,
        };
        match digits.map(|digits| digits.parse().unwrap_or(u64::MAX)) {
            Some(VERSION) => return Some(Some(Spanned::new(VERSION, key.span.to(node.span)))),
            None | Some(0) => self.found.push(error::version_malformed(key.span.to(node.span))),
            Some(newer) => {
                let written = digits.map_or_else(|| newer.to_string(), Clone::clone);
                self.found.push(common::newer_version(key.span.to(node.span), &written));
                return None;
            }
        }
        Some(None)
    }

    fn items(&mut self, key: &Ident, node: &Node, doc: &mut String, items: &mut Vec<Item>) {
        let span = key.span.to(node.span);
        match key.value.as_str() {
            "model" => {
                let name = self.word("`model`", node).map(ItemKind::Model);
                items.extend(name.map(|kind| Item { doc: std::mem::take(doc), span, kind }));
            }
            "import" => items.extend(self.each("`import`", node, Self::import)),
            "let" => items.extend(self.map("`let`", node, Self::constant)),
            "genotypes" => items.extend(self.map("`genotypes`", node, Self::genotypes)),
            "tables" => items.extend(self.map("`tables`", node, Self::table)),
            "priors" => items.extend(self.map("`priors`", node, Self::prior)),
            "layers" => items.extend(self.map("`layers`", node, Self::layer)),
            "nodes" => items.extend(self.each("`nodes`", node, Self::nodes)),
            "links" => items.extend(self.each("`links`", node, Self::link)),
            "predict" => items.extend(self.each("`predict`", node, Self::predict)),
            "supervise" => items.extend(self.each("`supervise`", node, Self::supervise)),
            "evaluate" => items.extend(self.evaluate(span, node)),
            "train" => items.extend(self.train(span, node)),
            other => self.found.push(error::unknown_key("a spec", other, key.span, &KEYS)),
        }
    }

    /// Items that are a list of maps, or one map.
    fn each(
        &mut self,
        what: &str,
        node: &Node,
        read: impl Fn(&mut Self, &mut Entries) -> Option<ItemKind>,
    ) -> Vec<Item> {
        let nodes = self.some(what, node).unwrap_or_default();
        let help = format!("write {what} as a list, each with its keys: `- {{…}}`");
        let mut items = Vec::new();
        for node in nodes {
            let Some(mut entries) = self.entries(what, node, &help) else { continue };
            let doc = self.doc(&mut entries);
            let kind = read(self, &mut entries);
            items.extend(kind.map(|kind| Item { doc, span: node.span, kind }));
        }
        items
    }

    /// Items that are a map from their names.
    fn map(
        &mut self,
        what: &str,
        node: &Node,
        read: impl Fn(&mut Self, &Ident, &Node, &mut String) -> Option<ItemKind>,
    ) -> Vec<Item> {
        let help = format!("write {what} as names with a colon: `NAME: {{…}}`");
        let mut items = Vec::new();
        for (key, node) in self.entries(what, node, &help).map(|all| all.rest).unwrap_or_default() {
            let mut doc = String::new();
            let name = self.plain(what, &key);
            let kind = read(self, name.as_ref().unwrap_or(&key), node, &mut doc);
            let kind = kind.filter(|_| name.is_some());
            items.extend(kind.map(|kind| Item { doc, span: key.span.to(node.span), kind }));
        }
        items
    }

    /// The keys of a named item, its `doc` taken out.
    fn named<'n>(
        &mut self,
        what: &str,
        name: &Ident,
        node: &'n Node,
        doc: &mut String,
    ) -> Option<Entries<'n>> {
        let owner = format!("{what} `{}`", name.value);
        let mut entries =
            self.entries(&owner, node, "write its keys in braces, or indented on lines of their own")?;
        entries.span = name.span;
        *doc = self.doc(&mut entries);
        Some(entries)
    }

    fn import(&mut self, entries: &mut Entries) -> Option<ItemKind> {
        let path = self.part(entries, "path", "{path: shared.binn, as: shared}");
        let path = path.and_then(|node| self.scalar("`path`", node));
        let alias = entries.take("as").map(|node| self.word("`as`", node));
        self.finish(entries, &["path", "as", "doc"]);
        let alias = match alias {
            Some(alias) => Some(alias?),
            None => None,
        };
        Some(ItemKind::Import { path: path?, alias })
    }

    /// `NAME: VALUE`, or `NAME: {value: VALUE, doc: TEXT}`.
    fn constant(&mut self, name: &Ident, node: &Node, doc: &mut String) -> Option<ItemKind> {
        let what = format!("`{}`", name.value);
        let documented = |node: &Node| {
            let Shape::Map(entries) = &node.shape else { return false };
            let is = |key: &Node, word: &str| matches!(&key.shape, Shape::Plain(text) if text == word);
            entries.iter().any(|(key, _)| is(key, "value"))
                && entries.iter().all(|(key, _)| is(key, "value") || is(key, "doc"))
        };
        let value = if documented(node) {
            let mut entries = self.entries(&what, node, "")?;
            *doc = self.doc(&mut entries);
            self.value(&what, entries.take("value")?)?
        } else {
            self.value(&what, node)?
        };
        Some(ItemKind::Let { name: name.clone(), value })
    }

    fn source(&mut self, entries: &mut Entries, example: &str) -> Option<SourceRef> {
        let format = self.part(entries, "format", example).and_then(|node| self.word("`format`", node));
        let path = self.part(entries, "path", example).and_then(|node| self.scalar("`path`", node));
        Some(SourceRef { format: format?, path: path? })
    }

    fn genotypes(&mut self, name: &Ident, node: &Node, doc: &mut String) -> Option<ItemKind> {
        let mut entries = self.named("genotypes", name, node, doc)?;
        let source = self.source(&mut entries, "snps: {format: plink, path: panel.bed}");
        let fields = self.fields(entries);
        Some(ItemKind::Genotypes { name: name.clone(), source: source?, fields })
    }

    fn table(&mut self, name: &Ident, node: &Node, doc: &mut String) -> Option<ItemKind> {
        let mut entries = self.named("table", name, node, doc)?;
        let source = self.source(&mut entries, "pheno: {format: tsv, path: pheno.tsv, columns: {…}}");
        let columns = entries.take("columns");
        let help = "write for example `columns: {yield: {type: continuous}}`";
        let columns = columns.and_then(|node| self.entries("`columns`", node, help));
        let columns = columns.map(|all| all.rest).unwrap_or_default();
        let columns = columns.into_iter().filter_map(|(key, node)| self.column(&key, node)).collect();
        let fields = self.fields(entries);
        Some(ItemKind::Table { name: name.clone(), source: source?, columns, fields })
    }

    fn column(&mut self, key: &Ident, node: &Node) -> Option<Column> {
        let mut doc = String::new();
        let mut entries = self.named("column", key, node, &mut doc)?;
        let kind = self.part(&mut entries, "type", "{type: continuous}");
        let kind = kind.and_then(|node| self.word("`type`", node));
        let fields = self.fields(entries);
        let name = self.any_name(key.clone());
        Some(Column { doc, rest: key.value == "*", name: name?, kind: kind?, fields })
    }

    fn prior(&mut self, name: &Ident, node: &Node, doc: &mut String) -> Option<ItemKind> {
        let mut entries = self.named("prior", name, node, doc)?;
        let source = self.source(&mut entries, "go: {format: gmt, path: go.gmt, relates: [gene, pathway]}");
        let relates = entries.take("relates").map(|node| self.relates(node));
        let fields = self.fields(entries);
        let relates = match relates {
            Some(relates) => Some(relates?),
            None => None,
        };
        Some(ItemKind::Prior { name: name.clone(), source: source?, relates, fields })
    }

    /// Two kinds: from and to.
    fn relates(&mut self, node: &Node) -> Option<(Ident, Ident)> {
        let Shape::List(kinds) = &node.shape else {
            self.shape(
                "`relates`",
                "a list of two kinds",
                node,
                "write for example `relates: [gene, pathway]`",
            );
            return None;
        };
        let [from, to] = kinds.as_slice() else {
            let is = &format!("a list of {}", kinds.len());
            let help = "write for example `relates: [gene, pathway]`";
            self.found.push(error::wrong_shape("`relates`", "a list of two kinds", node.span, is, help));
            return None;
        };
        let (from, to) = (self.word("`relates`", from), self.word("`relates`", to));
        Some((from?, to?))
    }

    fn layer(&mut self, name: &Ident, node: &Node, doc: &mut String) -> Option<ItemKind> {
        let mut entries = self.named("layer", name, node, doc)?;
        let kind = self.part(&mut entries, "kind", "gene: {kind: gene}");
        let kind = kind.and_then(|node| self.word("`kind`", node));
        let fields = self.fields(entries);
        Some(ItemKind::Layer { name: name.clone(), kind: kind?, fields })
    }

    fn nodes(&mut self, entries: &mut Entries) -> Option<ItemKind> {
        let example = "{names: [head], kind: integrator}";
        let names = self.part(entries, "names", example).and_then(|node| self.names("`names`", node));
        let kind = self.part(entries, "kind", example).and_then(|node| self.word("`kind`", node));
        let fields = self.fields(take(entries));
        Some(ItemKind::Node { names: names?, kind: kind?, fields })
    }

    fn link(&mut self, entries: &mut Entries) -> Option<ItemKind> {
        let example = "{from: snps, to: gene, via: genes}";
        let from = self.part(entries, "from", example).and_then(|node| self.endpoints("`from`", node));
        let to = self.part(entries, "to", example).and_then(|node| self.endpoints("`to`", node));
        let via = entries.take("via").map(|node| {
            let value = self.value("`via`", node)?;
            if matches!(value.value, ValueKind::Call(_) | ValueKind::Path(_)) {
                return Some(value);
            }
            self.shape(
                "`via`",
                "a prior or a rule",
                node,
                "write for example `via: go` or `via: {window: genes}`",
            );
            None
        });
        let edges = match entries.take("edges") {
            Some(node) => self.edges(node),
            None => Some(Vec::new()),
        };
        let pairs: usize = edges.iter().flatten().map(|edge| edge.from.len() * edge.to.len()).sum();
        if pairs > INLINE_EDGES {
            self.found.push(common::long_edge_list(entries.span, pairs, INLINE_EDGES));
        }
        let fields = self.fields(take(entries));
        let via = match via {
            Some(via) => Some(via?),
            None => None,
        };
        Some(ItemKind::Link { from: from?, to: to?, via, edges: edges?, fields })
    }

    fn predict(&mut self, entries: &mut Entries) -> Option<ItemKind> {
        let example = "{traits: pheno.yield, from: head}";
        let traits = self.part(entries, "traits", example).and_then(|node| self.paths("`traits`", node));
        let from = self.part(entries, "from", example).and_then(|node| self.endpoints("`from`", node));
        let fields = self.fields(take(entries));
        Some(ItemKind::Predict { traits: traits?, from: from?, fields })
    }

    fn supervise(&mut self, entries: &mut Entries) -> Option<ItemKind> {
        let example = "{nodes: auxin, by: pheno.auxin, weight: 0.1}";
        let nodes = self.part(entries, "nodes", example).and_then(|node| self.endpoints("`nodes`", node));
        let by = self.part(entries, "by", example).and_then(|node| self.paths("`by`", node));
        let fields = self.fields(take(entries));
        Some(ItemKind::Supervise { nodes: nodes?, by: by?, fields })
    }

    /// A word, `{kfold: 5, …}`, or `{scheme: …, …}`.
    fn evaluate(&mut self, span: Span, node: &Node) -> Option<Item> {
        let item = |doc, scheme, fields| Item { doc, span, kind: ItemKind::Evaluate { scheme, fields } };
        if !matches!(node.shape, Shape::Map(_)) {
            return Some(item(String::new(), self.bare(node)?, Vec::new()));
        }
        let mut entries = self.entries("`evaluate`", node, "")?;
        let doc = self.doc(&mut entries);
        if let Some(scheme) = entries.take("scheme") {
            let scheme = match self.value("`scheme`", scheme) {
                Some(Spanned { value: ValueKind::Call(call), .. }) => Some(call),
                Some(_) => self.bare(scheme),
                None => None,
            };
            let fields = self.fields(entries);
            return Some(item(doc, scheme?, fields));
        }
        let others = |key: &str| SCHEME_ARGUMENTS.contains(&key) || EVALUATE_FIELDS.contains(&key);
        let known = head(&entries, |key| SCHEMES.contains(&key));
        let named = known
            .filter(|key| !others(key))
            .or_else(|| entries.rest.iter().map(|(key, _)| key.value.clone()).find(|key| !others(key)));
        let Some(named) = named else {
            self.found.push(error::no_scheme(entries.span));
            return None;
        };
        let call = self.call(entries, &named, |key| SCHEME_ARGUMENTS.contains(&key));
        let (scheme, rest) = call?;
        let fields = self.fields(rest);
        Some(item(doc, scheme, fields))
    }

    /// A scheme without arguments.
    fn bare(&mut self, node: &Node) -> Option<Call> {
        let name = self.word("`evaluate`", node)?;
        let span = name.span;
        Some(Call { name, arguments: Vec::new(), span })
    }

    fn train(&mut self, span: Span, node: &Node) -> Option<Item> {
        let mut entries = self.entries("`train`", node, "write for example `train: {epochs: 200}`")?;
        let doc = self.doc(&mut entries);
        let fields = self.fields(entries);
        Some(Item { doc, span, kind: ItemKind::Train { fields } })
    }
}

/// All that is left of the entries.
fn take<'n>(entries: &mut Entries<'n>) -> Entries<'n> {
    Entries { owner: entries.owner.clone(), span: entries.span, rest: std::mem::take(&mut entries.rest) }
}
