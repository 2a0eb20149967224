//! `binnc diagnose`: every sign from tables that show it, and the tables that runs write.

use crate::support::{Bench, Spec, number, rows, with_column};
use insta::assert_snapshot;
use std::collections::BTreeMap;

const METRICS: &str = "trait\tmethod\trepeat\tfold\tn_train\tn_test\tmetric\tvalue\n";
const DIFFERENCES: &str = "trait\tbeside\tsize\tfolds\tdifference\tbetter\tt\tdf\tp\tp_holm\tlow\thigh\n";
const TRAINING: &str = "method\trepeat\tfold\tsize\tinner\tmember\tcandidate\tepoch\tloss\tsupervision\tpenalty\tvalidation\tkept\n";
const NODES: &str =
    "layer\tnode\trepeat\tfold\tnetworks\tinputs\tunits\tdead\tsaturated\tspread\tmeasured_by\tn_test\tr\n";
const IMPORTANCE: &str =
    "layer\tnode\ttrait\tmethod\tdeviations\tscore\tse\tp\tq\tsigned\tspread\trank\tn_models\tn_all\n";
const BRANCHES: &str = "trait\tbranch\trepeat\tfold\tspread\n";
const PREDICTIONS: &str = "IID\ttrait\tmethod\trepeat\tfold\tobserved\tpredicted\tgenetic\tsd\n";

/// A run folder with these rows in its tables.
fn folder(
    metrics: &[&str],
    training: &[&str],
    nodes: &[&str],
    branches: &[&str],
    predictions: &[&str],
) -> Bench {
    let bench = Bench::empty();
    bench.write("run/run.json", "{}");
    for (name, header, rows) in [
        ("metrics", METRICS, metrics),
        ("differences", DIFFERENCES, &[]),
        ("training", TRAINING, training),
        ("nodes", NODES, nodes),
        ("importance", IMPORTANCE, &[]),
        ("branches", BRANCHES, branches),
        ("predictions", PREDICTIONS, predictions),
    ] {
        let rows: String = rows.iter().map(|row| row.replace(' ', "\t") + "\n").collect();
        bench.write(&format!("run/{name}.tsv"), format!("{header}{rows}"));
    }
    bench
}

#[test]
fn signs_of_accuracy() {
    let bench = folder(
        &[
            "yield binn 1 1 80 20 network_share 0",
            "yield binn 1 2 80 20 network_share 0.25",
            "yield binn 1 3 80 20 network_share 0",
            "height binn 1 1 80 20 constant 0",
            "height binn 1 2 80 20 constant 1",
        ],
        &[],
        &[],
        &[],
        &[
            "a yield binn 1 1 1 1.0 1.0 0.4",
            "b yield binn 1 1 2 2.0 2.0 0.8",
            "c yield binn 1 1 3 1.5 1.5 0.6",
            "a yield gblup 1 1 1 1.0 1.0 NA",
        ],
    );
    let rows = [
        "yield gblup all 3 -0.047 1 NA NA NA NA NA NA",
        "yield ridge all 3 -0.060 0 NA NA NA NA NA NA",
        "yield rkhs all 3 -0.100 0 NA NA NA NA NA NA",
        // Of a learning curve the whole folds are judged.
        "yield gblup 40 3 -0.300 0 NA NA NA NA NA NA",
        "height gblup all 3 -0.005 0 NA NA NA NA NA NA",
        "weight gblup all 3 -0.050 2 NA NA NA NA NA NA",
    ];
    let rows: String = rows.iter().map(|row| row.replace(' ', "\t") + "\n").collect();
    bench.write("run/differences.tsv", format!("{DIFFERENCES}{rows}"));
    let said = bench.run("diagnose run").refuses(1, &["W1001", "W1002", "W1008", "W1009"]);
    assert_snapshot!("accuracy", format!("{}{}", said.err, said.out));
}

/// Epochs 1 to `last` of a fit of a fold, of which `kept` was the best.
fn fit(fold: usize, kept: usize, last: usize, loss: f64, validation: f64) -> Vec<String> {
    let row = |epoch: usize| {
        let kept = u8::from(epoch == kept);
        format!("binn 1 {fold} all 0 0 NA {epoch} {loss} 0 0 {validation} {kept}")
    };
    (1..=last).map(row).collect()
}

fn trained(fits: &[Vec<String>]) -> Bench {
    let rows: Vec<&str> = fits.iter().flatten().map(String::as_str).collect();
    folder(&[], &rows, &[], &[], &[])
}

#[test]
fn signs_of_training() {
    let cut_off_by_heart = trained(&[fit(1, 9, 9, 0.1, 0.9), fit(2, 9, 9, 0.1, 0.7), fit(3, 4, 9, 0.6, 0.7)]);
    let said = cut_off_by_heart.run("diagnose run").refuses(1, &["W1006", "W1007"]);
    assert_snapshot!("training", format!("{}{}", said.err, said.out));
    let at_once = trained(&[fit(1, 1, 21, 0.1, 0.9), fit(2, 1, 21, 0.9, 0.9), fit(3, 4, 9, 0.6, 0.7)]);
    let said = at_once.run("diagnose run").refuses(1, &["W1008", "2 of 3 fits"]);
    assert!(!said.err.contains("W1006"), "{}", said.err);
    let sound = trained(&[fit(1, 4, 24, 0.6, 0.9), fit(2, 9, 29, 0.6, 0.9), fit(3, 30, 30, 0.6, 0.7)]);
    let said = sound.run("diagnose run").expect(0);
    assert!(said.out.contains("no sign of trouble") && said.err.is_empty(), "{}{}", said.out, said.err);
}

#[test]
fn signs_of_nodes_and_branches() {
    let bench = folder(
        &[],
        &[],
        &[
            "gene A 1 1 1 1 8 0 0 0.3 expr.A 25 0.02",
            "gene A 1 2 1 1 8 0 0 0.3 expr.A 25 0.3",
            "gene B 1 1 1 1 8 1 0 0 expr.B 25 0.8",
            "gene B 1 2 1 1 8 0.25 0 0 expr.B 25 0.8",
            "gene C 1 1 1 9 8 0 0.75 0.3 NA 0 NA",
            "gene C 1 2 1 9 8 0 0.5 0.3 NA 0 NA",
            "head head 1 1 1 3 8 0 0 0.3 NA 0 NA",
        ],
        &["yield head 1 1 0.01", "yield head 1 2 0.03", "yield inputs 1 1 0.5", "yield inputs 1 2 0.7"],
        &[],
    );
    let said = bench.run("diagnose run").refuses(1, &["W1003", "W1004", "W1005", "W1010", "W1011"]);
    assert_snapshot!("nodes", format!("{}{}", said.err, said.out));
}

#[test]
fn importance_that_follows_size() {
    let nodes: Vec<String> =
        (0..20).map(|at| format!("gene g{at} 1 1 1 {} 8 0 0 0.3 NA 0 NA", 2 + at)).collect();
    let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
    let bench = folder(&[], &[], &nodes, &[], &[]);
    let ranked = |score: &dyn Fn(usize) -> usize| {
        let row = |at: usize| {
            let cells = format!("gene g{at} yield clamp 2 {} NA NA NA NA 1 1 1 1\n", score(at));
            cells.replace(' ', "\t")
        };
        let rows: String = (0..20).map(row).collect();
        bench.write("run/importance.tsv", format!("{IMPORTANCE}{rows}"));
        bench.run("diagnose run")
    };
    let said = ranked(&|at| at * at).refuses(1, &["W1012", "20 nodes of `gene` for `yield`", "1.00"]);
    assert!(said.err.contains("--nulls 20"), "{}", said.err);
    // 7 is prime to 20: an order that has nothing to do with size.
    ranked(&|at| 7 * at % 20).expect(0);
}

#[test]
fn folders_that_are_no_finished_run() {
    let bench = folder(&[], &[], &["gene A 1 1 1 one 8 0 0 0.3 NA 0 NA"], &[], &[]);
    bench.run("diagnose run").refuses(2, &["E0904", "nodes.tsv", "line: 2"]);
    bench.remove("run/nodes.tsv");
    bench.run("diagnose run").refuses(3, &["E0301", "nodes.tsv"]);
    bench.remove("run/run.json");
    bench.run("diagnose run").refuses(3, &["E0301", "no finished run"]);
    bench.run("diagnose elsewhere").refuses(3, &["E0301"]);
}

/// A trait that is read straight from a node, and is what measures the node, has the node's r.
#[test]
fn what_runs_write_is_what_they_predicted() {
    let spec = Spec {
        columns: "column twin : continuous",
        predict: "predict pheno.outgrowth from integrator\npredict pheno.twin from auxin",
        evaluate: "evaluate kfold(3, seed = 2)",
        train: "epochs = 30",
        ..Spec::default()
    };
    let bench = Bench::with(&spec);
    bench.change("data/pheno.tsv", |table| {
        let auxin = table.lines().next().expect("a header").split('\t').position(|name| name == "auxin");
        with_column(table, "twin", |_, cells| cells[auxin.expect("a column")].to_string())
    });
    bench.run("run small.binn --out run").expect(0);
    let metrics = rows(&bench.text("run/metrics.tsv"));
    let nodes = rows(&bench.text("run/nodes.tsv"));
    let branches = rows(&bench.text("run/branches.tsv"));
    let predictions = rows(&bench.text("run/predictions.tsv"));
    for fold in ["1", "2", "3"] {
        let is = |row: &&BTreeMap<String, String>, key: &str, value: &str| {
            row[key] == value && row["fold"] == fold
        };
        let of = |metric: &str| {
            let mut rows = metrics.iter().filter(|row| is(row, "metric", metric));
            number(
                rows.find(|row| row["trait"] == "twin" && row["method"] == "binn").expect("measured"),
                "value",
            )
        };
        let auxin = nodes.iter().find(|row| is(row, "node", "auxin")).expect("a node");
        assert_eq!((&*auxin["measured_by"], &*auxin["n_test"], &*auxin["units"]), ("auxin", "40", "5"));
        // The trait's read-out and the measurement's are two lines on one latent: equal but for a sign.
        let r = number(auxin, "r").abs();
        assert!((r - of("pearson").abs()).abs() < 1e-5, "{auxin:?} {}", of("pearson"));
        // What a trait's only branch adds is what predictions differ by, in SDs of the training samples.
        let branch = branches.iter().find(|row| is(row, "trait", "outgrowth")).expect("a branch");
        assert_eq!(branch["branch"], "integrator");
        let of_method =
            |row: &&BTreeMap<String, String>| row["method"] == "binn" && row["trait"] == "outgrowth";
        let said: Vec<f64> = predictions
            .iter()
            .filter(|row| of_method(row) && row["fold"] == fold)
            .map(|row| number(row, "predicted"))
            .collect();
        let trained_on: Vec<f64> = predictions
            .iter()
            .filter(|row| of_method(row) && row["fold"] != fold)
            .map(|row| number(row, "observed"))
            .collect();
        let squares = |values: &[f64]| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
        };
        let wanted = (squares(&said) / 39.0).sqrt() / (squares(&trained_on) / 80.0).sqrt();
        assert!((number(branch, "spread") / wanted - 1.0).abs() < 1e-4, "{branch:?} {wanted}");
    }
    let training = rows(&bench.text("run/training.tsv"));
    let own = training.iter().filter(|row| row["method"] == "binn" && row["fold"] == "1");
    let epochs: Vec<usize> = own.clone().map(|row| row["epoch"].parse().expect("a number")).collect();
    assert_eq!(epochs, (1..=epochs.len()).collect::<Vec<_>>());
    assert_eq!(own.filter(|row| row["kept"] == "1").count(), 1);
    let said = bench.run("diagnose run");
    assert!(said.out.starts_with("run: 3 folds, 3 nodes; "), "{}{}", said.out, said.err);
}
