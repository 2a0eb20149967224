//! Exit codes, one a cause, and streams that go away.

use crate::support::{Bench, Spec, bed, codes};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[test]
fn clean_commands_end_with_zero() {
    let bench = Bench::with(&Spec::default());
    let said = bench.run("check small.binn").expect(0);
    assert!(said.err.contains("small.binn: clean, 3 nodes, 22 edges"), "{}", said.err);
    bench.run("compile small.binn").expect(0);
    bench.run("run small.binn").expect(0);
    assert!(bench.exists("runs/small/run.json"), "the folder is named after the model");
    let said = bench.run("--quiet check small.binn").expect(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
    bench.run("rule").expect(0);
    bench.run("rule e0401").expect(0);
    bench.run("rule topology-cycle").expect(0);
    bench.run("rule E9999").refuses(8, &["E9999"]);
}

#[test]
fn check_ends_with_one_for_findings() {
    let bench = Bench::with(&Spec::default());
    bench.write("broken.binn", Spec::default().text().replace("from integrator", "from integrater"));
    bench.write("twin.yaml", "binn: 1\n");
    bench.run("check broken.binn").refuses(1, &["E0201", "integrator"]);
    bench.run("check small.binn broken.binn small.binn").expect(1);
    bench.run("check twin.yaml").refuses(1, &["E0106", "model"]);
    bench.run("check absent.binn").refuses(3, &["E0301", "absent.binn"]);
    let said = bench.run("check absent.binn broken.binn");
    said.refuses(3, &["E0301", "E0201"]);
    let unused = Spec {
        more: "table other from tsv \"data/pheno.tsv\" { column auxin : continuous }",
        ..Spec::default()
    };
    bench.write("unused.binn", unused.text());
    bench.run("check unused.binn").refuses(0, &["W0205", "other"]);
    bench.run("check unused.binn --deny warnings").refuses(1, &["W0205"]);
    let said = bench.run("check broken.binn --message-format json").expect(1);
    let finding: serde_json::Value = serde_json::from_str(said.err.trim()).expect("one object");
    assert_eq!((&finding["code"], &finding["line"]), (&"E0201".into(), &16.into()), "{finding}");
    let said = bench.run("run unused.binn --message-format json").expect(0);
    let parsed =
        said.err.lines().map(serde_json::from_str::<serde_json::Value>).collect::<Result<Vec<_>, _>>();
    assert_eq!(parsed.expect("objects and nothing else")[0]["code"], "W0205");
    let said = bench.run("check broken.binn --message-format short").expect(1);
    assert!(said.err.starts_with("broken.binn:16:"), "{}", said.err);
}

#[test]
fn wrong_usage_ends_with_two() {
    let bench = Bench::empty();
    for arguments in
        ["", "train", "run", "run a.binn --threads none", "run a.binn --threads 0", "predict m.safetensors"]
    {
        bench.run(arguments).expect(2);
    }
    bench.run("check a.binn --message-format xml").refuses(2, &["xml", "text, short, json, sarif or github"]);
}

#[test]
fn missing_and_broken_files() {
    let bench = Bench::with(&Spec::default());
    bench.run("run absent.binn").refuses(3, &["E0301", "absent.binn"]);
    bench.run("info absent.binn").refuses(3, &["E0301"]);
    bench.run("info absent.safetensors").refuses(3, &["E0301", "run folder"]);
    bench.write("broken.binn", Spec::default().text().replace("epochs = 4", "epoch = 4"));
    bench.run("run broken.binn").refuses(8, &["E0104", "epochs"]);
    let whole = bench.read("data/geno.bed");
    bench.write("data/geno.bed", &whole[..whole.len() - 1]);
    bench.run("run small.binn").refuses(6, &["E0302", "geno.bed"]);
    bench.write("data/geno.bed", b"##fileformat=VCFv4.2\n");
    bench.run("run small.binn").refuses(6, &["E0302", "geno.bed"]);
    bench.write("data/geno.bed", &whole);
    let fam = bench.text("data/geno.fam");
    bench.write("data/geno.fam", fam.replacen("0\tf2_1\t0\t0\t0\t-9\n", "", 1));
    bench.run("run small.binn").refuses(7, &["E0319", "geno.bed", ".fam"]);
    bench.write("data/geno.fam", fam.replace("f2_", "line_"));
    bench.run("run small.binn").refuses(7, &["E0313", "line_1", "f2_1"]);
    bench.write("data/geno.fam", fam);
    bench.remove("data/pheno.tsv");
    bench.run("run small.binn").refuses(3, &["E0301", "pheno.tsv"]);
    assert!(!bench.exists("runs"));
}

#[test]
fn constant_traits_and_missing_calls() {
    let bench = Bench::with(&Spec::default());
    let table = bench.text("data/pheno.tsv");
    let constant = |value: &str| {
        let cells = |line: &str| {
            let mut cells: Vec<&str> = line.split('\t').collect();
            cells[1] = value;
            cells.join("\t") + "\n"
        };
        let mut lines = table.lines();
        format!("{}\n", lines.next().expect("a header")) + &lines.map(cells).collect::<String>()
    };
    bench.write("data/pheno.tsv", constant("2.5"));
    bench.run("run small.binn").refuses(13, &["E0903", "outgrowth", "2.5"]);
    bench.write("data/pheno.tsv", constant("NA"));
    bench.run("run small.binn").refuses(13, &["E0903", "outgrowth", "missing codes"]);
    bench.write("data/pheno.tsv", constant("1e400"));
    bench.run("run small.binn").refuses(6, &["E0303", "1e400"]);
    bench.write("data/pheno.tsv", &table);
    let mut calls = codes(&bench.read("data/geno.bed"), 120);
    for row in &mut calls {
        row[3] = 1;
    }
    bench.write("data/geno.bed", bed(&calls));
    bench.run("run small.binn").expect(0);
}

#[test]
fn outputs_that_cannot_be_written_end_with_five() {
    let bench = Bench::with(&Spec { train: "epochs = 1000000", ..Spec::default() });
    // Said before training: a million epochs would not end within the test.
    bench.run("run small.binn --out small.binn/run").refuses(5, &["E0901", "small.binn/run"]);
    bench.write("small.binn", Spec::default().text());
    bench.run("run small.binn --out run").expect(0);
    let predict = "predict run/model.safetensors --bfile data/geno --out";
    bench.run(&format!("{predict} nowhere/out.tsv")).refuses(5, &["E0901", "nowhere/out.tsv"]);
    bench.run("compile small.binn -o nowhere/plan.json").refuses(5, &["E0901", "nowhere/plan.json"]);
    bench.run(&format!("{predict} out.tsv")).expect(0);
    assert_eq!(bench.text("out.tsv").lines().count(), 121);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_an_error() {
    let bench = Bench::with(&Spec::default());
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = bench.command("compile small.binn").stdout(full).output().expect("starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("E0901") && said.contains("standard output"), "{said}");
}

#[test]
fn readers_that_go_away_are_no_error() {
    let bench = Bench::with(&Spec::default());
    let mut child = bench
        .command("compile small.binn --emit plan")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut line = String::new();
    let mut out = BufReader::with_capacity(1, child.stdout.take().expect("piped"));
    out.read_line(&mut line).expect("a line");
    drop(out);
    let output = child.wait_with_output().expect("ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    // Nobody listens to standard error either.
    let mut child =
        bench.command("check small.binn absent.binn").stderr(Stdio::piped()).spawn().expect("starts");
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("ends").code(), Some(3));
}

#[test]
fn what_is_not_a_spec_is_named() {
    let bench = Bench::with(&Spec::default());
    bench.run("compile small.binn -o small.plan.json").expect(0);
    bench.run("run small.plan.json").refuses(8, &["E0113", "is a plan"]);
    bench.write("small.yaml", "binn: 1\nmodel: [\n");
    bench.run("run small.yaml").refuses(8, &["E0108", "never closed"]);
    bench.write("latin.binn", b"binn 1\nmodel caf\xe9\n");
    bench.run("run latin.binn").refuses(8, &["E0101", "see byte 16", "iconv"]);
}

#[cfg(debug_assertions)]
#[test]
fn a_fault_of_binnc_ends_with_a_file_that_holds_no_data() {
    let bench = Bench::with(&Spec::default());
    let mut command = bench.command("check small.binn");
    let output =
        command.env("BINNC_TRY_A_FAULT", "1").env("TMPDIR", bench.path("")).output().expect("starts");
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(70), "{said}");
    assert!(said.contains("a fault in binnc and not in your data"), "{said}");
    assert_eq!(said.lines().count(), 1, "one paragraph: {said}");
    let (name, bytes) =
        bench.files("").into_iter().find(|(name, _)| name.contains("binnc-fault-")).expect("a file");
    assert!(said.contains(name.trim_start_matches('/')), "{said}");
    let text = String::from_utf8(bytes).expect("text");
    assert!(text.contains("command check\n") && text.contains("\nat src/main.rs:"), "{text}");
    for of_data in ["S_123", "small.binn", "/root", "/home", "/work"] {
        assert!(!text.contains(of_data), "{of_data} in {text}");
    }
}
