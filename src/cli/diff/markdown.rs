//! The comparison for the comment of a pull request.
//!
//! Names come from files that anybody may have written: none can end a table cell, open a tag,
//! mention a person or make a link.

use super::report::{Compared, Pair, Report};
use super::text::{layer_name, prior_line, setting_line, short};
use crate::compiler::lock::LockedGraph;
use crate::language::diagnostics::visible::visible;
use std::fmt::Write;

pub(super) fn markdown(report: &Report, limit: usize) -> String {
    let mut out = format!("### {} → {}\n\n", code(&report.old), code(&report.new));
    for note in &report.notes {
        let _ = writeln!(out, "> {}\n", plain(note));
    }
    if report.equal {
        out += match report.compared {
            Compared::Graph => "No difference.\n",
            Compared::Priors => "No difference in what was compared.\n",
        };
        return out;
    }
    if let Some(graph) = &report.graph {
        out += &figures(graph);
    }
    if !report.difference.layers.is_empty() {
        out += "| nodes of | before | after | removed | added |\n|---|--:|--:|--:|--:|\n";
        for layer in &report.difference.layers {
            let (before, after) = (layer.before, layer.after);
            let _ = writeln!(
                out,
                "| {} | {before} | {after} | {} | {} |",
                cell(&layer_name(&layer.layer)),
                layer.removed.len(),
                layer.added.len()
            );
        }
        out.push('\n');
    }
    if !report.difference.links.is_empty() {
        out += "| edges | before | after | removed | of these with a node | added | of these with a node |\n";
        out += "|---|--:|--:|--:|--:|--:|--:|\n";
        for link in &report.difference.links {
            let _ = writeln!(
                out,
                "| {} → {} | {} | {} | {} | {} | {} | {} |",
                cell(&layer_name(&link.from)),
                cell(&layer_name(&link.to)),
                link.before,
                link.after,
                link.removed.len() + link.removed_with_nodes,
                link.removed_with_nodes,
                link.added.len() + link.added_with_nodes,
                link.added_with_nodes
            );
        }
        out.push('\n');
    }
    for layer in &report.difference.layers {
        let name = layer_name(&layer.layer);
        out += &folded("removed from", &name, layer.removed.iter().map(|name| code(name)), limit);
        out += &folded("added to", &name, layer.added.iter().map(|name| code(name)), limit);
    }
    for link in &report.difference.links {
        let name = format!("{} → {}", layer_name(&link.from), layer_name(&link.to));
        let arrow = |(from, to): &(String, String)| format!("{} → {}", code(from), code(to));
        out += &folded("edges removed from", &name, link.removed.iter().map(arrow), limit);
        out += &folded("edges added to", &name, link.added.iter().map(arrow), limit);
    }
    out += &listed("Priors", report.priors.iter().map(prior_line));
    out += &listed("Settings", report.settings.iter().map(setting_line));
    out
}

fn figures(graph: &Pair<LockedGraph>) -> String {
    let Pair { before, after } = graph;
    let mut out = String::from("| | before | after |\n|---|--:|--:|\n");
    for (what, before, after) in [
        ("nodes", before.nodes, after.nodes),
        ("edges", before.edges, after.edges),
        ("parameters", before.parameters, after.parameters),
    ] {
        let _ = writeln!(out, "| {what} | {before} | {after} |");
    }
    let _ =
        writeln!(out, "| graph digest | {} | {} |", code(short(&before.digest)), code(short(&after.digest)));
    out.push('\n');
    out
}

/// Names behind a line to click, so that a long list does not bury the rest.
fn folded(what: &str, name: &str, names: impl ExactSizeIterator<Item = String>, limit: usize) -> String {
    let all = names.len();
    if all == 0 {
        return String::new();
    }
    let mut out = format!("<details><summary>{all} {what} {}</summary>\n\n", plain(name));
    names.take(limit).for_each(|name| out += &format!("- {name}\n"));
    if all > limit {
        out += &format!("- and {} more\n", all - limit);
    }
    out + "\n</details>\n\n"
}

fn listed(title: &str, lines: impl ExactSizeIterator<Item = String>) -> String {
    if lines.len() == 0 {
        return String::new();
    }
    let lines: String = lines.map(|line| format!("- {}\n", code(&line))).collect();
    format!("**{title}**\n\n{lines}\n")
}

/// A name as code: a run of backticks longer than any inside it holds it.
fn code(name: &str) -> String {
    let name = visible(name).replace(['\n', '\r'], " ");
    let longest = name.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if name.starts_with('`') || name.ends_with('`') || name.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{name}{pad}{fence}")
}

/// The same in a cell of a table, which a bar would end.
fn cell(name: &str) -> String {
    code(name).replace('|', "\\|")
}

/// Text outside code: what Markdown or HTML would read as its own is escaped.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        match c {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            '@' => out += "&#64;",
            '\n' | '\r' => out.push(' '),
            '\\' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_place() {
        assert_eq!(code("GO:1"), "`GO:1`");
        assert_eq!((code("a|b").as_str(), cell("a|b").as_str()), ("`a|b`", "`a\\|b`"));
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("x\ny"), "`x y`");
        assert_eq!(plain("<b>@me [a](b)</b>"), "&lt;b&gt;&#64;me \\[a\\](b)&lt;/b&gt;");
    }
}
