//! Arguments of `prior`.

use clap::{Args, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Example: genes that tell a trait, and the variants that tell those genes
  binnc prior select yeast.binn --table expression --target score.LEU_score --out genes.tsv
  binnc prior eqtl yeast.binn --table expression --columns genes.tsv --out eqtl.tsv")]
pub(in crate::cli) struct Prior {
    /// Where the links come from.
    #[command(subcommand)]
    pub(in crate::cli) from: PriorFrom,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PriorFrom {
    /// Scan every variant for every measured column: which variants tell which genes.
    Eqtl(Eqtl),
    /// Select the measured columns that tell a trait, by an elastic net.
    Select(Select),
}

/// What is derived from, and where it goes.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Measurements {
    /// The spec, a `.binn` file; its priors need not be there yet.
    pub(in crate::cli) spec: PathBuf,
    /// Folder that the paths in the spec start from [default: the spec's own folder].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) data_root: Option<PathBuf>,
    /// Folder that imports may not leave [default: the nearest one above the spec with `.git`].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) root: Option<PathBuf>,
    /// The table whose columns were measured, as the spec names it.
    #[arg(long, value_name = "T")]
    pub(in crate::cli) table: String,
    /// Use the samples of this list alone, one IID a line [default: all with genotypes and a number
    /// in the table].
    #[arg(long, value_name = "F")]
    pub(in crate::cli) samples: Option<PathBuf>,
    /// The table to write; the other two files stand beside it.
    #[arg(long, value_name = "F")]
    pub(in crate::cli) out: PathBuf,
    /// How many threads [default: the processors that this process may use].
    #[arg(long, value_name = "N")]
    pub(in crate::cli) threads: Option<NonZeroUsize>,
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
    #[command(flatten)]
    pub(in crate::cli) from: Measurements,
    /// Scan the columns that this table names in its column `gene`, such as `prior select` writes; the
    /// samples that they were selected on are added to the list [default: all that hold numbers].
    #[arg(long, value_name = "F")]
    pub(in crate::cli) columns: Option<PathBuf>,
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
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc prior select yeast.binn --table expression --target score.LEU_score --out genes.tsv
  binnc prior select maize.binn --table expression --target pheno.yield --rule 1se \\
    --samples train.txt --out genes.tsv

The trait is regressed on all columns at once, each with mean 0 and SD 1, missing values at the mean:
(1/2n)·|y - Xb|² + a·(R·|b|₁ + (1 - R)/2·|b|²) with R of --l1-ratio is minimised for 100 penalties a,
and a is chosen by inner folds. Kept are the columns whose b is not 0.

Three files are written: the table (gene coefficient), the samples that it was estimated on
(genes.samples.txt), and how it was made, with the error at each penalty (genes.json).")]
pub(in crate::cli) struct Select {
    #[command(flatten)]
    pub(in crate::cli) from: Measurements,
    /// The trait, as TABLE.COLUMN.
    #[arg(long, value_name = "T.C")]
    pub(in crate::cli) target: String,
    /// How much of the penalty is the lasso's, above 0 and at most 1.
    #[arg(long, value_name = "R", default_value = "0.1", value_parser = share)]
    pub(in crate::cli) l1_ratio: f64,
    /// Inner folds.
    #[arg(long, value_name = "K", default_value = "5", value_parser = clap::value_parser!(u64).range(2..=1000))]
    pub(in crate::cli) folds: u64,
    /// Seed of the inner folds.
    #[arg(long, value_name = "S", default_value = "1")]
    pub(in crate::cli) seed: u64,
    /// Take the penalty of the least error, or the largest within one standard error of it.
    #[arg(long, value_name = "RULE", default_value = "min")]
    pub(in crate::cli) rule: SelectRule,
}

/// Which penalty is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SelectRule {
    #[value(name = "min")]
    Least,
    #[value(name = "1se")]
    OneStandardError,
}

/// A number above 0 and at most 1.
fn share(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "give a number such as 0.5 or 1e-6")?;
    if value > 0.0 && value <= 1.0 { Ok(value) } else { Err("give a number above 0 and at most 1".into()) }
}
