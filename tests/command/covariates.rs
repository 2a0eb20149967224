//! Covariates as inputs and as fixed effects, and weights of records.

use crate::support::{Bench, Spec, number, rows, with_column};

/// `c` is `a`, `b` or missing; half a step of the trait hangs on it.
fn bench(predict: &str, more: &str) -> Bench {
    let level = |at: usize, _: &[&str]| ["a", "b", "NA"][at % 3].to_string();
    let spec = Spec {
        columns: "column c : categorical",
        predict,
        more,
        evaluate: "evaluate kfold(3, seed = 2) { baselines = [gblup, ridge] }",
        ..Spec::default()
    };
    let bench = Bench::with(&spec);
    bench.change("data/pheno.tsv", |table| with_column(table, "c", level));
    bench
}

#[test]
fn missing_values_of_a_linked_category_are_a_level() {
    let bench = bench("predict pheno.outgrowth from integrator", "link pheno.c -> integrator");
    let said = bench.run("compile small.binn --emit plan").expect(0);
    assert!(said.out.contains("c=b") && said.out.contains("c=(missing)"), "{}", said.out);
    bench.run("run small.binn --out run").expect(0);
}

#[test]
fn a_level_without_a_training_row_is_refused() {
    let bench = bench("predict pheno.outgrowth from integrator", "link pheno.c -> integrator");
    bench.change("data/pheno.tsv", |table| table.replacen("\tb\n", "\trare\n", 1));
    bench.run("run small.binn --out run").refuses(13, &["E0903", "`rare`", "repeat 1"]);
}

#[test]
fn genetic_predictions_have_the_level_of_the_trait() {
    let bench = bench("predict pheno.outgrowth from integrator { fixed = [pheno.c] }", "");
    bench.run("run small.binn --out run").expect(0);
    let table = rows(&bench.text("run/predictions.tsv"));
    let mean = |method: &str, column: &str| {
        let of: Vec<f64> =
            table.iter().filter(|row| row["method"] == method).map(|row| number(row, column)).collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    for method in ["binn", "gblup", "ridge"] {
        let apart = (mean(method, "genetic") - mean(method, "predicted")).abs();
        assert!(apart < 0.05, "{method}: fixed effects have mean 0 over training rows, not {apart}");
    }
}

#[test]
fn collinear_covariates_stop_a_run_of_several_traits() {
    let predict = "predict pheno.outgrowth, pheno.auxin from integrator { fixed = [pheno.c, pheno.d] }";
    let bench = bench(predict, "");
    bench.change("small.binn", |spec| {
        spec.replace("column c :", "column d : categorical\n  column c :").replace(
            "supervise auxin, sucrose by pheno.auxin, pheno.sucrose",
            "supervise sucrose by pheno.sucrose",
        )
    });
    bench.change("data/pheno.tsv", |table| {
        with_column(table, "d", |at, _| ["a", "b", "NA"][at % 3].to_string())
    });
    bench.run("run small.binn --out run").refuses(13, &["E0903", "`d=b`", "`c=b`"]);
}
