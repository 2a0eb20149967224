//! Stages of the compiler that `--emit` prints.

use crate::support::{Bench, Spec, panel};

/// Private networks are visited node by node; what reads other nodes comes behind.
#[test]
fn layout_of_private_networks() {
    let bench = Bench::with(&Spec::default());
    insta::assert_snapshot!(bench.run("compile small.binn --emit layout").expect(0).out);
}

/// Nodes of one value are maps that run together.
#[test]
fn layout_of_nodes_of_one_value() {
    let bench = Bench::simulated();
    bench.write("panel.binn", panel(""));
    insta::assert_snapshot!(bench.run("compile panel.binn --emit layout").expect(0).out);
}
