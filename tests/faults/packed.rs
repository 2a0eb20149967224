//! Genotypes as bytes: what rows do to a .bed, and gzip and bgzip files that are made on purpose.

use crate::folder::{Folder, SAMPLES, WIDTH};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

pub const BED: &str = "data/geno.bed";
const HEADER: usize = 3;
/// The code of a missing call.
pub const MISSING: u8 = 1;
/// The code of a heterozygous call.
pub const HETEROZYGOUS: u8 = 2;
/// The code of two copies of allele 2.
pub const ALLELE_2: u8 = 3;

/// The empty block that ends a bgzip file.
pub const END_BLOCK: [u8; 28] =
    [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Sets calls; `code` gets variant and sample and says `None` for a call that stays.
pub fn recode(folder: &Folder, code: impl Fn(usize, usize) -> Option<u8>) {
    let mut bytes = folder.bytes(BED);
    for (variant, row) in bytes[HEADER..].chunks_mut(WIDTH).enumerate() {
        for sample in 0..SAMPLES {
            if let Some(code) = code(variant, sample) {
                let shift = 2 * (sample % 4);
                row[sample / 4] = row[sample / 4] & !(3 << shift) | code << shift;
            }
        }
    }
    folder.put(BED, bytes);
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(content).expect("writes to memory");
    writer.finish().expect("writes to memory")
}

/// A block of bgzip: a gzip member with a `BC` field that holds its size less one.
pub fn block(content: &[u8]) -> Vec<u8> {
    let member = gzip(content);
    let mut block = member[..10].to_vec();
    block[3] = 4;
    let size = (member.len() + 8 - 1) as u16;
    block.extend([6, 0, b'B', b'C', 2, 0]);
    block.extend(size.to_le_bytes());
    block.extend(&member[10..]);
    block
}

pub fn bgzip(content: &[u8]) -> Vec<u8> {
    [block(content), END_BLOCK.to_vec()].concat()
}
