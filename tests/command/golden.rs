//! Digests of three small runs. Whoever moves one changes numbers, and says so in the changelog.
//!
//! They hold for every instruction set; no part of these runs depends on the model of the processor.

use crate::support::{Bench, Spec};
use binnc::kernel::isa::Isa;

fn digests(bench: &Bench, run: &str) -> String {
    let digest = |name: &str| blake3::hash(&bench.read(&format!("{run}/{name}"))).to_hex().to_string();
    ["predictions.tsv", "metrics.tsv", "importance.tsv"]
        .map(|name| format!("{name:16} {}\n", &digest(name)[..32]))
        .concat()
}

#[test]
fn numbers_are_those_of_the_version_before() {
    let bench = Bench::simulated();
    let specs = [
        ("private networks, early stopping", "epochs = 30", "evaluate kfold(3, seed = 2) { baselines = [] }"),
        (
            "ensemble, groups",
            "epochs = 8  early_stop = none  ensemble = 3",
            "evaluate kfold(2, repeats = 2, seed = 5) { baselines = [] }",
        ),
        (
            "chosen weights",
            "epochs = 10  early_stop = none",
            "evaluate kfold(2, seed = 1) { baselines = []  inner = 2 }",
        ),
    ];
    let mut all = String::new();
    for (name, train, evaluate) in specs {
        let text = Spec { train, evaluate, ..Spec::default() }.text();
        let text =
            if name == "chosen weights" { text.replace("weight = 0.1", "weight = [0, 0.1]") } else { text };
        bench.write("small.binn", text);
        let sets = Isa::ALL.into_iter().filter(|isa| isa.is_here()).map(Isa::name);
        let found: Vec<String> = sets
            .map(|isa| {
                bench.run(&format!("run small.binn --out run --force --isa {isa}")).expect(0);
                digests(&bench, "run")
            })
            .collect();
        found.iter().for_each(|digests| assert_eq!(digests, &found[0], "{name}"));
        all += &format!("{name}\n{}\n", found[0]);
    }
    insta::assert_snapshot!(all);
}
