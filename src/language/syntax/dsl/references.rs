//! References: names, paths, endpoints, and the comparisons that filter them.

use pest::iterators::Pair;

use super::Rule;
use super::items::{Reader, first};
use super::values::only;
use crate::language::source::Spanned;
use crate::language::syntax::ast::{Comparison, Endpoint, Ident, Operator, Path};

impl Reader<'_> {
    /// A name with its backticks taken off.
    pub(super) fn name(&self, pair: Pair<Rule>) -> Ident {
        match pair.as_rule() {
            Rule::segment | Rule::member | Rule::column_name => self.name(only(pair)),
            Rule::raw_name => {
                let span = self.span(&pair);
                Spanned::new(first(&pair, Rule::raw_text).as_str().to_owned(), span)
            }
            _ => Spanned::new(pair.as_str().to_owned(), self.span(&pair)),
        }
    }

    /// `names`: one or more.
    pub(super) fn names(&self, pair: &Pair<Rule>) -> Vec<Ident> {
        self.parts(pair, Rule::segment).map(|inner| self.name(inner)).collect()
    }

    /// A dotted name.
    pub(super) fn path(&self, pair: Pair<Rule>) -> Path {
        let span = self.span(&pair);
        let mut path = Path { segments: Vec::new(), star: false, span };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::star => path.star = true,
                _ => path.segments.push(self.name(inner)),
            }
        }
        path
    }

    /// `paths`: one or more.
    pub(super) fn paths(&self, pair: &Pair<Rule>) -> Vec<Path> {
        self.parts(pair, Rule::path).map(|inner| self.path(inner)).collect()
    }

    /// `endpoints`: one or more.
    pub(super) fn endpoints(&mut self, pair: &Pair<Rule>) -> Vec<Endpoint> {
        let endpoints = self.parts(pair, Rule::endpoint);
        endpoints.map(|inner| self.endpoint(&inner)).collect()
    }

    fn endpoint(&mut self, pair: &Pair<Rule>) -> Endpoint {
        let path = self.path(first(pair, Rule::path));
        let mut endpoint = Endpoint { path, level: None, filter: Vec::new(), span: self.span(pair) };
        for inner in pair.clone().into_inner() {
            match inner.as_rule() {
                Rule::level => endpoint.level = Some(self.integer(&first(&inner, Rule::integer))),
                Rule::where_clause => endpoint.filter = self.predicate(&first(&inner, Rule::predicate)),
                _ => {}
            }
        }
        endpoint
    }

    /// Comparisons joined by `and`.
    pub(super) fn predicate(&mut self, pair: &Pair<Rule>) -> Vec<Comparison> {
        let comparisons = self.parts(pair, Rule::comparison);
        comparisons.map(|inner| self.comparison(&inner)).collect()
    }

    fn comparison(&mut self, pair: &Pair<Rule>) -> Comparison {
        let operator = first(pair, Rule::comparator);
        Comparison {
            left: self.path(first(pair, Rule::path)),
            operator: Spanned::new(operator_of(operator.as_str()), self.span(&operator)),
            right: self.value(first(pair, Rule::value)),
        }
    }
}

fn operator_of(sign: &str) -> Operator {
    match sign {
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<=" => Operator::AtMost,
        ">=" => Operator::AtLeast,
        "<" => Operator::Less,
        ">" => Operator::Greater,
        _ => Operator::In,
    }
}
