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
    ("study", &[&["linear"], &["derive"], &["explain"], &["evaluate"], &["report"], &["diagnose"]]),
];

/// Crates that one folder keeps to itself.
const CONFINED: [(&str, &str); 5] = [
    ("pest", "src/language/syntax/dsl/"),
    ("serde_saphyr", "src/language/syntax/yaml/"),
    ("schemars", "src/language/syntax/yaml/schema.rs"),
    ("miette", "src/language/diagnostics/render/"),
    ("petgraph", "src/compiler/graph/"),
];

/// Codes that no `.binn` text can raise, though a spec can, with the reason.
const NOT_IN_BINN: [(&str, &str); 1] = [("E0108", "is about what YAML has and `.binn` has not")];

/// Codes that no YAML text can raise, though a `.binn` text can, with the reason.
const NOT_IN_YAML: [(&str, &str); 0] = [];

/// Codes that `check` of a spec does not raise, with the reason; tests of commands show them.
const NOT_IN_A_SPEC: [(&str, &str); 39] = [
    ("E0308", "compares the alleles of new samples with those of a model"),
    ("W0315", "is told when folds are made"),
    ("W0412", "is told under `--pedantic` alone"),
    ("W0507", "is told when training starts"),
    ("W0608", "is told when a trait is read for training"),
    ("E0609", "is about one training part"),
    ("W0703", "is told when links were learnt"),
    ("W0704", "is told when shares were judged"),
    ("E0705", "is told when folds are made"),
    ("W0706", "is told when folds are made"),
    ("E0707", "is told when folds are read"),
    ("W0708", "is told when folds are made"),
    ("E0801", "compares with a lock"),
    ("E0802", "compares with a lock"),
    ("W0803", "compares with a lock"),
    ("E0805", "is raised under `--reproducible` alone"),
    ("W0806", "is told under `--pedantic` alone"),
    ("E0804", "compares a model with its graph"),
    ("E0807", "is about a lock or model that a later version wrote"),
    ("E0808", "is about the folder of a run"),
    ("E0901", "is about where results go"),
    ("E0902", "arises in training"),
    ("E0904", "is about the folder of a run"),
    ("E0905", "is raised by the keyboard"),
    ("E0906", "is about the folder of a new project"),
    ("W0907", "is about the environment of a command"),
    ("W0908", "is told when training starts"),
    ("W1001", "is about a finished run"),
    ("W1002", "is about a finished run"),
    ("W1003", "is about a finished run"),
    ("W1004", "is about a finished run"),
    ("W1005", "is about a finished run"),
    ("W1006", "is about a finished run"),
    ("W1007", "is about a finished run"),
    ("W1008", "is about a finished run"),
    ("W1009", "is about a finished run"),
    ("W1010", "is about a finished run"),
    ("W1011", "is about a finished run"),
    ("W1012", "is about a finished run"),
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
        constructor(*code, &sources, &mut broken);
        shown(*code, &tests, &mut broken);
    }
    no_such_code(&mut broken);
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

/// The wording stands in an `error.rs`, in a function that something calls.
fn constructor(code: Code, sources: &[File], broken: &mut Vec<String>) {
    let (name, raised) = (code.name(), format!("Code::{}", code.name()));
    let wording = |file: &&File| file.name.ends_with("/error.rs") || file.name.contains("/error/");
    let mut functions =
        sources.iter().filter(wording).flat_map(|file| functions_with(&file.text, &raised)).peekable();
    if functions.peek().is_none() {
        broken.push(format!("{name}: no error.rs words it; remove the row, or write check and constructor"));
    } else if !functions.any(|function| sources.iter().any(|file| calls(&file.text, function))) {
        broken.push(format!("{name}: nothing under src calls its constructor"));
    }
}

/// The names of the functions that hold a word.
fn functions_with<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    let name = |before: &'t str| {
        let start = before.rfind("fn ")? + "fn ".len();
        before[start..].split(['(', '<']).next()
    };
    text.match_indices(word).filter_map(|(at, _)| name(&text[..at])).collect()
}

/// Whether a text uses a function rather than only defining it.
fn calls(text: &str, function: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(function).any(|(at, word)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !before.ends_with("fn ") && !before.ends_with(inner) && !after.starts_with(inner)
    })
}

/// Both notations have an input that shows the code, or a table says why not.
fn shown(code: Code, tests: &[File], broken: &mut Vec<String>) {
    let name = code.name();
    let snapshots = |ending: &'static str| {
        tests.iter().filter(move |file| file.name.ends_with(&format!("{ending}.snap"))).filter(|file| {
            let (_, answer) = file.text.split_once("――― answer ―――").unwrap_or_default();
            answer.contains(name)
        })
    };
    let yaml_name = format!("@{}_", name.to_lowercase());
    let in_binn = snapshots(".binn").next().is_some();
    let in_yaml = snapshots(".yaml").any(|file| file.name.contains(&yaml_name));
    let listed = |table: &[(&str, &str)]| table.iter().any(|(listed, _)| *listed == name);
    let nowhere = listed(&NOT_IN_A_SPEC);
    let mut compare = |is_shown: bool, excused: bool, what: &str, table: &str| match (is_shown, excused) {
        (false, false) => broken.push(format!("{name}: {what} shows it; add one with its snapshot")),
        (true, true) => broken.push(format!("{name}: an input shows it; remove it from {table}")),
        _ => {}
    };
    let inputs = "tests/language/inputs/checks";
    let tables = |own: &str| if nowhere { "NOT_IN_A_SPEC".to_owned() } else { own.to_owned() };
    let binn = format!("no .binn input under {inputs}");
    compare(in_binn, nowhere || listed(&NOT_IN_BINN), &binn, &tables("NOT_IN_BINN"));
    let yaml = format!("no {inputs}/{}_….yaml", name.to_lowercase());
    compare(in_yaml, nowhere || listed(&NOT_IN_YAML), &yaml, &tables("NOT_IN_YAML"));
    let outside = |file: &&File| !file.name.contains("tests/language/") && file.text.contains(name);
    if nowhere && !tests.iter().any(|file| outside(&file)) {
        broken.push(format!("{name}: no test of a command or of numbers shows it"));
    }
}

/// The tables name codes that exist, once each.
fn no_such_code(broken: &mut Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    for (name, _) in NOT_IN_BINN.iter().chain(&NOT_IN_YAML).chain(&NOT_IN_A_SPEC) {
        if !Code::ALL.iter().any(|code| code.name() == *name) || !seen.insert(*name) {
            broken.push(format!("tests/house.rs: `{name}` in a table is no code, or stands twice"));
        }
    }
}
