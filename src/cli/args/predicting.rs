//! Arguments of `predict`, and parts of its samples.

use super::Genotyped;
use clap::Args;
use std::ops::Range;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc predict runs/maize/model.safetensors --bfile candidates --out predictions.tsv
  binnc predict model.safetensors --bfile other_chip --allow-mismatch
  binnc predict model.safetensors --bfile snps=lines --bfile indels=lines_indels
  binnc predict model.safetensors --bfile biobank --shard 3/20 --out part_03.tsv

Variants are joined by id, then by alleles as letters: the same two in the other order are
flipped; others are an error, or missing under --allow-mismatch.

Only the variants that the model reads are read, some samples at a time, so the .bed may be larger
than memory. Every shard writes the header; join the tables of all shards, in their order, by
  awk 'FNR > 1 || NR == 1' part_*.tsv > predictions.tsv
which is the table without --shard, byte for byte.")]
pub(in crate::cli) struct Predict {
    /// The model file, such as runs/maize/model.safetensors.
    pub(in crate::cli) model: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) genotyped: Genotyped,
    /// Write the predictions to this file [default: standard output].
    #[arg(long, value_name = "F")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Predict the I-th of N parts of the samples alone, from 1, so that N processes share the work.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(in crate::cli) shard: Option<Shard>,
}

/// One of several consecutive parts of the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Shard {
    /// From 0.
    part: usize,
    parts: usize,
}

impl Shard {
    /// All samples.
    pub(in crate::cli) const ALL: Self = Self { part: 0, parts: 1 };

    /// Its samples among so many; parts differ by one sample at most.
    pub(in crate::cli) fn of(self, samples: usize) -> Result<Range<usize>, String> {
        let Self { part, parts } = self;
        if parts > samples {
            return Err(format!(
                "`--shard {}/{parts}` asks for {parts} parts of {samples} samples: give at most {samples}",
                part + 1
            ));
        }
        // The first `longer` parts have one sample more.
        let (least, longer) = (samples / parts, samples % parts);
        let start = |part: usize| part * least + part.min(longer);
        Ok(start(part)..start(part + 1))
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(part, parts)| Some((whole(part)?, whole(parts)?)));
    let (part, parts) = numbers.ok_or("give a part and how many there are, such as `3/20`")?;
    if parts == 0 || !(1..=parts).contains(&part) {
        return Err(format!("parts count from 1: give `1/{0}` to `{0}/{0}`", parts.max(1)));
    }
    Ok(Shard { part: part - 1, parts })
}

fn whole(digits: &str) -> Option<usize> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{Shard, shard};

    #[test]
    fn parts_follow_one_another_and_leave_nothing_out() {
        for samples in [1, 2, 7, 100, 257] {
            for parts in (1..=samples).filter(|parts| parts % 3 != 2) {
                let ranges: Vec<_> = (0..parts)
                    .map(|part| Shard { part, parts }.of(samples).expect("fewer parts than samples"))
                    .collect();
                assert_eq!((ranges[0].start, ranges[parts - 1].end), (0, samples));
                assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
                let lengths = ranges.iter().map(ExactSizeIterator::len);
                assert!(lengths.clone().max() <= lengths.min().map(|least| least + 1));
            }
        }
        assert!(Shard { part: 0, parts: 3 }.of(2).is_err());
    }

    #[test]
    fn only_parts_that_are_there_are_taken() {
        assert_eq!(shard("2/4"), Ok(Shard { part: 1, parts: 4 }));
        for wrong in ["0/4", "5/4", "a/b", "1/0", "0/0", "1", "1/", "/2", "+1/2", "1/2/3", "-1/2", ""] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
