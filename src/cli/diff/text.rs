//! The comparison for a terminal.

use super::report::{Compared, Counts, Pair, PriorChange, Report, Setting};
use crate::compiler::compare::{LayerDifference, LinkDifference};
use crate::compiler::lock::LockedGraph;
use crate::language::diagnostics::visible::visible;
use std::fmt::Write;

pub(super) fn text(report: &Report, limit: usize) -> String {
    let mut out = format!("{} -> {}\n", report.old, report.new);
    for note in &report.notes {
        let _ = writeln!(out, "note: {note}");
    }
    if report.equal {
        out += match report.compared {
            Compared::Graph => "no difference\n",
            Compared::Priors => "no difference in what was compared\n",
        };
        return visible(&out);
    }
    if let Some(graph) = &report.graph {
        out += &figures(graph);
    }
    for layer in &report.difference.layers {
        let _ = writeln!(out, "\n{}", layer_line(layer));
        for (sign, names) in [('-', &layer.removed), ('+', &layer.added)] {
            out += &names_of(sign, names.iter().cloned(), limit);
        }
    }
    for link in &report.difference.links {
        let _ = writeln!(out, "\n{}", link_line(link));
        for (sign, pairs) in [('-', &link.removed), ('+', &link.added)] {
            out += &names_of(sign, pairs.iter().map(|(from, to)| format!("{from} -> {to}")), limit);
        }
    }
    if !report.priors.is_empty() {
        out += "\npriors\n";
        report.priors.iter().for_each(|prior| out += &format!("  {}\n", prior_line(prior)));
    }
    if !report.settings.is_empty() {
        out += "\nsettings\n";
        report.settings.iter().for_each(|setting| out += &format!("  {}\n", setting_line(setting)));
    }
    visible(&out)
}

fn figures(graph: &Pair<LockedGraph>) -> String {
    let Pair { before, after } = graph;
    let mut out = format!("\n{:12}{:>12}{:>12}{:>12}\n", "", "before", "after", "change");
    for (what, before, after) in [
        ("nodes", before.nodes, after.nodes),
        ("edges", before.edges, after.edges),
        ("parameters", before.parameters, after.parameters),
    ] {
        let change = after as i128 - before as i128;
        let _ = writeln!(out, "{what:12}{before:>12}{after:>12}{change:>+12}");
    }
    for (what, before, after) in
        [("graph digest", &before.digest, &after.digest), ("plan digest", &before.plan, &after.plan)]
    {
        let same = if before == after {
            "the same".to_string()
        } else {
            format!("{} -> {}", short(before), short(after))
        };
        let _ = writeln!(out, "{what:14}{same}");
    }
    out
}

/// Enough of a digest to tell two apart.
pub(super) fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

/// What people call a layer.
pub(super) fn layer_name(layer: &str) -> String {
    match layer {
        "" => "hand-named nodes".to_string(),
        "predict" => "predicted traits".to_string(),
        "supervise" => "supervising columns".to_string(),
        layer => layer.to_string(),
    }
}

fn layer_line(layer: &LayerDifference) -> String {
    format!(
        "{}: {} -> {} nodes, {} removed, {} added",
        layer_name(&layer.layer),
        layer.before,
        layer.after,
        layer.removed.len(),
        layer.added.len()
    )
}

fn link_line(link: &LinkDifference) -> String {
    let mut line = format!(
        "{} -> {}: {} -> {} edges",
        layer_name(&link.from),
        layer_name(&link.to),
        link.before,
        link.after
    );
    for (verb, alone, with_nodes) in [
        ("removed", link.removed.len(), link.removed_with_nodes),
        ("added", link.added.len(), link.added_with_nodes),
    ] {
        match (alone, with_nodes) {
            (0, 0) => {}
            (alone, 0) => line += &format!(", {alone} {verb}"),
            (0, with) => line += &format!(", {with} {verb} with their nodes"),
            (alone, with) => line += &format!(", {} {verb}, {with} of them with their nodes", alone + with),
        }
    }
    line
}

fn names_of(sign: char, names: impl ExactSizeIterator<Item = String>, limit: usize) -> String {
    let left_off = names.len().saturating_sub(limit);
    let mut out: String = names.take(limit).map(|name| format!("  {sign} {name}\n")).collect();
    if left_off > 0 {
        out += &format!("  {sign} and {left_off} more\n");
    }
    out
}

pub(super) fn prior_line(prior: &PriorChange) -> String {
    let side = |counts: &Option<Counts>| match counts {
        None => "not there".to_string(),
        Some(Counts { targets, pairs: 0 }) => format!("{targets} intervals"),
        Some(Counts { targets, pairs }) => format!("{targets} sets, {pairs} pairs"),
    };
    let (before, after) = (side(&prior.before), side(&prior.after));
    if before == after {
        return format!("{}: {before}, other contents", prior.name);
    }
    format!("{}: {before} -> {after}", prior.name)
}

pub(super) fn setting_line(setting: &Setting) -> String {
    match (&setting.before, &setting.after) {
        (Some(before), Some(after)) => format!("{}: {before} -> {after}", setting.key),
        (Some(before), None) => format!("{}: {before}, removed", setting.key),
        (None, after) => format!("{}: {}, added", setting.key, after.as_deref().unwrap_or_default()),
    }
}
