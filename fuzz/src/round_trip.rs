//! The formatter: a text in either notation, printed and read again.
//!
//! What reads without an error is written as `.binn` and read back to the same tree, with all of
//! its comments, and a second formatting changes nothing. A spec with a meaning survives YAML too.

use binnc::language::source::Sources;
use binnc::language::spec;
use binnc::language::syntax::{self, Notation, ast, format};

/// Formats, reads back, formats again.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let is_yaml = text.lines().any(|line| line.trim_start_matches('\u{feff}').starts_with("binn:"));
    let notation = if is_yaml { Notation::Yaml } else { Notation::Binn };
    let mut sources = Sources::default();
    let source = sources.add(name(notation), text);
    let (file, found) = syntax::parse(source);
    if found.has_errors() {
        return;
    }
    let tree = format::without_spans(&file);
    let written = format::binn(&file, Some(source));
    assert_eq!(tree_of(Notation::Binn, &written, |file| file), tree, "read back from:\n{written}");
    stays(&written);
    if notation == Notation::Binn {
        assert_eq!(comments(&source.text), comments(&written), "comments of:\n{written}");
    }
    if spec::lower(&file).0.is_some() {
        survives_yaml(&file, format::yaml(&file, Some(source)));
    }
}

fn name(notation: Notation) -> &'static str {
    if notation == Notation::Yaml { "a.yaml" } else { "a.binn" }
}

fn tree_of(notation: Notation, text: &str, arranged: impl Fn(ast::File) -> ast::File) -> ast::File {
    let mut sources = Sources::default();
    let (file, found) = syntax::parse_as(notation, sources.add(name(notation), text));
    assert!(!found.has_errors(), "what was written is refused: {found:?}\n{text}");
    format::without_spans(&arranged(file))
}

fn stays(written: &str) {
    let mut sources = Sources::default();
    let source = sources.add("a.binn", written);
    let (file, _) = syntax::parse(source);
    assert_eq!(format::binn(&file, Some(source)), written, "a second formatting changes nothing");
}

fn comments(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let source = sources.add("a.binn", text);
    let shown = |span| source.text[source.range(span)].trim_end().to_owned();
    let mut all: Vec<String> = format::comments(source).into_iter().map(shown).collect();
    all.sort_unstable();
    all
}

fn survives_yaml(file: &ast::File, written: String) {
    let expected = format::without_spans(&format::by_kind(file));
    let again = tree_of(Notation::Yaml, &written, |file| format::by_kind(&file));
    assert_eq!(again, expected, "read back from:\n{written}");
}
