//! Two-bit codes as centred `f64` dosages.
//!
//! A variant's mean and spread come from the observed calls of the training rows; a missing
//! call becomes that mean, hence 0 after centring. Haploid sets coded 0/2 are read as they
//! stand: copies of allele 1, mean 2p.

use crate::data::{COPIES, PackedGenotypes};

/// A genotype set as linear models read it.
#[derive(Clone, Copy, Debug)]
pub struct MarkerSet<'a> {
    /// Calls `[variants × samples]`.
    pub calls: &'a PackedGenotypes,
    /// The sample of each cohort row `[rows]`.
    pub rows: &'a [u32],
    /// Which variants pass the filters on these training rows `[variants]`.
    pub usable: &'a [bool],
}

/// What the training rows say of one variant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Mean copies of allele 1, that is 2p.
    pub mean: f64,
    /// Standard deviation of the dosages, divisor n, missing calls at the mean.
    pub sd: f64,
    /// Rows with one copy.
    pub heterozygous: u32,
}

impl Moments {
    /// Allele frequency p.
    #[must_use]
    pub fn frequency(self) -> f64 {
        self.mean / 2.0
    }
}

impl MarkerSet<'_> {
    /// The samples of the given cohort rows.
    pub(in crate::study) fn samples_of(&self, rows: &[u32]) -> Vec<usize> {
        rows.iter().map(|&row| self.rows[row as usize] as usize).collect()
    }

    /// Mean and spread of a variant over training samples; `None` where all observed calls
    /// agree or none is observed.
    pub(in crate::study) fn moments(&self, variant: usize, training: &[usize]) -> Option<Moments> {
        let packed = self.calls.row(variant);
        let mut count = [0u32; 4];
        for &sample in training {
            count[code(packed, sample)] += 1;
        }
        let heterozygous = count[2];
        let [two, _, one, none] = count.map(f64::from);
        let observed = two + one + none;
        if [two, one, none].contains(&observed) {
            return None;
        }
        let mean = (2.0 * two + one) / observed;
        let squares = two * (2.0 - mean).powi(2) + one * (1.0 - mean).powi(2) + none * mean.powi(2);
        Some(Moments { mean, sd: (squares / training.len() as f64).sqrt(), heterozygous })
    }

    /// Writes `(copies − mean) · scale` of the given samples; missing calls give 0.
    pub(in crate::study) fn centred(
        &self,
        variant: usize,
        samples: &[usize],
        mean: f64,
        scale: f64,
        out: &mut [f64],
    ) {
        self.coded(variant, samples, |copies| (f64::from(copies) - mean) * scale, out);
    }

    /// Writes what copies of allele 1 of the given samples are coded by; missing calls give 0.
    pub(in crate::study) fn coded(
        &self,
        variant: usize,
        samples: &[usize],
        code_of: impl Fn(u8) -> f64,
        out: &mut [f64],
    ) {
        let packed = self.calls.row(variant);
        let value = COPIES.map(|copies| copies.map_or(0.0, &code_of));
        for (slot, &sample) in out.iter_mut().zip(samples) {
            *slot = value[code(packed, sample)];
        }
    }
}

fn code(packed: &[u8], sample: usize) -> usize {
    usize::from((packed[sample / 4] >> (2 * (sample % 4))) & 0b11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_calls_take_the_training_mean() {
        // samples: 2, missing, 1, 0 | 2
        let calls = PackedGenotypes::new(5, 1, vec![0b11_10_01_00, 0b00]);
        let rows = [4, 3, 2, 1, 0];
        let set = MarkerSet { calls: &calls, rows: &rows, usable: &[true] };
        let training = set.samples_of(&[1, 2, 3]);
        assert_eq!(training, [3, 2, 1]);
        let moments = set.moments(0, &training).expect("0 and 1 differ");
        assert_eq!(moments.mean, 0.5);
        assert_eq!(moments.frequency(), 0.25);
        assert!((moments.sd - (0.5f64 / 3.0).sqrt()).abs() < 1e-15);
        let mut out = [9.0; 5];
        set.centred(0, &set.samples_of(&[0, 1, 2, 3, 4]), moments.mean, 1.0, &mut out);
        assert_eq!(out, [1.5, -0.5, 0.5, 0.0, 1.5]);
        assert_eq!(set.moments(0, &[0, 4, 1]), None);
        assert_eq!(set.moments(0, &[1]), None);
    }
}
