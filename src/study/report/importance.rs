//! Importance of nodes as a table.

use super::tables::{cell, number};
use crate::study::explain::Importance;
use std::fmt::Write;

/// `layer node trait method deviations score se p q signed spread rank n_models n_all`, a row a node and trait;
/// `traits` are their names. `deviations` is `NA` where nothing was clamped, `p` and `q`
/// where nothing was fitted under a null.
#[must_use]
pub fn importances_tsv(
    all: &[Importance],
    traits: &[String],
    method: &str,
    deviations: Option<f64>,
) -> String {
    let deviations = deviations.map_or("NA".to_string(), |deviations| deviations.to_string());
    let mut text = String::from(
        "layer\tnode\ttrait\tmethod\tdeviations\tscore\tse\tp\tq\tsigned\tspread\trank\tn_models\tn_all\n",
    );
    for one in all {
        let (layer, node, name) = (cell(&one.layer), cell(&one.node), cell(&traits[one.at]));
        let [score, se, p, q] = [one.score, one.se, one.p, one.q].map(number);
        let [signed, spread] = [one.signed, one.spread].map(number);
        let _ = writeln!(
            text,
            "{layer}\t{node}\t{name}\t{method}\t{deviations}\t{score}\t{se}\t{p}\t{q}\t{signed}\t{spread}\t{}\t{}\t{}",
            one.rank, one.networks, one.of
        );
    }
    text
}
