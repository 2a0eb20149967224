//! Kernels of packed calls: genes of equal sizes, as one span holds them.

use crate::{SAMPLES, group, wave};
use binnc::kernel::isa::Isa;
use binnc::kernel::packed::{
    CHUNK, Codes, Line, Maps, Picked, QUAD, Table, forward_all, transpose, weight_gradients_all,
};
use criterion::Criterion;
use std::hint::black_box;

/// Variants of a gene, and genes until a span is full.
const SHAPES: [(usize, usize); 2] = [(10, 22), (100, 3)];
/// Lines of a span.
const LINES: usize = 64;

/// The calls of some genes of one size.
struct Genes {
    lines: Vec<Line>,
    places: Vec<(u32, u32)>,
    tables: Vec<Table>,
}

impl Genes {
    fn new(variants: usize, genes: usize) -> Self {
        let quads = variants.div_ceil(QUAD);
        Self {
            lines: lines(quads * genes),
            places: (0..genes).map(|gene| ((gene * quads) as u32, variants as u32)).collect(),
            tables: vec![[1.4, 0.0, 0.2, -1.0]; variants * genes],
        }
    }

    fn maps(&self) -> Maps<'_> {
        let codes = Codes { lines: &self.lines, stride: self.lines.len() };
        Maps { codes, places: &self.places, tables: &self.tables, samples: SAMPLES }
    }
}

pub fn packed(criterion: &mut Criterion) {
    for (variants, genes) in SHAPES {
        let held = Genes::new(variants, genes);
        let edges = variants * genes;
        let (weights, biases) = (wave(edges, 0.37), wave(genes, 0.53));
        let delta = wave(genes * SAMPLES, 0.71);
        let mut group = group(criterion, &format!("genes of {variants}"), edges * SAMPLES);
        for isa in isas() {
            let mut out = vec![0.0; genes * SAMPLES];
            group.bench_function(format!("forward/{}", isa.name()), |bencher| {
                bencher.iter(|| forward_all(isa, black_box(held.maps()), &weights, &biases, &mut out));
            });
            let mut gradients = vec![0.0; edges];
            group.bench_function(format!("weight gradients/{}", isa.name()), |bencher| {
                bencher.iter(|| weight_gradients_all(isa, black_box(held.maps()), &delta, &mut gradients));
            });
        }
    }
}

pub fn transposed(criterion: &mut Criterion) {
    let held = lines(LINES);
    let samples: [u32; CHUNK] = std::array::from_fn(|at| (at * 29 % CHUNK) as u32);
    let picked = Picked { bytes: held.as_flattened(), stride: LINES, samples: &samples };
    let mut group = group(criterion, "calls turned", LINES * QUAD * CHUNK);
    for isa in isas() {
        let mut out = vec![[0; CHUNK]; LINES];
        group.bench_function(isa.name(), |bencher| {
            bencher.iter(|| transpose(isa, black_box(picked), &mut out));
        });
    }
}

/// Those of this machine, or the one pinned.
fn isas() -> impl Iterator<Item = Isa> {
    let wanted = |isa: &Isa| Isa::pinned().is_none_or(|pinned| pinned == *isa);
    Isa::ALL.into_iter().filter(|isa| isa.is_here()).filter(wanted)
}

fn lines(count: usize) -> Vec<Line> {
    let byte = |line: usize, at: usize| ((line * CHUNK + at) * 167 % 251) as u8;
    (0..count).map(|line| std::array::from_fn(|at| byte(line, at))).collect()
}
