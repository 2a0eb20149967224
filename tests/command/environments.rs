//! Records of individuals in several environments, and the schemes that say what is new.

use crate::support::{Bench, Spec, number, rows};
use std::collections::{BTreeMap, BTreeSet};

/// 40 samples in three trials, each trial with a level of its own, and a table of them.
fn trials(evaluate: &str, predict: &str, baselines: &str) -> Bench {
    let bench = Bench::empty();
    bench.run("simulate shoot-branching --out data --n 40 --markers 80 --seed 7").expect(0);
    let spec = Spec {
        table: "from tsv \"data/trials.tsv\"",
        columns: "column site : categorical",
        predict,
        evaluate: &format!("evaluate {evaluate} {{ baselines = [{baselines}] }}"),
        ..Spec::default()
    };
    bench.write("small.binn", spec.text().replace("key = IID", "key = IID  records = repeated"));
    let pheno = bench.text("data/pheno.tsv");
    let mut lines = pheno.lines();
    let mut table = format!("{}\tsite\n", lines.next().expect("a header"));
    for (at, line) in lines.enumerate() {
        for (site, level) in [("north", 0.0), ("south", 4.0), ("west", 9.0)] {
            // The last sample grew in one trial alone.
            if at == 39 && site != "south" {
                continue;
            }
            let mut cells: Vec<String> = line.split('\t').map(String::from).collect();
            cells[1] = (cells[1].parse::<f64>().expect("a number") + level).to_string();
            table += &format!("{}\t{site}\n", cells.join("\t"));
        }
    }
    bench.write("data/trials.tsv", table);
    bench
}

const IN_TRIALS: &str = "predict pheno.outgrowth from integrator { fixed = [pheno.site] }";

#[test]
fn new_environments_take_the_mean_of_those_that_were_seen() {
    let bench = trials("cv0(pheno.site)", IN_TRIALS, "gblup, ridge, fcn, gblup(environment)");
    let said = bench.run("run small.binn --out run").refuses(0, &["W0708", "1 of 118 records"]);
    assert!(
        said.out.contains("r within of binn, less that of") && !said.err.contains("W0709"),
        "{}",
        said.out
    );
    let predictions = rows(&bench.text("run/predictions.tsv"));
    let of = |fold: &str, method: &str| -> Vec<BTreeMap<String, String>> {
        let is = |row: &&BTreeMap<String, String>| row["fold"] == fold && row["method"] == method;
        predictions.iter().filter(is).cloned().collect()
    };
    for method in ["binn", "gblup", "ridge", "fcn", "gblup(environment)"] {
        // Trained on south and west, the north is expected between them.
        let north = of("1", method);
        assert_eq!(north.len(), 39, "{method}");
        assert!(north.iter().all(|row| row["record"] == "1"));
        let mean =
            north.iter().map(|row| number(row, "predicted") - number(row, "observed")).sum::<f64>() / 39.0;
        assert!((mean - 6.5).abs() < 0.8, "{method}: levels 4 and 9 stand for 0: {mean}");
    }
    let metrics = rows(&bench.text("run/metrics.tsv"));
    let share = metrics.iter().filter(|row| row["metric"] == "environment_share");
    let shares: Vec<f64> = share.map(|row| number(row, "value")).collect();
    // What acts is the same everywhere.
    assert!(shares.len() == 3 && shares.iter().all(|share| *share <= 0.25), "{shares:?}");
    let table = bench.text("run/folds.tsv");
    assert!(table.starts_with("FID\tIID\trecord\tr1\n"), "{table}");
    bench.run("explain run --bfile data/geno").expect(0);
    bench.run("predict run/model.safetensors --bfile data/geno").expect(0);
}

#[test]
fn records_of_known_and_of_new_individuals_are_told_apart() {
    let r = |scheme: &str| {
        let bench = trials(scheme, IN_TRIALS, "gblup");
        bench.run("run small.binn --out run").expect(0);
        for (name, bytes) in bench.files("run/folds") {
            if name.ends_with("rows.tsv") {
                let rows = rows(&String::from_utf8(bytes).expect("text"));
                let of = |part: &str| -> BTreeSet<String> {
                    rows.iter().filter(|row| row["part"] == part).map(|row| row["IID"].clone()).collect()
                };
                let apart = of("test").is_disjoint(&of("train"));
                assert_eq!(apart, scheme.starts_with("cv1") || scheme.starts_with("cv00"), "{scheme} {name}");
            }
        }
        let metrics = rows(&bench.text("run/metrics.tsv"));
        let is =
            |row: &&BTreeMap<String, String>| row["metric"] == "pearson_within" && row["method"] == "gblup";
        let values: Vec<f64> = metrics.iter().filter(is).map(|row| number(row, "value")).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    let new = r("cv1(4, environment = pheno.site, seed = 2)");
    let known = r("cv2(4, environment = pheno.site, seed = 2)");
    let both = r("cv00(4, environment = pheno.site, seed = 2)");
    // The phenotype of an individual is the same in all trials but for their level.
    assert!(known > 0.95 && known > new && known > both, "cv2 {known}, cv1 {new}, cv00 {both}");
}

#[test]
fn networks_are_stacked_and_weights_chosen_on_records() {
    let stacked = "predict pheno.outgrowth from integrator { fixed = [pheno.site]  polygenic = gblup }";
    for scheme in [
        "cv1(3, environment = pheno.site, inner = 3, seed = 2)",
        "cv00(2, environment = pheno.site, inner = 2)",
    ] {
        let bench = trials(scheme, stacked, "gblup");
        bench.run("run small.binn --out run").expect(0);
        let metrics = rows(&bench.text("run/metrics.tsv"));
        let shares = metrics.iter().filter(|row| row["metric"] == "network_share");
        assert!(shares.clone().count() > 1, "{scheme}");
        assert!(shares.into_iter().all(|row| (0.0..=1.0).contains(&number(row, "value"))), "{scheme}");
    }
}

/// What is measured once of an individual counts once, however many records it has in trials.
#[test]
fn links_are_learnt_on_individuals() {
    let bench = trials("cv1(3, environment = pheno.site)", IN_TRIALS, "gblup");
    let with = |trials: &str| {
        let more = "table levels from tsv \"data/pheno.tsv\" { key = IID  column auxin : continuous }\n";
        bench
            .text("small.binn")
            .replace("evaluate cv1(3, environment = pheno.site)", "evaluate none")
            .replace("records = repeated", trials)
            .replace("prior qtn", &format!("{more}prior qtn"))
    };
    bench.write("once.binn", with("").replace("data/trials.tsv", "data/once.tsv"));
    let trials = bench.text("data/trials.tsv");
    let mut seen = BTreeSet::new();
    let once: String = trials
        .lines()
        .filter(|line| seen.insert(line.split('\t').next().unwrap_or_default().to_string()))
        .map(|line| format!("{line}\n"))
        .collect();
    bench.write("data/once.tsv", once);
    bench.write("many.binn", with("records = repeated"));
    for name in ["once", "many"] {
        bench.run(&format!("prior eqtl {name}.binn --table levels --top 5 --out {name}.tsv")).expect(0);
    }
    assert_eq!(bench.read("once.tsv"), bench.read("many.tsv"));
    bench.run("prior eqtl many.binn --table pheno --out other.tsv").refuses(8, &["E0113", "records repeat"]);
}
