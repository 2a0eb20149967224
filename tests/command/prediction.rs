//! `predict`: variants joined by id and alleles, whatever their order and coding.

use crate::support::{Bench, Spec, bed, codes, number, rows};

const SAMPLES: usize = 120;
/// The 20 QTN of auxin and sucrose.
const READ: usize = 20;

fn trained() -> Bench {
    let bench = Bench::with(&Spec::default());
    bench.run("run small.binn --out run").expect(0);
    bench
}

/// Writes `other.*`: the variants of `data/geno.*` as `rewrite` changes their lines and codes.
fn other(bench: &Bench, rewrite: impl Fn(&mut Vec<(Vec<String>, Vec<u8>)>)) {
    let lines = bench.text("data/geno.bim");
    let lines = lines.lines().map(|line| line.split('\t').map(String::from).collect());
    let mut variants: Vec<(Vec<String>, Vec<u8>)> =
        lines.zip(codes(&bench.read("data/geno.bed"), SAMPLES)).collect();
    rewrite(&mut variants);
    let bim: String = variants.iter().map(|(cells, _)| cells.join("\t") + "\n").collect();
    bench.write("other.bim", bim);
    bench.write("other.bed", bed(&variants.into_iter().map(|(_, codes)| codes).collect::<Vec<_>>()));
    bench.write("other.fam", bench.read("data/geno.fam"));
}

fn swap((cells, codes): &mut (Vec<String>, Vec<u8>)) {
    cells.swap(4, 5);
    codes.iter_mut().for_each(|code| *code = [3, 1, 2, 0][*code as usize]);
}

fn predicted(table: &str) -> Vec<(String, f64)> {
    rows(table).iter().map(|row| (row["IID"].clone(), number(row, "predicted"))).collect()
}

#[test]
fn order_and_coding_of_variants_change_no_prediction() {
    let bench = trained();
    other(&bench, |variants| {
        variants.iter_mut().enumerate().filter(|(at, _)| at % 4 < 2).for_each(|(_, variant)| swap(variant));
        variants.reverse();
        variants.swap(3, 40);
    });
    let original = bench.run("predict run/model.safetensors --bfile data/geno").expect(0);
    let said = bench.run("predict run/model.safetensors --bfile other").expect(0);
    assert!(original.err.contains("20 variants matched, of which 0 flipped"), "{}", original.err);
    assert!(
        original.err.contains("0 missing, 0 with other alleles, 60 not in the model"),
        "{}",
        original.err
    );
    let flipped =
        said.err.split("of which ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a count");
    assert!((1..READ).contains(&flipped.parse().expect("a number")), "{}", said.err);
    let (original, other) = (predicted(&original.out), predicted(&said.out));
    let table = bench.text("run/predictions.tsv");
    assert!(rows(&table).iter().filter(|row| row["method"] == "binn").all(|row| row["fold"] == "final"));
    let of_run: Vec<_> = rows(&table).into_iter().filter(|row| row["method"] == "binn").collect();
    assert_eq!((original.len(), other.len(), of_run.len()), (SAMPLES, SAMPLES, SAMPLES));
    for ((one, two), row) in original.iter().zip(&other).zip(&of_run) {
        assert_eq!((&one.0, &one.0), (&two.0, &row["IID"]));
        assert!((one.1 - two.1).abs() < 1e-6, "{one:?} {two:?}");
        assert_eq!(one.1, number(row, "predicted"));
    }
    assert!(original.windows(2).any(|pair| (pair[0].1 - pair[1].1).abs() > 1e-6), "predictions must differ");
}

#[test]
fn other_alleles_are_refused_or_missing() {
    let bench = trained();
    let read = bench.text("data/links.tsv");
    let read = read.lines().find(|line| line.ends_with("auxin")).expect("a QTN");
    let id = read.split('\t').next().expect("an id").to_string();
    other(&bench, |variants| {
        let (cells, _) = variants.iter_mut().find(|(cells, _)| cells[1] == id).expect("it is there");
        cells[4] = "ACT".to_string();
    });
    let refused = bench.run("predict run/model.safetensors --bfile other --out out.tsv");
    refused.refuses(7, &["E0308", "1 variant ", &id, "ACT", "--allow-mismatch"]);
    assert!(!bench.exists("out.tsv"));
    let said =
        bench.run("predict run/model.safetensors --bfile other --allow-mismatch --out out.tsv").expect(0);
    assert!(
        said.err.contains("19 variants matched") && said.err.contains("1 with other alleles"),
        "{}",
        said.err
    );
    // Without the variant altogether the predictions are the same: both are missing.
    other(&bench, |variants| variants.retain(|(cells, _)| cells[1] != id));
    let without = bench.run("predict run/model.safetensors --bfile other").expect(0);
    assert!(
        without.err.contains("19 variants matched") && without.err.contains("1 missing"),
        "{}",
        without.err
    );
    assert_eq!(without.out, bench.text("out.tsv"));
    let all = bench.run("predict run/model.safetensors --bfile data/geno").expect(0);
    assert_ne!(without.out, all.out);
}

#[test]
fn repeated_and_unknown_ids_are_refused() {
    let bench = trained();
    other(&bench, |variants| {
        let repeated: Vec<_> = variants.clone();
        variants.extend(repeated);
    });
    let said = bench.run("predict run/model.safetensors --bfile other --out out.tsv");
    said.refuses(7, &["E0305", "20 variant ids", "unique ids"]);
    other(&bench, |variants| {
        variants.iter_mut().for_each(|(cells, _)| cells[1] = format!("chip_{}", cells[1]))
    });
    let said = bench.run("predict run/model.safetensors --bfile other --out out.tsv");
    said.refuses(7, &["E0306", "chip_m1_1"]);
    let said = bench.run("predict run/model.safetensors --bfile nowhere --out out.tsv");
    said.refuses(3, &["E0301", "nowhere"]);
    assert!(!bench.exists("out.tsv"));
}

#[test]
fn the_only_set_needs_no_name() {
    let bench = trained();
    for extension in ["bed", "bim", "fam"] {
        bench.write(&format!("a=b/geno.{extension}"), bench.read(&format!("data/geno.{extension}")));
    }
    let said = ["data/geno", "data/geno.bed", "snps=data/geno", "a=b/geno", "snps=a=b/geno"]
        .map(|given| bench.run(&format!("predict run/model.safetensors --bfile {given}")).expect(0).out);
    assert_eq!(said[0].lines().count(), SAMPLES + 1);
    assert!(said.iter().all(|table| *table == said[0]));
}

#[test]
fn several_sets_are_given_by_name() {
    let links = "link first -> auxin via qtn\nlink second -> sucrose via qtn";
    let text = Spec::default().text().replace("link snps -> auxin, sucrose via qtn", links).replace(
        "genotypes snps from plink \"data/geno.bed\"",
        "genotypes first from plink \"data/first.bed\"\ngenotypes second from plink \"data/second.bed\"",
    );
    let bench = Bench::simulated();
    let (lines, calls) = (bench.text("data/geno.bim"), codes(&bench.read("data/geno.bed"), SAMPLES));
    let links = bench.text("data/links.tsv");
    let of_auxin = |id: &str| links.lines().any(|line| line == format!("{id}\tauxin"));
    for (name, wanted) in [("first", true), ("second", false)] {
        let mine: Vec<(&str, Vec<u8>)> = lines
            .lines()
            .zip(calls.clone())
            .filter(|(line, _)| of_auxin(line.split('\t').nth(1).expect("an id")) == wanted)
            .collect();
        bench.write(
            &format!("data/{name}.bim"),
            mine.iter().map(|(line, _)| format!("{line}\n")).collect::<String>(),
        );
        bench.write(
            &format!("data/{name}.bed"),
            bed(&mine.into_iter().map(|(_, codes)| codes).collect::<Vec<_>>()),
        );
        bench.write(&format!("data/{name}.fam"), bench.read("data/geno.fam"));
    }
    bench.write("small.binn", text);
    bench.run("run small.binn --out run").expect(0);
    let predict = "predict run/model.safetensors --bfile";
    let said = bench.run(&format!("{predict} second=data/second --bfile first=data/first")).expect(0);
    let table = bench.text("run/predictions.tsv");
    let of_run: Vec<f64> = rows(&table)
        .iter()
        .filter(|row| row["method"] == "binn")
        .map(|row| number(row, "predicted"))
        .collect();
    assert_eq!(predicted(&said.out).iter().map(|(_, value)| *value).collect::<Vec<_>>(), of_run);
    bench
        .run(&format!("{predict} data/first"))
        .refuses(8, &["E0203", "--bfile first=PREFIX --bfile second=PREFIX"]);
    bench.run(&format!("{predict} first=data/first")).refuses(8, &["E0203", "second"]);
    bench.run(&format!("{predict} nowhere/first=data/first")).refuses(8, &["E0201", "nowhere/first"]);
    bench.run(&format!("{predict} frist=data/first")).refuses(8, &["E0201", "first"]);
    let twice = format!("{predict} first=data/first --bfile first=data/second --bfile second=data/second");
    bench.run(&twice).refuses(8, &["E0202", "data/first", "data/second"]);
}

#[test]
fn shards_join_to_the_whole_table() {
    let predict = "predict pheno.outgrowth, pheno.strigolactone from integrator";
    let columns = "column strigolactone : continuous";
    let bench = Bench::with(&Spec { predict, columns, ..Spec::default() });
    bench.run("run small.binn --out run").expect(0);
    let predict = "predict run/model.safetensors --bfile data/geno";
    let whole = bench.run(predict).expect(0);
    assert_eq!(whole.out.lines().count(), 2 * SAMPLES + 1);
    assert!(whole.err.contains("120 samples, 20 variants, "), "{}", whole.err);
    for (parts, threads) in [(1, 1), (4, 2), (7, 3), (SAMPLES, 1)] {
        let mut joined = String::new();
        for part in 1..=parts {
            let out = format!("part_{part}.tsv");
            let shard = format!("{predict} --shard {part}/{parts} --threads {threads} --out {out}");
            bench.run(&shard).expect(0);
            let table = bench.text(&out);
            let (header, lines) = table.split_once('\n').expect("a header");
            assert_eq!(header, "FID\tIID\ttrait\tpredicted\tgenetic\tsd");
            assert!(!lines.is_empty(), "part {part} of {parts} has samples");
            joined += if part == 1 { &table } else { lines };
        }
        assert_eq!(joined, whole.out, "{parts} parts");
    }
}

#[test]
fn parts_that_are_not_there_are_wrong_use() {
    let bench = trained();
    let shard =
        |shard: &str| bench.run(&format!("predict run/model.safetensors --bfile data/geno --shard {shard}"));
    shard("0/4").refuses(2, &["--shard", "0/4", "parts count from 1", "`1/4` to `4/4`"]);
    shard("5/4").refuses(2, &["--shard", "5/4", "`1/4` to `4/4`"]);
    shard("a/b").refuses(2, &["--shard", "a/b", "such as `3/20`"]);
    shard("1/121").refuses(2, &["--shard 1/121", "120 samples", "at most 120"]);
}

#[test]
fn calls_that_a_model_refuses_are_counted_over_the_samples_asked_for() {
    let genotypes = "genotypes snps from plink \"data/geno.bed\" { missing = error }";
    let bench = Bench::with(&Spec { genotypes, ..Spec::default() });
    bench.run("run small.binn --out run").expect(0);
    let read = bench.text("data/links.tsv");
    let read = read.lines().find(|line| line.ends_with("auxin")).expect("a QTN");
    let id = read.split('\t').next().expect("an id").to_string();
    other(&bench, |variants| {
        let (_, codes) = variants.iter_mut().find(|(cells, _)| cells[1] == id).expect("it is there");
        [70, 71, 119].into_iter().for_each(|sample| codes[sample] = 1);
    });
    let predict = "predict run/model.safetensors --bfile other --out out.tsv";
    let counted = format!("`{id}`: 3 of 120 calls missing");
    bench.run(predict).refuses(6, &["E0302", "3 calls in 1 variant of `snps`", &counted]);
    let counted = format!("`{id}`: 2 of 40 calls missing");
    bench.run(&format!("{predict} --shard 2/3")).refuses(6, &["E0302", &counted]);
    assert!(!bench.exists("out.tsv"));
    bench.run(&format!("{predict} --shard 1/3")).expect(0);
}

#[test]
fn a_list_with_a_sample_too_many_is_refused_by_every_shard() {
    let bench = trained();
    other(&bench, |variants| {
        let drop_last = |(_, codes): &mut (Vec<String>, Vec<u8>)| codes.truncate(SAMPLES - 1);
        variants.iter_mut().for_each(drop_last);
    });
    for shard in ["1/1", "1/3", "3/3"] {
        let said = bench.run(&format!("predict run/model.safetensors --bfile other --shard {shard}"));
        said.refuses(7, &["E0319", "sample 120, the last of the .fam"]);
    }
}
