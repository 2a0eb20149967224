//! `binnc fmt`: what it writes, what it leaves alone, and how it ends.

use crate::support::{Bench, Spec};

const LOOSE: &str = "binn 1\nmodel   small # here\ntrain { epochs=3,\n  # why\n  batch = 1_000 }\n";
const TIDY: &str = "binn 1\n\nmodel small  # here\n\ntrain {\n  epochs = 3\n  # why\n  batch = 1_000\n}\n";

#[test]
fn a_file_is_rewritten_once() {
    let bench = Bench::with(&Spec::default());
    bench.write("loose.binn", LOOSE);
    bench.run("fmt loose.binn --check").refuses(1, &[]);
    assert_eq!(bench.read("loose.binn"), LOOSE.as_bytes());
    bench.run("fmt loose.binn").expect(0);
    assert_eq!(bench.read("loose.binn"), TIDY.as_bytes());
    let said = bench.run("fmt loose.binn --check").expect(0);
    assert_eq!(said.out, "");
}

#[test]
fn a_file_with_errors_is_left_alone() {
    let bench = Bench::with(&Spec::default());
    bench.write("specs/broken.binn", "binn 1\nmodel\n");
    bench.write("specs/loose.binn", LOOSE);
    bench.run("fmt specs").refuses(8, &["E0101"]);
    assert_eq!(bench.read("specs/broken.binn"), b"binn 1\nmodel\n");
    assert_eq!(bench.read("specs/loose.binn"), TIDY.as_bytes());
    bench.run("fmt specs --check").refuses(1, &["E0101"]);
    bench.run("fmt absent.binn").refuses(3, &["E0301"]);
}

#[test]
fn notations_are_converted_and_lost_comments_named() {
    let bench = Bench::with(&Spec::default());
    bench.write("loose.binn", LOOSE);
    let said = bench.run("fmt loose.binn --to yaml").expect(0);
    assert_eq!(said.out, "binn: 1\nmodel: small\ntrain: {epochs: 3, batch: 1000}\n");
    assert!(said.err.contains("loose.binn:2") && said.err.contains("# why"), "{}", said.err);
    bench.write("twin.yaml", &said.out);
    bench.run("fmt twin.yaml --check").expect(0);
    let back = bench.run("fmt twin.yaml --to binn").expect(0).out;
    assert_eq!(back, "binn 1\n\nmodel small\n\ntrain { epochs = 3  batch = 1000 }\n");
    bench.write("twice.binn", "binn 1\nmodel a\nmodel b\n");
    bench.run("fmt twice.binn --to yaml").refuses(8, &["E0113", "says the same"]);
    bench.run("fmt loose.binn twin.yaml --to yaml").refuses(2, &["one file at a time"]);
}
