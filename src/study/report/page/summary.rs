//! The run in sentences that can be read aloud.

use super::Run;
use crate::engine::model::mean_and_sd;
use crate::study::report::{Compared, Measure, whole_folds};

const OWN: &str = "binn";

/// One or two sentences a trait, and what stands behind them.
pub(super) fn sentences(run: &Run) -> Vec<String> {
    let whole = whole_folds(&run.metrics);
    let mut traits: Vec<&str> = Vec::new();
    for row in &whole {
        if !traits.contains(&row.trait_name.as_str()) {
            traits.push(&row.trait_name);
        }
    }
    if traits.is_empty() {
        return vec![
            "The run has no folds: the final model was fitted, and how well it predicts is not known.".into(),
        ];
    }
    traits.iter().flat_map(|name| of_trait(run, &whole, name)).collect()
}

fn of_trait(run: &Run, whole: &[&Measure], name: &str) -> Vec<String> {
    let unit = run.units.get(name).map_or(String::new(), |unit| format!(" ({unit})"));
    let has = |metric: &str, method: &str| -> Vec<f64> {
        let rows = whole.iter().filter(|row| row.trait_name == name && row.metric == metric);
        rows.filter(|row| row.method == method).filter_map(|row| row.value).collect()
    };
    // What the spec judges by may be nothing that this trait has, such as an area of a continuous one.
    let metric = if has(&run.metric, OWN).is_empty() { "pearson" } else { run.metric.as_str() };
    let own = has(metric, OWN);
    if own.is_empty() {
        return vec![format!("{name}{unit}: no fold could be measured.")];
    }
    let mut methods: Vec<&str> = Vec::new();
    for row in whole.iter().filter(|row| row.trait_name == name && row.metric == metric) {
        if ![OWN, "network"].contains(&row.method.as_str()) && !methods.contains(&row.method.as_str()) {
            methods.push(&row.method);
        }
    }
    let (mean, sd) = mean_and_sd(&own);
    let folds = if own.len() == 1 { "one fold".to_string() } else { format!("{} folds", own.len()) };
    let spread = if sd.is_nan() { String::new() } else { format!(" ± {sd:.3}") };
    let mut said = vec![format!(
        "{name}{unit}: on individuals that it has not seen, the network reaches {} of {mean:.3}{spread} over {folds}.",
        measure(metric)
    )];
    for method in methods {
        let values = has(metric, method);
        if values.is_empty() {
            continue;
        }
        let of_method = |one: &&Compared| one.trait_name == name && one.beside == method && one.size == "all";
        let compared = run.differences.iter().find(of_method);
        let compared = compared.map_or(".".to_string(), |one| beside(one, metric));
        said.push(format!("Beside it, {method} reaches {:.3}{compared}", mean_and_sd(&values).0));
    }
    said
}

/// How the network differs from what it is compared with; runs compare by correlation.
fn beside(one: &Compared, metric: &str) -> String {
    let Some(difference) = one.difference else { return ".".to_string() };
    let side = if difference < 0.0 { "below" } else { "above" };
    let judged = match (one.p_holm, one.low, one.high) {
        (Some(p), ..) if p < 0.05 => {
            let p = if p < 0.001 { "p < 0.001".to_string() } else { format!("p = {p:.3}") };
            format!(", more than chance would give ({p} after Holm)")
        }
        (Some(p), ..) => format!(", which chance may well give (p = {p:.2} after Holm)"),
        (None, Some(low), Some(high)) => format!(" (95 % of drawn samples between {low:+.3} and {high:+.3})"),
        _ => String::new(),
    };
    let by = if metric.starts_with("pearson") { "" } else { "in correlation " };
    format!(
        ": {by}the network is {:.3} {side} it, and above it in {} of {} folds{judged}.",
        difference.abs(),
        one.better,
        one.folds
    )
}

/// A measure's name in a sentence.
fn measure(metric: &str) -> &str {
    match metric {
        "pearson" => "a correlation (Pearson's r)",
        "spearman" => "a rank correlation (Spearman's ρ)",
        "pearson_within" => "a correlation within groups",
        "auc" => "an area under the ROC curve",
        "average_precision" => "a mean precision",
        "rmse" => "a root mean squared error",
        "brier" => "a Brier score",
        "slope" => "a slope of observed on predicted",
        "bias" => "a bias",
        other => other,
    }
}
