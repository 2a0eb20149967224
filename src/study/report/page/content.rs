//! The data behind the page: what charts draw and tables list, no more of it than can be read.

use super::lines::{Line, lines};
use super::variants::{Variants, variants};
use super::{Run, Section};
use crate::engine::model::mean_and_sd;
use crate::study::explain::DEVIATIONS;
use crate::study::report::{Explained, Measure, Node, Predicted, by_size};
use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Points of one trait and method that a chart shows.
const MOST_POINTS: usize = 4_000;
/// Points over all traits and methods.
const ALL_POINTS: usize = 40_000;
/// Supervised nodes that a chart shows, half of them the best told and half the worst.
const MOST_LATENTS: usize = 60;
/// Nodes of a trait and layer that the page holds, by rank.
const MOST_NODES: usize = 500;
/// Rows of a table that the page holds.
const MOST_ROWS: usize = 5_000;
/// Of joins and of nodes that were left out, whose names are long.
const MOST_JOINS: usize = 500;

#[derive(Serialize)]
pub(super) struct Content<'a> {
    units: &'a BTreeMap<String, String>,
    kinds: &'a BTreeMap<String, String>,
    folds: Vec<Folds<'a>>,
    predictions: Vec<Predictions<'a>>,
    training: Vec<Line<'a>>,
    /// Fits by method, shown or not.
    fits: BTreeMap<&'a str, usize>,
    latents: Vec<Latent<'a>>,
    /// Supervised nodes, shown or not.
    supervised: usize,
    variants: Vec<Variants<'a>>,
    tables: IndexMap<&'static str, Table>,
}

/// Values of one measure over folds.
#[derive(Serialize)]
struct Folds<'a> {
    #[serde(rename = "trait")]
    trait_name: &'a str,
    method: &'a str,
    metric: &'a str,
    /// Of a point of the learning curve how many are larger; `None` where all of a fold were used.
    size: Option<usize>,
    /// Mean number of training individuals.
    n_train: f64,
    values: Vec<f64>,
    /// `r1-f2`
    places: Vec<String>,
}

#[derive(Serialize)]
struct Predictions<'a> {
    #[serde(rename = "trait")]
    trait_name: &'a str,
    method: &'a str,
    observed: Vec<f64>,
    predicted: Vec<f64>,
    /// Places in `folds`.
    fold: Vec<usize>,
    folds: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<&'a str>>,
    of: usize,
}

#[derive(Serialize)]
struct Latent<'a> {
    layer: &'a str,
    node: &'a str,
    measured_by: &'a str,
    r: Vec<f64>,
}

#[derive(Serialize)]
struct Table {
    #[serde(skip)]
    title: &'static str,
    #[serde(skip)]
    about: &'static str,
    header: Vec<String>,
    rows: Vec<Vec<Value>>,
    of: usize,
}

impl<'a> Content<'a> {
    pub(super) fn of(run: &'a Run) -> Self {
        let training = lines(&run.training);
        let latents = latents(&run.nodes);
        let mut content = Self {
            units: &run.units,
            kinds: &run.kinds,
            folds: folds(&run.metrics),
            predictions: predictions(&run.predictions, run.with_ids),
            training: training.0,
            fits: training.1,
            latents: latents.0,
            supervised: latents.1,
            variants: variants(&run.explained, run),
            tables: IndexMap::new(),
        };
        if !content.folds.is_empty() {
            content.tables.insert("measures", measures(&content.folds));
        }
        let ranked = ranking(run);
        if ranked.of > 0 {
            content.tables.insert("nodes", ranked);
        }
        content.tables.insert("coverage", coverage(&run.coverage, run.with_ids));
        content
    }

    /// Whether a chart has anything to draw.
    pub(super) fn has(&self, chart: &str) -> bool {
        match chart {
            "accuracy" => self.folds.iter().any(|row| row.size.is_none()),
            "curve" => self.folds.iter().any(|row| row.size.is_some()),
            "predicted" => !self.predictions.is_empty(),
            "training" => !self.training.is_empty(),
            "importance" => self.tables.contains_key("nodes"),
            "variants" => !self.variants.is_empty(),
            "latents" => !self.latents.is_empty(),
            _ => false,
        }
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = Section> {
        self.tables.iter().map(|(id, Table { title, about, .. })| Section { id, title, about })
    }
}

fn folds(metrics: &[Measure]) -> Vec<Folds<'_>> {
    let mut found: Vec<Folds<'_>> = Vec::new();
    let mut place: BTreeMap<(&str, &str, &str, Option<usize>), usize> = BTreeMap::new();
    for (larger, row) in by_size(metrics) {
        let Some(value) = row.value else { continue };
        let size = (larger > 0).then_some(larger);
        let key = (row.trait_name.as_str(), row.method.as_str(), row.metric.as_str(), size);
        let at = *place.entry(key).or_insert_with(|| {
            found.push(Folds {
                trait_name: &row.trait_name,
                method: &row.method,
                metric: &row.metric,
                size,
                n_train: 0.0,
                values: Vec::new(),
                places: Vec::new(),
            });
            found.len() - 1
        });
        let one = &mut found[at];
        one.n_train += (row.n_train as f64 - one.n_train) / (one.values.len() as f64 + 1.0);
        one.values.push(value);
        one.places.push(format!("r{}-f{}", row.repeat, row.fold));
    }
    found
}

fn predictions(rows: &[Predicted], with_ids: bool) -> Vec<Predictions<'_>> {
    let mut by: BTreeMap<(&str, &str), Vec<&Predicted>> = BTreeMap::new();
    let is_shown = |row: &&Predicted| row.fold != "final" && row.observed.is_some() && row.genetic.is_some();
    for row in rows.iter().filter(is_shown) {
        by.entry((&row.trait_name, &row.method)).or_default().push(row);
    }
    let most = MOST_POINTS.min(ALL_POINTS / by.len().max(1));
    let mut all: Vec<Predictions<'_>> = Vec::with_capacity(by.len());
    for ((trait_name, method), rows) in by {
        let count = rows.len().min(most);
        let some: Vec<&Predicted> = (0..count).map(|at| rows[at * rows.len() / count]).collect();
        let mut folds: IndexSet<String> = IndexSet::new();
        let mut fold =
            |row: &&Predicted| folds.insert_full(format!("repeat {}, fold {}", row.repeat, row.fold)).0;
        let fold: Vec<usize> = some.iter().map(&mut fold).collect();
        all.push(Predictions {
            trait_name,
            method,
            observed: some.iter().filter_map(|row| row.observed).map(rounded).collect(),
            predicted: some.iter().filter_map(|row| row.genetic).map(rounded).collect(),
            fold,
            folds: folds.into_iter().collect(),
            ids: with_ids.then(|| some.iter().map(|row| row.individual.as_str()).collect()),
            of: rows.len(),
        });
    }
    // The model first, then what it is compared with.
    all.sort_by_key(|one| one.method != "binn");
    all
}

/// Six digits, which is more than a chart can show.
pub(super) fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// Those that their read-outs tell best and worst, ascending, and how many there are.
fn latents(nodes: &[Node]) -> (Vec<Latent<'_>>, usize) {
    let mut found: BTreeMap<(&str, &str), Latent<'_>> = BTreeMap::new();
    for row in nodes {
        let Some(r) = row.r else { continue };
        let latent =
            Latent { layer: &row.layer, node: &row.node, measured_by: &row.measured_by, r: Vec::new() };
        found.entry((&row.layer, &row.node)).or_insert(latent).r.push(r);
    }
    let mut found: Vec<Latent<'_>> = found.into_values().collect();
    let mean = |one: &Latent<'_>| one.r.iter().sum::<f64>() / one.r.len() as f64;
    found.sort_by(|one, other| mean(one).total_cmp(&mean(other)));
    let of = found.len();
    if of > MOST_LATENTS {
        found.drain(MOST_LATENTS / 2..of - MOST_LATENTS / 2);
    }
    (found, of)
}

fn measures(folds: &[Folds<'_>]) -> Table {
    let header = ["trait", "method", "training individuals", "measure", "folds", "mean", "SD"];
    let row = |one: &Folds<'_>| {
        let (mean, sd) = mean_and_sd(&one.values);
        vec![
            json!(one.trait_name),
            json!(one.method),
            json!(one.n_train.round()),
            json!(one.metric),
            json!(one.values.len()),
            json!(mean),
            if sd.is_nan() { Value::Null } else { json!(sd) },
        ]
    };
    let rows = folds.iter().map(row).collect();
    Table::of("Measures", "Means over folds, with their SD.", &header, rows, MOST_ROWS)
}

/// The first nodes of each layer; variants have a chart of their own.
fn ranking(run: &Run) -> Table {
    let header = ["trait", "layer", "node", "rank", "score", "SE", "p", "q", "signed", "networks", "of"];
    let mut seen = BTreeSet::new();
    let nodes = run.importance.iter().chain(&run.explained).filter(|one| !run.sets.contains(&one.layer));
    let mut nodes: Vec<(usize, &Explained)> =
        nodes.filter(|one| seen.insert(one.key())).enumerate().collect();
    let of = nodes.len();
    // What is left out is what stands last in its layer; the rest keep their order.
    nodes.retain(|(_, one)| one.rank <= MOST_NODES);
    nodes.sort_by_key(|(_, one)| one.rank);
    nodes.truncate(MOST_ROWS);
    nodes.sort_by_key(|(at, _)| *at);
    let usual = DEVIATIONS.to_string();
    let row = |one: &Explained| {
        // With the method, where it is not that of the run.
        let layer = match (one.method.as_str(), one.deviations.as_str()) {
            ("clamp", deviations) if deviations == usual => one.layer.clone(),
            ("clamp", deviations) => format!("{} · clamp at {deviations} SDs", one.layer),
            (method, _) => format!("{} · {method}", one.layer),
        };
        vec![
            json!(one.trait_name),
            json!(layer),
            json!(one.node),
            json!(one.rank),
            json!(one.score.map(rounded)),
            json!(one.se.map(rounded)),
            json!(one.p.map(rounded)),
            json!(one.q.map(rounded)),
            json!(one.signed.map(rounded)),
            json!(one.n_models),
            json!(one.n_all),
        ]
    };
    let about = "The first nodes of each layer, by how far predictions move with them; signed: + where more of what \
                 measures a node is more of the trait; p and q: against networks fitted to traits that relatives \
                 alone explain, where the run had `--nulls`.";
    let first: Vec<Vec<Value>> = nodes.into_iter().map(|(_, one)| row(one)).collect();
    Table { of, ..Table::of("Nodes", about, &header, first, MOST_ROWS) }
}

/// Examples of joins of samples are ids of individuals.
fn coverage((header, rows): &(Vec<String>, Vec<Vec<String>>), with_ids: bool) -> Table {
    let place = |name: &str| header.iter().position(|known| known == name);
    let (what, examples) = (place("what"), place("examples"));
    let is_of_samples =
        |row: &[String]| what.is_some_and(|what| ["samples", "records"].contains(&row[what].as_str()));
    let value = |at: usize, text: &String| match header[at].as_str() {
        "matched" | "unmatched" => text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number)),
        _ => json!(text),
    };
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = rows.iter().map(|row| {
        let hidden = examples.filter(|_| !with_ids && is_of_samples(row));
        let cells = row.iter().enumerate();
        cells.map(|(at, cell)| if hidden == Some(at) { json!("") } else { value(at, cell) }).collect()
    });
    let about = "What was joined by name or position, and what was left over on each side.";
    Table::of("Coverage", about, &names, rows.collect(), MOST_JOINS)
}

impl Table {
    /// The first rows, no more than `most`.
    fn of(
        title: &'static str,
        about: &'static str,
        header: &[&str],
        mut rows: Vec<Vec<Value>>,
        most: usize,
    ) -> Self {
        let of = rows.len();
        rows.truncate(most);
        Self { title, about, header: header.iter().map(ToString::to_string).collect(), rows, of }
    }
}
