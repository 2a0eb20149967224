//! What a model file says in words: names, alleles, digests, provenance.
//!
//! No time, host, path or thread count stands here: the same inputs give the same bytes.

use crate::compiler::plan::{Auxiliary, Constraint, Head, Input, Segment, Supervision};
use crate::data::Variant;
use crate::language::spec::{Encoding, MissingCalls};
use serde::{Deserialize, Serialize};

/// The layout of model files, the only one that this binnc writes and reads.
pub const FORMAT_VERSION: u32 = 4;

/// What a part of a model file says in words; its long lists are tensors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of binnc that wrote it.
    pub written_by: String,
    /// The spec's `model` name.
    pub model: String,
    /// Digest of the plan.
    pub plan_digest: String,
    /// Digest of the graph.
    pub graph_digest: String,
    /// Digests of the spec's four concerns.
    pub spec_digests: Vec<(String, String)>,
    /// The instruction set that the kernels ran on.
    pub instruction_set: String,
    /// Names of the genotype sets.
    pub genotypes: Vec<String>,
    /// Encoding of each set, and what its missing calls become.
    pub encodings: Vec<(Encoding, MissingCalls)>,
    /// Names of the tables.
    pub tables: Vec<String>,
    /// Inputs of the plan.
    #[serde(skip)]
    pub inputs: Vec<Input>,
    /// Those that are covariates.
    pub columns: Vec<Input>,
    /// One entry a variant that is an input, in the order of inputs.
    #[serde(skip)]
    pub variants: Vec<ModelVariant>,
    /// Read-outs.
    pub heads: Vec<Head>,
    /// Supervised latents.
    pub supervisions: Vec<Supervision>,
    /// Read-outs at inner layers.
    pub auxiliaries: Vec<Auxiliary>,
    /// Rules of single weights.
    pub constraints: Vec<Constraint>,
    /// Names of rows.
    #[serde(skip)]
    pub segments: Vec<Segment>,
    /// Fixed effects fitted beside each head.
    pub fixed_effects: Vec<Vec<String>>,
    /// Training rows.
    pub trained_on: usize,
    /// Seed of each member.
    pub seeds: Vec<u64>,
    /// Epoch that each member's parameters are from.
    pub epochs: Vec<usize>,
}

/// A variant that a model reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelVariant {
    /// Its id.
    pub id: String,
    /// Its contig.
    pub chromosome: String,
    /// Its position.
    pub position: Option<u64>,
    /// The allele whose copies are counted.
    pub allele1: String,
    /// The other allele.
    pub allele2: String,
}

impl ModelVariant {
    /// What a model keeps of a variant.
    #[must_use]
    pub fn of(variant: &Variant) -> Self {
        let Variant { chromosome, id, position, allele1, allele2 } = variant.clone();
        Self { id, chromosome, position, allele1, allele2 }
    }
}
