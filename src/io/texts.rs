//! What files come as that should be plain text: with a byte-order mark, cut off, or in another format.
//!
//! Readers of data and of knowledge say the same of them.

/// The byte-order mark of UTF-8.
pub const MARK: &[u8] = b"\xEF\xBB\xBF";
/// What is noted of a text that begins with it.
pub const MARK_SKIPPED: &str = "the byte-order mark at the start was skipped";
/// What is noted of a text whose last line has no end: nothing else tells one that was cut within its last value.
pub const OPEN_END: &str = "the last line has no end: check that the file was not cut there";

/// A compressed or binary format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Blocks of gzip, each with its size.
    Bgzip,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
    /// Genotypes of PLINK 2.
    Pgen,
    /// Binary variant calls.
    Bcf,
    /// A zip file, as spreadsheets are.
    Zip,
    /// HDF5.
    Hdf5,
}

impl Format {
    /// By the first bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let known: [(&[u8], Self); 7] = [
            // A BGZF block is gzip with a `BC` extra field.
            (b"\x1F\x8B\x08\x04", Self::Bgzip),
            (b"\x1F\x8B", Self::Gzip),
            (b"\x28\xB5\x2F\xFD", Self::Zstd),
            (b"\x6C\x1B\x10", Self::Pgen),
            (b"BCF\x02", Self::Bcf),
            (b"PK\x03\x04", Self::Zip),
            (b"\x89HDF", Self::Hdf5),
        ];
        known.into_iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, format)| format)
    }

    /// What such a file is, with its article.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bgzip => "a bgzip file",
            Self::Gzip => "a gzip file",
            Self::Zstd => "a zstd file",
            Self::Pgen => "a PLINK 2 .pgen file",
            Self::Bcf => "a BCF file",
            Self::Zip => "a zip or spreadsheet file",
            Self::Hdf5 => "an HDF5 file",
        }
    }
}
