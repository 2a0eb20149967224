//! The first nodes of each layer, with bars.

use crate::study::explain::Importance;
use std::fmt::Write;

/// Characters of the longest bar.
const WIDTH: usize = 30;

/// A paragraph a trait and layer: rank, name, score ± SE, direction, and a bar.
pub(super) fn shown(all: &[Importance], traits: &[String], top: usize) -> String {
    let mut text = String::new();
    let together = |one: &Importance, other: &Importance| one.at == other.at && one.layer == other.layer;
    for layer in all.chunk_by(together) {
        let mut nodes: Vec<&Importance> = layer.iter().collect();
        nodes.sort_by_key(|node| node.rank);
        let (count, most) = (nodes.len(), nodes[0].score);
        let names = if count == 1 { "1 node".to_string() } else { format!("{count} nodes") };
        let _ = writeln!(text, "{}: {}, {names}", traits[layer[0].at], layer[0].layer);
        nodes.truncate(top);
        let width = nodes.iter().map(|node| node.node.chars().count()).max().unwrap_or(0);
        for node in nodes {
            let share = if most > 0.0 { node.score / most } else { 0.0 };
            let bar = "█".repeat((share * WIDTH as f64).round() as usize);
            let error = if node.se.is_nan() { String::new() } else { format!(" ± {:.2e}", node.se) };
            let direction = if node.signed < 0.0 { '−' } else { '+' };
            let (rank, name, score) = (node.rank, &node.node, node.score);
            let having = if node.networks < node.of {
                format!("  in {} of {}", node.networks, node.of)
            } else {
                String::new()
            };
            let line =
                format!("  {rank:>4}  {name:width$}  {direction} {score:.3e}{error}  {bar:WIDTH$}{having}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text.push('\n');
    }
    text
}
