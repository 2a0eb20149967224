//! What binnc reads back of its own besides models: locks, kept priors, plans; the first byte
//! chooses.
//!
//! What reads is written and read again as the same. A kept prior gets the digests that fit it, so
//! that what stands behind them is reached.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use binnc::compiler::lock::{Contents, Lock};
use binnc::compiler::plan::Plan;
use binnc::io::{MemoryWorld, World};
use binnc::knowledge::{Cache, How, Knowledge, read_cached};
use binnc::language::diagnostics::Diagnostics;
use binnc::language::spec::{Format, Reading};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{parts, priors};

const FILE: &str = "f";
const TABLE: &[u8] = b"gene\tset\nA\tS\n";
/// Of a kept prior: magic, version, length of the rest, and three digests, the last of the rest.
const HEADER: usize = 8 + 4 + 8 + 3 * 32;
const FIXED: std::ops::Range<usize> = 12..20;

/// Reads one of the kinds.
pub fn check(bytes: &[u8]) {
    let (choice, content) = parts::choice(bytes, 5);
    match choice {
        0 => lock(&String::from_utf8_lossy(content)),
        1 => kept_prior(content),
        2 => json::<Plan>(content),
        3 => json::<Diagnostics>(content),
        _ => json::<Contents>(content),
    }
}

fn lock(text: &str) {
    let Ok(lock) = Lock::parse("a.lock", "a.binn", text) else { return };
    let written = lock.text().expect("a lock can be written");
    let again = Lock::parse("a.lock", "a.binn", &written).expect("a written lock is read");
    assert!(again == lock, "the same lock");
    assert_eq!(again.text().as_ref(), Ok(&written), "the same bytes");
}

fn json<T: DeserializeOwned + Serialize + PartialEq>(content: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(content) else { return };
    let written = serde_json::to_vec(&value).expect("what was read can be written");
    let again: T = serde_json::from_slice(&written).expect("what was written is read");
    assert!(again == value, "the same value");
}

fn reading() -> Reading {
    Reading::Edges { source: "gene".into(), target: "set".into() }
}

fn cache() -> Option<Cache<'static>> {
    Some(Cache { folder: Path::new("kept"), prior: "p", least_bytes: 0 })
}

fn how(reading: &Reading) -> How<'_> {
    priors::how(reading, Format::Tsv)
}

static ENTRY: LazyLock<(PathBuf, Vec<u8>)> = LazyLock::new(|| {
    let name = blake3::hash(format!("p\0{FILE}").as_bytes()).to_hex();
    let path = Path::new("kept").join(format!("{}.prior", &name[..32]));
    let world = MemoryWorld::default().with(FILE, TABLE);
    read_cached(&world, Path::new(FILE), FILE, how(&reading()), None, cache()).expect("a table that reads");
    let entry = world.read(&path).expect("an entry is kept");
    (path, entry)
});

fn kept_prior(content: &[u8]) {
    let (path, entry) = &*ENTRY;
    let mut written = entry[..HEADER].to_vec();
    written[FIXED].copy_from_slice(&(content.len() as u64).to_le_bytes());
    written[HEADER - 32..].copy_from_slice(blake3::hash(content).as_bytes());
    written.extend_from_slice(content);
    let world = MemoryWorld::default().with(FILE, TABLE).with(path, written);
    let loaded = read_cached(&world, Path::new(FILE), FILE, how(&reading()), None, cache());
    let loaded = loaded.expect("a damaged entry costs time alone");
    assert_eq!(loaded.from_cache, loaded.cache_note.is_none(), "what is not used is told");
    match &loaded.knowledge {
        Knowledge::Pairs(pairs) => {
            assert_eq!(pairs.offsets.last(), Some(&pairs.members.len()));
            assert!(pairs.members.iter().all(|member| (*member as usize) < pairs.sources.len()));
        }
        Knowledge::Intervals(intervals) => assert_eq!(intervals.starts.len(), intervals.names.len()),
    }
}
