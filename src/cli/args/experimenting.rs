//! Arguments of `experiment`.

use super::Running;
use crate::cli::experiment::Axis;
use crate::language::spec::Metric;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc experiment specs/experiments/measured.binn --vary measured=100%,50%,10%
  binnc experiment specs/experiments/permuted_links.binn --vary share=0%,50%,100% --over seed=1..10
  binnc experiment panel.binn --set reach=50kb --vary units=4,8,16 --metric spearman

What is varied are constants of the spec (`let NAME = VALUE`). Every combination is a run with a folder of
its own below --out; one that is there already is not run again, so the same command goes on where it was
stopped. The table shows the mean over folds for each combination of what --vary names, and mean ± SD over
what --over names. experiment.tsv holds every measure of every run.")]
pub(in crate::cli) struct Experiment {
    #[command(flatten)]
    pub(in crate::cli) how: Running,
    /// The folder of all runs and of experiment.tsv [default: experiments/SPEC].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// A constant and the values that it takes, such as share=0%,50%,100% or seed=1..10.
    #[arg(long, value_name = "NAME=VALUES", required = true, value_parser = Axis::parse)]
    pub(in crate::cli) vary: Vec<Axis>,
    /// A constant over whose values runs are averaged, such as a seed.
    #[arg(long, value_name = "NAME=VALUES", value_parser = Axis::parse)]
    pub(in crate::cli) over: Vec<Axis>,
    /// The measure that is shown, by its name in metrics.tsv.
    #[arg(long, value_name = "METRIC", default_value = "pearson", value_parser = metric)]
    pub(in crate::cli) metric: Metric,
}

fn metric(name: &str) -> Result<Metric, String> {
    let known = Metric::ALL.into_iter().find(|metric| metric.name() == name);
    known.ok_or_else(|| format!("known: {}", Metric::ALL.map(Metric::name).join(", ")))
}
