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
    let mut methods: Vec<&str> = Vec::new();
    let rows = || whole.iter().filter(|row| row.trait_name == name && row.metric == run.metric);
    for row in rows() {
        if !methods.contains(&row.method.as_str()) {
            methods.push(&row.method);
        }
    }
    let values = |method: &str| -> Vec<f64> {
        rows().filter(|row| row.method == method).filter_map(|row| row.value).collect()
    };
    let own = values(OWN);
    if own.is_empty() {
        return Vec::new();
    }
    let measure = measure(&run.metric);
    let (mean, sd) = mean_and_sd(&own);
    let folds = if own.len() == 1 { "one fold".to_string() } else { format!("{} folds", own.len()) };
    let spread = if sd.is_nan() { String::new() } else { format!(" ± {sd:.3}") };
    let unit = run.units.get(name).map_or(String::new(), |unit| format!(" ({unit})"));
    let mut said = vec![format!(
        "{name}{unit}: on individuals that it has not seen, the network reaches a {measure} of {mean:.3}{spread} \
         over {folds}."
    )];
    let others = methods.iter().filter(|method| ![OWN, "network"].contains(*method));
    said.extend(others.map(|method| {
        let (mean, _) = mean_and_sd(&values(method));
        let compared = run
            .differences
            .iter()
            .find(|one| one.trait_name == name && one.beside == *method && one.size == "all");
        format!("Beside it, {method} reaches {mean:.3}{}", compared.map_or(".".to_string(), beside))
    }));
    said
}

/// How the network differs from what it is compared with.
fn beside(one: &Compared) -> String {
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
    format!(
        ": the network is {:.3} {side} it, and above it in {} of {} folds{judged}.",
        difference.abs(),
        one.better,
        one.folds
    )
}

/// A measure's name in a sentence.
fn measure(metric: &str) -> &str {
    match metric {
        "pearson" => "correlation (Pearson's r)",
        "spearman" => "rank correlation (Spearman's ρ)",
        "pearson_within" => "correlation within groups",
        "auc" => "area under the ROC curve",
        "average_precision" => "mean precision",
        "rmse" => "root mean squared error",
        "brier" => "Brier score",
        other => other,
    }
}
