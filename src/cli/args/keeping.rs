//! Arguments of the commands that start a project and keep it: new, lock, diff; and of those
//! that help with binnc itself: completions, man.

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc lock panel.binn                       write panel.lock: commit it beside the spec
  binnc lock specs/*.binn --data-root ~/data
  binnc lock panel.binn --check               say whether it still fits
  binnc lock panel.binn --update go           accept the new file of `go`, and say what it changes

A lock holds size and BLAKE3 digest of every file that a spec reads, what each prior says, and the
digests of graph and plan. `check`, `compile` and `run` compare it and warn (W0803); with --locked
they fail (E0801, E0802).

Exit codes: 0 done; 1 under --check, a lock does not fit; others as for the codes of the findings.")]
pub(in crate::cli) struct Lock {
    /// The specs.
    #[arg(required = true, value_name = "SPEC")]
    pub(in crate::cli) specs: Vec<PathBuf>,
    /// Folder that the paths in the specs start from [default: each spec's own folder].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) data_root: Option<PathBuf>,
    /// Write nothing; say whether the lock fits.
    #[arg(long, conflicts_with_all = ["update", "with_genotypes"])]
    pub(in crate::cli) check: bool,
    /// Refresh the files of this source alone, and print what that changes.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) update: Option<String>,
    /// Lock the calls (.bed) too, not only the lists of variants and samples.
    #[arg(long)]
    pub(in crate::cli) with_genotypes: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc diff before/panel.binn after/panel.binn
  binnc diff before after --format markdown      for a pull request; each folder holds one spec
  binnc diff panel.binn panel.binn --old-data-root reactome-84 --new-data-root reactome-85

Graphs are compared by the names of nodes and edges, and need no genotype calls. Where the lists of
variants or samples are not there, the specs and their priors alone are compared, and it says so.

Exit codes: 0 equal, 1 different; others as for the codes of the findings.")]
pub(in crate::cli) struct Diff {
    /// The spec before, or the folder that holds it.
    pub(in crate::cli) old: PathBuf,
    /// The spec after, or the folder that holds it.
    pub(in crate::cli) new: PathBuf,
    /// Folder that the old spec's paths start from [default: its own folder].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) old_data_root: Option<PathBuf>,
    /// Folder that the new spec's paths start from [default: its own folder].
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) new_data_root: Option<PathBuf>,
    /// How the difference is printed.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: DiffFormat,
    /// The most names of each kind that are printed [default: 20; all in JSON].
    #[arg(long, value_name = "N")]
    pub(in crate::cli) limit: Option<usize>,
}

/// Forms of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DiffFormat {
    /// For a terminal.
    Text,
    /// For programs; docs/lock-and-diff.md describes it.
    Json,
    /// For the comment of a pull request.
    Markdown,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc new first && binnc run first/first.binn
  binnc new maize --bfile data/maize --pheno data/pheno.tsv

The first writes a folder with a commented spec, a small simulated population to run it on, gene
positions, gene sets, and a recipe for CI. The second reads the headers of your own files and writes
a spec for them, in which comments say what was guessed; it copies no data.")]
pub(in crate::cli) struct New {
    /// The project's folder, which is made; its last part becomes the model's name.
    pub(in crate::cli) name: PathBuf,
    /// Your genotypes, P.bed, P.bim and P.fam.
    #[arg(long, value_name = "P", requires = "pheno")]
    pub(in crate::cli) bfile: Option<PathBuf>,
    /// Your table of traits: a row an individual, tab or comma between columns.
    #[arg(long, value_name = "TABLE", requires = "bfile")]
    pub(in crate::cli) pheno: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc completions bash > ~/.local/share/bash-completion/completions/binnc
  binnc completions zsh > ~/.zfunc/_binnc
  binnc completions fish > ~/.config/fish/completions/binnc.fish")]
pub(in crate::cli) struct Completions {
    /// The shell.
    pub(in crate::cli) shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  binnc man | man -l -
  binnc man --out ~/.local/share/man/man1")]
pub(in crate::cli) struct Man {
    /// Write a page a command into this folder, instead of printing the page of binnc.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
}
