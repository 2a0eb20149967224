//! No command opens a connection: watched from outside, by `strace`.

#![cfg(target_os = "linux")]
#![expect(clippy::print_stderr, reason = "a test that cannot look says so")]

use crate::support::{Bench, Spec};
use std::process::{Command, Stdio};

/// What opens a connection, or waits for one.
const CALLS: [&str; 4] = ["socket", "connect", "sendto", "bind"];

/// Lines of a trace that are such a call. A thread that ends in any call leaves one without a name.
fn network_calls(trace: &str) -> Vec<&str> {
    let is_call = |line: &&str| CALLS.iter().any(|call| line.contains(&format!(" {call}(")));
    trace.lines().filter(is_call).collect()
}

#[test]
fn calls_are_told_from_threads_that_end() {
    let trace = "17 ???( <unfinished ...>\n17 +++ exited with 0 +++\n18 socket(AF_INET, SOCK_STREAM, 0) = 3\n\
                 18 connect(3, {sa_family=AF_INET}, 16 <unfinished ...>\n";
    let seen: Vec<&str> = trace.lines().skip(2).collect();
    assert_eq!(network_calls(trace), seen);
}

fn can_trace() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

#[test]
fn no_command_asks_the_network() {
    if !can_trace() {
        eprintln!("skipped: no `strace`, or no right to use it");
        return;
    }
    let bench = Bench::with(&Spec { evaluate: "evaluate kfold(2, seed = 1)", ..Spec::default() });
    for arguments in [
        "check small.binn",
        "lock small.binn",
        "compile small.binn",
        "run small.binn --out run",
        "predict run/model.safetensors --bfile data/geno",
        "explain run --bfile data/geno",
        "diagnose run",
        "report run",
        "info small.binn",
        "new --help",
    ] {
        let plain = bench.command(arguments);
        let mut traced = Command::new("strace");
        traced.args(["-f", "-e", &format!("trace={}", CALLS.join(",")), "-o", "calls.txt"]);
        traced
            .arg(plain.get_program())
            .args(plain.get_args())
            .current_dir(bench.path(""))
            .stdin(Stdio::null());
        let output = traced.output().expect("strace starts");
        assert!(output.status.code().is_some_and(|code| code <= 1), "{arguments}");
        let calls = bench.text("calls.txt");
        let asked = network_calls(&calls);
        assert!(asked.is_empty(), "{arguments}: {asked:?}");
        assert!(calls.contains("exited with"), "the process was watched: {calls}");
    }
}
