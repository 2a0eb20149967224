//! `report`: one page about a run, which fetches nothing and holds what was found.

use crate::support::{Bench, Spec};
use std::process::Command;

fn bench() -> Bench {
    let bench = Bench::with(&Spec {
        evaluate: "evaluate kfold(3, seed = 4) { baselines = [gblup] }",
        train: "epochs = 40  ensemble = 2",
        ..Spec::default()
    });
    bench.change("data/pheno.tsv", |table| {
        let last = table.lines().last().expect("a row").to_string();
        let id = last.split('\t').next().expect("an id");
        format!("{table}{}\n", last.replacen(id, "nobody_1", 1))
    });
    bench.run("run small.binn --out run").expect(0);
    bench
}

/// The data of a page.
fn data(page: &str) -> serde_json::Value {
    let (_, rest) = page.split_once("id=\"data\">").expect("data");
    let (json, _) = rest.split_once("</script>").expect("an end");
    serde_json::from_str(json).expect("JSON")
}

#[test]
fn a_run_ends_with_a_page_about_it() {
    let bench = bench();
    let page = bench.text("run/report.html");
    assert!(page.starts_with("<!doctype html>"));
    for said in ["on individuals that it has not seen", "over 3 folds", "Beside it, gblup reaches"] {
        assert!(page.contains(said), "{said}");
    }
    let data = data(&page);
    let folds = data["folds"].as_array().expect("a list");
    let own = folds.iter().find(|row| row["method"] == "binn" && row["metric"] == "pearson").expect("a row");
    assert_eq!(own["values"].as_array().map(Vec::len), Some(3));
    assert_eq!(data["predictions"][0]["of"], 120);
    let nodes = &data["tables"]["nodes"];
    assert_eq!((&nodes["of"], &nodes["rows"][0][1]), (&2.into(), &"auxin".into()));

    // Nobody who could not be joined is named either.
    assert!(bench.text("run/coverage.tsv").contains("nobody_1") && !page.contains("nobody_1"));
    // No id of an individual, unless it is asked for.
    assert!(!page.contains("f2_17"));
    bench.run("report run --sample-ids --out with.html").expect(0);
    assert!(bench.text("with.html").contains("f2_17"));
    bench.run("report run --out again.html").expect(0);
    assert!(bench.text("again.html") == page, "the same tables give the same page");
}

#[test]
fn a_table_of_parts_adds_a_chart_along_the_genome() {
    let bench = bench();
    bench.run("explain run --bfile data/geno --method deeplift --out parts.tsv").expect(0);
    bench.run("report run --explained parts.tsv").expect(0);
    let page = bench.text("run/report.html");
    assert!(page.contains("Variants along the genome"));
    let data = data(&page);
    let variants = &data["variants"][0];
    assert_eq!((&variants["method"], &variants["of"]), (&"deeplift".into(), &20.into()));
    let layers = data["tables"]["nodes"]["rows"].as_array().expect("a list");
    assert!(layers.iter().any(|row| row[1] == "auxin · deeplift"));
}

#[test]
fn what_cannot_be_reported_is_said() {
    let bench = bench();
    bench.run("report none").refuses(3, &["E0301", "none"]);
    bench.run("report run --explained none.tsv").refuses(3, &["E0301", "none.tsv", "table"]);
    bench.write("bad.tsv", "layer\tnode\n1\t2\n");
    bench.run("report run --explained bad.tsv").refuses(6, &["E0302", "bad.tsv", "binnc explain"]);
    bench.run("report run --out run/metrics.tsv").refuses(2, &["is no report"]);
    assert!(bench.text("run/metrics.tsv").starts_with("trait\t"));
    bench.run("report run --out no/such/folder/page.html").refuses(5, &["E0901"]);
}

/// Charts are drawn by the page's own scripts under its own policy; what a browser says is looked at by
/// `assets/look.mjs`.
#[test]
#[expect(clippy::print_stderr, reason = "says when it is skipped")]
fn a_browser_draws_every_chart() {
    let browser = std::env::var("CHROMIUM").unwrap_or("/usr/bin/chromium".to_string());
    if !std::path::Path::new(&browser).exists() {
        eprintln!("skipped: no browser at {browser}");
        return;
    }
    let bench = bench();
    let page = bench.path("run/report.html");
    let profile = bench.path("profile");
    let drawn = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--virtual-time-budget=5000", "--enable-logging=stderr", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("a browser");
    let (dom, said) = (String::from_utf8_lossy(&drawn.stdout), String::from_utf8_lossy(&drawn.stderr));
    let charts = bench.text("run/report.html").matches("class=\"chart\"").count();
    assert!(charts > 3 && dom.contains(&format!("data-drawn=\"{charts}\"")), "{charts} charts: {said}");
    assert!(!said.contains("CONSOLE"), "{said}");
}
