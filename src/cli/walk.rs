//! The specs below a folder: what `binnc check specs/` looks at.
//!
//! Folders are walked in the order of their names, each once, so that the same tree gives the
//! same report. What is written by tools is left out: hidden folders, `runs`, `target`, caches.

use crate::io::World;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders that hold no specs of an author.
const SKIPPED: [&str; 5] = ["runs", "target", "node_modules", "__pycache__", "cache"];
/// The mark of a cache folder (<https://bford.info/cachedir/>).
const CACHE_MARK: &str = "CACHEDIR.TAG";
/// Bytes in which a YAML file must say that it is a spec.
const HEAD: usize = 64 << 10;

/// Whether this is a folder that can be walked.
pub(super) fn is_folder(world: &dyn World, path: &Path) -> bool {
    world.list(path).is_ok()
}

/// Every spec below `folder`, sorted.
pub(super) fn specs(world: &dyn World, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(world, folder, &mut BTreeSet::new(), &mut found);
    found.sort();
    found
}

fn walk(world: &dyn World, folder: &Path, seen: &mut BTreeSet<PathBuf>, found: &mut Vec<PathBuf>) {
    let Ok(entries) = world.list(folder) else { return };
    let real = world.canonical(folder).unwrap_or_else(|_| folder.to_path_buf());
    let is_cache = entries.iter().any(|entry| entry.file_name().is_some_and(|name| name == CACHE_MARK));
    if is_cache || !seen.insert(real) {
        return;
    }
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_spec(world, &path) {
            found.push(path);
        } else if !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
            walk(world, &path, seen, found);
        }
    }
}

/// A `.binn` file, or a YAML file with a `binn:` key at its start.
pub(super) fn is_spec(world: &dyn World, path: &Path) -> bool {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("binn") => !is_folder(world, path),
        Some("yaml" | "yml") => {
            let head = world.head(path, HEAD).unwrap_or_default();
            starts_as_spec(&String::from_utf8_lossy(&head))
        }
        _ => false,
    }
}

fn starts_as_spec(text: &str) -> bool {
    let passed = |line: &&str| {
        let line = line.trim_end();
        !(line.is_empty()
            || line == "---"
            || line.starts_with(['#', '%'])
            || line.trim_start().starts_with('#'))
    };
    let first = text.trim_start_matches('\u{feff}').lines().find(passed).unwrap_or_default();
    let key = first.split(':').next().unwrap_or_default().trim_end();
    first.contains(':') && ["binn", "\"binn\"", "'binn'"].contains(&key)
}

#[cfg(test)]
mod tests {
    use super::starts_as_spec;

    #[test]
    fn a_yaml_file_is_a_spec_by_its_first_key() {
        for spec in ["binn: 1\n", "# a\n\n---\nbinn : 1", "\u{feff}%YAML 1.2\n---\n'binn': 1\n"] {
            assert!(starts_as_spec(spec), "{spec}");
        }
        for other in ["", "name: CI\nbinn: 1\n", "binn\n", "  - binn: 1\n", "binnc: 1\n"] {
            assert!(!starts_as_spec(other), "{other}");
        }
    }
}
