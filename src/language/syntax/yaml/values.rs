//! Values: what a scalar, list or map means right of a key.
//!
//! In quotes it is a text. Without, it is a number with an optional unit if it reads as one,
//! else a name or dotted name, else a text. A map is a call, or a name that needs quotes.

use super::Reader;
use super::entries::Entries;
use super::error;
use super::references::reads_as_path;
use super::tree::{Node, Shape};
use crate::language::source::{Span, Spanned};
use crate::language::syntax::ast::{Comparison, Field, FieldValue, Operator, Value, ValueKind};
use crate::language::syntax::error as common;

/// The largest whole number below which a double holds every whole number.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

const UNITS: [&str; 6] = ["", "bp", "kb", "Mb", "cM", "%"];

const SIGNS: [(&str, Operator); 7] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("in", Operator::In),
];

impl Reader<'_> {
    /// What is left of an item, as its fields.
    pub(super) fn fields(&mut self, entries: Entries) -> Vec<Field> {
        entries.rest.into_iter().filter_map(|(key, node)| self.field(key, node)).collect()
    }

    fn field(&mut self, key: Spanned<String>, node: &Node) -> Option<Field> {
        let plain = is_word(&key.value);
        if !plain {
            self.found.push(error::no_plain_name("a key", &key.value, key.span));
        }
        let value = if compares(node) {
            FieldValue::Predicate(self.predicate(&format!("`{}`", key.value), node))
        } else {
            FieldValue::Value(self.value(&format!("`{}`", key.value), node)?)
        };
        plain.then_some(Field { key, value })
    }

    /// Any value; `what` is the key that it belongs to.
    pub(super) fn value(&mut self, what: &str, node: &Node) -> Option<Value> {
        let kind = match &node.shape {
            Shape::Empty => {
                self.found.push(error::nothing_given(what, node.span));
                return None;
            }
            Shape::Quoted(text) => {
                if !self.printable(text, node.span) {
                    return None;
                }
                ValueKind::Text(text.clone())
            }
            Shape::Plain(text) => self.plain_value(text, node)?,
            Shape::List(values) => {
                let all: Vec<Option<Value>> = values.iter().map(|value| self.value(what, value)).collect();
                ValueKind::List(all.into_iter().collect::<Option<_>>()?)
            }
            Shape::Map(_) => return self.map_value(what, node),
        };
        Some(Spanned::new(kind, node.span))
    }

    fn plain_value(&mut self, text: &str, node: &Node) -> Option<ValueKind> {
        if let Some(number) = quantity(text) {
            self.exact(text, &number, node.span);
            return Some(ValueKind::Number { number: number.0, integer: number.1, unit: number.2 });
        }
        if reads_as_path(text) {
            return Some(ValueKind::Path(self.path(node)?));
        }
        self.printable(text, node.span).then(|| ValueKind::Text(text.to_owned()))
    }

    fn exact(&mut self, text: &str, (number, whole, _): &(f64, bool, Option<String>), span: Span) {
        if !number.is_finite() || (*whole && number.abs() > LARGEST_WHOLE) {
            self.found.push(common::number_too_large(span, text));
        }
    }

    /// A number without a unit, as the weight of an edge.
    pub(super) fn number(&mut self, what: &str, node: &Node) -> Option<Spanned<f64>> {
        let number = match &node.shape {
            Shape::Plain(text) => quantity(text).filter(|(_, _, unit)| unit.is_none()).map(|n| (text, n)),
            _ => None,
        };
        let Some((text, number)) = number else {
            let help = "write a number such as `0.5`, without quotes";
            self.found.push(error::wrong_shape(what, "a number", node.span, "no number", help));
            return None;
        };
        self.exact(text, &number, node.span);
        Some(Spanned::new(number.0, node.span))
    }

    /// Comparisons that must all hold: a map, or a list of maps.
    pub(super) fn predicate(&mut self, what: &str, node: &Node) -> Vec<Comparison> {
        let maps: Vec<&Node> = match &node.shape {
            Shape::List(all) => all.iter().collect(),
            _ => vec![node],
        };
        let help = "write for example `[{maf: {\">=\": 0.05}}]`";
        let mut comparisons = Vec::new();
        for map in maps {
            let Some(attributes) = self.entries(what, map, help) else { continue };
            for (attribute, signs) in attributes.rest {
                let left = self.path_text(&attribute);
                let owner = format!("`{}`", attribute.value);
                let Some(signs) = self.entries(&owner, signs, help) else { continue };
                for (sign, right) in signs.rest {
                    let operator = SIGNS.iter().find(|(written, _)| *written == sign.value);
                    if operator.is_none() {
                        self.found.push(error::no_comparison(&sign.value, sign.span));
                    }
                    let right = self.value(&owner, right);
                    let (Some(left), Some((_, operator)), Some(right)) = (&left, operator, right) else {
                        continue;
                    };
                    let operator = Spanned::new(*operator, sign.span);
                    comparisons.push(Comparison { left: left.clone(), operator, right });
                }
            }
        }
        comparisons
    }
}

/// Whether a node is a comparison, or a list of them.
pub(super) fn compares(node: &Node) -> bool {
    match &node.shape {
        Shape::List(all) => !all.is_empty() && all.iter().all(compares_alone),
        _ => compares_alone(node),
    }
}

fn compares_alone(node: &Node) -> bool {
    let Shape::Map(attributes) = &node.shape else { return false };
    let signed = |value: &Node| {
        let Shape::Map(signs) = &value.shape else { return false };
        !signs.is_empty() && signs.iter().all(|(sign, _)| is_sign(sign))
    };
    !attributes.is_empty() && attributes.iter().all(|(_, value)| signed(value))
}

/// A sign of comparison, or what can only be meant as one.
fn is_sign(key: &Node) -> bool {
    let (Shape::Plain(text) | Shape::Quoted(text)) = &key.shape else { return false };
    text == "in" || (!text.is_empty() && text.chars().all(|c| "=<>!~≤≥≠".contains(c)))
}

/// Whether a text is a word: keys may be any, as nothing else can stand there.
pub(super) fn is_word(text: &str) -> bool {
    crate::language::syntax::dsl::tokens::is_bare(text)
}

/// Number, whether it is written as a whole one, and unit.
pub(in crate::language::syntax) fn quantity(text: &str) -> Option<(f64, bool, Option<String>)> {
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '.').map_or(0, |at| at + 1);
    let (number, unit) = text.split_at(end);
    if !UNITS.contains(&unit) {
        return None;
    }
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (digits, None),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let starts_well = [whole, fraction, exponent.unwrap_or("0")].iter().all(|part| !part.starts_with('_'));
    let some_digit = mantissa.bytes().any(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|part| !part.is_empty() && all_digits(part));
    if !(starts_well && some_digit && exponent_fits && all_digits(whole) && all_digits(fraction)) {
        return None;
    }
    let integer = !number.contains(['.', 'e', 'E']);
    let value = number.replace('_', "").parse().unwrap_or(f64::INFINITY);
    Some((value, integer, (!unit.is_empty()).then(|| unit.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn numbers_are_told_from_names() {
        let number =
            |text| quantity(text).map(|(number, whole, unit)| (number, whole, unit.unwrap_or_default()));
        assert_eq!(number("250kb"), Some((250.0, true, "kb".to_owned())));
        assert_eq!(number("10%"), Some((10.0, true, "%".to_owned())));
        assert_eq!(number("-1_000"), Some((-1000.0, true, String::new())));
        assert_eq!(number("1.0e-3"), Some((0.001, false, String::new())));
        assert_eq!(number(".5"), Some((0.5, false, String::new())));
        for text in
            ["", ".", "e3", "1e", "1-2", "0x10", "kb", "5kg", "1.2.3", "_1", "-", "2024_data.tsv", ".inf"]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
