//! `explain`, as a user of a run folder meets it.

use crate::support::{Bench, Spec, number, rows, with_column};

fn bench() -> Bench {
    Bench::with(&Spec {
        evaluate: "evaluate kfold(3, repeats = 2, seed = 4)",
        train: "epochs = 60  ensemble = 2",
        ..Spec::default()
    })
}

#[test]
fn nodes_of_all_folds_are_ranked() {
    let bench = bench();
    bench.run("run small.binn --out run").expect(0);
    let said = bench.run("explain run --bfile data/geno --out importance.tsv").expect(0);
    assert_eq!(said.err.matches("variants matched").count(), 1, "{}", said.err);
    assert!(said.err.contains("12 networks, each on the 40 samples that their fold tests"), "{}", said.err);
    let table = rows(&bench.text("importance.tsv"));
    let nodes: Vec<(&str, &str)> =
        table.iter().map(|row| (row["layer"].as_str(), row["node"].as_str())).collect();
    // Of the integrator, what predictions read are its hidden units: it has no value of its own.
    assert_eq!(nodes, [("auxin", "auxin"), ("auxin", "sucrose")]);
    for row in &table {
        assert_eq!(
            (row["trait"].as_str(), row["method"].as_str(), row["n_models"].as_str()),
            ("outgrowth", "clamp", "12")
        );
        let [score, se, spread] = ["score", "se", "spread"].map(|name| number(row, name));
        assert!(score > 0.0 && se > 0.0 && spread > 0.0 && score.is_finite(), "{row:?}");
        assert!(number(row, "signed").abs() <= score + 1e-9);
    }
    let mut ranks: Vec<&str> = table.iter().map(|row| row["rank"].as_str()).collect();
    let first = table.iter().find(|row| row["rank"] == "1").expect("a first");
    assert!(table.iter().all(|row| number(row, "score") <= number(first, "score")));
    ranks.sort_unstable();
    assert_eq!(ranks, ["1", "2"]);
    let twice = bench.run("explain run --bfile data/geno --threads 1 --out again.tsv").expect(0);
    assert!(
        twice.code == 0 && bench.read("again.tsv") == bench.read("importance.tsv"),
        "threads change nothing"
    );
    let shown = bench.run("explain run --bfile data/geno").expect(0).out;
    assert!(shown.contains("outgrowth: 2 nodes") && shown.contains('█'), "{shown}");
}

#[test]
fn a_model_file_is_looked_at_on_all_samples() {
    let bench = bench();
    bench.run("run small.binn --out run").expect(0);
    let said = bench.run("explain run/model.safetensors --bfile data/geno --deviations 1 --top 1").expect(0);
    assert!(said.err.contains("2 networks, each on the 120 samples of the genotypes"), "{}", said.err);
    assert!(!said.out.contains("   2  "), "one node of each layer: {}", said.out);
}

#[test]
fn folds_of_two_samples_are_left_out_and_counted() {
    let bench = Bench::with(&Spec {
        columns: "column family : categorical",
        evaluate: "evaluate leave_out(pheno.family, seed = 3) { baselines = [] }",
        ..Spec::default()
    });
    let family = |at: usize| if at < 2 { "pair".to_string() } else { format!("fam{}", at % 2) };
    bench.change("data/pheno.tsv", |table| with_column(table, "family", |at, _| family(at)));
    bench.run("run small.binn --out run").expect(0);
    let said = bench.run("explain run --bfile data/geno --out t.tsv").expect(0);
    assert!(said.err.contains("1 of 3 folds test fewer than 3 of these samples"), "{}", said.err);
    assert!(said.err.contains("2 networks, each on the 59 samples"), "{}", said.err);
    assert!(rows(&bench.text("t.tsv")).iter().all(|row| row["n_all"] == "2"));
}

#[test]
fn what_cannot_be_explained_is_said() {
    let bench = bench();
    bench.run("run small.binn --out run").expect(0);
    bench.run("explain none --bfile data/geno").refuses(3, &["E0301", "none"]);
    bench.run("explain run --bfile data/geno --deviations 0").refuses(2, &["above 0"]);
    bench.run("explain run --bfile data/none").refuses(3, &["none.bed"]);
    bench.change("data/geno.fam", |fam| fam.replace("f2_", "other_"));
    bench.run("explain run --bfile data/geno --out t.tsv").refuses(7, &["E0306", "same sample ids"]);
    assert!(!bench.exists("t.tsv"));
    bench.change("run/folds.tsv", |table| table.replace("FID", "fid"));
    bench.run("explain run --bfile data/geno").refuses(2, &["E0904", "folds.tsv"]);
    bench.remove("run/run.json");
    bench.run("explain run --bfile data/geno").refuses(3, &["E0301", "no finished run"]);
}

#[test]
fn first_nodes_are_written_as_sets() {
    let bench = Bench::with(&Spec {
        evaluate: "evaluate kfold(3, seed = 4) { baselines = [] }",
        train: "epochs = 20",
        ..Spec::default()
    });
    bench.run("run small.binn --out run").expect(0);
    let said = bench.run("explain run --bfile data/geno --top 1 --gmt first.gmt").expect(0);
    let sets = bench.text("first.gmt");
    let cells: Vec<&str> = sets.trim_end().split('\t').collect();
    assert_eq!(cells[..2], ["outgrowth.auxin", "the first 1 of 2 by clamp, binnc"], "{sets}");
    assert_eq!(cells.len(), 3);
    assert!(said.err.contains("1 set written to first.gmt"), "{}", said.err);
    let content: serde_json::Value =
        serde_json::from_str(&bench.text("run/accuracy_mqc.json")).expect("JSON that MultiQC reads");
    let run: serde_json::Value = serde_json::from_str(&bench.text("run/run.json")).expect("JSON");
    let digest = &run["run_digest"].as_str().expect("a digest")[..8];
    let row = format!("small {digest} · outgrowth · binn");
    let accuracy = content["data"][&row]["pearson"].as_f64().expect("a mean");
    let folds = rows(&bench.text("run/metrics.tsv"));
    let own = folds.iter().filter(|row| row["metric"] == "pearson" && row["method"] == "binn");
    let values: Vec<f64> = own.map(|row| number(row, "value")).collect();
    assert!((accuracy - values.iter().sum::<f64>() / values.len() as f64).abs() < 1e-12);
    assert!(content["headers"]["pearson"]["title"].as_str().is_some());
}

#[test]
fn values_of_nodes_are_those_that_are_clamped() {
    let bench = bench();
    bench.run("run small.binn --out run").expect(0);
    let said = bench.run("explain run --bfile data/geno --out nodes.tsv --values values.tsv").expect(0);
    assert!(said.err.contains("480 rows written to values.tsv"), "12 networks on 40 samples: {}", said.err);
    let values = rows(&bench.text("values.tsv"));
    assert_eq!(values.len(), 480);
    for row in rows(&bench.text("nodes.tsv")) {
        // The spread of a node is the mean over networks of the SD of its values.
        let title = format!("{}:{}", row["layer"], row["node"]);
        let mut of_network: std::collections::BTreeMap<(&str, &str), Vec<f64>> =
            std::collections::BTreeMap::new();
        for one in &values {
            of_network.entry((&one["model"], &one["network"])).or_default().push(number(one, &title));
        }
        assert_eq!(of_network.len(), 12);
        let spreads = of_network.values().map(|values| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
        });
        let spread = spreads.sum::<f64>() / 12.0;
        assert!((spread - number(&row, "spread")).abs() < 1e-6 * spread, "{title}");
    }
    let said = bench.run("explain run/model.safetensors --bfile data/geno --values all.tsv").expect(0);
    assert!(said.err.contains("rows written to all.tsv"), "{}", said.err);
    assert!(bench.text("all.tsv").contains("\nfinal\t1\t"));
}
