//! Mistakes that people make, each with the corrected text: one function a habit.
//!
//! A habit looks at the tokens around a fault and answers only when it is sure.

use super::Rule;
use super::explain::{Fault, closing};
use super::tokens::{ITEMS, Kind, is_bare, is_keyword};
use crate::language::diagnostics::Diagnostic;
use crate::language::diagnostics::suggest::{did_you_mean, nearest};
use crate::language::syntax::error;

/// The habits in the order in which they are asked; the first that answers is believed.
pub(super) const ALL: &[fn(&Fault) -> Option<Diagnostic>] = &[
    open_quote,
    swallowed,
    other_quotes,
    lost_doc,
    unbalanced,
    unknown_item,
    wrong_arrow,
    wrong_equals,
    wrong_comment,
    bad_unit,
    bare_point,
    keyword_as_name,
    path_without_quotes,
    name_without_backticks,
    wrong_separator,
    misspelt_keyword,
    kind_missing,
];

const UNITS: [&str; 5] = ["kb", "Mb", "bp", "cM", "%"];

/// Words of other tools and of plain English, and the keyword that does their work here.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("phenotype", "table"),
    ("phenotypes", "table"),
    ("traits", "table"),
    ("trait", "predict"),
    ("output", "predict"),
    ("snps", "genotypes"),
    ("snp", "genotypes"),
    ("variants", "genotypes"),
    ("edge", "link"),
    ("connect", "link"),
    ("gene", "layer"),
    ("pathway", "layer"),
    ("pathways", "prior"),
    ("annotation", "prior"),
    ("split", "evaluate"),
    ("cv", "evaluate"),
    ("include", "import"),
    ("const", "let"),
];

fn open_quote(fault: &Fault) -> Option<Diagnostic> {
    let open = fault.tokens.iter().position(|token| token.kind == Kind::Unterminated)?;
    let token = &fault.tokens[open];
    let span = fault.span(token);
    let raw = fault.text(token).starts_with('`');
    (open <= fault.here)
        .then(|| if raw { error::name_not_closed(span, false) } else { error::text_not_closed(span) })
}

/// A missing closing backtick makes a name of all up to the next backtick.
fn swallowed(fault: &Fault) -> Option<Diagnostic> {
    let (name, after) = (fault.token(-1)?, fault.token(0)?);
    let whole = fault.text(name);
    let joined = name.kind == Kind::Raw && name.end == after.start && whole.contains([',', ';', '>']);
    joined.then(|| error::name_not_closed(fault.span(name), true))
}

fn other_quotes(fault: &Fault) -> Option<Diagnostic> {
    let quote = fault.word(0).chars().next()?;
    matches!(quote, '\'' | '“' | '”' | '„' | '‘' | '’' | '«')
        .then(|| fault.plain().help("put texts in straight double quotes: `\"…\"`"))
}

fn lost_doc(fault: &Fault) -> Option<Diagnostic> {
    let doc = match (fault.token(0), fault.token(-1)) {
        (Some(token), _) if token.kind == Kind::Doc => token,
        (None, Some(last)) if last.kind == Kind::Doc => last,
        _ => return None,
    };
    Some(error::lost_doc(fault.span(doc)))
}

fn unbalanced(fault: &Fault) -> Option<Diagnostic> {
    let (open, _) = fault.brackets();
    let innermost = open.last().copied();
    match (fault.token(0), innermost) {
        (None, Some(open)) => {
            let sign = fault.text(open);
            let last = fault.tokens.last()?;
            Some(error::never_closed(fault.span(open), sign, closing(sign), fault.span(last)))
        }
        (Some(token), Some(open))
            if token.kind == Kind::Close && closing(fault.text(open)) != fault.text(token) =>
        {
            let wanted = closing(fault.text(open));
            let (at, opened) = (fault.span(token), fault.span(open));
            Some(error::closed_by_other(at, fault.text(token), wanted, opened, fault.text(open)))
        }
        (Some(token), None) if token.kind == Kind::Close => {
            let sign = fault.text(token);
            let opening = ["{", "(", "["].into_iter().find(|open| closing(open) == sign)?;
            Some(error::closes_nothing(fault.span(token), sign, opening))
        }
        _ => None,
    }
}

fn unknown_item(fault: &Fault) -> Option<Diagnostic> {
    let token = fault.token(0)?;
    let starts = fault.here == 0 || fault.token(-1).is_some_and(|before| before.kind == Kind::Doc);
    let follows = token.leads && fault.expects(&[Rule::EOI]) && fault.brackets().0.is_empty();
    let word = fault.text(token);
    if token.kind != Kind::Word || is_keyword(word) || !(starts || follows) {
        return None;
    }
    let lower = word.to_lowercase();
    let help = match OTHER_WORDS.iter().find(|(other, _)| *other == lower) {
        Some((_, keyword)) => Some(format!("did you mean `{keyword}`?")),
        None if word == "binn" => Some("the version line stands once, as the first line".to_owned()),
        None => did_you_mean(word, ITEMS),
    };
    Some(error::unknown_item(fault.span(token), word, help, &ITEMS))
}

fn wrong_arrow(fault: &Fault) -> Option<Diagnostic> {
    let before = fault.word(-1);
    let sign = fault.word(0);
    let arrow = matches!(sign, "=>" | "-->" | "→" | "⇒" | "⟶" | "➔" | ">" | "-" | "<")
        && fault.expects(&[Rule::arrow]);
    let field = sign == "=>"
        && fault.expects(&[Rule::equals])
        && fault.token(-1).is_some_and(|t| t.kind == Kind::Word);
    // A lone hyphen between letters belongs to a name such as `HLA-A`.
    let dashed = sign == "-" && fault.run(",;:").is_some_and(|(run, _)| run != sign);
    if (!arrow && !field) || dashed {
        return None;
    }
    let shown = if is_bare(before) { format!("`{before} -> …`") } else { "`->`".to_owned() };
    Some(fault.plain().help(format!("write the arrow as a hyphen and `>`: {shown}")))
}

fn wrong_equals(fault: &Fault) -> Option<Diagnostic> {
    let (before, sign, after) = (fault.word(-1), fault.word(0), fault.word(1));
    let help = match sign {
        ":" if fault.expects(&[Rule::equals]) => format!("a field is set with `=`: `{before} = {after}`"),
        "==" if fault.expects(&[Rule::equals]) => {
            format!("a field is set with one `=`: `{before} = {after}`")
        }
        "=" if fault.expects(&[Rule::colon]) => format!("a colon stands before it: `{before} : {after}`"),
        "=" if fault.expects(&[Rule::comparator, Rule::kw_in]) => {
            format!("compare with two: `{before} == {after}`")
        }
        "=>" if fault.expects(&[Rule::comparator, Rule::kw_in]) => {
            format!("write at least as `>=`: `{before} >= {after}`")
        }
        "=<" if fault.expects(&[Rule::comparator, Rule::kw_in]) => {
            format!("write at most as `<=`: `{before} <= {after}`")
        }
        _ => return None,
    };
    Some(fault.plain().help(help))
}

fn wrong_comment(fault: &Fault) -> Option<Diagnostic> {
    let (sign, after) = (fault.token(0)?, fault.token(1)?);
    let pair = [fault.text(sign), fault.text(after)].concat();
    let known = matches!(pair.as_str(), "//" | "/*" | "--") || pair.starts_with("--");
    (known && sign.end == after.start).then(|| fault.plain().help("a comment starts with `#`"))
}

fn bad_unit(fault: &Fault) -> Option<Diagnostic> {
    let (number, unit) = (fault.token(-1)?, fault.token(0)?);
    let word = fault.text(unit);
    if number.kind != Kind::Number || !(unit.kind == Kind::Word || word == "%") || fault.word(1) == "=" {
        return None;
    }
    let written = fault.text(number);
    if number.end < unit.start {
        let joined = format!("write the unit without a space: `{written}{word}`");
        return UNITS.contains(&word).then(|| fault.plain().help(joined));
    }
    let name_meant = fault.expects(&[Rule::segment, Rule::ident, Rule::kind, Rule::column_name]);
    let near = nearest(word, UNITS).first().map(|near| format!("did you mean `{written}{near}`?"));
    (!name_meant).then(|| error::bad_unit(fault.span(unit), word, near))
}

fn bare_point(fault: &Fault) -> Option<Diagnostic> {
    let (point, digits) = (fault.token(0)?, fault.token(1)?);
    let alone = fault.token(-1).is_none_or(|before| before.end < point.start);
    let joined = fault.text(point) == "." && digits.kind == Kind::Number && point.end == digits.start;
    (alone && joined)
        .then(|| fault.plain().help(format!("write a digit before the point: `0.{}`", fault.text(digits))))
}

fn keyword_as_name(fault: &Fault) -> Option<Diagnostic> {
    let token = fault.token(0)?;
    let word = fault.text(token);
    let raw = [Rule::segment, Rule::names, Rule::path, Rule::paths, Rule::endpoint, Rule::endpoints];
    let may_be_raw = fault.expects(&raw) || fault.expects(&[Rule::column_name, Rule::value]);
    let name = may_be_raw || fault.expects(&[Rule::ident, Rule::kind, Rule::format, Rule::column_type]);
    // `via go` after `->` is a missing name, not a name called `via`.
    let next = fault.token(1).is_some_and(|next| {
        matches!(next.kind, Kind::Raw | Kind::Text | Kind::Number)
            || (next.kind == Kind::Word && !is_keyword(fault.text(next)))
    });
    let field =
        fault.word(1) == "=" && may_be_raw && !fault.expects(&[Rule::ident]) && fault.here > 0 && token.leads;
    let is_name = token.kind == Kind::Word && is_keyword(word) && name && !next && !field;
    is_name.then(|| error::reserved_word(fault.span(token), word, may_be_raw))
}

fn path_without_quotes(fault: &Fault) -> Option<Diagnostic> {
    let (run, span) = fault.run(",;=")?;
    let wants_text =
        fault.expects(&[Rule::string]) && fault.token(0).is_some_and(|token| token.kind == Kind::Word);
    let looks_like_path = run.contains('/') && run.len() > 1 && !run.starts_with("//");
    if !(wants_text || looks_like_path) || is_keyword(run) {
        return None;
    }
    let mut report = error::expected(span, &["a text in quotes"], &format!("`{run}`"));
    report = report.help(format!("put it in quotes: `\"{run}\"`"));
    Some(report)
}

fn name_without_backticks(fault: &Fault) -> Option<Diagnostic> {
    let (run, span) = fault.run(",;=")?;
    if !run.starts_with(|first: char| first.is_alphanumeric() || first == '_') {
        return None;
    }
    let odd = run.chars().any(|c| matches!(c, '-' | '.' | ':' | '+' | '\'' | '|' | '/' | '&' | '~'))
        || run.starts_with(|first: char| first.is_ascii_digit());
    let letters = run.chars().any(char::is_alphabetic);
    let ends_well = !run.ends_with([':', '.', '-']);
    let numeric =
        fault.token(-1).is_some_and(|before| before.kind == Kind::Number) && fault.expects(&[Rule::unit]);
    if !odd || !letters || !ends_well || numeric || fault.token(0).is_none() {
        return None;
    }
    let mut report = error::expected(span, &["a plain name"], &format!("`{run}`"));
    report = report.help(format!(
        "a plain name has letters, digits and `_`, and no digit first; put any other in backticks: `` `{run}` ``"
    ));
    Some(report)
}

fn wrong_separator(fault: &Fault) -> Option<Diagnostic> {
    let help = match fault.word(0) {
        ";" => "fields are separated by a line end, a space or a comma",
        "&" | "+" if fault.expects(&[Rule::comma]) => "names are separated by commas",
        _ => return None,
    };
    Some(fault.plain().help(help))
}

fn misspelt_keyword(fault: &Fault) -> Option<Diagnostic> {
    let word = fault.word(0);
    let keywords = [
        ("from", [Rule::kw_from, Rule::source]),
        ("via", [Rule::kw_via, Rule::via]),
        ("where", [Rule::kw_where, Rule::where_clause]),
        ("column", [Rule::kw_column, Rule::column]),
    ];
    let possible = keywords.iter().filter(|(_, rules)| fault.expects(rules)).map(|(keyword, _)| *keyword);
    let near = nearest(word, possible);
    let near = near.first().filter(|near| word.chars().next() == near.chars().next())?;
    (word != *near && word.len() > 2).then(|| fault.plain().help(format!("did you mean `{near}`?")))
}

fn kind_missing(fault: &Fault) -> Option<Diagnostic> {
    let item = fault.tokens.iter().find(|token| token.kind == Kind::Word).map(|token| fault.text(token))?;
    let example = match item {
        "layer" => "`layer gene : gene`",
        "node" => "`node head : integrator`",
        "table" => "`column height : continuous`",
        _ => return None,
    };
    fault.expects(&[Rule::colon]).then(|| {
        let what =
            if item == "table" { "a column names its type" } else { "every layer and node has a kind" };
        fault.plain().help(format!("{what}: {example}"))
    })
}
