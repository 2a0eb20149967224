//! Every kept input of every fuzz target, replayed through the target's own assertions.
//!
//! `fuzz/` finds inputs with a nightly toolchain; what it has kept is asserted here with any other.

#![expect(clippy::disallowed_methods, reason = "a test reads the kept inputs")]

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The files of a folder, sorted; none where the folder is not there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn fuzz(folder: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder).join(target)
}

fn replay(target: &str, check: targets::Check) -> Vec<String> {
    let kept = ["corpus", "regressions"].map(|folder| files(&fuzz(folder, target)));
    assert!(!kept[0].is_empty(), "`{target}` has a corpus");
    let mut broken = Vec::new();
    for path in kept.concat() {
        let bytes = std::fs::read(&path).expect("a kept input");
        if catch_unwind(AssertUnwindSafe(|| check(&bytes))).is_err() {
            broken.push(path.display().to_string());
        }
    }
    broken
}

#[test]
fn kept_inputs_pass_in_every_target() {
    let broken: Vec<String> =
        targets::ALL.into_iter().flat_map(|(target, check)| replay(target, check)).collect();
    assert!(broken.is_empty(), "{} inputs break their target:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_target_can_be_run() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml"))
        .expect("the manifest of fuzz");
    for (target, _) in targets::ALL {
        assert!(manifest.contains(&format!("path = \"targets/{target}.rs\"")), "`{target}` is a [[bin]]");
        assert!(fuzz("targets", &format!("{target}.rs")).exists(), "`{target}` has its entry");
    }
}
