//! The tab-separated files of a run folder.

use crate::compiler::graph::{Coverage, PruneReason, Pruned};
use crate::data::Cohort;
use crate::study::evaluate::{FINAL, FittedFold, MetricRow, PredictionRow};
use std::fmt::Write;

/// `trait method repeat fold n_train n_test metric value`, one row a fold.
#[must_use]
pub fn metrics_tsv(metrics: &[MetricRow]) -> String {
    let mut text = String::from("trait\tmethod\trepeat\tfold\tn_train\tn_test\tmetric\tvalue\n");
    for row in metrics {
        let MetricRow { trait_name, method, repeat, fold, n_train, n_test, metric, value, .. } = row;
        let (method, value) = (method.name(), number(value.unwrap_or(f64::NAN)));
        let name = cell(trait_name);
        let _ = writeln!(text, "{name}\t{method}\t{repeat}\t{fold}\t{n_train}\t{n_test}\t{metric}\t{value}");
    }
    text
}

/// The same rows as a JSON list.
///
/// # Errors
/// As serde_json says; plain rows have none.
pub fn metrics_json(metrics: &[MetricRow]) -> serde_json::Result<String> {
    let rows: Vec<serde_json::Value> = metrics
        .iter()
        .map(|row| {
            serde_json::json!({
                "trait": row.trait_name, "method": row.method.name(), "repeat": row.repeat, "fold": row.fold,
                "n_train": row.n_train, "n_test": row.n_test, "metric": row.metric, "value": row.value,
            })
        })
        .collect();
    serde_json::to_string_pretty(&rows)
}

/// `IID trait method repeat fold observed predicted genetic sd`; fold `final` is the final fit. Where records
/// repeat, `record` stands behind `IID`.
#[must_use]
pub fn predictions_tsv(predictions: &[PredictionRow], cohort: &Cohort) -> String {
    let mut text = String::from("IID");
    text += &cohort.record_cell(None);
    text += "\ttrait\tmethod\trepeat\tfold\tobserved\tpredicted\tgenetic\tsd\n";
    for row in predictions {
        let sample = of_row(cohort, row.row);
        let (name, method) = (cell(&row.trait_name), row.method.name());
        let fold = if row.fold == FINAL { "final".to_string() } else { row.fold.to_string() };
        let [observed, predicted, genetic, sd] =
            [row.observed, row.predicted, row.genetic, row.sd].map(number);
        let _ = writeln!(
            text,
            "{sample}\t{name}\t{method}\t{}\t{fold}\t{observed}\t{predicted}\t{genetic}\t{sd}",
            row.repeat
        );
    }
    text
}

/// The individual of a row, and where records repeat the place of the record.
fn of_row(cohort: &Cohort, row: u32) -> String {
    cell(&cohort.samples[row as usize].individual) + &cohort.record_cell(Some(row))
}

/// `IID part`, part being `train` or `test`, of one fold; where records repeat, `record` stands between.
#[must_use]
pub fn rows_tsv(fitted: &FittedFold, cohort: &Cohort) -> String {
    let mut text = String::from("IID");
    text += &cohort.record_cell(None);
    text += "\tpart\n";
    let test = fitted.fold.as_ref().map_or(&[][..], |fold| &fold.test);
    for (rows, part) in [(fitted.train.as_slice(), "train"), (test, "test")] {
        for row in rows {
            let _ = writeln!(text, "{}\t{part}", of_row(cohort, *row));
        }
    }
    text
}

/// Every join with its counts and examples, then pruned nodes, then filtered variants by fold.
#[must_use]
pub fn coverage_tsv(coverage: &[Coverage], pruned: &[Pruned], fitted: &[FittedFold]) -> String {
    let mut text = String::from("join\tside\twhat\tmatched\tunmatched\texamples\n");
    for join in coverage {
        let sides = [
            ("left", &join.left, join.left_matched, join.left_only, &join.left_examples),
            ("right", &join.right, join.right_matched, join.right_only, &join.right_examples),
        ];
        for (side, what, matched, unmatched, examples) in sides {
            let (name, examples) = (cell(&join.join), cell(&examples.join(", ")));
            let _ = writeln!(text, "{name}\t{side}\t{what}\t{matched}\t{unmatched}\t{examples}");
        }
    }
    for node in pruned {
        let reason = match node.reason {
            PruneReason::NoInput => "no input reaches it",
            PruneReason::NoOutput => "it reaches no output",
        };
        let _ = writeln!(text, "pruned\t{}\t{reason}\t0\t1\t{}", cell(&node.layer), cell(&node.name));
    }
    for fold in fitted {
        for network in fold.networks.iter().filter(|network| network.filtered > 0) {
            let inner = if network.inner == 0 { String::new() } else { format!("-i{}", network.inner) };
            let (place, filtered) = (fold.place(), network.filtered);
            let what = "variants outside maf, missing or constant";
            let _ = writeln!(text, "filters\t{place}{inner}\t{what}\t0\t{filtered}\t");
        }
    }
    text
}

pub(super) fn number(value: f64) -> String {
    if value.is_nan() { "NA".to_string() } else { format!("{value}") }
}

/// A name as one cell: tabs and line ends would shift columns.
pub(super) fn cell(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}
