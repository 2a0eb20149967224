//! `simulate`: files hold what the generator holds in memory.

use crate::support::{Bench, Spec};

#[test]
fn files_and_generator_give_the_same_predictions() {
    for options in ["", "  variant = free  effects = normal"] {
        let bench = Bench::empty();
        let words =
            options.replace(" = ", " ").replace("variant", "--variant").replace("effects", "--effects");
        bench
            .run(&format!("simulate shoot-branching --out data --n 90 --markers 80 --seed 5 {words}"))
            .expect(0);
        let common = Spec {
            evaluate: "evaluate kfold(2, seed = 1) { baselines = [gblup, ridge] }",
            train: "epochs = 3  ensemble = 2",
            ..Spec::default()
        };
        bench.write("files.binn", common.text());
        let memory = Spec {
            genotypes: &format!(
                "genotypes snps from simulate \"shoot_branching\" {{ n = 90  markers = 80  seed = 5{options} }}"
            ),
            table: "from simulate \"shoot_branching\"",
            ..common
        };
        let memory = memory.text().replace(
            "from tsv \"data/links.tsv\" : snp -> metabolite { source = \"snp\"  target = \"metabolite\" }",
            "from simulate \"shoot_branching\" : snp -> metabolite",
        );
        bench.write("memory.binn", memory);
        bench.run("run files.binn --out files").expect(0);
        bench.run("run memory.binn --out memory").expect(0);
        for name in ["predictions.tsv", "metrics.tsv", "metrics.json", "folds.tsv", "coverage.tsv"] {
            assert_eq!(bench.text(&format!("files/{name}")), bench.text(&format!("memory/{name}")), "{name}");
        }
    }
}

#[test]
fn bad_options_are_refused() {
    let bench = Bench::empty();
    let simulate = "simulate shoot-branching --out data";
    bench.run(&format!("{simulate} --n 0")).refuses(8, &["E0105"]);
    bench.run(&format!("{simulate} --markers 10")).refuses(8, &["E0105", "10"]);
    bench.run("simulate maize --out data").refuses(2, &["shoot-branching"]);
    assert!(!bench.exists("data"), "nothing is made for a refused command");
    bench.write("data", "a file");
    bench.run(simulate).refuses(5, &["E0901", "data"]);
    assert_eq!(bench.text("data"), "a file");
}
