//! Figures of nodes over several networks, joined by name.

use super::Explained;
use crate::engine::model::mean_and_sd;

/// What a node is worth to one trait. A network that does not have it gives it 0: where links are learnt, a
/// node that one network of many chose is worth less than one that all did.
#[derive(Clone, Debug, PartialEq)]
pub struct Importance {
    /// The layer, or the list of nodes, that it belongs to.
    pub layer: String,
    /// Its name.
    pub node: String,
    /// Place of the trait.
    pub at: usize,
    /// Mean score over all networks.
    pub score: f64,
    /// Its standard error over all networks; NaN of one. Networks of one panel share samples: it tells how
    /// they differ, not how other panels would.
    pub se: f64,
    /// Mean of the signed figure over all networks; NaN of a node that nothing measures.
    pub signed: f64,
    /// Mean SD of the latent over networks that have the node, each on a scale of its own.
    pub spread: f64,
    /// From 1, by score within the layer and trait; equal scores in the order of the graph.
    pub rank: usize,
    /// Networks that have the node.
    pub networks: usize,
    /// All networks.
    pub of: usize,
    /// Share of scores under a null that are as high; NaN where nothing was fitted under any.
    pub p: f64,
    /// Expected share of false ones among the nodes of the layer and trait with p as low; NaN likewise.
    pub q: f64,
}

/// Averages over networks: traits in their order, layers and nodes as they first appear.
#[must_use]
pub fn importances(networks: &[Vec<Explained>]) -> Vec<Importance> {
    let mut order: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut of_node: rustc_hash::FxHashMap<(&str, &str), Vec<&Explained>> = rustc_hash::FxHashMap::default();
    for one in networks.iter().flatten() {
        let known = of_node.entry((&one.layer, &one.node)).or_default();
        if known.is_empty() {
            match order.iter_mut().find(|(layer, _)| **layer == *one.layer) {
                Some((_, nodes)) => nodes.push(&one.node),
                None => order.push((&one.layer, vec![&one.node])),
            }
        }
        known.push(one);
    }
    let traits = networks.iter().flatten().map(|one| one.scores.len()).next().unwrap_or(0);
    let mut all = Vec::new();
    for at in 0..traits {
        for (layer, nodes) in &order {
            let of_layer =
                nodes.iter().map(|node| importance(at, &of_node[&(*layer, *node)], networks.len()));
            all.extend(ranked(of_layer.collect()));
        }
    }
    all
}

fn importance(at: usize, having: &[&Explained], of: usize) -> Importance {
    let over_all = |value: &dyn Fn(&Explained) -> f64| {
        let mut values: Vec<f64> = having.iter().map(|one| value(one)).collect();
        values.resize(of, 0.0);
        mean_and_sd(&values)
    };
    let (score, sd) = over_all(&|one| one.scores[at]);
    Importance {
        layer: having[0].layer.to_string(),
        node: having[0].node.to_string(),
        at,
        score,
        se: sd / (of as f64).sqrt(),
        signed: over_all(&|one| one.signed[at]).0,
        spread: having.iter().map(|one| one.spread).sum::<f64>() / having.len() as f64,
        rank: 0,
        networks: having.len(),
        of,
        p: f64::NAN,
        q: f64::NAN,
    }
}

fn ranked(mut layer: Vec<Importance>) -> Vec<Importance> {
    let mut places: Vec<usize> = (0..layer.len()).collect();
    places.sort_by(|one, other| layer[*other].score.total_cmp(&layer[*one].score));
    places.into_iter().enumerate().for_each(|(before, at)| layer[at].rank = before + 1);
    layer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clamped(node: &str, score: f64, signed: f64) -> Explained {
        let layer = "gene".into();
        Explained { layer, node: node.into(), spread: 1.0, scores: vec![score], signed: vec![signed] }
    }

    #[test]
    fn nodes_are_joined_by_name_and_ranked() {
        let one = vec![clamped("A", 1.0, 1.0), clamped("B", 4.0, -4.0)];
        let other = vec![clamped("B", 2.0, -2.0), clamped("C", 5.0, 5.0)];
        let found = importances(&[one, other]);
        let short: Vec<_> = found.iter().map(|one| (one.node.as_str(), one.rank, one.networks)).collect();
        assert_eq!(short, [("A", 3, 1), ("B", 1, 2), ("C", 2, 1)]);
        assert_eq!((found[1].score, found[1].se, found[1].signed), (3.0, 1.0, -3.0));
        // Half of 5, since one of two networks does not have it.
        assert_eq!((found[2].score, found[2].of), (2.5, 2));
        assert!(importances(&[vec![clamped("A", 1.0, 1.0)]])[0].se.is_nan());
    }
}
