//! Rows 96 to 99: outputs that cannot be written, little memory, signals, and odd machines.
//!
//! Tests may run as root, who may write anywhere: a file where a folder is wanted, a limit on the
//! size of files and `/dev/full` stand for folders without rights and full disks.

use crate::folder::Folder;
use crate::frame::{Row, Said, own, row, spoken, told};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// Files may not grow beyond 1 kB, and a write beyond is an error and no signal.
const FULL: &str = "trap '' XFSZ; ulimit -f 2";
const RUN: &str = "--quiet run small.binn";

pub fn rows() -> Vec<Row> {
    [outputs(), streams(), memory(), signals(), machines()].into_iter().flatten().collect()
}

fn nothing(_: &Folder) {}

fn outputs() -> Vec<Row> {
    let full = |line: &'static str| move |b: &Folder| b.behind(FULL, line);
    let locked_folder = |b: &Folder| b.put("small.lock/file", "");
    vec![
        row(96, "a file where the run folder is to be", nothing, "run small.binn --out small.binn/run", 5, &["E0901", "small.binn/run"]),
        row(96, "no folder for predictions", nothing, "predict done/model.safetensors --bfile data/geno --out no/out.tsv", 5, &["E0901", "no/out.tsv"]),
        row(96, "a folder where predictions are to be", nothing, "predict done/model.safetensors --bfile data/geno --out data", 5, &["E0901", "data"]),
        row(96, "no folder for a plan", nothing, "compile small.binn -o no/plan.json", 5, &["E0901", "no/plan.json"]),
        row(96, "no folder for a page", nothing, "report done --out no/page.html", 5, &["E0901", "no/page.html"]),
        row(96, "a file where simulated data are to be", nothing, "simulate shoot-branching --n 50 --markers 80 --out small.binn", 5, &["E0901", "small.binn"]),
        row(96, "a folder where the lock is to be", locked_folder, "lock small.binn", 5, &["E0901", "small.lock"]),
        row(96, "a full disk under predictions", nothing, "", 5, &["E0901", "done/predictions.tsv"]).started(
            "predict … --out done/predictions.tsv, on a full disk",
            full("predict done/model.safetensors --bfile data/geno --out done/predictions.tsv"),
        ),
        row(96, "a full disk under a page", nothing, "", 5, &["E0901", "done/report.html"])
            .started("report done, on a full disk", full("report done")),
        row(96, "a full disk under a plan", nothing, "", 5, &["E0901", "plan.json"]).started(
            "compile small.binn -o plan.json, on a full disk",
            full("compile small.binn -o plan.json"),
        ),
        row(96, "a full disk under a spec that is laid out", |b| b.swap("panel.binn", "layer gene", &format!("# {}\n   layer   gene", "long ".repeat(400))), "", 5, &["E0901", "panel.binn"])
        .started("fmt panel.binn, on a full disk", full("fmt panel.binn")),
    ]
}

fn streams() -> Vec<Row> {
    let into_full = |line: &'static str| {
        move |b: &Folder| {
            let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
            let mut command = b.command(line);
            command.stdout(full).stderr(Stdio::piped());
            told(&command.spawn().expect("starts").wait_with_output().expect("ends"))
        }
    };
    let gone = |line: &'static str| move |b: &Folder| reader_goes(b, line);
    vec![
        own(96, "a full disk behind standard output of compile", into_full("compile small.binn"), 5, &["E0901", "standard output"]),
        own(96, "a full disk behind standard output of predict", into_full("predict done/model.safetensors --bfile data/geno"), 5, &["E0901", "standard output"]),
        own(96, "a full disk behind standard output of check", into_full("check small.binn --message-format sarif"), 5, &["E0901", "standard output"]).terse(),
        own(96, "a reader of plans that goes away", gone("compile small.binn --emit plan"), 0, &[]),
        own(96, "a reader of predictions that goes away", gone("--quiet predict done/model.safetensors --bfile data/geno"), 0, &[]),
    ]
}

/// The first line is read, and the pipe closed.
fn reader_goes(b: &Folder, line: &str) -> Said {
    let mut command = b.command(line);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut out = BufReader::with_capacity(1, child.stdout.take().expect("piped"));
    out.read_line(&mut String::new()).expect("a line");
    drop(out);
    told(&child.wait_with_output().expect("ends"))
}

fn memory() -> Vec<Row> {
    let huge = |b: &Folder| {
        b.swap(
            "small.binn",
            "layer metabolite : metabolite",
            "layer metabolite : metabolite { network = fcn(20000, 20000) }",
        );
    };
    vec![
        row(98, "less memory than a run needs", nothing, "run small.binn --memory 1MB", 10, &["E0506", "--memory"]).terse(),
        row(98, "a network beyond the memory that is allowed", huge, "run small.binn --memory 1GB", 10, &["E0506", "--memory"]).terse(),
        row(98, "a network beyond the memory that the system gives", huge, "", 10, &["E0506", "checkpoint"])
            .started("run small.binn, with 1.2 GB of addresses", |b| b.behind("ulimit -v 1200000", "run small.binn --out new"))
            .makes(&["new/"])
            .terse(),
    ]
}

fn signals() -> Vec<Row> {
    let sent = |signals: &'static [&'static str]| move |b: &Folder| interrupted(b, signals);
    vec![
        own(99, "SIGINT in training", sent(&["INT"]), 130, &["E0905", "goes on where it stopped"]).makes(&["stopped/checkpoints/"]).terse(),
        own(99, "SIGTERM in training", sent(&["TERM"]), 143, &["E0905", "goes on where it stopped"]).makes(&["stopped/checkpoints/"]).terse(),
        own(99, "SIGINT twice in training", sent(&["INT", "INT"]), 130, &[]).makes(&["stopped/"]),
    ]
}

/// Signals once training has begun.
fn interrupted(b: &Folder, signals: &[&str]) -> Said {
    b.swap("small.binn", "train { epochs = 2 }", "train { epochs = 100000000  early_stop = none }");
    let mut command = b.command("run small.binn --out stopped --checkpoint-every 0.01");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    while !line.starts_with("training ") {
        line.clear();
        assert!(err.read_line(&mut line).expect("text") > 0, "it ended before training");
    }
    while !b.path("stopped/checkpoints/run.json").exists() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    signals.iter().for_each(|signal| send(&child, signal));
    let mut rest = String::new();
    err.read_to_string(&mut rest).expect("text");
    let code = child.wait().expect("ends").code().unwrap_or(-1);
    // A second signal may come before the words of the first.
    let err = if signals.len() > 1 { String::new() } else { rest };
    b.swap("small.binn", "train { epochs = 100000000  early_stop = none }", "train { epochs = 2 }");
    Said { code, err, out: String::new() }
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -s {signal} {}", child.id())]).status();
    assert!(sent.expect("sh starts").success());
}

fn machines() -> Vec<Row> {
    let behind = |shell: &'static str| move |b: &Folder| as_ever(b, b.behind(shell, RUN));
    let with = |name: &'static str, value: &'static str| {
        move |b: &Folder| {
            let mut command = b.command(RUN);
            command.env(name, value);
            as_ever(b, command)
        }
    };
    let bare = |b: &Folder| {
        let mut command = b.command(RUN);
        command.env_clear();
        as_ever(b, command)
    };
    let elsewhere = |line: &'static str| {
        move |b: &Folder| {
            let spec = b.path("small.binn").canonicalize().expect("it is there");
            let mut command = b.command(&line.replace("SPEC", &spec.display().to_string()));
            command.current_dir("/proc");
            spoken(command)
        }
    };
    let deleted =
        |line: &'static str| move |b: &Folder| spoken(b.behind("mkdir gone; cd gone; rmdir ../gone", line));
    let run = |fault, ask: Box<dyn Fn(&Folder) -> Said>| own(99, fault, ask, 0, &[]).makes(&["runs/small/"]);
    vec![
        run("sixteen open files at most", Box::new(behind("ulimit -n 16"))),
        run("a stack of 256 kB", Box::new(behind("ulimit -s 256"))),
        run("one processor", Box::new(behind("exec taskset -c 0 \"$0\" \"$@\""))),
        run("a German locale", Box::new(with("LC_ALL", "de_DE.UTF-8"))),
        run("a locale that is not there", Box::new(with("LC_ALL", "xx_YY"))),
        run("a time zone of its own", Box::new(with("TZ", "Pacific/Chatham"))),
        run("a time zone that is not there", Box::new(with("TZ", "nowhere"))),
        run("a home that is not there", Box::new(with("HOME", "/nowhere"))),
        run("no environment, so no home", Box::new(bare)),
        own(99, "a folder that takes no files, and nothing to write", elsewhere("check SPEC"), 0, &["clean"]),
        own(99, "a folder that takes no files", elsewhere("run SPEC"), 5, &["E0901", "runs/small"]),
        own(99, "a current folder that was removed", deleted("check small.binn"), 3, &["E0301", "small.binn"]),
    ]
}

/// A run whose model is, byte for byte, that of any other machine of the kind.
fn as_ever(b: &Folder, command: Command) -> Said {
    let said = spoken(command);
    if said.code == 0 {
        assert!(b.bytes("runs/small/model.safetensors") == b.bytes("done/model.safetensors"), "other bytes");
    }
    said
}
