//! Whether importances under a null reject as often as they say, and find what was planted.
//!
//! How networks of the second are trained was chosen on panels of other seeds (9001 to 9004).

#![expect(clippy::print_stderr, reason = "a proof shows its figures")]

use std::path::Path;

use binnc::io::MemoryWorld;
use binnc::study::evaluate::{Crew, Outcome, Quiet, nulls, run};
use binnc::study::explain::Importance;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::setting;
use crate::simulated::{files, half_sibs, normal, standard};

const FAMILY: usize = 20;
const REPLICATES: usize = 20;

/// A panel of half sibs, a trait to which markers add up with the given effects, and h².
fn panel(
    random: &mut ChaCha8Rng,
    samples: usize,
    (markers, of_gene): (usize, usize),
    heritability: f64,
    effect: &dyn Fn(usize, &mut ChaCha8Rng) -> f64,
) -> MemoryWorld {
    let frequency: Vec<f64> = (0..markers).map(|_| random.random_range(0.2..0.8)).collect();
    let copies = half_sibs(random, &frequency, samples, FAMILY);
    let mut genetic = vec![0.0; samples];
    for (marker, copies) in copies.iter().enumerate() {
        let effect = effect(marker, random);
        genetic.iter_mut().zip(copies).for_each(|(sum, copies)| *sum += effect * f64::from(*copies));
    }
    let noise = ((1.0 - heritability) / heritability).sqrt();
    let y: Vec<f64> = standard(&genetic).iter().map(|value| value + noise * normal(random)).collect();
    files(&copies, &y, of_gene)
}

/// A run whose importances are judged.
fn judged(world: &MemoryWorld, spec: &str) -> Outcome {
    let loaded = setting::loaded(world, setting::spec(spec), Path::new(""));
    let (study, crew) = (loaded.study(), Crew::of(1));
    let mut outcome = run(&study, &crew, &Quiet).expect("runs");
    let null = nulls(&study, &outcome.folds, REPLICATES, &crew, &Quiet).expect("runs again");
    outcome.judge_by(&null);
    outcome
}

const HEAD: &str = "binn 1
model nulls
genotypes snps from plink \"panel.bed\"
table pheno from tsv \"pheno.tsv\" { column y : continuous }
prior genes from tsv \"links.tsv\" : snp -> gene { source = snp  target = gene }
layer gene : gene
link snps -> gene via genes
";

#[test]
fn a_null_rejects_as_often_as_it_says() {
    const RUNS: u64 = 200;
    let spec = |seed: u64| {
        format!(
            "{HEAD}predict pheno.y from gene
evaluate kfold(3, seed = {seed}) {{ baselines = [] }}
train {{ optimizer = adam(lr = 3e-3, l2 = 1e-3)  epochs = 30  batch = 32  early_stop = none  seed = {seed} }}
"
        )
    };
    let rates = |seed: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(1000 + seed);
        let world = panel(&mut random, 200, (240, 6), 0.5, &|_, random| normal(random));
        let p: Vec<f64> = judged(&world, &spec(seed)).importance.iter().map(|one| one.p).collect();
        [0.05, 0.01].map(|at| p.iter().filter(|p| **p <= at).count() as f64 / p.len() as f64)
    };
    let found: Vec<[f64; 2]> = setting::pool().install(|| (1..=RUNS).into_par_iter().map(rates).collect());
    eprintln!("polygenic traits, families of half sibs, {RUNS} runs of {REPLICATES} replicates, 40 genes");
    for (at, level) in [0.05, 0.01].into_iter().enumerate() {
        let (mean, sd) = setting::mean_sd(&found.iter().map(|rates| rates[at]).collect::<Vec<_>>());
        let se = sd / (RUNS as f64).sqrt();
        eprintln!("  at {level}: {mean:.4}, SE {se:.4}");
        assert!((mean - level).abs() <= 2.0 * se, "{mean} at {level}, SE {se}");
    }
}

/// Share of pairs of a planted pathway and another in which the planted one has the smaller p, ties half.
fn area(pathways: &[&Importance], is_planted: &dyn Fn(&Importance) -> bool) -> f64 {
    let (planted, others): (Vec<&Importance>, Vec<&Importance>) =
        pathways.iter().copied().partition(|one| is_planted(one));
    let pairs = planted.iter().flat_map(|one| others.iter().map(move |other| (one.p, other.p)));
    let won: f64 =
        pairs.map(|(one, other)| if one < other { 1.0 } else { f64::from(one == other) / 2.0 }).sum();
    won / (planted.len() * others.len()) as f64
}

#[test]
fn planted_pathways_are_found() {
    const PANELS: u64 = 10;
    const PATHWAYS: usize = 200;
    const PLANTED: usize = 5;
    const LEVEL: f64 = 0.1;
    let genes = 10 * PATHWAYS;
    let spec = |seed: u64| {
        format!(
            "{HEAD}prior pathways from tsv \"pathways.tsv\" : gene -> pathway {{ source = gene  target = pathway }}
layer pathway : pathway
link gene -> pathway via pathways
predict pheno.y from pathway
evaluate kfold(3, seed = {seed}) {{ baselines = [] }}
train {{ optimizer = adam(lr = 1e-3, l2 = 1e-2)  epochs = 60  batch = 64  early_stop = none  seed = {seed} }}
"
        )
    };
    let one = |seed: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(2000 + seed);
        let effect =
            |marker: usize, random: &mut ChaCha8Rng| if marker < 50 * PLANTED { normal(random) } else { 0.0 };
        let mut links = String::from("gene\tpathway\n");
        (0..genes).for_each(|gene| links += &format!("gene{gene}\tpathway{}\n", gene / 10));
        let world = panel(&mut random, 2000, (5 * genes, 5), 0.5, &effect).with("pathways.tsv", links);
        let outcome = judged(&world, &spec(seed));
        let pathways: Vec<&Importance> =
            outcome.importance.iter().filter(|one| one.layer == "pathway").collect();
        let is_planted = |one: &Importance| {
            one.node
                .strip_prefix("pathway")
                .and_then(|at| at.parse().ok())
                .is_some_and(|at: usize| at < PLANTED)
        };
        let found: Vec<&&Importance> = pathways.iter().filter(|one| one.q <= LEVEL).collect();
        let wrong = found.iter().filter(|one| !is_planted(one)).count();
        (area(&pathways, &is_planted), found.len(), wrong)
    };
    let found: Vec<(f64, usize, usize)> =
        setting::pool().install(|| (1..=PANELS).into_par_iter().map(one).collect());
    eprintln!("{PLANTED} of {PATHWAYS} pathways planted, {REPLICATES} replicates, {PANELS} panels");
    for (area, found, wrong) in &found {
        eprintln!("  AUC {area:.3}; {found} pathways at q ≤ {LEVEL}, {wrong} of them wrong");
    }
    let (area, _) = setting::mean_sd(&found.iter().map(|(area, ..)| *area).collect::<Vec<_>>());
    eprintln!("  AUC {area:.3} by mean");
    assert!(area >= 0.9, "{area}");
    let shares = found.iter().map(|(_, found, wrong)| *wrong as f64 / (*found).max(1) as f64);
    let rate = shares.sum::<f64>() / PANELS as f64;
    eprintln!("  false discoveries {rate:.3}");
    assert!(rate <= LEVEL, "{rate}");
}
