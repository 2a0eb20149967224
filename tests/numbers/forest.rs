//! The baseline `forest` against scikit-learn, whose draws are others.

use binnc::engine::train::Unwatched;
use binnc::study::evaluate::baseline::forest::predict;
use binnc::study::linear::correlation::pearson;
use serde::Deserialize;

/// What `tests/fixtures/forest.py` wrote.
#[derive(Deserialize)]
struct Written {
    trained: usize,
    columns: Vec<Vec<f64>>,
    values: Vec<f64>,
    predicted: Vec<f64>,
    of_two_seeds: TwoSeeds,
    r_of_trait: f64,
}

/// How well two forests of scikit-learn agree on tested records.
#[derive(Deserialize)]
struct TwoSeeds {
    r: f64,
    rms: f64,
}

fn rms(one: &[f64], other: &[f64]) -> f64 {
    let squares = one.iter().zip(other).map(|(one, other)| (one - other).powi(2));
    (squares.sum::<f64>() / one.len() as f64).sqrt()
}

#[test]
fn a_forest_agrees_with_scikit_learn_as_two_seeds_of_it_do() {
    let written: Written =
        serde_json::from_str(include_str!("../fixtures/forest.json")).expect("as the script wrote it");
    let Written { trained, columns, values, predicted, of_two_seeds, r_of_trait } = written;
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let rows: Vec<u32> = (0..trained as u32).collect();
    let ours = predict(&columns, &values, &rows, 7, &Unwatched).expect("nobody stops it");
    let (tested, theirs) = (&ours[trained..], &predicted[trained..]);
    let r = pearson(tested, theirs);
    assert!(1.0 - r <= 2.0 * (1.0 - of_two_seeds.r), "r {r}, of two seeds {}", of_two_seeds.r);
    let apart = rms(tested, theirs);
    assert!(apart <= 1.5 * of_two_seeds.rms, "{apart} apart, two seeds {}", of_two_seeds.rms);
    let accuracy = pearson(&values[trained..], tested);
    assert!((accuracy - r_of_trait).abs() < 0.02, "{accuracy} and {r_of_trait}");
    // A trait of two loci that need each other is found; the mean of trained records would give 0.
    assert!(accuracy > 0.6);
    assert_eq!(ours, predict(&columns, &values, &rows, 7, &Unwatched).expect("nobody stops it"));
    assert_ne!(ours, predict(&columns, &values, &rows, 8, &Unwatched).expect("nobody stops it"));
}
