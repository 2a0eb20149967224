//! I6, I7: the first weights follow the edges that are there, and the first step moves every weight
//! that has something to learn from, and no other.
//!
//! Specs are compiled and fitted; nothing is taken from what the program says of itself.

use binnc::cli::load::{Depth, Loaded, load, open};
use binnc::compiler::plan::{Plan, Role};
use binnc::engine::model::estimate;
use binnc::engine::network::initial;
use binnc::io::MemoryWorld;
use binnc::study::evaluate::{FitSeed, Quiet, fit_network, prepare};
use std::path::Path;

use crate::small::{HEAD, PAIRS, compiled, variants, world};

/// Weights of a node's first map.
fn first_map<'a>(plan: &Plan, weights: &'a [f32], node: &str) -> &'a [f32] {
    let own = plan.segments.iter().find(|s| s.role == Role::Hidden(1) && *s.name == *node);
    let row = own.expect("the node has a hidden layer").first_row;
    let block = plan.blocks.iter().find(|block| block.first_output == row).expect("and a block");
    &weights[block.first_weight..][..block.map_weights()]
}

/// Gene `A` reads two markers, gene `B` the others.
fn two_genes(markers: usize) -> Loaded {
    let gene = |at: usize| if at <= 2 { "A" } else { "B" };
    let rows: String = (1..=markers).map(|at| format!("s{at}\t{}\n", gene(at))).collect();
    let spec = format!(
        "{HEAD}{PAIRS}layer gene : gene {{ network = fcn(40, activation = relu) }}\n\
         link snps -> gene via pairs\npredict pheno.yield from gene\n"
    );
    compiled(world(&variants(markers), &[("pairs.tsv", &format!("snp\tgene\n{rows}"))]), &spec).0
}

/// I7. PINNet, NeST, PiDeeL and DrugCell drew weights as if a node read the whole layer, P-NET,
/// MULGONET and DeepKEGG as if the list of all edges were one unit's, GSNN took a variance for an SD,
/// and PathHDNN's draw after pruning changed nothing: small genes started almost at 0.
#[test]
fn a_gene_of_two_markers_among_a_thousand_starts_with_a_spread_for_two() {
    let loaded = two_genes(1000);
    let start = |loaded: &Loaded| {
        initial::<f32>(&loaded.plan, &vec![false; loaded.plan.inputs.len()], &[0.0], 3).weights
    };
    let weights = start(&loaded);
    let largest = |weights: &[f32]| weights.iter().fold(0.0_f64, |most, w| most.max(f64::from(w.abs())));
    let sd = |w: &[f32]| (w.iter().map(|w| f64::from(w * w)).sum::<f64>() / w.len() as f64).sqrt();
    let (small, large) = (first_map(&loaded.plan, &weights, "A"), first_map(&loaded.plan, &weights, "B"));
    assert_eq!((small.len(), large.len()), (2 * 40, 998 * 40));
    for (weights, fan_in) in [(small, 2.0_f64), (large, 998.0)] {
        let bound = (6.0 / fan_in).sqrt();
        assert!((0.9 * bound..=bound).contains(&largest(weights)), "{} of {bound}", largest(weights));
    }
    // A uniform draw has the SD √(2/fan-in), whatever the number of units.
    assert!((sd(large) / (2.0_f64 / 998.0).sqrt() - 1.0).abs() < 0.02);
    assert!((sd(small) / 1.0 - 1.0).abs() < 0.2);

    // Other genes, of whatever size, change none of it.
    for markers in [10, 100] {
        let other = two_genes(markers);
        assert_eq!(first_map(&other.plan, &start(&other), "A"), small);
    }
}

const FITTED: &str = r#"binn 1
model moves
genotypes snps from simulate "shoot_branching" { n = 60  markers = 80  seed = 3  keep = maf >= 0.42 }
table pheno from simulate "shoot_branching" { column outgrowth : continuous  column auxin : continuous }
prior qtn from simulate "shoot_branching" : snp -> metabolite
node auxin, sucrose : metabolite { network = fcn(4, activation = gelu) }
node integrator : integrator { network = fcn(6, activation = gelu) }
link snps -> auxin, sucrose via qtn
link auxin, sucrose -> integrator
predict pheno.outgrowth from integrator
supervise auxin by pheno.auxin
evaluate none
train { optimizer = adam(lr = 1e-2)  epochs = 1  batch = full  early_stop = none }
"#;

/// I6. PINNet wrapped its mask as a new parameter each time, so that the layer never learnt; MOViDA's
/// mask of gradients matched no parameter and ran after the step, so that absent edges learnt.
/// Here one step is taken, and every weight is held against where it started.
#[test]
fn one_step_moves_every_weight_but_those_of_filtered_markers() {
    let world = MemoryWorld::default().with("moves.binn", FITTED);
    let opened = open(&world, Path::new("moves.binn")).expect("is read");
    let spec = opened.spec.unwrap_or_else(|| panic!("is sound: {:?}", opened.found));
    let (loaded, _) = load(&world, spec, Path::new("."), Depth::Calls).expect("compiles");
    let (study, Loaded { spec, plan, cohort, sets, .. }) = (loaded.study(), &loaded);
    let train: Vec<u32> = (0..60).collect();
    let prepared = prepare(&study, &train, None, &Quiet).expect("is prepared");
    let preprocessing = estimate(spec, plan, cohort, sets, &prepared.usable, &train);
    let scales = (&preprocessing, &prepared.offsets[..]);
    let seed = FitSeed { repeat: 0, fold: 0, inner: 0, member: 0 };
    let fitted = fit_network(&study, plan, scales, &train, seed, &Quiet).expect("fits");

    let columns = preprocessing.columns(plan, cohort);
    let silent = preprocessing.input_data(plan, cohort, sets, &columns).silent(&train);
    let filtered = silent.iter().filter(|silent| **silent).count();
    assert!(filtered > 0 && filtered < 10, "{filtered} of 20 markers fail the filter");
    let start = initial::<f32>(plan, &silent, &[0.0], fitted.seed);
    let mut resting = 0;
    for block in &plan.blocks {
        for slot in 0..block.map_weights() {
            let source = plan.sources_of(block)[slot % block.inputs] as usize;
            let at = block.first_weight + slot;
            let (before, after) = (start.weights[at], fitted.parameters.weights[at]);
            if silent.get(source) == Some(&true) {
                assert_eq!((before, after), (0.0, 0.0), "weight {at} of a filtered marker");
                resting += 1;
            } else {
                let moved = (after - before).abs();
                assert!((0.005..0.011).contains(&moved), "weight {at} moved by {moved}, a step is 0.01");
            }
        }
    }
    assert_eq!(resting, 4 * filtered, "each of them feeds the four units of one metabolite");
}
