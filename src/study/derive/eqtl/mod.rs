//! Which variants tell a measured trait: single-marker scans of many traits at once.
//!
//! A trait y and a variant g (copies of allele 1, missing calls at the mean) are rid of what an
//! orthonormal basis Q of the covariates and the intercept explains; their partial correlation is
//! r = g′My / √(g′Mg · y′My) with M = I − QQ′, and t = r·√(f/(1 − r²)) with f = n − rank(Q) − 1 degrees
//! of freedom, which is the t of g in the regression of y on g and the covariates (Frisch and Waugh
//! 1933; Shabalin 2012, Matrix eQTL). Since My is dense and g′Mg = g′g − ‖Q′g‖², genotypes stay packed.
//!
//! Each trait is scanned over the given rows where it is measured; traits with the same rows share the
//! work. Results do not depend on the number of threads.

mod block;
mod pick;
mod within;

use super::student::{least_correlation, negative_log10_p};
use crate::engine::network::scoring::Watch;
use crate::study::linear::design::Design;
use crate::study::linear::dosage::MarkerSet;
use block::Group;
use indexmap::IndexMap;
use rayon::prelude::*;
pub use within::within;

/// Correlations that are held at once by a thread.
const HELD: usize = 1 << 23;
/// Traits that are scanned at once, so that variants are decoded for many.
const TRAITS: usize = 256;

/// A scan of the usable variants of some genotype sets.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    /// All with the same cohort rows.
    pub sets: &'a [MarkerSet<'a>],
    /// Intercept and covariates of all cohort rows.
    pub covariates: &'a Design,
    /// The cohort rows to look at, ascending.
    pub rows: &'a [u32],
    /// Which variants are kept.
    pub keep: Keep,
    /// For each trait the only variants that are looked at, as set and variant, ascending; `None` looks at
    /// all.
    pub within: Option<&'a [Vec<(u32, u32)>]>,
}

/// Which variants of a trait are kept, by |t|; of equals the first in the set's order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keep {
    /// At most so many.
    pub top: usize,
    /// Two-sided p at most this; 1 keeps all.
    pub p: f64,
    /// A variant is passed over where its r² with one already kept is above this.
    pub clump: Option<f64>,
}

/// A variant that tells a trait.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Genotype set.
    pub set: usize,
    /// Variant of the set.
    pub variant: usize,
    /// t of the variant's slope.
    pub t: f64,
    /// −log₁₀ of its two-sided p; infinite where the fit is exact.
    pub negative_log10_p: f64,
    /// Change of the trait with one more copy of allele 1, in the trait's unit.
    pub slope: f64,
}

/// What a scan says of one trait.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// Variants by falling |t|, and on how many rows.
    Links(Vec<Link>, usize),
    /// The covariates leave nothing of it, or it is measured on too few rows for any t.
    Nothing,
}

impl Scan<'_> {
    /// Scans traits `[traits][cohort rows]`, NaN where one is not measured; `None` when cancelled.
    /// Each trait is a step for who watches.
    #[must_use]
    pub fn run(&self, traits: &[&[f64]], watch: &dyn Watch) -> Option<Vec<Found>> {
        let places = self.places();
        let at_once = (HELD / places.len().max(1)).clamp(1, TRAITS);
        let mut by_rows: IndexMap<Vec<u32>, Vec<usize>> = IndexMap::new();
        for (at, values) in traits.iter().enumerate() {
            let measured = self.rows.iter().copied().filter(|row| !values[*row as usize].is_nan());
            by_rows.entry(measured.collect()).or_default().push(at);
        }
        let groups: Vec<(Group, Vec<usize>)> =
            by_rows.into_iter().map(|(rows, traits)| (Group::of(self, rows), traits)).collect();
        let jobs: Vec<(&Group, &[usize])> = groups
            .iter()
            .flat_map(|(group, traits)| traits.chunks(at_once).map(move |some| (group, some)))
            .collect();
        let scanned: Vec<Option<Vec<Found>>> = jobs
            .par_iter()
            .map(|(group, of_job)| {
                if watch.cancelled() {
                    return None;
                }
                let values: Vec<&[f64]> = of_job.iter().map(|at| traits[*at]).collect();
                let found = self.job(group, &places, of_job, &values);
                watch.done(of_job.len());
                Some(found)
            })
            .collect();
        let mut all = vec![Found::Nothing; traits.len()];
        for ((_, of_job), found) in jobs.iter().zip(scanned) {
            for (at, found) in of_job.iter().zip(found?) {
                all[*at] = found;
            }
        }
        Some(all)
    }

    /// Usable variants: set and variant.
    fn places(&self) -> Vec<(u32, u32)> {
        let of_set = |(at, set): (usize, &MarkerSet<'_>)| {
            let usable = set.usable.iter().enumerate().filter(|(_, usable)| **usable);
            usable.map(move |(variant, _)| (at as u32, variant as u32)).collect::<Vec<_>>()
        };
        self.sets.iter().enumerate().flat_map(of_set).collect()
    }

    /// Places of the variants that one trait looks at.
    fn looked_at(&self, places: &[(u32, u32)], one: usize) -> Vec<usize> {
        match self.within {
            None => (0..places.len()).collect(),
            Some(within) => within[one].iter().filter_map(|place| places.binary_search(place).ok()).collect(),
        }
    }

    fn job(&self, group: &Group, places: &[(u32, u32)], numbers: &[usize], traits: &[&[f64]]) -> Vec<Found> {
        let Some(freedom) = group.freedom() else { return vec![Found::Nothing; traits.len()] };
        let scanned = group.scan(self.sets, places, traits);
        let least = if self.keep.p < 1.0 { least_correlation(self.keep.p, freedom) } else { 0.0 };
        let of_trait = |(at, norm): (usize, &f64)| {
            if *norm == 0.0 {
                return Found::Nothing;
            }
            let correlations = scanned.correlations.col_as_slice(at);
            let among = self.looked_at(places, numbers[at]);
            let dosages = |at| group.dosages(self.sets, places[at]);
            let picked = pick::best(correlations, among, self.keep, least, dosages);
            let link = |at: usize| {
                let ((set, variant), r) = (places[at], correlations[at]);
                Link {
                    set: set as usize,
                    variant: variant as usize,
                    t: r * (freedom as f64 / (1.0 - r * r).max(0.0)).sqrt(),
                    negative_log10_p: negative_log10_p(r, freedom),
                    slope: r * norm / scanned.norms[at],
                }
            };
            Found::Links(picked.into_iter().map(link).collect(), group.samples())
        };
        scanned.of_traits.iter().enumerate().map(of_trait).collect()
    }
}

#[cfg(test)]
mod tests;
