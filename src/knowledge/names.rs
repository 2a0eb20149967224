//! Names and their indices, in the order first seen.
//!
//! A table of open slots holds half of each name's hash beside its index, so that a field
//! costs one look-up and nearly always one comparison, with no allocation for a known name.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

/// Names in the order first seen, each once.
#[derive(Default)]
pub(super) struct Names {
    text: String,
    /// Where each name ends in `text`.
    ends: Vec<u32>,
    slots: Vec<Slot>,
    last: u32,
}

/// A slot says where its name stands, so that a look-up touches nothing but slot and text.
#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    index: u32,
    start: u32,
    length: u32,
}

const FREE: Slot = Slot { hash: 0, index: u32::MAX, start: 0, length: 0 };

/// The hash by which a name is found.
pub(super) fn hash_of(name: &str) -> u32 {
    // The lower half of this hash is the better mixed one.
    FxBuildHasher.hash_one(name) as u32
}

impl Names {
    /// The index of a name, which is new when `true`.
    pub fn index_of(&mut self, name: &str) -> (u32, bool) {
        // Files sorted by one side repeat its names on neighbouring lines.
        if !self.ends.is_empty() && self.get(self.last) == name {
            return (self.last, false);
        }
        self.index_of_hashed(name, hash_of(name))
    }

    /// The same, where the hash is known.
    pub fn index_of_hashed(&mut self, name: &str, hash: u32) -> (u32, bool) {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.index == FREE.index {
                break;
            }
            if slot.hash == hash
                && slot.length as usize == name.len()
                && self.text_of(slot) == name.as_bytes()
            {
                self.last = slot.index;
                return (slot.index, false);
            }
            at = (at + 1) & mask;
        }
        let index = self.ends.len() as u32;
        self.slots[at] = Slot { hash, index, start: self.text.len() as u32, length: name.len() as u32 };
        self.text.push_str(name);
        self.ends.push(self.text.len() as u32);
        self.last = index;
        (index, true)
    }

    /// Reads what a look-up of each hash will read, all at once, so that the processor waits for
    /// memory once and not once a name. The result only keeps the reads from being left out.
    pub fn touch(&self, hashes: impl Iterator<Item = u32> + Clone) -> u32 {
        let Some(mask) = self.slots.len().checked_sub(1) else { return 0 };
        let slots =
            hashes.clone().map(|hash| self.slots[hash as usize & mask].index).fold(0, u32::wrapping_add);
        let texts = hashes
            .map(|hash| self.slots[hash as usize & mask])
            .map(|slot| self.text.as_bytes().get(slot.start as usize).map_or(0, |&byte| u32::from(byte)));
        texts.fold(slots, u32::wrapping_add)
    }

    /// The name of an index.
    pub fn get(&self, index: u32) -> &str {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The names by index.
    pub fn into_list(self) -> Vec<String> {
        (0..self.ends.len() as u32).map(|index| self.get(index).to_owned()).collect()
    }

    fn text_of(&self, slot: Slot) -> &[u8] {
        &self.text.as_bytes()[slot.start as usize..(slot.start + slot.length) as usize]
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 4).max(64);
        let old = std::mem::replace(&mut self.slots, vec![FREE; size]);
        for slot in old.into_iter().filter(|slot| slot.index != FREE.index) {
            let mut at = slot.hash as usize & (size - 1);
            while self.slots[at].index != FREE.index {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_follow_the_order_first_seen() {
        let mut names = Names::default();
        let given: Vec<String> = (0..5000).map(|i| format!("gene{}", i % 1777)).collect();
        for (at, name) in given.iter().enumerate() {
            assert_eq!(names.index_of(name), ((at % 1777) as u32, at < 1777));
        }
        assert_eq!((names.index_of(""), names.index_of("")), ((1777, true), (1777, false)));
        assert_eq!((names.len(), names.get(1776), names.get(1777)), (1778, "gene1776", ""));
        let list = names.into_list();
        assert_eq!(list[..1777], given[..1777]);
    }
}
