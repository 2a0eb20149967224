//! Arguments of `explain`.

use super::Genotyped;
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc explain runs/maize --bfile data/geno
  binnc explain runs/maize --bfile data/geno --top 20 --out importance.tsv
  binnc explain runs/maize/model.safetensors --bfile candidates

Each node is clamped at its mean plus and minus so many SDs over the samples, and everything
behind it computed anew: the score is how far the mean prediction moves, in units of the trait.
Of a run folder every network of every fold is looked at, on the samples that its fold tests, and
scores are averaged; a network without the node gives it 0. Nodes are ranked within their layer.

A score says what the network uses, not what acts in the organism: genes that lie near each other
share their variants, and a layer above another carries what comes from below.")]
pub(in crate::cli) struct Explain {
    /// A run folder, such as runs/maize, or a model file.
    pub(in crate::cli) run: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) genotyped: Genotyped,
    /// Write the table of all nodes to this file; the first of each layer are shown either way.
    #[arg(long, value_name = "F")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// SDs to either side at which nodes are clamped.
    #[arg(long, value_name = "A", default_value_t = 2.0, value_parser = deviations)]
    pub(in crate::cli) deviations: f64,
    /// Nodes of each layer that are shown.
    #[arg(long, value_name = "N", default_value = "10")]
    pub(in crate::cli) top: NonZeroUsize,
}

fn deviations(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value.is_finite() => Ok(value),
        _ => Err("give a number above 0, such as 2".to_string()),
    }
}
