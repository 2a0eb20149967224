//! What a run takes of the machine, and what it says of that.

use crate::support::{Bench, Spec};
use binnc::cli::{Arguments, Interrupt};
use binnc::io::{Disk, World};
use clap::Parser;
use std::io;
use std::path::{Path, PathBuf};

/// `run.json` of a run with these variables in its environment.
fn record(bench: &Bench, arguments: &str, variables: &[(&str, &str)]) -> (serde_json::Value, String) {
    let mut command = bench.command(&format!("run small.binn --force {arguments}"));
    command.env_remove("SLURM_CPUS_PER_TASK").envs(variables.iter().copied());
    let output = command.output().expect("the program starts");
    let err = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{err}");
    (serde_json::from_slice(&bench.read("runs/small/run.json")).expect("JSON"), err)
}

#[test]
fn a_job_says_how_many_threads_a_run_has() {
    let bench = Bench::with(&Spec { train: "epochs = 1", ..Spec::default() });
    let from = |arguments: &str, variables: &[(&str, &str)]| {
        let (record, err) = record(&bench, arguments, variables);
        let threads = record["threads"].as_u64().expect("a number");
        let from = record["threads_from"].as_str().expect("a text").to_owned();
        assert!(bench.text("runs/small/run.log").contains(&format!("threads {threads} ({from})\n")));
        (threads, from, err)
    };
    let usable = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let of_machine = "processors that this process may use";
    let (threads, said, _) = from("", &[]);
    assert_eq!((threads, said.as_str()), (usable, of_machine));
    let (threads, said, _) = from("", &[("SLURM_CPUS_PER_TASK", "1")]);
    assert_eq!((threads, said.as_str()), (1, "SLURM_CPUS_PER_TASK"));
    let (threads, said, _) = from("--threads 3", &[("SLURM_CPUS_PER_TASK", "1")]);
    assert_eq!((threads, said.as_str()), (3, "--threads"));
    let (threads, said, err) = from("", &[("SLURM_CPUS_PER_TASK", "two")]);
    assert_eq!((threads, said.as_str()), (usable, of_machine));
    assert!(err.contains("W0907") && err.contains("`SLURM_CPUS_PER_TASK` is `two`"), "{err}");
    assert!(bench.text("runs/small/run.log").contains("W0907"));
    let mut predict = bench.command("predict runs/small/model.safetensors --bfile data/geno");
    let output = predict.env("SLURM_CPUS_PER_TASK", "two").output().expect("the program starts");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("W0907"));
}

/// Four fits and the final one, of 160,000 weights each.
fn wide() -> Bench {
    Bench::with(&Spec {
        train: "epochs = 2  ensemble = 2",
        evaluate: "evaluate kfold(2, seed = 3) { baselines = [gblup, fcn] }",
        more: "node wide : extra { network = fcn(2000, activation = gelu) }\nlink snps -> wide\nlink wide -> integrator",
        ..Spec::default()
    })
}

fn number(record: &serde_json::Value, key: &str) -> f64 {
    record[key].as_f64().unwrap_or_else(|| panic!("{key} is {}", record[key]))
}

#[test]
fn a_run_says_what_each_fit_took() {
    let bench = wide();
    let (record, _) = record(&bench, "--threads 2", &[]);
    for key in ["import_seconds", "turn_seconds", "seconds", "expected_step_seconds", "step_seconds"] {
        assert!(number(&record, key) > 0.0, "{key}");
    }
    let fits = record["fits"].as_array().expect("a list");
    let of = |method: &str, of: &str| {
        let of = fits.iter().filter(|fit| fit["method"] == method && fit["of"] == of);
        of.map(|fit| (fit["member"].as_u64(), fit["candidate"].as_u64())).collect::<Vec<_>>()
    };
    let members = vec![(Some(0), None), (Some(1), None)];
    for part in ["r1-f1", "r1-f2", "final"] {
        assert_eq!(of("binn", part), members, "{part}");
    }
    // Six candidates, then the other member with the settings of the best.
    for part in ["r1-f1", "r1-f2"] {
        let tried = of("fcn", part);
        assert_eq!(tried.len(), 7);
        assert_eq!(tried[..6], [0, 1, 2, 3, 4, 5].map(|candidate| (Some(0), Some(candidate))));
        assert_eq!(tried[6].0, Some(1));
    }
    assert_eq!(fits.len(), 20);
    let edges = number(&record, "edges");
    for fit in fits.iter().filter(|fit| fit["method"] == "binn") {
        let samples = if fit["of"] == "final" { 120.0_f64 } else { 60.0 };
        assert_eq!((number(fit, "epochs"), number(fit, "steps")), (2.0, 2.0 * (samples / 32.0).ceil()));
        let ns = 1e9 / (number(fit, "samples_per_second") * edges);
        assert!((number(fit, "ns_per_edge_sample") / ns - 1.0).abs() < 1e-9);
        assert!(number(fit, "threads") >= 1.0 && number(fit, "seconds") > 0.0);
    }
    if cfg!(target_os = "linux") {
        assert!(number(&record, "peak_bytes") <= number(&record, "expected_peak_bytes"));
    }
    let log = bench.text("runs/small/run.log");
    for words in ["import seconds", "turn seconds", "peak memory", "fits side by side", "microseconds a step"]
    {
        assert!(log.contains(words), "no {words:?} in:\n{log}");
    }
    assert!(log.contains("\nfit binn final, member 1: 2 epochs, 8 steps, "), "{log}");
}

#[test]
fn less_memory_means_fewer_fits_at_once_and_the_same_bytes() {
    let bench = wide();
    bench.run("run small.binn --threads 4 --out free").expect(0);
    let free: serde_json::Value = serde_json::from_slice(&bench.read("free/run.json")).expect("JSON");
    assert_eq!(free["fits_side_by_side"], 4);
    let tight = number(&free, "expected_peak_bytes") as u64 - 8_000_000;
    bench.run(&format!("run small.binn --threads 4 --out tight --memory {tight}B")).expect(0);
    let limited: serde_json::Value = serde_json::from_slice(&bench.read("tight/run.json")).expect("JSON");
    let at_once = number(&limited, "fits_side_by_side");
    assert!((1.0..4.0).contains(&at_once), "{at_once}");
    assert!(number(&limited, "expected_peak_bytes") <= number(&limited, "allowed_bytes"));
    assert_eq!(
        (&limited["allowed_by"], number(&limited, "allowed_bytes") as u64),
        (&"--memory".into(), tight)
    );
    let files = |out: &str| {
        let mut files = bench.files(out);
        ["/run.json", "/run.log"].iter().for_each(|name| assert!(files.remove(*name).is_some(), "{name}"));
        files
    };
    assert!(files("free") == files("tight"), "memory changes no byte of a result");
}

#[test]
fn a_run_that_is_too_large_is_refused_before_it_starts() {
    let bench = Bench::with(&Spec::default());
    let said = bench.run("run small.binn --memory 1MB").refuses(10, &["E0506", "--memory", "1000.0 kB"]);
    assert!(said.err.contains("names, graph and tables"), "{}", said.err);
    assert!(!bench.exists("runs/small/run.json"));
    bench.run("run small.binn --memory 4G").refuses(2, &["a number and a unit", "GiB"]);
}

/// The disk, and a machine of 3 MB.
struct SmallMachine;

impl World for SmallMachine {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let is_memory = path == Path::new("/proc/meminfo");
        if is_memory { Ok(b"MemTotal: 3000 kB\n".to_vec()) } else { Disk.read(path) }
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
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Disk.rename(from, to)
    }
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        Disk.create_folder(path)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        Disk.remove(path)
    }
    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.canonical(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Disk.write(path, bytes)
    }
}

#[test]
fn a_small_machine_runs_one_fit_at_a_time_and_warns() {
    let bench = wide();
    let path = |name: &str| bench.path(name).display().to_string();
    let (spec, out) = (path("small.binn"), path("out"));
    let arguments =
        Arguments::parse_from(["binnc", "--quiet", "run", &spec, "--threads", "3", "--out", &out]);
    assert_eq!(binnc::cli::run(&arguments, &SmallMachine, &Interrupt::default()), 0);
    let log = bench.text("out/run.log");
    assert!(log.contains("W0908") && log.contains("memory of this machine"), "{log}");
    assert!(log.contains("fits side by side 1\n"), "{log}");
}

#[test]
fn compile_tells_costs_and_times_them_on_request() {
    let bench = Bench::with(&Spec::default());
    let plain = bench.run("compile small.binn").expect(0).out;
    assert!(plain.contains("\nproducts    ") && plain.contains("with one fit at a time"), "{plain}");
    assert_eq!(plain, bench.run("compile small.binn").expect(0).out, "no time stands in what is kept");
    let timed = bench.run("compile small.binn --timing").expect(0).out;
    let added = timed.strip_prefix(plain.as_str()).expect("the summary comes first");
    assert!(added.starts_with("time ") && added.contains(" µs expected a step of 32 samples"), "{added}");
    bench.run("compile small.binn --timing --emit plan").refuses(2, &["--timing", "--emit"]);
}
