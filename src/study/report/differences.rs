//! How the model differs from what it is compared with, as a file and for a terminal.

use super::summary::{aligned, header};
use super::tables::{cell, number};
use crate::language::spec::Metric;
use crate::study::evaluate::{Difference, Judged};
use std::fmt::Write;

/// `trait beside size folds difference better t df p p_holm low high`, a row a comparison.
#[must_use]
pub fn differences_tsv(differences: &[Difference]) -> String {
    let mut text =
        String::from("trait\tbeside\tsize\tfolds\tdifference\tbetter\tt\tdf\tp\tp_holm\tlow\thigh\n");
    for one in differences {
        let size = one.size.map_or("all".to_string(), |size| size.to_string());
        let (name, beside, mean) = (cell(&one.trait_name), one.beside.name(), number(one.mean));
        let judged = match one.judged {
            Judged::Test { t, freedom, p, holm } => format!("{t}\t{freedom}\t{p}\t{holm}\tNA\tNA"),
            Judged::Interval { low, high } => format!("NA\tNA\tNA\tNA\t{low}\t{high}"),
            Judged::Not => ["NA"; 6].join("\t"),
        };
        let _ = writeln!(text, "{name}\t{beside}\t{size}\t{}\t{mean}\t{}\t{judged}", one.folds, one.better);
    }
    text
}

/// A line a trait and method, of fits that saw all training rows; empty where nothing is compared. `metric` is
/// what is compared.
#[must_use]
pub fn differences_table(
    differences: &[Difference],
    metric: Metric,
    units: &dyn Fn(&str) -> Option<String>,
) -> String {
    let whole: Vec<&Difference> = differences.iter().filter(|one| one.size.is_none()).collect();
    if whole.is_empty() {
        return String::new();
    }
    let tested = whole.iter().any(|one| matches!(one.judged, Judged::Test { .. }));
    let drawn = whole.iter().any(|one| matches!(one.judged, Judged::Interval { .. }));
    let mut titles = vec!["trait", "less", "difference", "folds above"];
    titles.extend(tested.then_some(["p", "p (Holm)"]).into_iter().flatten());
    titles.extend(drawn.then_some("95 % interval"));
    let mut rows = vec![titles.into_iter().map(String::from).collect::<Vec<_>>()];
    for one in whole {
        let unit = units(&one.trait_name).map_or(String::new(), |unit| format!(" ({unit})"));
        let mut row = vec![
            format!("{}{unit}", one.trait_name),
            one.beside.name().to_string(),
            format!("{:+.3}", one.mean),
            format!("{} of {}", one.better, one.folds),
        ];
        let none = || "–".to_string();
        let (p, interval) = match one.judged {
            Judged::Test { p, holm, .. } => ([shown(p), shown(holm)], none()),
            Judged::Interval { low, high } => ([none(), none()], format!("{low:+.3} to {high:+.3}")),
            Judged::Not => ([none(), none()], none()),
        };
        row.extend(tested.then_some(p).into_iter().flatten());
        row.extend(drawn.then_some(interval));
        rows.push(row);
    }
    let metric = &header(&[metric])[2];
    format!("{metric} of binn, less that of\n\n{}", aligned(&rows))
}

/// A p as it is read: three decimals, or that it is smaller.
fn shown(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_string() } else { format!("{p:.3}") }
}
