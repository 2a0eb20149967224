//! What is uploaded to code scanning: valid against the published schema, within limits, stable.
//!
//! The schema is the one that the crate of SARIF's types was made from, found through cargo.

use binnc::language::diagnostics::render::{Part, Paths, github, sarif};
use binnc::language::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use binnc::language::source::{Sources, Span};
use serde_json::Value;
use std::io::Write;
use std::process::Command;

const SPEC: &str =
    "binn 1\nmodel maize\nprior go from gmt \"sets.gmt\" : gene -> pathway\nlink gene -> gene\n";

/// A spec with one finding in its text and one in a data file.
struct Case {
    file: String,
    sources: Sources,
    found: Diagnostics,
    notes: Vec<String>,
}

impl Case {
    fn new(file: &str, text: &str) -> Self {
        let mut sources = Sources::default();
        let source = sources.add(file, text);
        let find = |word: &str| {
            let start = source.base() + source.text.find(word).expect("the word is there") as u32;
            Span { start, end: start + word.len() as u32 }
        };
        let mut place = Place::new("data/go terms.gmt", 7, "`G1` again in `P1`").word("G1");
        place.look_up("P1\tfirst\tG1\tG2\tG1");
        let mut found = Diagnostics::default();
        found.push(
            Diagnostic::new(Code::E0402, "node `gene` is linked to itself").at(find("link gene -> gene"), ""),
        );
        found.push(
            Diagnostic::new(Code::W0318, "`/home/ann/work/data/go terms.gmt` has 1 member repeated")
                .within(place)
                .at(find("\"sets.gmt\""), "read from here")
                .note("a fact, 100 %\u{1b}[31m")
                .help("remove it\n::error::x"),
        );
        Self { file: file.to_owned(), sources, found, notes: vec!["`panel.bim` is not there".to_owned()] }
    }

    fn part(&self) -> Part<'_> {
        Part { file: &self.file, found: &self.found, sources: &self.sources, notes: &self.notes }
    }
}

fn paths() -> Paths {
    Paths::new(["/home/ann/work".to_owned()])
}

fn document(parts: &[Part<'_>]) -> Value {
    serde_json::from_str(&sarif(parts, &paths())).expect("SARIF is JSON")
}

fn results(document: &Value) -> &Vec<Value> {
    document["runs"][0]["results"].as_array().expect("results")
}

fn fingerprints(document: &Value) -> Vec<String> {
    let of = |result: &Value| result["partialFingerprints"]["primaryLocationLineHash"].to_string();
    results(document).iter().map(of).collect()
}

/// What the cargo that runs this test says.
fn cargo(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    String::from_utf8(run.expect("cargo is there").stdout).expect("cargo speaks UTF-8")
}

/// The JSON schema of SARIF 2.1.0 that stands in the sources of `serde-sarif`.
fn schema() -> Value {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo knows its host");
    let asked = ["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&cargo(&asked)).expect("cargo speaks JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("a dependency");
    let manifest = std::path::Path::new(package["manifest_path"].as_str().expect("a path"));
    #[expect(clippy::disallowed_methods, reason = "a test reads the schema")]
    let text =
        std::fs::read_to_string(manifest.with_file_name("src/schema.json")).expect("the schema is there");
    // The patterns of two languages have a bracket too many, which validators refuse.
    let mut schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
    for holder in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][holder]["properties"]["language"];
        language.as_object_mut().map(|language| language.remove("pattern"));
    }
    schema
}

#[test]
fn documents_are_valid_sarif() {
    let validator = jsonschema::validator_for(&schema()).expect("the schema compiles");
    let (one, two) = (Case::new("specs/maize.binn", SPEC), Case::new("/home/ann/work/specs/oat.binn", SPEC));
    for parts in [&[][..], &[one.part()], &[one.part(), two.part()]] {
        let document = document(parts);
        let faults: Vec<String> = validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        let _: serde_sarif::sarif::Sarif = serde_json::from_value(document).expect("reads back as its types");
    }
    assert!(!validator.is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{"tool": {}}]})));
}

#[test]
fn a_result_says_where_what_and_how_much_it_matters() {
    let case = Case::new("./specs/maize.binn", SPEC);
    let document = document(&[case.part()]);
    let found = results(&document);
    let levels: Vec<&Value> = found.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["error", "warning", "note"]);
    let place = &found[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "specs/maize.binn");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    let region = &place["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&4.into(), &1.into()));
    assert_eq!((&region["endLine"], &region["endColumn"]), (&4.into(), &18.into()));
    let place = &found[1]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "data/go%20terms.gmt", "the data file comes first");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&7.into(), &16.into()));
    let related = &found[1]["relatedLocations"][0];
    assert_eq!(related["physicalLocation"]["region"]["startLine"], 3);
    assert_eq!(related["message"]["text"], "read from here");
    let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in found {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{}", result["ruleId"]);
    }
    for rule in rules {
        for key in ["name", "shortDescription", "fullDescription", "help"] {
            assert!(!rule[key].is_null(), "{key} of {}", rule["id"]);
        }
        assert!(rule["helpUri"].is_null());
    }
    let cycle = rules.iter().find(|rule| rule["id"] == "E0402").expect("the rule");
    assert!(cycle["help"]["markdown"].as_str().is_some_and(|page| page.starts_with("# E0402 self-link")));
}

#[test]
fn nothing_of_the_machine_and_nothing_hidden_is_uploaded() {
    let case = Case::new("/home/ann/work/specs/maize.binn", SPEC);
    let text = sarif(&[case.part()], &paths());
    assert!(!text.contains("/home/ann"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("\\u001b"), "{text}");
    assert!(text.contains("\\\\u{3a}:error::x"), "{text}");
}

#[test]
fn fingerprints_survive_lines_that_move_and_tell_findings_apart() {
    let before = Case::new("maize.binn", SPEC);
    let moved = SPEC
        .replace("model maize\n", "# a comment\n\n\nmodel maize\n")
        .replace("link gene ->", "link  gene  ->");
    let moved = moved.replace("link  gene  -> gene", "link gene -> gene");
    let after = Case::new("maize.binn", &moved);
    assert_eq!(fingerprints(&document(&[before.part()])), fingerprints(&document(&[after.part()])));
    let elsewhere = Case::new("oat.binn", SPEC);
    let other = fingerprints(&document(&[elsewhere.part()]));
    assert_ne!(fingerprints(&document(&[before.part()]))[0], other[0], "another file");
    let mut twice = Case::new("maize.binn", SPEC);
    let again = twice.found.iter().next().expect("a finding").clone();
    twice.found.push(again);
    let mut all = fingerprints(&document(&[twice.part()]));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "the same finding twice is two alerts");
}

/// As many findings as asked for, warnings first.
fn many(count: usize, words: impl Fn(usize) -> String) -> Case {
    let mut case = Case::new("maize.binn", SPEC);
    case.found = Diagnostics::default();
    for at in 0..count {
        let code = if at % 10 == 9 { Code::E0402 } else { Code::W0307 };
        case.found.push(Diagnostic::new(code, words(at)).at(Span { start: 0, end: 4 }, "here"));
    }
    case
}

#[test]
fn thirty_thousand_findings_stay_within_the_limits() {
    let case = many(30_000, |at| format!("node `n{at}` is wrong"));
    let text = sarif(&[case.part()], &paths());
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["runs"].as_array().map(Vec::len), Some(1));
    let found = results(&document);
    assert_eq!(found.len(), 25_000);
    assert!(found[..3_000].iter().all(|result| result["level"] == "error"), "errors come first");
    assert_eq!(found[24_999]["level"], "note");
    assert!(found[24_999]["message"]["text"].as_str().is_some_and(|text| text.starts_with("5002 more")));
    assert!(gzip(&text) <= 10 << 20);
}

#[test]
fn findings_that_do_not_compress_stay_within_ten_megabytes() {
    let mut state = 1_u64;
    let mut noise = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + (state >> 33) as u8 % 90)
    };
    let texts: Vec<String> = (0..9_000).map(|_| (0..2_000).map(|_| noise()).collect()).collect();
    let case = many(9_000, |at| texts[at].clone());
    let text = sarif(&[case.part()], &paths());
    assert!(gzip(&text) <= 10 << 20, "{}", gzip(&text));
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert!(results(&document).len() > 1_000, "as much as there is room for");
}

#[test]
fn a_finding_of_many_places_keeps_a_hundred() {
    let mut case = many(0, |_| String::new());
    let spread = (0..5_000).fold(Diagnostic::new(Code::W0318, "many"), |found, line| {
        found.within(Place::new("sets.gmt", line + 1, "again"))
    });
    case.found.push(spread);
    let document = document(&[case.part()]);
    let result = &results(&document)[0];
    let count = |key: &str| result[key].as_array().map_or(0, Vec::len);
    assert_eq!((count("locations"), count("relatedLocations")), (1, 99));
    assert!(result["message"]["text"].as_str().is_some_and(|text| text.chars().count() <= 4_001));
}

fn gzip(text: &str) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).expect("memory");
    encoder.finish().expect("memory").len()
}

#[test]
fn workflow_commands_are_escaped() {
    let case = Case::new("/home/ann/work/specs/50%, a:b.binn", SPEC);
    let out = github(&[case.part()], &paths());
    insta::assert_snapshot!("github_commands", out);
    assert!(!out.contains(['\u{1b}', '\r']) && !out.contains("/home/ann"), "{out}");
    assert!(out.lines().all(|line| line.starts_with("::")), "{out}");
}

#[test]
fn what_github_would_not_show_is_counted() {
    let case = many(300, |at| format!("node `n{at}` is wrong"));
    let out = github(&[case.part()], &paths());
    let commands = |word: &str| out.lines().filter(|line| line.starts_with(&format!("::{word} "))).count();
    assert_eq!((commands("error"), commands("warning"), commands("notice")), (10, 10, 2));
    let last = out.lines().last().expect("a line");
    assert_eq!(
        last,
        "::notice title=binnc::20 errors, 260 warnings more are not shown beside the files; the log of this step has them"
    );
    assert_eq!(out.lines().filter(|line| line.starts_with("maize.binn:1:1: ")).count(), 280);
}
