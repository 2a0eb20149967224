//! Joining a model's variants with those of other genotypes: by id, then by alleles.
//!
//! Alleles are compared as letters. The same two in the other order are a swap, never a
//! strand flip; pairs that are their own complement (A/T, C/G) are counted, and treated so.

use super::error;
use super::header::ModelVariant;
use crate::data::Variant;
use crate::language::diagnostics::Diagnostic;
use rustc_hash::FxHashMap;
use std::borrow::Borrow;

/// How each variant of a model is found in other genotypes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// At this place, alleles in the same order.
    Same(usize),
    /// At this place, alleles swapped.
    Swapped(usize),
    /// Not there: every sample is missing.
    Missing,
}

/// Counts of a join.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AlleleCounts {
    /// Variants of the model found, in either order.
    pub matched: usize,
    /// Of these, with swapped alleles.
    pub flipped: usize,
    /// Of these, with alleles that are their own complement.
    pub ambiguous: usize,
    /// Variants of the model not in the genotypes.
    pub missing: usize,
    /// Variants with other alleles, taken as missing.
    pub mismatched: usize,
    /// Variants of the genotypes that the model does not read.
    pub unused: usize,
}

/// Joins a model's variants with a file's.
///
/// # Errors
/// E0305 where an id stands for several variants, E0306 where none matches, E0308 where
/// alleles are others and `allow_mismatch` is not set.
pub fn match_variants<V: Borrow<ModelVariant>>(
    model: &[V],
    file: &[Variant],
    allow_mismatch: bool,
) -> Result<(Vec<Matching>, AlleleCounts), Diagnostic> {
    let mut places: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    for (at, variant) in file.iter().enumerate() {
        places.entry(&variant.id).and_modify(|(_, count)| *count += 1).or_insert((at, 1));
    }
    let (mut counts, mut repeated, mut mismatched) = (AlleleCounts::default(), Vec::new(), Vec::new());
    let mut matchings = Vec::with_capacity(model.len());
    for wanted in model.iter().map(Borrow::borrow) {
        let matching = match places.get(wanted.id.as_str()) {
            Some((_, 2..)) => {
                repeated.push(wanted.id.as_str());
                Matching::Missing
            }
            Some((at, _)) => compare(wanted, &file[*at], *at, &mut counts, &mut mismatched),
            None => {
                counts.missing += 1;
                Matching::Missing
            }
        };
        matchings.push(matching);
    }
    counts.unused = file.len().saturating_sub(counts.matched + counts.mismatched);
    if !repeated.is_empty() {
        return Err(error::duplicate_ids(repeated.len(), &repeated));
    }
    if !mismatched.is_empty() && !allow_mismatch {
        return Err(error::allele_mismatch(mismatched.len(), &mismatched));
    }
    if counts.matched == 0 && !model.is_empty() {
        let ids: Vec<&str> = model.iter().map(|variant| variant.borrow().id.as_str()).collect();
        let others: Vec<&str> = file.iter().map(|variant| variant.id.as_str()).collect();
        return Err(error::no_variant(&ids, &others));
    }
    Ok((matchings, counts))
}

fn compare(
    wanted: &ModelVariant,
    found: &Variant,
    at: usize,
    counts: &mut AlleleCounts,
    mismatched: &mut Vec<String>,
) -> Matching {
    let same = wanted.allele1 == found.allele1 && wanted.allele2 == found.allele2;
    let swapped = wanted.allele1 == found.allele2 && wanted.allele2 == found.allele1;
    if !same && !swapped {
        counts.mismatched += 1;
        mismatched.push(format!(
            "`{}`: the model has {}/{}, the genotypes have {}/{}",
            wanted.id, wanted.allele1, wanted.allele2, found.allele1, found.allele2
        ));
        return Matching::Missing;
    }
    counts.matched += 1;
    counts.ambiguous += usize::from(is_ambiguous(&wanted.allele1, &wanted.allele2));
    if same {
        return Matching::Same(at);
    }
    counts.flipped += 1;
    Matching::Swapped(at)
}

fn is_ambiguous(allele1: &str, allele2: &str) -> bool {
    let pair = (allele1.to_ascii_uppercase(), allele2.to_ascii_uppercase());
    matches!((pair.0.as_str(), pair.1.as_str()), ("A", "T") | ("T", "A") | ("C", "G") | ("G", "C"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(id: &str, allele1: &str, allele2: &str) -> ModelVariant {
        let text = str::to_string;
        ModelVariant {
            id: text(id),
            chromosome: text("1"),
            position: Some(1),
            allele1: text(allele1),
            allele2: text(allele2),
        }
    }

    fn file(id: &str, allele1: &str, allele2: &str) -> Variant {
        let ModelVariant { id, chromosome, position, allele1, allele2 } = model(id, allele1, allele2);
        Variant { chromosome, id, position, allele1, allele2 }
    }

    #[test]
    fn letters_decide_never_strands() {
        let wanted = [model("a", "A", "G"), model("b", "A", "T"), model("c", "C", "T"), model("d", "A", "C")];
        let there = [file("c", "C", "T"), file("b", "T", "A"), file("a", "G", "A"), file("e", "A", "C")];
        let (matchings, counts) = match_variants(&wanted, &there, false).expect("all letters agree");
        use Matching::{Missing, Same, Swapped};
        assert_eq!(matchings, [Swapped(2), Swapped(1), Same(0), Missing]);
        let wanted =
            AlleleCounts { matched: 3, flipped: 2, ambiguous: 1, missing: 1, mismatched: 0, unused: 1 };
        assert_eq!(counts, wanted);
    }

    #[test]
    fn the_other_strand_is_a_mismatch() {
        let (wanted, there) =
            ([model("a", "A", "G"), model("b", "A", "G")], [file("a", "T", "C"), file("b", "A", "G")]);
        let error = match_variants(&wanted, &there, false).expect_err("T/C is not A/G");
        assert_eq!(error.code.name(), "E0308");
        let (matchings, counts) = match_variants(&wanted, &there, true).expect("allowed");
        assert_eq!((matchings[0], counts.mismatched), (Matching::Missing, 1));
    }
}
