//! Rows 37 to 47: compressed texts that are not whole, and formats of genotypes that are refused.
//!
//! VCF, BCF, BGEN and PGEN are not read: their rows say that the refusal names the way to a .bed.

use crate::folder::Folder;
use crate::frame::{Row, row};
use crate::packed::{END_BLOCK, bgzip, block, gzip};

const RUN: &str = "run small.binn";
const LINKS: &str = "data/links.tsv";
const TRAITS: &str = "data/pheno.tsv";

pub fn rows() -> Vec<Row> {
    [cut(), damaged(), whole(), refused_formats()].into_iter().flatten().collect()
}

type Pack = fn(&[u8]) -> Vec<u8>;

/// Compresses a file, and then changes the bytes.
fn packed(name: &'static str, pack: Pack, change: impl Fn(Vec<u8>) -> Vec<u8> + 'static) -> impl Fn(&Folder) {
    move |b: &Folder| b.put(name, change(pack(&b.bytes(name))))
}

fn shortened(by: usize) -> impl Fn(Vec<u8>) -> Vec<u8> {
    move |bytes| bytes[..bytes.len() - by].to_vec()
}

fn poked(from_end: usize, over: u8) -> impl Fn(Vec<u8>) -> Vec<u8> {
    move |mut bytes| {
        let at = bytes.len() - from_end;
        bytes[at] ^= over;
        bytes
    }
}

fn cut() -> Vec<Row> {
    vec![
        row(37, "gzip traits cut within their data", packed(TRAITS, gzip, shortened(200)), RUN, 6, &["E0302", "pheno.tsv", "after byte"]),
        row(37, "gzip links cut within the checksum", packed(LINKS, gzip, shortened(2)), RUN, 6, &["E0302", "links.tsv", "after byte"]),
        row(37, "bgzip links cut within a block", packed(LINKS, bgzip, shortened(60)), RUN, 6, &["E0302", "links.tsv", "after byte"]),
        row(37, "bgzip links cut within the end block", packed(LINKS, bgzip, shortened(5)), RUN, 6, &["E0302", "links.tsv"]),
        row(38, "bgzip links without the end block", packed(LINKS, bgzip, shortened(END_BLOCK.len())), RUN, 6, &["E0302", "end block of bgzip", "bgzip >"]),
        row(38, "bgzip traits without the end block", packed(TRAITS, bgzip, shortened(END_BLOCK.len())), RUN, 6, &["E0302", "pheno.tsv", "end block"]),
    ]
}

fn damaged() -> Vec<Row> {
    let lying_extra = |mut bytes: Vec<u8>| {
        bytes[10] = 0xff;
        bytes[11] = 0xff;
        bytes
    };
    let lying_block_size = |mut bytes: Vec<u8>| {
        bytes[16] = 0xff;
        bytes[17] = 0xff;
        bytes
    };
    vec![
        row(40, "a wrong checksum", packed(LINKS, gzip, poked(8, 1)), RUN, 6, &["E0302", "damaged"]),
        row(40, "a wrong length", packed(LINKS, gzip, poked(1, 0x7f)), RUN, 6, &["E0302", "damaged"]),
        row(40, "a flipped bit of data", packed(TRAITS, gzip, poked(300, 4)), RUN, 6, &["E0302", "pheno.tsv", "damaged"]),
        row(40, "a block with a lying extra field", packed(LINKS, bgzip, lying_extra), RUN, 6, &["E0302", "links.tsv"]),
        row(40, "a block with a lying size, whose data are whole", packed(LINKS, bgzip, lying_block_size), "check small.binn", 0, &["clean, 5 nodes"]).loud(),
        row(40, "bytes after the last member", packed(LINKS, gzip, |bytes| [bytes, b"rest".to_vec()].concat()), RUN, 6, &["E0302", "links.tsv"]),
        row(41, "links that unpack a thousandfold", |b| b.put(LINKS, gzip(&vec![b'a'; 30 << 20])), RUN, 8, &["E0111", "links.tsv", "1000 times"]),
        row(41, "traits that unpack a thousandfold", |b| b.put(TRAITS, gzip(&vec![b'a'; 30 << 20])), RUN, 8, &["E0111", "pheno.tsv", "1000 times"]),
    ]
}

fn whole() -> Vec<Row> {
    let members = |pack: Pack| {
        move |b: &Folder| {
            let text = b.bytes(LINKS);
            let (first, rest) = text.split_at(100);
            b.put(LINKS, [pack(first), pack(b""), pack(rest)].concat());
        }
    };
    let ended = |b: &Folder| {
        let text = b.bytes(LINKS);
        b.put(LINKS, [block(&text[..100]), block(&text[100..]), END_BLOCK.to_vec()].concat());
    };
    let sound = |fault, harm: Box<dyn Fn(&Folder)>, number| {
        row(number, fault, harm, "check small.binn", 0, &["clean, 5 nodes"]).loud()
    };
    vec![
        sound("links by gzip", Box::new(packed(LINKS, gzip, |bytes| bytes)), 39),
        sound("traits by gzip", Box::new(packed(TRAITS, gzip, |bytes| bytes)), 39),
        sound("links by bgzip", Box::new(packed(LINKS, bgzip, |bytes| bytes)), 39),
        sound("three members of gzip", Box::new(members(gzip)), 42),
        sound("two blocks of bgzip", Box::new(ended), 42),
    ]
}

const VCF: &str = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tf2_1\tf2_1\n\
    1\t100\tm1\tA\tG,T\t.\t.\t.\tGT\t0|1\n";

fn refused_formats() -> Vec<Row> {
    let from = |format: &'static str, file: &'static str, bytes: &'static [u8]| {
        move |b: &Folder| {
            b.put(file, bytes);
            b.swap("small.binn", "plink \"data/geno.bed\"", &format!("{format} \"{file}\""));
        }
    };
    let headless = VCF.as_bytes().split_at(21).1;
    let beside = |name: &'static str| {
        move |b: &Folder| {
            b.put(name, VCF);
            b.remove("data/geno.bed");
        }
    };
    let as_links = |bytes: &'static [u8]| move |b: &Folder| b.put(LINKS, bytes);
    vec![
        row(43, "a VCF with a sample short in a line (refused)", from("vcf", "data/a.vcf", VCF.as_bytes()), RUN, 8, &["E0113", "small.binn:3", "plink2 --vcf"]),
        row(44, "a VCF without a header (refused)", from("vcf", "data/a.vcf", headless), RUN, 8, &["E0113", "plink2 --vcf"]),
        row(45, "a VCF with several alleles and phases (refused)", from("vcf", "data/a.vcf.gz", b"\x1f\x8b"), RUN, 8, &["E0113", "plink2 --vcf"]),
        row(45, "dosages of a .pgen (refused)", from("pgen", "data/a.pgen", b"\x6c\x1b\x10"), RUN, 8, &["E0316", "plink2 --pfile"]),
        row(45, "dosages of a .bgen (refused)", from("bgen", "data/a.bgen", b"bgen"), RUN, 8, &["E0316", "plink2"]),
        row(46, "a VCF with a sample named twice (refused)", from("vcf", "data/a.vcf", VCF.as_bytes()), "check small.binn", 1, &["E0113", "small.binn:3"]),
        row(47, "a BCF (refused)", from("bcf", "data/a.bcf", b"BCF\x02\x02"), RUN, 8, &["E0113", "plink2 --bcf"]),
        row(47, "a VCF beside lists without a .bed", beside("data/geno.vcf"), RUN, 3, &["E0301", "plink2 --vcf ./data/geno.vcf"]),
        row(47, "a .vcf.gz beside lists without a .bed", beside("data/geno.vcf.gz"), RUN, 3, &["E0301", "plink2 --vcf ./data/geno.vcf.gz"]),
        row(47, "zstd where links are expected", as_links(b"\x28\xb5\x2f\xfd\x04\x58\x01"), RUN, 6, &["E0302", "links.tsv", "a zstd file", "zstd -d"]),
        row(47, "a BCF where links are expected", as_links(b"BCF\x02\x02\xff\xfe\x01\x90"), RUN, 6, &["E0302", "links.tsv", "a BCF file"]),
        row(47, "a spreadsheet where links are expected", as_links(b"PK\x03\x04\x14\x00\x06\x00"), RUN, 6, &["E0302", "links.tsv", "spreadsheet"]),
        row(47, "a spreadsheet where traits are expected", |b| b.put(TRAITS, b"PK\x03\x04\x14\x00\x06\x00"), RUN, 6, &["E0302", "pheno.tsv", "spreadsheet"]),
    ]
}
