//! Which variants of a spec's genotypes may be used, and what of them is refused.

use super::error;
use crate::data::{self, Cohort, CountedSamples, GenotypeSet, Variant};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::spec::{Encoding, MissingCalls, Spec};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Which variants of each set may be used: chromosomes and `keep` applied.
pub(super) fn offered(spec: &Spec, variants: &[Vec<Variant>], found: &mut Diagnostics) -> Vec<Vec<bool>> {
    let mut offered = Vec::new();
    for (item, variants) in spec.genotypes.iter().zip(variants) {
        let name = &item.name;
        let (selection, warning) = data::select(&name.value, variants, &item.filter);
        let mut kept = vec![false; variants.len()];
        for row in &selection.rows {
            kept[*row as usize] = true;
        }
        if selection.rows.is_empty() {
            let all = variants.len();
            found.push(error::no_variant_left(&name.value, selection.filtered, all, name.span));
        } else {
            found.extend(warning.map(|warning| warning.at(name.span, "of this set")));
        }
        offered.push(kept);
    }
    offered
}

/// E0317 for heterozygous calls under `encoding = haploid`, E0302 for missing ones under
/// `missing = error`; only variants that may be used count.
pub(super) fn refused_calls(spec: &Spec, sets: &[GenotypeSet], offered: &[Vec<bool>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for ((item, set), offered) in spec.genotypes.iter().zip(sets).zip(offered) {
        let chosen: Vec<u32> =
            (0..).zip(offered).filter(|(_, offered)| **offered).map(|(at, _)| at).collect();
        let rows: Vec<u32> = (0..set.samples.len() as u32).collect();
        let name = item.name.value.as_str();
        let haploid = (item.encoding == Encoding::Haploid)
            .then(|| data::check_haploid(name, &set.calls, &set.variants, &chosen, &rows));
        let missing = (item.missing == MissingCalls::Error)
            .then(|| data::check_missing(name, &set.calls, &set.variants, &chosen, &rows));
        let refused = haploid.flatten().into_iter().chain(missing.flatten());
        found.extend(refused.map(|refused| refused.at(item.name.span, "of this set")));
    }
    found
}

/// E0903 where no variant that may be used varies and passes `keep` among all samples, so that none
/// ever will in training.
pub(super) fn none_informative(
    spec: &Spec,
    sets: &[GenotypeSet],
    cohort: &Cohort,
    offered: &[Vec<bool>],
) -> Option<Diagnostic> {
    let mut why = error::Uninformative::default();
    for (at, (item, set)) in spec.genotypes.iter().zip(sets).enumerate() {
        let counted = CountedSamples::new(set.calls.samples(), cohort.rows_of_set[at].iter().copied());
        for variant in (0..set.variants.len()).filter(|variant| offered[at][*variant]) {
            let summary = data::summary(counted.codes(&set.calls, variant), item.encoding);
            match (summary.maf < item.thresholds.maf, summary.missing_share > item.thresholds.missing) {
                (_, true) => why.missing += 1,
                (true, _) => why.rare += 1,
                _ if summary.sd == 0.0 => why.constant += 1,
                _ => return None,
            }
        }
    }
    let all = why.missing + why.rare + why.constant;
    let span = spec.genotypes.first().filter(|_| all > 0)?.name.span;
    Some(error::no_variant_informative(cohort.samples.len(), &why, span))
}

/// Variants that two sets share.
#[derive(Default)]
struct Shared {
    count: usize,
    /// Ids in the first and the second set.
    examples: Vec<[String; 2]>,
}

/// E0305 for variants that stand in two sets: same contig, position and alleles.
pub(super) fn shared_variants(
    spec: &Spec,
    variants: &[Vec<Variant>],
    offered: &[Vec<bool>],
) -> Vec<Diagnostic> {
    let mut first: FxHashMap<(&str, u64, &str, &str), (usize, &str)> = FxHashMap::default();
    let mut shared: BTreeMap<(usize, usize), Shared> = BTreeMap::new();
    for (set, (variants, offered)) in variants.iter().zip(offered).enumerate() {
        for (variant, _) in variants.iter().zip(offered).filter(|(_, offered)| **offered) {
            let Some(position) = variant.position else { continue };
            let mut alleles = [variant.allele1.as_str(), variant.allele2.as_str()];
            alleles.sort_unstable();
            let key = (variant.chromosome.as_str(), position, alleles[0], alleles[1]);
            let (other, id) = *first.entry(key).or_insert((set, &variant.id));
            if other == set {
                continue;
            }
            let found = shared.entry((other, set)).or_default();
            found.count += 1;
            if found.examples.len() < 3 {
                found.examples.push([id.to_string(), variant.id.to_string()]);
            }
        }
    }
    let name = |set: usize| spec.genotypes[set].name.value.as_str();
    shared
        .iter()
        .map(|((one, two), found)| {
            let span = spec.genotypes[*two].name.span;
            error::shared_variants(found.count, &found.examples, [name(*one), name(*two)], span)
        })
        .collect()
}

/// E0305 for ids that several variants have, where variants are found again by their ids: in links that
/// are learnt, and in the effects of all variants that a model file holds.
pub(super) fn repeated_ids(
    spec: &Spec,
    variants: &[Vec<Variant>],
    offered: &[Vec<bool>],
) -> Option<Diagnostic> {
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    let mut repeated: Vec<&str> = Vec::new();
    let sets = variants.iter().zip(offered);
    let all = sets.flat_map(|(variants, offered)| variants.iter().zip(offered));
    for (variant, _) in all.filter(|(_, offered)| **offered) {
        let count = seen.entry(&variant.id).or_default();
        *count += 1;
        if *count == 2 {
            repeated.push(&variant.id);
        }
    }
    let span = spec.genotypes.first()?.name.span;
    (!repeated.is_empty()).then(|| error::ids_repeated(&repeated, span))
}
