//! The baseline `forest` against scikit-learn, whose draws are others.

use binnc::engine::train::Unwatched;
use binnc::study::evaluate::baseline::forest::predict;
use binnc::study::linear::correlation::pearson;
use serde::Deserialize;

/// Forests of each side whose mean is compared.
const SEEDS: u64 = 10;

/// What `tests/fixtures/forest.py` wrote.
#[derive(Deserialize)]
struct Written {
    trained: usize,
    columns: Vec<Vec<f64>>,
    values: Vec<f64>,
    predicted: Vec<f64>,
    of_two_tens: TwoTens,
    accuracy: Accuracy,
}

/// How well two means of ten forests of scikit-learn agree on tested records.
#[derive(Deserialize)]
struct TwoTens {
    r: f64,
    rms: f64,
}

/// r of single forests of scikit-learn with the trait, on tested records.
#[derive(Deserialize)]
struct Accuracy {
    mean: f64,
    sd: f64,
    forests: f64,
}

fn rms(one: &[f64], other: &[f64]) -> f64 {
    let squares = one.iter().zip(other).map(|(one, other)| (one - other).powi(2));
    (squares.sum::<f64>() / one.len() as f64).sqrt()
}

#[test]
fn forests_agree_with_those_of_scikit_learn() {
    let written: Written =
        serde_json::from_str(include_str!("../fixtures/forest.json")).expect("as the script wrote it");
    let Written { trained, columns, values, predicted, of_two_tens, accuracy } = written;
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let rows: Vec<u32> = (0..trained as u32).collect();
    let grown = |seed: u64| predict(&columns, &values, &rows, seed, &Unwatched).expect("nobody stops it");
    let forests: Vec<Vec<f64>> = (0..SEEDS).map(|seed| grown(1000 * seed)).collect();
    let mean = |row: usize| forests.iter().map(|forest| forest[row]).sum::<f64>() / SEEDS as f64;
    let ours: Vec<f64> = (trained..values.len()).map(mean).collect();
    let (theirs, observed) = (&predicted[trained..], &values[trained..]);
    let r = pearson(&ours, theirs);
    assert!(1.0 - r <= 2.0 * (1.0 - of_two_tens.r), "r {r}, of two tens {}", of_two_tens.r);
    let apart = rms(&ours, theirs);
    assert!(apart <= 1.5 * of_two_tens.rms, "{apart} apart, two tens {}", of_two_tens.rms);
    let reached =
        forests.iter().map(|forest| pearson(observed, &forest[trained..])).sum::<f64>() / SEEDS as f64;
    let se = accuracy.sd * (1.0 / SEEDS as f64 + 1.0 / accuracy.forests).sqrt();
    assert!((reached - accuracy.mean).abs() <= 3.0 * se, "{reached} and {} ± {se}", accuracy.mean);
    // The same seed gives the same forest, and others others.
    assert_eq!(forests[1], grown(1000));
    assert_ne!(forests[1], forests[2]);
}
