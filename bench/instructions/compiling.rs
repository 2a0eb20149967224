//! From the text of a spec to a plan: variants near genes, genes in sets.

use binnc::cli::load::{self, Depth};
use binnc::io::MemoryWorld;
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

const SPEC: &str = r#"binn 1
model small
genotypes snps from plink "panel.bed"
table pheno from tsv "pheno.tsv" { column height : continuous }
prior genes from tsv "genes.tsv" : region -> gene { id = "gene"  chrom = "chrom"  start = "start"  end = "end" }
prior sets from gmt "sets.gmt" : gene -> pathway
layer gene : gene { network = fcn(8, activation = gelu) }
layer pathway : pathway { width = 2 }
node head : integrator { network = fcn(16) }
link snps -> gene via window(genes, upstream = 2kb, downstream = 2kb)
link gene -> pathway via sets
link pathway, gene.unmapped -> head
predict pheno.height from head
"#;
const VARIANTS: usize = 2_000;
const SAMPLES: usize = 100;
const GENES: usize = 200;
const SETS: usize = 20;

/// Reads, checks and compiles the spec with its files, but no call.
pub fn compile() {
    let world = world();
    let opened = load::open(&world, Path::new("small.binn")).expect("the spec is read");
    let spec = opened.spec.expect("the spec is sound");
    let loaded = load::load(&world, spec, Path::new(""), Depth::Lists);
    let (loaded, _) = loaded.unwrap_or_else(|found| panic!("compiles: {found:?}"));
    assert!(loaded.plan.blocks.len() > GENES, "each gene is a node");
    black_box(loaded);
}

fn world() -> MemoryWorld {
    let (mut bim, mut fam, mut pheno) = (String::new(), String::new(), "IID\theight\n".to_owned());
    let (mut genes, mut sets) = ("gene\tchrom\tstart\tend\n".to_owned(), String::new());
    for variant in 0..VARIANTS {
        let _ = writeln!(bim, "1\tv{variant}\t0\t{}\tA\tC", 1_000 * (variant + 1));
    }
    for sample in 0..SAMPLES {
        let _ = writeln!(fam, "f{sample} s{sample} 0 0 0 -9");
        let _ = writeln!(pheno, "s{sample}\t{}.5", 100 + sample * 7 % 13);
    }
    for gene in 0..GENES {
        let start = 10_000 * gene + 1;
        let _ = writeln!(genes, "g{gene}\t1\t{start}\t{}", start + 4_000);
    }
    for set in 0..SETS {
        let members: Vec<String> = (0..15).map(|k| format!("g{}", (7 * set + 11 * k) % GENES)).collect();
        let _ = writeln!(sets, "p{set}\tset\t{}", members.join("\t"));
    }
    // As long as its calls, which are not read.
    let mut bed = vec![0x6c, 0x1b, 0x01];
    bed.resize(3 + VARIANTS * SAMPLES.div_ceil(4), 0);
    MemoryWorld::default()
        .with("small.binn", SPEC)
        .with("panel.bed", bed)
        .with("panel.bim", bim)
        .with("panel.fam", fam)
        .with("pheno.tsv", pheno)
        .with("genes.tsv", genes)
        .with("sets.gmt", sets)
}
