//! Reading as a whole: codes, compression, contig tables, any text, and real files.

mod any_text;
mod real;

use std::io::Write;
use std::path::Path;

use super::{How, Knowledge, Loaded, read};
use crate::io::{MemoryWorld, World};
use crate::language::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::language::spec::{Contigs, Format, Reading};

fn edges() -> Reading {
    Reading::Edges { source: "gene".into(), target: "set".into() }
}

fn genes(id: &str, strand: Option<&str>) -> Reading {
    let [chromosome, start, end] = ["chr", "start", "end"].map(str::to_owned);
    Reading::Intervals { id: id.into(), chromosome, start, end, strand: strand.map(str::to_owned), base: 1 }
}

fn how(reading: &Reading, format: Format) -> How<'_> {
    How { reading, format, contigs: &Contigs::Same, weight: None, sign: None }
}

fn loaded(world: &dyn World, path: &str, reading: &Reading, format: Format) -> Result<Loaded, Diagnostics> {
    read(world, Path::new(path), path, how(reading, format), None)
}

fn codes(found: &Diagnostics) -> Vec<&'static str> {
    found.iter().map(|d| d.code.name()).collect()
}

/// What is said of a fault: message, places and notes.
pub(super) fn told(found: &Diagnostics) -> String {
    let of_one = |d: &Diagnostic| {
        let places: Vec<String> = d.places.iter().map(Place::told).collect();
        format!("{} {}: {} {:?}", d.code.name(), places.join(" "), d.message, d.notes)
    };
    found.iter().map(of_one).collect()
}

#[test]
fn mangled_ids_are_told_with_lines() {
    let world = MemoryWorld::default().with("p", &b"gene\tset\nTP53\tS\n1-Mar\tS\n1-Mar\tT\n2\t1E+05\n"[..]);
    let found = loaded(&world, "p", &edges(), Format::Tsv).expect("reads");
    let all: Vec<_> = found.found.iter().collect();
    assert_eq!((all.len(), all[0].code.name()), (1, "W0320"));
    assert!(all[0].message.contains("2 ids"), "{}", all[0].message);
    let told: Vec<String> = all[0].places.iter().map(Place::told).collect();
    let expected = ["p:3: `1-Mar` may have been another name", "p:5: `1E+05` may have been another name"];
    assert_eq!(told, expected);
}

#[test]
fn what_cannot_be_read_has_its_code() {
    let world = MemoryWorld::default().with("gz", &b"\x1f\x8b\x08"[..]).with("gmt", &b"S\td\tA\n"[..]);
    let code = |path: &str, reading: &Reading, format| {
        codes(&loaded(&world, path, reading, format).expect_err("cannot be read"))
    };
    assert_eq!(code("none", &Reading::Gmt, Format::Gmt), ["E0301"]);
    assert_eq!(code("gz", &Reading::Gmt, Format::Gmt), ["E0302"]);
    assert_eq!(code("gmt", &edges(), Format::Tsv), ["E0303", "E0303"]);
    assert_eq!(code("gmt", &edges(), Format::Gmt), ["E0113"]);
}

#[test]
fn a_compressed_file_says_the_same() {
    let plain = b"S\td\tA\tB\nT\td\tB\n";
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(plain).expect("writes to memory");
    let packed = writer.finish().expect("writes to memory");
    let world = MemoryWorld::default().with("plain", plain).with("packed", &packed);
    let [one, two] = ["plain", "packed"].map(|path| loaded(&world, path, &Reading::Gmt, Format::Gmt));
    let (one, two) = (one.expect("reads"), two.expect("reads"));
    assert_eq!(one.knowledge, two.knowledge);
    assert_eq!((one.digest, two.digest), (blake3::hash(plain), blake3::hash(&packed)));
}

#[test]
fn the_contig_table_is_read_and_digested() {
    let world = MemoryWorld::default()
        .with("g", &b"gene\tchr\tstart\tend\nA\tNC_1\t1\t2\n"[..])
        .with("names", &b"NC_1\tchrI\n"[..]);
    let table = Contigs::File("names.tsv".into());
    let with = |contigs: &Contigs, path: Option<&str>| {
        let reading = genes("gene", None);
        let how = How { contigs, ..how(&reading, Format::Tsv) };
        read(&world, Path::new("g"), "g.tsv", how, path.map(Path::new))
    };
    let found = with(&table, Some("names")).expect("reads");
    let Knowledge::Intervals(intervals) = &found.knowledge else { panic!("intervals were asked for") };
    assert_eq!(intervals.contigs, ["chrI"]);
    assert_ne!(found.digest, with(&Contigs::Same, None).expect("reads").digest);
    assert_eq!(with(&table, Some("gone")).expect_err("is missing").exit_code(), 3);
}
