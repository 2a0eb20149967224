//! Arguments of `diagnose`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc diagnose runs/maize
  binnc diagnose runs/maize --message-format json

Reads the tables of a finished run and names what looks wrong, each with what it means and what to
do: a network below its linear baselines, or without a share beside GBLUP; training that was cut
off, learnt by heart or found nothing; seeds that disagree; latents that do not follow their
measurements; dead and saturated units; nodes of one input; layers that add nothing. The page of
each code states its rule: `binnc rule W1001`.

Exit codes: 0 no sign of trouble, 1 signs of trouble, 3 no finished run, 2 its tables cannot be read.")]
pub(in crate::cli) struct Diagnose {
    /// A run folder, such as runs/maize.
    pub(in crate::cli) run: PathBuf,
}
