//! `--set` and `experiment`: constants of a spec take other values.

use crate::support::{Bench, Spec, rows, with_column};

fn bench() -> Bench {
    let spec = Spec {
        evaluate: "evaluate kfold(3, seed = 2)",
        train: "epochs = rounds",
        more: "let rounds = 3\nlet units = 4",
        ..Spec::default()
    };
    let bench = Bench::simulated();
    bench.write(
        "small.binn",
        spec.text()
            .replace("fcn(4, activation", "fcn(units, activation")
            .replace("seed = 1  epochs", "seed = draw  epochs")
            + "let draw = 1\n",
    );
    bench
}

#[test]
fn a_constant_takes_another_value_and_the_run_says_so() {
    let bench = bench();
    bench.run("run small.binn --out own").expect(0);
    bench.run("run small.binn --out other --set units=7 --set rounds=2").expect(0);
    let json: serde_json::Value = serde_json::from_str(&bench.text("other/run.json")).expect("JSON");
    assert_eq!(json["overrides"], serde_json::json!([["let units", "7"], ["let rounds", "2"]]));
    assert!(json["fits"].as_array().expect("fits").iter().all(|fit| fit["epochs"] == 2));
    // A value that is the spec's own is the same run.
    let same = bench.run("run small.binn --out own --set units=4").expect(0);
    assert!(same.err.contains("already complete"), "{}", same.err);
    bench.run("run small.binn --out own --set units=5").refuses(2, &["E0904"]);
    let compiled = bench.run("compile small.binn --set units=9").expect(0);
    assert!(
        compiled.out.contains("218") || compiled.err.contains("218"),
        "2·(10·9 + 9 + 9 + 1) parameters: {}",
        compiled.out
    );
}

#[test]
fn values_and_names_that_do_not_fit_are_shown() {
    let bench = bench();
    bench
        .run("compile small.binn --set unit=7")
        .refuses(8, &["E0201", "`unit`", "`rounds`, `units`, `draw`"]);
    bench.run("compile small.binn --set units=many").refuses(8, &["E0105", "--set units=many"]);
    bench.run("compile small.binn --set units=(").refuses(8, &["E0101", "--set units=("]);
    bench.run("compile small.binn --set units").refuses(2, &["NAME=VALUE"]);
    bench.run("experiment small.binn --vary units=4,4").refuses(2, &["given twice"]);
    bench.run("experiment small.binn --vary units=4 --set units=5").refuses(8, &["E0103", "`units`"]);
    bench
        .run("experiment small.binn --vary units=4 --metric accuracy")
        .refuses(2, &["pearson_within", "brier"]);
}

#[test]
fn an_experiment_is_a_run_a_combination_and_a_table() {
    let bench = bench();
    let said = bench.run("experiment small.binn --vary units=2,4 --over draw=1..2 --out all").expect(0);
    let lines: Vec<Vec<&str>> = said.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(said.out.lines().next(), Some("mean ± SD over 2 runs, each the mean of its folds"));
    assert_eq!(lines[2], ["units", "trait", "method", "Pearson", "r"]);
    let methods: Vec<[&str; 3]> = lines[3..].iter().map(|line| [line[0], line[1], line[2]]).collect();
    let wanted = [["2", "binn"], ["2", "gblup"], ["4", "binn"], ["4", "gblup"]]
        .map(|[units, method]| [units, "outgrowth", method]);
    assert_eq!(methods, wanted);
    let table = rows(&bench.text("all/experiment.tsv"));
    let of = |units: &str, draw: &str, method: &str| {
        let is = |row: &&std::collections::BTreeMap<String, String>| {
            row["units"] == units
                && row["draw"] == draw
                && row["method"] == method
                && row["metric"] == "pearson"
        };
        table.iter().find(is).expect("a row")["value"].parse::<f64>().expect("a number")
    };
    // GBLUP knows nothing of units and of the network's seed.
    assert_eq!(of("2", "1", "gblup"), of("4", "2", "gblup"));
    let values: Vec<f64> = ["1", "2"].map(|draw| of("2", draw, "binn")).to_vec();
    let mean = (values[0] + values[1]) / 2.0;
    assert_eq!(lines[3][3], format!("{mean:.3}"));
    // One of the runs is what `run` does, and none is done twice.
    bench.run("run small.binn --out alone --set units=2").expect(0);
    assert_eq!(bench.read("alone/metrics.tsv"), bench.read("all/units=2_draw=1/metrics.tsv"));
    let before = bench.read("all/units=4_draw=2/run.json");
    let again = bench.run("experiment small.binn --vary units=2,4 --over draw=1..2 --out all").expect(0);
    assert_eq!((again.out, bench.read("all/units=4_draw=2/run.json")), (said.out, before));
}

/// A trait that fewer samples have is not less than another.
#[test]
fn every_trait_of_an_experiment_is_in_its_table() {
    let spec = Spec {
        predict: "predict pheno.outgrowth, pheno.half from integrator",
        columns: "column half : continuous",
        evaluate: "evaluate kfold(3, seed = draw)",
        more: "let draw = 1",
        ..Spec::default()
    };
    let bench = Bench::with(&spec);
    bench.change("data/pheno.tsv", |table| {
        with_column(
            table,
            "half",
            |at, cells| if at % 2 == 0 { cells[1].to_string() } else { "NA".to_string() },
        )
    });
    let said = bench.run("experiment small.binn --vary draw=1,2 --out all").expect(0);
    let table = rows(&bench.text("all/experiment.tsv"));
    for name in ["outgrowth", "half"] {
        let is = |row: &&std::collections::BTreeMap<String, String>| {
            row["trait"] == name && row["metric"] == "pearson" && row["method"] == "gblup"
        };
        assert!(
            said.out.contains(name) && table.iter().filter(is).all(|row| row["folds"] == "3"),
            "{}",
            said.out
        );
        assert_eq!(table.iter().filter(is).count(), 2, "{name}");
    }
}
