//! What is judged of a name in either notation: length, hidden and look-alike characters.
//!
//! Names are the only join key, so two that look the same must be the same.

use unicode_normalization::is_nfc;

use super::error;
use crate::language::diagnostics::Diagnostic;
use crate::language::source::Span;

/// Longest name in bytes.
const LONGEST_NAME: usize = 256;

/// Letters of other alphabets that are drawn like a Latin one, each above its twin.
const FOREIGN: &str = "аеорсухіјѕԁԛԝАВЕЅІЈКМНОРСТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧο";
const LATIN: &str = "aeopcyxijsdqwABESIJKMHOPCTXABEZHIKMNOPTYXo";

/// Whether a name can be passed without a closer look.
pub(super) fn is_plain(name: &str) -> bool {
    name.is_ascii() && name.len() <= LONGEST_NAME
}

/// What is wrong with a name that stands at the address `start`.
pub(super) fn judge(name: &str, start: u32) -> Option<Diagnostic> {
    let span =
        |from: usize, length: usize| Span { start: start + from as u32, end: start + (from + length) as u32 };
    if name.len() > LONGEST_NAME {
        let head = name.floor_char_boundary(LONGEST_NAME / 8);
        return Some(error::name_too_long(span(0, head), name.len(), LONGEST_NAME));
    }
    if let Some((at, letter, looks)) = look_alike(name) {
        return Some(error::look_alike(span(at, letter.len_utf8()), name, letter, looks));
    }
    (!is_nfc(name)).then(|| error::not_composed(span(0, name.len()), name))
}

/// The first letter of another alphabet that poses as a Latin one in a name with Latin letters.
fn look_alike(name: &str) -> Option<(usize, char, char)> {
    if !name.contains(|character: char| character.is_ascii_alphabetic()) {
        return None;
    }
    name.char_indices().find_map(|(at, letter)| twin(letter).map(|looks| (at, letter, looks)))
}

fn twin(letter: char) -> Option<char> {
    if let Some(wide) = u32::from(letter).checked_sub(0xfee0).filter(|code| (0x21..0x7f).contains(code)) {
        return char::from_u32(wide);
    }
    FOREIGN.chars().zip(LATIN.chars()).find(|(foreign, _)| *foreign == letter).map(|(_, latin)| latin)
}

#[cfg(test)]
mod tests {
    use super::{FOREIGN, LATIN, look_alike};

    #[test]
    fn the_two_alphabets_pair_up() {
        assert_eq!(FOREIGN.chars().count(), LATIN.chars().count());
        assert!(FOREIGN.chars().all(|letter| !letter.is_ascii()) && LATIN.is_ascii());
    }

    #[test]
    fn greek_that_biologists_write_is_no_look_alike() {
        assert_eq!(look_alike("TNFα"), None);
        assert_eq!(look_alike("IFN-γ"), None);
        assert_eq!(look_alike("ген"), None);
        assert_eq!(look_alike("gеne"), Some((1, 'е', 'e')));
    }
}
