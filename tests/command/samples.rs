//! Samples without records, records without samples, repeated records, weighted records.

use crate::support::{Bench, Spec, number, rows, with_column};

const KFOLD: &str = "evaluate kfold(3, seed = 2) { baselines = [gblup, ridge] }";

#[test]
fn samples_without_a_phenotype_are_predicted() {
    let bench = Bench::with(&Spec { evaluate: KFOLD, ..Spec::default() });
    bench.change("data/pheno.tsv", |table| {
        let mut lines: Vec<String> = table.lines().map(String::from).collect();
        for line in &mut lines[1..11] {
            let mut cells: Vec<&str> = line.split('\t').collect();
            cells[1] = "NA";
            *line = cells.join("\t");
        }
        lines.truncate(lines.len() - 5);
        lines.push(lines[20].replace("f2_20", "stranger"));
        lines.join("\n") + "\n"
    });
    let said = bench.run("run small.binn --out run").expect(0);
    for words in ["W0314", "`snps` alone has 5 samples", "`pheno` alone has 1 sample", "`stranger`"] {
        assert!(said.err.contains(words), "no {words:?} in:\n{}", said.err);
    }
    let predictions = rows(&bench.text("run/predictions.tsv"));
    let unseen: Vec<String> = (1..11).chain(116..121).map(|at| format!("f2_{at}")).collect();
    for method in ["binn", "gblup", "ridge"] {
        let rows: Vec<_> = predictions.iter().filter(|row| row["method"] == method).collect();
        assert_eq!(rows.len(), 120, "every genotyped sample is predicted once by {method}");
        for row in rows {
            let unseen = unseen.contains(&row["IID"]);
            assert_eq!(row["fold"] == "final", unseen, "{row:?}");
            assert_eq!(row["observed"] == "NA", unseen, "{row:?}");
            assert!(number(row, "predicted").is_finite());
        }
    }
    let coverage = rows(&bench.text("run/coverage.tsv"));
    let join: Vec<_> = coverage.iter().filter(|row| row["join"] == "snps with pheno").collect();
    assert_eq!((join[0]["matched"].as_str(), join[0]["unmatched"].as_str()), ("115", "5"));
    assert_eq!((join[1]["matched"].as_str(), join[1]["unmatched"].as_str()), ("115", "1"));
    assert_eq!(join[0]["examples"].split(", ").count(), 3, "{join:?}");
}

#[test]
fn the_joins_are_shown_before_training() {
    let bench = Bench::with(&Spec::default());
    bench.change("data/pheno.tsv", |table| table.lines().take(101).map(|line| format!("{line}\n")).collect());
    let said = bench.run("run small.binn --out run").expect(0);
    let place =
        |words: &str| said.err.find(words).unwrap_or_else(|| panic!("no {words:?} in:\n{}", said.err));
    let joins = place("snps with pheno");
    let left = place("samples: 100 matched, 20 unmatched: f2_101, f2_102, f2_103\n");
    let right = place("records: 100 matched, 0 unmatched\n");
    let training = place("training 1 network");
    assert!(joins < left && left < right && right < training, "{}", said.err);
    assert!(place("W0314") < training, "warnings come before hours of training:\n{}", said.err);
}

#[test]
fn repeated_records_are_refused() {
    let bench = Bench::with(&Spec::default());
    bench.change("data/pheno.tsv", |table| {
        table.to_string() + &table.lines().nth(3).expect("a row").replace('.', ".1") + "\n"
    });
    let said = bench.run("run small.binn --out run");
    said.refuses(7, &["E0304", "1 record", "records = repeated", "data/pheno.tsv:122", "f2_3"]);
    assert!(!bench.exists("run"));
}

#[test]
fn weights_of_records_count_in_every_method() {
    let weighted = |weights: &dyn Fn(usize) -> usize| {
        let text =
            Spec { columns: "column w : continuous\n  weight = w", evaluate: KFOLD, ..Spec::default() };
        let bench = Bench::with(&text);
        bench.change("data/pheno.tsv", |table| with_column(table, "w", |at, _| weights(at).to_string()));
        bench.run("run small.binn --out run").expect(0);
        rows(&bench.text("run/predictions.tsv"))
    };
    let plain = Bench::with(&Spec { evaluate: KFOLD, ..Spec::default() });
    plain.run("run small.binn --out run").expect(0);
    let plain = rows(&plain.text("run/predictions.tsv"));
    let largest = |one: &[_], other: &[_], method: &str| {
        let pairs = one.iter().zip(other).filter(|(row, _)| rows_method(row) == method);
        pairs.map(|(a, b)| (number(a, "predicted") - number(b, "predicted")).abs()).fold(0.0, f64::max)
    };
    let (constant, varied) = (weighted(&|_| 3), weighted(&|at| 1 + at % 5));
    for method in ["binn", "gblup", "ridge"] {
        assert!(
            largest(&plain, &constant, method) < 1e-4,
            "{method}: {}",
            largest(&plain, &constant, method)
        );
        assert!(largest(&plain, &varied, method) > 1e-3, "{method}: {}", largest(&plain, &varied, method));
    }
}

fn rows_method(row: &std::collections::BTreeMap<String, String>) -> &str {
    &row["method"]
}
