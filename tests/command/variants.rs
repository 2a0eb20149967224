//! Variants that cannot be learnt from.

use crate::support::{Bench, Spec};

#[test]
fn variants_alike_in_all_samples_are_counted() {
    let bench = Bench::with(&Spec::default());
    let mut bed = bench.read("data/geno.bed");
    let width = 120 / 4;
    for variant in [3, 10] {
        bed[3 + variant * width..3 + (variant + 1) * width].fill(0b1111_1111);
    }
    bench.write("data/geno.bed", bed);
    let said = bench.run("run small.binn --out run").expect(0);
    for words in ["W0315", "2 of 80 variants of `snps` are constant"] {
        assert!(said.err.contains(words), "no {words:?} in:\n{}", said.err);
    }
}
