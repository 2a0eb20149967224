//! From the place where pest gave up to one report.
//!
//! Pest knows the place and what could have stood there. What the author meant is looked for
//! among the tokens by `habits`; only when none fits is the bare "expected … found …" said.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::expected::phrases;
use super::habits;
use super::tokens::{Kind, Token, is_keyword};
use super::{Body, Rule};
use crate::language::diagnostics::Diagnostic;
use crate::language::source::Span;
use crate::language::syntax::error;

/// Longest piece of the author's text that a message repeats, in characters.
const LONGEST_QUOTE: usize = 40;

/// The report for a stretch that does not parse.
pub(super) fn explain(body: &Body, tokens: &[Token], failure: &Error<Rule>) -> Diagnostic {
    let fault = Fault::new(body, tokens, failure);
    let habit = habits::ALL.iter().find_map(|habit| habit(&fault));
    habit.unwrap_or_else(|| fault.plain())
}

/// A place where the grammar could not go on.
pub(super) struct Fault<'t> {
    body: &'t Body<'t>,
    /// The stretch, without comments.
    pub(super) tokens: &'t [Token],
    /// Index of the token at the place; the number of tokens when the stretch has ended.
    pub(super) here: usize,
    /// What could have stood there.
    pub(super) expected: Vec<Rule>,
}

impl<'t> Fault<'t> {
    fn new(body: &'t Body<'t>, tokens: &'t [Token], failure: &Error<Rule>) -> Self {
        let (InputLocation::Pos(local) | InputLocation::Span((local, _))) = failure.location;
        let place = tokens.first().map_or(0, |first| first.start) + local;
        let here = tokens.partition_point(|token| token.end <= place);
        let mut expected = match &failure.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.clone(),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        expected.sort_unstable();
        Self { body, tokens, here, expected }
    }

    /// "Expected this, found that."
    pub(super) fn plain(&self) -> Diagnostic {
        let mut phrases = phrases(&self.expected);
        if phrases.is_empty() {
            phrases.push(if self.here == 0 { "an item" } else { "the next item" });
        }
        let report = match (self.token(0), self.tokens.last()) {
            (Some(token), _) => error::expected(self.span(token), &phrases, &self.found(token)),
            (None, Some(last)) => error::ends_early(self.span(last), &phrases),
            (None, None) => error::ends_early(self.body.span(self.body.start, self.body.start), &phrases),
        };
        match self.innermost() {
            Some(open) if self.expects(&[Rule::close_paren, Rule::close_bracket]) => {
                report.at(self.span(open), "opened here")
            }
            _ => report,
        }
    }

    fn found(&self, token: &Token) -> String {
        let text = shortened(self.text(token));
        match token.kind {
            Kind::Word if is_keyword(&text) => format!("the keyword `{text}`"),
            Kind::Text => format!("the text `{text}`"),
            Kind::Number => format!("the number `{text}`"),
            Kind::Raw => format!("the name {text}"),
            Kind::Doc => "a `##` line".to_owned(),
            _ => format!("`{text}`"),
        }
    }

    /// Whether one of `rules` could have stood at the place.
    pub(super) fn expects(&self, rules: &[Rule]) -> bool {
        self.expected.iter().any(|rule| rules.contains(rule))
    }

    /// The token so many places after (or before) the place.
    pub(super) fn token(&self, offset: isize) -> Option<&'t Token> {
        self.here.checked_add_signed(offset).and_then(|at| self.tokens.get(at))
    }

    /// The text of [`Self::token`]; empty when there is none.
    pub(super) fn word(&self, offset: isize) -> &'t str {
        self.token(offset).map_or("", |token| self.text(token))
    }

    pub(super) fn text(&self, token: &Token) -> &'t str {
        token.text(self.body.text)
    }

    pub(super) fn span(&self, token: &Token) -> Span {
        self.body.span(token.start, token.end)
    }

    /// Text and place of the tokens that touch each other around the place and of which none
    /// is one of `stops`, a bracket or a quoted text.
    pub(super) fn run(&self, stops: &str) -> Option<(&'t str, Span)> {
        let joins = |token: &Token| {
            !matches!(token.kind, Kind::Open | Kind::Close | Kind::Doc | Kind::Text | Kind::Unterminated)
                && !stops.contains(self.text(token))
                && !matches!(self.text(token), "->" | "-->" | "=>")
        };
        let here = self.here.min(self.tokens.len().checked_sub(1)?);
        let mut from = here;
        let mut to = here;
        if !joins(&self.tokens[here]) {
            return None;
        }
        while from > 0
            && self.tokens[from - 1].end == self.tokens[from].start
            && joins(&self.tokens[from - 1])
        {
            from -= 1;
        }
        while let Some(next) = self.tokens.get(to + 1)
            && self.tokens[to].end == next.start
            && joins(next)
        {
            to += 1;
        }
        let (start, end) = (self.tokens[from].start, self.tokens[to].end);
        Some((&self.body.text[start..end], self.body.span(start, end)))
    }

    /// The opening brackets before the place that are still open, and the first closing one that
    /// does not fit.
    pub(super) fn brackets(&self) -> (Vec<&'t Token>, Option<&'t Token>) {
        let mut open: Vec<&Token> = Vec::new();
        for token in &self.tokens[..self.here.min(self.tokens.len())] {
            match token.kind {
                Kind::Open => open.push(token),
                Kind::Close
                    if open.last().is_some_and(|last| closing(self.text(last)) == self.text(token)) =>
                {
                    open.pop();
                }
                Kind::Close => return (open, Some(token)),
                _ => {}
            }
        }
        (open, None)
    }

    fn innermost(&self) -> Option<&'t Token> {
        self.brackets().0.last().copied()
    }
}

/// The bracket that closes `open`.
pub(super) fn closing(open: &str) -> &'static str {
    match open {
        "{" => "}",
        "(" => ")",
        _ => "]",
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
