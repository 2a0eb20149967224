//! Locks: what is written, what is noticed, and what is accepted by name.

use crate::support::Bench;
use insta::assert_snapshot;
use std::fmt::Write;

/// A panel with genes in intervals, and `pathways` gene sets as a Reactome file has them.
pub fn panel(pathways: usize) -> Bench {
    let bench = Bench::simulated();
    bench.write("panel.binn", SPEC);
    let bim = bench.text("data/geno.bim");
    let mut genes = String::from("gene\tchr\tstart\tend\n");
    for (at, line) in bim.lines().enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let _ = writeln!(genes, "G{}\t{}\t{}\t{}", at + 1, fields[0], fields[3], fields[3]);
    }
    bench.write("data/genes.tsv", genes);
    bench.write("data/reactome.gmt", reactome(pathways));
    bench
}

const SPEC: &str = "binn 1
model panel
genotypes snps from plink \"data/geno.bed\"
table pheno from tsv \"data/pheno.tsv\" { key = IID  column outgrowth : continuous { unit = \"d\" } }
prior genes from tsv \"data/genes.tsv\" : region -> gene { id = gene  chrom = chr  start = start  end = end }
prior reactome from gmt \"data/reactome.gmt\" : gene -> pathway
layer gene : gene
layer pathway : pathway
link snps -> gene via window(genes)
link gene -> pathway via reactome
predict pheno.outgrowth from pathway, gene
evaluate none
train { epochs = 2  seed = 1 }
";

/// Pathways of three genes each.
pub fn reactome(pathways: usize) -> String {
    (1..=pathways).fold(String::new(), |mut text, at| {
        let gene = |step: usize| (at + step) % 80 + 1;
        let _ =
            writeln!(text, "R-SIM-{}\tpathway {at}\tG{}\tG{}\tG{}", 1000 + at, gene(0), gene(27), gene(53));
        text
    })
}

/// A text without digests, which change with any change of meaning.
pub fn portable(text: &str) -> String {
    let hex = |c: char| c.is_ascii_hexdigit() && !c.is_ascii_uppercase();
    let mut out = String::new();
    for line in text.lines() {
        let words = line.split_inclusive(|c: char| !c.is_alphanumeric());
        for word in words {
            let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            let is_digest = ([64, 16, 12, 8].contains(&bare.len())) && bare.chars().all(hex);
            out += &if is_digest { word.replace(bare, "DIGEST") } else { word.to_owned() };
        }
        out.push('\n');
    }
    out
}

#[test]
fn a_lock_is_short_sorted_and_the_same_again() {
    let bench = panel(4);
    let said = bench.run("lock panel.binn").expect(0);
    assert!(said.err.contains("panel.lock: 5 files, 84 nodes, 92 edges"), "{}", said.err);
    assert!(said.err.contains("no `licence` is given for `genes`, `reactome`"), "{}", said.err);
    let lock = bench.text("panel.lock");
    let kept: Vec<&str> =
        lock.lines().filter(|line| !line.starts_with('G') || line.starts_with("G1 ")).collect();
    assert_snapshot!("lock_file", portable(&kept.join("\n")));
    bench.run("lock panel.binn").expect(0);
    assert_eq!(bench.text("panel.lock"), lock);
    let folder = bench.path("").display().to_string();
    assert!(!lock.contains(&folder), "no absolute path stands in a lock");
    // The same files elsewhere give the same bytes.
    let other = panel(4);
    other.run("lock panel.binn").expect(0);
    assert_eq!(other.text("panel.lock"), lock);
    bench.run("lock panel.binn --check").refuses(0, &["panel.lock fits"]);
    bench.run("check panel.binn --locked").refuses(0, &["clean"]);
    bench.run("compile panel.binn --locked").expect(0);
    bench.run("run panel.binn --locked --seed 9").expect(0);
}

#[test]
fn forty_lost_pathways_are_named() {
    let bench = panel(60);
    bench.run("lock panel.binn").expect(0);
    bench.write("data/reactome.gmt", reactome(20));
    let said = bench.run("check panel.binn --locked").refuses(1, &["E0801", "40 sets gone: `R-SIM-1021`"]);
    assert_snapshot!("locked_and_changed", portable(&said.err));
    bench.run("run panel.binn --locked").refuses(7, &["E0801"]);
    assert!(!bench.exists("runs"), "nothing was trained");
    bench.run("compile panel.binn --locked").refuses(7, &["E0801"]);
    bench.run("lock panel.binn --check").refuses(1, &["E0801"]);
    // Without `--locked` it is a warning, once.
    let said = bench.run("check panel.binn").expect(0);
    assert_eq!(said.err.matches("W0803").count(), 1);
    assert_snapshot!("not_locked_and_changed", portable(&said.err));
    let lock = bench.text("panel.lock");
    let said = bench.run("lock panel.binn --update reactome").expect(0);
    assert_snapshot!("update", portable(&said.out));
    bench.run("check panel.binn --locked").refuses(0, &["clean"]);
    // Only what was accepted has changed.
    let entry = |lock: &str| {
        lock.split("[[source]]")
            .filter(|part| !part.contains("reactome"))
            .map(String::from)
            .collect::<Vec<_>>()
    };
    assert_eq!(entry(&bench.text("panel.lock"))[1..], entry(&lock)[1..]);
}

#[test]
fn each_change_is_accepted_by_name() {
    let bench = panel(4);
    bench.run("lock panel.binn").expect(0);
    bench.change("data/pheno.tsv", |table| {
        table.replacen("f2_1\t", "f2_1 \t", 1).replacen("f2_1 \t", "f2_1\t", 1) + "\n"
    });
    bench.change("data/reactome.gmt", |text| text.replacen("\tG2", "\tG7", 1));
    bench
        .run("check panel.binn --locked")
        .refuses(1, &["pheno.tsv", "1 set with other members: `R-SIM-1001`"]);
    let said = bench.run("lock panel.binn --update reactome").expect(0);
    assert!(said.err.contains("does not fit yet"), "{}", said.err);
    let said = bench.run("check panel.binn --locked").refuses(1, &["pheno.tsv"]);
    assert!(!said.err.contains("reactome"), "{}", said.err);
    bench.run("lock panel.binn --update pheno").expect(0);
    bench.run("check panel.binn --locked").refuses(0, &["clean"]);
    bench.run("lock panel.binn --update reactom").refuses(8, &["E0201", "did you mean `reactome`"]);
}

#[test]
fn a_source_that_is_not_locked() {
    let bench = panel(4);
    bench.run("check panel.binn --locked").refuses(1, &["E0802", "there is no `panel.lock`"]);
    bench.run("lock panel.binn --update genes").refuses(7, &["E0802"]);
    bench.run("lock panel.binn").expect(0);
    bench.write("data/more.gmt", "R-SIM-9\tlate\tG1\tG2\tG3\n");
    bench.change("panel.binn", |spec| {
        spec.replace("layer gene", "prior more from gmt \"data/more.gmt\" : gene -> pathway\nlink gene -> pathway via more\nlayer gene")
    });
    let said = bench.run("check panel.binn --locked").expect(1);
    assert_snapshot!("not_in_the_lock", portable(&said.err));
}

#[test]
fn layout_and_comments_are_not_locked_but_meaning_is() {
    let bench = panel(4);
    bench.run("lock panel.binn").expect(0);
    bench.change("panel.binn", |spec| spec.replace("evaluate none", "\n# later k-fold\nevaluate   none"));
    bench.run("check panel.binn --locked").refuses(0, &["clean"]);
    bench.change("panel.binn", |spec| spec.replace("epochs = 2", "epochs = 3"));
    bench.run("check panel.binn --locked").refuses(1, &["E0801", "in its procedure"]);
    bench.run("check panel.binn --locked --no-data").refuses(1, &["E0801", "in its procedure"]);
    bench.run("lock panel.binn").expect(0);
    bench.run("check panel.binn --locked --no-data").expect(0);
}

#[test]
fn calls_are_locked_on_request_alone() {
    let bench = panel(4);
    bench.run("lock panel.binn --with-genotypes").refuses(0, &["6 files"]);
    assert!(bench.text("panel.lock").contains("data/geno.bed"));
    let mut calls = bench.read("data/geno.bed");
    calls[3] ^= 3;
    bench.write("data/geno.bed", &calls);
    bench.run("check panel.binn --locked").refuses(1, &["E0801", "`data/geno.bed` is not the file"]);
    bench.remove("data/geno.bed");
    bench.run("check panel.binn --locked").refuses(0, &["clean"]);
}

#[test]
fn what_is_not_there_is_not_compared_and_keeps_its_entry() {
    let bench = panel(4);
    bench.run("lock panel.binn").expect(0);
    let entry = |bench: &Bench| {
        let lock = bench.text("panel.lock");
        let part = lock.split("[[source]]").find(|part| part.contains("geno.bim")).map(str::to_owned);
        part.expect("the list of variants is locked")
    };
    let before = entry(&bench);
    bench.remove("data/geno.bim");
    bench.run("check panel.binn --locked").expect(0);
    bench.run("lock panel.binn --check").refuses(0, &["`data/geno.bim` is not there"]);
    bench.write("data/reactome.gmt", reactome(3));
    bench.run("check panel.binn --locked").refuses(1, &["E0801", "1 set gone: `R-SIM-1004`"]);
    bench.run("lock panel.binn").refuses(0, &["its entry stays as it was", "the graph is not locked"]);
    assert_eq!(entry(&bench), before);
    bench.run("check panel.binn --locked").expect(0);
}

#[test]
fn a_broken_lock_is_said_to_be_broken() {
    let bench = panel(4);
    bench.run("lock panel.binn").expect(0);
    let lock = bench.text("panel.lock");
    for (text, words) in [
        (lock.replacen("bytes = ", "bytes = x", 1), &["E0302", "malformed in line"][..]),
        (lock.replacen("model", "modle", 1), &["E0302", "modle"]),
        (lock.replacen("[[source]]", "<<<<<<< HEAD\n[[source]]", 1), &["E0302", "both sides of a merge"]),
        (lock.replacen("lock = 1", "lock = 2", 1), &["E0807", "update binnc"]),
        (String::new(), &["E0302"]),
    ] {
        bench.write("panel.lock", text);
        bench.run("check panel.binn --locked").refuses(1, words);
        bench.run("check panel.binn").refuses(0, &["W0803", "cannot be used"]);
    }
    bench.write("panel.lock", lock.replace("digest = \"", "digest = \"0"));
    bench
        .run("check panel.binn --locked")
        .refuses(1, &["E0801", "the graph is not the one", "edited by hand"]);
    bench.run("lock panel.binn").expect(0);
    bench.run("check panel.binn --locked").expect(0);
}

#[test]
fn twins_in_two_notations_share_a_lock() {
    let bench = panel(4);
    bench.write("panel.yaml", TWIN);
    bench.run("lock panel.binn").expect(0);
    let lock = bench.text("panel.lock");
    bench.run("check panel.yaml --locked").refuses(0, &["clean"]);
    bench.run("lock panel.yaml").expect(0);
    assert_eq!(bench.text("panel.lock"), lock);
    let said = bench.run("diff panel.binn panel.yaml").expect(0);
    assert!(said.out.contains("no difference"), "{}", said.out);
}

const TWIN: &str = "binn: 1
model: panel
genotypes:
  snps: {format: plink, path: data/geno.bed}
tables:
  pheno: {format: tsv, path: data/pheno.tsv, key: IID, columns: {outgrowth: {type: continuous, unit: d}}}
priors:
  genes: {format: tsv, path: data/genes.tsv, relates: [region, gene], id: gene, chrom: chr, start: start, end: end}
  reactome: {format: gmt, path: data/reactome.gmt, relates: [gene, pathway]}
layers:
  gene: {kind: gene}
  pathway: {kind: pathway}
links:
  - {from: snps, to: gene, via: {window: genes}}
  - {from: gene, to: pathway, via: reactome}
predict:
  - {traits: pheno.outgrowth, from: [pathway, gene]}
evaluate: none
train: {epochs: 2, seed: 1}
";

#[test]
fn where_a_prior_comes_from_stands_in_the_lock() {
    let bench = panel(4);
    bench.change("panel.binn", |spec| {
        spec.replace("reactome.gmt\" : gene -> pathway", "reactome.gmt\" : gene -> pathway { origin = \"Reactome\"  release = \"84\"  licence = \"CC0-1.0\" }")
    });
    let said = bench.run("lock panel.binn").expect(0);
    assert!(said.err.contains("is given for `genes`:"), "{}", said.err);
    let lock = bench.text("panel.lock");
    assert!(lock.contains("origin = \"Reactome\"\nrelease = \"84\"\nlicence = \"CC0-1.0\"\n"), "{lock}");
}

#[test]
fn imports_are_locked_like_other_sources() {
    let bench = panel(30);
    let split = "prior genes from";
    let at = SPEC.find(split).expect("the spec has a prior");
    let (head, tail) = SPEC.split_at(at);
    let lines: Vec<&str> = tail.lines().collect();
    bench.write("known.binn", format!("binn 1\n{}\n", lines[..2].join("\n")));
    bench.write("panel.binn", format!("{head}import \"known.binn\"\n{}\n", lines[2..].join("\n")));
    bench.run("lock panel.binn").expect(0);
    assert!(bench.text("panel.lock").contains("path = \"known.binn\""));
    bench.run("check panel.binn --locked").expect(0);
    bench.write("known.binn", format!("binn 1\n# longer\n{}\n", lines[..2].join("\n")));
    bench.run("check panel.binn --locked").refuses(1, &["E0801", "known.binn"]);
}
