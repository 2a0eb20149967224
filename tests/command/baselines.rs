//! Baselines beside the model, and how its difference to them is judged.

use crate::support::{Bench, Spec, number, rows};
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

/// r of a method, fold by fold.
fn r_of(metrics: &[Row], method: &str) -> Vec<f64> {
    let own = metrics.iter().filter(|row| row["metric"] == "pearson" && row["method"] == method);
    own.map(|row| number(row, "value")).collect()
}

fn figures(metrics: &[Row], method: &str, metric: &str) -> Vec<f64> {
    let own = metrics.iter().filter(|row| row["metric"] == metric && row["method"] == method);
    own.map(|row| number(row, "value")).collect()
}

#[test]
fn every_baseline_predicts_the_same_folds_and_is_compared() {
    let methods = ["gblup", "gblup(dominance)", "ridge", "elastic_net", "forest", "rkhs", "fcn"];
    let evaluate =
        format!("evaluate kfold(3, seed = 3) {{ baselines = [{}]  inner = 3 }}", methods.join(", "));
    let bench = Bench::with(&Spec { evaluate: &evaluate, ..Spec::default() });
    let said = bench.run("run small.binn --out run").expect(0);
    let metrics = rows(&bench.text("run/metrics.tsv"));
    let differences = rows(&bench.text("run/differences.tsv"));
    let beside: Vec<&str> = differences.iter().map(|row| row["beside"].as_str()).collect();
    assert_eq!(beside, methods);
    let own = r_of(&metrics, "binn");
    for row in &differences {
        let other = r_of(&metrics, &row["beside"]);
        assert_eq!(other.len(), 3, "{}", row["beside"]);
        let mean = own.iter().zip(&other).map(|(own, other)| own - other).sum::<f64>() / 3.0;
        assert!((number(row, "difference") - mean).abs() < 1e-12);
        // Nadeau and Bengio's t, written out: 40 test rows and 80 training rows in each fold.
        let z: Vec<f64> = own.iter().zip(&other).map(|(own, other)| own.atanh() - other.atanh()).collect();
        let centre = z.iter().sum::<f64>() / 3.0;
        let variance = z.iter().map(|z| (z - centre).powi(2)).sum::<f64>() / 2.0;
        let t = centre / ((1.0 / 3.0 + 40.0 / 80.0) * variance).sqrt();
        assert!((number(row, "t") - t).abs() < 1e-9 * t.abs(), "{row:?}");
        // On two degrees of freedom p has a closed form.
        let p = 1.0 - t.abs() / (2.0 + t * t).sqrt();
        assert!((number(row, "p") - p).abs() < 1e-9, "{row:?}");
        assert!(number(row, "p_holm") >= number(row, "p") && number(row, "p_holm") <= 1.0);
        assert_eq!((row["df"].as_str(), row["low"].as_str(), row["size"].as_str()), ("2", "NA", "all"));
    }
    let least = differences.iter().map(|row| number(row, "p")).fold(1.0, f64::min);
    let adjusted = differences.iter().map(|row| number(row, "p_holm")).fold(1.0, f64::min);
    assert!((adjusted - (7.0 * least).min(1.0)).abs() < 1e-12, "the least of seven is multiplied by seven");
    assert!(said.out.contains("p (Holm)") && said.out.contains("gblup(dominance)"), "{}", said.out);

    assert!(figures(&metrics, "rkhs", "bandwidth").iter().all(|width| (0.1..=16.0).contains(width)));
    let shares = figures(&metrics, "gblup(dominance)", "dominance_share");
    assert!(shares.len() == 3 && shares.iter().all(|share| (0.0..=1.0).contains(share)));
    // Markers explain the trait; the net selects some of the 80 and predicts about as well as GBLUP.
    let selected = figures(&metrics, "elastic_net", "selected");
    assert!(selected.iter().all(|count| *count >= 1.0 && *count < 80.0), "{selected:?}");
    let mean = |method: &str| r_of(&metrics, method).iter().sum::<f64>() / 3.0;
    for method in ["gblup(dominance)", "elastic_net", "forest", "rkhs"] {
        assert!((mean(method) - mean("gblup")).abs() < 0.25, "{method} {} {}", mean(method), mean("gblup"));
    }
}

#[test]
fn fixed_effects_are_those_of_gblup_where_a_method_has_none() {
    let bench = Bench::with(&Spec {
        columns: "column age : continuous",
        predict: "predict pheno.outgrowth from integrator { fixed = [pheno.age] }",
        evaluate: "evaluate holdout(25%, seed = 3) { baselines = [gblup, elastic_net, forest, rkhs] }",
        ..Spec::default()
    });
    // A covariate that moves the trait far more than the markers do.
    bench.change("data/pheno.tsv", |table| {
        let mut lines = table.lines();
        let header = lines.next().expect("a header");
        let at = header.split('\t').position(|name| name == "outgrowth").expect("the trait");
        let mut text = format!("{header}\tage\n");
        for (row, line) in lines.enumerate() {
            let age = (row * 37 % 50) as f64;
            let mut cells: Vec<String> = line.split('\t').map(str::to_string).collect();
            cells[at] = format!("{}", cells[at].parse::<f64>().expect("a number") + 100.0 * age);
            text += &format!("{}\t{age}\n", cells.join("\t"));
        }
        text
    });
    bench.run("run small.binn --out run").expect(0);
    let predictions = rows(&bench.text("run/predictions.tsv"));
    let fixed = |method: &str| -> Vec<f64> {
        let own = predictions.iter().filter(|row| row["method"] == method && row["fold"] == "1");
        own.map(|row| number(row, "predicted") - number(row, "genetic")).collect()
    };
    let gblup = fixed("gblup");
    assert_eq!(gblup.len(), 30);
    for method in ["elastic_net", "forest"] {
        assert!(gblup.iter().zip(fixed(method)).all(|(one, other)| (one - other).abs() < 1e-6), "{method}");
    }
    let metrics = rows(&bench.text("run/metrics.tsv"));
    for method in ["gblup", "elastic_net", "forest", "rkhs"] {
        assert!(r_of(&metrics, method)[0] > 0.2, "{method}: what age does is taken out before r");
    }
}

#[test]
fn groups_left_out_give_an_interval() {
    let bench = Bench::with(&Spec {
        columns: "column family : categorical",
        evaluate: "evaluate leave_out(pheno.family, seed = 3) { baselines = [gblup, rkhs] }",
        ..Spec::default()
    });
    let family = |at: usize| format!("fam{}", at % 3);
    bench.change("data/pheno.tsv", |table| crate::support::with_column(table, "family", |at, _| family(at)));
    let said = bench.run("run small.binn --out run").expect(0);
    let differences = rows(&bench.text("run/differences.tsv"));
    assert_eq!(differences.len(), 2);
    for row in &differences {
        let [low, mean, high] = ["low", "difference", "high"].map(|name| number(row, name));
        assert!(low < mean && mean < high, "{row:?}");
        assert_eq!((row["t"].as_str(), row["p_holm"].as_str(), row["folds"].as_str()), ("NA", "NA", "3"));
    }
    assert!(said.out.contains("95 % interval"), "{}", said.out);
    bench.run("run small.binn --out again").expect(0);
    assert!(bench.read("run/differences.tsv") == bench.read("again/differences.tsv"));
}

#[test]
fn without_baselines_nothing_is_compared() {
    let bench =
        Bench::with(&Spec { evaluate: "evaluate kfold(2, seed = 3) { baselines = [] }", ..Spec::default() });
    let said = bench.run("run small.binn --out run").expect(0);
    assert_eq!(bench.text("run/differences.tsv").lines().count(), 1);
    assert!(!said.out.contains("less that of"), "{}", said.out);
}

#[test]
fn inbred_lines_show_no_dominance() {
    let bench = Bench::with(&Spec {
        evaluate: "evaluate kfold(2, seed = 3) { baselines = [gblup(dominance)] }",
        ..Spec::default()
    });
    let mut calls = bench.read("data/geno.bed");
    // Heterozygotes (10) become homozygous (11).
    for byte in &mut calls[3..] {
        for pair in 0..4 {
            if *byte >> (2 * pair) & 0b11 == 0b10 {
                *byte |= 0b01 << (2 * pair);
            }
        }
    }
    bench.write("data/geno.bed", calls);
    bench.run("run small.binn --out run").refuses(13, &["E0903", "heterozygous", "gblup(dominance)"]);
    assert!(!bench.exists("run/run.json"));
}
