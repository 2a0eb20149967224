//! How often a node would come out as important as it did where no node matters more than relatives make it.
//!
//! A node's score is standardised by the mean and SD of its own scores under the null, and compared with those of
//! all nodes that have about as many inputs, each standardised by the others of its node, so that both are
//! predictions of a draw that was not looked at.

use super::Importance;
use rustc_hash::FxHashMap;

/// Nodes that are compared with one another at least, where a layer has as many.
const ALIKE: usize = 20;
/// Into how many parts by inputs a layer is cut at most.
const PARTS: usize = 5;

/// Writes p and q of each importance, from importances `[replicates]` under the null.
///
/// p = (1 + #{null ≥ observed}) / (1 + #null), over all nodes of the layer with about as many inputs, as `inputs`
/// says; q as Benjamini and Hochberg (1995) have it, over the nodes of a layer and trait. A node that a replicate
/// does not have scores 0 there; one that does not vary under the null is compared with its own scores alone.
pub fn judge(observed: &mut [Importance], nulls: &[Vec<Importance>], inputs: &dyn Fn(&Importance) -> f64) {
    let scores = scores(observed, nulls);
    let mut first = 0;
    for layer in observed.chunk_by_mut(|one, other| one.at == other.at && one.layer == other.layer) {
        let scores = &scores[first..first + layer.len()];
        first += layer.len();
        let judged: Vec<Judged> =
            layer.iter().zip(scores).map(|(one, null)| Judged::of(one.score, null)).collect();
        for part in alike(&layer.iter().map(inputs).collect::<Vec<_>>()) {
            let mut pool: Vec<f64> = part.iter().flat_map(|at| judged[*at].null.iter().copied()).collect();
            pool.sort_by(f64::total_cmp);
            part.iter().for_each(|at| layer[*at].p = judged[*at].p(&pool));
        }
        let q = false_discovery(&layer.iter().map(|one| one.p).collect::<Vec<_>>());
        layer.iter_mut().zip(q).for_each(|(one, q)| one.q = q);
    }
}

/// Scores under the null `[nodes][replicates]`.
fn scores(observed: &[Importance], nulls: &[Vec<Importance>]) -> Vec<Vec<f64>> {
    let place = |one: &Importance| (one.layer.clone(), one.node.clone(), one.at);
    let places: FxHashMap<_, usize> = observed.iter().enumerate().map(|(at, one)| (place(one), at)).collect();
    let mut scores = vec![vec![0.0; nulls.len()]; observed.len()];
    for (replicate, null) in nulls.iter().enumerate() {
        for one in null {
            if let Some(at) = places.get(&place(one)) {
                scores[*at][replicate] = one.score;
            }
        }
    }
    scores
}

/// A node beside its scores under the null.
struct Judged {
    /// The standardised score; the plain p where nothing varies.
    observed: Result<f64, f64>,
    /// Each standardised by all others.
    null: Vec<f64>,
}

impl Judged {
    fn of(score: f64, scores: &[f64]) -> Self {
        let others = |left_out: usize| {
            let rest = scores.iter().enumerate().filter(move |(at, _)| *at != left_out);
            Moments::of(rest.map(|(_, score)| *score))
        };
        let null: Option<Vec<f64>> =
            scores.iter().enumerate().map(|(at, score)| others(at).standardised(*score)).collect();
        match (Moments::of(scores.iter().copied()).standardised(score), null) {
            (Some(observed), Some(null)) => Self { observed: Ok(observed), null },
            _ => {
                let above = scores.iter().filter(|null| **null >= score).count();
                let p = (1 + above) as f64 / (1 + scores.len()) as f64;
                Self { observed: Err(p), null: Vec::new() }
            }
        }
    }

    /// By a pool in ascending order.
    fn p(&self, pool: &[f64]) -> f64 {
        match self.observed {
            Ok(observed) => {
                let below = pool.partition_point(|null| *null < observed);
                (1 + pool.len() - below) as f64 / (1 + pool.len()) as f64
            }
            Err(p) => p,
        }
    }
}

/// Number, mean, and SD with divisor n − 1.
struct Moments {
    count: f64,
    mean: f64,
    sd: f64,
}

impl Moments {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let count = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / count;
        let squares: f64 = values.map(|value| (value - mean) * (value - mean)).sum();
        Self { count, mean, sd: (squares / (count - 1.0)).sqrt() }
    }

    /// A further value by what is known of it, in SDs of a prediction; `None` where nothing varies.
    fn standardised(&self, value: f64) -> Option<f64> {
        (self.sd > 0.0).then(|| (value - self.mean) / (self.sd * (1.0 + 1.0 / self.count).sqrt()))
    }
}

/// Places of nodes, in parts of about as many inputs, none smaller than [`ALIKE`] where there are as many nodes; nodes
/// of equal inputs stay together.
fn alike(inputs: &[f64]) -> Vec<Vec<usize>> {
    let parts = (inputs.len() / ALIKE).clamp(1, PARTS);
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by(|one, other| inputs[*one].total_cmp(&inputs[*other]));
    let mut found: Vec<Vec<usize>> = Vec::new();
    for of_equal in order.chunk_by(|one, other| inputs[*one] == inputs[*other]) {
        let done: usize = found.iter().map(Vec::len).sum();
        let is_full = done * parts >= inputs.len() * found.len();
        match found.last_mut() {
            Some(last) if !is_full => last.extend(of_equal),
            _ => found.push(of_equal.to_vec()),
        }
    }
    // Nodes of many sizes, each its own, would be compared with nobody.
    let mut wide: Vec<Vec<usize>> = Vec::new();
    for part in found {
        match wide.last_mut() {
            Some(last) if last.len() < ALIKE || part.len() < ALIKE => last.extend(part),
            _ => wide.push(part),
        }
    }
    wide
}

/// q = min over all p′ ≥ p of p′·n/rank(p′), at most 1.
fn false_discovery(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|one, other| p[*other].total_cmp(&p[*one]));
    let mut q = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (before, at) in order.into_iter().enumerate() {
        least = least.min(p[at] * p.len() as f64 / (p.len() - before) as f64);
        q[at] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::explain::importances;

    fn found(nodes: &[(&str, f64)]) -> Vec<Importance> {
        let one = |(node, score): &(&str, f64)| crate::study::explain::Explained {
            layer: "gene".into(),
            node: (*node).into(),
            spread: 1.0,
            scores: vec![*score],
            signed: vec![f64::NAN],
        };
        importances(&[nodes.iter().map(one).collect()])
    }

    #[test]
    fn scores_are_compared_with_those_of_all_nodes_alike() {
        let nulls = [[1.0, 20.0], [2.0, 30.0], [3.0, 70.0]].map(|[a, b]| found(&[("A", a), ("B", b)]));
        let mut observed = found(&[("A", 4.0), ("B", 25.0)]);
        judge(&mut observed, &nulls, &|_| 1.0);
        // By hand. A: mean 2, SD 1; nulls by the others: −1.5/(√½·√1.5), 0, 1.5/(√½·√1.5). B lies below its mean.
        let by_others = |value: f64, one: f64, other: f64| {
            let (mean, sd) = ((one + other) / 2.0, ((one - other) / 2.0).abs() * 2.0_f64.sqrt());
            (value - mean) / (sd * 1.5_f64.sqrt())
        };
        let pool = [
            by_others(1.0, 2.0, 3.0),
            by_others(2.0, 1.0, 3.0),
            by_others(3.0, 1.0, 2.0),
            by_others(20.0, 30.0, 70.0),
            by_others(30.0, 20.0, 70.0),
            by_others(70.0, 20.0, 30.0),
        ];
        let of_a = 2.0 / (4.0_f64 / 3.0).sqrt();
        let of_b = (25.0 - 40.0) / (700.0_f64.sqrt() * (4.0_f64 / 3.0).sqrt());
        for (one, z) in observed.iter().zip([of_a, of_b]) {
            let above = pool.iter().filter(|null| **null >= z).count();
            assert_eq!(one.p, (1 + above) as f64 / 7.0, "{z} in {pool:?}");
        }
        assert_eq!(observed[0].q, (2.0 * observed[0].p).min(observed[1].p));
    }

    #[test]
    fn what_does_not_vary_is_compared_with_itself() {
        let nulls: Vec<_> = (0..9).map(|_| found(&[("A", 1.0)])).collect();
        let mut observed = found(&[("A", 2.0), ("B", 0.5)]);
        judge(&mut observed, &nulls, &|_| 1.0);
        // B is in no replicate, and scores 0 in all.
        assert_eq!(observed.iter().map(|one| one.p).collect::<Vec<_>>(), [0.1, 0.1]);
        let mut observed = found(&[("A", 1.0)]);
        judge(&mut observed, &nulls, &|_| 1.0);
        assert_eq!((observed[0].p, observed[0].q), (1.0, 1.0));
    }

    #[test]
    fn nodes_with_as_many_inputs_stay_together() {
        let inputs: Vec<f64> = (0..100).map(|at| f64::from(at / 10)).collect();
        let parts = alike(&inputs);
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [20; 5]);
        assert_eq!(alike(&[3.0; 70]), [(0..70).collect::<Vec<_>>()]);
        assert_eq!(alike(&[2.0, 1.0]), [vec![1, 0]]);
        // The one large node of many is compared with all of them.
        let mut inputs = vec![1.0; 39];
        inputs.push(30.0);
        assert_eq!(alike(&inputs).iter().map(Vec::len).collect::<Vec<_>>(), [40]);
        let spread: Vec<f64> = (0..90).map(|_| 1.0).chain((2..12).map(f64::from)).collect();
        assert!(alike(&spread).iter().all(|part| part.len() >= ALIKE));
    }

    #[test]
    fn q_is_that_of_benjamini_and_hochberg() {
        // Their own example, section 3.1: of 15 p-values the first four stand at 0.05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        let q = false_discovery(&p);
        assert_eq!(q.iter().filter(|q| **q <= 0.05).count(), 4);
        assert!((q[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-15 && q[14] == 1.0);
    }
}
