//! Parsed priors kept beside the spec, so that a large file is parsed once.
//!
//! An entry holds the digest of the file's bytes, of how they were read, and of itself; any
//! difference leaves it unused, with the reason. So an entry can cost time and never change a result.

mod arrays;
mod contents;

use std::path::{Path, PathBuf};

use super::read::{How, Said};
use crate::io::World;

/// Changes with every change of what stands in an entry, or of what readers make of a file.
const VERSION: u32 = 2;
const MAGIC: [u8; 8] = *b"binncpr\0";
/// Magic, version, length of the rest, and three digests.
const HEADER: usize = 8 + 4 + 8 + 3 * 32;

/// Where one prior's entry is.
#[derive(Clone, Copy)]
pub struct Cache<'a> {
    /// The folder of entries, made when it is needed.
    pub folder: &'a Path,
    /// Name of the prior: each has one entry a file.
    pub prior: &'a str,
    /// Files below this size are not kept.
    pub least_bytes: usize,
}

/// What identifies an entry's content: the file's bytes and how they are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub file: blake3::Hash,
    pub how: blake3::Hash,
}

impl Key {
    pub fn new(file: blake3::Hash, how: How<'_>, shown_name: &str) -> Self {
        let how = serde_json::to_vec(&(how, shown_name)).unwrap_or_default();
        Self { file, how: blake3::hash(&how) }
    }
}

/// An entry's answer.
pub(super) enum Answer {
    /// What the file says.
    Said(Box<Said>),
    /// Nothing is kept yet.
    Absent,
    /// There is an entry, and why it is not used.
    Unused(&'static str),
}

impl Cache<'_> {
    fn entry(&self, shown_name: &str) -> PathBuf {
        let name = blake3::hash(format!("{}\0{shown_name}", self.prior).as_bytes()).to_hex();
        self.folder.join(format!("{}.prior", &name[..32]))
    }

    pub(super) fn get(&self, world: &dyn World, shown_name: &str, key: Key) -> Answer {
        let path = self.entry(shown_name);
        if !world.exists(&path) {
            return Answer::Absent;
        }
        match world.read(&path) {
            Ok(bytes) => answer(&bytes, key),
            Err(_) => Answer::Unused("its entry in the cache cannot be read"),
        }
    }

    /// Keeps what a file says; the error says why it could not.
    pub(super) fn put(
        &self,
        world: &dyn World,
        shown_name: &str,
        key: Key,
        said: &Said,
    ) -> Result<(), String> {
        let shown = self.folder.display();
        let failed = |why: std::io::Error| format!("it could not be kept in the cache `{shown}`: {why}");
        world.create_folder(self.folder).map_err(failed)?;
        world.write(&self.entry(shown_name), &entry(said, key)).map_err(failed)
    }
}

fn entry(said: &Said, key: Key) -> Vec<u8> {
    let mut bytes = vec![0; HEADER];
    contents::write(said, &mut bytes);
    let length = (bytes.len() - HEADER) as u64;
    let digest = blake3::hash(&bytes[HEADER..]);
    let header = [
        &MAGIC[..],
        &VERSION.to_le_bytes(),
        &length.to_le_bytes(),
        key.file.as_bytes(),
        key.how.as_bytes(),
        digest.as_bytes(),
    ];
    bytes[..HEADER].copy_from_slice(&header.concat());
    bytes
}

fn answer(bytes: &[u8], key: Key) -> Answer {
    const DAMAGED: Answer = Answer::Unused("its entry in the cache is damaged");
    let Some((header, content)) = bytes.split_at_checked(HEADER) else { return DAMAGED };
    if header[..8] != MAGIC {
        return DAMAGED;
    }
    if header[8..12] != VERSION.to_le_bytes() {
        return Answer::Unused("its entry in the cache was written by another version of binnc");
    }
    if header[12..20] != (content.len() as u64).to_le_bytes()
        || blake3::hash(content).as_bytes()[..] != header[84..]
    {
        return DAMAGED;
    }
    if header[20..52] != key.file.as_bytes()[..] {
        return Answer::Unused("the file has changed since it was kept in the cache");
    }
    if header[52..84] != key.how.as_bytes()[..] {
        return Answer::Unused("it was read in another way when it was kept in the cache");
    }
    contents::read(content).map_or(DAMAGED, |said| Answer::Said(Box::new(said)))
}

#[cfg(test)]
mod tests;
