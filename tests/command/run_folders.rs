//! The run folder: complete, another run's, broken, replaced, or left alone on a signal.

use crate::support::{Bench, Spec};

fn kfold(folds: usize) -> String {
    Spec { evaluate: &format!("evaluate kfold({folds}, seed = 2)"), ..Spec::default() }.text()
}

#[test]
fn a_complete_run_is_not_repeated() {
    let bench = Bench::with(&Spec::default());
    bench.run("run small.binn --out run").expect(0);
    let before = bench.files("run");
    let said = bench.run("run small.binn --out run").expect(0);
    assert!(said.err.contains("already complete") && said.out.is_empty(), "{}{}", said.err, said.out);
    assert!(bench.files("run") == before, "the folder was touched");
    bench.write(
        "small.binn",
        format!("# only a comment\n{}", Spec::default().text().replace("binn 1", "binn   1")),
    );
    let said = bench.run("run small.binn --out run --threads 1").expect(0);
    assert!(said.err.contains("already complete"), "layout and threads are no other run: {}", said.err);
}

#[test]
fn another_run_is_refused_and_replaced_with_force() {
    let bench = Bench::simulated();
    bench.write("small.binn", kfold(4));
    bench.run("run small.binn --out run").expect(0);
    let before = bench.files("run");
    bench.write("small.binn", kfold(2));
    for (arguments, why) in [("", "folds"), ("--seed 5", "seed")] {
        bench
            .run(&format!("run small.binn --out run {arguments}"))
            .refuses(2, &["E0904", "another run", "--force"]);
        assert!(bench.files("run") == before, "{why}");
    }
    bench.run("run small.binn --out run --force").expect(0);
    bench.run("run small.binn --out fresh").expect(0);
    let names = |out: &str| bench.files(out).into_keys().collect::<Vec<_>>();
    assert_eq!(names("run"), names("fresh"), "folds 3 and 4 are of the run before");
    let table = bench.text("data/pheno.tsv");
    bench.write("data/pheno.tsv", table.replacen("\t3.", "\t4.", 1));
    bench.run("run small.binn --out run").refuses(2, &["E0904"]);
    bench.write("data/pheno.tsv", table);
    bench.run("run small.binn --out run").expect(0);
    bench.run("run small.binn --out run --force").expect(0);
}

#[test]
fn unfinished_and_broken_folders() {
    let bench = Bench::simulated();
    bench.write("small.binn", kfold(4));
    bench.run("run small.binn --out run").expect(0);
    bench.write("small.binn", kfold(2));
    // Stopped while writing: `run.json` comes last, so it is absent.
    bench.remove("run/run.json");
    bench.run("run small.binn --out run").expect(0);
    assert!(!bench.exists("run/folds/r1-f3"), "folds of the run before");
    bench.write("run/run.json", "{ \"run_digest\": ");
    bench.run("run small.binn --out run").refuses(2, &["E0904", "run.json", "--force"]);
    bench.run("run small.binn --out run --force").expect(0);
    // What is not ours stays.
    bench.write("mine/folds/notes.txt", "mine");
    bench.run("run small.binn --out mine").expect(0);
    assert_eq!(bench.text("mine/folds/notes.txt"), "mine");
}

#[cfg(unix)]
#[test]
fn signals_leave_no_half_run() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let bench = Bench::with(&Spec {
        evaluate: "evaluate kfold(2, seed = 2) { baselines = [] }",
        train: "epochs = 10000000  early_stop = none",
        ..Spec::default()
    });
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let mut child =
            bench.command("run small.binn --out run").stderr(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        assert!(lines.by_ref().any(|line| line.expect("text").starts_with("training")), "it trains");
        let sent =
            Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill starts");
        assert!(sent.success());
        let said: Vec<String> = lines.map(|line| line.expect("text")).collect();
        assert_eq!(child.wait().expect("ends").code(), Some(code), "{said:?}");
        assert!(said.iter().any(|line| line.contains("E0905")), "{said:?}");
        let left = bench.files("run");
        assert!(left.keys().all(|name| name.starts_with("/checkpoints/")), "{:?}", left.keys());
    }
}
