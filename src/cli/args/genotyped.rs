//! Arguments of commands that put a model on genotypes.

use super::Pinning;
use clap::Args;
use std::num::NonZeroUsize;

#[derive(Debug, Args)]
pub(in crate::cli) struct Genotyped {
    /// Genotypes P.bed, P.bim, P.fam; NAME=P where the model reads several sets, once for each.
    #[arg(long, value_name = "P", required = true)]
    pub(in crate::cli) bfile: Vec<String>,
    /// How many threads [default: the processors that this process may use].
    #[arg(long, value_name = "N")]
    pub(in crate::cli) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(in crate::cli) pinning: Pinning,
    /// Take variants with other alleles as missing, instead of refusing them.
    #[arg(long)]
    pub(in crate::cli) allow_mismatch: bool,
}
