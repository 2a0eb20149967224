//! GBLUP on real panels through the whole pipeline, against figures measured by other means.
//!
//! A spec needs a network, so each has one node over a handful of markers, trained for one
//! epoch: only the rows of GBLUP are read. Skipped where BINNC_TEST_DATA is not set.

#![expect(clippy::print_stderr, reason = "a proof shows its figures, and says when it is skipped")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use binnc::io::Disk;
use binnc::study::evaluate::{Crew, Method, Outcome, Quiet, run};

use crate::setting;

const SEEDS: std::ops::RangeInclusive<u64> = 1..=6;

const MAIZE: &str = r#"binn 1
model maize_gblup
genotypes snps from plink "maize/geno.bed"
table pheno from tsv "maize/pheno.tsv" { column `anthesis.mean` : continuous  column `grain.yield.mean` : continuous }
table groups from tsv "maize/groups.tsv" { column geneticGroup : categorical }
node few : markers { network = linear }
link snps where chrom == "1" and pos < 500kb -> few
predict pheno.`anthesis.mean`, pheno.`grain.yield.mean` from few
evaluate SCHEME { baselines = gblup }
train { epochs = 1  early_stop = none }
"#;

const YEAST: &str = r#"binn 1
model yeast_gblup
genotypes markers from plink "yeast/geno.bed" { encoding = haploid }
table score from tsv "yeast/pheno_derived.tsv" { column LEU_score : continuous  column URA_score : continuous }
node few : markers { network = linear }
link markers where chrom == "chrI" and pos < 10kb -> few
predict score.LEU_score, score.URA_score from few
evaluate SCHEME { baselines = gblup }
train { epochs = 1  early_stop = none }
"#;

fn outcome(text: &str, scheme: &str) -> Option<Outcome> {
    let Some(root) = std::env::var_os("BINNC_TEST_DATA").map(PathBuf::from) else {
        eprintln!("skipped: BINNC_TEST_DATA is not set");
        return None;
    };
    let loaded = setting::loaded(&Disk, setting::spec(&text.replace("SCHEME", scheme)), &root);
    Some(
        setting::pool()
            .install(|| run(&setting::study(&loaded), &Crew::of(rayon::current_num_threads()), &Quiet))
            .expect("runs"),
    )
}

/// Pearson's r of GBLUP: trait → one value a fold.
fn accuracy(outcome: &Outcome) -> BTreeMap<String, Vec<f64>> {
    let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in outcome.metrics.iter().filter(|row| row.method == Method::Gblup && row.metric == "pearson") {
        found.entry(row.trait_name.clone()).or_default().push(row.value.expect("the trait varies"));
    }
    found
}

/// Mean over six seeds of the mean over five folds, and the SD between seeds.
fn five_folds(text: &str) -> Option<BTreeMap<String, (f64, f64)>> {
    let mut seeds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for seed in SEEDS {
        for (name, folds) in accuracy(&outcome(text, &format!("kfold(5, seed = {seed})"))?) {
            seeds.entry(name).or_default().push(setting::mean_sd(&folds).0);
        }
    }
    Some(seeds.into_iter().map(|(name, means)| (name, setting::mean_sd(&means))).collect())
}

fn near(found: &BTreeMap<String, (f64, f64)>, expected: &[(&str, f64)], tolerance: f64) {
    for (name, wanted) in expected {
        let (mean, sd) = found[*name];
        eprintln!("{name}: {mean:.4}, SD of one seed {sd:.4}, wanted {wanted} ± {tolerance}");
    }
    for (name, wanted) in expected {
        let mean = found[*name].0;
        assert!((mean - wanted).abs() <= tolerance, "{name}: {mean:.4}, wanted {wanted} ± {tolerance}");
    }
}

#[test]
fn gblup_of_maize_by_five_folds() {
    let Some(found) = five_folds(MAIZE) else { return };
    near(&found, &[("anthesis.mean", 0.742), ("grain.yield.mean", 0.783)], 0.02);
}

#[test]
fn gblup_of_yeast_by_five_folds() {
    let Some(found) = five_folds(YEAST) else { return };
    near(&found, &[("LEU_score", 0.643), ("URA_score", 0.639)], 0.03);
}

#[test]
fn gblup_of_maize_with_a_group_left_out() {
    let Some(outcome) = outcome(MAIZE, "leave_out(groups.geneticGroup)") else { return };
    let groups: Vec<&str> =
        outcome.folds.iter().map(|fold| fold.label.as_deref().expect("a group")).collect();
    let found = accuracy(&outcome);
    let expected = [
        ("Iodent", 0.80, 0.75),
        ("Lancaster", 0.80, 0.70),
        ("Other", 0.56, 0.39),
        ("Stiff_Stalk", 0.70, 0.75),
    ];
    let mut missed = Vec::new();
    for (group, anthesis, grain) in expected {
        let at = groups.iter().position(|name| *name == group).expect("the group is a fold");
        for (name, wanted) in [("anthesis.mean", anthesis), ("grain.yield.mean", grain)] {
            let value = found[name][at];
            eprintln!("{name}, {group} left out: {value:.4}, wanted {wanted} ± 0.02");
            if (value - wanted).abs() > 0.02 {
                missed.push(format!("{name}, {group}: {value:.4}"));
            }
        }
    }
    assert!(missed.is_empty(), "outside: {}", missed.join("; "));
}
