//! How much memory a run will take at most, before it runs, and how many fits that allows at once.
//!
//! What is counted: what stands before any fit (names, graph, tables), packed calls in the order of
//! variants and once a plan in the order of samples, relationships of the linear methods, the fits
//! that run at once, their results, and the model file that is being written.

use super::Crew;
use super::baseline::fcn;
use super::{inside, related};
use crate::compiler::plan::{Cost, Plan};
use crate::data::{self, Cohort};
use crate::language::spec::{Baseline, ColumnRef, Scenario, Scheme, Spec};
use crate::study::derive::concrete::learns;
use serde::{Deserialize, Serialize};

/// Bytes of the program itself.
const PROGRAM: usize = 8_000_000;
/// Bytes of the program that are first touched by fits.
const TOUCHED_LATER: usize = 8_000_000;
/// Bytes of a thread: its stack, and what its part of the heap holds beside arrays that are counted.
const THREAD: usize = 3_000_000;
/// Bytes of a variant's names, in each of its places.
const VARIANT: usize = 620;
/// Bytes of an input in a plan with its name.
const INPUT: usize = 200;
/// Bytes of a node in graph and plan.
const NODE: usize = 900;
/// Bytes of an edge in priors, graph and plan.
const EDGE: usize = 120;
/// Bytes of a sample with its names and table cells, besides one number a column.
const SAMPLE: usize = 600;
/// Bytes of an input's scale, and of what a fold keeps beside it.
const SCALE: usize = 56;
/// Bytes that GBLUP and offsets, and another baseline, keep of a sample and trait.
const GBLUP_FIT: usize = 48;
const BASELINE_FIT: usize = 16;
/// Bytes of a prediction and of its line in the table.
const PREDICTED: usize = 240;
/// Variants that relationships decode at a time.
const DECODED: usize = 512;
/// Squares of training rows that a decomposition holds.
const DECOMPOSED: usize = 5;
/// Bytes of an input and of an edge while a model file is written: the model, its header twice, the
/// text and the tensors.
const WRITTEN: (usize, usize) = (2000, 24);

/// Bytes of an epoch of a fit.
const EPOCH: usize = 56;

/// Seconds that a decomposition takes, by the cube of its samples: measured at 1,200 and 2,400 on one core of the
/// machine of bench/RESULTS.md, where it grows a little faster.
const DECOMPOSITION: f64 = 3.5e-10;

/// What a run will take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The network.
    pub own: Cost,
    /// The dense baseline.
    pub dense: Option<Cost>,
    /// Networks of its own that the run fits.
    pub fits: usize,
    /// Bytes that stand before the first fit, calls left out.
    pub held: usize,
    /// Bytes of the calls as they are in the files.
    pub calls: usize,
    /// Bytes of the calls sample by sample, in the order of each plan's nodes.
    pub turned: usize,
    /// Bytes of the results of all fits.
    pub results: usize,
    /// Folds.
    pub folds: usize,
    /// Bytes of the linear methods on the training part of a fold.
    pub preparing: usize,
    /// Samples whose relationships are decomposed for each fold; 0 where no method needs any.
    pub decomposed: usize,
    /// Bytes of the linear methods on all samples, which are prepared alone.
    pub preparing_all: usize,
    /// Bytes of one fit.
    pub fitting: usize,
    /// Bytes of one fit of the dense baseline; 0 without it.
    pub fitting_dense: usize,
    /// Bytes of a model file while it is written.
    pub writing: usize,
    /// Bytes that were held at some time before.
    pub reached: usize,
}

/// Counts that a plan does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Variants of all genotype sets.
    pub variants: usize,
    /// Bytes of packed calls of all genotype sets.
    pub calls: usize,
    /// Genotyped samples of all sets.
    pub genotyped: usize,
    /// Nodes of the graph.
    pub nodes: usize,
    /// Edges of the graph.
    pub edges: usize,
}

/// The work that does not fit, and what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// Bytes that the run needs with one fit at a time.
    pub needed: usize,
}

impl Forecast {
    /// With importances under a null: relationships of all samples and their decomposition stand while networks are
    /// fitted to draws.
    #[must_use]
    pub fn with_nulls(mut self, samples: usize) -> Self {
        let square = 8 * samples * samples;
        self.preparing_all = self.preparing_all.max((1 + DECOMPOSED) * square);
        self.held += square;
        self.decomposed = samples;
        self
    }

    /// Seconds that decomposing the relationships of one fold takes, by the order of magnitude.
    #[must_use]
    pub fn decomposition_seconds(&self) -> f64 {
        DECOMPOSITION * (self.decomposed as f64).powi(3)
    }

    /// What a run of a plan will take.
    #[must_use]
    pub fn of(spec: &Spec, plan: &Plan, cohort: &Cohort, counts: Counts) -> Self {
        let samples = cohort.samples.len();
        let batch = spec.train.batch.unwrap_or(samples).clamp(1, samples.max(1));
        let traits: usize = plan.heads.iter().map(|head| head.traits.len()).sum();
        let own = Cost::of(plan, batch);
        let wants = |baseline| spec.evaluate.baselines.contains(&baseline);
        let dense = wants(Baseline::Fcn)
            .then(|| Cost::of_layers(counts.variants, &fcn::HIDDEN, traits.max(1), batch));
        let folds = folds(&spec.evaluate.scheme, cohort);
        // Where inner folds have a say, each unit has so many parts, and each may be tried several times.
        let inner = if spec.is_stacked() || spec.chooses() { spec.evaluate.inner } else { 1 };
        let tried = spec.supervises.iter().map(|item| item.choices.len()).max().unwrap_or(0).max(1);
        // A learning curve fits every fold once more for each size.
        let curve = 1 + spec.evaluate.train_sizes.len();
        let fits = (folds * curve + 1) * inner * (spec.train.ensemble + tried - 1);
        // Parts of a model file, and what effects of variants take beside them.
        let kept = if spec.is_stacked() { inner } else { 1 };
        let effects = if spec.is_stacked() { 8 * (3 + traits) * counts.variants } else { 0 };
        // Learnt links have calls of their own in each part.
        let masters = if learns(spec) { folds.max(1) * inner } else { 1 };
        let dense_fits = folds * curve * (fcn::candidates().len() + spec.train.ensemble - 1);
        let of_dense = |bytes: &dyn Fn(&Cost) -> usize| dense.as_ref().map_or(0, bytes);
        let targets: usize =
            4 * samples * (traits + plan.supervisions.iter().map(|item| item.latents.len()).sum::<usize>());
        let floats = |cost: &Cost| 4 * cost.parameters;
        let of_fold = |cost: &Cost| SCALE * cost.inputs;
        let fixed = spec.predicts.iter().any(|predict| !predict.fixed.is_empty());
        // Besides G, the most that any baseline has at a time: a kernel, and with dominance D too.
        let beside = [
            (Baseline::Ridge, 1),
            (Baseline::Rkhs, 2),
            (Baseline::GblupDominance, 2),
            (Baseline::GblupEnvironment, 2),
        ];
        let beside = beside.into_iter().filter(|(baseline, _)| wants(*baseline)).map(|(_, count)| count);
        let needs_g = [
            Baseline::Gblup,
            Baseline::GblupDominance,
            Baseline::GblupEnvironment,
            Baseline::Rkhs,
            Baseline::ElasticNet,
        ];
        let needs_g = fixed || spec.is_stacked() || needs_g.into_iter().any(wants);
        let kernels = usize::from(needs_g) + beside.max().unwrap_or(0);
        // Copies of alleles as numbers, and standardised on every inner part and the whole; a forest's are as they are.
        let copies = match (wants(Baseline::ElasticNet), wants(Baseline::Forest)) {
            (true, _) => Some(spec.evaluate.inner + 1),
            // Tables that grow by a record at a time hold up to twice as much.
            (false, true) => Some(2),
            (false, false) => None,
        };
        let columns =
            |trained: usize| copies.map_or(0, |times| 8 * counts.variants * (samples + times * trained));
        // A relationship is summed in a square of its own before it is divided.
        let preparing = |trained: usize| {
            let square = 8 * samples * samples;
            let decomposed = (DECOMPOSED * 8 * trained * trained).max(square + 8 * DECODED * samples);
            if kernels == 0 { columns(trained) } else { kernels * square + decomposed.max(columns(trained)) }
        };
        let fits_kept = GBLUP_FIT + BASELINE_FIT * spec.evaluate.baselines.len();
        let parts = folds * inner * (2 * counts.variants + fits_kept * samples * traits.max(1));
        let repeats = match spec.evaluate.scheme {
            Scheme::KFold { repeats, .. } | Scheme::Environments { repeats, .. } => repeats,
            _ => 1,
        };
        // The model, its networks alone where it is stacked, and the baselines.
        let methods = 2 + spec.evaluate.baselines.len();
        let predicted = PREDICTED * repeats * samples * traits * methods;
        Self {
            fits,
            held: PROGRAM
                + VARIANT * counts.variants
                + INPUT * own.inputs
                + NODE * counts.nodes
                + EDGE * counts.edges
                + samples * (SAMPLE + 16 * cohort_columns(spec)),
            calls: counts.calls,
            turned: masters * (own.calls_by_sample(counts.genotyped) + 8 * own.stored)
                + of_dense(&|cost| cost.calls_by_sample(counts.genotyped))
                + of_dense(&|cost| 8 * cost.stored),
            results: parts
                + EPOCH * spec.train.epochs * (fits + dense_fits)
                + predicted
                + (folds + 1) * effects
                + fits * floats(&own)
                + (folds + 1) * inner * of_fold(&own)
                + of_dense(&|cost| {
                    // The dense plan with its names, its folds' scales, and every candidate until one is chosen.
                    dense_fits * floats(cost) + folds * of_fold(cost) + (VARIANT + INPUT) * cost.inputs
                }),
            folds,
            preparing: preparing(trained(&spec.evaluate.scheme, samples)),
            decomposed: if kernels == 0 { 0 } else { trained(&spec.evaluate.scheme, samples) },
            preparing_all: preparing(samples).max(related::bytes(samples)).max(inside::bytes(plan)),
            fitting: own.fit_bytes() + targets,
            fitting_dense: of_dense(&|cost| cost.fit_bytes() + targets),
            writing: kept
                * (WRITTEN.0 * own.inputs
                    + WRITTEN.1 * own.edges.all()
                    + NODE * own.maps
                    + spec.train.ensemble * 3 * floats(&own))
                + if spec.is_stacked() { WRITTEN.0 * counts.variants } else { 0 },
            reached: 0,
            own,
            dense,
        }
    }

    /// Bytes that stand whatever runs: what is held, threads, calls in both orders, results.
    #[must_use]
    pub fn standing(&self, threads: usize) -> usize {
        self.held + TOUCHED_LATER + threads * THREAD + self.calls + self.turned + self.results
    }

    /// The same for a process that is known to hold so many bytes, calls among them, and to have held
    /// so many at most.
    #[must_use]
    pub fn with_held(self, now: usize, most: usize) -> Self {
        Self { held: now.saturating_sub(self.calls), reached: most, ..self }
    }

    /// Most bytes of a run with such a crew.
    #[must_use]
    pub fn peak(&self, crew: &Crew) -> usize {
        let at_once = |most: usize, bytes: usize| most.min(crew.threads).max(1) * bytes;
        let working = [
            self.preparing_all,
            at_once(crew.preparing.min(self.folds), self.preparing),
            at_once(crew.fitting.min(self.fits), self.fitting),
            at_once(crew.fitting_dense, self.fitting_dense),
        ];
        // Calls in the order of samples are gone when models are written. What fits beside the first took
        // stays with the heaps of their threads, which the writer does not use.
        let kept = at_once(crew.fitting.min(self.fits), self.fitting) - self.fitting;
        let standing = self.standing(crew.threads);
        let busy = standing + working.into_iter().max().unwrap_or(0);
        busy.max(standing - self.turned + kept + self.writing).max(self.reached)
    }

    /// A crew of so many threads that stays within so many bytes: fewer fits at once, each with more
    /// threads.
    ///
    /// # Errors
    /// Where even one fit at a time takes more.
    pub fn crew(&self, threads: usize, allowed: usize) -> Result<Crew, Short> {
        let needed = self.peak(&Crew { preparing: 1, fitting: 1, fitting_dense: 1, ..Crew::of(threads) });
        if needed > allowed {
            return Err(Short { needed });
        }
        let room = allowed.saturating_sub(self.standing(threads));
        let most = |bytes: usize| room.checked_div(bytes).unwrap_or(threads).clamp(1, threads.max(1));
        let [preparing, fitting, fitting_dense] =
            [self.preparing, self.fitting, self.fitting_dense].map(most);
        let crew = |fitting| Crew { preparing, fitting, fitting_dense, ..Crew::of(threads) };
        // What fits leave to the writer's time may be too much where their work is not.
        let fits = (1..=fitting).rev().find(|fits| self.peak(&crew(*fits)) <= allowed);
        Ok(crew(fits.unwrap_or(1)))
    }

    /// Where most of the memory goes, largest first: bytes and what they are for.
    #[must_use]
    pub fn parts(&self) -> Vec<(usize, &'static str)> {
        let mut parts = vec![
            (self.held, "names, graph and tables"),
            (self.calls + self.turned, "packed genotypes"),
            (self.results, "results of all fits"),
            (self.preparing_all, "relationships of all samples, for baselines and fixed effects"),
            (self.fitting, "a fit: parameters, moments and activations of a batch"),
            (self.fitting_dense, "a fit of the baseline `fcn`"),
            (self.writing, "a model file while it is written"),
        ];
        parts.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
        parts
    }
}

/// How many folds a scheme has.
fn folds(scheme: &Scheme, cohort: &Cohort) -> usize {
    let levels = |column: &ColumnRef| data::levels(cohort, column).map_or(1, |(names, _)| names.len());
    match scheme {
        Scheme::KFold { folds, repeats, .. } => folds * repeats,
        Scheme::Environments { scenario, environment, folds, repeats } => match scenario {
            Scenario::Cv1 | Scenario::Cv2 => folds * repeats,
            Scenario::Cv0 => levels(environment),
            Scenario::Cv00 => folds * levels(environment),
        },
        Scheme::LeaveOut(column) | Scheme::Folds(column) => levels(column),
        Scheme::Holdout { .. } => 1,
        Scheme::None => 0,
    }
}

/// Most training samples of a fold.
fn trained(scheme: &Scheme, samples: usize) -> usize {
    match scheme {
        Scheme::KFold { folds, group: None, .. } => samples - samples / folds,
        Scheme::Holdout { fraction } => samples - (*fraction * samples as f64) as usize,
        _ => samples,
    }
}

fn cohort_columns(spec: &Spec) -> usize {
    spec.tables.iter().map(|table| table.columns.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: usize = 1_000_000;

    fn forecast() -> Forecast {
        Forecast {
            own: Cost::default(),
            dense: None,
            fits: 6,
            held: 20 * MB - TOUCHED_LATER - 4 * THREAD,
            calls: 10 * MB,
            turned: 10 * MB,
            results: 5 * MB,
            folds: 5,
            preparing: 8 * MB,
            decomposed: 0,
            preparing_all: 10 * MB,
            fitting: 30 * MB,
            fitting_dense: 0,
            writing: 12 * MB,
            reached: 0,
        }
    }

    #[test]
    fn fits_at_once_follow_from_what_is_allowed() {
        let forecast = forecast();
        let crew = |allowed: usize| forecast.crew(4, allowed * MB);
        let fitting = |allowed: usize| crew(allowed).map(|crew| (crew.preparing, crew.fitting));
        assert_eq!(fitting(1000), Ok((4, 4)));
        assert_eq!(fitting(164), Ok((4, 3)));
        assert_eq!(fitting(75), Ok((3, 1)));
        assert_eq!(fitting(74), Err(Short { needed: 75 * MB }));
        for allowed in [75, 100, 105, 130, 164, 165, 400] {
            let crew = crew(allowed).expect("it fits");
            assert!(forecast.peak(&crew) <= allowed * MB, "{allowed}");
        }
        assert_eq!(forecast.peak(&Crew::of(4)), (45 + 4 * 30) * MB);
    }

    #[test]
    fn a_large_model_file_is_counted() {
        // What was measured: 4.9 s at 2,400 samples.
        let decomposing = Forecast { decomposed: 2_400, ..forecast() }.decomposition_seconds();
        assert!((4.0..6.0).contains(&decomposing), "{decomposing}");
        let large = Forecast { writing: 500 * MB, ..forecast() };
        assert_eq!(large.peak(&Crew { fitting: 1, ..Crew::of(4) }), 535 * MB);
        assert_eq!(large.peak(&Crew::of(4)), (535 + 3 * 30) * MB);
        let crew = large.crew(4, 600 * MB).expect("three fits leave 60 MB to the writer");
        assert_eq!((crew.fitting, large.peak(&crew)), (3, 595 * MB));
        assert_eq!(large.parts()[0], (500 * MB, "a model file while it is written"));
    }
}
