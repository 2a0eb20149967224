//! The keys of a spec in YAML as a JSON Schema, which editors show and complete.
//!
//! The types describe; nothing is read into them. Each key has the sentence that an editor
//! shows. A test asks lowering for its keys and compares. The file is long because it has a
//! line of explanation for every key of the language.

#![allow(dead_code, reason = "fields are read by the derive alone")]
#![allow(
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    reason = "nothing is ever made of these types"
)]

use std::collections::BTreeMap;

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde_json::{Value as Json, json};

/// The schema of language version 1, as JSON with a line end.
#[must_use]
pub fn schema() -> String {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Spec>();
    RecursiveTransform(without_null).transform(&mut schema);
    schema.insert("title".to_owned(), json!("A spec of binnc, language version 1"));
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// A key that may be left out may not be empty instead.
fn without_null(schema: &mut Schema) {
    if let Some(Json::Array(types)) = schema.get_mut("type") {
        types.retain(|one| one != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Json::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|one| one.get("type") != Some(&json!("null")));
    }
}

/// A name, kept as it is written; one that looks like a number may stay without quotes.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Name {
    Text(String),
    Number(f64),
    Word(bool),
}

/// One value or a list.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// A text, or `{let: NAME}` for a constant.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Text {
    Text(String),
    Number(f64),
    Word(bool),
    Named(Named),
}

/// A number, if need be with a unit such as `250kb` or `10%`, or `{let: NAME}` for a constant.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Amount {
    Number(f64),
    Written(
        #[schemars(regex(pattern = r"^[-+]?[0-9_]*\.?[0-9_]*([eE][-+]?[0-9]+)?(bp|kb|Mb|cM|%)?$"))] String,
    ),
    Named(Named),
}

/// A whole number, or `{let: NAME}` for a constant.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Count {
    Number(#[schemars(range(min = 0))] i64),
    Written(#[schemars(regex(pattern = r"^[0-9][0-9_]*$"))] String),
    Named(Named),
}

/// A column, as `TABLE.COLUMN`; backticks round a name that holds dots.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Column {
    Path(String),
    Named(Named),
}

/// A name that needs quotes, or the name of a constant.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Named {
    Constant(Constant),
    Name(QuotedName),
}

/// A constant that `let` names.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Constant {
    /// The constant's name.
    #[schemars(rename = "let")]
    constant: String,
}

/// A name that must stand in quotes.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct QuotedName {
    /// The name, with backticks where it needs them.
    name: String,
}

/// Comparisons that must all hold, such as `[{maf: {">=": 0.05}}, {missing: {"<=": 10%}}]`.
type Predicate = OneOrMany<BTreeMap<String, Comparison>>;

/// A sign of comparison and what is compared with.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Comparison {
    #[schemars(rename = "==")]
    equal: Option<Json>,
    #[schemars(rename = "!=")]
    not_equal: Option<Json>,
    #[schemars(rename = "<=")]
    at_most: Option<Json>,
    #[schemars(rename = ">=")]
    at_least: Option<Json>,
    #[schemars(rename = "<")]
    less: Option<Json>,
    #[schemars(rename = ">")]
    greater: Option<Json>,
    /// One of a list.
    #[schemars(rename = "in")]
    one_of: Option<Json>,
}

/// A layer, node, genotype set or column, or a part of one such as `gene.unmapped`.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Endpoint {
    Name(Name),
    Filtered(Filtered),
}

/// An endpoint of which only a part is meant.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Filtered {
    /// What is filtered.
    name: Name,
    /// Which of its variants or nodes are meant, such as `[{chrom: {"==": 1}}]`.
    #[schemars(rename = "where")]
    filter: Predicate,
}

/// A word such as `linear`, or a call such as `{fcn: [16, 8], activation: gelu}`.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Call {
    Word(String),
    Call(BTreeMap<String, Json>),
}

/// A spec: data, knowledge, network, traits, and how to train and evaluate.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Spec {
    /// The version of the language, which is 1.
    #[schemars(range(min = 1, max = 1))]
    binn: u64,
    /// What the model is, for readers.
    doc: Option<String>,
    /// The name of the model, which names its run folder.
    model: Option<String>,
    /// Other specs whose items this one uses.
    import: Option<OneOrMany<Import>>,
    /// Constants: names for values that are used as `{let: NAME}`.
    #[schemars(rename = "let")]
    constants: Option<BTreeMap<String, Json>>,
    /// Sets of variants, by name.
    genotypes: Option<BTreeMap<String, Genotypes>>,
    /// Tables of samples by columns, by name.
    tables: Option<BTreeMap<String, Table>>,
    /// Knowledge of what belongs to what, by name.
    priors: Option<BTreeMap<String, Prior>>,
    /// Layers, whose nodes come from what reaches them, by name.
    layers: Option<BTreeMap<String, Layer>>,
    /// Nodes that are named one by one.
    nodes: Option<OneOrMany<Nodes>>,
    /// What reads what.
    links: Option<OneOrMany<Link>>,
    /// The traits, and the nodes that they are read from.
    predict: Option<OneOrMany<Predict>>,
    /// Nodes that are pulled towards measured columns during training.
    supervise: Option<OneOrMany<Supervise>>,
    /// How prediction is measured: a scheme such as `kfold: 5`, and what it is compared with.
    evaluate: Option<EvaluateOrWord>,
    /// How the network is trained.
    train: Option<Train>,
}

/// Another spec.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Import {
    /// What it is for.
    doc: Option<String>,
    /// Its path.
    path: String,
    /// The name before its items, as in `NAME.gene`.
    #[schemars(rename = "as")]
    alias: Option<String>,
}

/// A set of variants.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Genotypes {
    /// What it is, for readers.
    doc: Option<String>,
    /// `plink`, or `simulate`.
    format: String,
    /// The `.bed` file, or the name of a generator.
    path: String,
    /// How a call becomes a number: `additive`, `dominant`, `recessive` or `haploid`.
    encoding: Option<Text>,
    /// What a missing call becomes: `mean`, `mode`, or an `error`.
    missing: Option<Text>,
    /// `unit` divides by the standard deviation, `center` does not.
    scale: Option<Text>,
    /// Which variants stay: comparisons on `chrom`, `pos`, `id`, `maf`, `missing`.
    keep: Option<Predicate>,
    /// The assembly that positions refer to.
    assembly: Option<Text>,
    /// How far a dosage may lie from a whole number.
    hard_call: Option<Amount>,
    /// Where sex is read from, for chromosome X.
    sex: Option<Text>,
    /// Simulation: whether effects add up freely or within bounds.
    variant: Option<Text>,
    /// Simulation: number of samples.
    n: Option<Count>,
    /// Simulation: number of markers.
    markers: Option<Count>,
    /// Simulation: seed.
    seed: Option<Count>,
    /// Simulation: how effects are drawn.
    effects: Option<Text>,
    /// Simulation: share of noise in the levels of metabolites.
    metabolite_noise: Option<Amount>,
    /// Simulation: share of noise in the trait.
    trait_noise: Option<Amount>,
    /// Simulation: share of individuals whose metabolites are measured.
    measured: Option<Amount>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// A table of samples by columns.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Table {
    /// What it is, for readers.
    doc: Option<String>,
    /// `tsv`, `csv` or `simulate`.
    format: String,
    /// The file, or the name of a generator.
    path: String,
    /// The column that names the sample, or two: `[FID, IID]`.
    key: Option<OneOrMany<Text>>,
    /// Texts that stand for a missing value.
    missing: Option<OneOrMany<Text>>,
    /// The decimal mark, `.` or `,`.
    decimal: Option<Text>,
    /// A column that weighs each record.
    weight: Option<Text>,
    /// `repeated` if a sample has several rows.
    records: Option<Text>,
    /// Whether the file has a header line.
    header: Option<Text>,
    /// The columns that are used, by name; `'*'` stands for all others.
    columns: Option<BTreeMap<String, TableColumn>>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// A column of a table.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct TableColumn {
    /// What it is, for readers.
    doc: Option<String>,
    /// `continuous`, `binary`, `ordinal`, `count` or `categorical`.
    #[schemars(rename = "type")]
    kind: String,
    /// The unit, for readers.
    unit: Option<Text>,
    /// Which value of a binary column is a case.
    case: Option<Text>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// Knowledge of what belongs to what.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Prior {
    /// What it is, for readers.
    doc: Option<String>,
    /// The format of the file, such as `gff3`, `gmt`, `obo` or `tsv`.
    format: String,
    /// The file.
    path: String,
    /// The kinds that it joins, such as `[gene, pathway]`.
    #[schemars(length(min = 2, max = 2))]
    relates: Option<Vec<String>>,
    /// The column or attribute that holds the id.
    id: Option<Text>,
    /// The column of the chromosome.
    chrom: Option<Text>,
    /// The column of the first position.
    start: Option<Text>,
    /// The column of the last position.
    end: Option<Text>,
    /// The column of the strand.
    strand: Option<Text>,
    /// Whether positions count from 0 or from 1.
    base: Option<Count>,
    /// The column of what a pair starts from.
    source: Option<Text>,
    /// The column of what a pair leads to.
    target: Option<Text>,
    /// GenNet topology: the layer that links start from.
    from: Option<Text>,
    /// GenNet topology: the layer that they lead to.
    to: Option<Text>,
    /// GFF3 and GTF: which features are read.
    feature: Option<Text>,
    /// OBO: which relations are read.
    relations: Option<OneOrMany<Text>>,
    /// GAF: which codes of evidence are read.
    evidence: Option<OneOrMany<Text>>,
    /// How contig names are turned: `{add: chr}`, `{strip: chr}`, `roman`, or the path of a table in quotes.
    contigs: Option<Call>,
    /// Whether members are carried to ancestors.
    propagate: Option<Text>,
    /// The column of the weights of its pairs.
    weight: Option<Text>,
    /// The column of the signs of its pairs.
    sign: Option<Text>,
    /// The list of samples that it was estimated on.
    samples: Option<Text>,
    /// The assembly that positions refer to.
    assembly: Option<Text>,
    /// Where the file comes from.
    origin: Option<Text>,
    /// The release of the file.
    release: Option<Text>,
    /// The licence of the file.
    licence: Option<Text>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// A layer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Layer {
    /// What it is, for readers.
    doc: Option<String>,
    /// What its nodes are, such as `gene` or `pathway`.
    kind: String,
    /// Units of each node.
    width: Option<Count>,
    /// Activation of each node, such as `tanh`.
    activation: Option<Text>,
    /// The private network of each node: `linear`, or `{fcn: [16, 8], activation: gelu}`.
    network: Option<Call>,
    /// Share of units that is dropped at each step of training.
    dropout: Option<Amount>,
    /// A prior of the same kind whose links stand inside the layer.
    hierarchy: Option<Text>,
    /// The terms of the hierarchy from which on terms are kept.
    root: Option<OneOrMany<Text>>,
    /// How many levels of the hierarchy are kept.
    depth: Option<Count>,
    /// A rule by which nodes are chosen on training rows.
    select: Option<Call>,
    /// Normalisation.
    norm: Option<Call>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// Nodes that are named one by one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Nodes {
    /// What they are, for readers.
    doc: Option<String>,
    /// Their names.
    names: OneOrMany<Name>,
    /// What they are, such as `metabolite` or `integrator`.
    kind: String,
    /// Units of each node.
    width: Option<Count>,
    /// Activation of each node, such as `tanh`.
    activation: Option<Text>,
    /// The private network of each node: `linear`, or `{fcn: [16, 8], activation: gelu}`.
    network: Option<Call>,
    /// Share of units that is dropped at each step of training.
    dropout: Option<Amount>,
    /// Normalisation.
    norm: Option<Call>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// What reads what.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Link {
    /// What it says, for readers.
    doc: Option<String>,
    /// What is read.
    from: OneOrMany<Endpoint>,
    /// What reads it.
    to: OneOrMany<Endpoint>,
    /// The prior whose pairs are linked, or a rule such as `{window: genes, upstream: 10kb}`; without it and without `edges`, all read all.
    via: Option<Call>,
    /// Edges written by hand.
    edges: Option<OneOrMany<Edge>>,
    /// Sets with fewer matched members are left out.
    min_size: Option<Count>,
    /// Sets with more matched members are left out.
    max_size: Option<Count>,
    /// What names without a match mean: `drop`, `ignore` or `error`.
    unmatched: Option<Text>,
    /// What weights in the file mean: `free`, `fixed`, `init` or `positive`.
    weights: Option<Text>,
    /// How signs hold: `soft`, `{soft: 0.1}` with a penalty, or `hard`.
    sign: Option<Call>,
    /// A control: same degrees, other partners, as `{permute: 3}`.
    randomize: Option<Call>,
    /// The most genes that one variant may feed.
    max_genes: Option<Count>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// Edges from each of some names to each of others.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Edge {
    /// Names that are read.
    from: OneOrMany<Name>,
    /// Names that read them.
    to: OneOrMany<Name>,
    /// The weight of the edge.
    weight: Option<f64>,
}

/// Traits and the nodes that they are read from.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Predict {
    /// What it says, for readers.
    doc: Option<String>,
    /// Columns, as `TABLE.COLUMN`.
    traits: OneOrMany<Name>,
    /// What the traits are read from.
    from: OneOrMany<Endpoint>,
    /// The loss, by default that of the column's type.
    loss: Option<Call>,
    /// The weight of the loss.
    weight: Option<OneOrMany<Amount>>,
    /// Columns and `{pcs: 5}` that shift the trait and nothing else.
    fixed: Option<OneOrMany<Call>>,
    /// `gblup` stacks the network on GBLUP.
    polygenic: Option<Call>,
    /// `residual` trains on what GBLUP leaves.
    target: Option<Text>,
    /// The weight of a read-out at every inner layer.
    auxiliary: Option<Amount>,
    /// The share of cases in the population.
    prevalence: Option<Amount>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// Nodes that are pulled towards measured columns.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Supervise {
    /// What it says, for readers.
    doc: Option<String>,
    /// The nodes.
    nodes: OneOrMany<Endpoint>,
    /// The columns, paired with nodes by name.
    by: OneOrMany<Name>,
    /// The loss, by default that of the column's type.
    loss: Option<Call>,
    /// The weight of the loss.
    weight: Option<OneOrMany<Amount>>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// A scheme without options, such as `none`, or a scheme with its keys.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum EvaluateOrWord {
    Word(String),
    Keys(Evaluate),
}

/// How prediction is measured.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Evaluate {
    /// What it says, for readers.
    doc: Option<String>,
    /// The number of folds.
    kfold: Option<Count>,
    /// A column of groups, each left out once.
    leave_out: Option<Column>,
    /// A column that names the fold of each sample.
    folds: Option<Column>,
    /// The share that is held out once.
    holdout: Option<Amount>,
    /// The number of folds of new individuals.
    cv1: Option<Count>,
    /// The number of folds of records, of individuals that were seen in other environments.
    cv2: Option<Count>,
    /// The column of environments, each new once.
    cv0: Option<Column>,
    /// The number of folds of individuals that are new in each environment, which is new too.
    cv00: Option<Count>,
    /// A scheme as a word or call, where the keys above cannot say it.
    scheme: Option<Call>,
    /// The column of environments.
    environment: Option<Column>,
    /// How often the folds are drawn anew.
    repeats: Option<Count>,
    /// Seed of the folds.
    seed: Option<Count>,
    /// A column of groups that stay whole.
    group: Option<Column>,
    /// A column of which each fold has the same mix.
    stratify: Option<Column>,
    /// The number of inner folds.
    inner: Option<Count>,
    /// The share of the training rows on which early stopping is judged.
    validation: Option<Amount>,
    /// Methods to compare with, such as `[gblup, ridge, fcn]`.
    baselines: Option<OneOrMany<Call>>,
    /// Measures, such as `[pearson, spearman, rmse]`.
    metrics: Option<OneOrMany<Text>>,
    /// Numbers of training rows, for a learning curve.
    train_size: Option<OneOrMany<Count>>,
    /// How links are derived in inner folds.
    inner_links: Option<Text>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}

/// How the network is trained.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Train {
    /// What it says, for readers.
    doc: Option<String>,
    /// The rule of steps, such as `{adam: {lr: 1.0e-3, l2: 1.0e-4}}`.
    optimizer: Option<Call>,
    /// The most passes over the training rows.
    epochs: Option<Count>,
    /// Rows of a step, or `full`.
    batch: Option<Text>,
    /// When to stop early: `{patience: 20}`, or `none`.
    early_stop: Option<Call>,
    /// The number of networks whose mean predicts.
    ensemble: Option<Count>,
    /// Seed of weights and batches.
    seed: Option<Count>,
    /// How the rate of learning changes.
    schedule: Option<Call>,
    /// How groups are weighed.
    balance: Option<Column>,
    /// Codes of warnings that have been read and are accepted.
    allow: Option<OneOrMany<Text>>,
}
