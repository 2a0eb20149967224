//! A spec with every default, as an indented outline for people.
//!
//! It walks the same values that digests are made of: nothing is left out, so what `info`
//! shows is what is digested. Places in lists become the names of what stands there.

use crate::language::spec::Spec;
use serde_json::Value;

/// One line a setting, `key: value`, indented by what holds it.
pub(super) fn outline(spec: &Spec) -> String {
    let mut text = String::new();
    if let Ok(Value::Object(items)) = serde_json::to_value(spec) {
        for (key, value) in &items {
            write(spec, &mut text, 0, key, value);
        }
    }
    text
}

/// One setting of a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// The item it belongs to, such as `layers gene`.
    pub(super) item: String,
    /// Its path, such as `layers gene network`.
    pub(super) key: String,
    /// Its value.
    pub(super) value: String,
}

/// Every setting of a spec; items of a list are called by their names.
pub(super) fn settings(spec: &Spec) -> Vec<Setting> {
    let mut found = Vec::new();
    if let Ok(Value::Object(parts)) = serde_json::to_value(spec) {
        for (part, value) in &parts {
            match value {
                Value::Array(items) => {
                    for (item, value) in labelled(spec, part, items) {
                        collect(spec, &mut found, &item, &item, "", value);
                    }
                }
                _ => collect(spec, &mut found, part, part, part, value),
            }
        }
    }
    found
}

fn collect(spec: &Spec, found: &mut Vec<Setting>, item: &str, path: &str, key: &str, value: &Value) {
    if let Some(value) = inline(spec, key, value) {
        found.push(Setting { item: item.replace('_', " "), key: path.replace('_', " "), value });
        return;
    }
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                collect(spec, found, item, &format!("{path} {key}"), key, value);
            }
        }
        Value::Array(values) => {
            for (path, value) in labelled(spec, path, values) {
                collect(spec, found, item, &path, "", value);
            }
        }
        _ => {}
    }
}

/// The entries of a list with what each is called; a name that stands twice is numbered.
fn labelled<'v>(spec: &Spec, path: &str, values: &'v [Value]) -> Vec<(String, &'v Value)> {
    let mut seen: Vec<(String, &Value)> = Vec::new();
    for (at, value) in (1..).zip(values) {
        let mut name = format!("{path} {}", label(spec, value).unwrap_or_else(|| format!("{at}")));
        if seen.iter().any(|(earlier, _)| *earlier == name) {
            name = format!("{name} ({at})");
        }
        seen.push((name, value));
    }
    seen
}

/// What an item of a list is called: its name, or `from -> to`.
fn label(spec: &Spec, value: &Value) -> Option<String> {
    if let Some(name) = value.get("name").and_then(Value::as_str) {
        return Some(name.to_owned());
    }
    let ends = |key: &str| {
        let ends = value.get(key)?.as_array()?.iter();
        let named = ends.map(|end| {
            Some(inline(spec, "target", end.get("target")?)?.split_whitespace().last()?.to_owned())
        });
        Some(named.collect::<Option<Vec<_>>>()?.join(", "))
    };
    Some(format!("{} -> {}", ends("from")?, ends("to")?))
}

fn write(spec: &Spec, text: &mut String, depth: usize, key: &str, value: &Value) {
    let indent = "  ".repeat(depth);
    let label = key.replace('_', " ");
    if let Some(line) = inline(spec, key, value) {
        *text += &format!("{indent}{label}: {line}\n");
        return;
    }
    *text += &format!("{indent}{label}\n");
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                write(spec, text, depth + 1, key, value);
            }
        }
        Value::Array(values) => {
            for (at, value) in (1..).zip(values) {
                write(spec, text, depth + 1, &format!("{at}"), value);
            }
        }
        _ => {}
    }
}

/// A value that fits on the line of its key.
fn inline(spec: &Spec, key: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("none".to_string()),
        Value::Bool(given) => Some(if *given { "yes" } else { "no" }.to_string()),
        Value::Number(number) if number.as_u64() == Some(u64::MAX) => Some("no limit".to_string()),
        Value::Number(number) => Some(name(spec, key, value).unwrap_or_else(|| number.to_string())),
        Value::String(word) => Some(word.clone()),
        Value::Array(values) if values.is_empty() => Some("none".to_string()),
        Value::Array(_) if key == "node" => name(spec, key, value),
        Value::Array(values) if key == "prior" && values.len() == 1 => inline(spec, key, &values[0]),
        Value::Array(values) => {
            let simple = values.iter().all(|value| !value.is_object() && !value.is_array());
            let line =
                || values.iter().filter_map(|value| inline(spec, "", value)).collect::<Vec<_>>().join(", ");
            simple.then(line)
        }
        Value::Object(fields) => match fields.iter().next() {
            Some((only, value)) if fields.len() == 1 => {
                let line = inline(spec, only, value)?;
                Some(format!("{} {line}", only.replace('_', " ")))
            }
            _ => None,
        },
    }
}

/// What a place in a list stands for.
fn name(spec: &Spec, key: &str, value: &Value) -> Option<String> {
    let place = |value: &Value| value.as_u64().and_then(|at| usize::try_from(at).ok());
    match (key, value) {
        ("genotypes", at) => Some(spec.genotypes.get(place(at)?)?.name.value.clone()),
        ("table", at) => Some(spec.tables.get(place(at)?)?.name.value.clone()),
        ("prior", at) => Some(spec.priors.get(place(at)?)?.name.value.clone()),
        ("layer", at) => Some(spec.layers.get(place(at)?)?.name.value.clone()),
        ("node", Value::Array(pair)) => {
            let [layer, node] = pair.as_slice() else { return None };
            Some(spec.layers.get(place(layer)?)?.nodes.as_ref()?.get(place(node)?)?.value.clone())
        }
        _ => None,
    }
}

/// What reads what: one entry a link, `to` and `from` as an author writes them.
pub(super) struct Reading {
    /// What reads, such as `gene`.
    pub(super) to: Vec<String>,
    /// What is read and how, such as `snps via window(genes)`.
    pub(super) from: String,
}

/// The links of a spec.
pub(super) fn readings(spec: &Spec) -> Vec<Reading> {
    let links = spec.links.iter().filter_map(|link| serde_json::to_value(link).ok());
    links
        .map(|link| {
            let via = via(spec, &link["via"]).map(|via| format!(" via {via}")).unwrap_or_default();
            Reading {
                to: ends(spec, &link["to"]),
                from: format!("{}{via}", ends(spec, &link["from"]).join(", ")),
            }
        })
        .collect()
}

/// What each `predict` item predicts, and from what.
pub(super) fn predictions(spec: &Spec) -> Vec<(Vec<String>, Vec<String>)> {
    let items = spec.predicts.iter().map(|item| {
        let traits = item.traits.iter();
        let traits = traits.map(|t| format!("{}.{}", spec.tables[t.table].name.value, t.column)).collect();
        (traits, ends(spec, &serde_json::to_value(&item.from).unwrap_or_default()))
    });
    items.collect()
}

/// Endpoints as an author writes them: `snps`, `gene.unmapped`, `pheno.age`.
fn ends(spec: &Spec, ends: &Value) -> Vec<String> {
    let end = |end: &Value| {
        let target = &end["target"];
        let name = match &target["column"] {
            Value::Object(column) => {
                let table = column.get("table").and_then(|at| name(spec, "table", at)).unwrap_or_default();
                format!("{table}.{}", column.get("column").and_then(Value::as_str).unwrap_or_default())
            }
            _ => inline(spec, "target", target)
                .and_then(|shown| Some(shown.split_once(' ')?.1.to_owned()))
                .unwrap_or_default(),
        };
        match inline(spec, "part", &end["part"]) {
            Some(part) if part != "all" => match part.split_once(' ') {
                Some((word, number)) => format!("{name}.{word}({number})"),
                None => format!("{name}.{part}"),
            },
            _ => name,
        }
    };
    ends.as_array().map(|ends| ends.iter().map(end).collect()).unwrap_or_default()
}

/// Where a link's edges come from; `None` where every pair is linked.
fn via(spec: &Spec, via: &Value) -> Option<String> {
    let (kind, value) = via.as_object()?.iter().next()?;
    let prior = |at: &Value| name(spec, "prior", at).unwrap_or_default();
    Some(match (kind.as_str(), value) {
        ("prior", Value::Array(prior_and_more)) => prior(prior_and_more.first()?),
        ("prior", at) => prior(at),
        ("inline", Value::Array(edges)) => format!("{} edges in the block", edges.len()),
        ("eqtl", value) => format!("eqtl({})", name(spec, "table", &value["table"]).unwrap_or_default()),
        (kind, value) => format!("{kind}({})", prior(&value["prior"])),
    })
}
