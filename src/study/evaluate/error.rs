//! Wording of what can go wrong while accuracy is measured.

use crate::data::Fold;
use crate::language::diagnostics::{Code, Diagnostic, listed};

/// Says in which fold something was found.
pub fn in_fold(diagnostic: Diagnostic, fold: Option<&Fold>) -> Diagnostic {
    match fold {
        Some(Fold { repeat, fold, label: Some(label), .. }) => {
            diagnostic.note(format!("in repeat {repeat}, fold {fold} (`{label}` left out)"))
        }
        Some(Fold { repeat, fold, label: None, .. }) => {
            diagnostic.note(format!("in repeat {repeat}, fold {fold}"))
        }
        None => diagnostic.note("in the final fit on all rows"),
    }
}

/// E0808: a checkpoint that is whole and holds no fit.
pub fn checkpoint_of_another_build() -> Diagnostic {
    Diagnostic::new(Code::E0808, "a checkpoint of this run was written by another build of binnc")
        .help("delete the folder `checkpoints` in the run folder and give the same command again")
}

/// E0609: a trait that no sample with genotypes has.
pub fn never_observed(name: &str, samples: usize) -> Diagnostic {
    Diagnostic::new(Code::E0609, format!("trait `{name}` is missing in all {samples} genotyped samples"))
        .help("check the column, its missing codes, and that the table's samples are those of the genotypes")
}

/// E0903: nobody to train on.
pub fn no_rows(samples: usize, traits: &[&str]) -> Diagnostic {
    let traits = listed(traits, 5);
    Diagnostic::new(Code::E0903, format!("none of {samples} genotyped samples has a value of {traits}"))
        .help("check the table's key, its columns and its missing codes")
}

/// E0903: the only trait has one value.
pub fn only_trait_constant(name: &str, value: f64) -> Diagnostic {
    Diagnostic::new(
        Code::E0903,
        format!("trait `{name}` is {value} in every sample, and nothing else is predicted"),
    )
    .help("predict a trait that differs between samples")
}

/// E0607: one class of a binary trait is missing in a training part.
pub fn class_missing(name: &str, value: f64, rows: usize) -> Diagnostic {
    let (only, other) = if value == 0.0 { ("controls", "case") } else { ("cases", "control") };
    Diagnostic::new(
        Code::E0607,
        format!("all {rows} training rows of `{name}` are {only}, there is no {other}"),
    )
    .help("use fewer folds, or balance them: `kfold(5, stratify = T.COLUMN)`")
}

/// E0506: the system gives no more threads.
pub fn no_more_threads(threads: usize, why: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Code::E0506, format!("cannot start {threads} threads: {why}"))
        .help("give fewer `--threads`")
}

/// E0905: the wish to stop came before a fit.
pub fn interrupted() -> Diagnostic {
    Diagnostic::new(Code::E0905, "interrupted before training")
        .help("start the same command again: it goes on where it stopped, and ends with the same result")
}

/// E0106: a null without anybody on whom nodes are looked at.
pub fn no_folds_for_nulls() -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "`--nulls` needs folds: nodes are clamped on individuals that networks did not see",
    )
    .help("write for example `evaluate kfold(5)`, or leave `--nulls` out")
}

/// E0113: a null of several traits, which share more than relatives.
pub fn no_null_of_several() -> Diagnostic {
    let message = "importances of several traits under a null are not in this version of binnc";
    Diagnostic::new(Code::E0113, message)
        .note("traits would be drawn one by one, and networks that share nodes between them would look too good")
        .help("write a spec for each trait, or leave `--nulls` out")
}

/// E0113: a null beside what explains the trait without being part of it.
pub fn no_null_beside(column: &str, why: &str) -> Diagnostic {
    let message = format!("importances under a null where `{column}` {why} are not in this version of binnc");
    Diagnostic::new(Code::E0113, message)
        .note("what the column explains would be drawn as noise, and nothing would stand out")
        .help(format!("give `fixed = [T.{column}]` in the place of it, or leave `--nulls` out"))
}

/// E0113: a null of a trait that is no number on a scale of its own.
pub fn no_null_of(name: &str) -> Diagnostic {
    let message = format!(
        "importances under a null of `{name}`, which is not continuous, are not in this version of binnc"
    );
    Diagnostic::new(Code::E0113, message)
        .help("leave `--nulls` out, or predict the continuous traits by a spec of their own")
}

/// E0113: record weights that not all predicted traits share.
pub fn weights_of_one_table(table: &str) -> Diagnostic {
    let message = format!(
        "record weights of table `{table}` beside traits of other tables are not in this version of binnc"
    );
    Diagnostic::new(Code::E0113, message)
        .help("put the traits into one table with one `weight`, or predict them by specs of their own")
}

/// W0703: nothing that was learnt reaches a trait.
pub fn nothing_learnt(name: &str, places: &[String]) -> Diagnostic {
    let shown = listed(places, 5);
    Diagnostic::new(Code::W0703, format!("nothing that was learnt tells `{name}` in {shown}"))
        .note("its network is the mean of the trait there, and what it predicts is constant")
        .help("more training samples, a smaller `l1_ratio`, or links that are known beforehand")
}

/// W0704: one group alone to judge the share of networks by.
pub fn one_group(places: &[String]) -> Diagnostic {
    let message = format!("the training samples of each of {} are one group", listed(places, 5));
    Diagnostic::new(Code::W0704, message)
        .note("of one group there is no standard error, so networks have no share and GBLUP predicts alone")
        .help("leave `polygenic` out, or use folds that train on two groups at least")
}

/// E0705: a size of a learning curve that some fold does not reach.
pub fn size_too_large(size: usize, least: usize) -> Diagnostic {
    let message =
        format!("`train_size` asks for {size} training samples, and a fold has no more than {least}");
    Diagnostic::new(Code::E0705, message)
        .help("give smaller sizes: all training samples of a fold are always fitted too")
}

/// W0706: samples whose near-duplicates are on the other side of a split; `shown` are some of so many pairs.
pub fn near_duplicates(samples: usize, pairs: usize, shown: &[String], variants: usize) -> Diagnostic {
    let of_pairs = if pairs == 1 { "a pair".to_string() } else { format!("{pairs} pairs") };
    let message = format!(
        "{samples} samples are near-duplicates in {of_pairs} of which one is trained on and the other tested"
    );
    let more = match pairs - shown.len() {
        0 => String::new(),
        more => format!("; and {more} pairs more"),
    };
    Diagnostic::new(Code::W0706, message)
        .note(format!("over {variants} variants: {}{more}", shown.join("; ")))
        .note("what a model remembers of one then counts as skill for the other")
        .help("keep them together by `kfold(5, group = T.COLUMN)`, or leave one of each out")
}
