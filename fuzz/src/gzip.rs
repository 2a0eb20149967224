//! Bytes unpacked as gzip or bgzip.
//!
//! What is not compressed comes back as it is; what is refused is refused at a byte of the file;
//! and what unpacks, or any input once packed, comes out whole.

use std::io::Write;

use binnc::io::gzip::{Fault, is_compressed, unpacked};

/// The largest input that is packed too.
const PACKED: usize = 512;

/// Unpacks the bytes, and the bytes packed.
pub fn check(bytes: &[u8]) {
    match unpacked(bytes.to_vec()) {
        Ok(content) if !is_compressed(bytes) => assert_eq!(content, bytes, "plain bytes stay"),
        Ok(content) => whole_members(bytes, &content),
        Err(fault) => {
            assert!(is_compressed(bytes), "plain bytes are no fault");
            place_is_in_the_file(fault, bytes.len() as u64);
        }
    }
    if bytes.len() <= PACKED && bytes.len().is_multiple_of(8) {
        let once = packed(bytes);
        assert_eq!(unpacked(once.clone()).as_deref(), Ok(bytes), "what was packed comes out");
        let cut = once[..once.len() - 1].to_vec();
        assert_eq!(unpacked(cut), Err(Fault::Truncated(once.len() as u64 - 1)), "a cut is seen");
    }
}

/// The last member ends with the size of its content, which all content is no smaller than.
fn whole_members(bytes: &[u8], content: &[u8]) {
    let size = bytes.last_chunk().map(|size| u32::from_le_bytes(*size)).expect("a member has a size");
    assert!(size as usize <= content.len(), "the size of the last member");
    assert!(content.len() <= (1 << 20).max(bytes.len() * 1000), "no more than the limit");
}

fn place_is_in_the_file(fault: Fault, size: u64) {
    match fault {
        Fault::Truncated(at) | Fault::NoEndBlock(at) => assert_eq!(at, size),
        Fault::Corrupt(at) => assert!(at <= size),
        Fault::TooLarge => {}
    }
    assert!(!fault.to_string().is_empty());
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(content).expect("writes to memory");
    writer.finish().expect("writes to memory")
}
