//! Wording of what is checked on request, and of names and units that mislead.
//!
//! One constructor a finding, as in `error`.

use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::source::Span;

/// E0805: a seed left to its default under `--reproducible`.
pub fn seed_missing(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0805, format!("{what} has no seed of its own"))
        .at(span, "`seed` is left to its default")
        .help("write one, such as `seed = 7`: a default may change between versions, a written seed does not")
}

/// W0412: a link between layers that others join through a third one.
pub fn skips_a_level(through: &str, from: Span, link: Span) -> Diagnostic {
    Diagnostic::new(
        Code::W0412,
        format!("this link skips `{through}`, through which other links lead to the same place"),
    )
    .at(link, "skips a level")
    .at(from, "read directly")
    .help(
        "if it is meant, write `allow = W0412` on the link; `.unmapped` takes only what no other link reads",
    )
}

/// W0806: a prior that does not say where it is from or on what terms.
pub fn provenance_missing(prior: &str, missing: &[&str], span: Span) -> Diagnostic {
    Diagnostic::new(Code::W0806, format!("prior `{prior}` says no {}", missing.join(" and no ")))
        .at(span, "of unknown source or terms")
        .help("for example `origin = \"Reactome, reactome.org\"  release = \"96\"  licence = \"CC0\"`")
}

/// W0204: a constant with the name of a word of the language.
pub fn shadows(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::W0204, format!("constant `{name}` hides the word `{name}` of the language"))
        .at(span, "named like a word that fields take")
        .help(format!("give the constant another name, such as `my_{name}`: wherever `{name}` stands as a value, its value is taken"))
}

/// E0602: one column in two tables with two units.
pub fn units_differ(column: &str, units: [&str; 2], first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0602,
        format!("`{column}` is in `{}` in one table and in `{}` in another", units[0], units[1]),
    )
    .at(second, format!("in `{}`", units[1]))
    .at(first, format!("in `{}`", units[0]))
    .help("bring both to one unit in the files, or give the columns different names")
}
