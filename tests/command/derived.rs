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

#[test]
fn columns_that_tell_a_trait_are_scanned_alone() {
    let bench = Bench::with(&Spec::default());
    let select = "prior select small.binn --table pheno --l1-ratio 0.5 --target pheno.outgrowth";
    let said = bench.run(&format!("{select} --out genes.tsv --threads 1")).expect(0);
    let (before, after) = said.out.split_once(" samples in ").expect("a time");
    let (_, after) = after.split_once(" s, ").expect("a time");
    assert_snapshot!("told_selected", format!("{before} samples in TIME, {after}"));
    assert_snapshot!("selected", bench.text("genes.tsv"));
    let record: serde_json::Value = serde_json::from_str(&bench.text("genes.json")).expect("JSON");
    assert_eq!((&record["columns"], &record["samples"]), (&2.into(), &120.into()), "the trait tells itself");
    assert_eq!(record["path"].as_array().map(Vec::len), Some(100));
    // What was selected on all samples and scanned on some was chosen on all.
    bench.write("some.txt", half());
    let scan = "prior eqtl small.binn --table pheno --samples some.txt --out eqtl.tsv";
    let said = bench.run(&format!("{scan} --columns genes.tsv")).expect(0);
    assert!(said.out.contains(" and 60 samples in ") && said.out.contains("120 samples had"), "{}", said.out);
    let sorted = |name: &str| {
        let mut ids: Vec<String> = bench.text(name).lines().map(str::to_owned).collect();
        ids.sort();
        ids
    };
    assert_eq!(sorted("eqtl.samples.txt"), sorted("genes.samples.txt"));
    let record: serde_json::Value = serde_json::from_str(&bench.text("eqtl.json")).expect("JSON");
    let inputs = record["inputs"].as_array().expect("a list");
    for name in ["some.txt", "genes.tsv", "genes.samples.txt"] {
        assert!(inputs.iter().any(|file| file[0] == name && file[2].is_string()), "{name}: {inputs:?}");
    }
    let said = bench.run(&format!("{select} --samples some.txt --out others.tsv")).expect(0);
    assert!(said.out.contains(" --samples some.txt --table pheno --columns others.tsv"), "{}", said.out);
    bench.run(&format!("{select} --out others.tsv --threads 3")).expect(0);
    assert_eq!(bench.text("others.tsv"), bench.text("genes.tsv"), "threads change nothing");
    bench.run(&format!("{select} --out simple.tsv --rule 1se")).expect(0);
    let simple: serde_json::Value = serde_json::from_str(&bench.text("simple.json")).expect("JSON");
    assert!(simple["penalty"].as_f64() > record["penalty"].as_f64());
    bench.write("genes.tsv", "gene\tcoefficient\nsucrose\t1\n");
    let scan = "prior eqtl small.binn --table pheno --top 2 --out eqtl.tsv --columns";
    bench.run(&format!("{scan} genes.tsv")).expect(0);
    let table = bench.text("eqtl.tsv");
    assert!(table.lines().skip(1).all(|line| line.contains("\tsucrose\t")) && table.lines().count() == 3);
    bench.write("genes.tsv", "gene\nsucrose\nstarch\n");
    bench.run(&format!("{scan} genes.tsv")).refuses(6, &["E0303", "`starch`"]);
    bench.write("genes.tsv", "id\nsucrose\n");
    bench.run(&format!("{scan} genes.tsv")).refuses(6, &["E0303", "no column `gene`"]);
    bench.write("genes.tsv", "gene\n");
    bench.run(&format!("{scan} genes.tsv")).refuses(6, &["E0302", "has no records"]);
    bench.write("genes.tsv", "gene\tx\nsucrose\n");
    bench.run(&format!("{scan} genes.tsv")).refuses(6, &["E0302", "genes.tsv:2"]);
    bench.run(&format!("{scan} absent.tsv")).refuses(3, &["E0301"]);
}

#[test]
fn what_cannot_be_selected_is_said() {
    let bench = Bench::with(&Spec::default());
    let select = "prior select small.binn --table pheno --out genes.tsv --target";
    bench.run(&format!("{select} outgrowth")).refuses(2, &["give TABLE.COLUMN"]);
    bench.run(&format!("{select} pheno.outgroth")).refuses(2, &["did you mean `outgrowth`"]);
    bench.run(&format!("{select} phenos.outgrowth")).refuses(2, &["no table `phenos`"]);
    bench.run(&format!("{select} pheno.outgrowth --l1-ratio 0")).refuses(2, &["above 0"]);
    bench.run(&format!("{select} pheno.outgrowth --folds 61")).refuses(13, &["E0705", "120 samples"]);
    let constant = bench.text("data/pheno.tsv");
    let head = constant.lines().next().expect("a header");
    let at = head.split('\t').position(|column| column == "outgrowth").expect("the trait");
    let row = |line: &str| -> String {
        let cells = line.split('\t').enumerate();
        cells.map(|(k, cell)| if k == at { "3" } else { cell }).collect::<Vec<_>>().join("\t") + "\n"
    };
    let rows: String = constant.lines().skip(1).map(row).collect();
    bench.write("data/pheno.tsv", format!("{head}\n{rows}"));
    bench.run(&format!("{select} pheno.outgrowth")).refuses(13, &["E0903", "constant"]);
    assert!(!bench.exists("genes.tsv") && !bench.exists("genes.json"));
}
