//! Cases and controls, and counts: measures, balance and scales.

use crate::support::{Bench, Spec, number, rows, with_column};
use std::collections::BTreeMap;

#[test]
fn binary_traits_give_probabilities_and_auc() {
    let bench = Bench::with(&Spec {
        columns: "column sick : binary",
        predict: "predict pheno.sick from integrator { loss = bce }",
        evaluate: "evaluate kfold(3, seed = 2, stratify = pheno.family) { baselines = [gblup, ridge, fcn] }",
        more: "",
        ..Spec::default()
    });
    bench.change("small.binn", |text| {
        text.replace("column sick : binary", "column sick : binary\n  column family : categorical")
    });
    bench.change("data/pheno.tsv", |table| {
        let table = with_column(table, "family", |at, _| format!("fam{}", at % 7));
        let sick = |cells: &[&str]| u8::from(cells[1].parse::<f64>().expect("a number") > 3.3).to_string();
        with_column(&table, "sick", |_, cells| sick(cells))
    });
    bench.run("run small.binn --out run").expect(0);
    let predictions = rows(&bench.text("run/predictions.tsv"));
    for row in predictions.iter().filter(|row| ["binn", "fcn"].contains(&row["method"].as_str())) {
        assert!((0.0..=1.0).contains(&number(row, "predicted")), "{row:?}");
    }
    let metrics = rows(&bench.text("run/metrics.tsv"));
    for method in ["binn", "gblup", "ridge", "fcn"] {
        let auc: Vec<f64> = metrics
            .iter()
            .filter(|row| row["metric"] == "auc" && row["method"] == method)
            .map(|row| number(row, "value"))
            .collect();
        assert_eq!(auc.len(), 3, "{method}");
        assert!(auc.iter().all(|auc| (0.0..=1.0).contains(auc)), "{method} {auc:?}");
    }
    let said = bench.run("predict run/model.safetensors --bfile data/geno").expect(0);
    assert!(rows(&said.out).iter().all(|row| (0.0..=1.0).contains(&number(row, "predicted"))));
}

/// One sample in five is a case; `rare.binn` predicts that.
fn rare_cases(evaluate: &str, predict: &str, train: &str) -> Bench {
    let spec = Spec { columns: "column sick : binary", predict, evaluate, train, ..Spec::default() };
    let bench = Bench::with(&spec);
    bench.change("data/pheno.tsv", |table| {
        let mut days: Vec<f64> = table
            .lines()
            .skip(1)
            .map(|line| line.split('\t').nth(1).expect("days").parse().expect("a number"))
            .collect();
        days.sort_by(f64::total_cmp);
        let most = days[days.len() * 4 / 5];
        let sick = |cells: &[&str]| u8::from(cells[1].parse::<f64>().expect("a number") >= most).to_string();
        with_column(table, "sick", |_, cells| sick(cells))
    });
    bench
}

#[test]
fn folds_share_the_cases_and_the_summary_is_of_classes() {
    let bench = rare_cases(
        "evaluate kfold(4, seed = 3)",
        "predict pheno.sick from integrator { prevalence = 1% }",
        "epochs = 3",
    );
    let said = bench.run("run small.binn --out run").expect(0);
    let header = said.out.lines().find(|line| line.contains("method")).expect("a table");
    assert!(["AUC", "avg. precision", "Brier"].iter().all(|name| header.contains(name)), "{header}");
    let predictions = rows(&bench.text("run/predictions.tsv"));
    for fold in ["1", "2", "3", "4"] {
        let of_fold = |row: &&BTreeMap<String, String>| row["fold"] == fold && row["method"] == "gblup";
        let tested: Vec<_> = predictions.iter().filter(of_fold).collect();
        let cases = tested.iter().filter(|row| row["observed"] == "1").count();
        assert_eq!((tested.len(), cases), (30, 6), "fold {fold}");
    }
    let metrics = rows(&bench.text("run/metrics.tsv"));
    let of = |metric: &str| -> Vec<f64> {
        let wanted = |row: &&BTreeMap<String, String>| row["method"] == "gblup" && row["metric"] == metric;
        metrics.iter().filter(wanted).map(|row| number(row, "value")).collect()
    };
    assert!(of("pearson_within").is_empty(), "a binary trait does not differ within its classes");
    // K = 0.01 and P = 0.2: 0.0099² / (0.02665² · 0.16).
    for (observed, liability) in of("h2").iter().zip(of("h2_liability")) {
        assert!((liability - 0.8622 * observed).abs() < 1e-3 * (1.0 + observed), "{liability} of {observed}");
    }
    assert_eq!(of("average_precision").len(), 4);
}

/// Balanced or not, the mean of what is predicted is the share of cases: the odds are given back.
#[test]
fn balanced_classes_keep_probabilities() {
    let (evaluate, predict) = ("evaluate none", "predict pheno.sick from integrator");
    let mean = |train: &str| {
        let bench = rare_cases(evaluate, predict, train);
        bench.run("run small.binn --out run").expect(0);
        let predictions = rows(&bench.text("run/predictions.tsv"));
        let own: Vec<f64> = predictions
            .iter()
            .filter(|row| row["method"] == "binn")
            .map(|row| number(row, "predicted"))
            .collect();
        (own.iter().sum::<f64>() / own.len() as f64, own)
    };
    let (plain, one) = mean("epochs = 30");
    let (balanced, other) = mean("epochs = 30  balance = pheno.sick");
    assert!((plain - 0.2).abs() < 0.05 && (balanced - 0.2).abs() < 0.06, "{plain} and {balanced}");
    assert_ne!(one, other, "cases weigh more");
}

#[test]
fn counts_are_predicted_as_rates() {
    let bench = Bench::with(&Spec {
        columns: "column buds : count",
        predict: "predict pheno.buds from integrator",
        evaluate: "evaluate kfold(3, seed = 2) { baselines = [gblup, fcn] }",
        train: "epochs = 40",
        ..Spec::default()
    });
    bench.change("data/pheno.tsv", |table| {
        let buds =
            |cells: &[&str]| ((9.0 - cells[1].parse::<f64>().expect("days")).max(0.0) as u32).to_string();
        with_column(table, "buds", |_, cells| buds(cells))
    });
    bench.run("run small.binn --out run").expect(0);
    let predictions = rows(&bench.text("run/predictions.tsv"));
    for method in ["binn", "fcn"] {
        let rates: Vec<f64> = predictions
            .iter()
            .filter(|row| row["method"] == method)
            .map(|row| number(row, "predicted"))
            .collect();
        let counts: Vec<f64> = predictions
            .iter()
            .filter(|row| row["method"] == method)
            .map(|row| number(row, "observed"))
            .collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        assert!(rates.iter().all(|rate| *rate > 0.0), "{method}");
        assert!(
            (mean(&rates) / mean(&counts) - 1.0).abs() < 0.1,
            "{method} {} {}",
            mean(&rates),
            mean(&counts)
        );
    }
}
