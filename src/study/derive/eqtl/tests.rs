//! t-values against plain regressions by the normal equations, and what is kept.

use super::*;
use crate::data::PackedGenotypes;
use crate::engine::train::Unwatched;
use ndarray::Array2;

const ROWS: usize = 40;
const VARIANTS: usize = 60;

fn wave(k: usize, factor: f64) -> f64 {
    libm::sin(factor * (k as f64 + 1.0))
}

/// Copies of allele 1 `[variants][rows]`; every seventh call is missing. Variant 5 is constant, 6 repeats
/// variant 4, and 7 is nearly the same.
fn copies() -> Vec<Vec<Option<u8>>> {
    let call = |v: usize, row: usize| match v {
        5 => Some(1),
        6 => call_of(4, row),
        7 if row == 3 => Some(2),
        7 => call_of(4, row),
        _ => call_of(v, row),
    };
    (0..VARIANTS).map(|v| (0..ROWS).map(|row| call(v, row)).collect()).collect()
}

fn call_of(v: usize, row: usize) -> Option<u8> {
    let k = v * ROWS + row;
    (k % 7 != 3).then(|| (1.5 * (1.0 + wave(k * k % 977, 0.9))) as u8)
}

fn packed(copies: &[Vec<Option<u8>>]) -> PackedGenotypes {
    let code = |copies: &Option<u8>| match copies {
        Some(2) => 0b00,
        None => 0b01,
        Some(1) => 0b10,
        Some(_) => 0b11,
    };
    let byte = |four: &[Option<u8>]| four.iter().rev().fold(0, |byte, call| (byte << 2) | code(call));
    let bytes = copies.iter().flat_map(|row| row.chunks(4).map(byte)).collect();
    PackedGenotypes::new(ROWS, copies.len(), bytes)
}

fn design() -> Design {
    // The last column is the sum of the two before it, and adds nothing.
    let value = |(row, column): (usize, usize)| match column {
        0 => 1.0,
        1 => wave(row, 0.37),
        2 => wave(row, 1.9),
        _ => wave(row, 0.37) + wave(row, 1.9),
    };
    let names = ["intercept", "age", "batch", "both"].map(String::from).to_vec();
    Design { columns: Array2::from_shape_fn((ROWS, 4), value), names }
}

/// The first depends on variants 4 and 11, the second is measured on some rows alone, the third is a
/// covariate.
fn traits(copies: &[Vec<Option<u8>>]) -> [Vec<f64>; 3] {
    let dosage = |v: usize, row: usize| f64::from(copies[v][row].unwrap_or(1));
    let first = |row: usize| 1e3 + 2.0 * dosage(4, row) - dosage(11, row) + 0.3 * wave(row * row, 0.77);
    let second = |row: usize| if row.is_multiple_of(5) { f64::NAN } else { wave(row * row, 0.21) };
    [
        (0..ROWS).map(first).collect(),
        (0..ROWS).map(second).collect(),
        (0..ROWS).map(|row| wave(row, 0.37)).collect(),
    ]
}

/// t and slope of a variant in the regression of a trait on it, the intercept and two covariates, by
/// Gauss–Jordan on the normal equations.
fn regression(copies: &[Option<u8>], values: &[f64]) -> (f64, f64) {
    let rows: Vec<usize> = (0..ROWS).filter(|row| !values[*row].is_nan()).collect();
    let seen: Vec<f64> = rows.iter().filter_map(|row| copies[*row].map(f64::from)).collect();
    let mean = seen.iter().sum::<f64>() / seen.len() as f64;
    let x = |row: usize| [copies[row].map_or(mean, f64::from) - mean, 1.0, wave(row, 0.37), wave(row, 1.9)];
    let mut left = [[0.0; 8]; 4];
    let mut right = [0.0; 4];
    for row in &rows {
        for i in 0..4 {
            right[i] += x(*row)[i] * values[*row];
            (0..4).for_each(|j| left[i][j] += x(*row)[i] * x(*row)[j]);
        }
    }
    (0..4).for_each(|i| left[i][4 + i] = 1.0);
    for pivot in 0..4 {
        let scale = left[pivot][pivot];
        left[pivot].iter_mut().for_each(|value| *value /= scale);
        for other in (0..4).filter(|other| *other != pivot) {
            let share = left[other][pivot];
            (0..8).for_each(|j| left[other][j] -= share * left[pivot][j]);
        }
    }
    let slopes: Vec<f64> = left.iter().map(|row| (0..4).map(|j| row[4 + j] * right[j]).sum()).collect();
    let residual = |row: &usize| values[*row] - x(*row).iter().zip(&slopes).map(|(x, b)| x * b).sum::<f64>();
    let squares: f64 = rows.iter().map(|row| residual(row).powi(2)).sum();
    let error = (squares / (rows.len() - 4) as f64 * left[0][4]).sqrt();
    (slopes[0] / error, slopes[0])
}

fn scan(keep: Keep, threads: usize) -> Vec<Found> {
    scan_within(keep, threads, None)
}

fn scan_within(keep: Keep, threads: usize, within: Option<&[Vec<(u32, u32)>]>) -> Vec<Found> {
    let copies = copies();
    let calls = packed(&copies);
    let (rows, usable): (Vec<u32>, Vec<bool>) = ((0..ROWS as u32).collect(), vec![true; VARIANTS]);
    let sets = [MarkerSet { calls: &calls, rows: &rows, usable: &usable }];
    let design = design();
    let scan = Scan { sets: &sets, covariates: &design, rows: &rows, keep, within };
    let traits = traits(&copies);
    let traits: Vec<&[f64]> = traits.iter().map(Vec::as_slice).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    pool.install(|| scan.run(&traits, &Unwatched)).expect("nobody cancels")
}

const ALL: Keep = Keep { top: VARIANTS, p: 1.0, clump: None };

#[test]
fn a_window_leaves_out_and_changes_nothing_else() {
    let near = vec![vec![(0, 3), (0, 5), (0, 6)], vec![(0, 4)], Vec::new()];
    let whole = scan(ALL, 1);
    let some = scan_within(ALL, 2, Some(&near));
    for (at, near) in near.iter().enumerate().take(2) {
        let (Found::Links(all, samples), Found::Links(some, same)) = (&whole[at], &some[at]) else {
            panic!("a scan")
        };
        let is_near = |link: &&Link| near.contains(&(0, link.variant as u32));
        let expected: Vec<Link> = all.iter().filter(is_near).copied().collect();
        assert_eq!((some, same), (&expected, samples));
        assert!(!expected.is_empty());
    }
}

#[test]
fn t_is_that_of_a_plain_regression() {
    let copies = copies();
    let found = scan(ALL, 1);
    let traits = traits(&copies);
    for (found, values, samples) in [(&found[0], &traits[0], 40), (&found[1], &traits[1], 32)] {
        let Found::Links(links, rows) = found else { panic!("a scan") };
        assert_eq!((links.len(), *rows), (VARIANTS - 1, samples), "all but the constant variant");
        assert!(links.windows(2).all(|pair| pair[0].t.abs() >= pair[1].t.abs()));
        for link in links {
            let (t, slope) = regression(&copies[link.variant], values);
            assert!((link.t - t).abs() < 1e-8 * t.abs().max(1.0), "{link:?} against {t}");
            assert!((link.slope - slope).abs() < 1e-8 * slope.abs().max(1e-3), "{link:?} against {slope}");
        }
    }
    assert_eq!(found[2], Found::Nothing, "covariates explain it");
    assert_eq!(found, scan(ALL, 3));
}

#[test]
fn a_block_gives_one_variant_and_limits_hold() {
    let variants = |keep: Keep| match &scan(keep, 1)[0] {
        Found::Links(links, _) => links.iter().map(|link| link.variant).collect::<Vec<_>>(),
        Found::Nothing => panic!("a scan"),
    };
    let top = |count: usize| Keep { top: count, ..ALL };
    let plain = variants(top(4));
    assert_eq!(plain[..2], [4, 6], "of equals the first");
    assert!(plain.contains(&7));
    let clumped = variants(Keep { clump: Some(0.5), ..top(4) });
    assert_eq!((clumped.len(), clumped[0]), (4, 4));
    assert!(!clumped.contains(&6) && !clumped.contains(&7), "{clumped:?}");
    assert!(variants(top(0)).is_empty());
    let strong = variants(Keep { p: 1e-6, ..ALL });
    assert!(strong.starts_with(&plain[..2]) && strong.len() < 10, "{strong:?}");
}
