//! Gzip and bgzip, told by their first bytes and never by a name.
//!
//! All members are read and every checksum is checked. What does not come out whole is a
//! [`Fault`], and so is a file that grows beyond what a text may be.

use std::fmt;
use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;

/// The most a file may grow, as a multiple of its size; texts grow less than a hundredfold.
const MOST_GROWTH: u64 = 1000;
/// The most bytes that come out, whatever the growth.
const MOST_BYTES: u64 = 4 << 30;
/// Below this, no growth is too much.
const FREE_BYTES: u64 = 1 << 20;
/// The empty block with which a bgzip file ends.
const BGZF_END: [u8; 28] =
    [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Why a compressed file cannot be unpacked; its text is the end of a sentence about the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends within a member, after this many bytes.
    Truncated(u64),
    /// A header, a block or a checksum is wrong; found at or shortly before this byte.
    Corrupt(u64),
    /// A bgzip file without its last, empty block.
    NoEndBlock(u64),
    /// It grows beyond the limit.
    TooLarge,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated(bytes) => write!(out, "its compressed data break off after byte {bytes}"),
            Self::Corrupt(byte) => write!(out, "its compressed data are damaged at or before byte {byte}"),
            Self::NoEndBlock(bytes) => {
                write!(out, "the end block of bgzip is missing after byte {bytes}, so it may have been cut")
            }
            Self::TooLarge => {
                let gigabytes = MOST_BYTES >> 30;
                write!(out, "it unpacks to more than {MOST_GROWTH} times its size, or {gigabytes} GB")
            }
        }
    }
}

/// Whether the bytes are a gzip or bgzip file.
#[must_use]
pub fn is_compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The content of a compressed file; other bytes come back as they are.
///
/// # Errors
/// A [`Fault`] when the content is not there as a whole.
pub fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, Fault> {
    if !is_compressed(&bytes) {
        return Ok(bytes);
    }
    unpack(&bytes, MOST_BYTES)
}

fn unpack(bytes: &[u8], most: u64) -> Result<Vec<u8>, Fault> {
    let size = bytes.len() as u64;
    let limit = most.min(FREE_BYTES.max(size.saturating_mul(MOST_GROWTH)));
    let mut counted = Counted { bytes, at: 0 };
    let mut content = Vec::new();
    let read = MultiGzDecoder::new(&mut counted).take(limit + 1).read_to_end(&mut content);
    if content.len() as u64 > limit {
        return Err(Fault::TooLarge);
    }
    let at = counted.at as u64;
    match read {
        Err(why) if why.kind() == io::ErrorKind::UnexpectedEof => Err(Fault::Truncated(size)),
        Err(_) => Err(Fault::Corrupt(at)),
        Ok(_) if is_bgzip(bytes) && !bytes.ends_with(&BGZF_END) => Err(Fault::NoEndBlock(size)),
        Ok(_) => Ok(content),
    }
}

// A gzip header with the extra field `BC` of two bytes.
fn is_bgzip(bytes: &[u8]) -> bool {
    bytes.len() > 18 && bytes[3] & 4 != 0 && bytes[12..16] == [b'B', b'C', 2, 0]
}

/// Bytes, and how many of them were taken.
struct Counted<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = (&self.bytes[self.at..]).read(buffer)?;
        self.at += taken;
        Ok(taken)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(&self.bytes[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(content).expect("writes to memory");
        writer.finish().expect("writes to memory")
    }

    // The blocks of bgzip: gzip members with a `BC` field that holds their size less one.
    fn bgzip_block(content: &[u8]) -> Vec<u8> {
        let member = packed(content);
        let mut block = member[..10].to_vec();
        block[3] = 4;
        let size = (member.len() + 8 - 1) as u16;
        block.extend([6, 0, b'B', b'C', 2, 0]);
        block.extend(size.to_le_bytes());
        block.extend(&member[10..]);
        block
    }

    #[test]
    fn all_members_are_read() {
        let file = [packed(b"one\n"), packed(b""), packed(b"two\n")].concat();
        assert_eq!(unpacked(file).expect("is whole"), b"one\ntwo\n");
        assert_eq!(unpacked(b"plain".to_vec()).expect("is not compressed"), b"plain");
    }

    #[test]
    fn a_bgzip_file_needs_its_end_block() {
        let blocks = [bgzip_block(b"one\n"), bgzip_block(b"two\n")].concat();
        let whole = [blocks.clone(), BGZF_END.to_vec()].concat();
        assert_eq!(unpacked(whole).expect("is whole"), b"one\ntwo\n");
        let size = blocks.len() as u64;
        assert_eq!(unpacked(blocks), Err(Fault::NoEndBlock(size)));
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_seen() {
        let whole = packed(b"gene\tset\nA\tS\nB\tS\nC\tT\n");
        for length in 2..whole.len() {
            assert_eq!(unpacked(whole[..length].to_vec()), Err(Fault::Truncated(length as u64)), "{length}");
        }
        // The header holds flags, a time and a system, of which a few bits mean nothing.
        for at in 10..whole.len() {
            let mut wrong = whole.clone();
            wrong[at] ^= 0x10;
            assert!(unpacked(wrong).is_err(), "byte {at}");
        }
        let followed = [whole, b"rest".to_vec()].concat();
        assert!(matches!(unpacked(followed), Err(Fault::Corrupt(_) | Fault::Truncated(_))));
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = packed(&vec![0; 40 << 20]);
        assert!(bomb.len() * 1000 < 40 << 20, "grows more than a thousandfold");
        assert_eq!(unpacked(bomb), Err(Fault::TooLarge));
        assert_eq!(unpack(&packed(&[b'a'; 5000]), 4999), Err(Fault::TooLarge));
    }
}
