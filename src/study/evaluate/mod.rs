//! Accuracy on rows the model has not seen.
//!
//! [`run`] is the one way in: every fold is prepared on its training rows, every method
//! predicts the same test rows, and the final network is fitted on all rows. Fits run side by
//! side; where there are fewer fits than threads, each shares out its steps. Results are the same
//! at any number of threads.

pub mod baseline;
mod choice;
pub mod classes;
mod compiled;
mod crew;
mod cross_validate;
mod dense;
mod differences;
mod error;
mod forecast;
mod inside;
mod keeping;
pub mod metrics;
mod network;
mod nulls;
mod outcome;
mod polygenic;
mod prepare;
mod related;
mod rows;
mod scoring;
mod stack;
mod trainer;
mod weights;

pub use crew::Crew;
pub use cross_validate::run;
pub use differences::{Difference, Judged, compared_by};
pub use forecast::{Counts, Forecast, Short};
pub use inside::{BranchRow, Inside, NodeRow};
pub use keeping::{Checkpoints, FitKey};
pub use network::{FitSeed, NetworkFit, fit_network};
pub use nulls::{Bootstrap, check_nulls, nulls};
pub use outcome::{
    FINAL, FitRecord, FittedFold, FittedNetwork, Method, MetricRow, Outcome, Polygenic, PredictionRow,
};
pub use polygenic::linear_network;
pub use prepare::{Prepared, prepare};
pub use rows::{eligible, eligible_rows, groups_of_scheme};
pub use stack::{Share, share_of_gblup};

use crate::compiler::graph::Known;
use crate::compiler::plan::Plan;
use crate::data::{Cohort, GenotypeSet};
use crate::language::spec::Spec;

/// Everything that an evaluation reads.
#[derive(Clone, Copy, Debug)]
pub struct Study<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// The compiled network.
    pub plan: &'a Plan,
    /// Samples joined with tables.
    pub cohort: &'a Cohort,
    /// Genotype sets with calls.
    pub sets: &'a [GenotypeSet],
    /// What the spec was resolved against, and is again where links are learnt.
    pub known: Known<'a>,
}

/// Who looks on while fits run.
pub trait Progress: Sync {
    /// This many fits are to be run.
    fn planned(&self, fits: usize);
    /// Links were learnt for so many of some training parts, before anything is fitted to them.
    fn learnt(&self, done: usize, all: usize);
    /// One of the fits is over.
    fn finished(&self, fit: &str);
    /// Whether to stop as soon as possible.
    fn cancelled(&self) -> bool;
    /// Who keeps fits, where somebody does.
    fn checkpoints(&self) -> Option<&dyn Checkpoints> {
        None
    }
}

/// Nobody looks on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn planned(&self, _: usize) {}
    fn learnt(&self, _: usize, _: usize) {}
    fn finished(&self, _: &str) {}
    fn cancelled(&self) -> bool {
        false
    }
}
