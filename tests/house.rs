//! The rules of the house, read off the source: direction of use, codes, module docs, lengths.
//!
//! Every violation is listed in one run, each with the file and what to do.

#![expect(clippy::disallowed_methods, reason = "a test reads the source tree")]

use std::path::{Path, PathBuf};

use binnc::language::diagnostics::Code;

/// Wings from left to right; those of one row do not use each other.
const FLOORS: [&[&str]; 6] =
    [&["io", "kernel", "language"], &["data", "knowledge"], &["compiler"], &["engine"], &["study"], &["cli"]];

/// Inside a wing, from left to right.
const STAGES: [(&str, &[&[&str]]); 4] = [
    ("language", &[&["source"], &["diagnostics"], &["syntax"], &["spec"]]),
    ("compiler", &[&["graph"], &["plan"], &["lock", "compare"]]),
    ("engine", &[&["network"], &["model"], &["train"]]),
    ("study", &[&["linear"], &["derive"], &["evaluate", "explain"], &["report"]]),
];

/// Crates that one folder keeps to itself.
const CONFINED: [(&str, &str); 5] = [
    ("pest", "src/language/syntax/dsl/"),
    ("serde_saphyr", "src/language/syntax/yaml/"),
    ("schemars", "src/language/syntax/yaml/schema.rs"),
    ("miette", "src/language/diagnostics/render/"),
    ("petgraph", "src/compiler/graph/"),
];

const LONG_FILE: usize = 400;
const LONGEST_FILE: usize = 700;
/// A page of fewer lines explains nothing.
const SHORTEST_PAGE: usize = 6;

#[test]
fn house_rules_hold() {
    let sources: Vec<File> = files("src").into_iter().filter(|file| file.name.ends_with(".rs")).collect();
    let tests: Vec<File> = files("tests").into_iter().filter(|file| file.name != "tests/house.rs").collect();
    assert!(sources.len() > 10 && !tests.is_empty(), "the source tree is where the package is");
    let mut broken = Vec::new();
    for file in &sources {
        direction(file, &mut broken);
        confinement(file, &mut broken);
        layout(file, &mut broken);
    }
    for code in Code::ALL {
        page(*code, &mut broken);
        use_of(*code, &sources, &tests, &mut broken);
    }
    assert!(broken.is_empty(), "{} house rules are broken:\n  {}\n", broken.len(), broken.join("\n  "));
}

#[test]
fn backward_arrows_are_seen() {
    let seen = |name: &str, text: &str| {
        let mut broken = Vec::new();
        direction(&File { name: name.to_owned(), text: text.to_owned() }, &mut broken);
        broken.len()
    };
    assert_eq!(seen("src/data/bed.rs", "use crate::compiler::plan::Plan;"), 1);
    assert_eq!(seen("src/data/bed.rs", "use crate::knowledge::Prior;"), 1);
    assert_eq!(seen("src/data/bed.rs", "use crate::language::source::Span;\n// crate::study"), 0);
    assert_eq!(seen("src/language/syntax/mod.rs", "use super::spec::Spec;"), 1);
    assert_eq!(seen("src/language/syntax/dsl/mod.rs", "use super::super::spec::Spec;"), 1);
    assert_eq!(seen("src/language/spec/lower.rs", "use crate::language::syntax::ast;"), 0);
    assert_eq!(seen("src/compiler/graph/mod.rs", "use crate::{language, study};"), 1);
}

struct File {
    /// Path from the package, with `/`.
    name: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder, sorted; bytes that are no text are replaced.
fn files(folder: &str) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the package") {
            let path = entry.expect("an entry of the folder").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("a file of the package");
            let local = path.strip_prefix(root()).expect("a path in the package");
            let name = local.to_string_lossy().replace('\\', "/");
            found.push(File { name, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// No wing uses one to its right or beside it, and no stage one to its right.
fn direction(file: &File, broken: &mut Vec<String>) {
    let module = module_of(&file.name);
    let [wing, rest @ ..] = module.as_slice() else { return };
    for (line, path) in references(file, &module) {
        let [to, inner @ ..] = path.as_slice() else { continue };
        let place = format!("{}:{line}", file.name);
        if to == "{" {
            broken.push(format!("{place}: write one `use crate::WING` a line, so that arrows can be read"));
        }
        if to != wing && goes_back(&FLOORS, wing, to) {
            broken.push(format!("{place}: `{wing}` uses `{to}`, which is not to its left"));
        }
        let stages = STAGES.iter().find(|(name, _)| name == wing).map(|(_, stages)| *stages);
        if let (Some(stages), true, [from, ..], [onto, ..]) = (stages, to == wing, rest, inner)
            && from != onto
            && goes_back(stages, from, onto)
        {
            broken.push(format!("{place}: `{wing}::{from}` uses `{wing}::{onto}`, which is not to its left"));
        }
    }
}

fn goes_back(floors: &[&[&str]], from: &str, onto: &str) -> bool {
    let floor = |name: &str| floors.iter().position(|row| row.contains(&name));
    matches!((floor(from), floor(onto)), (Some(from), Some(onto)) if onto >= from)
}

/// `src/language/syntax/mod.rs` → `language syntax`; empty for `lib.rs` and `main.rs`.
fn module_of(name: &str) -> Vec<String> {
    let path = name.trim_start_matches("src/").trim_end_matches(".rs");
    let parts = path.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main"));
    parts.map(str::to_owned).collect()
}

/// Line number and absolute path of each `crate::…` and `super::…` in the code.
fn references(file: &File, module: &[String]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut in_tests = false;
    for (at, line) in file.text.lines().enumerate() {
        in_tests |= line.starts_with("mod tests");
        if line.trim_start().starts_with("//") {
            continue;
        }
        let absolute =
            line.match_indices("crate::").map(|(start, word)| segments(&line[start + word.len()..]));
        found.extend(absolute.map(|path| (at + 1, path)));
        let Some(start) = line.find("super::").filter(|_| !in_tests) else { continue };
        let (mut path, mut rest) = (module.to_vec(), &line[start..]);
        while let Some(after) = rest.strip_prefix("super::") {
            path.pop();
            rest = after;
        }
        path.extend(segments(rest));
        found.push((at + 1, path));
    }
    found
}

/// The first two segments of a path; `{` stands for a group.
fn segments(path: &str) -> Vec<String> {
    let end = |part: &str| part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
    let parts = path.split("::").take(2);
    parts
        .map(|part| if part.starts_with('{') { "{".to_owned() } else { part[..end(part)].to_owned() })
        .collect()
}

fn confinement(file: &File, broken: &mut Vec<String>) {
    for (name, home) in CONFINED {
        let uses = |line: &str| {
            let code = !line.trim_start().starts_with("//");
            code && [format!("{name}::"), format!("use {name}"), format!("{name}_derive")]
                .iter()
                .any(|pattern| line.contains(pattern.as_str()))
        };
        if !file.name.starts_with(home)
            && let Some(line) = file.text.lines().position(uses)
        {
            broken.push(format!("{}:{}: `{name}` is used outside {home}", file.name, line + 1));
        }
    }
}

fn layout(file: &File, broken: &mut Vec<String>) {
    let doc: String = file.text.lines().take_while(|line| line.starts_with("//!")).collect();
    let lines = file.text.lines().count();
    if doc.is_empty() {
        broken.push(format!("{}: starts without a module doc (`//!`)", file.name));
    }
    if lines > LONGEST_FILE {
        broken.push(format!("{}: {lines} lines; split it, {LONGEST_FILE} are the most", file.name));
    } else if lines > LONG_FILE && !doc.contains("long") {
        broken
            .push(format!("{}: {lines} lines; split it, or say in the module doc why it is long", file.name));
    }
}

fn page(code: Code, broken: &mut Vec<String>) {
    let name = code.name();
    let heading = format!("# {name} {}", code.slug());
    if code.page().lines().next() != Some(heading.as_str()) {
        broken.push(format!("codes/{name}.md: the first line is not `{heading}`"));
    }
    if code.page().lines().count() < SHORTEST_PAGE {
        broken.push(format!("codes/{name}.md: write what it means, a wrong example and the fix"));
    }
}

fn use_of(code: Code, sources: &[File], tests: &[File], broken: &mut Vec<String>) {
    let name = code.name();
    let raised = format!("Code::{name}");
    if !sources.iter().any(|file| !file.name.ends_with("codes.rs") && file.text.contains(&raised)) {
        broken.push(format!("{name}: nothing under src raises it; remove the row or write the check"));
    }
    if !tests.iter().any(|file| file.text.contains(name)) {
        broken.push(format!("{name}: no test under tests shows it; add an input"));
    }
}
