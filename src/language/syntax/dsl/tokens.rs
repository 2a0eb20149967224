//! Words and signs of a text, for what must be known before or beside the grammar.
//!
//! Never fails and never recurses: every byte belongs to one token or to white space.

use pest::unicode::{XID_CONTINUE, XID_START};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language::syntax) enum Kind {
    Word,
    Number,
    /// A text in quotes.
    Text,
    /// A name in backticks.
    Raw,
    /// A quote or backtick that the line does not close, with the rest of the line.
    Unterminated,
    Open,
    Close,
    Sign,
    /// A `##` line.
    Doc,
    /// A `#` line.
    Comment,
    Other,
}

/// A token; offsets are bytes of the text that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language::syntax) struct Token {
    pub(in crate::language::syntax) kind: Kind,
    pub(in crate::language::syntax) start: usize,
    pub(in crate::language::syntax) end: usize,
    /// Whether only white space stands before it on its line.
    pub(in crate::language::syntax) leads: bool,
}

impl Token {
    pub(in crate::language::syntax) fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

/// The tokens of `text` in order.
pub(in crate::language::syntax) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0, leads: true }
}

/// Whether `word` consists of the characters of a bare name.
pub(in crate::language::syntax) fn is_bare(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(starts_name) && characters.all(XID_CONTINUE)
}

/// The words that start an item.
pub(in crate::language::syntax) const ITEMS: [&str; 13] = [
    "model",
    "import",
    "let",
    "genotypes",
    "table",
    "prior",
    "layer",
    "node",
    "link",
    "predict",
    "supervise",
    "evaluate",
    "train",
];

/// The other words that cannot be bare names.
const INNER: [&str; 8] = ["as", "column", "via", "where", "and", "in", "from", "by"];

pub(in crate::language::syntax) fn is_keyword(word: &str) -> bool {
    ITEMS.contains(&word) || INNER.contains(&word)
}

/// Whether a token can only be the start of an item: a line starts with the keyword, and it is
/// no field, which `=` would follow.
pub(super) fn starts_item(token: &Token, text: &str) -> bool {
    token.leads
        && token.kind == Kind::Word
        && ITEMS.contains(&token.text(text))
        && !text[token.end..].trim_start().starts_with('=')
}

/// The iterator of [`tokens`].
pub(in crate::language::syntax) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    leads: bool,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let rest = &self.text[self.at..];
        let (kind, length) = shape(rest)?;
        let token = Token { kind, start: self.at, end: self.at + length, leads: self.leads };
        self.at = token.end;
        self.leads = false;
        Some(token)
    }
}

impl Tokens<'_> {
    fn skip_space(&mut self) {
        let rest = self.text.as_bytes()[self.at..].iter();
        for byte in rest.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
            self.leads |= matches!(byte, b'\n' | b'\r');
        }
    }
}

const SIGNS: [&str; 7] = ["-->", "->", "=>", "==", "!=", "<=", ">="];

fn shape(rest: &str) -> Option<(Kind, usize)> {
    let first = rest.chars().next()?;
    let shape = match first {
        '#' if rest.starts_with("##") => (Kind::Doc, line_length(rest)),
        '#' => (Kind::Comment, line_length(rest)),
        '"' => quoted(rest, '"', Kind::Text),
        '`' => quoted(rest, '`', Kind::Raw),
        '{' | '(' | '[' => (Kind::Open, 1),
        '}' | ')' | ']' => (Kind::Close, 1),
        '0'..='9' => (Kind::Number, number_length(rest)),
        _ if starts_name(first) => {
            let end = rest.find(|character| !XID_CONTINUE(character));
            (Kind::Word, end.unwrap_or(rest.len()))
        }
        _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => (Kind::Sign, sign.len()),
            None if first.is_ascii_punctuation() => (Kind::Sign, 1),
            None => (Kind::Other, first.len_utf8()),
        },
    };
    Some(shape)
}

fn starts_name(character: char) -> bool {
    character == '_' || XID_START(character)
}

fn line_length(rest: &str) -> usize {
    rest.find(['\n', '\r']).unwrap_or(rest.len())
}

fn quoted(rest: &str, quote: char, kind: Kind) -> (Kind, usize) {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            '\n' | '\r' => return (Kind::Unterminated, at),
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if character == quote => return (kind, at + 1),
            _ => {}
        }
    }
    (Kind::Unterminated, rest.len())
}

fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits =
        |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            end += 1 + sign + digits(end + 1 + sign);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        tokens(text).map(|token| (token.kind, token.text(text))).collect()
    }

    #[test]
    fn signs_numbers_and_quotes_are_told_apart() {
        let expected = [
            (Kind::Word, "a"),
            (Kind::Sign, "=>"),
            (Kind::Raw, "`x-y`"),
            (Kind::Number, "3e-3"),
            (Kind::Word, "kb"),
            (Kind::Text, r#""p\"q""#),
            (Kind::Comment, "# c"),
            (Kind::Unterminated, "\"open"),
        ];
        assert_eq!(kinds("a => `x-y` 3e-3kb \"p\\\"q\" # c\n\"open"), expected);
    }

    #[test]
    fn only_the_first_token_of_a_line_leads() {
        let leads: Vec<bool> = tokens("a b\r\n  c").map(|token| token.leads).collect();
        assert_eq!(leads, [true, false, true]);
    }
}
