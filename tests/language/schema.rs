//! The schema of specs in YAML: as committed, true of every good spec, and of the same keys as lowering.

use crate::notations::specs;
use binnc::io::{Disk, World};
use binnc::language::source::Sources;
use binnc::language::spec::lower;
use binnc::language::syntax::{Notation, format, parse, parse_as, schema};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const COMMITTED: &str = "grammar/binn-1.schema.json";

#[test]
fn the_committed_schema_is_fresh() {
    let committed = Disk.read(Path::new(COMMITTED)).unwrap_or_default();
    assert!(committed == schema().into_bytes(), "run `binnc schema > {COMMITTED}`");
}

fn json(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).expect("the text is YAML")
}

fn valid(yaml: &str) -> Result<(), String> {
    let schema: Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let document = json(yaml);
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
}

#[test]
fn good_specs_are_valid() {
    let mut seen = 0;
    for path in specs() {
        let name = path.to_string_lossy().into_owned();
        let written = String::from_utf8(Disk.read(&path).expect("the spec is there")).expect("it is UTF-8");
        let mut sources = Sources::default();
        let (file, found) = parse(sources.add(name.as_str(), written.as_str()));
        assert!(!found.has_errors());
        if lower(&file).0.is_none() {
            continue;
        }
        let converted = format::yaml(&file, sources.of(Default::default()));
        let yaml = if Notation::of(&name) == Notation::Yaml { &written } else { &converted };
        valid(yaml).unwrap_or_else(|why| panic!("{name}:\n{why}\n{yaml}"));
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn what_lowering_refuses_is_invalid() {
    for broken in [
        "binn: 2\n",
        "model: no_version\n",
        "binn: 1\ngenotype: {}\n",
        "binn: 1\ntrain: {epoch: 3}\n",
        "binn: 1\ntrain: {epochs: many}\n",
        "binn: 1\nlayers: {gene: {width: 2}}\n",
        "binn: 1\npriors: {go: {format: gmt, path: go.gmt, relates: [gene]}}\n",
        "binn: 1\nlinks: [{from: a, to: b, edges: [{from: A, to: B, wieght: 2}]}]\n",
        "binn: 1\ngenotypes: {snps: {format: plink, path: p.bed, keep: [{maf: {\"=>\": 0.05}}]}}\n",
    ] {
        assert!(valid(broken).is_err(), "{broken}");
    }
}

/// Definition, owner in messages, and items of that kind in which `KEY` stands for a key.
const ITEMS: [(&str, &[&str]); 11] = [
    (
        "Genotypes",
        &[
            "genotypes: {snps: {format: plink, path: p.bed, KEY}}",
            "genotypes: {snps: {format: simulate, path: shoot_branching, KEY}}",
        ],
    ),
    ("Table", &["tables: {pheno: {format: tsv, path: p.tsv, KEY}}"]),
    ("TableColumn", &["tables: {pheno: {format: tsv, path: p.tsv, columns: {a: {type: continuous, KEY}}}}"]),
    (
        "Prior",
        &[
            "priors: {go: {format: tsv, path: p, source: a, target: b, KEY}}",
            "priors: {go: {format: tsv, path: p, id: a, chrom: b, start: c, end: d, KEY}}",
            "priors: {go: {format: gff3, path: p, KEY}}",
            "priors: {go: {format: gtf, path: p, KEY}}",
            "priors: {go: {format: bed, path: p, KEY}}",
            "priors: {go: {format: gmt, path: p, KEY}}",
            "priors: {go: {format: obo, path: p, KEY}}",
            "priors: {go: {format: gaf, path: p, KEY}}",
            "priors: {go: {format: reactome, path: p, KEY}}",
            "priors: {go: {format: edges, path: p, KEY}}",
            "priors: {go: {format: topology, path: p, KEY}}",
        ],
    ),
    ("Layer", &["layers: {gene: {kind: gene, KEY}}", "layers: {gene: {kind: gene, network: linear, KEY}}"]),
    ("Nodes", &["nodes: [{names: [head], kind: gene, KEY}]"]),
    (
        "Link",
        &[
            "links: [{from: a, to: b, KEY}]",
            "links: [{from: a, to: b, via: go, KEY}]",
            "links: [{from: a, to: b, via: {window: go}, KEY}]",
            "links: [{from: a, to: b, edges: [{from: A, to: B}], KEY}]",
        ],
    ),
    ("Predict", &["predict: [{traits: a.b, from: c, KEY}]"]),
    ("Supervise", &["supervise: [{nodes: a, by: b.c, KEY}]"]),
    ("Evaluate", &["evaluate: {kfold: 5, KEY}", "evaluate: {cv1: 5, environment: b.c, KEY}"]),
    ("Train", &["train: {KEY}"]),
];

/// What lowering says is unknown in an item with one more key, and the keys that it offers.
fn unknown(item: &str, key: &str) -> Option<String> {
    let text = format!("binn: 1\nmodel: probe\n{}\n", item.replace("KEY", &format!("{key}: 1")));
    let mut sources = Sources::default();
    let (file, found) = parse_as(Notation::Yaml, sources.add("probe", text.as_str()));
    let mut all = found.clone();
    if !found.has_errors() {
        all.extend(lower(&file).1);
    }
    let report = all.iter().find(|found| {
        found.code.name() == "E0104" && found.message.ends_with(&format!("has no key `{key}`"))
    });
    report.map(|report| report.help.as_deref().unwrap_or_default().to_owned())
}

#[test]
fn schema_and_lowering_know_the_same_keys() {
    let schema: Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    let mut differences = Vec::new();
    for (definition, items) in ITEMS {
        let Some(Value::Object(properties)) =
            schema.pointer(&format!("/definitions/{definition}/properties"))
        else {
            panic!("no definition {definition}");
        };
        let keys: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        for key in &keys {
            // A key that the item has already, or that another scheme takes, cannot be added.
            let given = items.iter().any(|item| item.contains(&format!("{key}: ")));
            let scheme = definition == "Evaluate"
                && ["leave_out", "folds", "holdout", "cv1", "cv2", "cv0", "cv00", "scheme"].contains(key);
            if !given && !scheme && items.iter().all(|item| unknown(item, key).is_some()) {
                differences.push(format!("{definition}: only the schema has `{key}`"));
            }
        }
        for item in items {
            let offered = unknown(item, "zzzzzzzzzzzz").unwrap_or_default();
            let offered: Vec<&str> = offered.split('`').skip(1).step_by(2).collect();
            let owner = usize::from(offered.first().is_some_and(|first| !keys.contains(first)));
            for key in offered.iter().skip(owner).filter(|key| !keys.contains(**key)) {
                differences.push(format!("{definition}: only lowering has `{key}`"));
            }
        }
    }
    differences.sort();
    differences.dedup();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
