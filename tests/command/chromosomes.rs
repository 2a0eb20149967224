//! Sex chromosomes, mitochondria and unplaced variants stay out unless `keep` names them.

use crate::support::{Bench, Spec, bed, codes};

const SAMPLES: usize = 120;
const CONTIGS: [&str; 4] = ["X", "Y", "MT", "0"];

/// The first four QTN of auxin are moved to other contigs; gives their places.
fn moved(genotypes: &str) -> (Bench, Vec<usize>) {
    let bench = Bench::with(&Spec {
        genotypes,
        evaluate: "evaluate kfold(2, seed = 2) { baselines = [gblup, ridge, fcn] }",
        ..Spec::default()
    });
    let links = bench.text("data/links.tsv");
    let ids: Vec<&str> = links.lines().filter_map(|line| line.strip_suffix("\tauxin")).take(4).collect();
    let mut places = Vec::new();
    let lines = bench.text("data/geno.bim");
    let lines = lines.lines().enumerate().map(|(at, line)| {
        let mut cells: Vec<&str> = line.split('\t').collect();
        if let Some(of) = ids.iter().position(|id| *id == cells[1]) {
            cells[0] = CONTIGS[of];
            places.push(at);
        }
        cells.join("\t") + "\n"
    });
    let changed: String = lines.collect();
    bench.write("data/geno.bim", changed);
    (bench, places)
}

#[test]
fn they_are_left_out_and_counted() {
    let (bench, places) = moved(Spec::default().genotypes);
    let said = bench.run("run small.binn --out run").expect(0);
    for words in ["W0321", "4 variants", "contig `X`", "contig `Y`", "contig `MT`", "contig `0`"] {
        assert!(said.err.contains(words), "no {words:?} in:\n{}", said.err);
    }
    let info = bench.run("info run/model.safetensors").expect(0);
    assert!(info.out.contains("variants        16\n"), "{}", info.out);
    let mut calls = codes(&bench.read("data/geno.bed"), SAMPLES);
    for at in places {
        calls[at].reverse();
    }
    bench.write("data/geno.bed", bed(&calls));
    bench.run("run small.binn --out again").expect(0);
    assert_eq!(
        bench.text("run/predictions.tsv"),
        bench.text("again/predictions.tsv"),
        "some method read them"
    );
}

#[test]
fn a_filter_that_names_them_keeps_them() {
    let keep =
        "genotypes snps from plink \"data/geno.bed\" { keep = chrom in [\"1\", \"2\", \"3\", \"4\", \"X\"] }";
    let (bench, _) = moved(keep);
    bench.run("run small.binn --out run").expect(0);
    let info = bench.run("info run/model.safetensors").expect(0);
    assert!(info.out.contains("variants        17\n"), "{}", info.out);
}
