//! A linear read-out with `l2` against ridge regression in closed form: λ = n·l2.

use binnc::engine::network::{InputData, InputRow, predict};
use binnc::engine::train::{FitOptions, Split, Targets, TraitTarget, Unwatched, fit};
use binnc::language::spec::{Loss, Optimizer, Rule};

use crate::network::{Builder, numbers, singles};

const SAMPLES: usize = 200;
const FEATURES: usize = 200;
const L2: f64 = 0.05;

// Solves A·x = b by Gaussian elimination; A is symmetric and positive definite.
pub fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for pivot in 0..n {
        for row in pivot + 1..n {
            let factor = a[row][pivot] / a[pivot][pivot];
            let (above, below) = a.split_at_mut(row);
            for column in pivot..n {
                below[0][column] -= factor * above[pivot][column];
            }
            b[row] -= factor * b[pivot];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| a[row][column] * b[column]).sum();
        b[row] = (b[row] - known) / a[row][row];
    }
    b
}

// Coefficients and a free intercept, last, that minimise Σ(y − Xb − a)² + n·l2·Σb².
fn closed_form(columns: &[Vec<f32>], trait_values: &[f32]) -> Vec<f64> {
    let ones = vec![1.0_f32; trait_values.len()];
    let design: Vec<&[f32]> = columns.iter().chain([&ones]).map(Vec::as_slice).collect();
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    let mut normal: Vec<Vec<f64>> =
        design.iter().map(|a| design.iter().map(|b| dot(a, b)).collect()).collect();
    for (k, row) in normal.iter_mut().enumerate().take(columns.len()) {
        row[k] += trait_values.len() as f64 * L2;
    }
    solve(normal, design.iter().map(|column| dot(column, trait_values)).collect())
}

pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(x, y)| f(x - ma, y - mb)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

#[test]
fn linear_read_out_is_ridge() {
    let columns: Vec<Vec<f32>> = (0..FEATURES).map(|k| singles(SAMPLES + 50, 100 + k as u64)).collect();
    let effects = numbers(FEATURES, 3);
    let noise = numbers(SAMPLES + 50, 4);
    let value = |row: usize| {
        let genetic: f64 = columns.iter().zip(&effects).map(|(x, b)| f64::from(x[row]) * b).sum();
        (0.1 * genetic + 0.5 * noise[row] + 0.3) as f32
    };
    let trait_values: Vec<f32> = (0..SAMPLES + 50).map(value).collect();

    let mut net = Builder::new(0, FEATURES);
    net.predict(0..FEATURES, &[Loss::Mse], 1.0);
    let plan = net.build();
    let inputs = InputData::new(&plan, Vec::new(), columns.iter().map(|c| InputRow::Column(c)).collect());
    let target = TraitTarget { values: trait_values.clone(), offsets: None };
    let targets = Targets { heads: vec![vec![target]], ..Targets::default() };
    let rows: Vec<u32> = (0..(SAMPLES + 50) as u32).collect();
    let (train, test) = rows.split_at(SAMPLES);
    let rule = Rule::Sgd { momentum: 0.9 };
    let options = FitOptions {
        optimizer: Optimizer { rule, learning_rate: 0.1, l1: 0.0, l2: L2, decay: 0.0 },
        epochs: 1500,
        batch: None,
        patience: None,
        seed: 1,
        threads: 1,
    };
    let split = Split { fit: train, validation: &[] };
    let fitted = fit(&plan, &inputs, &targets, &split, &options, &Unwatched).expect("ridge converges");

    let short: Vec<Vec<f32>> = columns.iter().map(|column| column[..SAMPLES].to_vec()).collect();
    let exact = closed_form(&short, &trait_values[..SAMPLES]);
    let wanted: Vec<f64> = test
        .iter()
        .map(|row| {
            let terms = columns.iter().zip(&exact).map(|(x, b)| f64::from(x[*row as usize]) * b);
            terms.sum::<f64>() + exact[FEATURES]
        })
        .collect();
    let found: Vec<f64> =
        predict(&plan, &fitted.parameters, &inputs, test)[0].iter().map(|y| f64::from(*y)).collect();
    let r = correlation(&found, &wanted);
    assert!(r >= 0.9999, "correlation {r}");
    let spread = wanted.iter().fold(0.0, |m: f64, y| m.max(y.abs()));
    let worst = found.iter().zip(&wanted).fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
    assert!(worst <= 1e-4 * spread, "largest difference {worst:e} of {spread}");
}
