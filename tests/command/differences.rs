//! `binnc diff`: what a change does to the graph, by name.

use crate::locks::{panel, portable, reactome};
use crate::support::Bench;
use insta::assert_snapshot;
use serde_json::Value;

/// `before` and `after`, each with the panel's spec and its data.
fn twins(pathways: usize) -> Bench {
    let bench = panel(pathways);
    for folder in ["before", "after"] {
        bench.write(&format!("{folder}/panel.binn"), bench.read("panel.binn"));
        for (name, bytes) in bench.files("data") {
            bench.write(&format!("{folder}/data{name}"), bytes);
        }
    }
    bench
}

fn json(bench: &Bench, arguments: &str) -> Value {
    let said = bench.run(&format!("diff {arguments} --format json"));
    assert!(said.code == 0 || said.code == 1, "{}", said.err);
    serde_json::from_str(&said.out).expect("JSON")
}

fn names(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_same_is_equal() {
    let bench = twins(4);
    let said = bench.run("diff before after").expect(0);
    assert_eq!(said.out, "before/panel.binn -> after/panel.binn\nno difference\n");
    bench.change("after/panel.binn", |spec| spec.replace("evaluate none", "# none yet\nevaluate    none"));
    let swapped = |text: &str| text.lines().rev().map(|line| format!("{line}\n")).collect::<String>();
    bench.change("after/data/pheno.tsv", |table| format!("{table}\n"));
    bench.run("diff before after").expect(0);
    // Lines in another order say the same, though nodes stand in another order in the plan.
    bench.change("after/data/reactome.gmt", swapped);
    let value = json(&bench, "before after");
    assert!(value["layers"].as_array().is_some_and(Vec::is_empty), "{value}");
    assert!(value["priors"].as_array().is_some_and(Vec::is_empty), "{value}");
}

#[test]
fn forty_lost_pathways_are_named() {
    let bench = twins(60);
    bench.write("after/data/reactome.gmt", reactome(20));
    let said = bench.run("diff before after --limit 3").expect(1);
    assert_snapshot!("diff_forty_pathways", portable(&said.out));
    let value = json(&bench, "before after");
    let wanted: Vec<String> = (1021..=1060).map(|at| format!("R-SIM-{at}")).collect();
    assert_eq!(names(&value["layers"][0]["removed"]), wanted);
    assert_eq!((&value["layers"][0]["layer"], &value["equal"]), (&"pathway".into(), &false.into()));
    let documented = include_str!("../../docs/lock-and-diff.md");
    for key in value.as_object().expect("an object").keys() {
        assert!(documented.contains(&format!("`{key}`")), "docs/lock-and-diff.md does not describe `{key}`");
    }
    // The same spec on two folders of data.
    let said = bench.run("diff panel.binn panel.binn --old-data-root before --new-data-root after").expect(1);
    assert!(said.out.contains("pathway: 60 -> 20 nodes, 40 removed, 0 added"), "{}", said.out);
    // And the same case fails under its lock.
    bench.run("lock panel.binn --data-root before").expect(0);
    bench.run("check panel.binn --data-root before --locked").expect(0);
    bench
        .run("check panel.binn --data-root after --locked")
        .refuses(1, &["E0801", "40 sets gone: `R-SIM-1021`"]);
}

#[test]
fn members_settings_and_hand_written_nodes() {
    let bench = twins(4);
    bench.change("after/data/reactome.gmt", |text| text.replacen("\tG2\t", "\tG7\t", 1));
    bench.change("after/panel.binn", |spec| {
        let spec = spec.replace("epochs = 2  seed = 1", "epochs = 5  seed = 1  batch = 16");
        spec.replace(
            "layer pathway : pathway",
            "layer pathway : pathway\nnode stress : pathway\nlink gene -> stress { G1, G3 -> stress }",
        )
        .replace("from pathway, gene", "from pathway, gene, stress")
    });
    let said = bench.run("diff before after").expect(1);
    assert_snapshot!("diff_members_and_settings", portable(&said.out));
    let value = json(&bench, "before after --limit 1");
    let link = value["links"]
        .as_array()
        .expect("links")
        .iter()
        .find(|link| link["to"] == "pathway")
        .expect("a link");
    assert_eq!(link["removed"], serde_json::json!([["G2", "R-SIM-1001"]]));
    assert_eq!(link["added"], serde_json::json!([["G7", "R-SIM-1001"]]));
}

#[test]
fn markdown_holds_any_name() {
    let bench = twins(4);
    bench.change("after/data/reactome.gmt", |text| format!("{text}<b>|`x`|</b> @all\tevil\tG1\tG2\tG3\n"));
    let said = bench.run("diff before after --format markdown").expect(1);
    assert_snapshot!("diff_markdown", portable(&said.out));
    for line in said.out.lines().filter(|line| line.contains("@all")) {
        assert!(line.starts_with("- ``") && line.ends_with("``"), "{line}");
    }
}

#[test]
fn without_genotypes_the_priors_are_compared() {
    let bench = twins(4);
    bench.remove("after/data/geno.bim");
    bench.write("after/data/reactome.gmt", reactome(3));
    bench.change("after/data/genes.tsv", |text| text.replacen("G1\t1\t", "G1\t2\t", 1));
    let said = bench.run("diff before after").expect(1);
    assert_snapshot!("diff_priors_alone", portable(&said.out));
    bench.write("after/data/reactome.gmt", reactome(4));
    bench.write("after/data/genes.tsv", bench.read("before/data/genes.tsv"));
    let said = bench.run("diff before after").expect(0);
    assert!(said.out.contains("no difference in what was compared"), "{}", said.out);
}

#[test]
fn sides_that_cannot_be_compared() {
    let bench = twins(4);
    bench.run("diff before absent").refuses(3, &["E0301", "absent"]);
    bench.write("two/a.binn", "binn 1\n");
    bench.write("two/b.binn", "binn 1\n");
    bench.run("diff before two").refuses(8, &["E0203", "holds 2 specs", "two/a.binn"]);
    bench.write("none/a.txt", "");
    bench.run("diff none before").refuses(3, &["E0301", "holds no spec"]);
    bench.change("after/panel.binn", |spec| spec.replace("epochs", "epoch"));
    bench.run("diff before after").refuses(8, &["E0104"]);
}
