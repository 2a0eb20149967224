//! Every scheme of `evaluate`, judged by the tables that a run writes.

use crate::support::{Bench, Spec, number, rows, with_column};
use std::collections::{BTreeMap, BTreeSet};

const SAMPLES: usize = 120;

fn family(sample: usize) -> String {
    format!("fam{}", sample % 7)
}

fn bench(evaluate: &str) -> Bench {
    let bench = Bench::with(&Spec { columns: "column family : categorical", evaluate, ..Spec::default() });
    bench.change("data/pheno.tsv", |table| with_column(table, "family", |at, _| family(at)));
    bench
}

/// Samples that each fold of a run tests, by its folder.
fn tested(bench: &Bench, out: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut folds = BTreeMap::new();
    for (name, bytes) in bench.files(&format!("{out}/folds")) {
        let Some(fold) = name.strip_suffix("/rows.tsv") else { continue };
        let rows = rows(&String::from_utf8(bytes).expect("text"));
        let test: BTreeSet<String> =
            rows.iter().filter(|row| row["part"] == "test").map(|row| row["IID"].clone()).collect();
        let train = rows.iter().filter(|row| row["part"] == "train").count();
        assert_eq!(train + test.len(), SAMPLES, "{fold}");
        folds.insert(fold.trim_start_matches('/').to_string(), test);
    }
    folds
}

fn family_of(sample: &str) -> String {
    family(sample.trim_start_matches("f2_").parse::<usize>().expect("a number") - 1)
}

#[test]
fn kfold_repeats_with_other_folds() {
    let bench = bench("evaluate kfold(3, repeats = 2, seed = 4)");
    bench.run("run small.binn --out run").expect(0);
    let folds = tested(&bench, "run");
    assert_eq!(folds.keys().collect::<Vec<_>>(), ["r1-f1", "r1-f2", "r1-f3", "r2-f1", "r2-f2", "r2-f3"]);
    assert!(folds.values().all(|test| test.len() == 40));
    for repeat in ["r1", "r2"] {
        let all: BTreeSet<_> =
            folds.iter().filter(|(name, _)| name.starts_with(repeat)).flat_map(|(_, t)| t).collect();
        assert_eq!(all.len(), SAMPLES, "each sample is tested once a repeat");
    }
    assert_ne!(folds["r1-f1"], folds["r2-f1"]);
    let table = rows(&bench.text("run/folds.tsv"));
    assert!(table.iter().all(|row| folds[&format!("r2-{}", row["r2"])].contains(&row["IID"])));
    let metrics = rows(&bench.text("run/metrics.tsv"));
    assert_eq!(metrics.iter().filter(|row| row["metric"] == "pearson" && row["method"] == "binn").count(), 6);
}

#[test]
fn groups_stay_whole_and_strata_are_spread() {
    let grouped = bench("evaluate kfold(3, seed = 4, group = pheno.family)");
    grouped.run("run small.binn --out run").expect(0);
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let folds = tested(&grouped, "run");
    for (fold, test) in &folds {
        for sample in test {
            assert_eq!(*seen.entry(family_of(sample)).or_insert(fold), fold, "{sample}");
        }
    }
    assert_eq!((seen.len(), folds.len()), (7, 3));
    let spread = bench("evaluate kfold(3, seed = 4, stratify = pheno.family)");
    spread.run("run small.binn --out run").expect(0);
    for test in tested(&spread, "run").values() {
        for wanted in (0..7).map(family) {
            let held = test.iter().filter(|sample| family_of(sample) == wanted).count();
            assert!((5..=6).contains(&held), "{held} of {wanted}, of 17 or 18 in three folds");
        }
    }
    bench("evaluate kfold(9, group = pheno.family)")
        .run("run small.binn")
        .refuses(13, &["E0705", "7 groups", "9 folds"]);
}

#[test]
fn leave_out_takes_one_level_at_a_time() {
    let bench = bench("evaluate leave_out(pheno.family)");
    bench.run("run small.binn --out run").expect(0);
    let folds = tested(&bench, "run");
    assert_eq!(folds.len(), 7);
    for test in folds.values() {
        let families: BTreeSet<String> = test.iter().map(|sample| family_of(sample)).collect();
        let wanted = (0..SAMPLES).filter(|at| families.contains(&family(*at))).count();
        assert_eq!((families.len(), test.len()), (1, wanted));
    }
}

#[test]
fn holdout_tests_a_share_once() {
    let bench = bench("evaluate holdout(20%, seed = 9)");
    bench.run("run small.binn --out run").expect(0);
    let folds = tested(&bench, "run");
    assert_eq!((folds.len(), folds["r1-f1"].len()), (1, 24));
    let predictions = rows(&bench.text("run/predictions.tsv"));
    assert_eq!(predictions.iter().filter(|row| row["method"] == "binn").count(), 24);
}

#[test]
fn folds_of_an_earlier_run_can_be_given() {
    let bench = bench("evaluate kfold(4, repeats = 2, seed = 11)");
    bench.run("run small.binn --out first").expect(0);
    let again = Spec {
        columns: "column family : categorical",
        more: "table given from tsv \"first/folds.tsv\" { key = [FID, IID]  column r2 : categorical }",
        evaluate: "evaluate folds(given.r2)",
        ..Spec::default()
    };
    bench.write("again.binn", again.text());
    bench.run("run again.binn --out second").expect(0);
    let (first, second) = (tested(&bench, "first"), tested(&bench, "second"));
    assert_eq!(second.len(), 4);
    for (fold, test) in &second {
        assert_eq!(test, &first[&fold.replace("r1", "r2")], "{fold}");
    }
    bench
        .change("first/folds.tsv", |table| table.lines().take(100).map(|line| format!("{line}\n")).collect());
    bench.run("run again.binn --out third").refuses(7, &["E0707", "21 samples have", "r2"]);
}

#[test]
fn fixed_effects_part_prediction_and_genetic_value() {
    let bench = Bench::with(&Spec {
        columns: "column age : continuous",
        predict: "predict pheno.outgrowth from integrator { fixed = [pheno.age, pcs(2)] }",
        evaluate: "evaluate kfold(3, seed = 2) { baselines = [gblup, ridge, fcn] }",
        ..Spec::default()
    });
    bench.change("data/pheno.tsv", |table| {
        let age = |at: usize| (at * 37) % 11;
        let table = with_column(table, "age", |at, _| age(at).to_string());
        let add = |(at, line): (usize, &str)| {
            let mut cells: Vec<String> = line.split('\t').map(String::from).collect();
            if at > 0 {
                cells[1] =
                    format!("{}", cells[1].parse::<f64>().expect("a number") + 5.0 * age(at - 1) as f64);
            }
            cells.join("\t") + "\n"
        };
        table.lines().enumerate().map(add).collect()
    });
    bench.run("run small.binn --out run").expect(0);
    let predictions = rows(&bench.text("run/predictions.tsv"));
    for method in ["binn", "gblup", "ridge", "fcn"] {
        let rows: Vec<_> = predictions.iter().filter(|row| row["method"] == method).collect();
        assert_eq!(rows.len(), SAMPLES);
        let effects: Vec<f64> =
            rows.iter().map(|row| number(row, "predicted") - number(row, "genetic")).collect();
        let spread =
            effects.iter().fold(f64::MIN, |a, b| a.max(*b)) - effects.iter().fold(f64::MAX, |a, b| a.min(*b));
        assert!((40.0..60.0).contains(&spread), "{method}: ages 0 to 10 at 5 days a year span {spread}");
    }
    let said = bench.run("predict run/model.safetensors --bfile data/geno").expect(0);
    let predicted = rows(&said.out);
    assert!(predicted.iter().all(|row| row["predicted"] == "NA" && number(row, "genetic").is_finite()));
}

/// The second sample gets the calls of the first.
#[test]
fn near_duplicates_across_a_split_are_told() {
    let bench = Bench::empty();
    bench.run("simulate shoot-branching --out data --n 120 --markers 400 --seed 7").expect(0);
    let spec = |block: &str| {
        let evaluate = format!("evaluate kfold(3, repeats = 2, seed = 1) {block}");
        Spec { evaluate: &evaluate, ..Spec::default() }.text()
    };
    bench.write("small.binn", spec(""));
    let own = bench.run("run small.binn --out own").expect(0);
    assert!(!own.err.contains("W0706"), "{}", own.err);
    let mut bytes = bench.read("data/geno.bed");
    for first in (3..bytes.len()).step_by(120 / 4) {
        bytes[first] = bytes[first] & 0b1111_0011 | (bytes[first] & 0b11) << 2;
    }
    bench.write("data/geno.bed", &bytes);
    let twins = ["W0706", "2 samples", "in a pair", "`f2_1` and `f2_2` (r = 1.000)", "group = "];
    bench.run("run small.binn --out twins").refuses(0, &twins);
    bench.write("small.binn", spec("{ allow = [W0706] }"));
    let accepted = bench.run("run small.binn --out accepted").expect(0);
    assert!(!accepted.err.contains("W0706"), "{}", accepted.err);
}

#[test]
fn a_learning_curve_is_measured_on_the_same_test_rows() {
    let evaluate = "evaluate kfold(3, seed = 1) { train_size = [60, 30]  baselines = [gblup] }";
    let bench = Bench::with(&Spec { evaluate, ..Spec::default() });
    let said = bench.run("run small.binn --out run --threads 1").expect(0);
    let table = said.out.split("Pearson r by training samples").nth(1).expect("a curve");
    let header: Vec<&str> =
        table.lines().find(|line| line.contains("trait")).expect("a header").split("  ").collect();
    assert!(header.iter().any(|cell| cell.trim() == "N = 30") && table.contains("all"), "{table}");
    let metrics = rows(&bench.text("run/metrics.tsv"));
    for method in ["binn", "gblup"] {
        let of = |row: &&std::collections::BTreeMap<String, String>| {
            row["method"] == method && row["metric"] == "pearson"
        };
        let sizes: Vec<&str> = metrics.iter().filter(of).map(|row| row["n_train"].as_str()).collect();
        assert_eq!(sizes, ["80", "80", "80", "30", "30", "30", "60", "60", "60"]);
        assert!(metrics.iter().filter(of).all(|row| row["n_test"] == "40"));
    }
    // What is predicted and kept is of all training rows, and as without a curve.
    let folds: Vec<_> = bench.files("run/folds").into_keys().collect();
    assert_eq!(folds.len(), 6);
    let predictions = bench.text("run/predictions.tsv");
    bench.write(
        "small.binn",
        Spec { evaluate: "evaluate kfold(3, seed = 1) { baselines = [gblup] }", ..Spec::default() }.text(),
    );
    bench.run("run small.binn --out whole --threads 1").expect(0);
    assert_eq!(bench.text("whole/predictions.tsv"), predictions);

    let evaluate = "evaluate kfold(3, seed = 1) { train_size = 90 }";
    bench.write("small.binn", Spec { evaluate, ..Spec::default() }.text());
    bench.run("run small.binn --out large").refuses(13, &["E0705", "90 training samples", "no more than 80"]);
    let evaluate = "evaluate kfold(3, seed = 1) { train_size = [40, 5, 40] }";
    bench.write("small.binn", Spec { evaluate, ..Spec::default() }.text());
    bench.run("check small.binn").refuses(1, &["E0105", "at least 10", "E0103"]);
}

#[test]
fn traits_that_are_the_same_in_a_training_part_are_named() {
    let bench = Bench::with(&Spec {
        columns: "column fold : categorical",
        evaluate: "evaluate folds(pheno.fold) { baselines = [] }",
        ..Spec::default()
    });
    let fold = |at: usize| ["a", "b", "c"][at % 3];
    bench.change("data/pheno.tsv", |table| {
        let alike = |line: &str, at: usize| {
            let mut cells: Vec<&str> = line.split('\t').collect();
            if at > 0 && fold(at - 1) != "a" {
                cells[1] = "4.5";
            }
            cells.join("\t") + "\n"
        };
        let table: String = table.lines().enumerate().map(|(at, line)| alike(line, at)).collect();
        with_column(&table, "fold", |at, _| fold(at).to_string())
    });
    bench
        .run("run small.binn")
        .refuses(0, &["W0608", "`outgrowth` is the same in all training rows of fold `r1-f1`"]);
}
