//! Several files in one input, and inputs that choose among settings.
//!
//! Files stand one after the other with the file separator of ASCII between them, so that a
//! mutation within one leaves the others whole.

/// ASCII's file separator.
const SEPARATOR: u8 = 0x1C;

/// The input cut at the first `N − 1` separators; what is not there is empty.
pub fn files<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    let mut cut = bytes.splitn(N, |byte| *byte == SEPARATOR);
    std::array::from_fn(|_| cut.next().unwrap_or_default())
}

/// Takes the first byte as a choice among `count`, and gives the rest.
///
/// Letters count from `a`, so that seeds can be read.
pub fn choice(bytes: &[u8], count: usize) -> (usize, &[u8]) {
    match bytes {
        [first, rest @ ..] => (usize::from(first.wrapping_sub(b'a')) % count, rest),
        [] => (0, bytes),
    }
}
