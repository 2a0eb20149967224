//! What stands before the block of an item, in pieces that may be broken over lines.

use super::flat::{self, Flat, quoted, segment};
use crate::language::syntax::ast::{Endpoint, ItemKind, SourceRef};

/// Words that stay together, and a list that may be broken after its commas.
pub(super) struct Piece {
    pub(super) lead: String,
    pub(super) list: Vec<String>,
}

impl Piece {
    fn new(lead: impl Into<String>, list: Vec<String>) -> Self {
        Self { lead: lead.into(), list }
    }

    /// The piece on one line.
    pub(super) fn flat(&self) -> String {
        if self.list.is_empty() {
            return self.lead.clone();
        }
        format!("{} {}", self.lead, self.list.join(", "))
    }
}

impl Flat<'_> {
    /// The pieces of an item's head; each may start a line of its own.
    pub(super) fn header(&self, kind: &ItemKind) -> Vec<Piece> {
        let one = |lead: String| vec![Piece::new(lead, Vec::new())];
        match kind {
            ItemKind::Model(name) => one(format!("model {}", name.value)),
            ItemKind::Import { path, alias } => {
                let alias = alias.as_ref().map(|alias| format!(" as {}", alias.value)).unwrap_or_default();
                one(format!("import {}{alias}", quoted(&path.value)))
            }
            ItemKind::Let { name, value } => one(format!("let {} = {}", name.value, self.value(value))),
            ItemKind::Genotypes { name, source, .. } => one(from("genotypes", &name.value, source)),
            ItemKind::Table { name, source, .. } => one(from("table", &name.value, source)),
            ItemKind::Prior { name, source, relates, .. } => {
                let relates = relates.as_ref().map(|(from, to)| format!(" : {} -> {}", from.value, to.value));
                one(from("prior", &name.value, source) + &relates.unwrap_or_default())
            }
            ItemKind::Layer { name, kind, .. } => one(format!("layer {} : {}", name.value, kind.value)),
            ItemKind::Node { names, kind, .. } => {
                let mut names: Vec<String> = names.iter().map(|name| segment(&name.value)).collect();
                if let Some(last) = names.last_mut() {
                    last.push_str(&format!(" : {}", kind.value));
                }
                vec![Piece::new("node", names)]
            }
            ItemKind::Link { from, to, via, .. } => {
                let mut pieces =
                    vec![Piece::new("link", self.endpoints(from)), Piece::new("->", self.endpoints(to))];
                pieces.extend(via.iter().map(|via| Piece::new("via", vec![self.value(via)])));
                pieces
            }
            ItemKind::Predict { traits, from, .. } => {
                let traits = traits.iter().map(flat::path).collect();
                vec![Piece::new("predict", traits), Piece::new("from", self.endpoints(from))]
            }
            ItemKind::Supervise { nodes, by, .. } => {
                let by = by.iter().map(flat::path).collect();
                vec![Piece::new("supervise", self.endpoints(nodes)), Piece::new("by", by)]
            }
            ItemKind::Evaluate { scheme, .. } => one(format!("evaluate {}", self.scheme(scheme))),
            ItemKind::Train { .. } => one("train".to_owned()),
        }
    }

    fn endpoints(&self, endpoints: &[Endpoint]) -> Vec<String> {
        endpoints.iter().map(|endpoint| self.endpoint(endpoint)).collect()
    }
}

fn from(keyword: &str, name: &str, source: &SourceRef) -> String {
    format!("{keyword} {name} from {} {}", source.format.value, quoted(&source.path.value))
}
