//! A .bed of which rows are read as they are needed, so that it may be larger than memory.

use super::bed::{self, HEADER};
use super::error;
use crate::io::Ranges;
use crate::language::diagnostics::Diagnostic;
use rayon::prelude::*;

/// An open .bed whose first bytes and size fit its lists.
pub struct BedFile {
    name: String,
    samples: usize,
    bytes: Box<dyn Ranges>,
}

impl BedFile {
    pub(super) fn new(name: String, samples: usize, bytes: Box<dyn Ranges>) -> Self {
        Self { name, samples, bytes }
    }

    /// Number of samples.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Bytes of a variant's row, four samples each.
    #[must_use]
    pub fn width(&self) -> usize {
        self.samples.div_ceil(4)
    }

    /// Fills `into` from byte `first` of a variant's row on, over the ends of rows where it is longer.
    ///
    /// # Errors
    /// `E0301` when the file cannot be read so far.
    pub fn read(&self, variant: usize, first: usize, into: &mut [u8]) -> Result<(), Diagnostic> {
        let offset = HEADER.len() as u64 + variant as u64 * self.width() as u64 + first as u64;
        self.bytes.read_at(offset, into).map_err(|failed| error::unreadable(&self.name, &failed))
    }

    /// The last byte of each variant's row.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn last_bytes(&self, variants: &[u32]) -> Result<Vec<u8>, Diagnostic> {
        let last = |variant: &u32| {
            let mut byte = [0];
            self.read(*variant as usize, self.width() - 1, &mut byte).map(|()| byte[0])
        };
        variants.par_iter().map(last).collect()
    }

    /// Holds the ends of rows against the list of samples; `last` are the last bytes of `variants`.
    ///
    /// # Errors
    /// `E0319` when they show that the .fam is too short or too long, `E0301` as [`Self::read`].
    pub fn check_ends(&self, variants: &[u32], last: &[u8]) -> Result<(), Diagnostic> {
        bed::check_padding(last, self.samples, &self.name)?;
        let row = |variant: usize| {
            let mut row = vec![0; self.width()];
            self.read(variants[variant] as usize, 0, &mut row).map(|()| row)
        };
        bed::check_last_sample(last, self.samples, row, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{open_plink, pack, read_plink};
    use crate::io::MemoryWorld;
    use std::path::Path;

    /// 12 variants; `listed` of the 6 samples stand in the .fam.
    fn world(listed: usize, copies: impl Fn(usize, usize) -> Option<u8>) -> MemoryWorld {
        let calls = pack(6, 12, copies);
        let fam: String = (0..listed).map(|k| format!("f i{k} 0 0 0 -9\n")).collect();
        let bim: String = (0..12).map(|k| format!("1 v{k} 0 {} A G\n", k + 1)).collect();
        let bed = [&HEADER, calls.bytes()].concat();
        MemoryWorld::default().with("p.bed", bed).with("p.fam", fam).with("p.bim", bim)
    }

    fn both(world: &MemoryWorld) -> [Result<(), String>; 2] {
        let streamed = open_plink(world, Path::new("p")).and_then(|(_, file)| {
            let all: Vec<u32> = (0..12).collect();
            Ok(file.check_ends(&all, &file.last_bytes(&all)?)?)
        });
        let whole = read_plink(world, Path::new("p")).map(|_| ());
        [streamed, whole].map(|result| result.map_err(|found| format!("{found:?}")))
    }

    #[test]
    fn rows_are_those_of_the_whole_file() {
        let world = world(6, |variant, sample| Some(((variant + 2 * sample) % 3) as u8));
        let (_, file) = open_plink(&world, Path::new("p")).expect("a set");
        let (set, ..) = read_plink(&world, Path::new("p")).expect("a set");
        let mut two = [0; 4];
        file.read(7, 0, &mut two).expect("two rows");
        assert_eq!(two, [set.calls.row(7), set.calls.row(8)].concat()[..]);
        let mut one = [0];
        file.read(11, 1, &mut one).expect("the last byte");
        assert_eq!(one[0], set.calls.row(11)[1]);
        assert!(file.read(11, 1, &mut two).is_err(), "the file ends there");
    }

    #[test]
    fn a_list_of_other_samples_is_seen_as_in_the_whole_file() {
        let many = |variant: usize, sample: usize| Some(((variant + sample) % 2) as u8);
        let [streamed, whole] = both(&world(6, many));
        assert_eq!((streamed, whole), (Ok(()), Ok(())));
        for (listed, copies) in [(5, 0), (7, 0), (8, 1)] {
            let [streamed, whole] = both(&world(listed, |_, _| Some(copies)));
            assert_eq!(streamed, whole, "{listed} samples listed");
            assert!(streamed.is_err_and(|found| found.contains("E0319")), "{listed} samples listed");
        }
    }
}
