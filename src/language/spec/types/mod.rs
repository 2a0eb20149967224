//! The types of a [`Spec`].
//!
//! Ids are indices into the spec's own lists, in the author's order. `span` fields are left
//! out of every digest.

mod allowed;
mod derived;
mod imported;
mod network;
mod sources;
mod training;

use crate::language::source::{Span, Spanned};
pub use allowed::{Allowed, without_allowed};
pub use derived::*;
pub use imported::{Imported, at_imports};
pub use network::*;
pub use sources::*;
pub use training::*;

/// A name and where it was written.
pub type Name = Spanned<String>;
/// Index into [`Spec::genotypes`].
pub type GenotypesId = usize;
/// Index into [`Spec::tables`].
pub type TableId = usize;
/// Index into [`Spec::priors`].
pub type PriorId = usize;
/// Index into [`Spec::layers`].
pub type LayerId = usize;

impl Spec {
    /// Whether any network is stacked on GBLUP.
    #[must_use]
    pub fn is_stacked(&self) -> bool {
        self.predicts.iter().any(|predict| predict.polygenic)
    }

    /// Names of all predicted traits, in their order.
    #[must_use]
    pub fn trait_names(&self) -> Vec<String> {
        let traits = self.predicts.iter().flat_map(|predict| &predict.traits);
        traits.map(|column| column.column.clone()).collect()
    }

    /// Whether inner folds choose the weight of a `supervise` item.
    #[must_use]
    pub fn chooses(&self) -> bool {
        self.supervises.iter().any(|supervise| !supervise.choices.is_empty())
    }
}

/// What the author asked for.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Spec {
    /// `model NAME`.
    pub model: Name,
    /// The `##` text above `model`.
    pub doc: String,
    /// Genotype sets.
    pub genotypes: Vec<Genotypes>,
    /// Sample × column tables.
    pub tables: Vec<Table>,
    /// Knowledge sources.
    pub priors: Vec<Prior>,
    /// `layer` and `node` items.
    pub layers: Vec<Layer>,
    /// Links.
    pub links: Vec<Link>,
    /// Heads.
    pub predicts: Vec<Predict>,
    /// Extra losses on latents.
    pub supervises: Vec<Supervise>,
    /// How accuracy is measured.
    pub evaluate: Evaluate,
    /// How the network is trained.
    pub train: Train,
    /// Warnings that items accept.
    #[serde(skip)]
    pub allowed: Vec<Allowed>,
    /// Texts that it imports.
    #[serde(skip)]
    pub imported: Vec<Imported>,
    /// What draws numbers by a seed that is not written, and where.
    #[serde(skip)]
    pub unseeded: Vec<(String, Span)>,
}
