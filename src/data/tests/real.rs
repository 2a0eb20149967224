//! Real panels, where `BINNC_TEST_DATA` names their folder; skipped aloud elsewhere.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "the folder of real data is named by the environment, and a skipped test says so"
)]

use super::table;
use crate::data::*;
use crate::io::{Disk, World};
use crate::language::source::{Span, Spanned};
use crate::language::spec::{ColumnKind, Encoding, Scheme};
use std::path::PathBuf;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var("BINNC_TEST_DATA").ok().map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: BINNC_TEST_DATA is not set");
    }
    folder
}

#[test]
fn maize_reads_joins_and_splits_by_group() {
    let Some(folder) = folder() else { return };
    let (set, files, found) = read_plink(&Disk, &folder.join("maize/geno.bed")).expect("the maize panel");
    assert_eq!((set.samples.len(), set.variants.len(), files.len()), (246, 41_722, 3));
    assert!(found.is_empty());
    let (selection, warning) = select("snps", &set.variants, &[]);
    assert_eq!((selection.rows.len(), warning), (41_722, None));
    let pheno = table(&[("anthesis.mean", ColumnKind::Continuous)]);
    let groups = table(&[("geneticGroup", ColumnKind::Categorical)]);
    let (y, ..) = read_table(&Disk, &folder.join("maize/pheno.tsv"), &pheno).expect("phenotypes");
    let (g, ..) = read_table(&Disk, &folder.join("maize/groups.tsv"), &groups).expect("groups");
    let sets = [("snps", &set.samples[..])];
    let (cohort, _) = join(&sets, &[(&groups, &g), (&pheno, &y)]).expect("a cohort");
    assert!(cohort.joins.iter().all(|report| report.matched == 246));
    let (folds, _) =
        split(&Scheme::LeaveOut(super::reference("geneticGroup")), 1, &cohort, &[true; 246]).expect("folds");
    let mut sizes: Vec<(&str, usize)> =
        folds.iter().map(|fold| (fold.label.as_deref().unwrap_or("?"), fold.test.len())).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [("Iodent", 39), ("Lancaster", 45), ("Other", 107), ("Stiff_Stalk", 55)]);
}

#[test]
fn yeast_is_haploid_and_keeps_its_tenth_chromosome() {
    let Some(folder) = folder() else { return };
    let (set, ..) = read_plink(&Disk, &folder.join("yeast/geno")).expect("the yeast panel");
    let (selection, warning) = select("markers", &set.variants, &[]);
    assert_eq!((selection.rows.len(), warning), (3_244, None));
    let rows: Vec<u32> = (0..set.samples.len() as u32).collect();
    assert_eq!(check_haploid("markers", &set.calls, &set.variants, &selection.rows, &rows), None);
}

#[test]
fn a_compressed_table_of_expression_is_read() {
    let Some(folder) = folder() else { return };
    let mut expression = table(&[("YAL069W", ColumnKind::Continuous)]);
    expression.rest = Some(Spanned::new(ColumnKind::Continuous, Span::default()));
    let read = read_table(&Disk, &folder.join("yeast/expr.tsv.gz"), &expression);
    let (data, report, _) = read.expect("a table");
    assert_eq!((data.keys.len(), data.columns.len()), (112, 6190));
    let ColumnData::Numeric(first) = &data.columns["YAL069W"] else { panic!("numbers were asked for") };
    assert_eq!((first[0], first[1], first[111]), (0.5658, -0.0139, 0.2285));
    assert_eq!(report.file.bytes, Disk.size(&folder.join("yeast/expr.tsv.gz")).expect("is there"));
}

/// Counts, means and SDs are those of `tests/fixtures/bed_counts.py`.
#[test]
fn codes_are_counted_as_by_another_program() {
    type Variants = [(usize, CodeCounts, f64, f64); 2];
    let panels: [(&str, [u64; 4], Variants); 3] = [
        (
            "maize/geno",
            [7_315_401, 0, 99_249, 2_848_962],
            [
                (0, [137, 0, 19, 90], 1.1910569105691058, 0.9414146188402128),
                (41_721, [200, 0, 2, 44], 1.6341463414634145, 0.7679377164248111),
            ],
        ),
        (
            "yeast/geno",
            [182_494, 0, 0, 180_834],
            [(0, [87, 0, 0, 25], 1.5535714285714286, 0.8328017011686445), (1622, [56, 0, 0, 56], 1.0, 1.0)],
        ),
        (
            "formats/regenie/example",
            [12_381, 0, 124_950, 362_669],
            [
                (500, [4, 0, 87, 409], 0.19, 0.41218927691049945),
                (999, [8, 0, 100, 392], 0.232, 0.4584495610206219),
            ],
        ),
    ];
    let Some(folder) = folder() else { return };
    for (prefix, totals, variants) in panels {
        let (set, ..) = read_plink(&Disk, &folder.join(prefix)).expect("a panel");
        let samples = set.samples.len();
        let all = CountedSamples::new(samples, 0..samples as u32);
        let mut counted = [0u64; 4];
        for variant in 0..set.variants.len() {
            let counts = all.codes(&set.calls, variant);
            counted.iter_mut().zip(counts).for_each(|(total, count)| *total += u64::from(count));
        }
        assert_eq!(counted, totals, "{prefix}");
        for (variant, counts, mean, sd) in variants {
            assert_eq!(all.codes(&set.calls, variant), counts);
            let seen = summary(counts, Encoding::Additive);
            assert!((seen.mean - mean).abs() < 1e-12 && (seen.sd - sd).abs() < 1e-12);
        }
    }
}
