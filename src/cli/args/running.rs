//! Arguments of `run`, most of which `experiment` takes too.

use super::{Caching, Input, Pinning, size};
use clap::{Args, value_parser};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Draws that tell a mean and an SD.
const FEWEST_NULLS: u64 = 5;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc run specs/shoot_branching.binn
  binnc run specs/panels/maize.binn --data-root ~/data --out runs/maize
  binnc run my_panel.binn --threads 4 --seed 3
  binnc run my_panel.binn --memory 8GB
  binnc run my_panel.binn --nulls 20

The run folder holds model.safetensors, metrics.tsv, differences.tsv, predictions.tsv, coverage.tsv,
folds.tsv, one folder a fitted fold, run.json and run.log. The same command again goes on with a run that was
cut off, and is \"already complete\" for one that was not; results do not depend on --threads or --memory,
nor on where a run was cut off.")]
pub(in crate::cli) struct Run {
    #[command(flatten)]
    pub(in crate::cli) how: Running,
    /// The run folder [default: runs/MODEL, MODEL being the name in the spec].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Fit all folds again to N draws of the traits from GBLUP, under which no variant matters more than
    /// another, and give every node a p and q beside its importance. 20 tell what stands out; each takes
    /// about as long as the networks of the folds.
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(FEWEST_NULLS..))]
    pub(in crate::cli) nulls: Option<u64>,
    /// Go on with a run that was cut off. This is what the same command does anyway; scripts may say so.
    #[arg(long, conflicts_with = "force")]
    pub(in crate::cli) resume: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds, such as 30".to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|why| why.to_string())
}

/// How a spec is run, wherever its results go.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Running {
    #[command(flatten)]
    pub(in crate::cli) input: Input,
    /// How many threads [default: SLURM_CPUS_PER_TASK, else the processors that this process may use].
    #[arg(long, value_name = "N")]
    pub(in crate::cli) threads: Option<NonZeroUsize>,
    /// Most memory, such as 800MB or 4GB: fewer fits run side by side, and a run that needs more with
    /// one at a time is refused [default: what the machine has, which is not refused but warned of].
    #[arg(long, value_name = "SIZE", value_parser = size::bytes)]
    pub(in crate::cli) memory: Option<u64>,
    #[command(flatten)]
    pub(in crate::cli) pinning: Pinning,
    /// Train with this seed instead of the spec's; recorded in run.json.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) seed: Option<u64>,
    /// Fail unless the spec and its files are those of the lock beside the spec.
    #[arg(long)]
    pub(in crate::cli) locked: bool,
    #[command(flatten)]
    pub(in crate::cli) caching: Caching,
    /// Seconds after which networks under way are kept, so that a run that is cut off goes on from there.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(in crate::cli) checkpoint_every: Duration,
    /// Replace a run that stands in the folder.
    #[arg(long)]
    pub(in crate::cli) force: bool,
}
