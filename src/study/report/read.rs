//! Tables of a run folder as rows again, for what is made of them later.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::collections::{BTreeMap, BTreeSet};

/// A row of `metrics.tsv`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[allow(missing_docs, reason = "columns of the file")]
pub struct Measure {
    #[serde(rename = "trait")]
    pub trait_name: String,
    pub method: String,
    pub repeat: usize,
    pub fold: usize,
    pub n_train: usize,
    pub metric: String,
    #[serde(deserialize_with = "or_na")]
    pub value: Option<f64>,
}

/// A row of `differences.tsv`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[allow(missing_docs, reason = "columns of the file")]
pub struct Compared {
    #[serde(rename = "trait")]
    pub trait_name: String,
    pub beside: String,
    pub size: String,
    pub folds: usize,
    #[serde(deserialize_with = "or_na")]
    pub difference: Option<f64>,
    pub better: usize,
    #[serde(deserialize_with = "or_na")]
    pub p_holm: Option<f64>,
    #[serde(deserialize_with = "or_na")]
    pub low: Option<f64>,
    #[serde(deserialize_with = "or_na")]
    pub high: Option<f64>,
}

/// A row of `training.tsv`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[allow(missing_docs, reason = "columns of the file")]
pub struct Step {
    pub method: String,
    pub repeat: usize,
    pub fold: String,
    pub size: String,
    pub inner: usize,
    pub member: usize,
    pub candidate: String,
    pub epoch: usize,
    #[serde(deserialize_with = "or_na")]
    pub loss: Option<f64>,
    #[serde(deserialize_with = "or_na")]
    pub validation: Option<f64>,
    pub kept: u8,
}

/// A row of `nodes.tsv`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[allow(missing_docs, reason = "columns of the file")]
pub struct Node {
    pub layer: String,
    pub node: String,
    pub repeat: usize,
    pub inputs: usize,
    pub dead: f64,
    pub saturated: f64,
    pub measured_by: String,
    pub n_test: usize,
    #[serde(deserialize_with = "or_na")]
    pub r: Option<f64>,
}

/// A row of `branches.tsv`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[allow(missing_docs, reason = "columns of the file")]
pub struct Branch {
    #[serde(rename = "trait")]
    pub trait_name: String,
    pub branch: String,
    #[serde(deserialize_with = "or_na")]
    pub spread: Option<f64>,
}

/// A row of `predictions.tsv`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[allow(missing_docs, reason = "columns of the file")]
pub struct Predicted {
    #[serde(rename = "IID")]
    pub individual: String,
    #[serde(rename = "trait")]
    pub trait_name: String,
    pub method: String,
    pub repeat: usize,
    pub fold: String,
    #[serde(deserialize_with = "or_na")]
    pub observed: Option<f64>,
    #[serde(deserialize_with = "or_na")]
    pub genetic: Option<f64>,
    #[serde(deserialize_with = "or_na")]
    pub sd: Option<f64>,
}

/// A row of a table of `binnc explain`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[allow(missing_docs, reason = "columns of the file")]
pub struct Explained {
    pub layer: String,
    pub node: String,
    #[serde(rename = "trait")]
    pub trait_name: String,
    pub method: String,
    pub deviations: String,
    #[serde(deserialize_with = "or_na")]
    pub score: Option<f64>,
    #[serde(deserialize_with = "or_na")]
    pub se: Option<f64>,
    #[serde(default, deserialize_with = "or_na")]
    pub p: Option<f64>,
    #[serde(default, deserialize_with = "or_na")]
    pub q: Option<f64>,
    #[serde(deserialize_with = "or_na")]
    pub signed: Option<f64>,
    pub rank: usize,
    pub n_models: usize,
    pub n_all: usize,
}

impl Explained {
    /// What makes a row another one.
    #[must_use]
    pub fn key(&self) -> [&str; 5] {
        [&self.layer, &self.node, &self.trait_name, &self.method, &self.deviations]
    }
}

/// Every measure with how many larger training parts its fold had: 0 where the fit saw all training rows, else a
/// point of a learning curve. Parts are told by their place, since not all individuals have every trait.
#[must_use]
pub fn by_size(metrics: &[Measure]) -> Vec<(usize, &Measure)> {
    let mut sizes: BTreeMap<(&str, usize, usize), BTreeSet<usize>> = BTreeMap::new();
    for row in metrics {
        sizes.entry((&row.trait_name, row.repeat, row.fold)).or_default().insert(row.n_train);
    }
    let larger = |row: &Measure| {
        sizes[&(row.trait_name.as_str(), row.repeat, row.fold)].range(row.n_train + 1..).count()
    };
    metrics.iter().map(|row| (larger(row), row)).collect()
}

/// Measures of fits that saw all training rows of their fold: of a learning curve, the last point.
#[must_use]
pub fn whole_folds(metrics: &[Measure]) -> Vec<&Measure> {
    by_size(metrics).into_iter().filter(|(larger, _)| *larger == 0).map(|(_, row)| row).collect()
}

/// Rows of a table with a header line; columns that are not asked for are passed over.
///
/// # Errors
/// As the csv crate says, with the line.
pub fn rows<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, csv::Error> {
    // Cells hold no tab and no line end, and a quote in a name is a quote.
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).from_reader(bytes);
    reader.deserialize().collect()
}

/// The header of a table and its rows, as text.
///
/// # Errors
/// As [`rows`].
pub fn cells(bytes: &[u8]) -> Result<(Vec<String>, Vec<Vec<String>>), csv::Error> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).from_reader(bytes);
    let header = reader.headers()?.iter().map(str::to_string).collect();
    let rows = reader.records().map(|row| Ok(row?.iter().map(str::to_string).collect()));
    Ok((header, rows.collect::<Result<_, csv::Error>>()?))
}

fn or_na<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    match String::deserialize(from)?.as_str() {
        "NA" => Ok(None),
        text => text.parse().map(Some).map_err(|_| D::Error::custom(format!("`{text}` is no number"))),
    }
}
