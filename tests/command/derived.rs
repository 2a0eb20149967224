//! `prior eqtl`: links from genotypes and measurements, and what a spec makes of them.

use crate::support::{Bench, Spec};
use insta::assert_snapshot;

/// The second half of the simulated samples.
fn half() -> String {
    (61..=120).map(|k| format!("f2_{k}\n")).collect()
}

/// The same with links of a scan instead of those of the generator.
fn with_scanned(evaluate: &str) -> String {
    let spec = Spec { evaluate, ..Spec::default() }.text();
    spec.replace(
        "from tsv \"data/links.tsv\" : snp -> metabolite { source = \"snp\"  target = \"metabolite\" }",
        "from tsv \"eqtl.tsv\" : snp -> metabolite {
  source = \"snp\"  target = \"gene\"  samples = \"eqtl.samples.txt\" }",
    )
}

#[test]
fn links_of_a_scan_feed_a_spec_that_knows_whom_they_were_chosen_on() {
    // The spec that will read the links is there before them.
    let bench = Bench::simulated();
    bench.write("small.binn", with_scanned("evaluate kfold(3, seed = 1)"));
    bench.write("some.txt", half());
    let scan = "prior eqtl small.binn --table pheno --top 3 --clump 0.3 --out eqtl.tsv";
    let said = bench.run(&format!("{scan} --samples some.txt --threads 1")).expect(0);
    assert!(said.err.is_empty(), "{}", said.err);
    let (before, after) = said.out.split_once(" samples in ").expect("a time");
    let (_, after) = after.split_once(" s\n").expect("a time");
    assert_snapshot!("told", format!("{before} samples in TIME\n{after}"));
    assert_snapshot!("links", bench.text("eqtl.tsv"));
    assert_eq!(bench.text("eqtl.samples.txt"), half());
    let record: serde_json::Value = serde_json::from_str(&bench.text("eqtl.json")).expect("JSON");
    assert_eq!((&record["samples"], &record["top"], &record["clump"]), (&60.into(), &3.into(), &0.3.into()));
    let table = bench.text("eqtl.tsv");
    bench.run(&format!("{scan} --samples some.txt --threads 3")).expect(0);
    assert_eq!(bench.text("eqtl.tsv"), table, "threads change nothing");
    bench.run("check small.binn").refuses(1, &["E0701", "eqtl"]);
    bench.write("small.binn", with_scanned("evaluate none"));
    bench.run("run small.binn").expect(0);
}

#[test]
fn what_cannot_be_scanned_is_said() {
    let bench = Bench::with(&Spec::default());
    let scan = "prior eqtl small.binn --out eqtl.tsv";
    bench.run(&format!("{scan} --table phenos")).refuses(2, &["no table `phenos`", "did you mean `pheno`"]);
    bench.run(&format!("{scan} --table pheno --genotypes x")).refuses(2, &["no genotypes `x`", "`snps`"]);
    bench.run(&format!("{scan} --table pheno --p 0")).refuses(2, &["above 0 and at most 1"]);
    bench.run(&format!("{scan} --table pheno --top 0")).refuses(2, &["--top"]);
    bench.write("others.txt", "a\nb\n");
    bench.run(&format!("{scan} --table pheno --samples others.txt")).refuses(7, &["E0313", "`a`, `b`"]);
    bench.write("others.txt", "a\nf2_1\nf2_2\n");
    // Two samples leave no degree of freedom: nothing is found, and that is told.
    let said =
        bench.run(&format!("{scan} --table pheno --samples others.txt")).refuses(0, &["W0314", "1 of the 3"]);
    assert!(said.out.contains("0 links written") && said.out.contains("3 columns have none"), "{}", said.out);
    bench.run(&format!("{scan} --table pheno --pcs 500")).refuses(13, &["E0903", "500"]);
    let classes = Spec {
        columns: "column site : categorical",
        predict: "predict pheno.outgrowth from integrator { fixed = [sites.site] }",
        more: "table sites from tsv \"data/sites.tsv\" { key = IID  column site : categorical }",
        ..Spec::default()
    };
    let text = classes.text().replace("  column site : categorical\n", "");
    bench.write("small.binn", text);
    let rows: String = half().lines().map(|id| format!("{id}\t{}\n", &id[id.len() - 1..])).collect();
    bench.write("data/sites.tsv", format!("IID\tsite\n{rows}"));
    let refused = "prior eqtl small.binn --table sites --out other.tsv";
    bench.run(refused).refuses(6, &["E0303", "no column of numbers"]);
    assert!(["other.tsv", "other.json", "other.samples.txt"].iter().all(|name| !bench.exists(name)));
}
