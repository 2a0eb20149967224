//! Which variants lie near a measured gene: what a scan in *cis* looks at.

use crate::data::GenotypeSet;
use crate::knowledge::Knowledge;
use crate::knowledge::window::{Placed, overlaps};
use crate::language::spec::Window;
use rustc_hash::FxHashMap;

/// For each name the variants of all sets within reach of its intervals, as set and variant,
/// ascending; none of a name that has no interval.
#[must_use]
pub fn within(
    window: &Window,
    intervals: &Knowledge,
    sets: &[GenotypeSet],
    names: &[&str],
) -> Vec<Vec<(u32, u32)>> {
    let mut near = vec![Vec::new(); names.len()];
    let Knowledge::Intervals(intervals) = intervals else { return near };
    let place_of: FxHashMap<&str, usize> = names.iter().copied().zip(0..).collect();
    for (at, set) in (0..).zip(sets) {
        let variants = (0..).zip(&set.variants);
        let placed: Vec<Placed<'_>> = variants
            .filter_map(|(row, variant)| Some((variant.chromosome.as_str(), variant.position?, row)))
            .collect();
        let reach = overlaps(intervals, &placed, window.upstream, window.downstream, window.nearest);
        for (interval, name) in intervals.names.iter().enumerate() {
            if let Some(place) = place_of.get(name.as_str()) {
                near[*place].extend(reach.of(interval).iter().map(|variant| (at, *variant)));
            }
        }
    }
    // A gene may have several intervals that reach the same variant.
    for of_name in &mut near {
        of_name.sort_unstable();
        of_name.dedup();
    }
    near
}
