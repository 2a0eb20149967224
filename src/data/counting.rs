//! How often each two-bit code stands among some samples of a variant.
//!
//! Samples are masks over packed rows, so that a word of 32 calls is counted at once: on large panels,
//! counting call by call for every fold took longer than training.

use super::frequencies::CodeCounts;
use super::types::PackedGenotypes;

/// Calls of a word.
const CALLS: usize = 32;

/// Samples of a genotype set, each as often as it was given.
#[derive(Clone, Debug)]
pub struct CountedSamples {
    /// Mask k has the samples that were given more than k times: the low bit of their call, a word for
    /// each 32 samples.
    masks: Vec<Vec<u64>>,
}

impl CountedSamples {
    /// These of so many samples; one may stand there several times.
    ///
    /// # Panics
    /// Where a sample is none of the set.
    #[must_use]
    pub fn new(of: usize, samples: impl IntoIterator<Item = u32>) -> Self {
        let mut masks: Vec<Vec<u64>> = Vec::new();
        for sample in samples {
            let (word, bit) = (sample as usize / CALLS, 1u64 << (2 * (sample as usize % CALLS)));
            match masks.iter_mut().find(|mask| mask[word] & bit == 0) {
                Some(mask) => mask[word] |= bit,
                None => {
                    let mut mask = vec![0; of.div_ceil(CALLS)];
                    mask[word] = bit;
                    masks.push(mask);
                }
            }
        }
        Self { masks }
    }

    /// Counts the codes of one variant.
    #[must_use]
    pub fn codes(&self, calls: &PackedGenotypes, variant: usize) -> CodeCounts {
        let (words, rest) = calls.row(variant).as_chunks::<8>();
        let mut padded = [0; 8];
        padded[..rest.len()].copy_from_slice(rest);
        let mut counts = [0; 4];
        for mask in &self.masks {
            let calls = words.iter().chain([&padded]).map(|word| u64::from_le_bytes(*word));
            for (word, mask) in calls.zip(mask) {
                let (low, high) = (word & mask, word >> 1 & mask);
                counts[0b11] += (low & high).count_ones();
                counts[0b01] += (low & !high).count_ones();
                counts[0b10] += (high & !low).count_ones();
                counts[0b00] += (mask & !low & !high).count_ones();
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_are_those_of_single_calls(
            bytes in prop::collection::vec(any::<u8>(), 60),
            samples in 1usize..80,
            chosen in prop::collection::vec(0u32..80, 0..200),
        ) {
            let width = samples.div_ceil(4);
            let variants = bytes.len() / width;
            let calls = PackedGenotypes::new(samples, variants, bytes[..variants * width].to_vec());
            let chosen: Vec<u32> = chosen.into_iter().filter(|sample| (*sample as usize) < samples).collect();
            let counted = CountedSamples::new(samples, chosen.iter().copied());
            for variant in 0..variants {
                let mut counts = [0; 4];
                for sample in &chosen {
                    counts[usize::from(calls.code(variant, *sample as usize))] += 1;
                }
                prop_assert_eq!(counted.codes(&calls, variant), counts);
            }
        }
    }
}
