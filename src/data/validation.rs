//! Training rows set aside to decide when training stops.

use super::random::{Purpose, generator, shuffle};
use rustc_hash::FxHashMap;

/// Splits training rows into those fitted and those validated on, both ascending.
///
/// `groups`, one entry a row of the cohort, keeps whole groups on one side; the rows validated on
/// are then the nearest to `fraction` that a random order of groups gives. With two rows or more,
/// each side has at least one; where all rows are one group, rows are split singly.
#[must_use]
pub fn validation_rows(
    train: &[u32],
    fraction: f64,
    seed: u64,
    groups: Option<&[u32]>,
) -> (Vec<u32>, Vec<u32>) {
    if train.len() < 2 {
        return (train.to_vec(), Vec::new());
    }
    let mut units = units(train, groups);
    if units.len() < 2 {
        units = train.iter().map(|row| vec![*row]).collect();
    }
    shuffle(&mut units, &mut generator(seed, Purpose::Validation));
    let wanted = ((fraction * train.len() as f64).round() as usize).clamp(1, train.len() - 1);
    let mut chosen = vec![false; units.len()];
    let (mut size, mut left) = (0usize, units.len());
    for (unit, chosen) in units.iter().zip(&mut chosen) {
        let with = size + unit.len();
        *chosen = left > 1 && with.abs_diff(wanted) < size.abs_diff(wanted);
        if *chosen {
            (size, left) = (with, left - 1);
        }
    }
    if size == 0 {
        let smallest = (0..units.len()).min_by_key(|unit| units[*unit].len()).unwrap_or(0);
        chosen[smallest] = true;
    }
    let side = |wanted: bool| {
        let picked = units.iter().zip(&chosen).filter(|(_, chosen)| **chosen == wanted);
        let mut rows: Vec<u32> = picked.flat_map(|(unit, _)| unit.iter().copied()).collect();
        rows.sort_unstable();
        rows
    };
    (side(false), side(true))
}

fn units(train: &[u32], groups: Option<&[u32]>) -> Vec<Vec<u32>> {
    let Some(groups) = groups else {
        return train.iter().map(|row| vec![*row]).collect();
    };
    let mut place: FxHashMap<u32, usize> = FxHashMap::default();
    let mut units: Vec<Vec<u32>> = Vec::new();
    for row in train {
        let unit = *place.entry(groups[*row as usize]).or_insert(units.len());
        if unit == units.len() {
            units.push(Vec::new());
        }
        units[unit].push(*row);
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_hold_rows_and_none_is_lost() {
        let train: Vec<u32> = (0..50).map(|row| 2 * row).collect();
        for (fraction, wanted) in [(0.1, 5), (0.0, 1), (1.0, 49)] {
            let (fit, validation) = validation_rows(&train, fraction, 4, None);
            assert_eq!(validation.len(), wanted);
            let mut all = [fit, validation].concat();
            all.sort_unstable();
            assert_eq!(all, train);
        }
        assert_eq!(validation_rows(&train, 0.2, 4, None), validation_rows(&train, 0.2, 4, None));
        assert_ne!(validation_rows(&train, 0.2, 4, None), validation_rows(&train, 0.2, 5, None));
        assert_eq!(validation_rows(&[7], 0.5, 4, None), (vec![7], vec![]));
    }

    #[test]
    fn groups_stay_whole() {
        let groups: Vec<u32> = (0..40).map(|row| row / 8).collect();
        let train: Vec<u32> = (0..40).collect();
        for seed in 0..20 {
            let (fit, validation) = validation_rows(&train, 0.1, seed, Some(&groups));
            assert_eq!(validation.len(), 8, "one group of five is nearest to a tenth");
            assert!(fit.iter().all(|row| groups[*row as usize] != groups[validation[0] as usize]));
        }
        let (fit, validation) = validation_rows(&train, 0.1, 1, Some(&[3; 40]));
        assert_eq!((fit.len(), validation.len()), (36, 4));
    }
}
