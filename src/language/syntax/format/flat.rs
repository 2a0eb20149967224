//! Names, values and references on one line of `.binn`.
//!
//! A number is written as the author wrote it, if its place shows it.

use crate::language::source::{Source, Span};
use crate::language::syntax::ast::{
    Argument, Call, Comparison, Edge, Endpoint, Field, FieldValue, Ident, Operator, Path, Value, ValueKind,
};
use crate::language::syntax::dsl::tokens::{is_bare, is_keyword};
use crate::language::syntax::yaml::values::quantity;

/// Writes parts of the tree, with the text that it was read from at hand.
#[derive(Clone, Copy)]
pub(super) struct Flat<'s> {
    pub(super) source: Option<&'s Source>,
}

impl<'s> Flat<'s> {
    /// What stands at a place of the text.
    pub(super) fn written(&self, span: Span) -> Option<&'s str> {
        let source = self.source?;
        source.text.get(source.range(span)).filter(|text| !text.is_empty())
    }

    pub(super) fn value(&self, value: &Value) -> String {
        match &value.value {
            ValueKind::Number { number, integer, unit } => {
                self.number(*number, *integer, unit.as_deref(), value.span)
            }
            ValueKind::Text(text) => quoted(text),
            ValueKind::List(all) => format!("[{}]", self.values(all)),
            ValueKind::Call(call) => self.call(call),
            ValueKind::Path(path) => self::path(path),
        }
    }

    pub(super) fn number(&self, number: f64, integer: bool, unit: Option<&str>, span: Span) -> String {
        let meant = (number, integer, unit.map(str::to_owned));
        let written =
            self.written(span).filter(|text| is_quantity(text) && quantity(text) == Some(meant.clone()));
        written.map_or_else(|| plain_number(number, integer) + unit.unwrap_or_default(), str::to_owned)
    }

    fn values(&self, values: &[Value]) -> String {
        values.iter().map(|value| self.value(value)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn call(&self, call: &Call) -> String {
        let arguments: Vec<String> = call.arguments.iter().map(|argument| self.argument(argument)).collect();
        format!("{}({})", call.name.value, arguments.join(", "))
    }

    pub(super) fn argument(&self, argument: &Argument) -> String {
        let value = self.value(&argument.value);
        argument.name.as_ref().map_or(value.clone(), |name| format!("{} = {value}", name.value))
    }

    /// The scheme of `evaluate`: without arguments, the word alone.
    pub(super) fn scheme(&self, call: &Call) -> String {
        if call.arguments.is_empty() { call.name.value.clone() } else { self.call(call) }
    }

    pub(super) fn field(&self, field: &Field) -> String {
        let value = match &field.value {
            FieldValue::Value(value) => self.value(value),
            FieldValue::Predicate(comparisons) => self.predicate(comparisons),
        };
        format!("{} = {value}", field.key.value)
    }

    pub(super) fn predicate(&self, comparisons: &[Comparison]) -> String {
        let all = comparisons.iter().map(|one| {
            format!("{} {} {}", path(&one.left), sign(one.operator.value), self.value(&one.right))
        });
        all.collect::<Vec<_>>().join(" and ")
    }

    pub(super) fn endpoint(&self, endpoint: &Endpoint) -> String {
        let mut text = path(&endpoint.path);
        if let Some(level) = &endpoint.level {
            text.push_str(&format!("({})", level.value));
        }
        if !endpoint.filter.is_empty() {
            text.push_str(&format!(" where {}", self.predicate(&endpoint.filter)));
        }
        text
    }

    pub(super) fn edge(&self, edge: &Edge) -> String {
        let weight = edge.weight.as_ref().map(|weight| {
            let written = self.written(weight.span).filter(|text| {
                is_quantity(text)
                    && quantity(text)
                        .is_some_and(|(number, _, unit)| number == weight.value && unit.is_none())
            });
            format!(" @ {}", written.map_or_else(|| plain_number(weight.value, false), str::to_owned))
        });
        format!("{} -> {}{}", names(&edge.from), names(&edge.to), weight.unwrap_or_default())
    }
}

/// Names separated by commas.
pub(super) fn names(names: &[Ident]) -> String {
    names.iter().map(|name| segment(&name.value)).collect::<Vec<_>>().join(", ")
}

/// A dotted name, in backticks where it must be.
pub(super) fn path(path: &Path) -> String {
    let mut text = String::new();
    for (place, name) in path.segments.iter().enumerate() {
        if place > 0 {
            text.push('.');
        }
        let bare = is_bare(&name.value) && (place > 0 || !is_keyword(&name.value));
        text.push_str(&if bare { name.value.clone() } else { raw(&name.value) });
    }
    text + if path.star { ".*" } else { "" }
}

/// A name, in backticks where it must be.
pub(super) fn segment(name: &str) -> String {
    if is_bare(name) && !is_keyword(name) { name.to_owned() } else { raw(name) }
}

fn raw(name: &str) -> String {
    format!("`{name}`")
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

pub(super) fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::AtMost => "<=",
        Operator::AtLeast => ">=",
        Operator::Less => "<",
        Operator::Greater => ">",
        Operator::In => "in",
    }
}

/// A number from its value alone.
pub(super) fn plain_number(number: f64, integer: bool) -> String {
    if integer { format!("{number}") } else { format!("{number:?}") }
}

/// Whether the grammar takes a text for a number with an optional unit.
fn is_quantity(text: &str) -> bool {
    let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
    let bytes = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let points = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'.');
    digit(bytes.first())
        && points.clone().all(|(at, _)| {
            digit(bytes.get(at + 1)) && at > 0 && (bytes[at - 1].is_ascii_digit() || bytes[at - 1] == b'_')
        })
}
