//! Small cases whose instructions are counted, since counts, unlike times, do not depend on what else
//! the machine does.
//!
//! usage: cargo bench --bench instructions -- CASE ISA TIMES      (`run.py` does it, under callgrind)
//!
//! The count of a case is that of a program which runs it twice less that of one which runs it once.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own reads and prints")]

mod compiling;
#[path = "../peers/network.rs"]
#[expect(dead_code, reason = "costs of a step are printed beside the peers alone")]
mod network;
#[path = "../peers/training.rs"]
#[expect(dead_code, reason = "epochs are timed beside the peers alone")]
mod training;

use binnc::compiler::plan::Plan;
use binnc::data::PackedGenotypes;
use binnc::engine::network::Parameters;
use binnc::kernel::isa::Isa;
use binnc::language::spec::Activation;
use network::{block, head};
use std::hint::black_box;
use training::{BATCH, Run};

const GENES: usize = 100;
const GENE: usize = 10;
const PATHWAYS: usize = 5;
const PATHWAY: usize = 30;
const SAMPLES: usize = 4 * BATCH;
const EPOCHS: usize = 3;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [case, isa, times] = &given[..] else {
        return println!("usage: cargo bench --bench instructions -- train|score|compile ISA TIMES");
    };
    let isa = Isa::ALL.into_iter().find(|known| known.name() == isa);
    assert!(isa.is_some_and(Isa::pin), "a set of this machine");
    let times = times.parse().expect("how many times");
    let run: fn() = match case.as_str() {
        "train" => train,
        "score" => score,
        "compile" => compiling::compile,
        _ => panic!("no such case: {case}"),
    };
    (0..times).for_each(|_| run());
}

/// A few epochs, with all that a fit sets up.
fn train() {
    let plan = plan();
    let calls = calls();
    let run = Run::new(&plan, &calls, wave(SAMPLES, 0.71), 1);
    let order: Vec<u32> = (0..SAMPLES as u32).map(|sample| sample * 37 % SAMPLES as u32).collect();
    let trained = run.train(parameters(&plan), &vec![order; EPOCHS]);
    assert!(trained.losses[EPOCHS - 1] < trained.losses[0], "the network learns");
}

/// Predictions of all samples, with the calls turned for them.
fn score() {
    let plan = plan();
    let calls = calls();
    let run = Run::new(&plan, &calls, Vec::new(), 1);
    black_box(run.predict(&parameters(&plan), SAMPLES));
}

/// Genes of ten variants, pathways of 30 genes, a trait.
fn plan() -> Plan {
    let mut plan = network::inputs(GENES * GENE);
    let all: Vec<u32> = (0..(GENES * GENE) as u32).collect();
    let own = all.chunks_exact(GENE);
    let genes: Vec<u32> = own.flat_map(|own| block(&mut plan, own, 1, Activation::Tanh)).collect();
    let mut paths = Vec::new();
    for path in 0..PATHWAYS {
        let members: Vec<u32> = (0..PATHWAY).map(|k| genes[(20 * path + 3 * k) % GENES]).collect();
        paths.extend(block(&mut plan, &members, 1, Activation::Tanh));
    }
    head(&mut plan, &paths);
    plan
}

/// Calls of no pattern, some missing.
fn calls() -> PackedGenotypes {
    let bytes = (0..GENES * GENE * SAMPLES / 4).map(|k| (k * 167 % 251) as u8).collect();
    PackedGenotypes::new(SAMPLES, GENES * GENE, bytes)
}

fn parameters(plan: &Plan) -> Parameters<f32> {
    let weights = wave(plan.weights, 0.37).iter().map(|weight| 0.2 * weight).collect();
    Parameters { weights, ..Parameters::zeros(plan) }
}

/// Numbers between −1 and 1.
fn wave(count: usize, factor: f32) -> Vec<f32> {
    (1..=count).map(|k| (k as f32 * factor).fract() * 2.0 - 1.0).collect()
}
