//! Wording of what can be wrong with a text.
//!
//! One constructor a finding; what stands in a message is made visible by the renderers.

use unicode_normalization::UnicodeNormalization;

use crate::language::diagnostics::visible::{is_control, is_odd_space, turns_direction};
use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::source::Span;

/// Something else stands where the grammar wants `expected`.
pub(super) fn expected(span: Span, expected: &[&str], found: &str) -> Diagnostic {
    let expected = either(expected);
    Diagnostic::new(Code::E0101, format!("expected {expected}, found {found}"))
        .at(span, format!("expected {expected}"))
}

/// The item ends too early; `span` is its last word.
pub(super) fn ends_early(span: Span, expected: &[&str]) -> Diagnostic {
    let expected = either(expected);
    Diagnostic::new(Code::E0101, format!("expected {expected}, but the item ends here"))
        .at(span, format!("expected {expected} after this"))
}

pub(super) fn never_closed(open: Span, sign: &str, closing: &str, end: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("`{sign}` is never closed"))
        .at(open, "opened here")
        .at(end, format!("expected `{closing}` by here"))
        .help(format!("add the missing `{closing}`"))
}

pub(super) fn closed_by_other(at: Span, sign: &str, wanted: &str, open: Span, opening: &str) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("`{opening}` is closed by `{sign}`"))
        .at(at, format!("expected `{wanted}` first"))
        .at(open, "opened here")
        .help(format!("add the missing `{wanted}`"))
}

pub(super) fn closes_nothing(at: Span, sign: &str, opening: &str) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("`{sign}` closes nothing"))
        .at(at, "nothing is open here")
        .help(format!("delete it, or add the missing `{opening}` before it"))
}

pub(super) fn text_not_closed(at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, "a text without its closing quote `\"`")
        .at(at, "starts here and does not end on this line")
        .help("close the text with `\"`; write a quote inside it as `\\\"`")
}

pub(super) fn name_not_closed(at: Span, runs_on: bool) -> Diagnostic {
    let label =
        if runs_on { "runs on to the next backtick" } else { "starts here and does not end on this line" };
    Diagnostic::new(Code::E0101, "a name without its closing backtick")
        .at(at, label)
        .help("close the name with a second backtick")
}

pub(super) fn unknown_item(at: Span, word: &str, help: Option<String>, keywords: &[&str]) -> Diagnostic {
    let help = help.unwrap_or_else(|| format!("an item starts with {}", either(&quoted(keywords))));
    Diagnostic::new(Code::E0101, format!("no item is called `{word}`")).at(at, "not a keyword").help(help)
}

pub(super) fn lost_doc(at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, "a `##` line with no item or column below it")
        .at(at, "documents nothing")
        .help("start a plain comment with one `#`")
}

pub(super) fn bad_unit(at: Span, word: &str, help: Option<String>) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("`{word}` is not a unit"))
        .at(at, "expected `bp`, `kb`, `Mb`, `cM` or `%`")
        .help(help.unwrap_or_else(|| "a number may end in `bp`, `kb`, `Mb`, `cM` or `%`".to_owned()))
}

pub(super) fn number_too_large(at: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("`{written}` is too large for a number"))
        .at(at, "cannot be held exactly")
        .help("whole numbers reach 9007199254740992, others about 1.7e308")
}

pub(super) fn reserved_word(at: Span, word: &str, may_be_raw: bool) -> Diagnostic {
    let help = if may_be_raw {
        format!("put it in backticks, `` `{word}` ``, or choose another name")
    } else {
        format!("choose another name, such as `{word}_1`")
    };
    Diagnostic::new(Code::E0206, format!("`{word}` is a keyword and cannot be a name"))
        .at(at, "expected a name")
        .help(help)
}

pub(super) fn newer_version(at: Span, version: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0102,
        format!("this file is written in language version {version}, and this binnc reads version 1"),
    )
    .at(at, "newer than this binnc")
    .help("install a newer binnc, or ask the author for a version 1 file")
}

pub(super) fn version_missing(at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, "the first line does not name the language version")
        .at(at, "expected `binn 1` before this")
        .help("add this line at the top: `binn 1`")
}

pub(super) fn version_malformed(at: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("the first line must be `binn 1`, found {found}"))
        .at(at, "expected `binn 1`")
        .help("write the first line as `binn 1`")
}

pub(super) fn text_too_long(at: Span, bytes: usize, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::E0111, format!("the file has {bytes} bytes; a spec may have {limit}"))
        .at(at, "")
        .help("move long lists of edges to a file and read it with `prior NAME from edges \"FILE\"`")
}

pub(super) fn nested_too_deep(at: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::E0111, format!("brackets are nested more than {limit} deep"))
        .at(at, format!("level {} opens here", limit + 1))
        .help("check for a bracket that is opened again and again, and never closed")
}

pub(super) fn name_too_long(at: Span, bytes: usize, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::E0111, format!("a name of {bytes} bytes; a name may have {limit}"))
        .at(at, "too long")
        .help("shorten the name, or check for a missing closing backtick")
}

pub(super) fn hidden_character(at: Span, character: char) -> Diagnostic {
    let point = code_point(character);
    let (what, help) = match character {
        _ if is_odd_space(character) => ("a space that is not a plain space", "type a plain space instead"),
        _ if turns_direction(character) => ("a mark that turns the direction of the text", "delete it"),
        _ if is_control(character) => ("a control character", "delete it"),
        _ => ("a character that takes no room", "delete it"),
    };
    Diagnostic::new(Code::E0209, format!("{point} stands here: {what}"))
        .at(at, format!("{point} cannot be seen"))
        .help(format!("{help}; it often comes from copying out of a web page or a text processor"))
}

pub(super) fn look_alike(at: Span, name: &str, letter: char, looks: char) -> Diagnostic {
    let point = code_point(letter);
    let alphabet = alphabet(letter);
    Diagnostic::new(
        Code::E0209,
        format!("`{name}` mixes alphabets: {point} is {alphabet}, not the letter `{looks}`"),
    )
    .at(at, format!("{point} looks like `{looks}`"))
    .help("type the name again; a name that only looks the same matches nothing")
}

pub(super) fn not_composed(at: Span, name: &str) -> Diagnostic {
    let composed: String = name.nfc().collect();
    let points = |text: &str| {
        let unusual = text.chars().filter(|character| !character.is_ascii());
        unusual.map(code_point).take(5).collect::<Vec<_>>().join(" ")
    };
    Diagnostic::new(
        Code::E0209,
        format!("`{name}` is written with {}; its normal form (NFC) has {}", points(name), points(&composed)),
    )
    .at(at, "looks like another spelling of the same name")
    .help(format!("type or paste the normal form: `{composed}`"))
}

pub(super) fn long_edge_list(at: Span, edges: usize, limit: usize) -> Diagnostic {
    Diagnostic::new(
        Code::W0110,
        format!("this link lists {edges} edges; more than {limit} are better in a file"),
    )
    .at(at, "")
    .help(
        "write one `source<tab>target` a line to a file, declare it with `prior NAME from edges \"FILE\"`, \
             and use `via NAME`",
    )
}

/// `a`, `a or b`, `a, b or c`.
fn either<S: AsRef<str>>(choices: &[S]) -> String {
    let mut text = String::new();
    for (at, choice) in choices.iter().enumerate() {
        text.push_str(match at {
            0 => "",
            _ if at + 1 == choices.len() => " or ",
            _ => ", ",
        });
        text.push_str(choice.as_ref());
    }
    text
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("`{word}`")).collect()
}

fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

fn alphabet(letter: char) -> &'static str {
    match u32::from(letter) {
        0x370..=0x3ff => "a Greek letter",
        0x400..=0x52f => "a Cyrillic letter",
        _ => "a full-width letter",
    }
}
