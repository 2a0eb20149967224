//! The sample list of a PLINK set: six columns, of which binnc takes family and individual.

use super::error::{self, Found};
use super::text::Text;
use super::types::SampleId;
use crate::language::diagnostics::{Diagnostic, Place};
use rustc_hash::FxHashMap;

const FIELDS: usize = 6;

/// Samples in file order.
///
/// # Errors
/// `E0302` for a blank line or a line without six columns, `E0304` for a sample given twice.
pub(super) fn parse(text: &Text) -> Result<Vec<SampleId>, Diagnostic> {
    if let Some(line) = text.blank_line() {
        return Err(error::blank_line(&text.name, line));
    }
    let mut samples = Vec::new();
    let mut wrong = Found::default();
    for (number, line) in text.lines().filter(|_| !text.is_empty()) {
        let mut fields = line.split_whitespace();
        let (family, individual) = (fields.next(), fields.next());
        let count = line.split_whitespace().count();
        match (family, individual) {
            (Some(family), Some(individual)) if count == FIELDS => {
                samples.push(SampleId { family: family.into(), individual: individual.into() });
            }
            _ => wrong.add_line(|| Place::new(&text.name, number, error::counted(count, "column"))),
        }
    }
    if wrong.total > 0 {
        let columns = "family, individual, father, mother, sex, phenotype";
        return Err(error::wrong_column_count(&text.name, FIELDS, columns, wrong));
    }
    check_distinct(&text.name, &samples)?;
    Ok(samples)
}

fn check_distinct(name: &str, samples: &[SampleId]) -> Result<(), Diagnostic> {
    let mut first: FxHashMap<&SampleId, usize> = FxHashMap::default();
    let mut repeated = Found::of_samples();
    for (row, sample) in samples.iter().enumerate() {
        if let Some(earlier) = first.insert(sample, row) {
            repeated.add_line(|| {
                let words = format!(
                    "`{} {}` stands in line {} already",
                    sample.family,
                    sample.individual,
                    earlier + 1
                );
                Place::new(name, row + 1, words).word(&sample.individual)
            });
        }
    }
    if repeated.total > 0 { Err(error::sample_twice_in_list(name, repeated)) } else { Ok(()) }
}
