//! The types of a [`Spec`].
//!
//! Ids are indices into the spec's own lists, in the author's order. `span` fields are left
//! out of every digest.

use crate::language::source::{Span, Spanned};

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

/// What the author asked for.
#[derive(Clone, Debug, PartialEq)]
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
}

/// `from FORMAT "PATH"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The format.
    pub format: Format,
    /// Path below the data root, or the generator's name.
    pub path: String,
    /// Where it was written.
    pub span: Span,
}

/// Formats that this version reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Format {
    Plink,
    Simulate,
    Tsv,
    Csv,
    Gff3,
    Gmt,
}

/// A `genotypes` item.
#[derive(Clone, Debug, PartialEq)]
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
}

/// How a call of 0, 1 or 2 copies of allele 1 becomes a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingCalls {
    /// The mean of the training rows, 0 after centring.
    Mean,
    /// The commonest call of the training rows.
    Mode,
    /// Missing calls are an error.
    Error,
}

/// Scaling of genotype codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// (code − mean)/SD of the training rows.
    Unit,
    /// code − mean of the training rows.
    Center,
}

/// Variant filters judged on each fold's training rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Smallest minor allele frequency kept; 0 keeps all.
    pub maf: f64,
    /// Largest share of missing calls kept; 1 keeps all.
    pub missing: f64,
}

/// One comparison of a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// `chrom`, `pos` or `id`.
    pub attribute: Attribute,
    /// The operator.
    pub operator: crate::language::syntax::ast::Operator,
    /// Values: several only for `in`.
    pub values: Vec<Scalar>,
    /// Where it was written.
    pub span: Span,
}

/// What a filter looks at when the graph is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Attribute {
    Chromosome,
    Position,
    Id,
}

/// A number (positions in bp) or a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// Options that key the shoot-branching generator (`science.md`, section 6).
#[derive(Clone, Debug, PartialEq)]
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
}

/// The two forms of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimulateVariant {
    /// Base rates of cytokinin and strigolactone within ± 10 % a SD.
    Narrow,
    /// Base rates as free as auxin and sucrose.
    Free,
}

/// How effects per allele copy are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimulateEffects {
    /// All equal.
    Equal,
    /// N(mean, 0.01).
    Normal,
    /// A random vector, each ≥ 0.001 and ≤ half the sum.
    Random,
}

/// A `table` item.
#[derive(Clone, Debug, PartialEq)]
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
}

/// A declared column.
#[derive(Clone, Debug, PartialEq)]
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

/// Types of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ColumnKind {
    Continuous,
    Binary,
    Ordinal,
    Count,
    Categorical,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnRef {
    /// The table.
    pub table: TableId,
    /// Its name in the file.
    pub column: String,
    /// Its declared type.
    pub kind: ColumnKind,
    /// Where it was written.
    pub span: Span,
}

/// A `prior` item.
#[derive(Clone, Debug, PartialEq)]
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
}

/// How a prior's file is read.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "fields are column names of the file")]
pub enum Reading {
    /// Two columns of names, with a header: `source`, `target`.
    Edges { source: String, target: String },
    /// Intervals with named columns; positions from `base`.
    Intervals { id: String, chromosome: String, start: String, end: String, strand: Option<String>, base: u8 },
    /// GFF3: records of `feature` (default `gene`), named by `attribute` (default `ID`).
    Gff3 { feature: String, attribute: String },
    /// GMT: set, description, members.
    Gmt,
    /// The generator of the genotypes with the same path.
    Simulate,
}

/// How a prior's contig names become those of the genotypes.
#[derive(Clone, Debug, PartialEq)]
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

/// A `layer` or `node` item.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Its name; for a `node` item of one name that name, else the first.
    pub name: Name,
    /// Hand-written names of a `node` item; `None` for a `layer`.
    pub nodes: Option<Vec<Name>>,
    /// The biological kind.
    pub kind: Name,
    /// Units a node.
    pub width: Spanned<usize>,
    /// Hidden layers of the private network.
    pub network: Network,
    /// The activation of the last map; see [`Network`].
    pub activation: Activation,
    /// Share of units dropped in training after each activation.
    pub dropout: f64,
    /// The whole item.
    pub span: Span,
}

/// What a node computes from what it reads.
///
/// `Affine`: one affine map to `width` units, then the layer's activation (default tanh).
/// `Fcn`: hidden layers, each followed by `activation`, then an affine map to `width` units
/// (left out where the node is read by `predict` alone). `Linear`: affine alone.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "described above")]
pub enum Network {
    Affine,
    Linear,
    Fcn { hidden: Vec<usize>, activation: Activation },
}

/// Activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Activation {
    Linear,
    Tanh,
    Sigmoid,
    Relu,
    Gelu,
    Softplus,
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// What is named.
    pub target: Target,
    /// Which part of it.
    pub part: Part,
    /// `where` clauses.
    pub filter: Vec<Comparison>,
    /// Where it was written.
    pub span: Span,
}

/// What an endpoint names.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// All variants of a genotype set.
    Genotypes(GenotypesId),
    /// All nodes of a layer.
    Layer(LayerId),
    /// One hand-named node, by its place in [`Layer::nodes`].
    Node(LayerId, usize),
    /// A covariate column.
    Column(ColumnRef),
}

/// Which part of a layer or genotype set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    All,
    /// What no other link reads.
    Unmapped,
}

/// A `link` item.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What is read.
    pub from: Vec<Endpoint>,
    /// What reads.
    pub to: Vec<Endpoint>,
    /// Where the edges come from.
    pub via: Via,
    /// Sets with fewer matched members are left out.
    pub min_size: usize,
    /// Sets with more matched members are left out.
    pub max_size: usize,
    /// What happens to names of a prior that match nothing.
    pub unmatched: Unmatched,
    /// The whole item.
    pub span: Span,
}

/// Where a link's edges come from.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "described at each variant")]
pub enum Via {
    /// Every pair.
    AllToAll,
    /// The pairs of a prior.
    Prior(PriorId, Span),
    /// Variants within reach of a prior's intervals; bounds in bp.
    Window { prior: PriorId, upstream: u64, downstream: u64, nearest: bool, span: Span },
    /// Written in the link's block.
    Inline(Vec<InlineEdge>),
}

/// One `a -> b` of a link's block.
#[derive(Clone, Debug, PartialEq)]
pub struct InlineEdge {
    /// Source name.
    pub from: Name,
    /// Target name.
    pub to: Name,
}

/// What happens to names of a prior that match nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmatched {
    /// Left out, counted, warned of.
    Drop,
    /// Left out and counted.
    Ignore,
    /// An error.
    Error,
}

/// A `predict` item.
#[derive(Clone, Debug, PartialEq)]
pub struct Predict {
    /// Trait columns.
    pub traits: Vec<ColumnRef>,
    /// What adds up to the prediction.
    pub from: Vec<Endpoint>,
    /// One loss a trait.
    pub losses: Vec<Loss>,
    /// Unpenalised effects, in the network and in every baseline alike.
    pub fixed: Vec<FixedEffect>,
    /// Weight of this item's loss.
    pub weight: f64,
    /// The whole item.
    pub span: Span,
}

/// Losses that this version trains with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Mean squared error on the standardised trait.
    Mse,
    /// Binary cross-entropy on the logit.
    Bce,
}

/// An unpenalised effect.
#[derive(Clone, Debug, PartialEq)]
pub enum FixedEffect {
    /// A column: standardised, or one-hot without its first level.
    Column(ColumnRef),
    /// The first k principal components of the training genotypes.
    Components(usize, Span),
}

/// A `supervise` item with one column for each node, paired by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Supervise {
    /// What is supervised.
    pub nodes: Vec<Endpoint>,
    /// Columns it is supervised by.
    pub by: SuperviseBy,
    /// Weight of the item's loss.
    pub weight: f64,
    /// The loss of each column.
    pub loss: Option<Loss>,
    /// The whole item.
    pub span: Span,
}

/// Columns of a `supervise` item.
#[derive(Clone, Debug, PartialEq)]
pub enum SuperviseBy {
    /// Named columns.
    Columns(Vec<ColumnRef>),
    /// All columns of a table (`T.*`), paired by name.
    Table(TableId, Span),
}

/// The `evaluate` item.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluate {
    /// How rows are split.
    pub scheme: Scheme,
    /// Seed of the split.
    pub seed: u64,
    /// Share of the training rows that early stopping validates on.
    pub validation: f64,
    /// Methods run on the same folds.
    pub baselines: Vec<Baseline>,
    /// Metrics shown in the summary table; all are written to files.
    pub metrics: Vec<Metric>,
    /// The whole item.
    pub span: Span,
}

/// How rows are split.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "described at each variant")]
pub enum Scheme {
    /// k folds, repeated; whole groups stay together, strata are balanced.
    KFold { folds: usize, repeats: usize, group: Option<ColumnRef>, stratify: Option<ColumnRef> },
    /// One fold a level.
    LeaveOut(ColumnRef),
    /// Folds as given by a column.
    Folds(ColumnRef),
    /// One fold of this share of the rows.
    Holdout { fraction: f64 },
    /// No evaluation: the final fit alone.
    None,
}

/// Methods that binnc is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Baseline {
    Gblup,
    Ridge,
    Fcn,
}

/// Measures of accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Metric {
    Pearson,
    Spearman,
    Rmse,
    Slope,
    Bias,
    TopOverlap,
}

/// The `train` item.
#[derive(Clone, Debug, PartialEq)]
pub struct Train {
    /// The update rule.
    pub optimizer: Optimizer,
    /// Most passes over the training rows.
    pub epochs: usize,
    /// Rows a step; `None` takes all.
    pub batch: Option<usize>,
    /// Epochs without improvement before stopping.
    pub patience: Option<usize>,
    /// Networks with different seeds whose predictions are averaged.
    pub ensemble: usize,
    /// Seed of initial weights, batches, dropout and validation rows.
    pub seed: u64,
    /// The whole item.
    pub span: Span,
}

/// Update rules with their penalties.
///
/// Penalties act on weights, never on biases: loss + l2·Σw² + l1·Σ|w|. `decay` is decoupled
/// (Loshchilov & Hutter 2019).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimizer {
    /// The rule.
    pub rule: Rule,
    /// Learning rate.
    pub learning_rate: f64,
    /// Weight of Σ|w|.
    pub l1: f64,
    /// Weight of Σw².
    pub l2: f64,
    /// Decoupled weight decay (AdamW).
    pub decay: f64,
}

/// Update rules.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Rule {
    Sgd { momentum: f64 },
    Adam { beta1: f64, beta2: f64, epsilon: f64 },
}
