//! Arguments of `report`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc report runs/maize
  binnc explain runs/maize --bfile data/geno --method integrated-gradients --out parts.tsv
  binnc report runs/maize --explained parts.tsv --out maize.html

Writes one HTML file that opens in any browser, offline: the run in sentences, accuracy by
fold beside what it is compared with, observed against predicted, what the predictions rest
on, nodes beside their measurements, training curves, tables that can be searched, and how to
run it again. A table of `explain` that has variants adds a chart along the genome.

Every chart can be saved as SVG and as TSV. Ids of individuals are left out unless asked for.")]
pub(in crate::cli) struct Report {
    /// A run folder, such as runs/maize.
    pub(in crate::cli) run: PathBuf,
    /// Write the page to this file [default: report.html in the run folder].
    #[arg(long, value_name = "F")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// A table that `binnc explain` wrote for this run; may be given several times.
    #[arg(long, value_name = "F")]
    pub(in crate::cli) explained: Vec<PathBuf>,
    /// Put ids of individuals into the page.
    #[arg(long)]
    pub(in crate::cli) sample_ids: bool,
}
