//! Whatever is estimated is estimated on training rows: test rows cannot change a fold's model.

use crate::support::{Bench, Spec, bed, codes, rows, with_column};

const SAMPLES: usize = 120;
const FOLDS: usize = 3;

fn fold_of(sample: usize) -> String {
    format!("f{}", sample % FOLDS + 1)
}

fn is_first(sample: usize) -> bool {
    fold_of(sample) == "f1"
}

fn bench(predict: &str) -> Bench {
    let bench = Bench::with(&Spec {
        genotypes: "genotypes snps from plink \"data/geno.bed\" { keep = maf >= 0.01 and missing <= 20% }",
        columns: "column age : continuous\n  column fold : categorical",
        predict,
        evaluate: "evaluate folds(pheno.fold) { baselines = [gblup, ridge, fcn] }",
        train: "epochs = 4  early_stop = patience(2)  ensemble = 2",
        ..Spec::default()
    });
    bench.change("data/pheno.tsv", |table| {
        let table = with_column(table, "age", |at, _| format!("{}", (at * 37) % 11));
        with_column(&table, "fold", |at, _| fold_of(at))
    });
    bench
}

/// What the first fold holds: its network, its rows, and what each method predicts.
fn first_fold(bench: &Bench, out: &str) -> (Vec<u8>, String, Vec<String>) {
    bench.run(&format!("run small.binn --out {out}")).expect(0);
    let predictions = rows(&bench.text(&format!("{out}/predictions.tsv")));
    let predicted = predictions.into_iter().filter(|row| row["fold"] == "1");
    let predicted =
        predicted.map(|row| format!("{} {} {}", row["IID"], row["method"], row["genetic"])).collect();
    let folder = format!("{out}/folds/r1-f1");
    (bench.read(&format!("{folder}/model.safetensors")), bench.text(&format!("{folder}/rows.tsv")), predicted)
}

fn second_model(bench: &Bench, out: &str) -> Vec<u8> {
    bench.read(&format!("{out}/folds/r1-f2/model.safetensors"))
}

fn check(predict: &str) {
    let bench = bench(predict);
    let (model, parts, predicted) = first_fold(&bench, "before");
    assert_eq!(predicted.len(), 4 * SAMPLES / FOLDS, "four methods");
    assert_eq!(parts.lines().filter(|line| line.ends_with("\ttest")).count(), SAMPLES / FOLDS);

    let table = bench.text("data/pheno.tsv");
    let mut at = 0;
    let changed: String = table
        .lines()
        .map(|line| {
            let row = at;
            at += 1;
            let mut cells: Vec<String> = line.split('\t').map(String::from).collect();
            if row > 0 && is_first(row - 1) {
                let last = cells.len() - 2;
                for cell in &mut cells[1..last] {
                    *cell = format!("{}", 100 + row * row);
                }
            }
            cells.join("\t") + "\n"
        })
        .collect();
    bench.write("data/pheno.tsv", changed);
    let (with_other_traits, _, same) = first_fold(&bench, "traits");
    assert!(with_other_traits == model, "traits of test rows changed the network");
    assert_eq!(same, predicted, "traits of test rows changed a prediction");
    assert!(second_model(&bench, "before") != second_model(&bench, "traits"), "there they are trained on");
    bench.write("data/pheno.tsv", table);

    let mut calls = codes(&bench.read("data/geno.bed"), SAMPLES);
    for (variant, row) in calls.iter_mut().enumerate() {
        for (sample, code) in row.iter_mut().enumerate().filter(|(sample, _)| is_first(*sample)) {
            *code = ((*code as usize + variant + sample) % 4) as u8;
        }
    }
    bench.write("data/geno.bed", bed(&calls));
    let (with_other_calls, ..) = first_fold(&bench, "calls");
    assert!(with_other_calls == model, "genotypes of test rows changed the network");
    assert!(second_model(&bench, "before") != second_model(&bench, "calls"), "there they are trained on");
}

#[test]
fn test_rows_change_no_network_of_their_fold() {
    check("predict pheno.outgrowth from integrator");
}

#[test]
fn nor_with_fixed_effects_and_components() {
    check("predict pheno.outgrowth from integrator { fixed = [pheno.age, pcs(2)] }");
}

#[test]
fn filters_are_judged_on_training_rows() {
    let bench = bench("predict pheno.outgrowth from integrator");
    let links = bench.text("data/links.tsv");
    let id = links.lines().find_map(|line| line.strip_suffix("\tauxin")).expect("a QTN").to_string();
    let at = bench
        .text("data/geno.bim")
        .lines()
        .position(|line| line.contains(&format!("\t{id}\t")))
        .expect("there");
    let mut calls = codes(&bench.read("data/geno.bed"), SAMPLES);
    calls[at] = (0..SAMPLES).map(|sample| if is_first(sample) { 2 } else { 3 }).collect();
    bench.write("data/geno.bed", bed(&calls));
    bench.run("run small.binn --out run").expect(0);
    let coverage = rows(&bench.text("run/coverage.tsv"));
    let filtered: Vec<_> = coverage.iter().filter(|row| row["join"] == "filters").collect();
    assert_eq!(filtered.len(), 1, "{filtered:?}");
    assert_eq!((filtered[0]["side"].as_str(), filtered[0]["unmatched"].as_str()), ("r1-f1", "1"));
}
