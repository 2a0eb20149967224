//! How the time of an epoch grows with the number of variants.
//!
//! Genes of ten variants and pathways of 30 genes, each gene in one or two of them, at a fixed number
//! of samples; the values of the data do not matter.

use crate::network::{block, edges_of_variants, head, inputs};
use crate::training::{BATCH, Run, median};
use binnc::compiler::plan::Plan;
use binnc::data::PackedGenotypes;
use binnc::engine::network::Parameters;
use binnc::language::spec::Activation;

const VARIANTS: [usize; 5] = [10_000, 31_620, 100_000, 316_220, 1_000_000];
const SAMPLES: usize = 2_000;
const GENE: usize = 10;
const PATHWAY: usize = 30;
/// Genes from one pathway's first to the next one's.
const STEP: usize = 20;
/// Timed epochs of the smallest network, and of the largest.
const EPOCHS: (usize, usize) = (60, 6);

/// Prints a table in Markdown with the slope of log time on log variants.
pub fn run(threads: usize) {
    println!(
        "| variants | parameters | ms an epoch, median | best | ns an edge and sample, best |\n\
         |---|---|---|---|---|"
    );
    let (mut medians, mut bests) = (Vec::new(), Vec::new());
    for variants in VARIANTS {
        let plan = network(variants);
        let epochs = (EPOCHS.0 * VARIANTS[0] / variants).max(EPOCHS.1);
        let mut generated = Generated::new(&plan);
        let orders: Vec<_> = (0..=epochs).map(|_| generated.new_order()).collect();
        let seconds = generated.seconds(&plan, threads, &orders);
        let (median, best) = (median(&seconds), seconds.iter().copied().fold(f64::INFINITY, f64::min));
        let products = (edges_of_variants(&plan) * (SAMPLES / BATCH * BATCH)) as f64;
        println!(
            "| {variants} | {} | {:.2} | {:.2} | {:.3} |",
            plan.weights + plan.biases,
            1e3 * median,
            1e3 * best,
            1e9 * best / products
        );
        let size = libm::log(variants as f64);
        medians.push((size, libm::log(median)));
        bests.push((size, libm::log(best)));
    }
    println!(
        "\nslope of log time on log variants, {threads} threads, {SAMPLES} samples: \
         {:.3} of medians, {:.3} of the best",
        slope(&medians),
        slope(&bests)
    );
}

/// Genes, pathways and a trait over so many variants.
pub fn network(variants: usize) -> Plan {
    let mut plan = inputs(variants);
    let all: Vec<u32> = (0..variants as u32).collect();
    let own = all.chunks_exact(GENE);
    let genes: Vec<u32> = own.flat_map(|own| block(&mut plan, own, 1, Activation::Tanh)).collect();
    let member = |first: usize, k: usize| genes[(first + 7 * k) % genes.len()];
    let mut paths = Vec::new();
    for first in (0..genes.len()).step_by(STEP) {
        let members: Vec<u32> = (0..PATHWAY).map(|k| member(first, k)).collect();
        paths.extend(block(&mut plan, &members, 1, Activation::Tanh));
    }
    head(&mut plan, &paths);
    plan
}

/// Calls, a trait and first weights of 2,000 samples, and orders to visit them in.
pub struct Generated {
    random: Random,
    calls: PackedGenotypes,
    pheno: Vec<f32>,
    start: Parameters<f32>,
}

impl Generated {
    pub fn new(plan: &Plan) -> Self {
        let mut random = Random(20_240);
        let bytes =
            (0..plan.inputs.len() * SAMPLES.div_ceil(4)).map(|_| (random.next() >> 56) as u8).collect();
        let calls = PackedGenotypes::new(SAMPLES, plan.inputs.len(), bytes);
        let mut number = || (random.next() >> 40) as f32 / (1 << 23) as f32 - 1.0;
        let pheno = (0..SAMPLES).map(|_| number()).collect();
        let weights = (0..plan.weights).map(|_| 0.2 * number()).collect();
        let start = Parameters { weights, ..Parameters::zeros(plan) };
        Self { random, calls, pheno, start }
    }

    /// Of every epoch but the first.
    pub fn seconds(&self, plan: &Plan, threads: usize, orders: &[Vec<u32>]) -> Vec<f64> {
        let run = Run::new(plan, &self.calls, self.pheno.clone(), threads);
        run.train(self.start.clone(), orders).seconds[1..].to_vec()
    }

    /// Whole batches of samples, as the file has them.
    pub fn file_order(&self) -> Vec<u32> {
        (0..(SAMPLES / BATCH * BATCH) as u32).collect()
    }

    /// Whole batches of samples, shuffled.
    pub fn new_order(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..SAMPLES as u32).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, (self.random.next() % (last as u64 + 1)) as usize);
        }
        order.truncate(SAMPLES / BATCH * BATCH);
        order
    }
}

/// Least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let of = |product: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(product).sum::<f64>();
    of(&|point| (point.0 - x) * (point.1 - y)) / of(&|point| (point.0 - x) * (point.0 - x))
}

/// Numbers for data whose values do not matter (Marsaglia 2003, xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
