//! The shoot-branching benchmark: error of the shipped spec beside a fully connected network.
//!
//! The first N samples of a population are trained on, as measured; the next 1,000 are
//! predicted and compared with their time to outgrowth without noise. Errors are mean squares
//! in units of the variance of that truth over the 1,000.

#![expect(clippy::print_stderr, reason = "a proof shows its table")]

use std::path::Path;

use binnc::compiler::plan::Plan;
use binnc::data::simulate;
use binnc::engine::model::{Preprocessing, estimate, score_members};
use binnc::engine::network::Parameters;
use binnc::io::MemoryWorld;
use binnc::language::spec::{Baseline, Optimizer, SimulateVariant, Spec};
use binnc::study::evaluate::baseline::fcn;
use binnc::study::evaluate::{FitSeed, NetworkFit, Prepared, Quiet, Study, fit_network, prepare};
use rayon::prelude::*;

use crate::setting;

const SHIPPED: &str = include_str!("../../specs/shoot_branching.binn");
const SIZES: [usize; 4] = [100, 200, 400, 800];
const SEEDS: std::ops::RangeInclusive<u64> = 1..=10;
pub const TEST: usize = 1000;

/// Errors of the methods on one population.
#[derive(Clone, Copy, Debug)]
struct Errors {
    binn: f64,
    unsupervised: f64,
    fcn: f64,
    gblup: f64,
    ridge: f64,
}

/// The shipped spec on another population.
pub fn population(variant: SimulateVariant, seed: u64, train: usize) -> Spec {
    let mut spec = setting::spec(SHIPPED);
    let options = spec.genotypes[0].simulate.as_mut().expect("the shipped spec simulates");
    (options.variant, options.seed, options.samples) = (variant, seed, train + TEST);
    spec.evaluate.baselines = vec![Baseline::Gblup, Baseline::Ridge];
    spec
}

/// One population, all methods.
#[derive(Clone, Copy)]
pub struct Trial<'a> {
    pub study: Study<'a>,
    pub part: &'a Prepared,
    pub train: &'a [u32],
    pub test: &'a [u32],
    pub truth: &'a [f64],
}

impl Trial<'_> {
    pub fn members(&self, spec: &Spec, plan: &Plan, scales: &Preprocessing) -> Vec<NetworkFit> {
        (0..spec.train.ensemble).map(|member| self.fit(spec, plan, scales, member)).collect()
    }

    fn fit(&self, spec: &Spec, plan: &Plan, scales: &Preprocessing, member: usize) -> NetworkFit {
        let study = Study { spec, ..self.study };
        let scales = (scales, self.part.offsets.as_slice());
        let seed = FitSeed { repeat: 1, fold: 1, inner: 0, member };
        fit_network(&study, plan, scales, self.train, seed, &Quiet).expect("the network is fitted")
    }

    /// Mean squared error of what the networks predict, in units of the truth's variance.
    pub fn error_of(&self, plan: &Plan, scales: &Preprocessing, members: &[Parameters<f32>]) -> f64 {
        let Study { cohort, sets, .. } = self.study;
        let columns = scales.columns(plan, cohort);
        let inputs = scales.input_data(plan, cohort, sets, &columns);
        self.error(&score_members(plan, scales, members, &inputs, self.test)[0].mean)
    }

    fn error(&self, predicted: &[f64]) -> f64 {
        let mean = self.truth.iter().sum::<f64>() / TEST as f64;
        let square = |a: f64, b: f64| (a - b) * (a - b);
        let missed: f64 = predicted.iter().zip(self.truth).map(|(f, y)| square(*f, *y)).sum();
        missed / self.truth.iter().map(|y| square(*y, mean)).sum::<f64>()
    }

    fn linear(&self, all: &[f64]) -> f64 {
        self.error(&self.test.iter().map(|row| all[*row as usize]).collect::<Vec<_>>())
    }

    pub fn binn(&self, plan: &Plan) -> f64 {
        let scales = self.scales(plan);
        let fits = self.members(self.study.spec, plan, &scales);
        self.error_of(plan, &scales, &parameters(fits))
    }

    /// The best of six settings by its loss on the validation rows, with as many members.
    fn fcn(&self) -> f64 {
        let plan = fcn::plan(&self.study).expect("the dense network compiles");
        let scales = self.scales(&plan);
        let with = |optimizer: Optimizer| {
            let mut spec = self.study.spec.clone();
            spec.train.optimizer = optimizer;
            spec
        };
        let tried: Vec<f64> = fcn::candidates()
            .into_iter()
            .map(|candidate| self.fit(&with(candidate), &plan, &scales, 0).validation)
            .collect();
        let best = (0..tried.len()).min_by(|a, b| tried[*a].total_cmp(&tried[*b])).expect("six settings");
        let fits = self.members(&with(fcn::candidates()[best]), &plan, &scales);
        self.error_of(&plan, &scales, &parameters(fits))
    }

    pub fn scales(&self, plan: &Plan) -> Preprocessing {
        let Study { spec, cohort, sets, .. } = self.study;
        estimate(spec, plan, cohort, sets, &self.part.usable, self.train)
    }
}

pub fn parameters(fits: Vec<NetworkFit>) -> Vec<Parameters<f32>> {
    fits.into_iter().map(|fit| fit.parameters).collect()
}

fn errors(variant: SimulateVariant, seed: u64, train: usize) -> Errors {
    let spec = population(variant, seed, train);
    let options = spec.genotypes[0].simulate.clone().expect("simulates");
    let made = simulate::shoot_branching(&options).expect("simulates");
    let truth = &made.traits["outgrowth_true"][train..];
    let mut unsupervised = spec.clone();
    unsupervised.supervises.clear();
    let [soft, hard] =
        [spec, unsupervised].map(|spec| setting::loaded(&MemoryWorld::default(), spec, Path::new(".")));
    let study = setting::study(&soft);
    let rows: Vec<u32> = (0..(train + TEST) as u32).collect();
    let (train, test) = rows.split_at(train);
    let part = &prepare(&study, train, None, &Quiet).expect("the training rows are sound");
    let trial = Trial { study, part, train, test, truth };
    Errors {
        binn: trial.binn(&soft.plan),
        unsupervised: Trial { study: setting::study(&hard), ..trial }.binn(&hard.plan),
        fcn: trial.fcn(),
        gblup: trial.linear(&part.gblup[0].as_ref().expect("was asked for").predicted),
        ridge: trial.linear(&part.baselines[0].1[0].as_ref().expect("was asked for").predicted),
    }
}

/// Runs all populations of a variant, shows the table, and gives the errors by size.
fn table(variant: SimulateVariant) -> Vec<Vec<Errors>> {
    let cases: Vec<(usize, u64)> =
        SIZES.iter().flat_map(|size| SEEDS.map(move |seed| (*size, seed))).collect();
    let found: Vec<Errors> = setting::pool()
        .install(|| cases.par_iter().map(|(size, seed)| errors(variant, *seed, *size)).collect());
    let by_size: Vec<Vec<Errors>> = found.chunks(SEEDS.count()).map(<[Errors]>::to_vec).collect();
    eprintln!("{variant:?}: mean squared error ± SD over ten populations, in units of var(T)");
    eprintln!("    N  binn             unsupervised     fcn              gblup            ridge");
    for (size, errors) in SIZES.iter().zip(&by_size) {
        let cells = METHODS.map(|method| {
            let (mean, sd) = setting::mean_sd(&errors.iter().map(method).collect::<Vec<_>>());
            format!("{mean:.4} ± {sd:.4}")
        });
        eprintln!("{size:>5}  {}", cells.join("  "));
    }
    for (size, errors) in SIZES.iter().zip(&by_size) {
        eprintln!("{size:>5}  {errors:.4?}");
    }
    by_size
}

const METHODS: [fn(&Errors) -> f64; 5] =
    [|e| e.binn, |e| e.unsupervised, |e| e.fcn, |e| e.gblup, |e| e.ridge];

/// Below the fully connected network at every size, and at this share of it with 400 samples.
fn holds(variant: SimulateVariant, share_at_400: f64) {
    let mut missed = Vec::new();
    for (size, errors) in SIZES.iter().zip(table(variant)) {
        let mean =
            |method: fn(&Errors) -> f64| setting::mean_sd(&errors.iter().map(method).collect::<Vec<_>>()).0;
        let share = mean(|e| e.binn) / mean(|e| e.fcn);
        let bound = if *size == 400 { share_at_400 } else { 1.0 };
        if share >= bound {
            missed
                .push(format!("N = {size}: {share:.3} of the fully connected network, wanted below {bound}"));
        }
    }
    assert!(missed.is_empty(), "{variant:?}: {}", missed.join("; "));
}

#[test]
fn narrow_beats_a_fully_connected_network() {
    holds(SimulateVariant::Narrow, 0.20);
}

#[test]
fn free_beats_a_fully_connected_network() {
    holds(SimulateVariant::Free, 0.25);
}
