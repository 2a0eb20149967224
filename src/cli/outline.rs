//! A spec with every default, as an indented outline for people.
//!
//! It is the canonical dump, which digests are made of, without braces and wrappers: nothing is
//! left out, so what `info` shows is what is digested.

use crate::language::spec::Spec;
use crate::language::spec::digest::canonical;

/// One line a setting, `key: value`, indented by what holds it.
pub(super) fn outline(spec: &Spec) -> String {
    outlined(&canonical(spec))
}

struct Scope {
    /// `Spanned` and `Some` hold one value: they lend it their key and add no level.
    wraps: bool,
    key: Option<String>,
}

fn outlined(dump: &str) -> String {
    let mut text = String::new();
    let mut open: Vec<Scope> = Vec::new();
    for line in dump.lines().map(str::trim) {
        if line.starts_with(['}', ']', ')']) {
            open.pop();
            continue;
        }
        let (own, rest) = keyed(line);
        let lent = open.last().filter(|scope| scope.wraps).and_then(|scope| scope.key.clone());
        let key = lent.or_else(|| own.map(str::to_string));
        let depth = open.iter().filter(|scope| !scope.wraps).count().saturating_sub(1);
        let indent = "  ".repeat(depth);
        let Some(name) = rest.strip_suffix(['{', '[', '(']) else {
            let value = value(rest.trim_end_matches(','));
            let line = key.map_or(value.clone(), |key| format!("{key}: {value}"));
            text += &format!("{indent}{line}\n");
            continue;
        };
        let name = name.trim_end();
        let wraps = matches!(name, "Spanned" | "Some");
        if !wraps && !open.is_empty() {
            text += &format!("{indent}{}\n", titled(key.as_deref(), &words(name)));
        }
        open.push(Scope { wraps, key: key.filter(|_| wraps) });
    }
    text
}

/// `key: rest` of a line, or the line alone.
fn keyed(line: &str) -> (Option<&str>, &str) {
    match line.split_once(": ") {
        Some((key, rest)) if key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => (Some(key), rest),
        _ => (None, line),
    }
}

/// A struct is called after its field where both have one name.
fn titled(key: Option<&str>, name: &str) -> String {
    match key {
        Some(key) if name.is_empty() || name.replace(' ', "_") == key => key.to_string(),
        Some(key) => format!("{key}: {name}"),
        None => format!("- {name}"),
    }
}

fn value(text: &str) -> String {
    match text {
        "None" | "[]" => "none".to_string(),
        _ if text.starts_with(char::is_uppercase) => words(text),
        _ => text.to_string(),
    }
}

/// `TopOverlap` as `top overlap`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for (at, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && at > 0 && !words.ends_with(|c: char| !c.is_alphanumeric()) {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::outlined;

    #[test]
    fn wrappers_vanish_and_values_stay() {
        let dump = "Spec {\n    model: Spanned {\n        value: \"a: {\",\n    },\n    tables: [\n        Table {\n            \
            unit: Some(\n                \"d\",\n            ),\n            key: [],\n        },\n    ],\n    scheme: \
            KFold {\n        folds: 5,\n        metric: TopOverlap,\n    },\n}\n";
        let wanted = "model: \"a: {\"\ntables\n  - table\n    unit: \"d\"\n    key: none\nscheme: k fold\n  folds: 5\n  \
            metric: top overlap\n";
        assert_eq!(outlined(dump), wanted);
    }
}
