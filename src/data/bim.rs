//! The variant list of a PLINK set: contig, id, genetic position, position, two alleles.

use super::error::{self, Found};
use super::text::Text;
use super::types::Variant;
use crate::language::diagnostics::{Diagnostic, Place};
use rustc_hash::FxHashMap;

const FIELDS: usize = 6;
/// Longer alleles are kept as length and digest, which still tell two of them apart.
const LONGEST_ALLELE: usize = 1000;

/// Variants in file order, with notes on what is unusual in the list.
///
/// # Errors
/// `E0302` for a blank line, a line without six columns, or a position that is no number.
pub(super) fn parse(text: &mut Text) -> Result<Vec<Variant>, Diagnostic> {
    if let Some(line) = text.blank_line() {
        return Err(error::blank_line(&text.name, line));
    }
    let mut variants = Vec::new();
    let (mut ragged, mut positions) = (Found::default(), Found::default());
    for (number, line) in text.lines().filter(|_| !text.is_empty()) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [chromosome, id, _, position, allele1, allele2] = fields[..] else {
            ragged.add_line(|| Place::new(&text.name, number, error::counted(fields.len(), "column")));
            continue;
        };
        let Some(position) = parse_position(position) else {
            positions.add_line(|| Place::new(&text.name, number, format!("`{position}`")).word(position));
            continue;
        };
        variants.push(Variant {
            chromosome: chromosome.into(),
            id: id.into(),
            position,
            allele1: allele(allele1),
            allele2: allele(allele2),
        });
    }
    if ragged.total > 0 {
        let columns = "contig, id, genetic position, position, allele 1, allele 2";
        return Err(error::wrong_column_count(&text.name, FIELDS, columns, ragged));
    }
    if positions.total > 0 {
        return Err(error::position_not_a_number(&text.name, positions));
    }
    text.notes.extend(notes(&variants));
    Ok(variants)
}

/// Ids that stand more than once: id, first row, second row (from 0), in file order.
///
/// The id `.` means "no id" and is never reported. Rows are indices into `variants`.
#[must_use]
pub fn duplicate_ids(variants: &[Variant]) -> Vec<(String, usize, usize)> {
    let mut first: FxHashMap<&str, (usize, bool)> = FxHashMap::default();
    let mut repeated = Vec::new();
    for (row, variant) in variants.iter().enumerate().filter(|(_, variant)| variant.id != ".") {
        let entry = first.entry(&variant.id).or_insert((row, false));
        if entry.0 != row && !entry.1 {
            entry.1 = true;
            repeated.push((variant.id.clone(), entry.0, row));
        }
    }
    repeated
}

/// `Some(None)` where the file says 0 or a negative number; `None` where it is no whole number.
fn parse_position(text: &str) -> Option<Option<u64>> {
    if let Some(digits) = text.strip_prefix('-') {
        return (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(None);
    }
    let value: u64 = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())??;
    Some((value > 0).then_some(value))
}

fn allele(text: &str) -> String {
    if text.len() <= LONGEST_ALLELE {
        return text.to_string();
    }
    format!("<{}:{}>", text.len(), blake3::hash(text.as_bytes()).to_hex())
}

fn notes(variants: &[Variant]) -> Vec<String> {
    let mut notes = Vec::new();
    let unplaced = variants.iter().filter(|variant| variant.position.is_none()).count();
    if unplaced > 0 {
        notes.push(format!(
            "{} at position 0 or below, where no window reaches",
            error::counted(unplaced, "variant")
        ));
    }
    if !is_sorted(variants) {
        notes.push("variants are not sorted by position; their order is kept".into());
    }
    let twice = repeated_places(variants);
    if twice > 0 {
        notes.push(format!(
            "{} with the contig, position and alleles of an earlier one",
            error::counted(twice, "variant")
        ));
    }
    notes
}

fn is_sorted(variants: &[Variant]) -> bool {
    let mut done: FxHashMap<&str, ()> = FxHashMap::default();
    variants.windows(2).all(|pair| {
        if pair[0].chromosome == pair[1].chromosome {
            return pair[0].position <= pair[1].position;
        }
        done.insert(&pair[0].chromosome, ());
        !done.contains_key(pair[1].chromosome.as_str())
    })
}

fn repeated_places(variants: &[Variant]) -> usize {
    let mut seen: rustc_hash::FxHashSet<(&str, u64, &str, &str)> = rustc_hash::FxHashSet::default();
    let placed = variants.iter().filter_map(|variant| variant.position.map(|position| (variant, position)));
    placed
        .filter(|(variant, position)| {
            !seen.insert((&variant.chromosome, *position, &variant.allele1, &variant.allele2))
        })
        .count()
}
