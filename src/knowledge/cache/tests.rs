//! An entry says what the file says, or is left unused with the reason.

use std::path::Path;

use super::*;
use crate::io::MemoryWorld;
use crate::knowledge::Knowledge;
use crate::knowledge::{Loaded, read_cached};
use crate::language::spec::{Contigs, Format, Reading};

const TABLE: &[u8] = b"gene\tset\tw\tchr\tstart\tend\nA\tS\t1\t1\t5\t9\n1-Mar\tS\t2\t1\t2\t3\nA\tS\t1\t1\t5\t9\nA\tT\t0\t1\t7\t8\n";

fn edges() -> Reading {
    Reading::Edges { source: "gene".into(), target: "set".into() }
}

fn intervals() -> Reading {
    let [id, chromosome, start, end] = ["gene", "chr", "start", "end"].map(str::to_owned);
    Reading::Intervals { id, chromosome, start, end, strand: None, base: 1 }
}

fn how<'a>(reading: &'a Reading, weight: Option<&'a str>) -> How<'a> {
    How { reading, format: Format::Tsv, contigs: &Contigs::Same, weight, sign: None }
}

fn read(world: &MemoryWorld, how: How<'_>) -> Loaded {
    let cache = Cache { folder: Path::new("kept"), prior: "links", least_bytes: 0 };
    read_cached(world, Path::new("f"), "f", how, None, Some(cache)).expect("reads")
}

fn entry_path(world: &MemoryWorld) -> PathBuf {
    let cache = Cache { folder: Path::new("kept"), prior: "links", least_bytes: 0 };
    let path = cache.entry("f");
    assert!(world.exists(&path), "an entry was kept");
    path
}

#[test]
fn what_is_read_back_is_what_was_read() {
    for (reading, weight) in [(edges(), None), (edges(), Some("w")), (intervals(), None)] {
        let world = MemoryWorld::default().with("f", TABLE);
        let first = read(&world, how(&reading, weight));
        let again = read(&world, how(&reading, weight));
        assert!(!first.from_cache && again.from_cache);
        assert_eq!(first.knowledge, again.knowledge);
        assert_eq!(
            (&first.found, &first.notes, &first.outdated),
            (&again.found, &again.notes, &again.outdated)
        );
        assert!(!again.found.is_empty(), "the warning of a mangled id is said again");
        assert_eq!((first.digest, again.cache_note), (again.digest, None));
    }
}

#[test]
fn an_entry_that_does_not_fit_is_not_used_and_the_reason_is_said() {
    let reading = edges();
    let world = MemoryWorld::default().with("f", TABLE);
    read(&world, how(&reading, None));
    let path = entry_path(&world);
    let kept = world.read(&path).expect("is there");
    let other_way = read(&world, how(&reading, Some("w")));
    assert!(other_way.cache_note.is_some_and(|note| note.contains("in another way")));
    world.write(&path, &kept).expect("writes");
    world.write(Path::new("f"), b"gene\tset\nB\tS\n").expect("writes");
    let changed = read(&world, how(&reading, None));
    assert!(changed.cache_note.is_some_and(|note| note.contains("has changed")));
    let Knowledge::Pairs(pairs) = changed.knowledge else { panic!("pairs were asked for") };
    assert_eq!(pairs.sources, ["B"]);
    let mut old = kept;
    old[8] ^= 1;
    world.write(&path, &old).expect("writes");
    assert!(
        read(&world, how(&reading, None)).cache_note.is_some_and(|note| note.contains("another version"))
    );
}

#[test]
fn no_damage_goes_unseen() {
    let reading = edges();
    let world = MemoryWorld::default().with("f", TABLE);
    let true_one = read(&world, how(&reading, Some("w")));
    let path = entry_path(&world);
    let kept = world.read(&path).expect("is there");
    let lengths = (0..kept.len()).map(|length| kept[..length].to_vec());
    let flipped = (0..kept.len()).map(|at| {
        let mut bytes = kept.clone();
        bytes[at] ^= 0x40;
        bytes
    });
    for wrong in lengths.chain(flipped) {
        world.write(&path, &wrong).expect("writes");
        let found = read(&world, how(&reading, Some("w")));
        assert!(!found.from_cache && found.cache_note.is_some());
        assert_eq!(found.knowledge, true_one.knowledge);
    }
}

#[test]
fn entries_with_a_right_checksum_and_wrong_arrays_are_damaged() {
    // Of every byte of the content another value, with the checksum made to fit.
    let reading = edges();
    let world = MemoryWorld::default().with("f", TABLE);
    read(&world, how(&reading, Some("w")));
    let kept = world.read(&entry_path(&world)).expect("is there");
    let key = Key::new(blake3::hash(TABLE), how(&reading, Some("w")), "f");
    assert!(matches!(answer(&kept, key), Answer::Said(_)));
    for at in HEADER..kept.len() {
        let mut bytes = kept.clone();
        bytes[at] ^= 0x81;
        let digest = blake3::hash(&bytes[HEADER..]);
        bytes[84..HEADER].copy_from_slice(digest.as_bytes());
        if let Answer::Said(said) = answer(&bytes, key) {
            let Knowledge::Pairs(pairs) = said.knowledge else { continue };
            assert!(pairs.members.iter().all(|member| (*member as usize) < pairs.sources.len()));
            assert_eq!(pairs.offsets.last(), Some(&pairs.members.len()));
        }
    }
}

#[test]
fn small_files_are_not_kept_and_a_closed_folder_costs_nothing_but_a_note() {
    let reading = edges();
    let world = MemoryWorld::default().with("f", TABLE);
    let cache = Cache { folder: Path::new("kept"), prior: "links", least_bytes: 1000 };
    let small =
        read_cached(&world, Path::new("f"), "f", how(&reading, None), None, Some(cache)).expect("reads");
    assert_eq!((world.exists(Path::new("kept")), small.cache_note), (false, None));
    let closed = read_cached(
        &Closed,
        Path::new("f"),
        "f",
        how(&reading, None),
        None,
        Some(Cache { least_bytes: 0, ..cache }),
    );
    let note = closed.expect("reads").cache_note.expect("says why");
    assert!(note.contains("could not be kept in the cache `kept`"), "{note}");
}

/// A world that can only be read.
struct Closed;

impl World for Closed {
    fn read(&self, _: &Path) -> std::io::Result<Vec<u8>> {
        Ok(TABLE.to_vec())
    }
    fn size(&self, _: &Path) -> std::io::Result<u64> {
        Ok(TABLE.len() as u64)
    }
    fn exists(&self, path: &Path) -> bool {
        path == Path::new("f")
    }
    fn create_folder(&self, _: &Path) -> std::io::Result<()> {
        Err(std::io::ErrorKind::PermissionDenied.into())
    }
    fn remove(&self, _: &Path) -> std::io::Result<()> {
        Err(std::io::ErrorKind::PermissionDenied.into())
    }
    fn canonical(&self, path: &Path) -> std::io::Result<PathBuf> {
        Ok(path.to_path_buf())
    }
    fn write(&self, _: &Path, _: &[u8]) -> std::io::Result<()> {
        Err(std::io::ErrorKind::PermissionDenied.into())
    }
}
