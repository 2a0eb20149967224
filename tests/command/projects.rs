//! `binnc new`: what it writes passes every check and runs at once.

use crate::support::{Bench, with_column};
use insta::assert_snapshot;

#[test]
fn the_starter_runs_at_once() {
    let bench = Bench::empty();
    let said = bench.run("new first").expect(0);
    assert_snapshot!("new_starter", said.out);
    assert!(said.err.contains("next: binnc run first/first.binn"), "{}", said.err);
    let said = bench.run("check first/first.binn --locked --deny warnings").expect(0);
    assert!(said.err.contains("clean"), "{}", said.err);
    assert_snapshot!("new_starter_spec", bench.text("first/first.binn"));
    let said = bench.run("run first/first.binn --locked").expect(0);
    assert!(said.out.contains("outgrowth (d)  binn") && said.out.contains("gblup"), "{}", said.out);
    let metrics = crate::support::rows(&bench.text("runs/first/metrics.tsv"));
    let pearson: Vec<f64> = metrics
        .iter()
        .filter(|row| row["method"] == "binn" && row["metric"] == "pearson")
        .map(|row| crate::support::number(row, "value"))
        .collect();
    assert_eq!(pearson.len(), 5);
    assert!(
        pearson.iter().sum::<f64>() / 5.0 > 0.6,
        "a starter that predicts nothing teaches nothing: {pearson:?}"
    );
    for page in ["first/README.md", "first/.github/workflows/binnc.yml"] {
        assert!(!bench.text(page).contains("{{") && bench.text(page).contains("first.binn"), "{page}");
    }
}

#[test]
fn the_same_name_gives_the_same_bytes_and_nothing_is_overwritten() {
    let (bench, other) = (Bench::empty(), Bench::empty());
    bench.run("new a/first").expect(0);
    other.run("new first").expect(0);
    assert_eq!(bench.files("a/first"), other.files("first"));
    bench.write("a/first/notes.txt", "mine");
    let before = bench.files("a");
    bench.run("new a/first").refuses(2, &["E0906", "not empty"]);
    bench.run("new a/first/notes.txt").refuses(2, &["E0906"]);
    assert_eq!(bench.files("a"), before);
    bench.run("new ..").refuses(8, &["E0105", "no name"]);
}

#[test]
fn any_folder_gives_a_name_that_can_stand_in_a_spec() {
    for (folder, model) in
        [("2026-maize", "model_2026_maize"), ("table", "model_table"), ("my.panel", "my_panel")]
    {
        let bench = Bench::empty();
        bench.run(&format!("new {folder}")).expect(0);
        let spec = bench.text(&format!("{folder}/{model}.binn"));
        assert!(spec.contains(&format!("model {model}\n")), "{spec}");
        bench.run(&format!("check {folder}/{model}.binn")).refuses(0, &["clean"]);
    }
}

#[test]
fn own_files_give_a_first_spec() {
    let bench = Bench::simulated();
    bench.change("data/pheno.tsv", |table| {
        let header = "IID\toutgrowth\tauxin\n".to_string();
        let short = table.lines().skip(1).fold(header, |text, line| {
            let cells: Vec<&str> = line.split('\t').collect();
            format!("{text}{}\t{}\t{}\n", cells[0], cells[1], cells[2])
        });
        let short =
            with_column(
                &short,
                "grain yield",
                |at, _| if at % 9 == 0 { "-9".into() } else { format!("{}", at % 7) },
            );
        let short = with_column(&short, "infected", |at, _| format!("{}", at % 2));
        let short = with_column(&short, "group", |at, _| ["north", "south", "NA"][at % 3].into());
        with_column(&short, "note", |at, _| format!("seen {at}"))
    });
    let said = bench.run("new maize --bfile data/geno --pheno data/pheno.tsv").expect(0);
    assert!(said.err.contains("predicted: `outgrowth`"), "{}", said.err);
    assert_snapshot!("new_own_spec", bench.text("maize/maize.binn"));
    let root = bench.path("data").canonicalize().expect("the data are there");
    let checked = format!("check maize/maize.binn --data-root {}", root.display());
    let said = bench.run(&checked).expect(0);
    assert!(!said.err.contains("Error"), "{}", said.err);
    assert!(bench.text("maize/README.md").contains(&root.display().to_string()));
    bench.run(&format!("run maize/maize.binn --data-root {}", root.display())).expect(0);
}

#[test]
fn own_files_that_do_not_fit() {
    let bench = Bench::simulated();
    bench.run("new maize --bfile data/geno").refuses(2, &["--pheno"]);
    bench.run("new maize --bfile data/absent --pheno data/pheno.tsv").refuses(3, &["E0301", "absent"]);
    bench.write("other.tsv", "line\theight\nx1\t1.5\nx2\t2.5\n");
    bench.run("new maize --bfile data/geno --pheno other.tsv").refuses(7, &["E0313", "`other.tsv`", "f2_1"]);
    bench.write("words.tsv", "IID\tnote\nf2_1\ta\nf2_2\tb\n");
    bench.run("new maize --bfile data/geno --pheno words.tsv").refuses(6, &["E0303", "could be a trait"]);
    assert!(!bench.exists("maize"), "nothing is written before all is known");
}
