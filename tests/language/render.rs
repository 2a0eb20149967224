//! One report in each form, with everything that a finding can hold.

use binnc::language::diagnostics::render::{MessageFormat, Style, render};
use binnc::language::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use binnc::language::source::{Sources, Span};

fn sample() -> (Sources, Diagnostics) {
    let mut sources = Sources::default();
    sources.add("shared.binn", "binn 1\nlayer gene : gene\n");
    let main =
        sources.add("maize.binn", "binn 1\r\n\tlayer gene : gene\r\nlink gene -> \u{202e}gene via go\r\n");
    let find = |word: &str| {
        let start = main.base() + main.text.find(word).expect("the word is there") as u32;
        Span { start, end: start + word.len() as u32 }
    };
    let mut found = Diagnostics::default();
    found.push(
        Diagnostic::new(Code::E0202, "`gene` is defined twice")
            .at(find("gene : gene"), "second definition")
            .at(Span { start: 13, end: 17 }, "first definition")
            .at(find("via go"), "used here")
            .note("gene_map.tsv:17: `AT1G01010`\u{1b}[2J")
            .note("gene_map.tsv:18: `AT1G01020`")
            .help("give one of them another name, such as `layer gene_2 : gene`, and use that name in every link, \
                   `predict` and `supervise` that means it\n::set-output name=x::y"),
    );
    found.push(Diagnostic::new(Code::W0406, "node `lonely` reaches no output"));
    (sources, found)
}

#[test]
fn forms() {
    let (sources, found) = sample();
    for format in MessageFormat::ALL {
        let out = render(format, &found, &sources, Style { colour: false, width: 76 });
        // Pages of rules stand in SARIF; they are reviewed where they are written.
        if format != MessageFormat::Sarif {
            insta::assert_snapshot!(format.name(), out);
        }
        assert_eq!(MessageFormat::find(format.name()), Some(format));
    }
    assert_eq!(MessageFormat::find("html"), None);
}

#[test]
fn json_lines_hold_every_key_and_nothing_hidden() {
    let (sources, found) = sample();
    let out = render(MessageFormat::Json, &found, &sources, Style::default());
    assert!(out.is_ascii(), "{out}");
    for line in out.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        let keys: Vec<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
        let wanted =
            ["code", "slug", "severity", "file", "line", "column", "message", "help", "labels", "notes"];
        assert_eq!(keys, wanted);
    }
}

#[test]
fn no_form_passes_an_escape_or_a_command() {
    let mut sources = Sources::default();
    let source = sources.add("::error::x", "\u{1b}]0;t\u{7} \u{202e}\n");
    let at = Span { start: source.base(), end: source.base() + 3 };
    let nasty = "\n::error::\u{1b}[31m\r##[group]";
    let finding = Diagnostic::new(Code::E0101, nasty).at(at, nasty).note(nasty).help(nasty);
    let found = Diagnostics::from(finding);
    for format in MessageFormat::ALL {
        let out = render(format, &found, &sources, Style { colour: false, width: 50 });
        assert!(!out.contains(['\u{1b}', '\u{7}', '\u{202e}', '\r']), "{out:?}");
        let own = |line: &str| format == MessageFormat::Github && line.starts_with("::error file=");
        assert!(out.lines().all(|line| own(line) || !line.trim_start().starts_with("::")), "{out}");
        assert!(!out.contains("##["), "{out}");
    }
}

/// A finding in a data file, as a reader gives it and the loader completes it.
fn in_data(line: &str, word: &str) -> Diagnostic {
    let mut place = Place::new("sets.gmt", 1_204, format!("`{word}` again")).word(word);
    place.look_up(line);
    Diagnostic::new(Code::W0318, "`sets.gmt` has 2 members repeated within a set")
        .within(place)
        .within(Place::new("sets.gmt", 1_317, "`G2` again"))
}

#[test]
fn lines_of_data_files_come_first() {
    let mut sources = Sources::default();
    let spec = sources.add("maize.binn", "binn 1\nprior go from gmt \"sets.gmt\"\n");
    let at = Span { start: spec.base() + 25, end: spec.base() + 35 };
    let line = format!("P1\tsecond\tG1\t{}\u{1b}[2J\tG1\t{}", "x\t".repeat(300), "y\t".repeat(300));
    let found = Diagnostics::from(in_data(&line, "G1").at(at, "read from here").help("remove one"));
    let shown = |format| render(format, &found, &sources, Style { colour: false, width: 76 });
    insta::assert_snapshot!("data_text", shown(MessageFormat::Text));
    insta::assert_snapshot!("data_short", shown(MessageFormat::Short));
    insta::assert_snapshot!("data_json", shown(MessageFormat::Json));
}
