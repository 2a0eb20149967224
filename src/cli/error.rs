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
pub(super) fn run_unfinished(run: &Path, was_begun: bool) -> Diagnostic {
    let message = format!("`{}` holds no finished run: it has no `run.json`", run.display());
    let help = if was_begun {
        "a run was begun there: the command that began it goes on with it"
    } else {
        "run the spec again, or give another folder"
    };
    Diagnostic::new(Code::E0301, message).help(help)
}

/// E0904: a file of a run was changed.
pub(super) fn not_as_written(path: &Path, written: &str, found: &str) -> Diagnostic {
    let message = format!("`{}` is not as the run wrote it", path.display());
    Diagnostic::new(Code::E0904, message)
        .note(format!(
            "its digest is {}…, and `run.json` says {}…",
            &found[..12],
            written.get(..12).unwrap_or(written)
        ))
        .help("run the spec again with `--force`; edit a copy of the table rather than the table itself")
}

/// E0904: a run that waits to be put in place does not say what it is made of.
pub(super) fn waits_without_files(record: &Path) -> Diagnostic {
    Diagnostic::new(Code::E0904, format!("`{}` does not name the files of its run", record.display()))
        .note("it should hold a run that was cut off while it was put in place; nothing was moved or removed")
        .help("delete the folder `.binnc-new` and run the spec again")
}

/// E0904: two processes in one folder.
pub(super) fn held_by_another(out: &Path, process: &str) -> Diagnostic {
    let who = if process.is_empty() { "another process".to_string() } else { format!("process {process}") };
    Diagnostic::new(Code::E0904, format!("{who} is running in `{}`", out.display())).help(
        "wait until it has finished, or give another `--out`; `--force` does not replace a run under way",
    )
}

/// E0808: a checkpoint that is damaged, as is the one before it where there is one.
pub(super) fn damaged_checkpoints(files: &[&Path]) -> Diagnostic {
    let names: Vec<String> = files.iter().map(|file| format!("`{}`", file.display())).collect();
    let names = names.join(" and ");
    let (message, help) = if files.len() == 1 {
        (
            format!("the checkpoint {names} is damaged"),
            "delete that file: the same command then fits again what was in it, and nothing else",
        )
    } else {
        (
            format!("the checkpoints {names} are damaged"),
            "delete these files: the same command then fits again what was in them, and nothing else",
        )
    };
    Diagnostic::new(Code::E0808, message)
        .note("bytes were cut off or have changed, so what was kept there is lost")
        .help(help)
}

/// E0901: checkpoints that could not be written time and again.
pub(super) fn checkpoints_given_up(why: Diagnostic, folder: &Path) -> Diagnostic {
    why.note(format!("checkpoints failed several times in a row, so the run stopped; the last good ones are in `{}`", folder.display()))
        .help("make room, or see that the folder may be written to, and give the same command again: it goes on from there")
}

/// E0103: a constant that is to take two values at once.
pub(super) fn constant_varied_twice(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0103, format!("`{name}` is given twice among `--set`, `--vary` and `--over`"))
        .help("name each constant once")
}

/// E0904: the folder holds another run.
pub(super) fn in_use(out: &Path, finished: bool, differs: &[String]) -> Diagnostic {
    let kind = if finished { "another run" } else { "another run, which is not finished" };
    let shown: Vec<&str> = differs.iter().map(String::as_str).collect();
    let differs = if shown.is_empty() { "the order of its inputs".to_string() } else { listed_plain(&shown) };
    Diagnostic::new(Code::E0904, format!("`{}` holds {kind}", out.display()))
        .note(format!("it differs from this one in {differs}"))
        .help("give another `--out`, or `--force` to replace what is there")
}

/// Some of a list, in words.
fn listed_plain(all: &[&str]) -> String {
    const SHOWN: usize = 4;
    let text = all[..all.len().min(SHOWN)].join(", ");
    if all.len() > SHOWN { format!("{text} and {} more", all.len() - SHOWN) } else { text }
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
