//! GBLUP on real panels against known figures; runs where BINNC_TEST_DATA points.
//!
//! On given folds it agrees with `tests/fixtures/linear/panels.py` to five digits. Random
//! folds differ from seed to seed, so there means of six seeds agree within their spread.

#![expect(clippy::print_stderr, reason = "figures of real panels are shown")]

use crate::panels::Panel;
use binnc::language::diagnostics::Diagnostic;
use binnc::study::evaluate::baseline::gblup;
use binnc::study::evaluate::metrics::score;
use binnc::study::linear::blup::{Prediction, Trait};
use binnc::study::linear::design::Design;
use binnc::study::linear::dosage::MarkerSet;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

impl Panel {
    /// Pearson's r of each trait on `test`, trained on all other rows.
    fn accuracy(&self, traits: &[Vec<f64>], test: &[u32]) -> Vec<f64> {
        let rows: Vec<u32> = (0..self.ids.len() as u32).collect();
        let train: Vec<u32> = rows.iter().copied().filter(|row| !test.contains(row)).collect();
        let usable = vec![true; self.calls.variants()];
        let sets = [MarkerSet { calls: &self.calls, rows: &rows, usable: &usable }];
        let g = gblup::relationship(&sets, &train).expect("variants vary");
        let named: Vec<Trait<'_>> = traits.iter().map(|values| Trait { name: "trait", values }).collect();
        let fits = gblup::fit_predict(&g.matrix, &Design::intercept(rows.len()), &named, None, &train, test);
        let r = |(fit, y): (Result<Prediction, Diagnostic>, &Vec<f64>)| {
            let observed: Vec<f64> = test.iter().map(|&row| y[row as usize]).collect();
            score(&observed, &fit.expect("varies").predicted).pearson.expect("observed")
        };
        fits.into_iter().zip(traits).map(r).collect()
    }

    /// Means over five folds, the k-th of which leaves out rows k, k + 5, k + 10, …
    fn every_fifth_row(&self, traits: &[Vec<f64>]) -> Vec<f64> {
        let mut sums = vec![0.0; traits.len()];
        for fold in 0..5 {
            let test: Vec<u32> = (fold..self.ids.len() as u32).step_by(5).collect();
            let r = self.accuracy(traits, &test);
            sums.iter_mut().zip(r).for_each(|(sum, r)| *sum += r / 5.0);
        }
        sums
    }

    /// Means over six seeds of five folds.
    fn five_folds(&self, traits: &[Vec<f64>]) -> Vec<f64> {
        let mut sums = vec![0.0; traits.len()];
        for seed in 1..=6 {
            let mut rows: Vec<u32> = (0..self.ids.len() as u32).collect();
            rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
            for fold in 0..5 {
                let test: Vec<u32> = rows.iter().copied().skip(fold).step_by(5).collect();
                let r = self.accuracy(traits, &test);
                sums.iter_mut().zip(r).for_each(|(sum, r)| *sum += r / 30.0);
            }
        }
        sums
    }
}

fn near(what: &str, got: &[f64], wanted: &[f64], tolerance: f64) {
    eprintln!("{what}: {got:.3?}, expected {wanted:?}");
    for (got, wanted) in got.iter().zip(wanted) {
        assert!((got - wanted).abs() <= tolerance, "{what}: {got} is not within {tolerance} of {wanted}");
    }
}

const MAIZE: [&str; 3] = ["anthesis.mean", "grain.yield.mean", "plant.height.mean"];
const YEAST: [&str; 3] = ["LEU_score", "URA_score", "MAT_score"];

#[test]
fn maize_five_folds() {
    let Some(maize) = Panel::open("maize") else { return };
    let traits = MAIZE.map(|name| maize.numbers("pheno.tsv", name));
    near("maize, every fifth row", &maize.every_fifth_row(&traits), &[0.742088, 0.782163, 0.368147], 1e-5);
    let got = maize.five_folds(&traits);
    near("maize, anthesis and yield", &got[..2], &[0.742, 0.783], 0.02);
    // the SD of one seed is 0.04
    near("maize, plant height", &got[2..], &[0.431], 0.04);
}

/// In alphabetical order of the group left out.
#[test]
fn maize_leave_one_group_out() {
    let Some(maize) = Panel::open("maize") else { return };
    let traits = [MAIZE[0], MAIZE[1]].map(|name| maize.numbers("pheno.tsv", name));
    let groups = maize.column("groups.tsv", "geneticGroup");
    let of = |group: &str| -> Vec<f64> {
        let test: Vec<u32> = (0..groups.len() as u32).filter(|&row| groups[row as usize] == group).collect();
        maize.accuracy(&traits, &test)
    };
    let got = ["Iodent", "Lancaster", "Other", "Stiff_Stalk"].map(of);
    let (anthesis, yields) = (got.each_ref().map(|r| r[0]), got.each_ref().map(|r| r[1]));
    near("anthesis, group left out", &anthesis, &[0.797026, 0.795382, 0.561119, 0.698449], 1e-5);
    near("yield, group left out", &yields, &[0.752814, 0.702077, 0.39322, 0.753505], 1e-5);
    near("anthesis, published", &anthesis, &[0.80, 0.80, 0.56, 0.70], 0.02);
    near("yield, published", &yields, &[0.75, 0.70, 0.39, 0.75], 0.02);
}

/// Means of sixty seeds by independent code: a mean of six has an SD of 0.018, 0.014, 0.019.
#[test]
fn yeast_five_folds() {
    let Some(yeast) = Panel::open("yeast") else { return };
    let traits = YEAST.map(|name| yeast.numbers("pheno_derived.tsv", name));
    near("yeast, every fifth row", &yeast.every_fifth_row(&traits), &[0.60841, 0.623953, 0.47145], 1e-5);
    near("yeast", &yeast.five_folds(&traits), &[0.628, 0.671, 0.477], 0.03);
}
