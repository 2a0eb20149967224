//! The table of an experiment.

use super::grid::Axis;
use crate::cli::load::Setting;
use crate::engine::model::mean_and_sd;
use crate::language::spec::Metric;
use crate::study::report::{Measure, aligned, metric_title, whole_folds};
use std::fmt::Write;

/// A run with what it measured.
pub(super) struct Cell {
    pub(super) settings: Vec<Setting>,
    pub(super) measures: Vec<Measure>,
}

/// Trait, method and metric.
type Key<'a> = (&'a str, &'a str, &'a str);

/// Means over the folds of a run whose training rows were all seen, in order of appearance.
fn means(cell: &Cell) -> Vec<(Key<'_>, f64, usize)> {
    let mut found: Vec<(Key<'_>, Vec<f64>)> = Vec::new();
    for row in whole_folds(&cell.measures) {
        let Some(value) = row.value else { continue };
        let key = (row.trait_name.as_str(), row.method.as_str(), row.metric.as_str());
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.push(value),
            None => found.push((key, vec![value])),
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    found.into_iter().map(|(key, values)| (key, mean(&values), values.len())).collect()
}

/// The axes, then `trait method metric value folds`: one row a run, trait, method and measure.
pub(super) fn tsv(axes: &[Axis], cells: &[Cell]) -> String {
    let mut text: String = axes.iter().map(|axis| format!("{}\t", axis.name)).collect();
    text += "trait\tmethod\tmetric\tvalue\tfolds\n";
    for cell in cells {
        let settings: String = cell.settings.iter().map(|one| format!("{}\t", one.value)).collect();
        for ((name, method, metric), value, folds) in means(cell) {
            let _ = writeln!(text, "{settings}{name}\t{method}\t{metric}\t{value}\t{folds}");
        }
    }
    text
}

/// One metric, a line a combination of what is varied, trait and method: mean ± SD over the other runs.
pub(super) fn shown(vary: &[Axis], cells: &[Cell], metric: Metric) -> String {
    let mut lines: Vec<(Vec<&str>, Vec<f64>)> = Vec::new();
    for cell in cells {
        let varied: Vec<&str> = cell.settings[..vary.len()].iter().map(|one| one.value.as_str()).collect();
        for ((name, method, _), value, _) in
            means(cell).into_iter().filter(|(key, ..)| key.2 == metric.name())
        {
            let line: Vec<&str> = varied.iter().copied().chain([name, method]).collect();
            match lines.iter_mut().find(|(known, _)| *known == line) {
                Some((_, values)) => values.push(value),
                None => lines.push((line, vec![value])),
            }
        }
    }
    let titles = vary.iter().map(|axis| axis.name.clone());
    let titles = titles.chain(["trait".to_string(), "method".to_string(), metric_title(metric)]);
    let mut rows: Vec<Vec<String>> = vec![titles.collect()];
    let runs = lines.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    for (line, values) in lines {
        let (mean, sd) = mean_and_sd(&values);
        let value = if values.len() > 1 { format!("{mean:.3} ± {sd:.3}") } else { format!("{mean:.3}") };
        rows.push(line.into_iter().map(String::from).chain([value]).collect());
    }
    let over = if runs > 1 { format!("mean ± SD over {runs} runs") } else { "one run each".to_string() };
    format!("{over}, each the mean of its folds\n\n{}", aligned(&rows))
}
