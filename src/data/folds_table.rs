//! Folds as a table that a spec can declare and reuse with `folds(T.r1)`.

use super::cohort::Cohort;
use super::types::{Fold, SampleId};
use std::collections::BTreeMap;

/// `FID IID r1 r2 …`, tab-separated: in each repeat the fold that predicts a sample, as `f1`.
///
/// Where records repeat, `record` stands behind `IID`. A sample that no fold of a repeat predicts has `NA`;
/// samples that no fold predicts are left out.
#[must_use]
pub fn folds_table(folds: &[Fold], cohort: &Cohort) -> String {
    let mut repeats: Vec<usize> = folds.iter().map(|fold| fold.repeat).collect();
    repeats.sort_unstable();
    repeats.dedup();
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for fold in folds {
        let at = repeats.partition_point(|repeat| *repeat < fold.repeat);
        for row in &fold.test {
            rows.entry(*row).or_insert_with(|| vec!["NA".into(); repeats.len()])[at] =
                format!("f{}", fold.fold);
        }
    }
    let mut table = String::from("FID\tIID");
    table += &cohort.record_cell(None);
    repeats.iter().for_each(|repeat| table += &format!("\tr{repeat}"));
    table.push('\n');
    for (row, cells) in rows {
        let SampleId { family, individual } = &cohort.samples[row as usize];
        let record = cohort.record_cell(Some(row));
        table += &format!("{family}\t{individual}{record}\t{}\n", cells.join("\t"));
    }
    table
}
