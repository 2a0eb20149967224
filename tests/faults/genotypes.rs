//! Rows 1 to 11 and 28 to 36: the bytes of a .bed, the lists that it is held against, and its calls.

use crate::folder::{Folder, MARKERS, SAMPLES};
use crate::frame::{Row, Said, own, row};
use crate::packed::{ALLELE_2, BED, HETEROZYGOUS, MISSING, gzip, recode};
use crate::worlds::{Bad, Mishap};
use binnc::cli::{Arguments, Interrupt};
use binnc::data::{open_plink, read_plink};
use clap::Parser;

const RUN: &str = "run small.binn";
const FAM: &str = "data/geno.fam";
const BIM: &str = "data/geno.bim";

pub fn rows() -> Vec<Row> {
    let groups = [sizes(), first_bytes(), lists_of_others(), calls(), too_little(), disks()];
    groups.into_iter().flatten().collect()
}

fn sizes() -> Vec<Row> {
    vec![
        row(1, "a .bed without a byte", |b| b.put(BED, ""), RUN, 6, &["E0302", "geno.bed@0", "1043", "3 + variants"]),
        row(1, "the same, checked", |b| b.put(BED, ""), "check small.binn", 1, &["E0302", "geno.bed@0"]),
        row(2, "a .bed of one byte", |b| b.put(BED, [0x6c]), RUN, 6, &["E0302", "1 byte;", "6c 1b 01"]),
        row(2, "a .bed of two bytes", |b| b.put(BED, [0x6c, 0x1b]), RUN, 6, &["E0302", "2 bytes;"]),
        row(6, ".bed short by one byte", |b| b.cut(BED, 1), RUN, 6, &["E0302", "1 byte short", "@1042", "variant 80", "m4_20"]),
        row(6, ".bed short by half", |b| b.cut(BED, 500), RUN, 6, &["E0302", "500 bytes short", "geno.bed@543"]),
        row(7, ".bed long by one byte", |b| b.grow(BED, [0]), RUN, 6, &["E0302", "1 trailing byte:", "@1043"]),
        row(7, ".bed long by five bytes", |b| b.grow(BED, [9; 5]), RUN, 6, &["E0302", "5 trailing bytes"]),
    ]
}

fn first_bytes() -> Vec<Row> {
    vec![
        row(3, "other first bytes", |b| b.poke(BED, 0, &[0xde, 0xad]), RUN, 6, &["E0302", "de ad 01", "geno.bed@0"]),
        row(3, "a compressed .bed", |b| b.put(BED, gzip(&b.bytes(BED))), RUN, 6, &["E0302", "a gzip file", "gunzip"]),
        row(3, "a .pgen called .bed", |b| b.poke(BED, 0, &[0x6c, 0x1b, 0x10]), RUN, 6, &["E0302", ".pgen", "plink2"]),
        row(3, "a BCF called .bed", |b| b.poke(BED, 0, b"BCF\x02\x02"), RUN, 6, &["E0302", "a BCF file", "plink2 --bcf"]),
        row(3, "a VCF called .bed", |b| b.put(BED, "##fileformat=VCFv4.2\n"), RUN, 6, &["E0302", "a VCF file", "plink2 --vcf"]),
        row(3, "intervals called .bed", |b| b.put(BED, "chr1\t100\t200\tgene\n"), RUN, 6, &["E0302", "intervals", "prior"]),
        row(3, "a text called .bed", |b| b.put(BED, "IID yield\n"), RUN, 6, &["E0302", "a text file", "--make-bed"]),
        row(4, "calls sample by sample", |b| b.poke(BED, 2, &[0]), RUN, 6, &["E0302", "geno.bed@2", "plink2 --bfile ./data/geno"]),
        row(5, "a mode of PLINK 2", |b| b.poke(BED, 2, &[2]), RUN, 6, &["E0302", "geno.bed@2", "`02`", "plink2 --pgen"]),
    ]
}

fn lists_of_others() -> Vec<Row> {
    vec![
        row(8, "the last sample is not listed", |b| b.drop_line(FAM, SAMPLES), RUN, 7, &["E0319", "beyond sample 49", ".fam"]),
        row(8, "the first sample is not listed", |b| b.drop_line(FAM, 1), RUN, 7, &["E0319", "beyond sample 49"]),
        row(8, "a sample too many is listed", |b| b.grow(FAM, "0\tx\t0\t0\t0\t-9\n"), RUN, 7, &["E0319", "sample 51", "00"]),
        row(8, "the same, predicted", |b| b.drop_line(FAM, 9), "predict done/model.safetensors --bfile data/geno", 7, &["E0319"]),
        row(9, "ten samples are not listed", |b| (0..10).for_each(|_| b.drop_line(FAM, 5)), RUN, 7, &["E0319", "49 to 52 samples", "40"]),
        row(9, "ten samples too many", |b| b.grow(FAM, more_samples(10)), RUN, 7, &["E0319", "49 to 52 samples", "60"]),
        row(10, "a variant is not listed", |b| b.drop_line(BIM, 40), RUN, 7, &["E0319", "80 variants", "79"]),
        row(10, "a variant too many", |b| b.grow(BIM, "9\tx\t0\t1\tA\tG\n"), RUN, 7, &["E0319", "80 variants", "81"]),
        row(11, "lists of another set", |b| other_set(b, 60), RUN, 7, &["E0319", "geno.bed"]),
        row(11, "calls of another set of the same size", other_calls, "run small.binn --locked", 7, &["E0801", "data/geno.bed"]),
    ]
}

fn more_samples(count: usize) -> String {
    (0..count).map(|at| format!("0\tx{at}\t0\t0\t0\t-9\n")).collect()
}

/// .bim and .fam of a simulation of another size.
fn other_set(b: &Folder, samples: usize) {
    let line = format!("simulate shoot-branching --out {{}} --n {samples} --markers 80 --seed 8");
    let out = b.path("other");
    let line = line.replace("{}", &out.display().to_string());
    b.ask(&line);
    [BIM, FAM].iter().for_each(|name| b.put(name, b.bytes(&name.replace("data", "other"))));
}

/// Calls that a lock does not know.
fn other_calls(b: &Folder) {
    b.ask("lock small.binn --with-genotypes");
    recode(b, |variant, sample| (variant == 3 && sample < 9).then_some(ALLELE_2));
}

fn calls() -> Vec<Row> {
    let haploid = |b: &Folder| {
        b.swap("small.binn", "\"data/geno.bed\"", "\"data/geno.bed\" { encoding = haploid }");
        recode(b, |variant, sample| Some(if variant == 4 && sample < 3 { HETEROZYGOUS } else { [ALLELE_2, 0][(sample + variant) % 2] }));
    };
    let refused = |b: &Folder| {
        b.swap("small.binn", "\"data/geno.bed\"", "\"data/geno.bed\" { missing = error }");
        recode(b, |variant, sample| (variant == 7 && sample < 2).then_some(MISSING));
    };
    vec![
        row(28, "a variant without a call", |b| recode(b, |v, _| (v == 5).then_some(MISSING)), RUN, 0, &["W0315", "1 of 80 variants", "m1_6"]).makes(&["runs/small/"]),
        row(28, "no variant of a metabolite has a call", no_calls_of_auxin, RUN, 0, &["W0315", "auxin"]).makes(&["runs/small/"]),
        row(28, "no variant has a call", |b| recode(b, |_, _| Some(MISSING)), RUN, 13, &["E0903", "alike in all: 80"]),
        row(28, "missing calls that the spec refuses", refused, RUN, 6, &["E0302", "2 calls", "missing = error", "m1_8"]),
        row(29, "a variant that does not vary", |b| recode(b, |v, _| (v == 5).then_some(ALLELE_2)), RUN, 0, &["W0315"]).makes(&["runs/small/"]),
        row(29, "no variant varies", |b| recode(b, |_, _| Some(ALLELE_2)), RUN, 13, &["E0903", "alike in all: 80"]),
        row(30, "a sample without a call", |b| recode(b, |_, s| (s == 3).then_some(MISSING)), RUN, 0, &["geno.bed", "1 sample", "f2_4"]).makes(&["runs/small/"]),
        row(32, "heterozygotes of haploids", haploid, RUN, 7, &["E0317", "3 heterozygous calls", "m1_5"]),
    ]
}

fn no_calls_of_auxin(b: &Folder) {
    let links = b.text("data/links.tsv");
    let ids: Vec<&str> = links.lines().filter_map(|line| line.strip_suffix("\tauxin")).collect();
    let bim = b.text(BIM);
    let is_linked: Vec<bool> =
        bim.lines().map(|line| ids.contains(&line.split('\t').nth(1).expect("an id"))).collect();
    recode(b, |variant, _| is_linked[variant].then_some(MISSING));
}

fn too_little() -> Vec<Row> {
    let one_sample = |b: &Folder| {
        b.lines(FAM, |at, line| (at == 1).then(|| line.to_string()));
        b.put(BED, [&[0x6c, 0x1b, 1][..], &[2; MARKERS]].concat());
    };
    let one_variant = |b: &Folder| {
        b.lines(BIM, |at, line| (at == 1).then(|| line.to_string()));
        b.cut(BED, (MARKERS - 1) * crate::folder::WIDTH);
    };
    let filtered = |keep: &'static str| {
        move |b: &Folder| {
            b.swap("small.binn", "\"data/geno.bed\"", &format!("\"data/geno.bed\" {{ keep = {keep} }}"))
        }
    };
    let rare = move |b: &Folder| {
        filtered("maf >= 5%")(b);
        recode(b, |variant, sample| Some(if sample == variant % SAMPLES { HETEROZYGOUS } else { ALLELE_2 }));
    };
    let simulated = |n: &'static str| {
        move |b: &Folder| {
            b.swap(
                "small.binn",
                "plink \"data/geno.bed\"",
                &format!("simulate \"shoot_branching\" {{ n = {n}  markers = {n} }}"),
            );
        }
    };
    vec![
        row(31, "one sample", one_sample, RUN, 13, &["E0903", "outgrowth"]),
        row(31, "one variant", one_variant, RUN, 7, &["E0306"]),
        row(31, "filters by name leave no variant", filtered("chrom == \"Z\""), RUN, 13, &["E0903", "variants in the file: 80", "refused by `keep`: 80"]),
        row(31, "filters by frequency leave no variant", rare, RUN, 13, &["E0903", "as too rare: 80"]),
        row(31, "an empty list of samples", |b| b.put(FAM, ""), RUN, 6, &["E0302", "geno.fam", "no records"]),
        row(31, "an empty list of variants", |b| b.put(BIM, "\n\n"), RUN, 6, &["E0302", "geno.bim", "no records"]),
        row(33, "more calls than numbers count", simulated("9223372036854775807"), RUN, 8, &["E0101", "small.binn:3:54", "too large for a number"]),
        row(33, "more calls than memory holds", simulated("4000000000"), RUN, 10, &["E0506"]),
    ]
}

fn disks() -> Vec<Row> {
    let whole = |mishap| {
        move |b: &Folder| match read_plink(&Bad(mishap), &b.path("data/geno")) {
            Ok(_) => Said { code: 0, err: String::new(), out: String::new() },
            Err(found) => Said::of(&found),
        }
    };
    let in_ranges = |mishap| {
        move |b: &Folder| {
            let read = open_plink(&Bad(mishap), &b.path("data/geno")).and_then(|(_, file)| {
                let all: Vec<u32> = (0..MARKERS as u32).collect();
                Ok(file.last_bytes(&all)?)
            });
            read.map_or_else(
                |found| Said::of(&found),
                |_| Said { code: 0, err: String::new(), out: String::new() },
            )
        }
    };
    vec![
        own(34, "a .bed that shrinks before it is read", whole(Mishap::Shrinks), 6, &["E0302", "geno.bed"]),
        own(34, "a .bed that shrinks while it is read", in_ranges(Mishap::Shrinks), 3, &["E0301", "geno.bed"]),
        own(35, "a .bed that is replaced in a run", replaced_in_a_run, 0, &["the digest is that of the bytes that were read"]).makes(&["runs/small/", BED]),
        own(36, "a disk that fails on a whole .bed", whole(Mishap::Fails), 3, &["E0301", "geno.bed", "os error 5"]),
        own(36, "a disk that fails on parts of a .bed", in_ranges(Mishap::Fails), 3, &["E0301", "os error 5"]),
    ]
}

/// What was read decides, and is what is recorded.
fn replaced_in_a_run(b: &Folder) -> Said {
    let old = b.bytes(BED);
    let path = |name: &str| b.path(name).display().to_string();
    let (spec, out) = (path("small.binn"), path("runs/small"));
    let arguments = Arguments::parse_from(["binnc", "--quiet", "run", &spec, "--out", &out]);
    let code = binnc::cli::run(&arguments, &Bad(Mishap::Replaced), &Interrupt::default());
    assert_ne!(b.bytes(BED), old, "it was replaced");
    assert!(b.bytes("runs/small/model.safetensors") == b.bytes("done/model.safetensors"));
    let record = b.text("runs/small/run.json");
    let is_of_old = record.contains(blake3::hash(&old).to_hex().as_str());
    let said =
        if is_of_old { "the digest is that of the bytes that were read\n" } else { "another digest\n" };
    Said { code: code.into(), err: said.to_string(), out: String::new() }
}
