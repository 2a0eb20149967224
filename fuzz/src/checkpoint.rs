//! Checkpoints: sealed records, and the state of a fit in one.
//!
//! Records that are whole are the bytes that sealing them gives; a state that is read is written as bytes
//! that read as the same state.

use binnc::engine::train::checkpoint::Kept;
use binnc::io::sealed::{add, records};

/// Reads the bytes as records, as a state, and as the content of a record.
pub fn check(bytes: &[u8]) {
    if let Some(found) = records(bytes) {
        let mut again = Vec::new();
        found.iter().for_each(|(name, content)| add(&mut again, name, content));
        assert_eq!(again, bytes, "records are their seals");
    }
    if let Some(kept) = Kept::from_bytes(bytes) {
        let written = kept.to_bytes();
        let read = Kept::from_bytes(&written).expect("what was written is read");
        // Numbers that are none differ from themselves; their bytes do not.
        assert_eq!(read.to_bytes(), written, "the same state");
    }
    sealed(bytes);
}

/// A record holds what was put into it, and is nothing once a bit of it is another.
fn sealed(bytes: &[u8]) {
    let mut file = Vec::new();
    add(&mut file, &[bytes.len() as u8; 32], bytes);
    assert_eq!(records(&file), Some(vec![([bytes.len() as u8; 32], bytes)]));
    let at =
        bytes.iter().fold(bytes.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let length = file.len();
    file[at % length] ^= 1 << (at % 8);
    assert_eq!(records(&file), None, "a flipped bit is seen");
}
