//! The genotype body of a PLINK set: magic, mode, then ⌈n/4⌉ bytes a variant.
//!
//! PLINK checks the size alone, so a .fam that is one line short or long passes there and shifts
//! every sample. The unused high bits of each variant's last byte, and a last sample that reads
//! `00` everywhere, give it away here.

use super::error::genotypes as error;
use super::frequencies::count_in_row;
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
    let (n, variants) = (calls.samples(), 0..calls.variants());
    let last: Vec<u8> = variants.filter_map(|variant| calls.row(variant).last().copied()).collect();
    check_padding(&last, n, lists.name)?;
    check_last_sample(&last, n, |variant| Ok(calls.row(variant)), lists.name)?;
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

/// Bits behind the last sample are 0 in the last byte of every variant.
///
/// # Errors
/// `E0319` when they are not.
pub(super) fn check_padding(last: &[u8], samples: usize, name: &str) -> Result<(), Diagnostic> {
    let used = samples % 4;
    if used == 0 {
        return Ok(());
    }
    let broken = last.iter().filter(|byte| **byte >> (2 * used) != 0).count();
    if broken == 0 { Ok(()) } else { Err(error::padding_in_use(name, broken, last.len(), samples)) }
}

/// A surplus line of the .fam reads the padding: `00` at every variant. `row` reads a variant's.
///
/// # Errors
/// `E0319` when the last sample is one, and those of `row`.
pub(super) fn check_last_sample<R: AsRef<[u8]>>(
    last: &[u8],
    samples: usize,
    row: impl Fn(usize) -> Result<R, Diagnostic>,
    name: &str,
) -> Result<(), Diagnostic> {
    // The first sample of a byte cannot be surplus: the size would differ.
    let place = (samples.max(1) - 1) % 4;
    if place == 0 || samples < 2 || last.iter().any(|byte| byte >> (2 * place) & 0b11 != 0) {
        return Ok(());
    }
    let mut informative = 0;
    for variant in 0..last.len() {
        let others = samples - 1 - count_in_row(row(variant)?.as_ref(), 0..samples - 1, 0) as usize;
        informative += usize::from(2 * others >= samples - 1);
        if informative == ENOUGH_VARIANTS {
            return Err(error::surplus_sample(name, samples, last.len()));
        }
    }
    Ok(())
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
