//! A PLINK set: `.fam`, `.bim` and `.bed`, with the file separator between.
//!
//! A set that is accepted has the size that its lists say, gives the same calls however it is
//! read, and is the same set once written and read again.

use std::path::Path;

use binnc::data::{COPIES, GenotypeSet, open_plink, pack, read_plink, read_plink_lists, write_plink};
use binnc::io::MemoryWorld;

use super::parts;

/// Reads the set in all three ways.
pub fn check(bytes: &[u8]) {
    let [fam, bim, bed] = parts::files(bytes);
    let world = MemoryWorld::default().with("s.fam", fam).with("s.bim", bim).with("s.bed", bed);
    let prefix = Path::new("s");
    let lists = read_plink_lists(&world, prefix);
    let opened = open_plink(&world, prefix);
    assert_eq!(lists.is_ok(), opened.is_ok(), "the lists say alone what they say with the calls");
    let Ok((set, ..)) = read_plink(&world, prefix) else { return };
    let (lists, _) = lists.expect("a set that is read has lists that are read");
    assert!(lists.samples == set.samples && lists.variants == set.variants, "the same lists");
    has_its_size(&set, bed);
    let (_, file) = opened.expect("a set that is read can be opened");
    let mut row = vec![0; file.width()];
    for variant in 0..set.variants.len() {
        file.read(variant, 0, &mut row).expect("a row of an accepted set");
        assert_eq!(row, set.calls.row(variant), "row {variant}");
    }
    comes_back(&set);
}

fn has_its_size(set: &GenotypeSet, bed: &[u8]) {
    let (samples, variants) = (set.samples.len(), set.variants.len());
    assert!(samples > 0 && variants > 0, "an empty set is refused");
    assert_eq!(bed.len(), 3 + variants * samples.div_ceil(4), "the size that the lists say");
    assert_eq!((set.calls.samples(), set.calls.variants()), (samples, variants));
    let copies = |variant: usize, sample: usize| COPIES[usize::from(set.calls.code(variant, sample))];
    assert_eq!(pack(samples, variants, copies), set.calls, "unused bits are zero");
}

fn comes_back(set: &GenotypeSet) {
    let world = MemoryWorld::default();
    write_plink(&world, Path::new("w"), set).expect("memory can be written");
    let (again, ..) = read_plink(&world, Path::new("w")).expect("what was written is read");
    assert!(again == *set, "what was written is the same set");
}
