//! The peers' networks on the peers' data, in the peers' protocol: same initial weights, same order
//! of samples, same arithmetic.
//!
//! usage: cargo bench --bench peers -- FOLDER [THREADS [BATCH]]     (FOLDER as `prepare.py` prints it)
//!        cargo bench --bench peers -- growth [THREADS]     time an epoch from 10⁴ to 10⁶ variants
//!        cargo bench --bench peers -- orders [THREADS]     a new order each epoch beside the file's
//!        cargo bench --bench peers -- peak [THREADS]       fused products that the machine can do
//!
//! Prints one line of JSON, or for `growth` and `orders` a table: samples a second in training and prediction,
//! seconds and loss of every epoch, peak memory.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own reads and prints")]

mod growth;
mod network;
mod npy;
mod orders;
mod peak;
mod training;
mod workload;

use std::path::Path;
use std::time::Instant;
use training::{BATCH, Run, median};
use workload::Workload;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let threads = given.get(1).map_or(2, |threads| threads.parse().expect("a number of threads"));
    let batch = given.get(2).map_or(BATCH, |batch| batch.parse().expect("a number of rows"));
    match given.first().map(String::as_str) {
        None => println!("usage: cargo bench --bench peers -- FOLDER|growth|orders|peak [THREADS [BATCH]]"),
        Some("growth") => growth::run(threads),
        Some("orders") => orders::run(threads),
        Some("peak") => println!("{{\"threads\":{threads},\"gflops\":{:.1}}}", peak::gflops(threads)),
        Some(folder) => beside_peers(folder, threads, batch),
    }
}

fn beside_peers(folder: &str, threads: usize, batch: usize) {
    let started = Instant::now();
    let workload = Workload::read(Path::new(folder));
    let calls = workload.packed();
    let import = started.elapsed().as_secs_f64();
    let plan = workload.plan();
    let started = Instant::now();
    let run = Run::new(&plan, &calls, workload.pheno.floats(), threads).in_batches_of(batch);
    let turned = started.elapsed().as_secs_f64();
    let orders: Vec<Vec<u32>> = workload.order.rows().collect();
    let trained = run.train(workload.parameters(&plan), &orders);
    let count = orders[0].len();
    let started = Instant::now();
    let predicted = run.predict(&trained.parameters, count);
    let inference = started.elapsed().as_secs_f64();
    assert!(predicted[0].iter().all(|value| value.is_finite()), "predictions are numbers");
    let timed = &trained.seconds[1..];
    let (median, best) = (median(timed), timed.iter().copied().fold(f64::INFINITY, f64::min));
    println!(
        "{{\"peer\":\"binnc\",\"folder\":{folder:?},\"threads\":{threads},\"train_samples_per_s\":{:.0},\
         \"train_samples_per_s_best\":{:.0},\"infer_samples_per_s\":{:.0},\"epoch_s_median\":{median:.6},\
         \"epoch_s_best\":{best:.6},\"import_s\":{import:.3},\"turn_s\":{turned:.3},\"peak_rss_mb\":{:.0},\
         \"variant_edges\":{},\"genes\":{},\"params\":{},\"flop_per_sample\":{},\"loss_per_epoch\":{:.5?}}}",
        count as f64 / median,
        count as f64 / best,
        count as f64 / inference,
        peak_mb(),
        network::edges_of_variants(&plan),
        workload.genes(),
        plan.weights + plan.biases,
        network::flop_per_sample(&plan),
        trained.losses,
    );
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}
