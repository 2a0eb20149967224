//! Two notations, one spec: what formatting and conversion must keep.
//!
//! Trees are drawn at random; the specs of the repository and the good inputs are walked.

use crate::trees::Draw;
use binnc::io::{Disk, World};
use binnc::language::diagnostics::render::{Style, text};
use binnc::language::source::{Source, Sources};
use binnc::language::syntax::{Notation, ast, format, parse, parse_as};
use std::path::{Path, PathBuf};

const TREES: u64 = 10_000;

/// All specs of the repository and all inputs without a mistake.
pub fn specs() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("specs")];
    while let Some(folder) = folders.pop() {
        for path in Disk.list(&folder).expect("a folder of specs") {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "binn" || ending == "yaml") {
                found.push(path);
            }
        }
    }
    for folder in ["tests/language/inputs/checks", "tests/language/inputs/syntax"] {
        let inputs = Disk.list(Path::new(folder)).expect("a folder of inputs");
        let good =
            |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("good_"));
        found.extend(inputs.into_iter().filter(good));
    }
    found.sort();
    assert!(found.len() > 10);
    found
}

fn read(path: &Path) -> String {
    String::from_utf8(Disk.read(path).expect("the spec is there")).expect("the spec is UTF-8")
}

/// The tree of a text without its places; nothing may be found in it.
fn tree(notation: Notation, written: &str) -> ast::File {
    let mut sources = Sources::default();
    sources.add("before", "some other text");
    let name = if notation == Notation::Yaml { "a.yaml" } else { "a.binn" };
    let (file, found) = parse_as(notation, sources.add(name, written));
    let report = text(&found, &sources, Style { colour: false, width: 88 });
    assert!(!found.has_errors(), "{report}\n{written}");
    format::without_spans(&file)
}

fn parsed(name: &str, written: &str) -> (Sources, ast::File) {
    let mut sources = Sources::default();
    let (file, found) = parse(sources.add(name, written));
    assert!(!found.has_errors(), "{name}");
    (sources, file)
}

fn source(sources: &Sources) -> Option<&Source> {
    sources.of(Default::default())
}

/// The canonical layout of a `.binn` text.
fn formatted(written: &str) -> String {
    let (sources, file) = parsed("a.binn", written);
    format::binn(&file, source(&sources))
}

#[test]
fn a_tree_is_read_back_from_binn() {
    for seed in 0..TREES {
        let file = Draw::new(seed).file();
        let written = format::binn(&file, None);
        assert_eq!(tree(Notation::Binn, &written), file, "seed {seed}\n{written}");
        assert_eq!(formatted(&written), written, "seed {seed}");
    }
}

#[test]
fn a_tree_is_read_back_from_yaml() {
    for seed in 0..TREES {
        let file = Draw::new(seed).file();
        let written = format::yaml(&file, None);
        let expected = format::by_kind(&file);
        assert_eq!(tree(Notation::Yaml, &written), expected, "seed {seed}\n{written}");
        let again = format::binn(&tree(Notation::Yaml, &written), None);
        assert_eq!(tree(Notation::Binn, &again), expected, "seed {seed}\n{again}");
    }
}

/// Comments put at random where white space stands, outside of texts, names and `##` lines.
fn with_comments(written: &str, draw: &mut Draw) -> String {
    // The version stands on one line, which need not be the first.
    let version = written.find("binn ").unwrap_or_default();
    let first = written[version..].find('\n').map_or(written.len(), |length| version + length);
    let mut out = written[..first].to_owned();
    let (mut quote, mut doc, mut count) = (None, false, 0);
    let mut escaped = false;
    for (at, character) in written[first..].char_indices() {
        out.push(character);
        match character {
            '\n' => doc = false,
            '#' if quote.is_none() => doc = true,
            _ => {}
        }
        match (quote, character) {
            (Some(open), _) if open == character && !escaped => quote = None,
            (None, '"' | '`') if !doc => quote = Some(character),
            _ => {}
        }
        escaped = quote == Some('"') && character == '\\' && !escaped;
        let space = quote.is_none() && !doc && matches!(character, ' ' | '\n');
        // A `##` line belongs to what follows it, so nothing may stand between two of them.
        let before_doc = written[first + at + character.len_utf8()..].trim_start().starts_with("##");
        if space && !before_doc && draw.below(9) == 0 {
            let blank = if draw.below(4) == 0 { "\n" } else { "" };
            out.push_str(&format!("{blank}# c{count} \"`{{\n{blank}"));
            count += 1;
        }
    }
    out
}

fn comments(written: &str) -> Vec<String> {
    let (sources, _) = parsed("a.binn", written);
    let source = source(&sources).expect("the text was added");
    format::comments(source)
        .into_iter()
        .map(|span| source.text[source.range(span)].trim_end().to_owned())
        .collect()
}

#[test]
fn comments_survive_in_order() {
    let mut draw = Draw::new(1);
    let mut seen = 0;
    let mut texts: Vec<String> = specs()
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "binn"))
        .map(|path| read(path))
        .collect();
    texts.extend((0..TREES / 4).map(|seed| format::binn(&Draw::new(seed).file(), None)));
    for written in texts {
        let commented = with_comments(&written, &mut draw);
        let out = formatted(&commented);
        assert_eq!(comments(&out), comments(&commented), "{commented}\n――\n{out}");
        assert_eq!(tree(Notation::Binn, &out), tree(Notation::Binn, &written), "{out}");
        assert_eq!(formatted(&out), out, "{commented}\n――\n{out}");
        seen += comments(&out).len();
    }
    assert!(seen > 5_000, "{seen}");
}

#[test]
fn specs_are_formatted_and_have_a_twin() {
    for path in specs().iter().filter(|path| path.starts_with("specs")) {
        let twin =
            path.with_extension(if path.extension().is_some_and(|e| e == "binn") { "yaml" } else { "binn" });
        assert!(Disk.exists(&twin), "{} has no twin in the other notation", path.display());
        let written = read(path);
        if Notation::of(&path.to_string_lossy()) == Notation::Binn {
            assert_eq!(formatted(&written), written, "{}: run `binnc fmt specs`", path.display());
        } else {
            assert!(written.starts_with("# yaml-language-server: $schema="), "{}", path.display());
        }
    }
}

pub fn canonical(spec: &binnc::language::spec::Spec) -> String {
    serde_json::to_string(spec).expect("a spec is data")
}

#[test]
fn conversion_keeps_the_spec() {
    let spec = |notation, written: &str| {
        let mut sources = Sources::default();
        let (file, _) = parse_as(notation, sources.add("a", written));
        binnc::language::spec::lower(&file).0.map(|spec| canonical(&spec))
    };
    let mut lowered = 0;
    for path in specs() {
        let name = path.to_string_lossy().into_owned();
        let (sources, file) = parsed(&name, &read(&path));
        let (yaml, binn) = (format::yaml(&file, source(&sources)), format::binn(&file, source(&sources)));
        let expected = format::without_spans(&format::by_kind(&file));
        assert_eq!(tree(Notation::Yaml, &yaml), expected, "{name}\n{yaml}");
        // Order counts only among items of one kind.
        let original = binnc::language::spec::lower(&format::by_kind(&file)).0.map(|spec| canonical(&spec));
        assert_eq!(spec(Notation::Yaml, &yaml), original, "{name}");
        assert_eq!(tree(Notation::Binn, &binn), format::without_spans(&file), "{name}\n{binn}");
        lowered += usize::from(original.is_some());
    }
    assert!(lowered > 5);
}

#[test]
fn any_single_deletion_gives_at_most_three_reports() {
    for path in specs() {
        let (name, input) = (path.to_string_lossy().into_owned(), read(&path));
        for (at, character) in input.char_indices() {
            let mut broken = input.clone();
            broken.replace_range(at..at + character.len_utf8(), "");
            let mut sources = Sources::default();
            let (_, found) = parse(sources.add(name.as_str(), broken));
            let count = found.iter().count();
            assert!(count <= 3, "{name}: {count} reports without byte {at} ({character:?})");
        }
    }
}

#[test]
fn hostile_yaml_is_one_report_on_a_small_stack() {
    let bombs = [
        ("[".repeat(200_000), "E0111"),
        (format!("binn: 1\na: {}", "{b: ".repeat(50_000)), "E0111"),
        ("- ".repeat(100_000), "E0111"),
        (format!("binn: 1\na: &x [1]\nb: [{}]\n", "*x, ".repeat(100_000)), "E0108"),
        ("binn: 1\na: &a [*a]\n".to_owned(), "E0108"),
        (format!("binn: 1\n{}", "# long\n".repeat(2_500_000)), "E0111"),
    ];
    for (input, code) in bombs {
        let thread = std::thread::Builder::new().stack_size(512 * 1024);
        let parsing = thread.spawn(move || {
            let mut sources = Sources::default();
            let (_, found) = parse(sources.add("bomb.yaml", input));
            found.iter().map(|finding| finding.code.name()).collect::<Vec<_>>()
        });
        let codes = parsing.expect("a thread starts").join().expect("the parser returns");
        assert_eq!(codes, [code]);
    }
}

#[test]
fn random_yaml_never_panics() {
    let pieces = [
        "binn: 1\n",
        "a",
        ": ",
        "- ",
        "\n",
        "  ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        "\"",
        "#",
        "nodes:\n",
        "links:\n",
        "from",
        "to",
        "1e3",
        "`",
        "|",
        ">",
        "&",
        "*",
        "!x ",
        "? ",
        "\u{feff}",
        "\u{200b}",
        "%",
        "\t",
        "\r\n",
        "é",
        ".",
        "(2)",
        "where",
        "doc",
        "evaluate: ",
        "kfold",
        "{\">=\": 1}",
    ];
    for seed in 0..4_000 {
        let mut draw = Draw::new(seed);
        let length = draw.below(40);
        let input: String = (0..length).map(|_| pieces[draw.below(pieces.len())]).collect();
        let mut sources = Sources::default();
        let (_, found) = parse(sources.add("random.yaml", input));
        assert_eq!(text(&found, &sources, Style::default()).is_empty(), found.is_empty());
    }
}
