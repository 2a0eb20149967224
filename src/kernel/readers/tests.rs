//! Values against the definition in double precision, bits against plain Rust.

use super::*;

fn wave(k: usize, factor: f64) -> f32 {
    libm::sin(factor * (k as f64 + 1.0)) as f32
}

struct Case {
    starts: Vec<u32>,
    edges: Vec<(u32, u32)>,
    weights: Vec<f32>,
    deltas: Vec<f32>,
    activations: Vec<f32>,
    slopes: Vec<f32>,
    before: Vec<f32>,
    batch: usize,
}

/// Rows with 0, 1, 2, 3 readers, the first of which stands at edge 2.
fn case(batch: usize) -> Case {
    let edges = vec![(0, 4), (1, 0), (2, 3), (0, 5), (1, 1), (2, 2), (1, 4), (0, 0)];
    Case {
        starts: vec![2, 2, 3, 5, 8],
        weights: (0..6).map(|k| wave(k, 0.7)).collect(),
        deltas: (0..3 * batch).map(|k| wave(k, 1.3)).collect(),
        activations: (0..4 * batch).map(|k| wave(k, 0.31)).collect(),
        slopes: (0..4 * batch).map(|k| wave(k, 0.17)).collect(),
        before: (0..4 * batch).map(|k| wave(k, 2.1)).collect(),
        edges,
        batch,
    }
}

fn run(case: &Case, isa: Isa, kind: Activation, holds_others: bool) -> [Vec<f32>; 3] {
    let Case { starts, edges, weights, deltas, activations, slopes, before, batch } = case;
    let readers = Readers { starts, edges, weights, deltas };
    let values = Values { activations, slopes, kind, batch: *batch };
    let mut rows = before.clone();
    let (mut of_edges, mut biases) = (vec![f32::NAN; 6], vec![f32::NAN; 4]);
    let mut gradients =
        Gradients { rows: &mut rows, holds_others, edges: &mut of_edges, biases: &mut biases };
    backward(isa, readers, values, &mut gradients);
    [rows, of_edges, biases]
}

fn slope(kind: Activation, value: f64, kept: f64) -> f64 {
    match kind {
        Activation::Linear => 1.0,
        Activation::Tanh => 1.0 - value * value,
        Activation::Sigmoid => value * (1.0 - value),
        Activation::Relu => f64::from(u8::from(value > 0.0)),
        Activation::Gelu | Activation::Softplus => kept,
    }
}

fn close(found: f32, wanted: f64) {
    assert!((f64::from(found) - wanted).abs() < 2e-5, "{found} against {wanted}");
}

#[test]
fn rows_add_their_readers_with_the_same_bits_everywhere() {
    use Activation::*;
    for batch in [5, 16, 32, 33, 48, 64, 128] {
        let case = case(batch);
        let wide = |values: &[f32], at: usize| f64::from(values[at]);
        let kinds = [Linear, Tanh, Sigmoid, Relu, Gelu, Softplus];
        for (kind, others) in kinds.into_iter().flat_map(|kind| [(kind, true), (kind, false)]) {
            let plain = run(&case, Isa::Scalar, kind, others);
            let [rows, edges, biases] = &plain;
            for (row, bias) in biases.iter().enumerate() {
                let own = case.starts[row] as usize..case.starts[row + 1] as usize;
                let mut total = 0.0;
                for (at, found) in rows.iter().enumerate().skip(row * batch).take(batch) {
                    let term = |(output, slot): &(u32, u32)| {
                        wide(&case.weights, *slot as usize)
                            * wide(&case.deltas, *output as usize * batch + at % batch)
                    };
                    let before = if others { wide(&case.before, at) } else { 0.0 };
                    let sum = before + case.edges[own.clone()].iter().map(term).sum::<f64>();
                    let wanted = sum * slope(kind, wide(&case.activations, at), wide(&case.slopes, at));
                    close(*found, wanted);
                    total += wanted;
                }
                close(*bias, total);
                for edge in own {
                    let delta = case.edges[edge].0 as usize * batch;
                    let products = (0..batch)
                        .map(|s| wide(&case.deltas, delta + s) * wide(&case.activations, row * batch + s));
                    close(edges[edge - 2], products.sum());
                }
            }
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_here()) {
                assert_eq!(run(&case, isa, kind, others), plain, "{isa:?}, {kind:?}, {batch}");
            }
        }
    }
}
