//! Which variants lie within reach of which intervals.
//!
//! Positions are 1-based and intervals closed. Upstream is left of the start, or right of the
//! end on the reverse strand; an unknown strand counts as forward. The distance of a variant
//! is 0 inside, else that to the nearest end.

use rustc_hash::FxHashMap;

use super::types::{Intervals, Strand};

/// A variant with a position: contig, 1-based position, index in the genotypes.
pub type Placed<'a> = (&'a str, u64, u32);

/// Variants in reach of each interval, in compressed rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// `offsets[i] .. offsets[i + 1]` are the variants of interval `i`; one more than intervals.
    pub offsets: Vec<usize>,
    /// Variant indices, ascending within an interval.
    pub variants: Vec<u32>,
}

impl Reach {
    /// Variants of interval `i`.
    #[must_use]
    pub fn of(&self, i: usize) -> &[u32] {
        &self.variants[self.offsets[i]..self.offsets[i + 1]]
    }
}

/// Variants at most `upstream` or `downstream` bases from each interval.
///
/// With `nearest`, a variant in reach of several intervals goes to the nearest of them, or to
/// all that tie. Time grows with v·log v and the number of pairs in reach.
#[must_use]
pub fn overlaps(
    intervals: &Intervals,
    variants: &[Placed<'_>],
    upstream: u64,
    downstream: u64,
    nearest: bool,
) -> Reach {
    let by_contig = sorted_by_contig(variants);
    let windows: Vec<&[(u64, u32, u32)]> = (0..intervals.names.len())
        .map(|i| match by_contig.get(intervals.contigs[i].as_str()) {
            Some(placed) => window(placed, intervals, i, upstream, downstream),
            None => &[],
        })
        .collect();
    let smallest = if nearest { smallest_distances(intervals, &windows, variants.len()) } else { Vec::new() };
    let mut reach = Reach { offsets: vec![0], variants: Vec::new() };
    for (i, window) in windows.iter().enumerate() {
        let row = reach.variants.len();
        let kept = window.iter().filter(|(position, _, slot)| {
            !nearest || distance(intervals, i, *position) == smallest[*slot as usize]
        });
        reach.variants.extend(kept.map(|&(_, variant, _)| variant));
        reach.variants[row..].sort_unstable();
        reach.offsets.push(reach.variants.len());
    }
    reach
}

// By contig: position, variant index, and the variant's place in the given slice.
fn sorted_by_contig<'a>(variants: &[Placed<'a>]) -> FxHashMap<&'a str, Vec<(u64, u32, u32)>> {
    let mut by_contig: FxHashMap<&str, Vec<(u64, u32, u32)>> = FxHashMap::default();
    for (&(contig, position, variant), slot) in variants.iter().zip(0..) {
        by_contig.entry(contig).or_default().push((position, variant, slot));
    }
    by_contig.values_mut().for_each(|placed| placed.sort_unstable());
    by_contig
}

fn window<'v>(
    placed: &'v [(u64, u32, u32)],
    intervals: &Intervals,
    i: usize,
    upstream: u64,
    downstream: u64,
) -> &'v [(u64, u32, u32)] {
    let (left, right) = match intervals.strands[i] {
        Strand::Forward | Strand::Unknown => (upstream, downstream),
        Strand::Reverse => (downstream, upstream),
    };
    let first = intervals.starts[i].saturating_sub(left);
    let last = intervals.ends[i].saturating_add(right);
    let from = placed.partition_point(|&(position, ..)| position < first);
    let to = placed.partition_point(|&(position, ..)| position <= last);
    &placed[from..to.max(from)]
}

fn smallest_distances(intervals: &Intervals, windows: &[&[(u64, u32, u32)]], variants: usize) -> Vec<u64> {
    let mut smallest = vec![u64::MAX; variants];
    for (i, window) in windows.iter().enumerate() {
        for &(position, _, slot) in *window {
            let known = &mut smallest[slot as usize];
            *known = (*known).min(distance(intervals, i, position));
        }
    }
    smallest
}

fn distance(intervals: &Intervals, i: usize, position: u64) -> u64 {
    let before = intervals.starts[i].saturating_sub(position);
    let after = position.saturating_sub(intervals.ends[i]);
    before.max(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn intervals(rows: &[(&str, u64, u64, Strand)]) -> Intervals {
        Intervals {
            names: (0..rows.len()).map(|i| format!("g{i}")).collect(),
            contigs: rows.iter().map(|row| row.0.to_owned()).collect(),
            starts: rows.iter().map(|row| row.1).collect(),
            ends: rows.iter().map(|row| row.2).collect(),
            strands: rows.iter().map(|row| row.3).collect(),
            lines: (1..=rows.len() as u32).collect(),
            turned: 0,
        }
    }

    fn rows(reach: &Reach) -> Vec<Vec<u32>> {
        (0..reach.offsets.len() - 1).map(|i| reach.of(i).to_vec()).collect()
    }

    #[test]
    fn upstream_follows_the_strand() {
        let genes = intervals(&[
            ("1", 100, 200, Strand::Forward),
            ("1", 100, 200, Strand::Reverse),
            ("1", 100, 200, Strand::Unknown),
            ("2", 100, 200, Strand::Forward),
        ]);
        let variants =
            [("1", 89, 0), ("1", 90, 1), ("1", 100, 2), ("1", 200, 3), ("1", 210, 4), ("1", 205, 5)];
        let found = overlaps(&genes, &variants, 10, 5, false);
        assert_eq!(rows(&found), [vec![1, 2, 3, 5], vec![2, 3, 4, 5], vec![1, 2, 3, 5], vec![]]);
    }

    #[test]
    fn nearest_keeps_ties_and_everything_inside() {
        let genes = intervals(&[
            ("1", 100, 200, Strand::Forward),
            ("1", 220, 300, Strand::Forward),
            ("1", 150, 230, Strand::Forward),
        ]);
        let variants = [("1", 160, 7), ("1", 90, 3), ("1", 225, 1), ("1", 310, 2)];
        let found = overlaps(&genes, &variants, 1000, 1000, true);
        assert_eq!(rows(&found), [vec![3, 7], vec![1, 2], vec![1, 7]]);
        let tie = overlaps(
            &intervals(&[("1", 10, 20, Strand::Forward), ("1", 30, 40, Strand::Reverse)]),
            &[("1", 25, 0)],
            9,
            9,
            true,
        );
        assert_eq!(rows(&tie), [vec![0], vec![0]]);
    }

    #[test]
    fn bounds_at_the_ends_of_the_number_line_do_not_wrap() {
        let genes = intervals(&[("1", 1, u64::MAX, Strand::Reverse)]);
        let found = overlaps(&genes, &[("1", 1, 0), ("1", u64::MAX, 1)], u64::MAX, u64::MAX, true);
        assert_eq!(rows(&found), [vec![0, 1]]);
    }

    // The definition, word by word, over all pairs.
    fn brute_force(
        genes: &Intervals,
        variants: &[Placed<'_>],
        up: u64,
        down: u64,
        nearest: bool,
    ) -> Vec<Vec<u32>> {
        let gap = |g: usize, v: usize| -> Option<u64> {
            let (contig, at, _) = variants[v];
            let (start, end) = (genes.starts[g], genes.ends[g]);
            let forward = genes.strands[g] != Strand::Reverse;
            if contig != genes.contigs[g] {
                None
            } else if at < start {
                Some(start - at).filter(|&gap| gap <= if forward { up } else { down })
            } else if at > end {
                Some(at - end).filter(|&gap| gap <= if forward { down } else { up })
            } else {
                Some(0)
            }
        };
        let best: Vec<Option<u64>> =
            (0..variants.len()).map(|v| (0..genes.names.len()).filter_map(|g| gap(g, v)).min()).collect();
        (0..genes.names.len())
            .map(|g| {
                let is_kept = |v: &usize| gap(g, *v).is_some() && (!nearest || gap(g, *v) == best[*v]);
                let mut row: Vec<u32> = (0..variants.len()).filter(is_kept).map(|v| variants[v].2).collect();
                row.sort_unstable();
                row
            })
            .collect()
    }

    fn contig() -> impl Strategy<Value = &'static str> {
        prop_oneof![Just("1"), Just("2"), Just("3")]
    }

    fn strand() -> impl Strategy<Value = Strand> {
        prop_oneof![Just(Strand::Forward), Just(Strand::Reverse), Just(Strand::Unknown)]
    }

    proptest! {
        #[test]
        fn agrees_with_all_pairs(
            genes in prop::collection::vec((contig(), 1_u64..60, 0_u64..20, strand()), 0..12),
            places in prop::collection::vec((contig(), 1_u64..90), 0..25),
            bounds in (0_u64..30, 0_u64..30),
            nearest in any::<bool>(),
        ) {
            let genes: Vec<_> = genes.into_iter().map(|(c, start, long, s)| (c, start, start + long, s)).collect();
            let genes = intervals(&genes);
            let variants: Vec<Placed<'_>> = places.iter().zip(0..).map(|(&(c, at), v)| (c, at, v)).collect();
            let found = overlaps(&genes, &variants, bounds.0, bounds.1, nearest);
            prop_assert_eq!(rows(&found), brute_force(&genes, &variants, bounds.0, bounds.1, nearest));
        }
    }
}
