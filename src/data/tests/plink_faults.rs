//! PLINK sets that are not in order: each fault has its code, its place and its remedy.

use super::said;
use crate::data::{pack, read_plink, read_plink_lists};
use crate::io::MemoryWorld;
use crate::language::diagnostics::Code;
use std::path::Path;

const SAMPLES: usize = 50;
const VARIANTS: usize = 200;

/// A varied set of 50 samples and 200 variants as bytes of its three files.
struct Files {
    bed: Vec<u8>,
    bim: Vec<u8>,
    fam: Vec<u8>,
}

impl Files {
    fn sound() -> Self {
        Self::of(SAMPLES)
    }

    fn of(samples: usize) -> Self {
        let copies =
            |variant: usize, row: usize| Some(((variant * 31 + row * 17 + variant * row) % 7 / 3) as u8);
        let mut bed = vec![0x6C, 0x1B, 0x01];
        bed.extend_from_slice(pack(samples, VARIANTS, copies).bytes());
        let bim: String = (0..VARIANTS).map(|at| format!("1\trs{at}\t0\t{}\tA\tC\n", at + 1)).collect();
        let fam: String = (0..samples).map(|at| format!("f{at}\ts{at}\t0\t0\t0\t-9\n")).collect();
        Self { bed, bim: bim.into(), fam: fam.into() }
    }

    fn bed(mut self, change: impl FnOnce(&mut Vec<u8>)) -> Self {
        change(&mut self.bed);
        self
    }

    fn bim(mut self, change: impl FnOnce(Vec<String>) -> Vec<String>) -> Self {
        self.bim = change(lines(&self.bim)).join("\n").into();
        self
    }

    fn fam(mut self, change: impl FnOnce(Vec<String>) -> Vec<String>) -> Self {
        self.fam = change(lines(&self.fam)).join("\n").into();
        self
    }

    fn fam_bytes(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.fam = bytes.into();
        self
    }

    fn fault(&self) -> (Code, u8, String) {
        let world =
            MemoryWorld::default().with("x.bed", &self.bed).with("x.bim", &self.bim).with("x.fam", &self.fam);
        let found = read_plink(&world, Path::new("x")).expect_err("a fault");
        let (codes, text) = said(&found);
        (codes[0], found.exit_code(), text)
    }
}

fn lines(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text).lines().map(String::from).collect()
}

fn with(mut lines: Vec<String>, at: usize, line: &str) -> Vec<String> {
    lines[at] = line.to_string();
    lines
}

fn inserted(mut lines: Vec<String>, at: usize, line: &str) -> Vec<String> {
    lines.insert(at, line.to_string());
    lines
}

fn without(mut lines: Vec<String>, at: usize) -> Vec<String> {
    lines.remove(at);
    lines
}

#[test]
fn every_fault_has_its_code_and_place() {
    use Code::{E0302, E0304, E0319};
    let sound = Files::sound;
    let start = |bytes: &'static [u8]| sound().bed(|bed| *bed = [bytes, &bed[bytes.len()..]].concat());
    let body = VARIANTS * SAMPLES.div_ceil(4);
    let cases: Vec<(&str, Files, Code, u8, &[&str])> = vec![
        ("1 empty", sound().bed(Vec::clear), E0302, 6, &["0 bytes", "2603", "x.bed@0"]),
        ("2 two bytes", sound().bed(|bed| bed.truncate(2)), E0302, 6, &["2 bytes", "2603"]),
        ("3 gzip", start(b"\x1F\x8B\x08\x00"), E0302, 6, &["`1f 8b 08`", "gzip", "gunzip"]),
        ("3 pgen", start(b"\x6C\x1B\x10"), E0302, 6, &["plink2"]),
        ("3 bcf", start(b"BCF\x02\x02"), E0302, 6, &["BCF"]),
        ("3 vcf", start(b"##fileformat=VCFv4.2\n"), E0302, 6, &["VCF", "--make-bed"]),
        ("3 intervals", start(b"chr1\t100\t200\tgene\n"), E0302, 6, &["intervals", "prior"]),
        ("3 noise", start(b"\x01\x02\x03"), E0302, 6, &["`01 02 03`", "not a PLINK .bed"]),
        ("4 sample-major", start(b"\x6C\x1B\x00"), E0302, 6, &["`00`", "plink2 --bfile x --make-bed"]),
        ("5 other mode", start(b"\x6C\x1B\x02"), E0302, 6, &["`02`", ".pgen"]),
        (
            "6 short",
            sound().bed(|bed| bed.truncate(body + 3 - 7)),
            E0302,
            6,
            &["7 bytes short", "variant 200", "rs199", "x.bed@2596"],
        ),
        ("6 short", sound().bed(|bed| bed.truncate(30)), E0302, 6, &["variant 3 (`rs2`)", "x.bed@30"]),
        ("7 long", sound().bed(|bed| bed.extend([0; 5])), E0302, 6, &["5 trailing bytes", "2608", "2603"]),
        (
            "8 fam short",
            sound().fam(|fam| without(fam, 0)),
            E0319,
            7,
            &["of 200 variants have data beyond sample 49", ".fam does not belong"],
        ),
        (
            "8 fam long",
            sound().fam(|fam| inserted(fam, 9, "z z 0 0 0 0")),
            E0319,
            7,
            &["sample 51", "`00` at all 200 variants"],
        ),
        (
            "9 fam far",
            sound().fam(|fam| fam[..40].to_vec()),
            E0319,
            7,
            &["implies 49 to 52 samples; the .fam has 40"],
        ),
        (
            "10 bim short",
            sound().bim(|bim| without(bim, 3)),
            E0319,
            7,
            &["implies 200 variants; the .bim has 199"],
        ),
        ("13 blank", sound().fam(|fam| inserted(fam, 4, " ")), E0302, 6, &["x.fam:5", "blank"]),
        ("13 blank", sound().bim(|bim| inserted(bim, 4, "")), E0302, 6, &["x.bim:5", "blank"]),
        ("14 ragged", sound().fam(|fam| with(fam, 6, "f s")), E0302, 6, &["x.fam:7: 2 columns", "6 columns"]),
        ("14 ragged", sound().bim(|bim| with(bim, 6, "1 rs 0 5 A C x")), E0302, 6, &["x.bim:7: 7 columns"]),
        ("17 UTF-16", sound().fam_bytes(b"\xFF\xFEf\0 \0".to_vec()), E0302, 6, &["UTF-16", "iconv"]),
        (
            "18 NUL",
            sound().fam_bytes(b"f a 0 0 0 0\nf b\0 0 0 0 0\n".to_vec()),
            E0302,
            6,
            &["x.fam:2:4", "NUL"],
        ),
        (
            "19 Latin-1",
            sound().fam_bytes(b"f M\xFCller 0 0 0 0\n".to_vec()),
            E0302,
            6,
            &["x.fam:1", "`fc 6c 6c 65`", "byte 3"],
        ),
        (
            "20 twice",
            sound().fam(|fam| {
                let first = fam[2].clone();
                with(fam, 8, &first)
            }),
            E0304,
            7,
            &["x.fam:9: `f2 s2` stands in line 3"],
        ),
        ("23 text", sound().bim(|bim| with(bim, 1, "1 rs 0 1e5 A C")), E0302, 6, &["x.bim:2: `1e5`"]),
        ("empty list", sound().fam_bytes(b"\n\n".to_vec()), E0302, 6, &["`x.fam` has no records"]),
    ];
    for (name, files, code, exit, words) in cases {
        let (found, exited, text) = files.fault();
        assert_eq!((found, exited), (code, exit), "{name}: {text}");
        for word in words {
            assert!(text.contains(word), "{name}: `{word}` is not in\n{text}");
        }
    }
}

#[test]
fn the_sound_set_and_every_padding_are_accepted() {
    for samples in 44..=53 {
        let Files { bed, bim, fam } = Files::of(samples);
        let world = MemoryWorld::default().with("x.bed", bed).with("x.bim", bim).with("x.fam", fam);
        assert!(read_plink(&world, Path::new("x")).is_ok(), "{samples} samples");
    }
}

#[test]
fn a_few_variants_are_no_proof_of_a_surplus_line() {
    let world = MemoryWorld::default()
        .with("x.bed", [0x6C, 0x1B, 1, 0b1111, 0b1110])
        .with("x.bim", "1 a 0 1 A C\n1 b 0 2 A C\n")
        .with("x.fam", "f a 0 0 0 0\nf b 0 0 0 0\nf c 0 0 0 0\n");
    assert!(read_plink(&world, Path::new("x")).is_ok());
}

#[test]
fn sample_ids_are_shown_three_at_most() {
    let twice = Files::sound().fam(|fam| [fam.clone(), fam].concat());
    let (_, _, text) = twice.fault();
    assert!(text.contains("50 samples are listed") && text.contains("and 47 more"), "{text}");
}

#[test]
fn missing_members_are_named_together_with_what_is_there() {
    let world = MemoryWorld::default().with("d/x.bim", "1 a 0 1 A C\n").with("d/x.pgen", "");
    let found = read_plink(&world, Path::new("d/x.bed")).expect_err("no set");
    let (codes, text) = said(&found);
    assert_eq!((codes[0], found.exit_code()), (Code::E0301, 3));
    assert!(text.starts_with("`d/x.bed`, `d/x.fam` are missing"), "{text}");
    assert!(text.contains("plink2 --pfile d/x --make-bed"), "{text}");
    let found = read_plink_lists(&world, Path::new("d/x")).expect_err("no set");
    assert!(said(&found).1.starts_with("`d/x.fam` is missing"));
}

#[test]
fn lists_alone_are_held_against_the_size_of_the_bed() {
    let Files { bed, bim, fam } = Files::sound();
    let world =
        MemoryWorld::default().with("x.bed", &bed[..bed.len() - 13]).with("x.bim", bim).with("x.fam", fam);
    let found = read_plink_lists(&world, Path::new("x")).expect_err("a short .bed");
    assert_eq!(said(&found).0, [Code::E0319]);
}

/// Every truncation and every changed byte of a small set is read or refused, never a panic.
#[test]
fn no_bytes_panic() {
    let Files { bed, bim, fam } = Files::of(6);
    for cut in (0..bed.len()).step_by(7) {
        let world = MemoryWorld::default().with("x.bed", &bed[..cut]).with("x.bim", &bim).with("x.fam", &fam);
        assert!(read_plink(&world, Path::new("x")).is_err());
    }
    for (at, byte) in (0..fam.len()).zip([0u8, b'\n', b'\t', 0xFF, b'\r', b'-'].into_iter().cycle()) {
        let mut changed = fam.clone();
        changed[at] = byte;
        let world =
            MemoryWorld::default().with("x.bed", &bed).with("x.bim", &changed).with("x.fam", &changed);
        drop(read_plink(&world, Path::new("x")));
        drop(read_plink_lists(&world, Path::new("x")));
    }
}
