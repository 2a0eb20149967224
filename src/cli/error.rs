//! The wording of what goes wrong at the console and in folders of runs, one constructor a code.

use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::source::Span;
use std::fmt::Display;
use std::path::Path;

/// A file that could not be written, as a finding.
pub(super) fn cannot_write(path: &Path, why: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::E0901, format!("cannot write `{}`: {why}", path.display()))
        .help("check that the folder exists, that you may write there, and that the disk has room; earlier files are intact")
}

/// E0904: what the folder holds cannot be told.
pub(super) fn run_unreadable(file: &Path, why: &dyn Display) -> Diagnostic {
    Diagnostic::new(Code::E0904, format!("`{}` cannot be read: {why}", file.display()))
        .help("give another `--out`, or `--force` to replace what is there")
}

/// E0301: a folder without a finished run.
pub(super) fn run_unfinished(run: &Path) -> Diagnostic {
    let message = format!("`{}` holds no finished run: it has no `run.json`", run.display());
    Diagnostic::new(Code::E0301, message).help("run the spec again, or give another folder")
}

/// E0103: a constant that is to take two values at once.
pub(super) fn constant_varied_twice(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0103, format!("`{name}` is given twice among `--set`, `--vary` and `--over`"))
        .help("name each constant once")
}

/// E0904: the folder holds another run.
pub(super) fn in_use(out: &Path) -> Diagnostic {
    Diagnostic::new(Code::E0904, format!("`{}` holds another run", out.display()))
        .note("its spec, data or version of binnc differ from this one's")
        .help("give another `--out`, or `--force` to replace what is there")
}

/// E0905: the wish to stop came before all samples were scored.
pub(super) fn interrupted_scoring() -> Diagnostic {
    Diagnostic::new(Code::E0905, "interrupted before all samples were predicted")
        .help("start the same command again; nothing was written")
}

/// E0905: the wish to stop came before all models were looked at.
pub(super) fn interrupted_explaining() -> Diagnostic {
    Diagnostic::new(Code::E0905, "interrupted before all models were looked at")
        .help("start the same command again; nothing was written")
}

/// E0306: hardly any sample to look at a network with.
pub(super) fn too_few_to_explain(of_folds: bool, fewest: usize) -> Diagnostic {
    if of_folds {
        let message = format!("no fold of the run tests {fewest} or more of the samples in the genotypes");
        return Diagnostic::new(Code::E0306, message)
            .help("give with `--bfile` the genotypes on which the spec was run, with the same sample ids");
    }
    Diagnostic::new(Code::E0306, format!("the genotypes have fewer than {fewest} samples"))
        .help("a node's spread needs some: give genotypes of more samples")
}

/// E0301: a table of a run, or of what was made of it.
pub(super) fn table_unreadable(path: &Path, why: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot read the table `{}`: {why}", path.display()))
        .help("give a finished run folder, and tables that `binnc explain --out` wrote")
}

/// E0302: a table that is not one of `explain`, or one of another run.
pub(super) fn no_explained(path: &Path, why: &dyn std::fmt::Display) -> Diagnostic {
    let message = format!("`{}` is no table that `binnc explain` wrote for this run: {why}", path.display());
    Diagnostic::new(Code::E0302, message).help("write one with `binnc explain RUN --bfile P --out F`")
}

/// E0113: DeepLIFT where units of a node are normalised together.
pub(super) fn no_secants(node: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0113,
        format!("`--method deeplift` where units are normalised together, as in `{node}`, is not in this version of binnc"),
    )
    .help("take `--method integrated-gradients`, which adds up as well")
}

/// E0113: the graph of links that training rows decide on.
pub(super) fn learnt_by_fold(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0113, "a graph that holds for all folds: this spec's links are learnt in each")
        .at(span, "learnt on training rows")
        .help("`binnc run` writes what each fold has learnt to `links.tsv` and `selected.tsv`; without `--emit` and `-o`, the largest possible sizes are shown")
}
