//! The first nodes of each layer as sets, for programs that look for what sets have in common.

use super::tables::cell;
use crate::study::explain::Importance;

/// A line of a .gmt a trait and layer: name, what it is, and the first `top` nodes by rank, those that score above 0.
///
/// Nodes that are listed by hand and have no layer are sets of one; they are left out.
#[must_use]
pub fn gene_sets(all: &[Importance], traits: &[String], method: &str, top: usize) -> String {
    let mut text = String::new();
    for layer in all.chunk_by(|one, other| one.at == other.at && one.layer == other.layer) {
        let mut first: Vec<&Importance> =
            layer.iter().filter(|one| one.rank <= top && one.score > 0.0 && one.node != one.layer).collect();
        if first.is_empty() {
            continue;
        }
        first.sort_by_key(|one| one.rank);
        let (name, of) = (cell(&traits[layer[0].at]), cell(&layer[0].layer));
        let nodes: Vec<String> = first.iter().map(|one| cell(&one.node)).collect();
        let what = format!("the first {} of {} by {method}, binnc", first.len(), layer.len());
        text += &format!("{name}.{of}\t{what}\t{}\n", nodes.join("\t"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::explain::{Explained, importances};

    #[test]
    fn sets_hold_the_first_nodes_by_rank() {
        let one = |layer: &str, node: &str, score: f64| Explained {
            layer: layer.into(),
            node: node.into(),
            spread: 1.0,
            scores: vec![score, 0.0],
            signed: vec![score, 0.0],
        };
        let nodes = [
            ("gene", "A", 1.0),
            ("gene", "B", 3.0),
            ("gene", "C", 2.0),
            ("gene", "D", 0.0),
            ("head", "head", 4.0),
        ];
        let all = importances(&[nodes.iter().map(|(layer, node, score)| one(layer, node, *score)).collect()]);
        let traits = ["yield".to_string(), "height".to_string()];
        assert_eq!(
            gene_sets(&all, &traits, "clamp", 2),
            "yield.gene\tthe first 2 of 4 by clamp, binnc\tB\tC\n"
        );
        assert_eq!(gene_sets(&all, &traits, "clamp", 9).split('\t').count(), 5);
    }
}
