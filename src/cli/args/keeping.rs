//! Arguments of the commands that keep a project: lock; and of those
//! that help with binnc itself: completions, man.

use clap::Args;
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
