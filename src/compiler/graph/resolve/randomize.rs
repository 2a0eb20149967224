//! A control: the same number of partners for everything, other partners.
//!
//! Two edges swap their ends where neither new edge exists yet, ten tries an edge, so that
//! both degree sequences are kept exactly (Maslov & Sneppen 2002). Where only a share of the edges takes
//! part, these are drawn first and swap among themselves.

use crate::language::spec::Permute;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustc_hash::FxHashSet;

const TRIES_AN_EDGE: usize = 10;

/// Swaps the partners of `edges` (left, right) in place; gives how many of them changed.
pub(super) fn permute(edges: &mut [(u32, u32)], Permute { seed, share }: Permute) -> usize {
    let before: Vec<(u32, u32)> = edges.to_vec();
    let mut present: FxHashSet<(u32, u32)> = edges.iter().copied().collect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let taking_part = taking_part(edges.len(), share, &mut random);
    let count = taking_part.len();
    for _ in 0..TRIES_AN_EDGE * count {
        let (one, other) = (random.random_range(0..count), random.random_range(0..count));
        let (one, other) = (taking_part[one], taking_part[other]);
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

/// Places of the edges that may swap.
fn taking_part(edges: usize, share: f64, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut places: Vec<usize> = (0..edges).collect();
    let count = (share * edges as f64).round() as usize;
    if count < edges {
        places.shuffle(random);
        places.truncate(count);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(seed: u64) -> Permute {
        Permute { seed, share: 1.0 }
    }

    #[test]
    fn a_share_of_the_edges_swaps_among_itself() {
        let edges: Vec<(u32, u32)> = (0..400).map(|edge| (edge % 80, edge / 20)).collect();
        // Some swap back, and some find no partner that is new to both.
        for (share, least, most) in [(0.0, 0, 0), (0.25, 50, 100), (0.5, 100, 200), (1.0, 200, 400)] {
            let mut some = edges.clone();
            let changed = permute(&mut some, Permute { seed: 3, share });
            assert!((least..=most).contains(&changed), "{share}: {changed}");
            let moved = some.iter().zip(&edges).filter(|(new, old)| new != old).count();
            assert!(moved <= (share * 400.0) as usize);
        }
    }

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
        let changed = permute(&mut swapped, all(7));
        assert_eq!(degrees(&edges), degrees(&swapped));
        assert!(changed * 2 > edges.len(), "{changed} of {} changed", edges.len());
        assert_eq!(swapped.iter().collect::<FxHashSet<_>>().len(), edges.len(), "no edge twice");
        let mut again = edges.clone();
        permute(&mut again, all(7));
        assert_eq!(again, swapped);
        permute(&mut again, all(8));
        assert_ne!(again, swapped);
    }

    #[test]
    fn what_cannot_change_stays() {
        let mut complete = vec![(0, 0), (0, 1), (1, 0), (1, 1)];
        assert_eq!(permute(&mut complete, all(1)), 0);
        assert_eq!(permute(&mut [], all(1)), 0);
    }
}
