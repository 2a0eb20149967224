//! Stages of the compiler that `--emit` prints.

use crate::support::{Bench, Spec};

/// Private networks are visited node by node; what reads other nodes comes behind.
#[test]
fn layout_of_private_networks() {
    let bench = Bench::with(&Spec::default());
    insta::assert_snapshot!(bench.run("compile small.binn --emit layout").expect(0).out);
}

/// Nodes of one value are maps that run together.
#[test]
fn layout_of_nodes_of_one_value() {
    let spec = "binn 1
model panel
genotypes snps from plink \"data/geno.bed\"
table pheno from tsv \"data/pheno.tsv\" { column outgrowth : continuous }
prior qtn from tsv \"data/links.tsv\" : snp -> metabolite { source = snp  target = metabolite }
layer metabolite : metabolite
node integrator : integrator
link snps -> metabolite via qtn
link metabolite -> integrator
predict pheno.outgrowth from integrator
";
    let bench = Bench::simulated();
    bench.write("panel.binn", spec);
    insta::assert_snapshot!(bench.run("compile panel.binn --emit layout").expect(0).out);
}
