//! What is left of accuracy when phenotypes are permuted: nothing, unless links saw the test rows.
//!
//! Phenotypes are dealt anew among samples, whose genotypes and expression stay as they are. Learnt
//! inside each fold, links add nothing to what chance gives; learnt once on all rows, as published
//! pipelines do, they make noise predictable. Skipped where BINNC_TEST_DATA is not set.

#![expect(clippy::print_stderr, reason = "a proof shows its figures, and says when it is skipped")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use binnc::cli::load::Loaded;
use binnc::compiler::graph::{self, Known, Learning};
use binnc::compiler::plan;
use binnc::data::ColumnData;
use binnc::engine::model::usable;
use binnc::engine::train::Unwatched;
use binnc::io::Disk;
use binnc::study::derive::concrete::Concrete;
use binnc::study::derive::learnt::{Material, learn};
use binnc::study::evaluate::{Crew, Outcome, Quiet, Study, eligible_rows, run};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::setting;

const YEAST: &str = r#"binn 1
model yeast_expression
genotypes markers from plink "yeast/geno.bed" { encoding = haploid  keep = missing <= 10% }
table score from tsv "yeast/pheno_derived.tsv" { column LEU_score : continuous }
table expression from tsv "yeast/expr.tsv.gz" { column * : continuous }
layer gene : gene {
  select = elastic_net(expression, target = score.LEU_score, l1_ratio = 0.1, seed = 1)
  network = fcn(8, activation = sigmoid)
}
link markers -> gene via eqtl(expression, top = 20, clump = 0.5)
predict score.LEU_score from gene
evaluate kfold(5, seed = 3) { baselines = [gblup] }
train { optimizer = adam(lr = 3e-3, l1 = 1e-5, l2 = 1e-5)  epochs = 200  batch = 32  early_stop = patience(20)  seed = 3 }
"#;

const MAIZE: &str = r#"binn 1
model maize_windows
genotypes snps from plink "maize/geno.bed" { keep = maf >= 0.05 and missing <= 10% }
table pheno from tsv "maize/pheno.tsv" { column `anthesis.mean` : continuous }
prior genes from tsv "maize/genes.tsv" : region -> gene { id = "gene"  chrom = "chr"  start = "start"  end = "end" }
prior go from gmt "maize/go_process.gmt" : gene -> pathway
layer gene : gene
layer pathway : pathway { width = 2 }
node head : integrator { network = fcn(32, activation = gelu, dropout = 0.1) }
link snps -> gene via window(genes, upstream = 250kb, downstream = 250kb)
link gene -> pathway via go { min_size = 5 }
link pathway -> head
predict pheno.`anthesis.mean` from head { polygenic = gblup }
evaluate kfold(5, seed = 7) { baselines = [gblup, ridge]  validation = 15% }
train { optimizer = adamw(lr = 1e-3, weight_decay = 0.01)  epochs = 200  batch = 32  early_stop = patience(20)  seed = 7 }
"#;

/// The 500 markers that tell a trait best, learnt from a second reading of the trait itself.
const SCREEN: &str = r#"binn 1
model maize_screen
genotypes snps from plink "maize/geno.bed" { keep = maf >= 0.05 and missing <= 10% }
table pheno from tsv "maize/pheno.tsv" { column `anthesis.mean` : continuous }
table again from tsv "maize/pheno.tsv" { column `anthesis.mean` : continuous }
node `anthesis.mean` : screen { network = fcn(16, activation = gelu) }
link snps -> `anthesis.mean` via eqtl(again, top = 500)
predict pheno.`anthesis.mean` from `anthesis.mean`
evaluate kfold(5, seed = 7) { baselines = [gblup]  validation = 15% }
train { optimizer = adamw(lr = 1e-3, weight_decay = 0.01)  epochs = 200  batch = 32  early_stop = patience(20)  seed = 7 }
"#;

/// Who sees the test rows when links are learnt.
#[derive(Clone, Copy, PartialEq)]
enum Learnt {
    InEachFold,
    OnAllRows,
}

fn loaded(text: &str) -> Option<Loaded> {
    let Some(root) = std::env::var_os("BINNC_TEST_DATA").map(PathBuf::from) else {
        eprintln!("skipped: BINNC_TEST_DATA is not set");
        return None;
    };
    Some(setting::loaded(&Disk, setting::spec(text), &root))
}

/// Deals the values of a column anew among the rows that have one, in every table that has it.
fn permute(loaded: &mut Loaded, column: &str, seed: u64) {
    for table in &mut loaded.cohort.columns {
        let Some(ColumnData::Numeric(values)) = table.get_mut(column) else { continue };
        let rows: Vec<usize> = (0..values.len()).filter(|row| !values[*row].is_nan()).collect();
        let mut dealt = rows.clone();
        dealt.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let new: Vec<f64> = dealt.iter().map(|row| values[*row]).collect();
        rows.iter().zip(new).for_each(|(row, value)| values[*row] = value);
    }
}

fn evaluated(loaded: &Loaded, learnt: Learnt) -> Outcome {
    let study = loaded.study();
    let crew = Crew::of(rayon::current_num_threads());
    if learnt == Learnt::InEachFold {
        return run(&study, &crew, &Quiet).expect("runs");
    }
    // The mistake: links from all rows, then folds.
    let Study { spec, cohort, sets, known, .. } = study;
    let rows: Vec<u32> =
        (0..).zip(eligible_rows(spec, cohort)).filter(|(_, has)| *has).map(|(row, _)| row).collect();
    let usable = usable(spec, cohort, sets, known.usable, &rows);
    let material = Material { spec, cohort, sets, usable: &usable, priors: known.priors };
    let all = learn(&material, &rows, &Unwatched).expect("learns");
    let concrete = Concrete::of(spec, known.priors, all.stead(sets), Learning::Done);
    let known = Known { priors: &concrete.priors, learning: Learning::Done, ..known };
    let (resolved, _) = graph::resolve(&concrete.spec, &known);
    let (checked, _) = graph::check(&concrete.spec, resolved.expect("resolves")).expect("is sound");
    let plan = plan::compile(&concrete.spec, &checked, known.variants);
    let mut spec = concrete.spec.clone();
    spec.layers.iter_mut().for_each(|layer| layer.select = None);
    run(&Study { spec: &spec, plan: &plan, cohort, sets, known }, &crew, &Quiet).expect("runs")
}

/// Mean over folds of Pearson's r, by method, one value a permutation.
fn permutations(
    text: &str,
    column: &str,
    count: u64,
    learnt: Learnt,
) -> Option<BTreeMap<&'static str, Vec<f64>>> {
    let mut loaded = loaded(text)?;
    let mut all: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    setting::pool().install(|| {
        for seed in 1..=count {
            permute(&mut loaded, column, seed);
            let outcome = evaluated(&loaded, learnt);
            let mut folds: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
            for row in outcome.metrics.iter().filter(|row| row.metric == "pearson") {
                folds.entry(row.method.name()).or_default().push(row.value.unwrap_or(0.0));
            }
            for (method, of_folds) in folds {
                all.entry(method).or_default().push(setting::mean_sd(&of_folds).0);
            }
        }
    });
    Some(all)
}

fn told(what: &str, all: &BTreeMap<&'static str, Vec<f64>>) {
    eprintln!("{what}");
    for (method, values) in all {
        let (mean, sd) = setting::mean_sd(values);
        let error = sd / (values.len() as f64).sqrt();
        eprintln!("  {method:8} mean r {mean:+.4}, SE {error:.4}, {} permutations", values.len());
    }
}

/// |mean r| at most 3.5 SE and at most 0.04, for every method.
fn is_chance(all: &BTreeMap<&'static str, Vec<f64>>) {
    for (method, values) in all {
        let (mean, sd) = setting::mean_sd(values);
        let error = sd / (values.len() as f64).sqrt();
        assert!(mean.abs() <= 3.5 * error && mean <= 0.04, "{method}: {mean} ± {error}");
    }
}

fn binn(all: &BTreeMap<&'static str, Vec<f64>>) -> f64 {
    setting::mean_sd(&all["binn"]).0
}

#[test]
fn leakage_of_yeast_expression() {
    let Some(inside) = permutations(YEAST, "LEU_score", 100, Learnt::InEachFold) else { return };
    told("yeast, permuted LEU score: genes by elastic net, markers by eQTL, in each fold", &inside);
    is_chance(&inside);
}

#[test]
fn leakage_of_yeast_links_from_all_rows() {
    let Some(outside) = permutations(YEAST, "LEU_score", 20, Learnt::OnAllRows) else { return };
    told("yeast, permuted LEU score: genes by elastic net, markers by eQTL, once from all rows", &outside);
    assert!(binn(&outside) >= 0.08);
}

#[test]
fn leakage_of_maize_windows() {
    let Some(inside) = permutations(MAIZE, "anthesis.mean", 40, Learnt::InEachFold) else { return };
    told("maize, permuted days to anthesis: markers near genes, stacked on GBLUP", &inside);
    is_chance(&inside);
}

#[test]
fn leakage_of_a_maize_screen() {
    let Some(inside) = permutations(SCREEN, "anthesis.mean", 40, Learnt::InEachFold) else { return };
    told("maize, permuted days to anthesis: the best 500 markers in each fold", &inside);
    let outside = permutations(SCREEN, "anthesis.mean", 20, Learnt::OnAllRows).expect("data is there");
    told("the same, the best 500 markers of all rows", &outside);
    is_chance(&inside);
    assert!(binn(&outside) >= 0.4);
}
