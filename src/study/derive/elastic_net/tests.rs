//! Against scikit-learn on `tests/fixtures/elastic_net.py`, and what is refused.

use super::*;
use crate::engine::train::Unwatched;

#[derive(serde::Deserialize)]
struct Fixture {
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    ratio: f64,
    penalties: Vec<f64>,
    errors: Vec<f64>,
    best: usize,
    coefficients: Vec<f64>,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../../../tests/fixtures/elastic_net.json")).expect("JSON")
}

const SETTINGS: Settings = Settings { ratio: 0.5, folds: 5, seed: 1, rule: Rule::Least, tolerance: 1e-8 };

fn every_fifth(rows: usize) -> Vec<InnerFold> {
    let in_fold = |row: &u32, fold: u32| row % 5 == fold;
    let rows = || 0..rows as u32;
    (0..5)
        .map(|k| {
            (rows().filter(|row| !in_fold(row, k)).collect(), rows().filter(|row| in_fold(row, k)).collect())
        })
        .collect()
}

#[test]
fn four_digits_of_scikit_learn() {
    let Fixture { x, y, cases } = fixture();
    let columns: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
    let rows: Vec<u32> = (0..y.len() as u32).collect();
    let folds = every_fifth(y.len());
    for case in cases {
        let settings = Settings { ratio: case.ratio, ..SETTINGS };
        let found = select_by(&columns, &y, (&rows, &folds), settings, &Unwatched).expect("selects");
        for ((penalty, error, _), (wanted, its)) in
            found.path.iter().zip(case.penalties.iter().zip(&case.errors))
        {
            assert!((penalty / wanted - 1.0).abs() < 1e-10, "{penalty} {wanted}");
            assert!((error / its - 1.0).abs() < 1e-4, "ρ = {}: {error} {its}", case.ratio);
        }
        assert_eq!(found.penalty, found.path[case.best].0);
        assert_eq!(found.unfinished, 0);
        let mut all = vec![0.0; x.len()];
        found.columns.iter().for_each(|(at, b)| all[*at] = *b);
        for (b, wanted) in all.iter().zip(&case.coefficients) {
            assert!((b - wanted).abs() < 1e-4 * wanted.abs().max(0.1), "ρ = {}: {b} {wanted}", case.ratio);
            assert_eq!(*b == 0.0, *wanted == 0.0, "{b} {wanted}");
        }
    }
}

#[test]
fn the_simpler_of_two_rules_takes_fewer_columns() {
    let Fixture { x, y, .. } = fixture();
    let columns: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
    let rows: Vec<u32> = (0..y.len() as u32).collect();
    let select =
        |rule| select(&columns, &y, &rows, Settings { rule, ..SETTINGS }, &Unwatched).expect("selects");
    let (least, simple) = (select(Rule::Least), select(Rule::OneStandardError));
    assert!(simple.penalty > least.penalty && simple.columns.len() < least.columns.len());
    let (_, error, spread) =
        least.path.iter().find(|(penalty, ..)| *penalty == least.penalty).expect("tried");
    let simpler = simple.path.iter().find(|(penalty, ..)| *penalty == simple.penalty).expect("tried");
    assert!(simpler.1 <= error + spread);
}

#[test]
fn missing_values_stand_at_the_mean_and_rows_outside_change_nothing() {
    let Fixture { mut x, mut y, .. } = fixture();
    let rows: Vec<u32> = (0..40).collect();
    x[0][3] = f64::NAN;
    let run = |x: &[Vec<f64>], y: &[f64]| {
        let columns: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
        select(&columns, y, &rows, SETTINGS, &Unwatched)
    };
    let before = run(&x, &y).expect("selects");
    let seen: Vec<f64> = (0..40).filter(|row| *row != 3).map(|row| x[0][row]).collect();
    let mut filled = x.clone();
    filled[0][3] = seen.iter().sum::<f64>() / 39.0;
    let standard = |x: &[Vec<f64>]| Standardised::of(&[x[0].as_slice()], &rows).column(0).to_vec();
    for (a, b) in standard(&x).iter().zip(standard(&filled)) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }
    x.iter_mut().for_each(|column| column[40..].fill(1e6));
    y[40..].fill(-1e6);
    assert_eq!(run(&x, &y), Ok(before));
    assert_eq!(run(&x, &[2.0; 60]), Err(Refused::Nothing));
    assert_eq!(run(&vec![vec![1.0; 60]; 3], &y), Err(Refused::Nothing));
}

/// Zou and Hastie's conditions: of a column with a coefficient the correlation with what is left is what
/// its penalties pull, of any other it is at most the lasso's.
#[test]
fn what_is_left_of_a_prediction_satisfies_the_conditions_with_missing_values() {
    let Fixture { mut x, y, .. } = fixture();
    let count = y.len();
    for (at, column) in x.iter_mut().enumerate() {
        (at % 3..count).step_by(4).for_each(|row| column[row] = f64::NAN);
    }
    let columns: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
    let rows: Vec<u32> = (0..count as u32).collect();
    let found = select(&columns, &y, &rows, SETTINGS, &Unwatched).expect("selects");
    assert!(!found.columns.is_empty());
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let centred = |values: Vec<f64>| -> Vec<f64> {
        let centre = mean(&values);
        values.iter().map(|value| value - centre).collect()
    };
    let spread = |values: &[f64]| mean(&values.iter().map(|value| value * value).collect::<Vec<_>>()).sqrt();
    let sd = spread(&centred(y.clone()));
    let left: Vec<f64> = y.iter().zip(found.predict(&columns, count)).map(|(y, f)| (y - f) / sd).collect();
    for (at, column) in x.iter().enumerate() {
        let seen: Vec<f64> = column.iter().copied().filter(|value| !value.is_nan()).collect();
        let centre = mean(&seen);
        let filled: Vec<f64> =
            column.iter().map(|value| if value.is_nan() { 0.0 } else { value - centre }).collect();
        let scale = spread(&filled);
        let pull = filled.iter().zip(&left).map(|(x, r)| x / scale * r).sum::<f64>() / count as f64;
        let coefficient = found.columns.iter().find(|(own, _)| *own == at).map(|(_, b)| *b);
        let (lasso, ridge) = (found.penalty * SETTINGS.ratio, found.penalty * (1.0 - SETTINGS.ratio));
        match coefficient {
            Some(b) => assert!((pull - lasso * b.signum() - ridge * b).abs() < 1e-3, "{at}: {pull} {b}"),
            None => assert!(pull.abs() <= lasso + 1e-3, "{at}: {pull}"),
        }
    }
}
