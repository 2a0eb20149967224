//! Files of other tools and of the test panels, where they are there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{genes, how};
use crate::io::{Disk, World};
use crate::knowledge::window::overlaps;
use crate::knowledge::{Intervals, Knowledge, Loaded, read};
use crate::language::spec::{Format, GeneNames, Reading};

/// The folder of real data, or `None` with a word about the skipped test.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn real_data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("BINNC_TEST_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("{test}: skipped, BINNC_TEST_DATA is not set");
    }
    folder
}

fn read_real(folder: &Path, name: &str, reading: &Reading, format: Format) -> Loaded {
    read(&Disk, &folder.join(name), name, how(reading, format), None).expect("reads")
}

fn intervals_of(loaded: Loaded) -> Intervals {
    match loaded.knowledge {
        Knowledge::Intervals(intervals) => intervals,
        Knowledge::Pairs(_) => panic!("intervals were asked for"),
    }
}

#[test]
fn real_gff_files_are_read() {
    let Some(data) = real_data("real_gff_files_are_read") else { return };
    let gff = Reading::Gff3 { feature: "gene".into(), attribute: "ID".into() };
    let found = intervals_of(read_real(&data, "formats/gff/TestRefGen.gff", &gff, Format::Gff3));
    assert_eq!(found.names.len(), 10);
    assert_eq!(
        (&*found.names[3], &*found.contigs[3], found.starts[3], found.ends[3]),
        ("Gene4", "4", 4, 400)
    );
    let found = intervals_of(read_real(&data, "formats/htslib/gff_file.gff", &gff, Format::Gff3));
    assert_eq!(found.names, ["OTTHUMG00000137358"]);
    assert_eq!((found.starts[0], found.ends[0], found.lines[0]), (2_934_816, 2_964_270, 10));
    assert_eq!(found.strands, [crate::knowledge::Strand::Reverse]);
}

#[test]
fn real_tables_and_sets_are_read() {
    let Some(data) = real_data("real_tables_and_sets_are_read") else { return };
    let found = intervals_of(read_real(&data, "yeast/expr_genes.tsv", &genes("gene", None), Format::Tsv));
    assert_eq!(found.turned, 3102);
    assert!(found.starts.iter().zip(&found.ends).all(|(start, end)| start <= end));
    let found =
        intervals_of(read_real(&data, "yeast/genes.tsv", &genes("gene", Some("strand")), Format::Tsv));
    assert_eq!(found.names.len(), 7126);
    for (name, sets) in [("maize/go_process.gmt", 280), ("yeast/goslim_process.gmt", 130)] {
        match read_real(&data, name, &Reading::Gmt, Format::Gmt).knowledge {
            Knowledge::Pairs(found) => assert_eq!(found.targets.len(), sets, "{name}"),
            Knowledge::Intervals(_) => panic!("pairs were asked for"),
        }
    }
    for name in ["enrichr.KEGG_2016", "genes", "geneset.gsva", "h.all.v7.0.symbols", "ribosome", "temp"] {
        read_real(&data, &format!("formats/gmt/{name}.gmt"), &Reading::Gmt, Format::Gmt);
    }
}

#[test]
fn a_genome_of_windows_takes_no_time() {
    let Some(data) = real_data("a_genome_of_windows_takes_no_time") else { return };
    let genes = intervals_of(read_real(&data, "maize/genes.tsv", &genes("gene", None), Format::Tsv));
    let bim = String::from_utf8(Disk.read(&data.join("maize/geno.bim")).expect("is there")).expect("is text");
    let variants: Vec<(&str, u64, u32)> = bim
        .lines()
        .zip(0..)
        .map(|(line, v)| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            (fields[0], fields[3].parse().expect("is a position"), v)
        })
        .collect();
    assert_eq!((genes.names.len(), variants.len()), (27_382, 41_722));
    let begun = std::time::Instant::now();
    let all = overlaps(&genes, &variants, 250_000, 250_000, false);
    let nearest = overlaps(&genes, &variants, 250_000, 250_000, true);
    assert!(begun.elapsed().as_secs_f64() < 1.0, "took {:?}", begun.elapsed());
    assert!(nearest.variants.len() < all.variants.len());
    for gene in (0..genes.names.len()).step_by(1001) {
        let low = genes.starts[gene].saturating_sub(250_000);
        let high = genes.ends[gene] + 250_000;
        let slow = variants.iter().filter(|v| v.0 == genes.contigs[gene] && (low..=high).contains(&v.1));
        assert_eq!(all.of(gene), slow.map(|v| v.2).collect::<Vec<_>>());
    }
}

fn pairs_of(loaded: Loaded) -> crate::knowledge::Incidence {
    match loaded.knowledge {
        Knowledge::Pairs(pairs) => pairs,
        Knowledge::Intervals(_) => panic!("pairs were asked for"),
    }
}

#[test]
fn real_ontologies_are_read() {
    let Some(data) = real_data("real_ontologies_are_read") else { return };
    let both = Reading::Obo { relations: vec!["is_a".into(), "part_of".into()] };
    let small = pairs_of(read_real(&data, "formats/obo/mini_obo_rel.obo", &both, Format::Obo));
    assert_eq!((small.sources.len(), small.targets.len(), small.members.len()), (3, 3, 4));
    for name in
        ["goslim_generic", "goslim_yeast", "heartjogging", "mini_obo", "mini_slim_obo", "viral_gene_silence"]
    {
        let file = format!("formats/obo/{name}.obo");
        let found = pairs_of(read_real(&data, &file, &both, Format::Obo));
        let text = String::from_utf8(Disk.read(&data.join(&file)).expect("is there")).expect("is text");
        let lines = text
            .lines()
            .filter(|line| line.starts_with("is_a: ") || line.starts_with("relationship: part_of "));
        assert!(found.members.len() <= lines.count() && !found.members.is_empty(), "{name}");
    }
}

#[test]
fn real_annotations_are_read() {
    let Some(data) = real_data("real_annotations_are_read") else { return };
    let name = "formats/obo/goa_human_illegal.gaf";
    let gaf = |names| Reading::Gaf { names, evidence: Vec::new() };
    let found = pairs_of(read_real(&data, name, &gaf(GeneNames::Symbol), Format::Gaf));
    let text = String::from_utf8(Disk.read(&data.join(name)).expect("is there")).expect("is text");
    let rows = text.lines().filter(|line| !line.starts_with('!') && !line.is_empty());
    let expected: BTreeSet<(String, String)> = rows
        .map(|row| row.split('\t').collect::<Vec<_>>())
        .map(|fields| (fields[2].to_owned(), fields[4].to_owned()))
        .collect();
    let pairs = (0..found.targets.len()).flat_map(|target| {
        let found = &found;
        let name = move |member: &u32| found.sources[*member as usize].clone();
        found.members_of(target).iter().map(move |member| (name(member), found.targets[target].clone()))
    });
    assert_eq!(pairs.collect::<BTreeSet<_>>(), expected);

    // One line of this file lacks its id on purpose.
    let reading = gaf(GeneNames::Id);
    let found = read(&Disk, &data.join(name), name, how(&reading, Format::Gaf), None);
    let found = found.expect_err("a line without id");
    let first = found.iter().next().expect("one finding");
    assert_eq!((first.code.name(), first.places[0].line), ("E0302", 60));
}
