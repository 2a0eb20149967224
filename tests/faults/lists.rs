//! Rows 12 to 27: lists of samples and variants, and what old tools and spreadsheets do to any text.

use crate::folder::{Folder, with_cell};
use crate::frame::{Row, row};

const RUN: &str = "run small.binn";
const CHECK: &str = "check small.binn";
const PREDICT: &str = "predict done/model.safetensors --bfile data/geno --out out.tsv";
const FAM: &str = "data/geno.fam";
const BIM: &str = "data/geno.bim";
const TRAITS: &str = "data/pheno.tsv";
const LINKS: &str = "data/links.tsv";
const SPEC: &str = "small.binn";

pub fn rows() -> Vec<Row> {
    let groups = [blank_lines(), line_ends(), encodings(), samples(), variants(), alleles()];
    groups.into_iter().flatten().collect()
}

fn noted(number: u8, fault: &'static str, harm: impl Fn(&Folder) + 'static, words: &[&'static str]) -> Row {
    row(number, fault, harm, RUN, 0, words).makes(&["runs/small/"])
}

fn blank_lines() -> Vec<Row> {
    let blank =
        |name: &'static str, at: usize| move |b: &Folder| b.line(name, at, |line| format!("{line}\n"));
    vec![
        noted(12, "blank lines at the end of .fam", |b| b.grow(FAM, "\n \n"), &["geno.fam: 2 blank lines"]),
        noted(12, "a blank line at the end of .bim", |b| b.grow(BIM, "\n"), &["geno.bim: 1 blank line"]),
        row(13, "a blank line within .fam", blank(FAM, 4), RUN, 6, &["E0302", "geno.fam:5"]),
        row(13, "a blank line within .bim", blank(BIM, 9), CHECK, 1, &["E0302", "geno.bim:10"]),
        row(13, "a blank line within traits", blank(TRAITS, 7), RUN, 6, &["E0302", "pheno.tsv:8"]),
        row(14, ".fam with five columns in a line", |b| b.line(FAM, 3, without_last), RUN, 6, &["E0302", "geno.fam:3", "5 columns", "6 columns"]),
        row(14, ".bim with seven columns in a line", |b| b.line(BIM, 8, |line| format!("{line}\tx")), RUN, 6, &["E0302", "geno.bim:8", "7 columns"]),
        row(14, "a sample id with a space", |b| b.cell(FAM, 2, 1, "line 2"), RUN, 6, &["E0302", "geno.fam:2", "7 columns"]),
    ]
}

fn without_last(line: &str) -> String {
    line.rsplit_once('\t').expect("columns").0.to_string()
}

fn line_ends() -> Vec<Row> {
    let to = |name: &'static str, end: &'static str| {
        move |b: &Folder| b.put(name, b.text(name).replace('\n', end))
    };
    let mark = |name: &'static str| move |b: &Folder| b.begin(name, "\u{feff}");
    let open_end = |name: &'static str| move |b: &Folder| b.cut(name, 1);
    vec![
        noted(15, "Windows line ends in .fam", to(FAM, "\r\n"), &["geno.fam: line ends are Windows"]),
        noted(15, "Windows line ends in .bim", to(BIM, "\r\n"), &["geno.bim: line ends are Windows"]),
        noted(15, "old Macintosh line ends in .fam", to(FAM, "\r"), &["geno.fam: line ends are old Macintosh"]),
        noted(15, "Windows line ends in traits", to(TRAITS, "\r\n"), &["pheno.tsv: line ends are Windows"]),
        noted(15, "Windows line ends in links", to(LINKS, "\r\n"), &[]),
        noted(15, "Windows line ends in a spec", to(SPEC, "\r\n"), &[]),
        noted(16, "a byte-order mark before .fam", mark(FAM), &["geno.fam: the byte-order mark"]),
        noted(16, "a byte-order mark before .bim", mark(BIM), &["geno.bim: the byte-order mark"]),
        noted(16, "a byte-order mark before traits", mark(TRAITS), &["pheno.tsv: the byte-order mark"]),
        noted(16, "a byte-order mark before links", mark(LINKS), &["links.tsv: the byte-order mark"]),
        row(16, "a byte-order mark before a gene list", mark("data/sets.gmt"), "check panel.binn", 0, &[]),
        noted(16, "a byte-order mark before a spec", mark(SPEC), &[]),
        row(16, "a byte-order mark before YAML", mark("small.yaml"), "check small.yaml", 0, &[]),
        noted(12, ".fam without its last line end", open_end(FAM), &["geno.fam: the last line has no end"]),
        noted(12, ".bim without its last line end", open_end(BIM), &["geno.bim: the last line has no end"]),
        noted(12, "traits without their last line end", open_end(TRAITS), &["pheno.tsv: the last line has no end"]),
        noted(12, "links without their last line end", open_end(LINKS), &["links.tsv: the last line has no end"]),
        noted(12, "traits cut within the last value", |b| b.cut(TRAITS, 5), &["pheno.tsv: the last line has no end"]),
    ]
}

fn encodings() -> Vec<Row> {
    let wide = |name: &'static str| {
        move |b: &Folder| {
            let units = b.text(name).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
            b.put(name, [&[0xff, 0xfe], &units[..]].concat());
        }
    };
    let nul = |name: &'static str| move |b: &Folder| b.poke(name, 22, &[0]);
    let latin1 = |name: &'static str| {
        move |b: &Folder| {
            let bytes = b.bytes(name);
            let at = bytes.iter().position(|byte| *byte == b'\n').expect("lines") + 4;
            b.poke(name, at, &[0xe9]);
        }
    };
    vec![
        row(17, "UTF-16 in .fam", wide(FAM), RUN, 6, &["E0302", "geno.fam", "UTF-16", "iconv"]),
        row(17, "UTF-16 in traits", wide(TRAITS), RUN, 6, &["E0302", "pheno.tsv", "UTF-16", "iconv"]),
        row(17, "UTF-16 in links", wide(LINKS), RUN, 6, &["E0302", "links.tsv", "UTF-16"]),
        row(17, "UTF-16 in a spec", wide(SPEC), RUN, 8, &["E0101", "small.binn", "UTF-16", "iconv"]),
        row(18, "a NUL in .fam", nul(FAM), RUN, 6, &["E0302", "geno.fam:2:7", "NUL"]),
        row(18, "a NUL in .bim", nul(BIM), RUN, 6, &["E0302", "geno.bim:2:2", "NUL"]),
        row(18, "a NUL in traits", nul(TRAITS), RUN, 6, &["E0302", "pheno.tsv:1:23", "NUL"]),
        row(18, "a NUL in links", nul(LINKS), RUN, 6, &["E0302", "links.tsv:2", "NUL"]),
        row(18, "a NUL in a spec", nul(SPEC), RUN, 8, &["small.binn:3"]),
        row(19, "Latin-1 in .fam", latin1(FAM), RUN, 6, &["E0302", "geno.fam:2", "e9", "iconv"]),
        row(19, "Latin-1 in traits", latin1(TRAITS), RUN, 6, &["E0302", "pheno.tsv:2", "e9", "iconv"]),
        row(19, "Latin-1 in links", latin1(LINKS), RUN, 6, &["E0302", "links.tsv:2", "e9"]),
        row(19, "Latin-1 in a spec", latin1(SPEC), RUN, 8, &["E0101", "small.binn", "byte 10", "iconv"]),
    ]
}

fn samples() -> Vec<Row> {
    let copies = |b: &Folder| {
        for line in [7, 9, 12, 15, 20, 21] {
            b.cell(FAM, line, 1, "f2_1");
        }
    };
    vec![
        row(20, "a sample listed twice", |b| b.cell(FAM, 5, 1, "f2_2"), RUN, 7, &["E0304", "geno.fam:5", "stands in line 2"]),
        row(20, "six copies of a sample", copies, RUN, 7, &["E0304", "geno.fam:7", "and 3 more"]),
        noted(20, "an individual id in two families", |b| b.line(FAM, 5, |_| "9\tf2_60\t0\t0\t0\t-9".into()), &["W0314"]),
        row(20, "two families of one id, and a table by id", |b| b.line(FAM, 5, |_| "9\tf2_2\t0\t0\t0\t-9".into()), RUN, 7, &["E0304", "FID"]),
    ]
}

fn variants() -> Vec<Row> {
    let linked_twice = |b: &Folder| {
        let id = b.text(LINKS).lines().nth(1).expect("a link").split('\t').next().expect("an id").to_string();
        let at = b.text(BIM).lines().position(|line| line.contains(&format!("\t{id}\t"))).expect("listed");
        b.cell(BIM, if at < 40 { 80 } else { 1 }, 1, &id);
    };
    let unlinked_twice = |b: &Folder| {
        let links = b.text(LINKS);
        let bim = b.text(BIM);
        let id = |line: &str| line.split('\t').nth(1).expect("an id").to_string();
        let free: Vec<usize> = (0..80)
            .filter(|at| !links.contains(&(id(bim.lines().nth(*at).expect("listed")) + "\t")))
            .collect();
        b.cell(BIM, free[1] + 1, 1, &id(bim.lines().nth(free[0]).expect("listed")));
    };
    let same_place = |b: &Folder| {
        let first = b.text(BIM).lines().next().expect("a variant").to_string();
        b.line(BIM, 2, |_| with_cell(&first, 1, "again"));
    };
    let position = |value: &'static str| move |b: &Folder| b.cell(BIM, 6, 3, value);
    vec![
        row(21, "an id of two variants that a link names", linked_twice, RUN, 7, &["E0305", "2 variants", "small.binn:11", "plink2"]),
        noted(21, "an id of two variants that nothing names", unlinked_twice, &[]),
        noted(22, "two variants of one place and alleles", same_place, &["geno.bim: 1 variant with the contig"]),
        noted(23, "a negative position", position("-5"), &["geno.bim: 1 variant at position 0 or below"]),
        noted(23, "a position beyond two thousand million", position("9000000000"), &["not sorted"]),
        row(23, "a position in words", position("5Mb"), RUN, 6, &["E0302", "geno.bim:6", "`5Mb`"]),
        row(23, "a position beyond all numbers", position("99999999999999999999"), RUN, 6, &["E0302", "geno.bim:6"]),
        row(23, "a position with a decimal", position("1e6"), RUN, 6, &["E0302", "geno.bim:6", "`1e6`"]),
        noted(24, "contigs X, MT, 0 and one of its own", contigs, &["W0321", "`X`", "`MT`", "contig `0`"]),
        noted(25, "variants in no order", |b| b.cell(BIM, 3, 3, "99999999"), &["geno.bim: variants are not sorted"]),
    ]
}

fn contigs(b: &Folder) {
    for (line, name) in [(2, "X"), (3, "MT"), (4, "0"), (5, "scaffold_17"), (6, "Y"), (7, "2A")] {
        b.cell(BIM, line, 0, name);
    }
}

fn alleles() -> Vec<Row> {
    let all = |first: &'static str, second: &'static str| {
        move |b: &Folder| {
            b.lines(BIM, |_, line| Some(with_cell(&with_cell(line, 4, first), 5, second)));
        }
    };
    let turned = |b: &Folder| {
        b.lines(BIM, |_, line| {
            let cells: Vec<&str> = line.split('\t').collect();
            Some(with_cell(&with_cell(line, 4, cells[5]), 5, cells[4]))
        });
    };
    let long = |b: &Folder| b.cell(BIM, 2, 4, &"A".repeat(3 << 20));
    vec![
        noted(26, "an allele of three million bases", long, &[]),
        noted(26, "alleles that are `*`, `<DEL>` and `.`", all("<DEL>", "*"), &[]),
        row(26, "the same, predicted by a model of others", all("<DEL>", "."), PREDICT, 7, &["E0308", "<DEL>", "--allow-mismatch"]),
        row(26, "one long allele, predicted", long, PREDICT, 7, &["E0308"]),
        row(27, "alleles turned against the model", turned, PREDICT, 0, &["flipped"]).makes(&["out.tsv"]).loud(),
        row(27, "alleles of the other strand", all("T", "C"), PREDICT, 7, &["E0308", "strand"]),
    ]
}
