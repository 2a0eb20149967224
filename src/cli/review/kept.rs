//! Reviews kept from one command to the next.
//!
//! An entry holds every question that the review asked of the file system, with the answers. It
//! is used by the same binary for the same texts, as long as each answer is the same; so it can
//! cost time and never change a result.

use super::{Asked, Reviewed, afresh};
use crate::cli::load::LEAST_CACHED_BYTES;
use crate::io::World;
use crate::io::recorded::{Question, Recorded};
use crate::language::source::Sources;
use crate::language::spec::Spec;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

#[derive(Serialize, Deserialize)]
struct Entry {
    key: String,
    asked: Vec<(Question, String)>,
    reviewed: Reviewed,
}

/// The review of an opened spec: the kept one where nothing has changed, else a new one.
///
/// `sources` are the texts of the spec, into which findings point.
pub(in crate::cli) fn review(world: &dyn World, spec: Spec, sources: &Sources, asked: Asked<'_>) -> Reviewed {
    let Some(folder) = asked.cache else { return afresh(world, spec, asked).0 };
    let Some(key) = key(world, sources, asked) else { return afresh(world, spec, asked).0 };
    let place = entry(folder, asked);
    let note = match stands(world, &place, &key) {
        Ok(Some(reviewed)) => return reviewed,
        Ok(None) => None,
        Err(why) => Some(why),
    };
    let recorded = Recorded::new(world, folder);
    let (mut reviewed, _) = afresh(&recorded, spec, asked);
    reviewed.cache_notes.extend(note);
    let asked = recorded.asked();
    if read_bytes(world, &asked) >= LEAST_CACHED_BYTES as u64 {
        let entry = Entry { key, asked, reviewed };
        let failed = keep(world, folder, &place, &entry).err();
        reviewed = entry.reviewed;
        reviewed.cache_notes.extend(failed.map(|why| {
            format!("what was found could not be kept in the cache `{}`: {why}", folder.display())
        }));
    }
    reviewed
}

impl Asked<'_> {
    /// Everything that an answer depends on besides texts and files.
    fn told(&self) -> String {
        let Self { path, root, locked, digests, .. } = self;
        format!("{path:?}\0{root:?}\0{locked}\0{digests}")
    }
}

/// One entry a spec, data folder and way of asking.
fn entry(folder: &Path, asked: Asked<'_>) -> PathBuf {
    let name = blake3::hash(asked.told().as_bytes()).to_hex();
    folder.join(format!("{}.review", &name[..32]))
}

/// This binary, what is asked, and the texts; `None` where the binary cannot be read.
fn key(world: &dyn World, sources: &Sources, asked: Asked<'_>) -> Option<String> {
    let binary = std::env::current_exe().ok()?;
    let (_, binary) = world.digest(&binary).ok()?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{binary}\0{}", asked.told()).as_bytes());
    for (name, text) in sources.texts() {
        for part in [name, text] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
    }
    Some(hasher.finalize().to_hex().to_string())
}

/// The kept review, if it still stands; the error says why it does not.
fn stands(world: &dyn World, place: &Path, key: &str) -> Result<Option<Reviewed>, String> {
    if !world.exists(place) {
        return Ok(None);
    }
    let entry = world.read(place).ok().and_then(|bytes| read(&bytes));
    let Some(entry) = entry else {
        return Err("compiled anew: what was kept in the cache is damaged".into());
    };
    if entry.key != key {
        return Err("compiled anew: the spec or binnc has changed since the last time".into());
    }
    match entry.asked.iter().find(|(question, answer)| question.answer(world) != *answer) {
        Some((question, _)) => {
            Err(format!("compiled anew: `{}` has changed since the last time", question.path().display()))
        }
        None => Ok(Some(entry.reviewed)),
    }
}

fn read(bytes: &[u8]) -> Option<Entry> {
    let (digest, content) = bytes.split_at_checked(64)?;
    let is_whole = blake3::hash(content).to_hex().as_bytes() == digest;
    is_whole.then(|| serde_json::from_slice(content).ok())?
}

fn keep(world: &dyn World, folder: &Path, place: &Path, entry: &Entry) -> std::io::Result<()> {
    let content = serde_json::to_vec(entry)?;
    let digest = blake3::hash(&content).to_hex();
    world.create_folder(folder)?;
    world.write(place, &[digest.as_bytes(), &content].concat())
}

fn read_bytes(world: &dyn World, asked: &[(Question, String)]) -> u64 {
    let contents = asked.iter().filter(|(question, _)| matches!(question, Question::Content(_)));
    contents.filter_map(|(question, _)| world.size(question.path()).ok()).sum()
}
