//! Values: numbers with units, texts, lists, calls, paths.
//!
//! Recursion is as deep as the text nests, which `check` has bounded.

use pest::iterators::Pair;

use super::Rule;
use super::items::{Reader, first};
use crate::language::source::Spanned;
use crate::language::syntax::ast::{Argument, Call, Value, ValueKind};
use crate::language::syntax::error;

/// The largest whole number below which a double holds every whole number.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

impl Reader<'_> {
    /// A `value`, or one of its alternatives.
    pub(super) fn value(&mut self, pair: Pair<Rule>) -> Value {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::quantity => self.quantity(pair),
            Rule::string => ValueKind::Text(self.text(&pair).value),
            Rule::list => {
                let values = pair.into_inner().filter(|inner| inner.as_rule() == Rule::value);
                ValueKind::List(values.map(|inner| self.value(inner)).collect())
            }
            Rule::call => ValueKind::Call(self.call(pair)),
            Rule::path => ValueKind::Path(self.path(pair)),
            _ => return self.value(only(pair)),
        };
        Spanned::new(kind, span)
    }

    /// A `call`, or a `bare_call`, which has no arguments.
    pub(super) fn call(&mut self, pair: Pair<Rule>) -> Call {
        let span = self.span(&pair);
        if pair.as_rule() == Rule::bare_call {
            return Call { name: self.name(pair), arguments: Vec::new(), span };
        }
        let name = self.name(first(&pair, Rule::ident));
        let arguments = pair.into_inner().filter(|inner| inner.as_rule() == Rule::argument);
        let arguments = arguments.map(|inner| self.argument(inner)).collect();
        Call { name, arguments, span }
    }

    fn argument(&mut self, pair: Pair<Rule>) -> Argument {
        let name = pair.clone().into_inner().find(|inner| inner.as_rule() == Rule::word);
        let name = name.map(|inner| self.name(inner));
        Argument { name, value: self.value(first(&pair, Rule::value)) }
    }

    fn quantity(&mut self, pair: Pair<Rule>) -> ValueKind {
        let written = first(&pair, Rule::number);
        let unit = pair.into_inner().find(|inner| inner.as_rule() == Rule::unit);
        let unit = unit.map(|inner| inner.as_str().to_owned());
        let integer = !written.as_str().contains(['.', 'e', 'E']);
        ValueKind::Number { number: self.number(&written).value, integer, unit }
    }

    /// A `number`; one that a double cannot hold is reported.
    pub(super) fn number(&mut self, pair: &Pair<Rule>) -> Spanned<f64> {
        let written = pair.as_str();
        let span = self.span(pair);
        let number: f64 = written.replace('_', "").parse().unwrap_or(f64::INFINITY);
        let whole = !written.contains(['.', 'e', 'E']);
        if !number.is_finite() || (whole && number.abs() > LARGEST_WHOLE) {
            self.found.push(error::number_too_large(span, written));
        }
        Spanned::new(number, span)
    }

    /// An `integer`, as a level has.
    pub(super) fn integer(&mut self, pair: &Pair<Rule>) -> Spanned<u64> {
        let span = self.span(pair);
        let value = pair.as_str().parse().unwrap_or_else(|_| {
            self.found.push(error::number_too_large(span, pair.as_str()));
            0
        });
        Spanned::new(value, span)
    }

    /// A `string` with its escapes resolved.
    pub(super) fn text(&self, pair: &Pair<Rule>) -> Spanned<String> {
        let inner = first(pair, Rule::string_text);
        let mut value = String::with_capacity(inner.as_str().len());
        let mut characters = inner.as_str().chars();
        while let Some(character) = characters.next() {
            let escaped = if character == '\\' { characters.next() } else { None };
            value.push(match escaped {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(other) => other,
                None => character,
            });
        }
        Spanned::new(value, self.span(pair))
    }
}

/// The one part of a rule that is a choice.
pub(super) fn only(pair: Pair<Rule>) -> Pair<Rule> {
    pair.into_inner().next().expect("the grammar gives a choice exactly one part")
}
