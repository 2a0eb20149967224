//! A control: the same number of partners for everything, other partners.
//!
//! Two edges swap their ends where neither new edge exists yet, ten tries an edge, so that
//! both degree sequences are kept exactly (Maslov & Sneppen 2002).

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustc_hash::FxHashSet;

const TRIES_AN_EDGE: usize = 10;

/// Swaps the partners of `edges` (left, right) in place; gives how many of them changed.
pub(super) fn permute(edges: &mut [(u32, u32)], seed: u64) -> usize {
    let before: Vec<(u32, u32)> = edges.to_vec();
    let mut present: FxHashSet<(u32, u32)> = edges.iter().copied().collect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let count = edges.len();
    for _ in 0..TRIES_AN_EDGE * count {
        let (one, other) = (random.random_range(0..count), random.random_range(0..count));
        let ((a, x), (b, y)) = (edges[one], edges[other]);
        let new = [(a, y), (b, x)];
        if a == b || x == y || new.iter().any(|edge| present.contains(edge)) {
            continue;
        }
        present.remove(&(a, x));
        present.remove(&(b, y));
        present.extend(new);
        (edges[one], edges[other]) = (new[0], new[1]);
    }
    before.iter().filter(|edge| !present.contains(edge)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn degrees(edges: &[(u32, u32)]) -> (Vec<u32>, Vec<u32>) {
        let mut left: Vec<u32> = edges.iter().map(|edge| edge.0).collect();
        let mut right: Vec<u32> = edges.iter().map(|edge| edge.1).collect();
        left.sort_unstable();
        right.sort_unstable();
        (left, right)
    }

    #[test]
    fn degrees_stay_and_partners_change() {
        let edges: Vec<(u32, u32)> = (0..200)
            .flat_map(|left| (0..1 + left % 7).map(move |k| (left, (left * 3 + k * 5) % 40)))
            .collect();
        let mut swapped = edges.clone();
        let changed = permute(&mut swapped, 7);
        assert_eq!(degrees(&edges), degrees(&swapped));
        assert!(changed * 2 > edges.len(), "{changed} of {} changed", edges.len());
        assert_eq!(swapped.iter().collect::<FxHashSet<_>>().len(), edges.len(), "no edge twice");
        let mut again = edges.clone();
        permute(&mut again, 7);
        assert_eq!(again, swapped);
        permute(&mut again, 8);
        assert_ne!(again, swapped);
    }

    #[test]
    fn what_cannot_change_stays() {
        let mut complete = vec![(0, 0), (0, 1), (1, 0), (1, 1)];
        assert_eq!(permute(&mut complete, 1), 0);
        assert_eq!(permute(&mut [], 1), 0);
    }
}
