//! What a new order of samples costs an epoch, beside the order of the file.
//!
//! Both kinds of epoch take turns in one fit, so that they meet the same machine.

use crate::growth::{Generated, network};
use crate::training::{BATCH, median};

/// Variants, and epochs of either kind: S, M and L.
const SIZES: [(&str, usize, usize); 3] = [("S", 10_000, 100), ("M", 100_000, 20), ("L", 500_000, 8)];

/// Prints a table in Markdown.
pub fn run(threads: usize) {
    println!(
        "| network | variants | ms an epoch in the file's order, median / best | in a new order | ratio, median / best |\n\
         |---|---|---|---|---|"
    );
    for (name, variants, epochs) in SIZES {
        let plan = network(variants);
        let mut generated = Generated::new(&plan);
        let mut orders = vec![generated.file_order()];
        for _ in 0..epochs {
            orders.push(generated.file_order());
            orders.push(generated.new_order());
        }
        let seconds = generated.seconds(&plan, threads, &orders);
        let every_second = |first: usize| -> (f64, f64) {
            let times: Vec<f64> = seconds.iter().skip(first).step_by(2).copied().collect();
            (1e3 * median(&times), 1e3 * times.iter().copied().fold(f64::INFINITY, f64::min))
        };
        let (file, new) = (every_second(0), every_second(1));
        println!(
            "| {name} | {variants} | {:.2} / {:.2} | {:.2} / {:.2} | {:.2} / {:.2} |",
            file.0,
            file.1,
            new.0,
            new.1,
            new.0 / file.0,
            new.1 / file.1
        );
    }
    println!("\n{threads} threads, 2,000 samples, batches of {BATCH}");
}
