//! What a run takes of the machine, and what it says of that.

use crate::support::{Bench, Spec};

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
