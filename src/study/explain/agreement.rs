//! How far several networks give the same answer.

use super::Explained;
use crate::study::linear::correlation::{mid_ranks, pearson};
use rustc_hash::FxHashMap;

/// How far networks agree on the nodes of one layer, for one trait.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// The layer.
    pub layer: String,
    /// Place of the trait.
    pub at: usize,
    /// Mean Spearman's ρ of the scores of two networks.
    pub correlation: f64,
    /// Mean number of nodes that stand among the first of both.
    pub shared: f64,
    /// How many are the first.
    pub first: usize,
}

/// Over all pairs of networks, layers as they first appear; nothing of one network, or of a layer of fewer
/// than three nodes. A node that a network does not have scores 0 in it.
#[must_use]
pub fn agreement(networks: &[Vec<Explained>], first: usize) -> Vec<Agreement> {
    let traits = networks.iter().flatten().map(|one| one.scores.len()).next().unwrap_or(0);
    if networks.len() < 2 {
        return Vec::new();
    }
    let mut layers: Vec<(&str, FxHashMap<&str, usize>)> = Vec::new();
    for one in networks.iter().flatten() {
        let at = layers.iter().position(|(name, _)| **name == *one.layer).unwrap_or_else(|| {
            layers.push((&one.layer, FxHashMap::default()));
            layers.len() - 1
        });
        let next = layers[at].1.len();
        layers[at].1.entry(&one.node).or_insert(next);
    }
    let of = |at: usize| {
        layers.iter().filter(|(_, nodes)| nodes.len() > 2).map(move |(layer, nodes)| {
            let lists: Vec<Scores> =
                networks.iter().map(|network| Scores::of(network, layer, nodes, at, first)).collect();
            let pairs: Vec<(&Scores, &Scores)> = (0..lists.len())
                .flat_map(|one| (0..one).map(move |other| (one, other)))
                .map(|(one, other)| (&lists[one], &lists[other]))
                .collect();
            let count = pairs.len() as f64;
            Agreement {
                layer: (*layer).to_string(),
                at,
                correlation: pairs.iter().map(|(one, other)| pearson(&one.ranks, &other.ranks)).sum::<f64>()
                    / count,
                shared: pairs.iter().map(|(one, other)| one.shares(other)).sum::<f64>() / count,
                first: first.min(nodes.len()),
            }
        })
    };
    (0..traits).flat_map(of).collect()
}

/// One network's scores of a layer.
struct Scores {
    ranks: Vec<f64>,
    /// Places of the highest, ascending.
    first: Vec<usize>,
}

impl Scores {
    fn of(
        network: &[Explained],
        layer: &str,
        nodes: &FxHashMap<&str, usize>,
        at: usize,
        first: usize,
    ) -> Self {
        let mut scores = vec![0.0; nodes.len()];
        for one in network.iter().filter(|one| *one.layer == *layer) {
            scores[nodes[&*one.node]] = one.scores[at];
        }
        // Nodes that say nothing are none of the first, in whatever order they stand.
        let mut places: Vec<usize> = (0..scores.len()).filter(|place| scores[*place] > 0.0).collect();
        places.sort_by(|one, other| scores[*other].total_cmp(&scores[*one]));
        places.truncate(first);
        places.sort_unstable();
        Self { ranks: mid_ranks(&scores), first: places }
    }

    fn shares(&self, other: &Self) -> f64 {
        self.first.iter().filter(|place| other.first.binary_search(place).is_ok()).count() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(scores: &[(&str, f64)]) -> Vec<Explained> {
        let one = |(node, score): &(&str, f64)| Explained {
            layer: "gene".into(),
            node: (*node).into(),
            spread: 1.0,
            scores: vec![*score],
            signed: vec![f64::NAN],
        };
        scores.iter().map(one).collect()
    }

    #[test]
    fn networks_are_compared_two_by_two() {
        let networks = [
            network(&[("A", 3.0), ("B", 2.0), ("C", 1.0), ("D", 0.5)]),
            network(&[("D", 0.1), ("C", 1.5), ("B", 2.5), ("A", 4.0)]),
            // In the reverse order, and without A.
            network(&[("B", 1.0), ("C", 2.0), ("D", 3.0)]),
        ];
        let found = agreement(&networks, 2);
        assert_eq!(found.len(), 1);
        // Ranks 4 3 2 1, the same, and 1 2 3 4: ρ of 1, −1 and −1.
        assert!((found[0].correlation + 1.0 / 3.0).abs() < 1e-12, "{found:?}");
        // The first two are A B, A B and D C: 2, 0 and 0 in common.
        assert!((found[0].shared - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!((found[0].first, found[0].layer.as_str()), (2, "gene"));
        assert!(agreement(&networks[..1], 2).is_empty());
        // A network that found nothing agrees with none, and shares nothing.
        let flat =
            [network(&[("A", 0.0), ("B", 0.0), ("C", 0.0)]), network(&[("A", 1.0), ("B", 2.0), ("C", 3.0)])];
        for pair in [[flat[0].clone(), flat[1].clone()], [flat[1].clone(), flat[0].clone()]] {
            assert_eq!((agreement(&pair, 2)[0].correlation, agreement(&pair, 2)[0].shared), (0.0, 0.0));
        }
    }
}
