//! Runs that are cut off, at any moment and in any way, go on to the same bytes.

#![cfg(unix)]
#![expect(clippy::print_stderr, reason = "a proof shows its figures")]

use crate::support::{Bench, Spec};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

fn spec(epochs: usize) -> String {
    Spec {
        evaluate: "evaluate kfold(3, seed = 2) { baselines = [gblup, fcn] }",
        train: &format!("epochs = {epochs}  early_stop = none  ensemble = 2"),
        ..Spec::default()
    }
    .text()
}

#[track_caller]
fn same(bench: &Bench, run: &str, whole: &BTreeMap<String, Vec<u8>>, how: &str) {
    let found = bench.results(run);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(whole), "{how}");
    for (name, bytes) in &found {
        assert!(bytes == &whole[name], "{name} differs: {how}");
    }
}

fn signal(Running(child): &Running, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill starts");
    assert!(sent.success(), "{name} reaches the process");
}

/// A run that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill().and_then(|()| self.0.wait()));
    }
}

/// Starts a run, and waits until it trains.
fn started(bench: &Bench, arguments: &str) -> (Running, BufReader<ChildStderr>) {
    let mut child = Running(bench.command(arguments).stderr(Stdio::piped()).spawn().expect("starts"));
    let mut lines = BufReader::new(child.0.stderr.take().expect("piped"));
    let mut line = String::new();
    while !line.starts_with("training") {
        line.clear();
        assert!(lines.read_line(&mut line).expect("text") > 0, "it trains");
    }
    (child, lines)
}

fn rest(lines: BufReader<ChildStderr>) -> String {
    lines.lines().map(|line| line.expect("text") + "\n").collect()
}

/// The names of files in a folder, which may come and go.
fn names(bench: &Bench, folder: &str) -> Vec<String> {
    let listed = std::fs::read_dir(bench.path(folder)).into_iter().flatten().flatten();
    listed.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Waits until a run has left a file whose name ends so, and does something meanwhile.
fn waited_for(bench: &Bench, folder: &str, end: &str, meanwhile: impl Fn()) {
    let began = Instant::now();
    while !names(bench, folder).iter().any(|name| name.ends_with(end)) {
        meanwhile();
        assert!(began.elapsed() < Duration::from_secs(60), "{end}: {:?}", names(bench, folder));
        sleep(Duration::from_millis(5));
    }
}

/// Numbers from 0 to 1 that look like chance and are the same in every run.
fn share(of: u64) -> f64 {
    let mixed = (of + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64 / (1u64 << 53) as f64
}

/// `BINNC_KILLS=100` makes more of it; the figure is in CONTRIBUTING.md.
#[test]
fn killed_runs_go_on_to_the_same_bytes() {
    let kills: u64 = std::env::var("BINNC_KILLS").map_or(12, |text| text.parse().expect("a number"));
    let bench = Bench::simulated();
    bench.write("small.binn", spec(60));
    let began = Instant::now();
    bench.run("run small.binn --out whole").expect(0);
    let (whole, took) = (bench.results("whole"), began.elapsed());
    let (mut cut_off, mut gone_on) = (0, 0);
    for kill in 0..kills {
        let run =
            format!("run small.binn --out run{kill} --checkpoint-every 0.03 --threads {}", 1 + kill % 3);
        let mut child =
            bench.command(&run).stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("starts");
        sleep(took.mul_f64(1.2 * share(kill)));
        child.kill().expect("is killed or has ended");
        let ended = child.wait().expect("ends");
        cut_off += u64::from(ended.code().is_none());
        let said = bench.run(&run).expect(0);
        gone_on += u64::from(said.err.contains("going on with a run that was cut off"));
        same(&bench, &format!("run{kill}"), &whole, &format!("kill {kill} of {kills}"));
        bench.remove(&format!("run{kill}"));
    }
    eprintln!("{kills} kills: {cut_off} while it ran, {gone_on} went on from checkpoints, {kills} the same");
    assert!(cut_off > 0 && gone_on > 0, "{cut_off} cut off, {gone_on} gone on");
}

#[test]
fn signals_keep_what_was_done() {
    let bench = Bench::simulated();
    bench.write("small.binn", spec(400));
    bench.run("run small.binn --out whole").expect(0);
    let whole = bench.results("whole");
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        // No checkpoint is due before the signal.
        let run = "run small.binn --out run --checkpoint-every 3600";
        let (mut child, lines) = started(&bench, run);
        // A network is under way once a checkpoint that was asked for is there.
        waited_for(&bench, "run/checkpoints", ".fit", || signal(&child, "-USR1"));
        signal(&child, name);
        let said = rest(lines);
        assert_eq!(child.0.wait().expect("ends").code(), Some(code), "{said}");
        assert!(said.contains("E0905") && said.contains("goes on where it stopped"), "{said}");
        let kept = bench.files("run/checkpoints");
        assert!(kept.keys().any(|file| file.ends_with(".fit")), "{:?}", kept.keys());
        bench.run("diagnose run").refuses(3, &["E0301", "no finished run", "goes on with it"]);
        let said = bench.run(run).expect(0);
        assert!(said.err.contains("going on with a run that was cut off: "), "{}", said.err);
        same(&bench, "run", &whole, name);
        bench.remove("run");
    }
}

#[test]
fn a_warning_of_the_batch_system_keeps_fits_and_ends_nothing() {
    let bench = Bench::simulated();
    bench.write("small.binn", spec(10_000_000));
    let run = "run small.binn --out run --checkpoint-every 3600";
    let (mut child, _lines) = started(&bench, run);
    // Before the first network there is nothing to keep.
    waited_for(&bench, "run/checkpoints", ".fit", || signal(&child, "-USR1"));
    assert!(child.0.try_wait().expect("can be asked").is_none(), "it goes on");
    let other = bench.run(run).refuses(2, &["E0904", &format!("process {}", child.0.id()), "run"]);
    assert!(other.out.is_empty());
    bench.run("run small.binn --out run --force").refuses(2, &["E0904", "`--force` does not"]);
    drop(child);
    // Who is dead holds nothing.
    bench.write("small.binn", spec(4));
    let differs =
        ["E0904", "not finished", "it differs from this one in the procedure of its spec", "--force"];
    bench.run("run small.binn --out run").refuses(2, &differs);
    bench.run("run small.binn --out run --resume").refuses(2, &differs);
    bench.run("run small.binn --out run --resume --force").expect(2);
    bench.run("run small.binn --out run --force --memory 1MB").refuses(10, &["E0506"]);
    assert!(bench.exists("run/checkpoints/run.json"), "a run that cannot start replaces nothing");
    bench.run("run small.binn --out run --force").expect(0);
    bench.run("run small.binn --out fresh --resume").expect(0);
    same(&bench, "run", &bench.results("fresh"), "nothing is left of the run before");
}

#[test]
fn damaged_checkpoints_are_seen() {
    let bench = Bench::simulated();
    bench.write("small.binn", spec(300));
    bench.run("run small.binn --out whole").expect(0);
    let whole = bench.results("whole");
    let run = "run small.binn --out run --checkpoint-every 0.01 --threads 1";
    // A fit that is over just before the kill has no files of its own any more.
    let mut found = None;
    while found.is_none() {
        let (child, _lines) = started(&bench, run);
        waited_for(&bench, "run/checkpoints", "fits-1", || ());
        waited_for(&bench, "run/checkpoints", ".fit.prev", || ());
        drop(child);
        found = names(&bench, "run/checkpoints").into_iter().find(|name| name.ends_with(".prev"));
    }
    let prev = found.expect("one before");
    let last = format!("run/checkpoints/{}", prev.trim_end_matches(".prev"));
    let prev = format!("run/checkpoints/{prev}");
    let flipped = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    };
    let fits = "run/checkpoints/fits-0";
    let good = bench.read(fits);
    bench.write(fits, flipped(&good));
    bench.run(run).refuses(6, &["E0808", "fits-0` is damaged", "delete that file"]);
    bench.write(fits, &good[..good.len() - 7]);
    bench.run(run).refuses(6, &["E0808", "fits-0` is damaged"]);
    bench.remove(fits);
    bench.write(&last, flipped(&bench.read(&prev)));
    let before = bench.read(&prev);
    bench.write(&prev, flipped(&before));
    bench.run(run).refuses(6, &["E0808", ".fit.prev` are damaged", "delete these files"]);
    bench.write(&prev, before);
    let said = bench.run(run).expect(0);
    assert!(said.err.contains("goes on from the checkpoint before it"), "{}", said.err);
    same(&bench, "run", &whole, "one file of fits deleted, one checkpoint damaged");
}

#[test]
fn changed_tables_of_a_run_are_seen() {
    let bench = Bench::with(&Spec { evaluate: "evaluate kfold(2, seed = 1)", ..Spec::default() });
    bench.run("run small.binn --out run").expect(0);
    bench.change("run/metrics.tsv", |table| table.replacen('1', "2", 1));
    for command in ["diagnose run", "report run", "explain run --bfile data/geno", "run small.binn --out run"]
    {
        bench.run(command).refuses(2, &["E0904", "metrics.tsv", "not as the run wrote it", "--force"]);
    }
    bench.run("run small.binn --out run --force").expect(0);
    bench.remove("run/report.html");
    bench.run("run small.binn --out run").refuses(0, &["already complete"]);
    assert!(bench.exists("run/report.html"), "what was left to do is done");
}
