//! The genotype body of a PLINK set: magic, mode, then ⌈n/4⌉ bytes a variant.
//!
//! PLINK checks the size alone, so a .fam that is one line short or long passes there and shifts
//! every sample. The unused high bits of each variant's last byte, and a last sample that reads
//! `00` everywhere, give it away here.

use super::error::genotypes as error;
use super::sniff::instead_of_bed;
use super::types::{PackedGenotypes, Variant};
use crate::language::diagnostics::Diagnostic;

/// Bytes before the body.
pub(super) const HEADER: [u8; 3] = [0x6C, 0x1B, 0x01];
/// Bytes that tell one foreign format from another.
pub(super) const SNIFFED: usize = 256;
/// With fewer informative variants a sample may well read `00` at all of them.
const ENOUGH_VARIANTS: usize = 8;

/// What a .bed is held against.
pub(super) struct Lists<'a> {
    /// Path of the .bed, for messages.
    pub name: &'a str,
    /// Number of lines in the .fam.
    pub samples: usize,
    /// Lines of the .bim.
    pub variants: &'a [Variant],
}

/// Judges the first bytes and the size, before the body is read.
///
/// # Errors
/// `E0302` for what is no SNP-major .bed or a torn one, `E0319` for a size that fits another
/// number of samples or variants.
pub(super) fn check(start: &[u8], size: u64, lists: &Lists<'_>) -> Result<(), Diagnostic> {
    let (n, m) = (lists.samples as u64, lists.variants.len() as u64);
    let expected = expected_size(n, m).ok_or_else(|| error::size_overflow(lists.name, n, m))?;
    if start.len() < HEADER.len() {
        return Err(error::shorter_than_header(lists.name, size, expected));
    }
    if start[..2] != HEADER[..2] {
        return Err(error::wrong_magic(lists.name, &start[..3], instead_of_bed(start)));
    }
    match start[2] {
        0x01 => {}
        0x00 => return Err(error::sample_major(lists.name)),
        mode => return Err(error::unknown_mode(lists.name, mode)),
    }
    if size == expected { Ok(()) } else { Err(wrong_size(size, expected, lists)) }
}

/// Takes the body of a .bed that passed [`check`] and holds it against the lists.
///
/// # Errors
/// `E0319` when the padding shows that the .fam is too short or too long.
pub(super) fn decode(mut bytes: Vec<u8>, lists: &Lists<'_>) -> Result<PackedGenotypes, Diagnostic> {
    check(&bytes[..bytes.len().min(SNIFFED)], bytes.len() as u64, lists)?;
    bytes.drain(..HEADER.len());
    let calls = PackedGenotypes::new(lists.samples, lists.variants.len(), bytes);
    check_padding(&calls, lists.name)?;
    check_last_sample(&calls, lists.name)?;
    Ok(calls)
}

/// 3 + m·⌈n/4⌉, or `None` beyond 2⁶⁴.
fn expected_size(samples: u64, variants: u64) -> Option<u64> {
    samples.div_ceil(4).checked_mul(variants)?.checked_add(HEADER.len() as u64)
}

fn wrong_size(size: u64, expected: u64, lists: &Lists<'_>) -> Diagnostic {
    let (n, m) = (lists.samples as u64, lists.variants.len() as u64);
    let (body, width) = (size - HEADER.len() as u64, n.div_ceil(4));
    let whole = |by: u64| by > 0 && body > 0 && body.is_multiple_of(by);
    let implied_variants = whole(width).then(|| body / width);
    let implied_samples = whole(m).then(|| (4 * (body / m) - 3, 4 * (body / m)));
    if implied_variants.is_some() || implied_samples.is_some() {
        return error::size_of_other_lists(
            lists.name,
            (n, m),
            (size, expected),
            implied_samples,
            implied_variants,
        );
    }
    if size > expected {
        return error::trailing_bytes(lists.name, size, expected);
    }
    let torn = (body / width.max(1)) as usize;
    let id = lists.variants.get(torn).map_or("?", |variant| variant.id.as_str());
    error::torn(lists.name, size, expected, torn + 1, id)
}

fn check_padding(calls: &PackedGenotypes, name: &str) -> Result<(), Diagnostic> {
    let used = calls.samples() % 4;
    if used == 0 {
        return Ok(());
    }
    let padded = |variant: &usize| calls.row(*variant).last().is_some_and(|byte| byte >> (2 * used) != 0);
    let broken = (0..calls.variants()).filter(padded).count();
    if broken == 0 {
        Ok(())
    } else {
        Err(error::padding_in_use(name, broken, calls.variants(), calls.samples()))
    }
}

/// A surplus line of the .fam reads the padding: `00` at every variant.
fn check_last_sample(calls: &PackedGenotypes, name: &str) -> Result<(), Diagnostic> {
    let (n, m) = (calls.samples(), calls.variants());
    // The first sample of a byte cannot be surplus: the size would differ.
    if n % 4 == 1 || n < 2 || (0..m).any(|variant| calls.code(variant, n - 1) != 0) {
        return Ok(());
    }
    let informative = |variant: &usize| {
        let others = (0..n - 1).filter(|sample| calls.code(*variant, *sample) != 0).count();
        2 * others >= n - 1
    };
    if (0..m).filter(informative).take(ENOUGH_VARIANTS).count() < ENOUGH_VARIANTS {
        return Ok(());
    }
    Err(error::surplus_sample(name, n, m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_is_reckoned_without_overflow() {
        assert_eq!(expected_size(5, 3), Some(9));
        assert_eq!(expected_size(0, 7), Some(3));
        assert_eq!(expected_size(1 << 63, 1 << 63), None);
        assert_eq!(expected_size(4, u64::MAX), None);
    }
}
