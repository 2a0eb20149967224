//! What the training rows say of a variant, and the four-entry table that turns its packed
//! codes into numbers.
//!
//! Coding, centring, scaling and missing calls are all in the table, so kernels need no branch.

use super::counting::CountedSamples;
use super::error::{Found, genotypes as error};
use super::types::{COPIES, MISSING, PackedGenotypes, Variant};
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::{Encoding, MissingCalls, Scale};
use std::ops::Range;

/// How often each two-bit code stands among some rows.
pub type CodeCounts = [u32; 4];

/// A variant among some rows; shares are of those rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariantSummary {
    /// Mean of the coded, observed calls.
    pub mean: f64,
    /// Their population SD (divided by n).
    pub sd: f64,
    /// Minor allele frequency, in [0, ½].
    pub maf: f64,
    /// Share of missing calls.
    pub missing_share: f64,
    /// Number of heterozygous calls.
    pub heterozygous: u32,
}

const HETEROZYGOUS: usize = 0b10;

/// Mean, SD and frequencies from counts of the training rows; all 0 where nothing was observed.
#[must_use]
pub fn summary(counts: CodeCounts, encoding: Encoding) -> VariantSummary {
    let total: u32 = counts.iter().sum();
    let missing = counts[usize::from(MISSING)];
    let observed = f64::from(total - missing);
    let share = |part: f64, of: f64| if of > 0.0 { part / of } else { 0.0 };
    let weighted = |value: &dyn Fn(usize) -> f64| -> f64 {
        (0..4).filter(|code| COPIES[*code].is_some()).map(|code| f64::from(counts[code]) * value(code)).sum()
    };
    let coded = |code| coded(code, encoding).unwrap_or(0.0);
    let mean = share(weighted(&coded), observed);
    let variance = share(weighted(&|code| (coded(code) - mean) * (coded(code) - mean)), observed);
    let frequency = share(weighted(&|code| f64::from(COPIES[code].unwrap_or(0))), 2.0 * observed);
    VariantSummary {
        mean,
        sd: variance.sqrt(),
        maf: frequency.min(1.0 - frequency).max(0.0),
        missing_share: share(f64::from(missing), f64::from(total)),
        heterozygous: counts[HETEROZYGOUS],
    }
}

/// The table from two-bit code to input: (value − mean)/SD, or value − mean.
///
/// A missing call becomes 0 after centring, or what the commonest call becomes (`mode`; of equal
/// counts the one with fewer copies of allele 1). SD 0 gives an all-zero table.
#[must_use]
pub fn lookup(counts: CodeCounts, encoding: Encoding, missing: MissingCalls, scale: Scale) -> [f32; 4] {
    let summary = summary(counts, encoding);
    if summary.sd == 0.0 {
        return [0.0; 4];
    }
    let divisor = match scale {
        Scale::Unit => summary.sd,
        Scale::Center => 1.0,
    };
    let entry = |code| coded(code, encoding).map_or(0.0, |value| ((value - summary.mean) / divisor) as f32);
    let mut table = [entry(0b00), 0.0, entry(0b10), entry(0b11)];
    if missing == MissingCalls::Mode {
        let commonest = [0b00, 0b10, 0b11].into_iter().max_by_key(|code| counts[*code]).unwrap_or(0b11);
        table[usize::from(MISSING)] = table[commonest];
    }
    table
}

/// Writes the looked-up value of each row of `rows` to `out`, in order.
pub fn decode_row<T: Copy>(
    calls: &PackedGenotypes,
    variant: usize,
    rows: &[u32],
    lookup: &[T; 4],
    out: &mut [T],
) {
    let packed = calls.row(variant);
    for (value, row) in out.iter_mut().zip(rows) {
        *value = lookup[code(packed, *row)];
    }
}

/// How many of a packed row's `samples` have the code: a count of whole words, its ends apart.
#[must_use]
pub fn count_in_row(packed: &[u8], samples: Range<usize>, wanted: u8) -> u32 {
    const LOW: u64 = 0x5555_5555_5555_5555;
    let one = |sample: usize| u32::from(code(packed, sample as u32) == usize::from(wanted));
    let (first, last) = (samples.start.next_multiple_of(4), samples.end / 4 * 4);
    if first >= last {
        return samples.map(one).sum();
    }
    let same = u64::from(wanted) * LOW;
    let in_word = |word: u64| {
        let differs = word ^ same;
        (!(differs | differs >> 1) & LOW).count_ones()
    };
    let (words, rest) = packed[first / 4..last / 4].as_chunks::<8>();
    // Bytes that fill the last word hold another code.
    let mut padded = [(!same & 0xff) as u8; 8];
    padded[..rest.len()].copy_from_slice(rest);
    let inner: u32 = words.iter().chain([&padded]).map(|word| in_word(u64::from_le_bytes(*word))).sum();
    inner + (samples.start..first).chain(last..samples.end).map(one).sum::<u32>()
}

/// `E0317` when any of `rows` is heterozygous at any of `chosen` variants.
#[must_use]
pub fn check_haploid(
    name: &str,
    calls: &PackedGenotypes,
    variants: &[Variant],
    chosen: &[u32],
    rows: &[u32],
) -> Option<Diagnostic> {
    refuse_heterozygous(name, variants, counts(calls, chosen, rows, HETEROZYGOUS), rows.len())
}

/// `E0302` when any of `rows` is missing at any of `chosen` variants, for `missing = error`.
#[must_use]
pub fn check_missing(
    name: &str,
    calls: &PackedGenotypes,
    variants: &[Variant],
    chosen: &[u32],
    rows: &[u32],
) -> Option<Diagnostic> {
    refuse_missing(name, variants, counts(calls, chosen, rows, usize::from(MISSING)), rows.len())
}

fn counts(
    calls: &PackedGenotypes,
    chosen: &[u32],
    rows: &[u32],
    code: usize,
) -> impl Iterator<Item = (u32, u32)> {
    let counted = CountedSamples::new(calls.samples(), rows.iter().copied());
    chosen.iter().map(move |variant| (*variant, counted.codes(calls, *variant as usize)[code]))
}

/// `E0317` when any variant has heterozygous calls; `counts` are variants with how many of `samples`.
#[must_use]
pub fn refuse_heterozygous(
    name: &str,
    variants: &[Variant],
    counts: impl Iterator<Item = (u32, u32)>,
    samples: usize,
) -> Option<Diagnostic> {
    let (total, found) = tally(variants, counts, samples, "heterozygous");
    (total > 0).then(|| error::heterozygous_haploid(name, total, found.total, found))
}

/// `E0302` when any variant has missing calls, for `missing = error`; arguments as above.
#[must_use]
pub fn refuse_missing(
    name: &str,
    variants: &[Variant],
    counts: impl Iterator<Item = (u32, u32)>,
    samples: usize,
) -> Option<Diagnostic> {
    let (total, found) = tally(variants, counts, samples, "missing");
    (total > 0).then(|| error::missing_refused(name, total, found.total, found))
}

fn tally(
    variants: &[Variant],
    counts: impl Iterator<Item = (u32, u32)>,
    samples: usize,
    word: &str,
) -> (u64, Found) {
    let (mut total, mut found) = (0, Found::default());
    for (variant, count) in counts.filter(|(_, count)| *count > 0) {
        total += u64::from(count);
        found.add(|| format!("`{}`: {count} of {samples} calls {word}", variants[variant as usize].id));
    }
    (total, found)
}

fn code(packed: &[u8], row: u32) -> usize {
    usize::from((packed[row as usize / 4] >> (2 * (row % 4))) & 0b11)
}

/// The number a code stands for; `None` for missing calls and for haploid heterozygotes.
fn coded(code: usize, encoding: Encoding) -> Option<f64> {
    let copies = COPIES[code]?;
    match encoding {
        Encoding::Additive => Some(f64::from(copies)),
        Encoding::Dominant => Some(f64::from(copies.min(1))),
        Encoding::Recessive => Some(f64::from(copies / 2)),
        Encoding::Haploid => (copies != 1).then(|| f64::from(copies / 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::plink::pack;

    const ENCODINGS: [(Encoding, [f64; 3]); 3] = [
        (Encoding::Additive, [0.0, 1.0, 2.0]),
        (Encoding::Dominant, [0.0, 1.0, 1.0]),
        (Encoding::Recessive, [0.0, 0.0, 1.0]),
    ];

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn summaries_equal_those_of_the_unpacked_values() {
        let copies = [Some(0), Some(1), None, Some(2), Some(2), Some(1), Some(0)];
        let calls = pack(7, 1, |_, sample| copies[sample]);
        let rows = [0, 1, 2, 4, 5];
        let counts = CountedSamples::new(7, rows).codes(&calls, 0);
        assert_eq!(counts, [1, 1, 2, 1]);
        for (encoding, values) in ENCODINGS {
            let seen: Vec<f64> = rows
                .iter()
                .filter_map(|row| copies[*row as usize])
                .map(|copies| values[copies as usize])
                .collect();
            let mean = seen.iter().sum::<f64>() / seen.len() as f64;
            let sd = (seen.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / seen.len() as f64).sqrt();
            let got = summary(counts, encoding);
            close(got.mean, mean);
            close(got.sd, sd);
            close(got.maf, 0.5);
            close(got.missing_share, 0.2);
            assert_eq!(got.heterozygous, 2);
            let mut out = [9.0; 5];
            decode_row(
                &calls,
                0,
                &rows,
                &lookup(counts, encoding, MissingCalls::Mean, Scale::Unit),
                &mut out,
            );
            for (row, value) in rows.iter().zip(out) {
                let wanted =
                    copies[*row as usize].map_or(0.0, |copies| (values[copies as usize] - mean) / sd);
                assert!((f64::from(value) - wanted).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_minor_allele_is_the_rarer_one() {
        close(summary([8, 0, 1, 1], Encoding::Additive).maf, 0.15);
        close(summary([1, 2, 1, 8], Encoding::Additive).maf, 0.15);
    }

    #[test]
    fn missing_calls_take_the_mean_or_the_commonest_call() {
        let counts = [1, 3, 4, 2];
        assert_eq!(lookup(counts, Encoding::Additive, MissingCalls::Mean, Scale::Center)[1], 0.0);
        let mode = lookup(counts, Encoding::Additive, MissingCalls::Mode, Scale::Center);
        assert_eq!(mode[1], mode[2]);
        let tied = lookup([4, 1, 1, 4], Encoding::Additive, MissingCalls::Mode, Scale::Center);
        assert_eq!((tied[1], tied[0]), (-1.0, 1.0));
    }

    #[test]
    fn constant_and_empty_variants_give_zeros() {
        for counts in [[0, 0, 0, 0], [0, 5, 0, 0], [7, 1, 0, 0], [0, 0, 3, 0]] {
            assert_eq!(lookup(counts, Encoding::Additive, MissingCalls::Mode, Scale::Unit), [0.0; 4]);
            assert!(summary(counts, Encoding::Additive).maf.is_finite());
        }
        assert_eq!(lookup([2, 0, 3, 0], Encoding::Dominant, MissingCalls::Mean, Scale::Unit), [0.0; 4]);
    }

    #[test]
    fn haploid_calls_count_one_allele() {
        assert_eq!(
            lookup([1, 1, 0, 1], Encoding::Haploid, MissingCalls::Mean, Scale::Unit),
            [1.0, 0.0, 0.0, -1.0]
        );
        let calls = pack(4, 2, |variant, sample| Some(if variant == 1 && sample < 2 { 1 } else { 2 }));
        let variant = |id: &str| Variant {
            chromosome: "1".into(),
            id: id.into(),
            position: None,
            allele1: "A".into(),
            allele2: "C".into(),
        };
        let variants = [variant("a"), variant("b")];
        let found = check_haploid("snps", &calls, &variants, &[0, 1], &[0, 1, 2, 3]).expect("heterozygotes");
        assert!(found.message.starts_with("2 heterozygous calls in 1 variant "), "{}", found.message);
        assert_eq!(found.notes, ["`b`: 2 of 4 calls heterozygous"]);
        assert_eq!(check_haploid("snps", &calls, &variants, &[0, 1], &[2, 3]), None);
        assert_eq!(check_missing("snps", &calls, &variants, &[0, 1], &[0, 1]), None);
    }

    #[test]
    fn whole_words_and_ends_are_counted_alike() {
        let row: Vec<u8> = (0..75_usize).map(|k| (k * 157 % 253) as u8).collect();
        let code = |sample: usize| row[sample / 4] >> (2 * (sample % 4)) & 3;
        for samples in [0..300, 0..0, 1..2, 3..298, 4..296, 2..5, 255..300] {
            for wanted in 0..4 {
                let expected = samples.clone().filter(|sample| code(*sample) == wanted).count();
                assert_eq!(count_in_row(&row, samples.clone(), wanted) as usize, expected, "{samples:?}");
            }
        }
    }
}
