//! The first nodes of each layer, with bars.

use crate::study::explain::{Agreement, Importance};
use std::fmt::Write;

/// Nodes with a q as low stand out.
const STANDS_OUT: f64 = 0.05;
/// Characters of the longest bar.
const WIDTH: usize = 30;

/// A paragraph a trait and layer: rank, name, score ± SE, direction, q where there is one, a bar, and how far networks agree.
#[must_use]
pub fn ranking_table(all: &[Importance], traits: &[String], agreed: &[Agreement], top: usize) -> String {
    let mut text = String::new();
    let together = |one: &Importance, other: &Importance| one.at == other.at && one.layer == other.layer;
    for layer in all.chunk_by(together) {
        let whole = layer;
        let mut nodes: Vec<&Importance> = whole.iter().collect();
        nodes.sort_by_key(|node| node.rank);
        let (count, most) = (nodes.len(), nodes[0].score);
        let agreement = agreed.iter().find(|one| one.at == nodes[0].at && one.layer == nodes[0].layer);
        let names = if count == 1 { "1 node".to_string() } else { format!("{count} nodes") };
        // Nodes that are listed by hand have no layer's name but the first of their own.
        let by_hand = nodes.iter().any(|node| node.node == node.layer);
        let layer = if by_hand { String::new() } else { format!("{}, ", nodes[0].layer) };
        let _ = writeln!(text, "{}: {layer}{names}", traits[nodes[0].at]);
        nodes.truncate(top);
        let figures: Vec<String> = nodes.iter().map(|node| figure(node)).collect();
        let width = nodes.iter().map(|node| node.node.chars().count()).max().unwrap_or(0);
        let wide = figures.iter().map(|figure| figure.chars().count()).max().unwrap_or(0);
        for (node, figure) in nodes.iter().zip(&figures) {
            let share = if most > 0.0 { node.score / most } else { 0.0 };
            let bar = "█".repeat((share * WIDTH as f64).round() as usize);
            let having = if node.networks < node.of {
                format!("  in {} of {}", node.networks, node.of)
            } else {
                String::new()
            };
            let (rank, name) = (node.rank, &node.node);
            let q = if node.q.is_nan() { String::new() } else { format!("  q {:<7}", number(node.q)) };
            let line = format!("  {rank:>4}  {name:width$}  {figure:wide$}{q}  {bar:WIDTH$}{having}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
        if let Some(line) = judged(whole, top) {
            let _ = writeln!(text, "        {line}");
        }
        if let Some(Agreement { correlation, shared, first, .. }) = agreement {
            let first = if *first < count {
                format!(", {shared:.1} of the first {first} in common")
            } else {
                String::new()
            };
            let _ = writeln!(text, "        two networks: Spearman {correlation:.2}{first}");
        }
        text.push('\n');
    }
    text
}

/// Which nodes stand out from a null, whatever their score; nothing where none was fitted.
fn judged(layer: &[Importance], top: usize) -> Option<String> {
    layer.iter().find(|one| !one.q.is_nan())?;
    let mut found: Vec<&Importance> = layer.iter().filter(|one| one.q <= STANDS_OUT).collect();
    found.sort_by(|one, other| one.p.total_cmp(&other.p));
    let names: Vec<&str> = found.iter().take(top).map(|one| one.node.as_str()).collect();
    let more = if found.len() > top { format!(" and {} more", found.len() - top) } else { String::new() };
    let names = if names.is_empty() { "none".to_string() } else { names.join(", ") };
    Some(format!("q ≤ {STANDS_OUT}: {names}{more}"))
}

/// Direction and score ± SE.
fn figure(node: &Importance) -> String {
    let direction = match node.signed {
        signed if signed < 0.0 => '−',
        signed if signed > 0.0 => '+',
        _ => ' ',
    };
    let error = if node.se.is_nan() { String::new() } else { format!(" ± {}", number(node.se)) };
    format!("{direction} {}{error}", number(node.score))
}

/// Three significant digits, in powers of ten where plain decimals would be long.
fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_string(),
        size if !(1e-4..1e5).contains(&size) => format!("{value:.2e}"),
        size => {
            let before = libm::floor(libm::log10(size)) as i32;
            format!("{value:.*}", usize::try_from(2 - before).unwrap_or(0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let found = [0.0, 2.134, 0.02134, 21.34, 2134.0, 0.00002134, 213_400.0].map(number);
        assert_eq!(found, ["0", "2.13", "0.0213", "21.3", "2134", "2.13e-5", "2.13e5"]);
    }
}
