//! Arguments of `simulate`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  binnc simulate shoot-branching --out data/shoot --n 1000 --markers 1000 --seed 7

The files hold what `from simulate \"shoot_branching\"` with the same options holds in memory.")]
pub(in crate::cli) struct Simulate {
    /// What to simulate.
    pub(in crate::cli) what: Generator,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
    /// Base rates of two metabolites: narrow, around published values, or free.
    #[arg(long, default_value = "narrow")]
    pub(in crate::cli) variant: Variant,
    /// How many individuals.
    #[arg(long, default_value_t = 1000)]
    pub(in crate::cli) n: usize,
    /// How many markers, at least 40.
    #[arg(long, default_value_t = 1000)]
    pub(in crate::cli) markers: usize,
    /// Seed: the same options and seed give the same files.
    #[arg(long, default_value_t = 1)]
    pub(in crate::cli) seed: u64,
    /// How the effects of the QTN are drawn.
    #[arg(long, default_value = "equal")]
    pub(in crate::cli) effects: Effects,
    /// Noise on measured metabolites, as a share of the SD of each.
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub(in crate::cli) metabolite_noise: f64,
    /// Noise on the trait, as a share of its SD.
    #[arg(long, value_name = "SHARE", default_value_t = 0.10)]
    pub(in crate::cli) trait_noise: f64,
    /// Share of individuals whose metabolites are measured.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    pub(in crate::cli) measured: f64,
}

/// Generators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Generator {
    ShootBranching,
}

/// Forms of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Variant {
    Narrow,
    Free,
}

/// Draws of effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Effects {
    Equal,
    Normal,
    Random,
}
