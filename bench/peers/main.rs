//! The peers' network on the peers' data, in the peers' protocol: same initial weights, same order
//! of samples, same arithmetic.
//!
//! usage: cargo bench --bench peers -- FOLDER [THREADS]     (FOLDER as `prepare.py` prints it)
//!
//! Prints one line of JSON: samples a second in training and prediction, seconds and loss of every
//! epoch, peak memory.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own reads and prints")]

mod npy;

use binnc::compiler::plan::{Block, Head, Input, Plan};
use binnc::data::PackedGenotypes;
use binnc::engine::network::{GenotypeCalls, InputData, InputRow, Parameters, predict};
use binnc::engine::train::{FitOptions, Problem, Targets, Trainer, TraitTarget, Unwatched};
use binnc::kernel::team::with_team;
use binnc::language::spec::{Activation, Loss, Norm, Optimizer, Rule};
use npy::{Array, read};
use std::path::Path;
use std::time::Instant;

const BATCH: usize = 64;
/// Codes of .bed: two copies, missing, one, none.
const COPIES: [f32; 4] = [2.0, 0.0, 1.0, 0.0];

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let Some(folder) = given.first() else {
        return println!("usage: cargo bench --bench peers -- FOLDER [THREADS]");
    };
    let threads = given.get(1).map_or(2, |threads| threads.parse().expect("a number of threads"));
    let started = Instant::now();
    let workload = Workload::read(Path::new(folder));
    let calls = workload.packed();
    let import = started.elapsed().as_secs_f64();
    let plan = workload.plan();
    let samples: Vec<u32> = (0..calls.samples() as u32).collect();
    let rows = (0..calls.variants()).map(|variant| InputRow::Variant { set: 0, variant, table: COPIES });
    let started = Instant::now();
    let sets = vec![GenotypeCalls { calls: &calls, samples: &samples }];
    let inputs = InputData::new(&plan, sets, rows.collect());
    let turned = started.elapsed().as_secs_f64();
    let trait_target = TraitTarget { values: workload.pheno.floats(), offsets: None };
    let targets = Targets { heads: vec![vec![trait_target]], ..Targets::default() };
    let rule = Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    let optimizer = Optimizer { rule, learning_rate: 1e-3, l1: 0.0, l2: 0.0, decay: 0.0 };
    let epochs = workload.order.shape[0];
    let options = FitOptions { optimizer, epochs, batch: Some(BATCH), patience: None, seed: 1, threads };
    let silent = vec![false; plan.inputs.len()];
    let problem = Problem { plan: &plan, inputs: &inputs, targets: &targets };
    let (seconds, losses, parameters) = with_team(threads, |team| {
        let mut trainer = Trainer::new(problem, workload.parameters(&plan), silent, &options, team);
        let (mut seconds, mut losses) = (Vec::new(), Vec::new());
        for (epoch, order) in workload.order.rows().enumerate() {
            let started = Instant::now();
            let terms = trainer.epoch(epoch + 1, &order, &Unwatched).expect("trains");
            seconds.push(started.elapsed().as_secs_f64());
            losses.push(terms.traits);
        }
        (seconds, losses, trainer.into_parameters())
    });
    let count = workload.order.shape[1];
    let started = Instant::now();
    let predicted = predict(&plan, &parameters, &inputs, &samples[..count]);
    let inference = started.elapsed().as_secs_f64();
    assert!(predicted[0].iter().all(|value| value.is_finite()), "predictions are numbers");
    let mut timed = seconds[1..].to_vec();
    timed.sort_by(f64::total_cmp);
    let (best, median) = (timed[0], timed[timed.len() / 2]);
    println!(
        "{{\"peer\":\"binnc\",\"folder\":{folder:?},\"threads\":{threads},\"train_samples_per_s\":{:.0},\
         \"train_samples_per_s_best\":{:.0},\"infer_samples_per_s\":{:.0},\"epoch_s_median\":{median:.6},\
         \"epoch_s_best\":{best:.6},\"import_s\":{import:.3},\"turn_s\":{turned:.3},\"peak_rss_mb\":{:.0},\
         \"loss_per_epoch\":{losses:.5?}}}",
        count as f64 / median,
        count as f64 / best,
        count as f64 / inference,
        peak_mb(),
    );
}

/// Arrays of a workload, as the peers write them.
struct Workload {
    geno: Array,
    pheno: Array,
    snp_gene: Array,
    gene_path: Array,
    weights: [Array; 3],
    order: Array,
}

impl Workload {
    fn read(folder: &Path) -> Self {
        let of = |name: &str| read(&folder.join(format!("{name}.npy")));
        Self {
            geno: of("geno"),
            pheno: of("pheno"),
            snp_gene: of("snp_gene"),
            gene_path: of("gene_path"),
            weights: [of("w1"), of("w2"), of("w3")],
            order: of("order"),
        }
    }

    /// Counts of alleles as two-bit codes, variant by variant.
    fn packed(&self) -> PackedGenotypes {
        let [samples, variants] = self.geno.shape[..] else { panic!("samples by variants") };
        let width = samples.div_ceil(4);
        let mut bytes = vec![0; width * variants];
        for (sample, counts) in self.geno.bytes.chunks_exact(variants).enumerate() {
            for (variant, count) in counts.iter().enumerate() {
                let code = [0b11, 0b10, 0b00][usize::from(*count)];
                bytes[variant * width + sample / 4] |= code << (2 * (sample % 4));
            }
        }
        PackedGenotypes::new(samples, variants, bytes)
    }

    fn plan(&self) -> Plan {
        let variants = self.geno.shape[1];
        let inputs = (0..variants).map(|index| Input::Variant { set: 0, index }).collect();
        let mut plan = Plan { rows: variants, inputs, ..Plan::default() };
        let genes = grouped(self.snp_gene.ints().into_iter().zip(0..));
        for variants in genes {
            block(&mut plan, &variants, Activation::Tanh);
        }
        let edges = self.gene_path.ints();
        let pairs = edges.as_chunks::<2>().0.iter().map(|[gene, path]| (*path, variants as u32 + gene));
        let first_path = plan.rows as u32;
        for genes in grouped(pairs) {
            block(&mut plan, &genes, Activation::Tanh);
        }
        let paths: Vec<u32> = (first_path..plan.rows as u32).collect();
        let first_row = plan.rows;
        block(&mut plan, &paths, Activation::Linear);
        let traits = vec![(0, "y".to_string())];
        plan.heads.push(Head { predict: 0, first_row, traits, losses: vec![Loss::Mse], weight: 1.0 });
        plan
    }

    fn parameters(&self, plan: &Plan) -> Parameters<f32> {
        let weights = self.weights.iter().flat_map(Array::floats).collect();
        Parameters { weights, ..Parameters::zeros(plan) }
    }
}

/// Members of each group, groups in order; pairs are sorted by group.
fn grouped(pairs: impl Iterator<Item = (u32, u32)>) -> Vec<Vec<u32>> {
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for (group, member) in pairs {
        groups.resize_with(groups.len().max(group as usize + 1), Vec::new);
        groups[group as usize].push(member);
    }
    groups
}

/// Adds a map of some rows to one.
fn block(plan: &mut Plan, sources: &[u32], activation: Activation) {
    plan.blocks.push(Block {
        first_source: plan.sources.len(),
        inputs: sources.len(),
        first_output: plan.rows,
        outputs: 1,
        first_weight: plan.weights,
        first_bias: plan.biases,
        activation,
        norm: Norm::None,
        first_state: 0,
        dropout: 0.0,
        penalised: true,
    });
    plan.sources.extend_from_slice(sources);
    plan.rows += 1;
    plan.weights += sources.len();
    plan.biases += 1;
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}
