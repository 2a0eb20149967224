//! Real panels, where `BINNC_TEST_DATA` names their folder; skipped aloud elsewhere.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "the folder of real data is named by the environment, and a skipped test says so"
)]

use super::table;
use crate::data::*;
use crate::io::Disk;
use crate::language::spec::{ColumnKind, Scheme};
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
