//! What a run says of values, seen through the program: coding, constants, missing codes, size.

use crate::support::{Bench, Spec, with_column};

fn bench(columns: &str, predict: &str, value: impl Fn(usize) -> String) -> Bench {
    let evaluate = "evaluate kfold(2, seed = 1)";
    let bench = Bench::with(&Spec { columns, predict, evaluate, ..Spec::default() });
    bench.change("data/pheno.tsv", |table| with_column(table, "x", |at, _| value(at)));
    bench
}

const PREDICT_X: &str = "predict pheno.x from integrator";

#[test]
fn binary_traits_need_both_classes() {
    let three = bench("column x : binary", PREDICT_X, |at| format!("{}", at % 3));
    three.run("run small.binn").refuses(7, &["E0607", "`x`"]);
    let alone = bench("column x : binary", PREDICT_X, |at| format!("{}", u8::from(at == 0)));
    alone.run("run small.binn").refuses(7, &["E0607", "controls", "repeat 1"]);
    assert!(!alone.exists("runs/small/run.json"));
}

#[test]
fn one_constant_trait_of_two_is_a_warning() {
    let both = "predict pheno.outgrowth, pheno.x from integrator";
    let bench = bench("column x : continuous", both, |_| "4".to_string());
    bench.run("run small.binn").refuses(0, &["W0608", "`x`"]);
}

#[test]
fn minus_nine_is_a_number_until_the_author_says_otherwise() {
    let value = |at: usize| if at.is_multiple_of(10) { "-9".to_string() } else { format!("{}", at % 7) };
    let as_number = bench("column x : continuous", PREDICT_X, value);
    as_number.run("run small.binn").refuses(0, &["W0611", "12 times", "missing = "]);
    let as_missing = bench("column x : continuous\n  missing = [\"NA\", \"-9\"]", PREDICT_X, value);
    let said = as_missing.run("run small.binn").expect(0);
    assert!(!said.err.contains("W0611"), "{}", said.err);
    let table = as_missing.text("runs/small/predictions.tsv");
    assert_eq!(
        table.lines().filter(|line| line.contains("\tbinn\t") && line.contains("\tfinal\tNA\t")).count(),
        12
    );
}

#[test]
fn heterozygotes_are_refused_in_haploids() {
    let genotypes = "genotypes snps from plink \"data/geno.bed\" { encoding = haploid }";
    let bench = Bench::with(&Spec { genotypes, ..Spec::default() });
    bench.run("run small.binn").refuses(7, &["E0317", "snps"]);
    assert!(!bench.exists("runs/small/run.json"));
}

#[test]
fn far_more_parameters_than_samples_are_told_before_training() {
    let bench = Bench::simulated();
    bench.write(
        "small.binn",
        Spec::default().text().replace("fcn(4,", "fcn(96,").replace("epochs = 4", "epochs = 1"),
    );
    let said = bench.run("run small.binn").expect(0);
    let place =
        |words: &str| said.err.find(words).unwrap_or_else(|| panic!("no {words:?} in:\n{}", said.err));
    assert!(place("W0507") < place("training 1 network"));
}
