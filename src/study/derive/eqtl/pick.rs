//! The strongest variants of a trait, and no second one of the same block.

use super::Keep;
use std::cmp::Ordering;

/// Places of the correlations kept among some, by falling |r|; of equals the first.
///
/// `dosages` gives a variant's centred dosages with length 1.
pub(super) fn best(
    correlations: &[f64],
    among: Vec<usize>,
    keep: Keep,
    least: f64,
    dosages: impl Fn(usize) -> Option<Vec<f64>>,
) -> Vec<usize> {
    let mut rest = among;
    rest.retain(|at| correlations[*at] != 0.0 && correlations[*at].abs() >= least);
    let stronger = |a: &usize, b: &usize| -> Ordering {
        correlations[*b].abs().total_cmp(&correlations[*a].abs()).then(a.cmp(b))
    };
    let Some(clump) = keep.clump else {
        return first_of(&mut rest, keep.top, stronger).to_vec();
    };
    let mut kept: Vec<(usize, Vec<f64>)> = Vec::new();
    let mut rest = &mut rest[..];
    let mut look_at = 4 * keep.top;
    while kept.len() < keep.top && !rest.is_empty() {
        for at in first_of(rest, look_at, stronger).iter() {
            let Some(own) = dosages(*at) else { continue };
            let r2 = |other: &[f64]| own.iter().zip(other).map(|(a, b)| a * b).sum::<f64>().powi(2);
            if kept.len() < keep.top && kept.iter().all(|(_, other)| r2(other) <= clump) {
                kept.push((*at, own));
            }
        }
        let seen = look_at.min(rest.len());
        rest = &mut rest[seen..];
        look_at *= 2;
    }
    kept.into_iter().map(|(at, _)| at).collect()
}

/// The first `count` in order, at the front of the list.
fn first_of(list: &mut [usize], count: usize, order: impl Fn(&usize, &usize) -> Ordering + Copy) -> &[usize] {
    let count = count.min(list.len());
    if (1..list.len()).contains(&count) {
        list.select_nth_unstable_by(count - 1, order);
    }
    let first = &mut list[..count];
    first.sort_unstable_by(order);
    first
}
