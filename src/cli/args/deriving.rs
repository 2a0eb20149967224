//! Arguments of `prior`.

use clap::{Args, Subcommand};
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  binnc prior eqtl yeast.binn --table expression --out eqtl.tsv")]
pub(in crate::cli) struct Prior {
    /// Where the links come from.
    #[command(subcommand)]
    pub(in crate::cli) from: PriorFrom,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PriorFrom {
    /// Scan every variant for every measured column: which variants tell which genes.
    Eqtl(Eqtl),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc prior eqtl yeast.binn --table expression --out eqtl.tsv
  binnc prior eqtl maize.binn --table expression --pcs 5 --top 20 --clump 0.5 --out eqtl.tsv
  binnc prior eqtl maize.binn --table expression --p 1e-8 --samples train.txt --out eqtl.tsv

A column's values are regressed on one variant at a time, with an intercept and the components of
--pcs beside it; missing calls take the mean. Each column is scanned over the samples that have it.

Three files are written: the table (snp gene rank t negative_log10_p slope samples), the samples
that it was estimated on (eqtl.samples.txt), and how it was made (eqtl.json). In a spec it is

  prior eqtl from tsv \"eqtl.tsv\" : snp -> gene {
    source = \"snp\"  target = \"gene\"  samples = \"eqtl.samples.txt\"
  }

which refuses folds that predict one of those samples: links chosen with a sample flatter what is
predicted for it.")]
pub(in crate::cli) struct Eqtl {
    /// The spec, a `.binn` file; its priors need not be there yet.
    pub(in crate::cli) spec: PathBuf,
    /// Folder that the paths in the spec start from [default: the spec's own folder].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) data_root: Option<PathBuf>,
    /// Folder that imports may not leave [default: the nearest one above the spec with `.git`].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) root: Option<PathBuf>,
    /// The table whose columns are scanned, as the spec names it.
    #[arg(long, value_name = "T")]
    pub(in crate::cli) table: String,
    /// Scan the variants of this genotype set alone [default: of all sets].
    #[arg(long, value_name = "G")]
    pub(in crate::cli) genotypes: Option<String>,
    /// Keep so many variants of a column at most, by |t|.
    #[arg(long, value_name = "N", default_value = "20")]
    pub(in crate::cli) top: NonZeroUsize,
    /// Keep variants whose two-sided p is at most this.
    #[arg(long, value_name = "P", default_value = "1", value_parser = share)]
    pub(in crate::cli) p: f64,
    /// Pass over a variant whose r² with one already kept is above this, so that the list is no
    /// single locus [default: keep all].
    #[arg(long, value_name = "R2", value_parser = share)]
    pub(in crate::cli) clump: Option<f64>,
    /// Principal components of the genotypes beside the intercept. In crosses and segregants leave
    /// them out: there they are QTL.
    #[arg(long, value_name = "K", default_value = "0")]
    pub(in crate::cli) pcs: usize,
    /// Use the samples of this list alone, one IID a line [default: all with genotypes].
    #[arg(long, value_name = "F")]
    pub(in crate::cli) samples: Option<PathBuf>,
    /// The table to write; the other two files stand beside it.
    #[arg(long, value_name = "F")]
    pub(in crate::cli) out: PathBuf,
    /// How many threads [default: the processors that this process may use].
    #[arg(long, value_name = "N")]
    pub(in crate::cli) threads: Option<NonZeroUsize>,
}

/// A number above 0 and at most 1.
fn share(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "give a number such as 0.5 or 1e-6")?;
    if value > 0.0 && value <= 1.0 { Ok(value) } else { Err("give a number above 0 and at most 1".into()) }
}
