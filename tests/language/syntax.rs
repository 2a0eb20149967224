//! Every text in `inputs/syntax`: its tree when it parses, its report when it does not.

use binnc::language::diagnostics::render::{Style, text};
use binnc::language::diagnostics::visible::visible;
use binnc::language::source::Sources;
use binnc::language::syntax::{ast, parse};
use proptest::prelude::*;

#[test]
fn inputs() {
    insta::glob!("inputs/syntax/*.binn", |path| {
        #[expect(clippy::disallowed_methods, reason = "a test reads its own inputs")]
        let bytes = std::fs::read(path).expect("the input is readable");
        let input = String::from_utf8(bytes).expect("the input is UTF-8");
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let mut settings = insta::Settings::clone_current();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(answer(&name, &input)));
    });
}

fn answer(name: &str, input: &str) -> String {
    let mut sources = Sources::default();
    sources.add("other.binn", "binn 1\n");
    sources.add(name, input);
    let (file, found) = parse(sources.of(ast_start(&sources)).expect("two texts were added"));
    let mut out = visible(input);
    out.push_str("\n――― answer ―――\n\n");
    out.push_str(&text(&found, &sources, Style { colour: false, width: 88 }));
    if !found.has_errors() {
        out.push_str("parses\n");
        for item in &file.items {
            out.push_str(&dump(item));
        }
    }
    out
}

/// The address of the second text: spans must be addresses, not offsets.
fn ast_start(sources: &Sources) -> binnc::language::source::Span {
    let start = sources.of(Default::default()).map_or(0, |first| first.text.len() as u32 + 1);
    binnc::language::source::Span { start, end: start }
}

/// An item without its spans.
fn dump(item: &ast::Item) -> String {
    let doc = item.doc.lines().map(|line| format!("  ## {line}\n")).collect::<String>();
    format!("{doc}  {}\n", bare(&format!("{:?}", item.kind)))
}

/// A debug text without `span: Span { … }` and with `Spanned { value: x }` as `x`.
fn bare(debug: &str) -> String {
    let mut out = String::new();
    let mut rest = debug;
    let mut open = Vec::new();
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(", span: Span {") {
            rest = &after[after.find('}').map_or(0, |at| at + 1)..];
        } else if let Some(after) = rest.strip_prefix("Spanned { value: ") {
            open.push(true);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(" { ") {
            open.push(false);
            out.push('{');
            rest = after;
        } else if let Some(after) = rest.strip_prefix(" }") {
            if open.pop() == Some(false) {
                out.push('}');
            }
            rest = after;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

const GOOD: [&str; 3] = [
    include_str!("inputs/syntax/good_shoot_branching.binn"),
    include_str!("inputs/syntax/good_maize_panel.binn"),
    include_str!("inputs/syntax/good_expression_informed.binn"),
];

fn reports(input: &str) -> usize {
    let mut sources = Sources::default();
    let source = sources.add("input.binn", input);
    let (_, found) = parse(source);
    let count = found.iter().count();
    let drawn = text(&found, &sources, Style::default());
    assert_eq!(drawn.is_empty(), count == 0);
    count
}

#[test]
fn any_single_deletion_gives_at_most_three_reports() {
    for input in GOOD {
        assert_eq!(reports(input), 0);
        for (at, character) in input.char_indices() {
            let mut broken = input.to_owned();
            broken.replace_range(at..at + character.len_utf8(), "");
            let count = reports(&broken);
            assert!(count <= 3, "{count} reports without byte {at} ({character:?})");
        }
    }
}

#[test]
fn any_cut_gives_at_most_two_reports() {
    for input in GOOD {
        for (at, _) in input.char_indices() {
            let count = reports(&input[..at]);
            assert!(count <= 2, "{count} reports after a cut at byte {at}");
        }
    }
}

#[test]
fn deep_nesting_is_one_report_on_a_small_stack() {
    for open in ["(", "[", "f(", "{"] {
        let input = format!("binn 1\ntrain {{ epochs = {} }}\n", open.repeat(1_000_000 / open.len()));
        let thread = std::thread::Builder::new().stack_size(64 * 1024);
        let parsing = thread.spawn(move || {
            let mut sources = Sources::default();
            let (_, found) = parse(sources.add("deep.binn", input));
            found.iter().map(|finding| finding.code.name()).collect::<Vec<_>>()
        });
        let codes = parsing.expect("a thread starts").join().expect("the parser returns");
        assert_eq!(codes, ["E0111"]);
    }
}

#[test]
fn the_deepest_allowed_nesting_parses() {
    let nested = format!("{}1{}", "[".repeat(63), "]".repeat(63));
    assert_eq!(reports(&format!("binn 1\ntrain {{ x = {nested} }}\n")), 0);
    let calls = format!("{}1{}", "f(".repeat(63), ")".repeat(63));
    assert_eq!(reports(&format!("binn 1\ntrain {{ x = {calls} }}\n")), 0);
}

#[test]
fn a_text_beyond_16_mb_is_not_read() {
    let input = format!("binn 1\n{}", "# long\n".repeat(2_500_000));
    let mut sources = Sources::default();
    let (file, found) = parse(sources.add("long.binn", input));
    assert_eq!(found.iter().map(|finding| finding.code.name()).collect::<Vec<_>>(), ["E0111"]);
    assert_eq!(file, ast::File::default());
}

#[test]
fn line_ends_and_byte_order_mark_do_not_matter() {
    for input in GOOD {
        let kinds = |text: String| {
            let mut sources = Sources::default();
            let (file, found) = parse(sources.add("input.binn", text));
            assert!(found.is_empty());
            file.items.iter().map(dump).collect::<Vec<_>>()
        };
        let plain = kinds(input.to_owned());
        assert_eq!(plain, kinds(input.replace('\n', "\r\n")));
        assert_eq!(plain, kinds(format!("\u{feff}{input}")));
        assert_eq!(plain, kinds(input.trim_end().to_owned()));
    }
}

#[test]
fn spans_are_addresses_of_what_was_written() {
    let mut sources = Sources::default();
    sources.add("first.binn", "binn 1\nmodel other\n");
    let source = sources.add("second.binn", "binn 1\r\nmodel `x`\nnode é, `b-c` : gene { width = 2 }\n");
    let (file, found) = parse(source);
    assert_eq!(found.iter().count(), 1, "a model has no name in backticks");
    let ast::ItemKind::Node { names, fields, .. } = &file.items[0].kind else { panic!("a node") };
    let written = |span| &source.text[source.range(span)];
    assert_eq!(written(file.items[0].span), "node é, `b-c` : gene { width = 2 }");
    assert_eq!(names.iter().map(|name| written(name.span)).collect::<Vec<_>>(), ["é", "`b-c`"]);
    assert_eq!(names[1].value, "b-c");
    assert_eq!(written(fields[0].key.span), "width");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        reports(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_words_of_the_language_never_panic(
        words in proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 0..60)
    ) {
        reports(&format!("binn 1\n{}", words.concat()));
    }

    #[test]
    fn a_random_splice_never_panics(at in 0_usize..1_000, length in 0_usize..40, other in ".{0,8}") {
        for input in GOOD {
            let start = input.floor_char_boundary(at);
            let end = input.ceil_char_boundary(start + length);
            reports(&format!("{}{other}{}", &input[..start], &input[end..]));
        }
    }
}

const WORDS: [&str; 40] = [
    "model ", "link ", "node ", "table ", "train ", "predict ", "layer ", "from ", "via ", "by ", "where ",
    "column ", "a", "gene ", "1", "0.5", "kb ", "{", "}", "(", ")", "[", "]", "->", "=>", ":", "=", "==",
    ",", ";", ".", "*", "@", "\"", "`", "#", "##", "\n", " ", "\u{200b}",
];
