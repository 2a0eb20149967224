//! Help and `info`, as they are read.

use crate::support::{Bench, Spec};
use insta::assert_snapshot;

fn help(arguments: &str) -> String {
    let said = Bench::empty().run(arguments).expect(0);
    assert!(said.err.is_empty() && said.out.lines().all(|line| line.chars().count() <= 100), "{}", said.out);
    said.out
}

#[test]
fn the_whole() {
    assert_snapshot!(help("--help"));
}

#[test]
fn each_command() {
    for command in [
        "check",
        "compile",
        "run",
        "predict",
        "explain",
        "experiment",
        "report",
        "diagnose",
        "prior",
        "prior eqtl",
        "prior select",
        "info",
        "simulate",
        "rule",
        "fmt",
        "schema",
        "lock",
        "diff",
        "completions",
        "man",
    ] {
        let text = help(&format!("{command} --help"));
        assert!(text.contains("\nExample"), "{command} shows no example");
        assert_snapshot!(command.replace(' ', "_"), text);
    }
}

#[test]
fn a_spec_and_a_model() {
    let bench = Bench::with(&Spec::default());
    assert_snapshot!("info_spec", without_digests(&bench.run("info small.binn").expect(0).out));
    bench.run("run small.binn").expect(0);
    let text = bench.run("info runs/small/model.safetensors").expect(0).out;
    let portable: String =
        text.lines().filter(|line| !line.starts_with("instruction set")).map(|l| format!("{l}\n")).collect();
    assert_snapshot!("info_model", without_digests(&portable));
    let json = bench.run("info runs/small/model.safetensors --json").expect(0).out;
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(value["traits"], serde_json::json!(["outgrowth"]));
    let json = bench.run("info small.binn --json").expect(0).out;
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&value["counts"]["layers"], &value["counts"]["links"]), (&2.into(), &2.into()));
    let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
    let documented = include_str!("../../docs/info.md");
    for key in keys {
        assert!(documented.contains(&format!("`{key}`")), "docs/info.md does not describe `{key}`");
    }
    let compiled = bench.run("compile small.binn --emit plan").expect(0).out;
    let plan: serde_json::Value = serde_json::from_str(&compiled).expect("JSON");
    assert_eq!(value["graph"]["plan"], plan["plan_digest"]);
    assert_eq!(value["graph"]["edges"], plan["summary"]["edges"]);
    assert_eq!(value["layers"][0]["reads"], serde_json::json!(["snps via qtn"]));
    assert_eq!(value["sources"][1]["bytes"], bench.read("data/geno.bim").len());
}

#[test]
fn a_spec_without_its_data() {
    let bench = Bench::with(&Spec::default());
    let whole: serde_json::Value =
        serde_json::from_str(&bench.run("info small.binn --json").expect(0).out).expect("JSON");
    bench.remove("data/geno.bim");
    let said = bench.run("info small.binn").expect(0);
    assert!(
        said.out.contains("note: `data/geno.bim` is not there, so the graph was not built"),
        "{}",
        said.out
    );
    let without: serde_json::Value =
        serde_json::from_str(&bench.run("info small.binn --json").expect(0).out).expect("JSON");
    assert_eq!((&without["spec"], &without["digests"]), (&whole["spec"], &whole["digests"]));
    assert!(without["graph"].is_null() && without["layers"][0]["nodes"].is_null());
    bench.remove("data");
    let said = bench.run("info small.binn --no-data").expect(0);
    assert!(said.out.contains("sources were not opened"), "{}", said.out);
    bench.run("simulate shoot-branching --out data --n 120 --markers 80 --seed 7").expect(0);
    bench.write("data/links.tsv", "snp\tmetabolite\nnone\tauxin\n");
    let said = bench.run("info small.binn").expect(0);
    assert!(said.out.contains("`binnc check` says why"), "{}", said.out);
}

#[test]
fn a_hierarchy_and_parts_of_it() {
    let inputs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/language/inputs");
    let command = format!("info {inputs}/checks/good_hierarchy.binn --data-root {inputs}/data --json");
    let said = Bench::empty().run(&command).expect(0).out;
    let value: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let reads = |at: usize| &value["layers"][at]["reads"];
    let within = "its own nodes, children to parents, by terms";
    assert_eq!(reads(1), &serde_json::json!(["gene via sets", within]));
    assert_eq!(reads(2), &serde_json::json!(["pathway.top, gene.unmapped"]));
}

/// Digests change with any change of meaning, which other tests look at.
fn without_digests(text: &str) -> String {
    let word = |word: &str| {
        let is_digest = word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
        if is_digest { "DIGEST".to_string() } else { word.to_string() }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ") + "\n";
    text.lines().map(line).collect()
}
