//! Shapley values of the nodes of one layer.
//!
//! v(S) of an individual is its prediction when the nodes of S have its own values and the others those of
//! a background individual, a mean over the background; a node's value is its mean gain over all orders
//! in which nodes may join (Shapley 1953; Lundberg & Lee 2017, interventional). Values of one individual
//! add up to its prediction less the mean with all nodes from the background. Up to [`EXACT`] nodes all sets are
//! looked at; of more, orders and background individuals are drawn together (Štrumbelj & Kononenko
//! 2014), every order with its reverse. A score is the mean of |value| over samples.

use super::{Explained, Network};
use crate::compiler::plan::Segment;
use crate::engine::network::{Replaced, latents};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// The most nodes of which all sets are looked at.
pub const EXACT: usize = 15;
/// Copies that run side by side.
const COPIES: usize = Replaced::COPIES;

/// Shapley values of the nodes of a layer, in units of the trait, or probabilities; the signed figure is
/// the value with the sign of the node's distance from its mean over the background. All nodes that the
/// network is asked about are the players.
#[must_use]
pub fn shapley(network: Network<'_>, background: &[u32], seed: u64) -> Vec<Explained> {
    let nodes: Vec<&Segment> = network.nodes();
    if nodes.is_empty() || background.is_empty() {
        return Vec::new();
    }
    let Network { plan, parameters, inputs, rows, .. } = network;
    let places: Vec<_> = nodes.iter().map(|one| one.first_row..one.first_row + one.rows).collect();
    let wanted: Vec<usize> = places.iter().flat_map(Clone::clone).collect();
    let others = latents(plan, parameters, inputs, background, &wanted);
    let mut game = Game {
        copies: Replaced::new(plan, parameters, inputs, places),
        background: by_node(&nodes, &others, background.len()),
        own: Vec::new(),
        in_units: Box::new(network.in_units()),
    };
    let means: Vec<f64> = (0..nodes.len()).map(|node| game.mean_of_background(node)).collect();
    let traits = game.copies.traits();
    let mut sums = vec![Sums::of(traits); nodes.len()];
    for (at, row) in rows.iter().enumerate() {
        game.take(*row);
        let values = if nodes.len() <= EXACT { game.exact() } else { game.sampled(seed, at as u64) };
        for (node, (sums, values)) in sums.iter_mut().zip(&values).enumerate() {
            sums.add(values, first(&game.own[node]), means[node]);
        }
    }
    let each = nodes.iter().zip(sums);
    each.map(|(node, sums)| sums.explained(network, node, rows.len() as f64)).collect()
}

/// Values `[nodes][background][units]`.
fn by_node(nodes: &[&Segment], values: &[Vec<f32>], samples: usize) -> Vec<Vec<Vec<f32>>> {
    let mut units = values;
    let mut all = Vec::with_capacity(nodes.len());
    for node in nodes {
        let (own, rest) = units.split_at(node.rows);
        all.push((0..samples).map(|sample| own.iter().map(|unit| unit[sample]).collect()).collect());
        units = rest;
    }
    all
}

fn first(units: &[f32]) -> f64 {
    f64::from(units[0])
}

/// One individual against the background.
struct Game<'a> {
    copies: Replaced<'a>,
    background: Vec<Vec<Vec<f32>>>,
    /// The individual's own values `[nodes][units]`.
    own: Vec<Vec<f32>>,
    in_units: Box<dyn Fn(usize, f32) -> f64>,
}

impl Game<'_> {
    fn mean_of_background(&self, node: usize) -> f64 {
        let values = &self.background[node];
        values.iter().map(|units| first(units)).sum::<f64>() / values.len() as f64
    }

    fn take(&mut self, row: u32) {
        self.copies.become_individual(row);
        self.own = (0..self.background.len()).map(|node| self.copies.values(node, 0)).collect();
    }

    /// Values `[nodes][traits]` over all sets.
    fn exact(&mut self) -> Vec<Vec<f64>> {
        let (count, traits) = (self.background.len(), self.copies.traits());
        let sets = self.all_sets();
        // A set of s nodes stands before the next one in s!(n − s − 1)! of n! orders.
        let share = shares(count);
        let mut values = vec![vec![0.0; traits]; count];
        for (set, before) in sets.iter().enumerate() {
            for node in (0..count).filter(|node| set & 1 << node == 0) {
                let weight = share[set.count_ones() as usize];
                for (at, value) in values[node].iter_mut().enumerate() {
                    *value += weight * (sets[set | 1 << node][at] - before[at]);
                }
            }
        }
        values
    }

    /// v of every set `[sets][traits]`, bit k of a set being node k.
    fn all_sets(&mut self) -> Vec<Vec<f64>> {
        let (count, traits) = (self.background.len(), self.copies.traits());
        let others = self.background[0].len();
        let mut sets = vec![vec![0.0; traits]; 1 << count];
        for from in (0..others).step_by(COPIES) {
            let some = COPIES.min(others - from);
            (0..count).for_each(|node| self.of_background(node, from, some));
            let mut set = 0usize;
            for step in 0..1usize << count {
                // Sets in the order of Gray's code differ by one node.
                let next = step ^ step >> 1;
                if step > 0 {
                    let node = (next ^ set).trailing_zeros() as usize;
                    if next & 1 << node == 0 {
                        self.of_background(node, from, some);
                    } else {
                        (0..some).for_each(|copy| self.copies.put(node, copy, &self.own[node]));
                    }
                }
                set = next;
                self.copies.run();
                for (at, sum) in sets[set].iter_mut().enumerate() {
                    let read_outs = &self.copies.read_out(at)[..some];
                    *sum += read_outs.iter().map(|output| (self.in_units)(at, *output)).sum::<f64>();
                }
            }
        }
        sets.iter_mut().flatten().for_each(|sum| *sum /= others as f64);
        sets
    }

    fn of_background(&mut self, node: usize, from: usize, some: usize) {
        for copy in 0..some {
            self.copies.put(node, copy, &self.background[node][from + copy]);
        }
    }

    /// Values `[nodes][traits]` over drawn orders and background individuals, one a copy.
    fn sampled(&mut self, seed: u64, individual: u64) -> Vec<Vec<f64>> {
        let (count, traits) = (self.background.len(), self.copies.traits());
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(individual);
        let mut others: Vec<usize> = (0..self.background[0].len()).collect();
        others.shuffle(&mut random);
        let mut orders: Vec<Vec<usize>> = Vec::with_capacity(COPIES);
        for _ in 0..COPIES / 2 {
            let mut order: Vec<usize> = (0..count).collect();
            order.shuffle(&mut random);
            let reverse = order.iter().rev().copied().collect();
            orders.extend([order, reverse]);
        }
        // An order and its reverse have one background individual.
        for (copy, other) in (0..COPIES).map(|copy| (copy, others[copy / 2 % others.len()])) {
            for node in 0..count {
                self.copies.put(node, copy, &self.background[node][other]);
            }
        }
        self.copies.run();
        let mut before: Vec<Vec<f64>> = (0..traits).map(|at| self.predictions(at)).collect();
        let mut values = vec![vec![0.0; traits]; count];
        for step in 0..count {
            for (copy, order) in orders.iter().enumerate() {
                self.copies.put(order[step], copy, &self.own[order[step]]);
            }
            self.copies.run();
            for (at, before) in before.iter_mut().enumerate() {
                let now = self.predictions(at);
                for (order, (now, before)) in orders.iter().zip(now.iter().zip(before.iter())) {
                    values[order[step]][at] += (now - before) / COPIES as f64;
                }
                *before = now;
            }
        }
        values
    }

    fn predictions(&self, at: usize) -> Vec<f64> {
        self.copies.read_out(at).iter().map(|output| (self.in_units)(at, *output)).collect()
    }
}

/// s!(n − s − 1)!/n! for s from 0 to n − 1.
fn shares(count: usize) -> Vec<f64> {
    let mut shares = vec![1.0 / count as f64];
    for size in 1..count {
        let last = shares[size - 1];
        shares.push(last * size as f64 / (count - size) as f64);
    }
    shares
}

/// Sums over individuals of one node.
#[derive(Clone)]
struct Sums {
    size: Vec<f64>,
    signed: Vec<f64>,
    value: f64,
    square: f64,
}

impl Sums {
    fn of(traits: usize) -> Self {
        Self { size: vec![0.0; traits], signed: vec![0.0; traits], value: 0.0, square: 0.0 }
    }

    fn add(&mut self, values: &[f64], own: f64, mean: f64) {
        let side = if own == mean { 0.0 } else { (own - mean).signum() };
        for (at, value) in values.iter().enumerate() {
            self.size[at] += value.abs();
            self.signed[at] += value * side;
        }
        self.value += own - mean;
        self.square += (own - mean).powi(2);
    }

    fn explained(self, network: Network<'_>, node: &Segment, count: f64) -> Explained {
        let one_unit = if node.rows == 1 { network.measured_sense(node) } else { f64::NAN };
        let mean = self.value / count;
        Explained {
            layer: node.layer.clone(),
            node: node.name.clone(),
            spread: if node.rows == 1 {
                (self.square / count - mean * mean).max(0.0).sqrt()
            } else {
                f64::NAN
            },
            scores: self.size.iter().map(|sum| sum / count).collect(),
            signed: self.signed.iter().map(|sum| one_unit * sum / count).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn shares_of_all_sets_add_up_to_one_a_node() {
        for count in 1..=15 {
            let mut sets = 1.0;
            let mut total = 0.0;
            for (size, share) in shares(count).into_iter().enumerate() {
                total += sets * share;
                sets *= (count - 1 - size) as f64 / (size + 1) as f64;
            }
            assert!((total - 1.0).abs() < 1e-12, "{count}: {total}");
        }
    }
}
