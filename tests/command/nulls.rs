//! `run --nulls`: p and q of importances.

use crate::support::{Bench, Spec, number, rows, with_column};

fn bench(evaluate: &str) -> Bench {
    Bench::with(&Spec { evaluate, train: "epochs = 60", ..Spec::default() })
}

#[test]
fn nodes_that_matter_stand_out_from_what_relatives_explain() {
    let bench = bench("evaluate kfold(3, seed = 4) { baselines = [] }");
    let said = bench.run("run small.binn --nulls 6 --out run").expect(0);
    assert!(said.err.contains("the trait drawn from GBLUP 6 times"), "{}", said.err);
    assert!(said.err.contains("training 18 networks"), "6 draws of 3 folds: {}", said.err);
    assert!(said.out.contains("  q ") && said.out.contains("q ≤ 0.05: "), "{}", said.out);
    let table = rows(&bench.text("run/importance.tsv"));
    assert_eq!(table.len(), 2);
    for row in &table {
        // Two nodes under six draws: a pool of twelve.
        let (p, q) = (number(row, "p"), number(row, "q"));
        assert!((1.0..=13.0).contains(&(p * 13.0)) && (p * 13.0).fract() < 1e-9, "{row:?}");
        assert!(q >= p && q <= 1.0, "{row:?}");
    }
    let page = bench.text("run/report.html");
    assert!(page.contains("\"q\""), "the page has a column for it");
    bench.run("run small.binn --nulls 6 --threads 1 --out again").expect(0);
    assert_eq!(bench.read("run/importance.tsv"), bench.read("again/importance.tsv"));
    // Without, the same scores and no p.
    bench.run("run small.binn --out plain").expect(0);
    let plain = rows(&bench.text("plain/importance.tsv"));
    for (one, other) in plain.iter().zip(&table) {
        assert_eq!(
            (one["score"].as_str(), one["p"].as_str(), one["q"].as_str()),
            (other["score"].as_str(), "NA", "NA")
        );
    }
    // Another run, which does not count as done.
    bench.run("run small.binn --nulls 6 --out plain").refuses(2, &["E0904", "holds another run"]);
}

#[test]
fn what_has_no_null_is_refused_before_anything_is_trained() {
    let whole = bench("evaluate none");
    let said = whole.run("run small.binn --nulls 6 --out run").expect(8);
    assert!(said.err.contains("E0106") && said.err.contains("needs folds"), "{}", said.err);
    assert!(!said.err.contains("training"), "{}", said.err);
    let binary = Bench::with(&Spec {
        columns: "column resistant : binary",
        predict: "predict pheno.resistant from integrator",
        evaluate: "evaluate kfold(3, seed = 4)",
        ..Spec::default()
    });
    binary.change("data/pheno.tsv", |table| with_column(table, "resistant", |at, _| (at % 2).to_string()));
    let said = binary.run("run small.binn --nulls 6 --out run").expect(8);
    assert!(
        said.err.contains("E0113") && said.err.contains("`resistant`, which is not continuous"),
        "{}",
        said.err
    );
    whole.run("run small.binn --nulls 1 --out run").expect(2);
}

#[test]
fn what_would_pass_for_noise_is_refused() {
    let evaluate = "evaluate kfold(3, seed = 4)";
    let refused = |spec: Spec<'_>, column: Option<&str>, word: &str| {
        let bench = Bench::with(&spec);
        if let Some(name) = column {
            bench.change("data/pheno.tsv", |table| {
                with_column(table, name, |at, _| (at * 7 % 11).to_string())
            });
        }
        let said = bench.run("run small.binn --nulls 6 --out run").expect(8);
        assert!(said.err.contains("E0113") && said.err.contains(word), "{}", said.err);
    };
    let two = Spec {
        columns: "column height : continuous",
        predict: "predict pheno.outgrowth, pheno.height from integrator",
        evaluate,
        ..Spec::default()
    };
    refused(two, Some("height"), "several traits");
    let column = Spec {
        columns: "column age : continuous",
        evaluate,
        more: "link pheno.age -> integrator",
        ..Spec::default()
    };
    refused(column, Some("age"), "`age` is read by nodes");
}
