//! Characters that a reader cannot see, and their spelling in messages.
//!
//! Whatever comes out of a file passes through [`visible`] before it reaches a terminal or a
//! build log: no escape sequence, direction mark or workflow command survives it.

/// Whether `character` is a control: an escape, a bell, a null, but no tab or line end.
#[must_use]
pub fn is_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// Whether `character` changes the direction in which a text is shown (Trojan Source, CVE-2021-42574).
#[must_use]
pub fn turns_direction(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether `character` is a space that is not the space bar's.
#[must_use]
pub fn is_odd_space(character: char) -> bool {
    matches!(
        character,
        '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Whether `character` takes no room, or looks like a space and is none.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    is_control(character)
        || turns_direction(character)
        || is_odd_space(character)
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` with hidden characters spelt as `\u{…}`, line ends and tabs kept.
///
/// A `::` or `##[` that a build service could read as a command loses its first character to
/// the same spelling.
///
/// ```
/// use binnc::language::diagnostics::visible::visible;
/// assert_eq!(visible("a\u{1b}[31m"), "a\\u{1b}[31m");
/// assert_eq!(visible("::error::x"), "\\u{3a}:error::x");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        if must_spell(before, &text[at..]) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
        before = character;
    }
    out
}

/// Whether the first character of `rest`, which follows `before`, must be spelt as `\u{…}`.
pub(super) fn must_spell(before: char, rest: &str) -> bool {
    let command = before.is_whitespace() && rest.starts_with("::") || rest.starts_with("##[");
    command || rest.chars().next().is_some_and(|character| character == '\r' || is_hidden(character))
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_hidden_is_printed() {
        assert_eq!(visible("\u{202e}x\u{200b}\u{a0}\0"), "\\u{202e}x\\u{200b}\\u{a0}\\u{0}");
        assert_eq!(visible("µ-é\tα\n"), "µ-é\tα\n");
    }

    #[test]
    fn commands_of_build_services_are_broken() {
        assert_eq!(visible("a\n  ::set-output x::y"), "a\n  \\u{3a}:set-output x::y");
        assert_eq!(visible("x ##[group]"), "x \\u{23}#[group]");
        assert_eq!(visible("std::fs"), "std::fs");
    }
}
