//! PLINK sets that are in order: hand-packed bytes, forgiven texts, round trips.

use super::sample;
use crate::data::*;
use crate::io::{MemoryWorld, World};
use std::path::Path;

/// Five samples, two variants, packed by hand: low bits first, four samples a byte.
/// rs1: 2 – 1 0 | 2 → 00 01 10 11 | 00; rs2: 0 0 1 2 | 1 → 11 11 10 00 | 10.
const BED: [u8; 7] = [0x6C, 0x1B, 0x01, 0b1110_0100, 0b0000_0000, 0b0010_1111, 0b0000_0010];
const BIM: &str = "1\trs1\t0\t10\tA\tC\n2\trs2\t0.5\t-7\tG\tT\n";
const FAM: &str = "f a 0 0 0 -9\nf b 0 0 0 -9\nf c 0 0 0 -9\nf d 0 0 0 -9\ng a 0 0 0 -9\n";

fn world(bed: &[u8], bim: &str, fam: &str) -> MemoryWorld {
    MemoryWorld::default().with("d/x.bed", bed).with("d/x.bim", bim).with("d/x.fam", fam)
}

fn read(world: &MemoryWorld, prefix: &str) -> (GenotypeSet, Vec<InputFile>) {
    let (set, files, found) = read_plink(world, Path::new(prefix)).expect("a readable set");
    assert!(found.is_empty());
    (set, files)
}

#[test]
fn hand_packed_bytes_give_the_calls_they_stand_for() {
    let (set, files) = read(&world(&BED, BIM, FAM), "d/x");
    let copies = |variant| (0..5).map(move |row| (variant, row));
    let decoded: Vec<Option<u8>> = copies(0)
        .chain(copies(1))
        .map(|(variant, row)| COPIES[usize::from(set.calls.code(variant, row))])
        .collect();
    let first = [Some(2), None, Some(1), Some(0), Some(2)];
    let second = [Some(0), Some(0), Some(1), Some(2), Some(1)];
    assert_eq!(decoded, [first, second].concat());
    assert_eq!(set.samples[4], sample("g", "a"));
    assert_eq!((set.variants[0].position, set.variants[1].position), (Some(10), None));
    assert_eq!((set.variants[1].allele1.as_str(), set.variants[1].allele2.as_str()), ("G", "T"));
    assert_eq!(files[0].digest, blake3::hash(&BED).to_hex().to_string());
    assert_eq!((files[0].bytes, files[1].name.as_str(), files[2].name.as_str()), (7, "d/x.bim", "d/x.fam"));
    assert!(files[1].notes[0].contains("1 variant at position 0 or below"));
}

#[test]
fn any_member_or_the_prefix_names_a_set() {
    let world = world(&BED, BIM, FAM);
    let (wanted, _) = read(&world, "d/x");
    for prefix in ["d/x.bed", "d/x.bim", "d/x.fam"] {
        assert_eq!(read(&world, prefix).0, wanted);
    }
}

#[test]
fn lists_are_read_without_a_bed() {
    let world = MemoryWorld::default().with("x.bim", BIM).with("x.fam", FAM);
    let (lists, found) = read_plink_lists(&world, Path::new("x.bed")).expect("readable lists");
    assert_eq!((lists.samples.len(), lists.variants.len(), lists.files.len()), (5, 2, 2));
    assert!(found.is_empty());
}

#[test]
fn marks_line_ends_and_blank_ends_change_nothing() {
    let (wanted, _) = read(&world(&BED, BIM, FAM), "d/x");
    let dress = |text: &str| format!("\u{FEFF}{}\r\n \r\n", text.replace('\n', "\r\n"));
    let old = |text: &str| text.replace('\n', "\r");
    for form in [dress, old] {
        let (set, files) = read(&world(&BED, &form(BIM), &form(FAM)), "d/x");
        assert_eq!(set, wanted);
        assert!(!files[2].notes.is_empty());
    }
    let bare = FAM.trim_end();
    assert_eq!(read(&world(&BED, BIM, bare), "d/x").0, wanted);
}

#[test]
fn unusual_variants_are_kept_and_noted() {
    let long = "ACGT".repeat(750_000);
    let bim = format!("9 a 0 50 * <DEL>\n9 a 0 40 . {long}\nMT a2 0 3000000000 A C\n9 b 0 40 . {long}\n");
    let world = MemoryWorld::default().with("x.bim", bim).with("x.fam", FAM);
    let (lists, _) = read_plink_lists(&world, Path::new("x")).expect("readable lists");
    let allele = &lists.variants[1].allele2;
    assert!(allele.starts_with("<3000000:") && allele.len() < 100, "{allele}");
    assert_eq!(*allele, lists.variants[3].allele2);
    assert_eq!(lists.variants[2].position, Some(3_000_000_000));
    let notes = lists.files[0].notes.join("; ");
    assert!(notes.contains("not sorted") && notes.contains("1 variant with the contig"), "{notes}");
    assert_eq!(duplicate_ids(&lists.variants), [("a".to_string(), 0, 1)]);
}

#[test]
fn what_is_written_is_read_back() {
    for samples in 1..=9 {
        // From the second row on no sample reads `00` everywhere, as surplus lines do.
        let copies =
            |variant: usize, row: usize| [Some(0), Some(1), None, Some(2)][(variant * 7 + row * 3) % 4];
        let variant = |row: usize| Variant {
            chromosome: "chrI".into(),
            id: format!("m{row}"),
            position: (row > 0).then_some(row as u64),
            allele1: "A".into(),
            allele2: "B".into(),
        };
        let set = GenotypeSet {
            samples: (0..samples).map(|row| sample("0", &format!("s {row}").replace(' ', "_"))).collect(),
            variants: (0..12).map(variant).collect(),
            calls: pack(samples, 12, copies),
        };
        let world = MemoryWorld::default();
        write_plink(&world, Path::new("out/set.bed"), &set).expect("memory can be written");
        assert_eq!(
            world.size(Path::new("out/set.bed")).expect("a size"),
            3 + 12 * samples.div_ceil(4) as u64
        );
        assert_eq!(read(&world, "out/set").0, set);
    }
}
