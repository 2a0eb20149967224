//! The same inputs and seed give the same bytes, at any number of threads.

use crate::support::{Bench, Spec};

#[test]
fn threads_and_repetition_change_no_byte() {
    let bench = Bench::with(&Spec {
        evaluate: "evaluate kfold(2, repeats = 2, seed = 3) { baselines = [gblup, gblup(dominance), ridge, elastic_net, forest, rkhs, fcn] }",
        train: "epochs = 5  early_stop = patience(2)  ensemble = 2",
        ..Spec::default()
    });
    let mut runs = Vec::new();
    for (out, threads) in [("one", 1), ("again", 1), ("two", 2), ("four", 4)] {
        bench.run(&format!("run small.binn --threads {threads} --out {out}")).expect(0);
        runs.push(bench.results(out));
    }
    let names: Vec<&str> = runs[0].keys().map(String::as_str).collect();
    let folds = ["r1-f1", "r1-f2", "r2-f1", "r2-f2"];
    for fold in folds {
        assert!(names.contains(&format!("/folds/{fold}/model.safetensors").as_str()), "{names:?}");
    }
    for name in [
        "model.safetensors",
        "predictions.tsv",
        "metrics.tsv",
        "metrics.json",
        "differences.tsv",
        "coverage.tsv",
        "folds.tsv",
    ] {
        assert!(names.contains(&format!("/{name}").as_str()), "{names:?}");
    }
    for run in &runs[1..] {
        assert_eq!(run.keys().collect::<Vec<_>>(), runs[0].keys().collect::<Vec<_>>());
        for (name, bytes) in run {
            assert!(*bytes == runs[0][name], "{name} differs");
        }
    }
}

#[test]
fn pinned_instruction_sets_change_no_byte() {
    use binnc::kernel::isa::Isa;
    let bench = Bench::with(&Spec {
        evaluate: "evaluate kfold(2, seed = 3) { baselines = [fcn] }",
        train: "epochs = 5",
        ..Spec::default()
    });
    let sets = Isa::ALL.into_iter().filter(|isa| isa.is_here()).map(Isa::name);
    let runs: Vec<_> = sets
        .map(|isa| {
            bench.run(&format!("run small.binn --isa {isa} --out {isa}")).expect(0);
            let model = format!("{isa}/model.safetensors");
            let predicted = bench.run(&format!("predict {model} --bfile data/geno --isa {isa}")).expect(0);
            assert!(bench.text(&format!("{isa}/run.json")).contains(&format!("pinned {isa}")));
            (
                ["predictions.tsv", "metrics.tsv"].map(|name| bench.text(&format!("{isa}/{name}"))),
                predicted.out,
            )
        })
        .collect();
    runs.iter().for_each(|run| assert_eq!(run, &runs[0]));
    bench.run("run small.binn --isa mmx").refuses(2, &["`scalar`, `avx2` or `avx512`"]);
}

#[test]
fn another_seed_gives_another_model() {
    let bench = Bench::with(&Spec::default());
    bench.run("run small.binn --out one").expect(0);
    bench.run("run small.binn --out two --seed 2").expect(0);
    assert_ne!(bench.read("one/model.safetensors"), bench.read("two/model.safetensors"));
    assert!(bench.text("two/run.json").contains("\"overrides\": [\n    [\n      \"seed\",\n      \"2\""));
}
