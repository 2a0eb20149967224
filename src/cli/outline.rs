//! A spec with every default, as an indented outline for people.
//!
//! It is the canonical dump, which digests are made of, without braces and wrappers: nothing is
//! left out, so what `info` shows is what is digested.

use crate::language::spec::Spec;
use crate::language::spec::digest::canonical;

/// How the dump writes a size without limit.
const NO_LIMIT: &str = "18446744073709551615";

/// One line a setting, `key: value`, indented by what holds it; places in lists become names.
pub(super) fn outline(spec: &Spec) -> String {
    outlined(&canonical(spec), &|line| named(spec, line))
}

/// `Spanned` and `Some` hold one value: they lend it their key and add no level.
struct Scope {
    wraps: bool,
    key: Option<String>,
    /// Place of the scope's own line.
    title: usize,
}

struct Line {
    depth: usize,
    text: String,
    has_key: bool,
}

fn outlined(dump: &str, named: &dyn Fn(&str) -> String) -> String {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Vec<Scope> = Vec::new();
    for line in dump.lines().map(str::trim) {
        if line.starts_with(['}', ']', ')']) {
            if let Some(closed) = open.pop().filter(|scope| !scope.wraps && !open.is_empty()) {
                join(&mut lines, closed.title);
            }
            continue;
        }
        let (own, rest) = keyed(line);
        let key = match open.last().filter(|scope| scope.wraps) {
            Some(scope) => scope.key.clone(),
            None => own.map(str::to_string),
        };
        let depth = open.iter().filter(|scope| !scope.wraps).count().saturating_sub(1);
        let Some(name) = rest.strip_suffix(['{', '[', '(']).map(str::trim_end) else {
            let (has_key, value) = (key.is_some(), value(rest.trim_end_matches(',')));
            lines.push(Line {
                depth,
                text: key.map_or(value.clone(), |key| format!("{key}: {value}")),
                has_key,
            });
            continue;
        };
        let wraps = matches!(name, "Spanned" | "Some");
        let title = lines.len();
        if !wraps && !open.is_empty() {
            lines.push(Line { depth, text: titled(key.as_deref(), &words(name)), has_key: true });
        }
        open.push(Scope { wraps, key: key.filter(|_| wraps), title });
    }
    lines.iter().map(|line| "  ".repeat(line.depth) + &named(&line.text) + "\n").collect()
}

/// Values without keys follow their title on one line.
fn join(lines: &mut Vec<Line>, title: usize) {
    let values: Vec<Line> = lines.drain(title + 1..).collect();
    if values.is_empty() || values.iter().any(|line| line.has_key) {
        lines.extend(values);
        return;
    }
    let values: Vec<String> = values.into_iter().map(|line| line.text).collect();
    let line = &mut lines[title];
    let between = if line.text.contains(": ") { " " } else { ": " };
    line.text = format!("{}{between}{}", line.text, values.join(", "));
}

/// What a line means that names an item by its place among those of its kind.
fn named(spec: &Spec, line: &str) -> String {
    let places =
        |rest: &str| rest.split(", ").map(|place| place.parse().ok()).collect::<Option<Vec<usize>>>();
    let layer = |at: usize| spec.layers.get(at);
    let name = |start: &str| -> Option<&str> {
        let places = places(line.strip_prefix(start)?)?;
        match (start, places.as_slice()) {
            ("target: genotypes ", [set]) => Some(&spec.genotypes.get(*set)?.name.value),
            ("target: layer ", [at]) => Some(&layer(*at)?.name.value),
            ("target: node ", [at, node]) => Some(&layer(*at)?.nodes.as_ref()?.get(*node)?.value),
            ("via: prior " | "prior: ", [prior]) => Some(&spec.priors.get(*prior)?.name.value),
            ("table: ", [table]) => Some(&spec.tables.get(*table)?.name.value),
            _ => None,
        }
    };
    let starts =
        ["target: genotypes ", "target: layer ", "target: node ", "via: prior ", "prior: ", "table: "];
    let found = starts.into_iter().find_map(|start| Some((start, name(start)?)));
    found.map_or(line.to_string(), |(start, name)| format!("{start}{name}"))
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
        None => format!("- {name}").trim_end().to_string(),
    }
}

fn value(text: &str) -> String {
    match text {
        "None" | "[]" => "none".to_string(),
        NO_LIMIT => "no limit".to_string(),
        _ if text.starts_with(char::is_uppercase) => words(text),
        _ => text.to_string(),
    }
}

/// `TopOverlap` as `top overlap`, `KFold` as `kfold`.
fn words(name: &str) -> String {
    let mut words = String::new();
    let mut before = None;
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_some_and(char::is_lowercase) {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
        before = Some(letter);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::outlined;

    #[test]
    fn wrappers_vanish_and_values_stay() {
        let dump = r#"Spec {
    model: Spanned {
        value: "a: {",
    },
    tables: [
        Table {
            unit: Some(
                "d",
            ),
            key: [
                Spanned {
                    value: "FID",
                },
                Spanned {
                    value: "IID",
                },
            ],
            missing: [],
        },
    ],
    target: Node(
        0,
        1,
    ),
    scheme: KFold {
        folds: 5,
        metric: TopOverlap,
        most: 18446744073709551615,
        group: None,
    },
}
"#;
        let wanted = r#"model: "a: {"
tables
  - table
    unit: "d"
    key: "FID", "IID"
    missing: none
target: node 0, 1
scheme: kfold
  folds: 5
  metric: top overlap
  most: no limit
  group: none
"#;
        assert_eq!(outlined(dump, &str::to_string), wanted);
    }
}
