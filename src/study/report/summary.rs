//! Mean ± SD over folds, as the summary table shows them.

use crate::engine::model::mean_and_sd;
use crate::language::spec::Metric;
use crate::study::evaluate::{Method, MetricRow};
use std::fmt::Write;

/// Means over folds of one trait and method.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The trait.
    pub trait_name: String,
    /// The method.
    pub method: Method,
    /// For each metric asked for: mean and SD over folds, and folds that have it.
    pub values: Vec<Option<(f64, f64, usize)>>,
}

/// One entry a trait and method, in the order of the rows, over folds whose training rows were all seen.
#[must_use]
pub fn summarise(metrics: &[MetricRow], wanted: &[Metric]) -> Vec<Summary> {
    summarise_size(metrics, wanted, None)
}

/// A learning curve: a line a trait and method, a column a size, in one metric. Empty without sizes.
#[must_use]
pub fn curve(metrics: &[MetricRow], metric: Metric, units: &dyn Fn(&str) -> Option<String>) -> String {
    let mut sizes: Vec<usize> = metrics.iter().filter_map(|row| row.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    if sizes.is_empty() {
        return String::new();
    }
    let sizes: Vec<Option<usize>> = sizes.into_iter().map(Some).chain([None]).collect();
    let mut rows = vec![vec!["trait".to_string(), "method".to_string()]];
    rows[0].extend(sizes.iter().map(|size| size.map_or("all".to_string(), |size| format!("N = {size}"))));
    let by_size: Vec<Vec<Summary>> =
        sizes.iter().map(|size| summarise_size(metrics, &[metric], *size)).collect();
    for whole in by_size.last().into_iter().flatten() {
        let mut row = vec![whole.titled(units), whole.method.name().to_string()];
        row.extend(by_size.iter().map(|summaries| {
            let own = summaries.iter().find(|s| s.trait_name == whole.trait_name && s.method == whole.method);
            own.map_or("NA".to_string(), |own| shown(own.values[0]))
        }));
        rows.push(row);
    }
    format!("{} by training samples\n\n{}", header(&[metric])[2], aligned(&rows))
}

fn summarise_size(metrics: &[MetricRow], wanted: &[Metric], size: Option<usize>) -> Vec<Summary> {
    let metrics: Vec<&MetricRow> = metrics.iter().filter(|row| row.size == size).collect();
    let mut keys: Vec<(&str, Method)> = Vec::new();
    for row in &metrics {
        if !keys.contains(&(row.trait_name.as_str(), row.method)) {
            keys.push((&row.trait_name, row.method));
        }
    }
    keys.sort_by_key(|(name, method)| (metrics.iter().position(|row| row.trait_name == *name), *method));
    let of = |name: &str, method: Method, metric: Metric| {
        let rows = metrics.iter().filter(|row| row.trait_name == name && row.method == method);
        over_folds(
            &rows.filter(|row| row.metric == metric.name()).filter_map(|row| row.value).collect::<Vec<_>>(),
        )
    };
    keys.into_iter()
        .map(|(name, method)| Summary {
            trait_name: name.to_string(),
            method,
            values: wanted.iter().map(|metric| of(name, method, *metric)).collect(),
        })
        .collect()
}

impl Summary {
    /// The table of all entries; `units` gives the unit shown beside a trait's name.
    #[must_use]
    pub fn table(summaries: &[Self], wanted: &[Metric], units: &dyn Fn(&str) -> Option<String>) -> String {
        let mut rows = vec![header(wanted)];
        for summary in summaries {
            let mut row = vec![summary.titled(units), summary.method.name().to_string()];
            row.extend(summary.values.iter().map(|value| shown(*value)));
            rows.push(row);
        }
        aligned(&rows)
    }
}

impl Summary {
    /// The trait with its unit.
    fn titled(&self, units: &dyn Fn(&str) -> Option<String>) -> String {
        let unit = units(&self.trait_name).map_or(String::new(), |unit| format!(" ({unit})"));
        format!("{}{unit}", self.trait_name)
    }
}

/// Mean ± SD over folds.
fn shown(value: Option<(f64, f64, usize)>) -> String {
    match value {
        Some((mean, sd, folds)) if folds > 1 => format!("{mean:.3} ± {sd:.3}"),
        Some((mean, _, _)) => format!("{mean:.3}"),
        None => "NA".to_string(),
    }
}

pub(super) fn header(wanted: &[Metric]) -> Vec<String> {
    let mut header = vec!["trait".to_string(), "method".to_string()];
    header.extend(wanted.iter().map(|metric| metric_title(*metric)));
    header
}

/// As tables for readers call it.
#[must_use]
pub fn metric_title(metric: Metric) -> String {
    match metric {
        Metric::Pearson => "Pearson r".to_string(),
        Metric::Within => "r within".to_string(),
        Metric::Spearman => "Spearman ρ".to_string(),
        Metric::Rmse => "RMSE".to_string(),
        Metric::Slope => "slope".to_string(),
        Metric::Bias => "bias".to_string(),
        Metric::TopOverlap => "top 10 %".to_string(),
        Metric::Auc => "AUC".to_string(),
        Metric::AveragePrecision => "avg. precision".to_string(),
        Metric::Brier => "Brier".to_string(),
    }
}

/// Mean, SD (0 of one) and number; `None` of nothing.
fn over_folds(values: &[f64]) -> Option<(f64, f64, usize)> {
    let (mean, sd) = mean_and_sd(values);
    let sd = if values.len() > 1 { sd } else { 0.0 };
    (!values.is_empty()).then_some((mean, sd, values.len()))
}

/// Rows of cells as text, columns below each other.
#[must_use]
pub fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
