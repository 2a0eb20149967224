//! Accuracies as a section of a MultiQC report, by its custom content.

use super::summary::{Summary, metric_title};
use crate::language::spec::Metric;
use serde_json::{Map, Value, json};

/// The content of a file whose name ends in `_mqc.json`: a table with a row a trait and method, and a column a
/// measure; means over folds. Files of several
/// runs make one table, in which `run` tells them apart.
#[must_use]
pub fn multiqc(run: &str, summaries: &[Summary], wanted: &[Metric]) -> Value {
    let headers: Map<String, Value> = wanted
        .iter()
        .map(|metric| {
            let title = metric_title(*metric);
            let described = format!("{title} on individuals that folds test, mean over folds");
            (
                metric.name().to_string(),
                json!({"title": title, "description": described, "format": "{:,.3f}"}),
            )
        })
        .collect();
    let row = |one: &Summary| {
        let values = wanted.iter().zip(&one.values);
        let values: Map<String, Value> = values
            .filter_map(|(metric, value)| value.map(|(mean, ..)| (metric.name().to_string(), json!(mean))))
            .collect();
        (format!("{run} · {} · {}", one.trait_name, one.method.name()), Value::Object(values))
    };
    let data: Map<String, Value> = summaries.iter().map(row).collect();
    json!({
        "id": "binnc_accuracy",
        "section_name": "Genomic prediction",
        "description": "Accuracy of binnc's models and of the methods beside them, on the same folds.",
        "plot_type": "table",
        "pconfig": {"id": "binnc_accuracy_table", "title": "binnc: accuracy", "col1_header": "Run · trait · method"},
        "headers": headers,
        "data": data,
    })
}
