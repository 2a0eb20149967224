//! Reading what can be read of a text that does not parse.
//!
//! The text is cut where a line must start an item, whatever stands before it; each stretch is
//! read by itself and gives its items or one report.

use pest::Parser;

use super::explain::explain;
use super::items::Reader;
use super::tokens::{Kind, Token, is_keyword, starts_item, tokens};
use super::{Body, Grammar, Rule};
use crate::language::diagnostics::Diagnostics;
use crate::language::syntax::ast::Item;

/// The items of all stretches that parse; one report for each of the others.
pub(super) fn items(body: &Body, found: &mut Diagnostics) -> Vec<Item> {
    let shifted = tokens(&body.text[body.start..]).map(|token| Token {
        start: token.start + body.start,
        end: token.end + body.start,
        ..token
    });
    let tokens: Vec<Token> = shifted.filter(|token| token.kind != Kind::Comment).collect();
    let mut starts = starts(body.text, &tokens);
    starts.push(tokens.len());
    let mut items = Vec::new();
    for pair in starts.windows(2) {
        let stretch = &tokens[pair[0]..pair[1]];
        let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
        match Grammar::parse(Rule::stretch, &body.text[first.start..last.end]) {
            Ok(pairs) => {
                items.extend(Reader::new(body.base + first.start as u32, found).items(pairs));
            }
            Err(failure) => found.push(explain(body, stretch, &failure)),
        }
    }
    items
}

/// The indices of the tokens that start a stretch.
fn starts(text: &str, tokens: &[Token]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut state = State { depth: 0, sound: true };
    for (at, token) in tokens.iter().enumerate().skip(1) {
        state.step(&tokens[at - 1]);
        let latest = starts[starts.len() - 1];
        let new = starts_item(token, text) || (state.outside() && is_stray(text, tokens, at, latest));
        if !new {
            continue;
        }
        let documents =
            tokens[..at].iter().rev().take_while(|before| before.kind == Kind::Doc && before.leads);
        let start = at - documents.count();
        state = State { depth: 0, sound: true };
        if start > latest {
            starts.push(start);
        }
    }
    starts
}

/// Whether brackets are balanced so far.
struct State {
    depth: usize,
    sound: bool,
}

impl State {
    fn step(&mut self, token: &Token) {
        match token.kind {
            Kind::Open => self.depth += 1,
            Kind::Close if self.depth > 0 => self.depth -= 1,
            Kind::Close | Kind::Unterminated => self.sound = false,
            _ => {}
        }
    }

    fn outside(&self) -> bool {
        self.sound && self.depth == 0
    }
}

/// Whether an unknown word stands where only an item can: after something complete, on a line of
/// its own, no deeper than the stretch, and followed by what might be a name.
fn is_stray(text: &str, tokens: &[Token], at: usize, start: usize) -> bool {
    let token = &tokens[at];
    let complete = |before: &Token| match before.kind {
        Kind::Word => !is_keyword(before.text(text)),
        Kind::Sign => matches!(before.text(text), "*" | "%"),
        kind => matches!(kind, Kind::Raw | Kind::Text | Kind::Number | Kind::Close | Kind::Doc),
    };
    let followed = tokens.get(at + 1).is_some_and(|next| {
        !next.leads && (matches!(next.kind, Kind::Word | Kind::Raw | Kind::Text) || next.text(text) == "{")
    });
    token.leads
        && token.kind == Kind::Word
        && !is_keyword(token.text(text))
        && complete(&tokens[at - 1])
        && followed
        && indent(text, token) == indent(text, &tokens[start])
}

fn indent(text: &str, token: &Token) -> usize {
    token.start - text[..token.start].rfind(['\n', '\r']).map_or(0, |at| at + 1)
}
