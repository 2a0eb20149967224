//! Checks that are made when they are asked for.

use crate::support::{Bench, panel};

fn spec() -> String {
    panel("link snps -> integrator\n") + "evaluate kfold(3)\n"
}

#[test]
fn seeds_must_stand_in_a_reproducible_spec() {
    let bench = Bench::simulated();
    bench.write("panel.binn", spec());
    bench.run("check panel.binn").expect(0);
    let said =
        bench.run("check panel.binn --reproducible").refuses(1, &["E0805", "split into folds", "training"]);
    assert_eq!(said.err.matches("E0805").count(), 2);
    bench.run("compile panel.binn --reproducible").refuses(8, &["E0805"]);
    bench.run("run panel.binn --reproducible").refuses(8, &["E0805"]);
    let seeded = spec().replace("kfold(3)", "kfold(3, seed = 2)") + "train { seed = 5 }\n";
    bench.write("panel.binn", seeded);
    bench.run("check panel.binn --reproducible").expect(0);
}

#[test]
fn seeds_that_no_item_mentions_are_asked_for_too() {
    let bench = Bench::simulated();
    let spec = spec()
        .replace("evaluate kfold(3)\n", "")
        .replace("plink \"data/geno.bed\"", "simulate \"shoot_branching\" { n = 40  markers = 40 }");
    bench.write("panel.binn", spec);
    let said = bench
        .run("check panel.binn --no-data --reproducible")
        .refuses(1, &["E0805", "split into folds", "training", "simulated"]);
    assert_eq!(said.err.matches("E0805").count(), 3);
}

#[test]
fn pedants_hear_of_skipped_levels_and_unsaid_origins() {
    let bench = Bench::simulated();
    bench.write("panel.binn", spec());
    let quiet = bench.run("check panel.binn").expect(0);
    assert!(!quiet.err.contains("W0412") && !quiet.err.contains("W0806"));
    bench.run("check panel.binn --pedantic").refuses(0, &["W0412", "skips `metabolite`", "W0806", "`qtn`"]);
    let told = spec()
        .replace("link snps -> integrator", "link snps -> integrator { allow = W0412 }")
        .replace("target = metabolite }", "target = metabolite  origin = simulated  licence = CC0 }");
    bench.write("panel.binn", told);
    let said = bench.run("check panel.binn --pedantic").expect(0);
    assert!(!said.err.contains("W0412") && !said.err.contains("W0806"), "{}", said.err);
}
