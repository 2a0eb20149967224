//! What is read: genotype sets, tables, priors.
//!
//! Only declarations: where a file is and how it is read, never what it holds.

use super::{Name, TableId};
use crate::language::source::{Span, Spanned};
use crate::language::syntax::ast::Operator;

/// `from FORMAT "PATH"`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Origin {
    /// The format.
    pub format: Format,
    /// Path below the data root, or the generator's name.
    pub path: String,
    /// Where it was written.
    #[serde(skip)]
    pub span: Span,
}

/// Formats that this version reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Format {
    Plink,
    Simulate,
    Tsv,
    Csv,
    Gff3,
    Gtf,
    Bed,
    Gmt,
    Obo,
    Gaf,
    Reactome,
    Edges,
    Topology,
}

/// A `genotypes` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Genotypes {
    /// Its name.
    pub name: Name,
    /// Where it comes from.
    pub origin: Origin,
    /// How a call becomes a number.
    pub encoding: Encoding,
    /// What a missing call becomes.
    pub missing: MissingCalls,
    /// Whether the code is divided by its SD after centring.
    pub scale: Scale,
    /// Filters on training rows: `maf`, `missing`.
    pub thresholds: Thresholds,
    /// Filters when the graph is resolved: `chrom`, `pos`, `id`.
    pub filter: Vec<Comparison>,
    /// Options of `simulate`.
    pub simulate: Option<SimulateOptions>,
    /// The genome assembly that its positions are on.
    pub assembly: Option<Name>,
}

/// How a call of 0, 1 or 2 copies of allele 1 becomes a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// 0, 1, 2
    Additive,
    /// 0, 1, 1
    Dominant,
    /// 0, 0, 1
    Recessive,
    /// 0, –, 1: heterozygotes are an error (`E0317`)
    Haploid,
}

/// What a missing call becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingCalls {
    /// The mean of the training rows, 0 after centring.
    Mean,
    /// The commonest call of the training rows.
    Mode,
    /// Missing calls are an error.
    Error,
}

/// Scaling of genotype codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// (code − mean)/SD of the training rows.
    Unit,
    /// code − mean of the training rows.
    Center,
}

/// Variant filters judged on each fold's training rows.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Thresholds {
    /// Smallest minor allele frequency kept; 0 keeps all.
    pub maf: f64,
    /// Largest share of missing calls kept; 1 keeps all.
    pub missing: f64,
}

/// One comparison of a filter.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Comparison {
    /// `chrom`, `pos` or `id`.
    pub attribute: Attribute,
    /// The operator.
    pub operator: Operator,
    /// Values: several only for `in`.
    pub values: Vec<Scalar>,
    /// Where it was written.
    #[serde(skip)]
    pub span: Span,
}

/// What a filter looks at when the graph is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Attribute {
    Chromosome,
    Position,
    Id,
}

/// A number (positions in bp) or a text.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scalar {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// Options that key the shoot-branching generator (`science.md`, section 6).
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct SimulateOptions {
    /// `narrow` or `free`.
    pub variant: SimulateVariant,
    /// Individuals.
    pub samples: usize,
    /// Markers in all, on four chromosomes.
    pub markers: usize,
    /// Seed.
    pub seed: u64,
    /// QTN effects drawn equal, normal, or random.
    pub effects: SimulateEffects,
    /// Noise on measured intermediates, in SD of each; default 0.05.
    pub metabolite_noise: f64,
    /// Noise on the phenotype, in SD; default 0.10.
    pub trait_noise: f64,
    /// Share of individuals whose intermediates are measured; default 1.
    #[serde(skip_serializing_if = "is_whole")]
    pub measured: f64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_whole(share: &f64) -> bool {
    (*share - 1.0).abs() < f64::EPSILON
}

/// The two forms of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SimulateVariant {
    /// Base rates of cytokinin and strigolactone within ± 10 % a SD.
    Narrow,
    /// Base rates as free as auxin and sucrose.
    Free,
}

/// How effects per allele copy are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SimulateEffects {
    /// All equal.
    Equal,
    /// N(mean, 0.01).
    Normal,
    /// A random vector, each ≥ 0.001 and ≤ half the sum.
    Random,
}

/// A `table` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Where it comes from.
    pub origin: Origin,
    /// Key columns: `IID`, or `FID` and `IID`.
    pub key: Vec<Name>,
    /// Declared columns in order.
    pub columns: Vec<Column>,
    /// The type of all other columns, when `column *` was given.
    pub rest: Option<Spanned<ColumnKind>>,
    /// Texts that stand for a missing value; the empty text always does.
    pub missing: Vec<String>,
    /// The decimal mark, `.` or `,`.
    pub decimal: char,
    /// The column that weighs records.
    pub weight: Option<Name>,
    /// Whether an individual may have several records, such as one an environment.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
}

/// A declared column.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Column {
    /// Its name in the file.
    pub name: Name,
    /// Its type.
    pub kind: ColumnKind,
    /// The unit shown beside errors and figures.
    pub unit: Option<String>,
    /// For `binary`: the text that is a case.
    pub case: Option<String>,
}

impl ColumnRef {
    /// Whether both name one column.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.table == other.table && self.column == other.column
    }
}

/// Types of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ColumnKind {
    Continuous,
    Binary,
    Ordinal,
    Count,
    Categorical,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ColumnRef {
    /// The table.
    pub table: TableId,
    /// Its name in the file.
    pub column: String,
    /// Its declared type.
    pub kind: ColumnKind,
    /// Where it was written.
    #[serde(skip)]
    pub span: Span,
}

/// A `prior` item.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Prior {
    /// Its name.
    pub name: Name,
    /// Where it comes from.
    pub origin: Origin,
    /// The kinds it relates, `: KIND -> KIND`.
    pub relates: Option<(Name, Name)>,
    /// How the file is read.
    pub reading: Reading,
    /// How contig names become those of the genotypes.
    pub contigs: Contigs,
    /// Whether members of a term count for all of its ancestors too.
    pub propagate: bool,
    /// The column that holds a weight for each pair; its number from 1 in `edges`.
    pub weight: Option<Name>,
    /// The column that holds a sign for each pair; its number from 1 in `edges`.
    pub sign: Option<Name>,
    /// On whom the prior was estimated.
    pub samples: EstimatedOn,
    /// The genome assembly that its positions are on.
    pub assembly: Option<Name>,
    /// Where the file is from, in the author's words.
    pub provenance: Provenance,
}

/// On which samples a prior was estimated.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EstimatedOn {
    /// Not said.
    #[default]
    Unsaid,
    /// On none: knowledge from elsewhere.
    Nobody,
    /// On those of this file, one id a line.
    File(Name),
}

/// Where a source is from, for the record alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Provenance {
    /// Who made it, such as a database and its address.
    pub origin: Option<String>,
    /// Which release it is.
    pub release: Option<String>,
    /// Under which licence it may be used.
    pub licence: Option<String>,
}

/// How a prior's file is read.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "fields are column names of the file")]
pub enum Reading {
    /// Two columns of names, with a header: `source`, `target`.
    Edges { source: String, target: String },
    /// Intervals with named columns; positions from `base`.
    Intervals { id: String, chromosome: String, start: String, end: String, strand: Option<String>, base: u8 },
    /// GFF3: records of `feature` (default `gene`), named by `attribute` (default `ID`).
    Gff3 { feature: String, attribute: String },
    /// GTF: records of `feature` (default `gene`), named by `attribute` (default `gene_id`).
    Gtf { feature: String, attribute: String },
    /// BED: contig, start, end, name and, in the sixth column, strand.
    Bed,
    /// GMT: set, description, members.
    Gmt,
    /// OBO: terms joined to their parents by these relations (default `is_a`, `part_of`).
    Obo { relations: Vec<String> },
    /// GAF: genes named by `names` joined to terms; all kinds of evidence when the list is empty.
    Gaf { names: GeneNames, evidence: Vec<String> },
    /// Two columns without a header: parent, child.
    Reactome,
    /// Two columns without a header, source and target, and columns of weight or sign.
    EdgeList,
    /// GenNet's topology: the names of two of its layers, such as `layer0` and `layer1`.
    Topology { from: String, to: String },
    /// The generator of the genotypes with the same path.
    Simulate,
}

impl Reading {
    /// Whether the file gives intervals; else it gives pairs.
    #[must_use]
    pub fn gives_intervals(&self) -> bool {
        matches!(self, Self::Intervals { .. } | Self::Gff3 { .. } | Self::Gtf { .. } | Self::Bed)
    }

    /// Whether the file's pairs may carry a weight and a sign.
    #[must_use]
    pub fn takes_weights(&self) -> bool {
        matches!(self, Self::Edges { .. } | Self::EdgeList | Self::Topology { .. })
    }
}

/// Which column of a GAF file names genes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneNames {
    /// Column 3, such as `TP53`.
    Symbol,
    /// Column 2, such as `P04637`.
    Id,
}

/// How a prior's contig names become those of the genotypes.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Contigs {
    /// As they are.
    Same,
    /// With a prefix added.
    Add(String),
    /// With a prefix removed.
    Strip(String),
    /// Arabic numbers become Roman ones.
    Roman,
    /// A two-column TSV: prior's name, genotypes' name.
    File(String),
}
