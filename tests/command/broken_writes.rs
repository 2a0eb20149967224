//! Every single write, rename and removal of a run fails once, or the disk is full from there on:
//! what stood before stands, or the new run does, whole; and the same command then ends as it would have.

#![expect(clippy::print_stderr, reason = "a proof shows its figures")]

use crate::support::{Bench, Spec};
use binnc::cli::{Arguments, Interrupt};
use binnc::io::{Disk, Ranges, World};
use clap::Parser;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The disk, on which the change of a given number fails, and all after it where it is full.
struct Failing {
    at: usize,
    full: bool,
    changes: AtomicUsize,
}

impl Failing {
    fn at(at: usize, full: bool) -> Self {
        Self { at, full, changes: AtomicUsize::new(0) }
    }

    fn change(&self) -> io::Result<()> {
        let number = self.changes.fetch_add(1, Ordering::SeqCst);
        if number == self.at || (self.full && number > self.at) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn failed(&self) -> bool {
        self.changes.load(Ordering::SeqCst) > self.at
    }
}

impl World for Failing {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Disk.read(path)
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn Ranges>> {
        Disk.open(path)
    }
    fn size(&self, path: &Path) -> io::Result<u64> {
        Disk.size(path)
    }
    fn exists(&self, path: &Path) -> bool {
        Disk.exists(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Disk.list(folder)
    }
    fn is_file(&self, path: &Path) -> bool {
        Disk.is_file(path)
    }
    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.canonical(path)
    }
    fn hold(&self, path: &Path) -> io::Result<Option<Box<dyn Send>>> {
        Disk.hold(path)
    }
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        if Disk.exists(path) { Ok(()) } else { self.change().and_then(|()| Disk.create_folder(path)) }
    }
    // What has no room is removed none the less.
    fn remove(&self, path: &Path) -> io::Result<()> {
        if self.full { Disk.remove(path) } else { self.change().and_then(|()| Disk.remove(path)) }
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change().and_then(|()| Disk.rename(from, to))
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.change().and_then(|()| Disk.write(path, bytes))
    }
}

fn spec(seed: u64) -> String {
    Spec {
        evaluate: "evaluate kfold(2, seed = 2) { baselines = [] }",
        train: &format!("epochs = 2  early_stop = none  ensemble = {seed}"),
        ..Spec::default()
    }
    .text()
}

/// The results of a run folder, but for what is not put in place with them.
fn results(bench: &Bench, run: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = bench.results(run);
    let passing = ["/.binnc-", "/.running", "/checkpoints", "/report.html"];
    files.retain(|name, _| !passing.iter().any(|start| name.starts_with(start)));
    files
}

fn put(bench: &Bench, files: &BTreeMap<String, Vec<u8>>, run: &str) {
    if bench.exists(run) {
        bench.remove(run);
    }
    files.iter().for_each(|(name, bytes)| bench.write(&format!("{run}{name}"), bytes));
}

#[test]
fn every_change_may_fail() {
    let bench = Bench::simulated();
    bench.write("small.binn", spec(1));
    bench.run("run small.binn --out run").expect(0);
    let (old, earlier) = (results(&bench, "run"), bench.files("run"));
    bench.write("small.binn", spec(2));
    bench.run("run small.binn --out new").expect(0);
    let new = results(&bench, "new");
    assert_ne!(old, new);
    let path = |name: &str| bench.path(name).display().to_string();
    let (text, out) = (path("small.binn"), path("run"));
    let arguments = |force: &[&str]| {
        let common =
            ["binnc", "--quiet", "run", &text, "--threads", "1", "--checkpoint-every", "0", "--out", &out];
        Arguments::parse_from(common.iter().chain(force))
    };
    let mut codes: BTreeMap<(bool, u8), usize> = BTreeMap::new();
    for full in [false, true] {
        for at in 0.. {
            put(&bench, &earlier, "run");
            let world = Failing::at(at, full);
            let code = binnc::cli::run(&arguments(&["--force"]), &world, &Interrupt::default());
            if !world.failed() {
                assert_eq!(code, 0, "nothing failed");
                break;
            }
            *codes.entry((full, code)).or_default() += 1;
            assert!(code == 5 || code == 0, "change {at} fails, full {full}: exit code {code}");
            // Whoever reads next finds one of the two runs, whole.
            let said = bench.run("diagnose run");
            assert!(said.code <= 1, "change {at} fails, full {full}: {}", said.err);
            let found = results(&bench, "run");
            assert!(found == old || (found == new), "change {at} fails, full {full}");
            assert!(code != 0 || found == new, "change {at}: it says that it has finished");
            let code = binnc::cli::run(&arguments(&["--force"]), &Disk, &Interrupt::default());
            assert_eq!(code, 0, "the same command, after change {at}");
            assert!(results(&bench, "run") == new, "after change {at}, full {full}");
            let left: Vec<String> =
                bench.files("run").into_keys().filter(|name| name.contains("/.binnc-")).collect();
            assert!(left.is_empty(), "after change {at}: {left:?}");
        }
    }
    eprintln!("(disk full, exit code): changes that failed\n{codes:?}");
    assert!(codes[&(false, 5)] > 20 && codes[&(true, 5)] > 20, "{codes:?}");
}

#[cfg(target_os = "linux")]
fn works(command: &mut std::process::Command) -> bool {
    command.stderr(std::process::Stdio::null()).status().is_ok_and(|status| status.success())
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_of_one_megabyte_is_full() {
    use std::process::Command;
    const MOUNT: &str = "mkdir -p small && mount -t tmpfs -o size=1m none small";
    let bench = Bench::with(&Spec { evaluate: "evaluate kfold(4, seed = 2)", ..Spec::default() });
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script]).current_dir(bench.path(""));
        command
    };
    if !works(&mut unshare(MOUNT)) {
        eprintln!("skipped: no right to mount a disk");
        return;
    }
    let program = env!("CARGO_BIN_EXE_binnc");
    // Of an earlier run its table is read after the disk was full.
    let script = format!(
        "{MOUNT} && {program} run small.binn --out small/run >/dev/null 2>&1; echo first $?; \
         head -c 100000 /dev/zero > small/left; cat small/run/metrics.tsv | head -1; \
         {program} run small.binn --seed 9 --force --out small/run 2>&1 >/dev/null | grep E0901; \
         ls -A small/run | grep -c new; cat small/run/metrics.tsv | wc -l; \
         {program} diagnose small/run >/dev/null 2>&1; echo read $?"
    );
    let output = unshare(&script).output().expect("starts");
    let said = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.first(), Some(&"first 0"), "there is room for one run: {said}");
    assert!(lines[1].starts_with("trait\tmethod"), "{said}");
    assert!(lines[2].contains("E0901") || said.contains("No space left"), "{said}");
    assert_eq!(lines[3], "0", "nothing is left waiting: {said}");
    assert!(["read 0", "read 1"].contains(lines.last().expect("a line")), "the earlier run is whole: {said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_sync_that_fails_is_a_write_that_failed() {
    use std::process::Command;
    if !works(Command::new("strace").args(["-o", "/dev/null", "true"])) {
        eprintln!("skipped: no `strace`, or no right to use it");
        return;
    }
    let bench =
        Bench::with(&Spec { evaluate: "evaluate kfold(2, seed = 2) { baselines = [] }", ..Spec::default() });
    bench.run("run small.binn --out whole").expect(0);
    let mut refused = 0;
    for at in [1, 2, 5, 9, 16, 25, 40] {
        let plain = bench.command("run small.binn --out run");
        let mut traced = Command::new("strace");
        traced.args(["-f", "-o", "/dev/null", "-e", &format!("inject=fsync:error=EIO:when={at}")]);
        traced.arg(plain.get_program()).args(plain.get_args()).current_dir(bench.path(""));
        let output = traced.output().expect("strace starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = output.status.code();
        assert!(code == Some(5) || code == Some(0), "sync {at}: {code:?} {said}");
        if code == Some(5) {
            refused += 1;
            assert!(said.contains("E0901"), "sync {at}: {said}");
        }
        bench.run("run small.binn --out run").expect(0);
        assert!(results(&bench, "run") == results(&bench, "whole"), "after sync {at}");
        bench.remove("run");
    }
    assert!(refused >= 4, "{refused} were seen");
}
