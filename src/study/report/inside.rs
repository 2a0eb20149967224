//! How training went, and what networks look like inside, as tables.

use super::tables::{cell, number};
use crate::study::evaluate::{BranchRow, FINAL, FitRecord, NodeRow};
use std::fmt::Write;

/// `method repeat fold size inner member candidate epoch loss supervision penalty validation kept`, one row
/// an epoch of a fit; `kept` is 1 in the epoch whose parameters were kept.
#[must_use]
pub fn training_tsv(fits: &[FitRecord]) -> String {
    let mut text = String::from(
        "method\trepeat\tfold\tsize\tinner\tmember\tcandidate\tepoch\tloss\tsupervision\tpenalty\tvalidation\tkept\n",
    );
    let or_na = |count: Option<usize>| count.map_or("NA".to_string(), |count| count.to_string());
    for fit in fits {
        let FitRecord { method, repeat, fold, inner, member, .. } = fit;
        let fold = if *fold == FINAL { "final".to_string() } else { fold.to_string() };
        let (size, candidate) =
            (fit.size.map_or("all".to_string(), |size| size.to_string()), or_na(fit.candidate));
        for epoch in &fit.history {
            let [loss, supervision, penalty] =
                [epoch.train.traits, epoch.train.supervision, epoch.train.penalty].map(number);
            let validation = number(epoch.validation.unwrap_or(f64::NAN));
            let kept = u8::from(epoch.epoch == fit.best_epoch);
            let _ = writeln!(
                text,
                "{}\t{repeat}\t{fold}\t{size}\t{inner}\t{member}\t{candidate}\t{}\t{loss}\t{supervision}\t{penalty}\t{validation}\t{kept}",
                method.name(),
                epoch.epoch
            );
        }
    }
    text
}

/// `layer node repeat fold networks inputs units dead saturated spread measured_by n_test r`, one row a node
/// and fold.
#[must_use]
pub fn nodes_tsv(nodes: &[NodeRow]) -> String {
    let mut text = String::from(
        "layer\tnode\trepeat\tfold\tnetworks\tinputs\tunits\tdead\tsaturated\tspread\tmeasured_by\tn_test\tr\n",
    );
    for row in nodes {
        let NodeRow { repeat, fold, networks, inputs, units, n_test, .. } = row;
        let (layer, node) = (cell(&row.layer), cell(&row.node));
        let [dead, saturated, spread] = [row.dead, row.saturated, row.spread].map(number);
        let (measured_by, r) =
            (cell(row.measured_by.as_deref().unwrap_or("NA")), number(row.r.unwrap_or(f64::NAN)));
        let _ = writeln!(
            text,
            "{layer}\t{node}\t{repeat}\t{fold}\t{networks}\t{inputs}\t{units}\t{dead}\t{saturated}\t{spread}\t{measured_by}\t{n_test}\t{r}"
        );
    }
    text
}

/// `trait branch repeat fold spread`, one row a trait, layer that it is read from, and fold.
#[must_use]
pub fn branches_tsv(branches: &[BranchRow]) -> String {
    let mut text = String::from("trait\tbranch\trepeat\tfold\tspread\n");
    for BranchRow { trait_name, branch, repeat, fold, spread } in branches {
        let (name, branch, spread) = (cell(trait_name), cell(branch), number(*spread));
        let _ = writeln!(text, "{name}\t{branch}\t{repeat}\t{fold}\t{spread}");
    }
    text
}
