//! What stacking on GBLUP is worth where the graph knows the genes, and costs where it knows nothing.
//!
//! Families of half sibs; genes of six unlinked markers; in five of forty genes markers act, half of the
//! variance from each alone, half from the product of two. The graph is true, or a share of its links has
//! other partners. The optimizer's `l2` was chosen on panels of other seeds (101 to 103).

#![expect(clippy::print_stderr, reason = "a proof shows its figures")]

use std::collections::BTreeMap;
use std::path::Path;

use binnc::io::MemoryWorld;
use binnc::study::evaluate::{Crew, Method, Outcome, Quiet, run};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::setting;
use crate::simulated::{files, half_sibs, normal, standard};

const SAMPLES: usize = 1000;
const FAMILY: usize = 20;
const GENES: usize = 40;
const MARKERS: usize = 6;
const CAUSAL: usize = 5;
const HERITABILITY: f64 = 0.6;

/// Files of one panel.
fn panel(seed: u64) -> MemoryWorld {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let markers = GENES * MARKERS;
    let frequency: Vec<f64> = (0..markers).map(|_| random.random_range(0.2..0.8)).collect();
    let copies = half_sibs(&mut random, &frequency, SAMPLES, FAMILY);
    let centred = |marker: usize, sample: usize| f64::from(copies[marker][sample]) - 2.0 * frequency[marker];
    let spread = |marker: usize| (2.0 * frequency[marker] * (1.0 - frequency[marker])).sqrt();
    let (mut alone, mut paired) = (vec![0.0; SAMPLES], vec![0.0; SAMPLES]);
    for gene in 0..CAUSAL {
        let first = gene * MARKERS;
        let effects: Vec<f64> = (0..MARKERS).map(|_| normal(&mut random)).collect();
        for sample in 0..SAMPLES {
            let at = |k: usize| centred(first + k, sample);
            alone[sample] += (0..MARKERS).map(|k| effects[k] * at(k)).sum::<f64>();
            paired[sample] += at(0) * at(1) / (spread(first) * spread(first + 1));
        }
    }
    let (alone, paired) = (standard(&alone), standard(&paired));
    let genetic: Vec<f64> = alone.iter().zip(&paired).map(|(alone, paired)| alone + paired).collect();
    let (_, sd) = setting::mean_sd(&genetic);
    let noise = sd * ((1.0 - HERITABILITY) / HERITABILITY).sqrt();
    let y: Vec<f64> = genetic.iter().map(|value| value + noise * normal(&mut random)).collect();
    files(&copies, &y, MARKERS)
}

fn spec(share: f64, seed: u64, baselines: &str) -> String {
    format!(
        "binn 1
model stacking
genotypes snps from plink \"panel.bed\"
table pheno from tsv \"pheno.tsv\" {{ column y : continuous }}
prior genes from tsv \"links.tsv\" : snp -> gene {{ source = snp  target = gene }}
layer gene : gene {{ network = fcn(8, activation = gelu) }}
link snps -> gene via genes {{ randomize = permute({seed}, share = {share}) }}
predict pheno.y from gene {{ polygenic = gblup }}
evaluate kfold(5, seed = {seed}) {{ baselines = [{baselines}] }}
train {{ optimizer = adam(lr = 3e-3, l2 = 1e-2)  epochs = 200  batch = 32  early_stop = patience(20)  seed = {seed} }}
"
    )
}

fn outcome(share: f64, seed: u64, baselines: &str) -> Outcome {
    let spec = setting::spec(&spec(share, seed, baselines));
    let loaded = setting::loaded(&panel(seed), spec, Path::new(""));
    run(&loaded.study(), &Crew::of(1), &Quiet).expect("runs")
}

/// Mean over folds of a figure of a method.
fn mean(outcome: &Outcome, method: Method, metric: &str) -> f64 {
    let rows = outcome.metrics.iter().filter(|row| row.method == method && row.metric == metric);
    setting::mean_sd(&rows.filter_map(|row| row.value).collect::<Vec<_>>()).0
}

fn outcomes(shares: &[f64], seeds: u64, baselines: &str) -> Vec<(f64, u64, Outcome)> {
    let cases: Vec<(f64, u64)> =
        shares.iter().flat_map(|share| (1..=seeds).map(move |seed| (*share, seed))).collect();
    let of = |(share, seed): &(f64, u64)| (*share, *seed, outcome(*share, *seed, baselines));
    setting::pool().install(|| cases.par_iter().map(of).collect())
}

fn told(outcomes: &[(f64, u64, Outcome)], shares: &[f64]) -> Vec<[f64; 4]> {
    eprintln!("  share permuted   stacked  network    gblup    share of the networks");
    shares
        .iter()
        .map(|share| {
            let own = || outcomes.iter().filter(|(own, ..)| own == share).map(|(_, _, outcome)| outcome);
            let over = |method, metric| {
                setting::mean_sd(&own().map(|one| mean(one, method, metric)).collect::<Vec<_>>()).0
            };
            let row = [
                over(Method::Binn, "pearson"),
                over(Method::Network, "pearson"),
                over(Method::Gblup, "pearson"),
                over(Method::Binn, "network_share"),
            ];
            eprintln!("  {share:14}   {:7.3}  {:7.3}  {:7.3}  {:7.3}", row[0], row[1], row[2], row[3]);
            row
        })
        .collect()
}

/// Spearman's ρ of two lists, ties at their mean rank.
fn spearman(x: &[f64], y: &[f64]) -> f64 {
    binnc::study::evaluate::metrics::score(x, y).spearman.expect("they differ")
}

#[test]
fn stacking_gains_from_pairs_within_genes() {
    let found = outcomes(&[0.0], 10, "gblup, forest");
    eprintln!("pairs within genes, h² 0.6, true links, ten panels");
    let row = told(&found, &[0.0])[0];
    let forests: Vec<f64> = found.iter().map(|(.., one)| mean(one, Method::Forest, "pearson")).collect();
    let (forest, _) = setting::mean_sd(&forests);
    eprintln!("  forest {forest:.3}");
    assert!(row[0] >= row[2] + 0.05, "{row:?}");
    assert!(row[0] >= forest, "{row:?}, forest {forest}");
}

#[test]
fn stacking_falls_back_as_links_are_permuted() {
    const SHARES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
    let found = outcomes(&SHARES, 10, "gblup");
    eprintln!("pairs within genes, h² 0.6, links permuted, ten panels");
    let rows = told(&found, &SHARES);
    let accuracy: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    let (all_shares, all_r): (Vec<f64>, Vec<f64>) =
        found.iter().map(|(share, _, one)| (*share, mean(one, Method::Binn, "pearson"))).unzip();
    eprintln!(
        "  Spearman of share and r: of means {:.2}, of all panels {:.2}",
        spearman(&SHARES, &accuracy),
        spearman(&all_shares, &all_r)
    );
    let gates = SHARES.map(|share| closed_gates(&found, share));
    for (share, (closed, all)) in SHARES.iter().zip(gates) {
        eprintln!("  share {share}: GBLUP alone in {closed} of {all} folds, to the last bit");
    }
    assert!(spearman(&SHARES, &accuracy) < -0.8);
    let (closed, all) = gates[SHARES.len() - 1];
    assert!(2 * closed > all, "with random links the network has a share in most folds");
    let last = rows[SHARES.len() - 1];
    assert!(last[0] - last[2] >= -0.005, "{last:?}");
}

/// In how many folds of how many the gate is closed; predictions there are GBLUP's to the last bit.
fn closed_gates(outcomes: &[(f64, u64, Outcome)], share: f64) -> (usize, usize) {
    let (mut closed, mut all) = (0, 0);
    for (_, _, outcome) in outcomes.iter().filter(|(own, ..)| *own == share) {
        let mut by_row: BTreeMap<(usize, u32), BTreeMap<&str, f64>> = BTreeMap::new();
        for row in &outcome.predictions {
            by_row.entry((row.fold, row.row)).or_default().insert(row.method.name(), row.predicted);
        }
        for weight in outcome.metrics.iter().filter(|row| row.metric == "network_share") {
            all += 1;
            if weight.value != Some(0.0) {
                continue;
            }
            closed += 1;
            for (_, said) in by_row.iter().filter(|((fold, _), _)| *fold == weight.fold) {
                assert_eq!(said["binn"].to_bits(), said["gblup"].to_bits());
            }
        }
    }
    (closed, all)
}
