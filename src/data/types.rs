//! Samples, variants and packed genotypes.
//!
//! Genotypes stay two bits wide: the bytes of a .bed body, variant-major. Codes are PLINK's:
//! `00` two copies of allele 1, `01` missing, `10` one copy, `11` none.

/// A sample's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SampleId {
    /// Family; `0` stands for none.
    pub family: String,
    /// Individual.
    pub individual: String,
}

/// One row of a .bim file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Contig as written.
    pub chromosome: String,
    /// Variant id as written.
    pub id: String,
    /// 1-based position; `None` where the file says 0 or a negative number.
    pub position: Option<u64>,
    /// Allele 1: the one whose copies are counted.
    pub allele1: String,
    /// Allele 2.
    pub allele2: String,
}

/// Packed genotypes `[variants × samples]`, two bits a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedGenotypes {
    samples: usize,
    variants: usize,
    bytes: Vec<u8>,
}

/// The code of a missing call.
pub const MISSING: u8 = 0b01;
/// The code of a heterozygous call.
pub const HETEROZYGOUS: u8 = 0b10;

impl PackedGenotypes {
    /// Wraps a .bed body.
    ///
    /// # Panics
    /// When `bytes` is not `variants × ⌈samples/4⌉` long: callers check first.
    #[must_use]
    pub fn new(samples: usize, variants: usize, bytes: Vec<u8>) -> Self {
        assert_eq!(bytes.len(), variants * samples.div_ceil(4), "a packed body has ⌈n/4⌉ bytes a variant");
        Self { samples, variants, bytes }
    }

    /// Number of samples.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Number of variants.
    #[must_use]
    pub fn variants(&self) -> usize {
        self.variants
    }

    /// The packed calls of one variant, four samples a byte, low bits first.
    #[must_use]
    pub fn row(&self, variant: usize) -> &[u8] {
        let width = self.samples.div_ceil(4);
        &self.bytes[variant * width..(variant + 1) * width]
    }

    /// The two-bit code of one call.
    #[must_use]
    pub fn code(&self, variant: usize, sample: usize) -> u8 {
        (self.row(variant)[sample / 4] >> (2 * (sample % 4))) & 0b11
    }

    /// The whole body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Copies of allele 1 for each two-bit code; `None` is missing.
pub const COPIES: [Option<u8>; 4] = [Some(2), None, Some(1), Some(0)];

/// A genotype set as read.
#[derive(Clone, Debug, PartialEq)]
pub struct GenotypeSet {
    /// Samples in .fam order.
    pub samples: Vec<SampleId>,
    /// Variants in .bim order.
    pub variants: Vec<Variant>,
    /// Calls.
    pub calls: PackedGenotypes,
}

/// One fold: which rows are trained on and which are predicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Repeat, from 1.
    pub repeat: usize,
    /// Fold, from 1.
    pub fold: usize,
    /// The level left out, where the scheme has levels.
    pub label: Option<String>,
    /// Training rows, ascending.
    pub train: Vec<u32>,
    /// Test rows, ascending.
    pub test: Vec<u32>,
}
