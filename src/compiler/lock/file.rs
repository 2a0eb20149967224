//! The lock as TOML: written in one order, read back with places for messages.
//!
//! Nothing in it depends on when, where or by whom it was written.

use super::Contents;
use super::error;
use crate::compiler::graph::Coverage;
use crate::compiler::plan::{Plan, PlanSummary, plan_digest};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::PriorId;
use crate::language::spec::digest::SpecDigests;
use serde::{Deserialize, Serialize};

/// The version of the form of lock files.
pub const FORMAT_VERSION: u32 = 1;

const HEAD: &str = "\
# Written by `binnc lock`: the files that this spec was reviewed with. Commit it beside the spec.
# `binnc lock --check` says whether they are still the same, `binnc lock --update NAME` accepts a new one.

";

/// What a lock file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The version of this form.
    pub lock: u32,
    /// The version of the language.
    pub binn: u32,
    /// The version of binnc that wrote it.
    pub written_by: String,
    /// The model's name.
    pub model: String,
    /// Digests of what the spec asks for; layout and comments do not count.
    pub spec: SpecDigests,
    /// What spec and sources compile to; absent where a source was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graph: Option<LockedGraph>,
    /// Every file that the spec reads, by kind, name and path.
    #[serde(default, rename = "source")]
    pub sources: Vec<Source>,
}

/// What was compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedGraph {
    /// BLAKE3 of nodes and edges by name.
    pub digest: String,
    /// BLAKE3 of the plan.
    pub plan: String,
    /// Nodes.
    pub nodes: usize,
    /// Edges.
    pub edges: usize,
    /// Weights and biases.
    pub parameters: usize,
    /// Figures of each layer, in the spec's order.
    #[serde(default, rename = "layer")]
    pub layers: Vec<LockedLayer>,
}

/// Figures of one layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedLayer {
    /// Its name, or the names of a `node` item.
    pub name: String,
    /// Nodes kept.
    pub nodes: usize,
    /// Edges into it.
    pub edges: usize,
    /// Weights and biases.
    pub parameters: usize,
}

/// What a file is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Import,
    Genotypes,
    Table,
    Prior,
    Contigs,
    Samples,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is read for.
    pub kind: Kind,
    /// The name of the spec's item.
    pub name: String,
    /// The item's format.
    pub format: String,
    /// Path below the data root, with `/`.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Digest of the content.
    pub blake3: String,
    /// Where it comes from, as the item says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Which release it is, as the item says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// On what terms it may be used, as the item says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// What it says, where it is a prior.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contents: Option<Contents>,
    /// How its names met those of the data, one entry a link.
    #[serde(default, rename = "join", skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<Join>,
}

/// One join of a prior with the two sides of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The link.
    pub link: String,
    /// What its left side is called, such as `members`.
    pub left: String,
    /// Left names with a partner.
    pub left_matched: usize,
    /// Left names without.
    pub left_dropped: usize,
    /// What its right side is called, such as `sets`.
    pub right: String,
    /// Right names with a partner.
    pub right_matched: usize,
    /// Right names without.
    pub right_dropped: usize,
}

impl Lock {
    /// Reads a lock's text; `name` stands in messages.
    ///
    /// # Errors
    /// `E0302` malformed, `E0807` from a newer version.
    pub fn parse(name: &str, spec: &str, text: &str) -> Result<Self, Diagnostic> {
        if let Some(line) = text.lines().position(|line| line.starts_with("<<<<<<<")) {
            return Err(error::conflict(name, spec, line + 1));
        }
        let malformed = |why: &toml::de::Error| {
            let before = why.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            error::malformed(name, spec, before.matches('\n').count() + 1, why.message())
        };
        let table: toml::Table = toml::from_str(text).map_err(|why| malformed(&why))?;
        if let Some(version) = table.get("lock").and_then(toml::Value::as_integer)
            && version > i64::from(FORMAT_VERSION)
        {
            let by = table.get("written_by").and_then(toml::Value::as_str).unwrap_or("a later version");
            return Err(error::newer(name, by));
        }
        toml::from_str(text).map_err(|why| malformed(&why))
    }

    /// The lock's text: the same value, the same bytes.
    ///
    /// # Errors
    /// None that a lock can cause; TOML has no other kind of value.
    pub fn text(&self) -> Result<String, toml::ser::Error> {
        Ok(HEAD.to_owned() + &toml::to_string_pretty(self)?)
    }

    /// Puts the sources into the order in which they are written.
    pub fn sort(&mut self) {
        self.sources.sort_by(|one, other| one.key().cmp(&other.key()));
    }
}

impl Source {
    /// What makes it this source and no other.
    #[must_use]
    pub fn key(&self) -> (Kind, &str, &str) {
        (self.kind, &self.name, &self.path)
    }
}

impl LockedGraph {
    /// The figures and digests of what was compiled.
    #[must_use]
    pub fn of(plan: &Plan, summary: &PlanSummary) -> Self {
        let layers = summary.layers.iter().map(|layer| LockedLayer {
            name: layer.name.clone(),
            nodes: layer.nodes,
            edges: layer.edges,
            parameters: layer.parameters,
        });
        Self {
            digest: plan.graph_digest.clone(),
            plan: plan_digest(plan),
            nodes: summary.nodes,
            edges: summary.edges,
            parameters: summary.parameters,
            layers: layers.collect(),
        }
    }
}

impl Join {
    /// The joins of one prior.
    pub fn of(coverage: &[Coverage], prior: PriorId) -> Vec<Self> {
        let joins = coverage.iter().filter(|join| join.prior == Some(prior));
        joins
            .map(|join| Self {
                link: join.join.clone(),
                left: join.left.clone(),
                left_matched: join.left_matched,
                left_dropped: join.left_only,
                right: join.right.clone(),
                right_matched: join.right_matched,
                right_dropped: join.right_only,
            })
            .collect()
    }
}
