//! A tree of YAML and its layout: in braces where it fits on a line, else indented.

use super::WIDTH;
use crate::language::diagnostics::visible::is_hidden;
use crate::language::syntax::yaml::values::quantity;

/// A piece of YAML; scalars are written as they stand.
pub(super) enum Yaml {
    Scalar(String),
    /// Lines that no bracket may hold.
    Lines(Vec<String>),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// On one line; `None` for what needs several.
    pub(super) fn flat(&self) -> Option<String> {
        match self {
            Self::Scalar(text) => Some(text.clone()),
            Self::Lines(_) => None,
            Self::List(all) => {
                let all: Option<Vec<String>> = all.iter().map(Self::flat).collect();
                Some(format!("[{}]", all?.join(", ")))
            }
            Self::Map(all) => {
                let all: Option<Vec<String>> =
                    all.iter().map(|(key, value)| Some(format!("{key}: {}", value.flat()?))).collect();
                Some(format!("{{{}}}", all?.join(", ")))
            }
        }
    }

    /// Adds the value of a key or dash that ends the text, `indent` being that of its parts.
    fn write(&self, indent: usize, column: usize, out: &mut String) {
        let flat = self.flat().filter(|flat| column + flat.chars().count() < WIDTH);
        match (flat, self) {
            (Some(flat), _) => out.push_str(&format!(" {flat}\n")),
            (None, Self::Lines(lines)) => {
                out.push_str(" |-\n");
                for line in lines {
                    out.push_str(format!("{}{line}", " ".repeat(indent)).trim_end());
                    out.push('\n');
                }
            }
            (None, Self::Map(_) | Self::List(_)) if self.has_parts() => {
                out.push('\n');
                self.block(indent, out);
            }
            (None, _) => out.push_str(&format!(" {}\n", self.flat().unwrap_or_default())),
        }
    }

    fn has_parts(&self) -> bool {
        match self {
            Self::Map(all) => !all.is_empty(),
            Self::List(all) => !all.is_empty(),
            Self::Scalar(_) | Self::Lines(_) => false,
        }
    }

    /// The parts of a list or map, each on lines of its own.
    pub(super) fn block(&self, indent: usize, out: &mut String) {
        let start = " ".repeat(indent);
        match self {
            Self::Map(all) => {
                for (key, value) in all {
                    out.push_str(&format!("{start}{key}:"));
                    value.write(indent + 2, indent + key.chars().count() + 2, out);
                }
            }
            Self::List(all) => {
                for value in all {
                    match value.flat().filter(|flat| indent + 2 + flat.chars().count() <= WIDTH) {
                        Some(flat) => out.push_str(&format!("{start}- {flat}\n")),
                        None if value.has_parts() => {
                            let mut inner = String::new();
                            value.block(indent + 2, &mut inner);
                            out.push_str(&format!("{start}- {}", inner.trim_start()));
                        }
                        None => out.push_str(&format!("{start}- {}\n", value.flat().unwrap_or_default())),
                    }
                }
            }
            Self::Scalar(text) => out.push_str(&format!("{start}{text}\n")),
            Self::Lines(_) => {}
        }
    }
}

/// A name or path where only text can stand: bare unless another reader could take it for more.
pub(super) fn text(text: &str) -> String {
    if is_bare(text) && !is_special(text) && quantity(text).is_none() {
        return text.to_owned();
    }
    if text.chars().any(|character| character.is_control() || is_hidden(character)) {
        return quoted(text);
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether a text can stand without quotes.
pub(super) fn is_bare(text: &str) -> bool {
    let first = text.chars().next().is_some_and(|first| first == '_' || first.is_alphabetic());
    let inner = |c: char| c.is_alphanumeric() || "_./*()-`".contains(c) || c == ' ';
    first && text.chars().all(inner) && !text.ends_with(' ') && !text.contains("  ")
}

/// Words that YAML gives a meaning of their own.
fn is_special(text: &str) -> bool {
    let special = ["true", "false", "null", "yes", "no", "on", "off"];
    special.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            hidden if is_hidden(hidden) => quoted.push_str(&format!("\\U{:08x}", u32::from(hidden))),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

/// A number as every reader of YAML takes it for one: `3.0e-3`, no `_`.
pub(super) fn number(written: &str) -> String {
    let plain = written.replace('_', "");
    let Some((mantissa, exponent)) = plain.split_once(['e', 'E']) else { return plain };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}
