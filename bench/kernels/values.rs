//! Kernels of numbers: maps of gathered rows, dense blocks, activations, updates.

use crate::{SAMPLES, group, wave};
use binnc::kernel::activation::{self, Activation};
use binnc::kernel::affine::{self, Affine};
use binnc::kernel::isa::Isa;
use binnc::kernel::optimizer::{AdamStep, adam};
use criterion::Criterion;
use std::hint::black_box;

/// Rows that pathways read.
const GENES: usize = 1_000;
const PATHWAYS: usize = 50;
const GENES_OF_A_PATHWAY: usize = 30;
/// First maps of private networks, inputs and outputs: of the paper's genes, and of small ones.
const DENSE: [(usize, usize); 2] = [(20, 128), (26, 8)];
/// Values of some rows of a batch.
const VALUES: usize = 64 * SAMPLES;

/// Maps of the same number of rows each, of one shape.
struct Blocks {
    inputs: usize,
    outputs: usize,
    sources: Vec<Vec<u32>>,
    weights: Vec<f32>,
}

impl Blocks {
    fn maps(&self) -> impl Iterator<Item = Affine<'_, f32>> {
        let Self { inputs, outputs, .. } = *self;
        let weights = self.weights.chunks_exact(inputs * outputs);
        self.sources.iter().zip(weights).map(move |(sources, weights)| Affine {
            weights,
            stride: inputs,
            sources,
            outputs,
            batch: SAMPLES,
        })
    }
}

/// Pathways of genes that lie apart in memory.
pub fn gathered(criterion: &mut Criterion) {
    let member = |pathway: usize, k: usize| ((pathway * 617 + k * 331) % GENES) as u32;
    let sources = |pathway: usize| (0..GENES_OF_A_PATHWAY).map(|k| member(pathway, k)).collect();
    run(
        criterion,
        "pathways of 30",
        GENES,
        &Blocks {
            inputs: GENES_OF_A_PATHWAY,
            outputs: 1,
            sources: (0..PATHWAYS).map(sources).collect(),
            weights: wave(PATHWAYS * GENES_OF_A_PATHWAY, 0.37),
        },
    );
}

pub fn dense(criterion: &mut Criterion) {
    for (inputs, outputs) in DENSE {
        run(
            criterion,
            &format!("dense {inputs} to {outputs}"),
            inputs,
            &Blocks {
                inputs,
                outputs,
                sources: vec![(0..inputs as u32).collect()],
                weights: wave(inputs * outputs, 0.37),
            },
        );
    }
}

fn run(criterion: &mut Criterion, name: &str, rows: usize, blocks: &Blocks) {
    let Blocks { inputs, outputs, .. } = *blocks;
    let values = wave(rows * SAMPLES, 0.71);
    let (biases, delta) = (wave(outputs, 0.53), wave(outputs * SAMPLES, 0.29));
    let mut out = vec![0.0; outputs * SAMPLES];
    let (mut gradients, mut into) = (vec![0.0; inputs * outputs], vec![0.0; rows * SAMPLES]);
    let mut scratch = Vec::new();
    let isa = Isa::here().name();
    let mut group = group(criterion, name, blocks.weights.len() * SAMPLES);
    group.bench_function(format!("forward/{isa}"), |bencher| {
        bencher.iter(|| {
            for map in blocks.maps() {
                affine::forward(&map, &biases, black_box(&values), &mut out, &mut scratch);
            }
        });
    });
    group.bench_function(format!("weight gradients/{isa}"), |bencher| {
        bencher.iter(|| {
            for map in blocks.maps() {
                affine::weight_gradients(&map, &values, black_box(&delta), &mut gradients, &mut scratch);
            }
        });
    });
    group.bench_function(format!("row gradients/{isa}"), |bencher| {
        bencher.iter(|| {
            into.fill(0.0);
            for map in blocks.maps() {
                affine::row_gradients(&map, black_box(&delta), &mut into, 0, &mut scratch);
            }
        });
    });
}

/// With the copy of the values that they replace, and with slopes where a fit keeps them.
pub fn activations(criterion: &mut Criterion) {
    let values: Vec<f32> = wave(VALUES, 0.618).iter().map(|value| 4.0 * value).collect();
    let (mut out, mut slopes) = (values.clone(), vec![0.0; VALUES]);
    let mut group = group(criterion, "activation", VALUES);
    use Activation::{Gelu, Relu, Sigmoid, Softplus, Tanh};
    for one in [Tanh, Sigmoid, Gelu, Relu, Softplus] {
        group.bench_function(format!("{one:?}/{}", Isa::here().name()), |bencher| {
            bencher.iter(|| {
                out.copy_from_slice(black_box(&values));
                let slopes = (!one.tells_slope()).then_some(&mut slopes[..]);
                activation::forward(one, &mut out, slopes);
            });
        });
    }
}

pub fn updates(criterion: &mut Criterion) {
    let gradients = wave(VALUES, 0.29);
    let (mut weights, mut first, mut second) = (wave(VALUES, 0.37), vec![0.0; VALUES], vec![0.0; VALUES]);
    let (beta1, beta2) = (0.9, 0.999);
    let step = AdamStep { rate: 1e-3, beta1, beta2, epsilon: 1e-8, beta1_power: beta1, beta2_power: beta2 };
    let mut group = group(criterion, "update", VALUES);
    group.bench_function(format!("adam/{}", Isa::here().name()), |bencher| {
        bencher.iter(|| adam(&mut weights, black_box(&gradients), &mut first, &mut second, &step));
    });
}
