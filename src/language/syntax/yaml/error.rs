//! Wording of what can be wrong with a spec in YAML.
//!
//! One constructor a finding; what both notations can say stands in `syntax::error`.

use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::source::Span;

/// E0108: the text is no YAML.
pub(super) fn malformed(at: Span, message: &str, label: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::E0108, message).at(at, label).help(help)
}

/// E0108: a tag, which would change what a value means.
pub(super) fn tag(at: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::E0108, format!("the tag `{written}` is not read"))
        .at(at, "a tag")
        .help("leave it out: what is quoted is a text, and names and numbers are told apart by their place")
}

/// E0101: no `binn:` key.
pub(super) fn version_missing(at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, "the file does not name the language version")
        .at(at, "expected `binn: 1` before this")
        .help("add this line at the top: `binn: 1`")
}

/// E0101: something else than a version after `binn:`.
pub(super) fn version_malformed(at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, "`binn` takes the language version, which is 1")
        .at(at, "no version")
        .help("write `binn: 1`")
}

/// E0101: the whole file is a list or a single value.
pub(super) fn no_map(at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, "a spec is a map of keys such as `model`, `genotypes` and `links`")
        .at(at, "no map")
        .help("start with `binn: 1`, then `model: NAME` and the other keys, each at the start of a line")
}

/// E0103: one key twice in a map.
pub(super) fn given_twice(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::E0103, format!("`{key}` is given twice"))
        .at(second, "given again here")
        .at(first, "first given here")
        .help("keep one of the two, or rename one if they are two things")
}

/// E0104: a key that the map does not have.
pub(super) fn unknown_key(owner: &str, key: &str, at: Span, known: &[&str]) -> Diagnostic {
    let help = did_you_mean(key, known.iter().copied())
        .unwrap_or_else(|| format!("{owner} takes {}", listed(known, 20)));
    Diagnostic::new(Code::E0104, format!("{owner} has no key `{key}`")).at(at, "not known here").help(help)
}

/// E0105: a value of another shape than the key takes.
pub(super) fn wrong_shape(what: &str, takes: &str, at: Span, is: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("{what} takes {takes}")).at(at, format!("this is {is}")).help(help)
}

/// E0105: a text that cannot be a bare name.
pub(super) fn no_plain_name(what: &str, written: &str, at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("{what} takes a plain name, found `{written}`"))
        .at(at, "no plain name")
        .help("a plain name has letters, digits and `_`, and no digit first")
}

/// E0105: a text that no name can be, in either notation.
pub(super) fn no_name(written: &str, at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{written}` cannot be a name"))
        .at(at, "expected a name")
        .help("a name has at least one character, stands on one line and holds no backtick")
}

/// E0105: a text that is no dotted name.
pub(super) fn no_path(written: &str, at: Span, help: &str) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{written}` is no name such as `gene` or `pheno.yield`"))
        .at(at, "expected a name")
        .help(help)
}

/// E0105: no sign of comparison where one is meant.
pub(super) fn no_comparison(sign: &str, at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{sign}` compares nothing"))
        .at(at, "expected a sign of comparison")
        .help(
            "the signs are `\"==\"`, `\"!=\"`, `\"<=\"`, `\">=\"`, `\"<\"`, `\">\"` and `in`, each in quotes",
        )
}

/// E0106: a part that must be there is not.
pub(super) fn missing(owner: &str, part: &str, example: &str, at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("{owner} needs `{part}`"))
        .at(at, "not given here")
        .help(format!("write for example `{example}`"))
}

/// E0106: fields of `evaluate` without a scheme.
pub(super) fn no_scheme(at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, "`evaluate` needs a scheme")
        .at(at, "no scheme among these keys")
        .help("write for example `kfold: 5`, `holdout: 20%` or `scheme: none`")
}

/// E0106: nothing stands after a colon or dash.
pub(super) fn nothing_given(what: &str, at: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("{what} has no value"))
        .at(at, "nothing stands here")
        .help("give a value, or remove the line")
}
