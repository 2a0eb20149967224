//! Maps against their definition, term by term.

use super::*;

// The definition, term by term.
fn expected(map: &Affine<'_, f64>, biases: &[f64], rows: &[f64]) -> Vec<f64> {
    let (inputs, batch) = (map.sources.len(), map.batch);
    let mut out = Vec::new();
    for (o, bias) in biases.iter().enumerate() {
        for s in 0..batch {
            let terms =
                (0..inputs).map(|i| map.weights[o * inputs + i] * rows[map.sources[i] as usize * batch + s]);
            out.push(bias + terms.sum::<f64>());
        }
    }
    out
}

fn numbers(count: usize, factor: f64) -> Vec<f64> {
    (0..count).map(|k| libm::sin(factor * (k as f64 + 1.0))).collect()
}

// Small and large, contiguous and gathered, with ragged batches and outputs.
fn shapes() -> Vec<(Vec<u32>, usize, usize)> {
    let gathered: Vec<u32> = (0..70).map(|k| (k * 37) % 71).collect();
    vec![
        ((3..8).collect(), 1, 1),
        (vec![5, 2, 9], 6, 19),
        ((0..70).collect(), 16, 21),
        (gathered.clone(), 17, 33),
        (gathered, 4, 64),
    ]
}

#[test]
fn forward_is_the_definition() {
    for (sources, outputs, batch) in shapes() {
        let weights = numbers(sources.len() * outputs, 1.3);
        let biases = numbers(outputs, 0.7);
        let rows = numbers(71 * batch, 2.1);
        let map = Affine { weights: &weights, stride: sources.len(), sources: &sources, outputs, batch };
        let mut out = vec![f64::NAN; outputs * batch];
        forward(&map, &biases, &rows, &mut out, &mut Vec::new());
        for (found, wanted) in out.iter().zip(expected(&map, &biases, &rows)) {
            assert!((found - wanted).abs() < 1e-12, "{found} against {wanted}");
        }
    }
}

// The map is linear in W, b and the rows, so <delta, out> has exact derivatives.
#[test]
fn backward_is_the_transpose() {
    for (sources, outputs, batch) in shapes() {
        let inputs = sources.len();
        let weights = numbers(inputs * outputs, 1.3);
        let rows = numbers(71 * batch, 2.1);
        let delta = numbers(outputs * batch, 0.9);
        let map = Affine { weights: &weights, stride: sources.len(), sources: &sources, outputs, batch };
        let first_row = 4;
        let mut scratch = Vec::new();
        let (mut of_weights, mut of_biases) = (vec![f64::NAN; inputs * outputs], vec![f64::NAN; outputs]);
        let mut of_rows = vec![1.0; (71 - first_row) * batch];
        bias_gradients(batch, &delta, &mut of_biases);
        weight_gradients(&map, &rows, &delta, &mut of_weights, &mut scratch);
        row_gradients(&map, &delta, &mut of_rows, first_row, &mut scratch);
        for (o, d) in delta.chunks_exact(batch).enumerate() {
            assert!((of_biases[o] - d.iter().sum::<f64>()).abs() < 1e-12);
            for (i, source) in sources.iter().enumerate() {
                let x = row_of(&rows, *source as usize, batch);
                let wanted: f64 = d.iter().zip(x).map(|(d, x)| d * x).sum();
                assert!((of_weights[o * inputs + i] - wanted).abs() < 1e-12);
            }
        }
        for row in first_row..71 {
            for s in 0..batch {
                let through = |(i, _): (usize, &u32)| {
                    (0..outputs).map(|o| weights[o * inputs + i] * delta[o * batch + s]).sum::<f64>()
                };
                let readers = sources.iter().enumerate().filter(|(_, r)| **r as usize == row);
                let wanted = 1.0 + readers.map(through).sum::<f64>();
                assert!((of_rows[(row - first_row) * batch + s] - wanted).abs() < 1e-12);
            }
        }
    }
}

/// Registers of 16 samples against tiles, which define the bits.
#[test]
fn kernels_give_the_bits_of_tiles() {
    let single = |values: Vec<f64>| values.into_iter().map(|value| value as f32).collect::<Vec<f32>>();
    let gathered: Vec<u32> = (0..30).map(|k| (k * 37) % 71).collect();
    let shapes = [(1, 1), (2, 16), (3, 17), (5, 64), (9, 100), (128, 64)];
    for sources in [(3..8).collect(), (10..30).collect(), gathered] {
        for (outputs, batch) in shapes {
            let weights = single(numbers(sources.len() * outputs, 1.3));
            let (rows, delta) = (single(numbers(71 * batch, 2.1)), single(numbers(outputs * batch, 0.9)));
            let map = Affine { weights: &weights, stride: sources.len(), sources: &sources, outputs, batch };
            let mut found =
                [vec![0.5; outputs * batch], vec![f32::NAN; weights.len()], vec![1.0; 60 * batch]];
            let mut wanted = found.clone();
            add(&map, &rows, &mut found[0], &mut Vec::new());
            weight_gradients(&map, &rows, &delta, &mut found[1], &mut Vec::new());
            row_gradients(&map, &delta, &mut found[2], 4, &mut Vec::new());
            tiles::forward(&map, &rows, &mut wanted[0]);
            tiles::weight_gradients(&map, &rows, &delta, &mut wanted[1]);
            let mut into = Gradients { rows: &mut wanted[2], first_row: 4 };
            tiles::row_gradients(&map, &delta, &mut into);
            assert_eq!(found, wanted, "{} to {outputs}, {batch} samples", sources.len());
        }
    }
}
