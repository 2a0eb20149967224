//! Near-duplicates on both sides of a split.
//!
//! What is remembered of a sample looks like skill where its twin is tested. Two samples are
//! near-duplicates when their standardised genotypes, over a few hundred variants spread along each set,
//! correlate at 0.95 or more: twins, clones, two entries of one line. Where a population has so few
//! independent segments that some pair of as many would reach that by chance (SD of the correlations times
//! √(2 ln pairs)), chance sets the limit, up to 0.999.

use super::{Progress, Study, error};
use crate::data::Fold;
use crate::language::diagnostics::Diagnostic;
use crate::study::linear::dosage::MarkerSet;
use faer::{Mat, MatRef};
use std::collections::BTreeSet;

/// Least correlation of near-duplicates, and the highest that chance may ask for.
const NEAR: (f32, f32) = (0.95, 0.999);
/// Variants that are looked at.
const VARIANTS: usize = 512;
/// Fewer vary too little: sibs would look like twins by chance.
const FEWEST: usize = 100;
/// Of so many neighbours the one that differs most is taken.
const NEIGHBOURS: usize = 4;
/// Samples compared with all others at a time.
const BLOCK: usize = 256;

/// W0706 where samples that are tested have near-duplicates that are trained on.
///
/// # Errors
/// As interrupted.
pub(super) fn near_duplicates(
    study: &Study<'_>,
    folds: &[Fold],
    progress: &dyn Progress,
) -> Result<Option<Diagnostic>, Diagnostic> {
    let individuals = &study.cohort.individuals;
    let Some(sides) = Sides::of(study, folds) else { return Ok(None) };
    // One row an individual: its records have the same genotypes.
    let seen: BTreeSet<u32> =
        folds.iter().flat_map(|fold| fold.train.iter().chain(&fold.test)).copied().collect();
    let seen: Vec<u32> = seen.into_iter().collect();
    let rows: Vec<u32> = study.cohort.once(&seen).collect();
    let Some(genotypes) = standardised(study, &rows) else { return Ok(None) };
    let least = limit(&genotypes);
    let mut near = Near::default();
    for start in (0..rows.len()).step_by(BLOCK) {
        if progress.cancelled() {
            return Err(error::interrupted());
        }
        let own = genotypes.subrows(start, BLOCK.min(rows.len() - start));
        let others = genotypes.subrows(start, rows.len() - start);
        for (i, j, r) in products(own, others).filter(|(.., r)| *r >= least) {
            let [one, other] = [rows[start + i], rows[start + j]];
            if sides.part(individuals[one as usize] as usize, individuals[other as usize] as usize) {
                near.take(one, other, r);
            }
        }
    }
    Ok(near.told(study, genotypes.ncols()))
}

/// Bytes that looking for near-duplicates among so many samples takes: genotypes twice, and a block of products.
pub(super) fn bytes(samples: usize) -> usize {
    samples * (VARIANTS * (8 + 4) + BLOCK * 4)
}

/// Pairs that are parted: in a panel of clones there are as many as samples squared, so they are counted.
#[derive(Default)]
struct Near {
    pairs: usize,
    touched: BTreeSet<u32>,
    /// The nearest, the first of equals.
    nearest: Vec<(f32, u32, u32)>,
}

/// Pairs that are shown.
const SHOWN: usize = 3;

impl Near {
    fn take(&mut self, one: u32, other: u32, r: f32) {
        self.pairs += 1;
        self.touched.extend([one, other]);
        let after = self.nearest.partition_point(|(known, ..)| *known >= r);
        self.nearest.insert(after, (r, one, other));
        self.nearest.truncate(SHOWN);
    }

    fn told(&self, study: &Study<'_>, variants: usize) -> Option<Diagnostic> {
        let name = |row: &u32| &study.cohort.samples[*row as usize].individual;
        let shown =
            |(r, one, other): &(f32, u32, u32)| format!("`{}` and `{}` (r = {r:.3})", name(one), name(other));
        let shown: Vec<String> = self.nearest.iter().map(shown).collect();
        let found = error::near_duplicates(self.touched.len(), self.pairs, &shown, variants);
        (self.pairs > 0).then(|| found.at(study.spec.evaluate.span, "splits them"))
    }
}

/// Least correlation that is told: where the largest of as many pairs by chance is beyond it, that one.
///
/// The squares of all products of rows sum to those of all products of columns, which are few.
fn limit(genotypes: &Mat<f32>) -> f32 {
    let rows = genotypes.nrows() as f64;
    let products: Mat<f32> = genotypes.transpose() * genotypes;
    let places = (0..products.ncols()).flat_map(|j| (0..products.nrows()).map(move |i| (i, j)));
    let all: f64 = places.map(|place| f64::from(products[place]).powi(2)).sum();
    // Each row with itself is 1; what is left counts every pair twice.
    let pairs = (rows * (rows - 1.0) / 2.0).max(1.0);
    let mean = ((all - rows) / 2.0 / pairs).max(0.0);
    ((mean * 2.0 * libm::log(pairs)).sqrt() as f32).clamp(NEAR.0, NEAR.1)
}

/// Products of rows of norm 1, for pairs above the diagonal.
fn products(own: MatRef<'_, f32>, others: MatRef<'_, f32>) -> impl Iterator<Item = (usize, usize, f32)> {
    let product: Mat<f32> = own * others.transpose();
    let places = (0..others.nrows()).flat_map(move |j| (0..own.nrows().min(j)).map(move |i| (i, j)));
    places.map(move |(i, j)| (i, j, product[(i, j)]))
}

/// Genotypes `[rows × variants]`, each variant with mean 0 and SD 1, each row with norm 1; `None` where
/// too few variants differ.
fn standardised(study: &Study<'_>, rows: &[u32]) -> Option<Mat<f32>> {
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for (at, set) in study.sets.iter().enumerate() {
        let usable = &study.known.usable[at];
        let markers = MarkerSet { calls: &set.calls, rows: &study.cohort.rows_of_set[at], usable };
        let samples = markers.samples_of(rows);
        for (variant, mean, sd) in spread(&markers, &samples, VARIANTS.div_ceil(study.sets.len())) {
            let mut column = vec![0.0; rows.len()];
            markers.centred(variant, &samples, mean, 1.0 / sd, &mut column);
            columns.push(column);
        }
    }
    if columns.len() < FEWEST {
        return None;
    }
    let norm = |row: usize| columns.iter().map(|column| column[row] * column[row]).sum::<f64>().sqrt();
    let norms: Vec<f64> = (0..rows.len()).map(|row| norm(row).max(f64::MIN_POSITIVE)).collect();
    Some(Mat::from_fn(rows.len(), columns.len(), |i, j| (columns[j][i] / norms[i]) as f32))
}

/// Variants spread along a set, with mean and SD: of each few neighbours the one that differs most.
fn spread(markers: &MarkerSet<'_>, samples: &[usize], wanted: usize) -> Vec<(usize, f64, f64)> {
    let usable: Vec<usize> = (0..markers.calls.variants()).filter(|at| markers.usable[*at]).collect();
    let candidates = usable.len().min(wanted * NEIGHBOURS);
    let candidate = |k: usize| usable[k * usable.len() / candidates];
    let all: Vec<usize> = (0..candidates).map(candidate).collect();
    let best_of = |few: &[usize]| {
        let moments = few.iter().filter_map(|at| markers.moments(*at, samples).map(|m| (*at, m.mean, m.sd)));
        moments.max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)))
    };
    all.chunks(candidates.div_ceil(wanted).max(1)).filter_map(best_of).collect()
}

/// Whom each split tests, and whom it trains on.
struct Sides {
    /// `[folds][individuals]`: tested, trained on.
    of_folds: Vec<Vec<(bool, bool)>>,
}

impl Sides {
    /// `None` without a fold.
    fn of(study: &Study<'_>, folds: &[Fold]) -> Option<Self> {
        let (individuals, count) = (&study.cohort.individuals, study.cohort.individual_count());
        let of = |fold: &Fold| {
            let mut sides = vec![(false, false); count];
            fold.test.iter().for_each(|row| sides[individuals[*row as usize] as usize].0 = true);
            fold.train.iter().for_each(|row| sides[individuals[*row as usize] as usize].1 = true);
            sides
        };
        (!folds.is_empty()).then(|| Self { of_folds: folds.iter().map(of).collect() })
    }

    /// Whether some split tests one, whom it has not seen, and trains on the other.
    fn part(&self, one: usize, other: usize) -> bool {
        let apart = |tested: (bool, bool), trained: (bool, bool)| tested == (true, false) && trained.1;
        let parts = |fold: &Vec<(bool, bool)>| apart(fold[one], fold[other]) || apart(fold[other], fold[one]);
        self.of_folds.iter().any(parts)
    }
}
