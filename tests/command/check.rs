//! `check` on trees of specs, without data, and in the forms that services read.

use crate::support::{Bench, Spec};
use serde_json::Value;

/// A tree with a clean spec, one that warns, one with an error, and what is no spec.
fn tree() -> Bench {
    let bench = Bench::simulated();
    let spec = Spec::default().text();
    bench.write("specs/clean.binn", &spec);
    bench.write("specs/deep/er/warns.binn", spec.clone() + "let unused = 3\n");
    bench.write("specs/deep/wrong.binn", spec.replace("link snps -> auxin", "link spns -> auxin"));
    bench.write("specs/ci.yaml", "name: CI\non: push\n");
    for skipped in ["runs/old.binn", "target/x.binn", ".hidden/x.binn", "cached/x.binn", ".x.binn.swp"] {
        bench.write(&format!("specs/{skipped}"), "no spec");
    }
    bench.write("specs/cached/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
    bench
}

const TREE: &str = "check specs --data-root .";

#[test]
fn folders_are_walked_and_counted() {
    let said = tree().run(TREE).refuses(1, &["E0201", "spns", "W0205"]);
    assert!(said.err.ends_with("3 specs: 1 clean, 1 with errors, 1 with warnings\n"), "{}", said.err);
    let place = |name: &str| said.err.find(name).unwrap_or_else(|| panic!("no {name} in\n{}", said.err));
    assert!(place("specs/clean.binn") < place("specs/deep/er/warns.binn"), "sorted by name");
    assert!(place("specs/deep/er/warns.binn") < place("specs/deep/wrong.binn"));
    assert!(said.out.is_empty());
}

#[test]
fn warnings_can_be_denied_and_allowed() {
    let bench = tree();
    bench.remove("specs/deep/wrong.binn");
    bench.run(TREE).expect(0);
    bench.run(&format!("{TREE} --deny warnings")).refuses(1, &["2 specs: 1 clean, 1 with warnings"]);
    let allowed = Spec {
        more: "prior spare from tsv \"data/links.tsv\" { source = \"snp\"  target = \"metabolite\"  allow = W0205 }",
        ..Spec::default()
    };
    bench.write("specs/deep/er/warns.binn", allowed.text());
    bench.run(&format!("{TREE} --deny warnings")).refuses(0, &["2 specs: 2 clean"]);
}

#[test]
fn files_of_a_commit_may_be_anything() {
    let bench = tree();
    bench.run("check specs/ci.yaml specs/clean.binn --data-root .").refuses(1, &["specs/ci.yaml"]);
    let said = bench.run("check specs/ci.yaml specs/clean.binn --data-root . --specs-only").expect(0);
    assert!(!said.err.contains("ci.yaml"), "{}", said.err);
    bench.run("check specs/ci.yaml --specs-only").expect(0);
    bench.run("check specs/gone.yaml --specs-only").refuses(3, &["E0301"]);
}

#[test]
fn a_folder_without_specs_is_a_mistake() {
    let bench = Bench::empty();
    bench.write("empty/readme.md", "nothing");
    bench.run("check empty").refuses(3, &["E0301", "no spec stands below"]);
    bench.run("check nowhere").refuses(3, &["E0301", "nowhere"]);
}

#[test]
fn what_is_not_there_is_a_note_and_the_rest_is_checked() {
    let bench = Bench::with(&Spec::default());
    for gone in ["data/geno.bed", "data/geno.bim", "data/pheno.tsv"] {
        bench.remove(gone);
    }
    let said = bench.run("check small.binn --deny warnings").expect(0);
    for words in
        ["note: small.binn: `data/geno.bim` is not there", "`data/pheno.tsv` is not there", "clean as far as"]
    {
        assert!(said.err.contains(words), "no {words:?} in\n{}", said.err);
    }
    bench.change("data/links.tsv", |table| table.replacen('\n', "\nbroken\n", 1));
    bench.run("check small.binn").refuses(1, &["E0302", "data/links.tsv:2", "is not there"]);
}

#[test]
fn no_genotypes_are_needed_and_without_data_none_are_opened() {
    let bench = Bench::with(&Spec::default());
    bench.remove("data/geno.bed");
    bench.run("check small.binn").refuses(0, &["clean, 3 nodes"]);
    bench.run("compile small.binn").expect(0);
    bench.run("run small.binn").refuses(3, &["E0301", "geno.bed"]);
    // Whatever is opened now would be an error.
    for broken in ["geno.bim", "geno.fam", "pheno.tsv", "links.tsv"] {
        bench.write(&format!("data/{broken}"), [0, 159, 146, 150]);
    }
    bench.run("check small.binn").refuses(1, &["E0302"]);
    bench.run("check small.binn --no-data --deny warnings").refuses(0, &["--no-data"]);
}

#[test]
fn one_document_holds_all_specs() {
    let bench = tree();
    bench.write(
        "specs/far.binn",
        Spec { genotypes: "genotypes snps from plink \"far.bed\"", ..Spec::default() }.text(),
    );
    let here = bench.path("").display().to_string();
    let said = bench.run(&format!("check {here}/specs --data-root {here} --message-format sarif")).expect(1);
    assert_eq!(said.err, "");
    let document: Value = serde_json::from_str(&said.out).expect("SARIF");
    let results = document["runs"][0]["results"].as_array().expect("results");
    let found: Vec<(&str, &str)> = results
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            (result["ruleId"].as_str().expect("a rule"), place.as_str().expect("a path"))
        })
        .collect();
    let wanted = [
        ("E0201", "specs/deep/wrong.binn"),
        ("W0205", "specs/deep/er/warns.binn"),
        ("not-checked", "specs/far.binn"),
    ];
    assert_eq!(found, wanted);
    assert!(!said.out.contains(here.trim_end_matches('/')), "{}", said.out);
    let clean = bench.run("check specs/clean.binn --data-root . --message-format sarif").expect(0);
    let document: Value = serde_json::from_str(&clean.out).expect("SARIF");
    assert_eq!(document["runs"][0]["results"], Value::Array(Vec::new()), "no result is a result too");
    for other in ["run", "compile", "info"] {
        bench.run(&format!("{other} specs/clean.binn --message-format sarif")).refuses(2, &["for `check`"]);
    }
}

#[test]
fn notes_stand_in_every_form() {
    let bench = Bench::with(&Spec { genotypes: "genotypes snps from plink \"far.bed\"", ..Spec::default() });
    let json = bench.run("check small.binn --message-format json").expect(0);
    let line: Value = serde_json::from_str(json.err.trim_end()).expect("one line");
    assert_eq!(
        (&line["severity"], &line["code"], &line["file"]),
        (&"note".into(), &Value::Null, &"small.binn".into())
    );
    let github = bench.run("check small.binn --message-format github").expect(0);
    assert!(
        github.out.starts_with("::notice file=small.binn,title=not checked::`far.bim`"),
        "{}",
        github.out
    );
    let short = bench.run("check small.binn --message-format short").expect(0);
    assert!(short.err.starts_with("note: small.binn: `far.bim` is not there"), "{}", short.err);
}

#[test]
fn workflow_commands_stand_on_standard_output() {
    let bench = Bench::with(&Spec { train: "epochs = 0", ..Spec::default() });
    let said = bench.run("check small.binn --message-format github").expect(1);
    assert!(said.out.starts_with("::error file=small.binn,line=20,col="), "{}", said.out);
    let said = bench.run("compile small.binn --message-format github").expect(8);
    assert!(said.out.starts_with("::error file=small.binn,line=20,col="), "{}", said.out);
}

#[test]
fn every_other_command_ends_with_the_first_errors_code() {
    let bench = Bench::with(&Spec { train: "epochs = 0", ..Spec::default() });
    bench.run("check small.binn").expect(1);
    for command in ["compile", "run"] {
        bench.run(&format!("{command} small.binn")).refuses(8, &["E0105"]);
    }
    bench.write("small.binn", Spec::default().text());
    bench.change("data/pheno.tsv", |table| table.replacen("outgrowth", "growth", 1));
    bench.run("check small.binn").refuses(1, &["E0303"]);
    bench.run("compile small.binn").refuses(6, &["E0303"]);
    bench.run("check absent.binn small.binn").refuses(3, &["E0301", "E0303"]);
    bench.run("check").expect(2);
}
