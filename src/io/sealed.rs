//! Bytes that tell whether they are whole: a length before, a BLAKE3 digest behind.
//!
//! Several stand one after another in a file, each with a name of 32 bytes.

/// Bytes of a name, and of a digest.
const NAME: usize = 32;
const DIGEST: usize = 32;
/// Bytes of a length.
const LENGTH: usize = 8;

/// Adds a record to others.
pub fn add(to: &mut Vec<u8>, name: &[u8; NAME], content: &[u8]) {
    let start = to.len();
    to.extend(name);
    to.extend((content.len() as u64).to_le_bytes());
    to.extend(content);
    let digest = blake3::hash(&to[start..]);
    to.extend(digest.as_bytes());
}

/// The records of a file; `None` where it is cut off or any byte of it is another.
#[must_use]
pub fn records(mut bytes: &[u8]) -> Option<Vec<([u8; NAME], &[u8])>> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let name: [u8; NAME] = bytes.get(..NAME)?.try_into().ok()?;
        let length: [u8; LENGTH] = bytes.get(NAME..NAME + LENGTH)?.try_into().ok()?;
        let length = usize::try_from(u64::from_le_bytes(length)).ok()?;
        let end = length.checked_add(NAME + LENGTH)?;
        let (record, rest) = bytes.split_at_checked(end)?;
        let (digest, rest) = rest.split_at_checked(DIGEST)?;
        if blake3::hash(record).as_bytes() != digest {
            return None;
        }
        records.push((name, &record[NAME + LENGTH..]));
        bytes = rest;
    }
    Some(records)
}

#[cfg(test)]
mod tests {
    use super::{add, records};

    #[test]
    fn records_come_back() {
        let mut bytes = Vec::new();
        assert_eq!(records(&bytes), Some(Vec::new()));
        add(&mut bytes, &[1; 32], b"one");
        add(&mut bytes, &[2; 32], b"");
        let expected: Vec<([u8; 32], &[u8])> = vec![([1; 32], b"one"), ([2; 32], b"")];
        assert_eq!(records(&bytes), Some(expected));
    }

    #[test]
    fn every_cut_within_a_record_and_every_flipped_bit_is_seen() {
        let mut bytes = Vec::new();
        add(&mut bytes, &[7; 32], b"content");
        let whole = bytes.len();
        add(&mut bytes, &[8; 32], b"more");
        for length in (1..bytes.len()).filter(|length| *length != whole) {
            assert_eq!(records(&bytes[..length]), None, "cut to {length}");
        }
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut wrong = bytes.clone();
                wrong[at] ^= 1 << bit;
                assert_eq!(records(&wrong), None, "byte {at}, bit {bit}");
            }
        }
    }
}
