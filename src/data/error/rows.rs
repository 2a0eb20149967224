//! Wording: joins of samples, and splits into folds.

use super::{Found, counted};
use crate::data::cohort::JoinReport;
use crate::language::diagnostics::{Code, Diagnostic, listed};
use crate::language::spec::ColumnRef;

/// A table that names by individual id alone what stands in two families.
pub fn individual_ambiguous(table: &str, found: Found) -> Diagnostic {
    let message = format!(
        "{} of table `{table}` could be more than one genotyped sample",
        counted(found.total, "record")
    );
    found
        .on(Diagnostic::new(Code::E0304, message))
        .help("add a column `FID` to the table and write `key = [FID, IID]`")
}

/// Two sources without a common sample.
pub fn no_shared_sample(report: &JoinReport, hint: Option<String>) -> Diagnostic {
    let JoinReport { left, right, .. } = report;
    let message = format!("`{left}` and `{right}` share no sample");
    let found =
        Diagnostic::new(Code::E0313, message).note(side(left, report.only_left, &report.left_examples));
    let found = found.note(side(right, report.only_right, &report.right_examples));
    match hint {
        Some(hint) => found.note(hint).help("write the ids alike in both files, as text"),
        None => found.help("check that both files are of the same samples, and which column is the `key`"),
    }
}

/// Samples that one side of a join has alone.
pub fn samples_unmatched(report: &JoinReport, stay: bool, hint: Option<String>) -> Diagnostic {
    let JoinReport { left, right, matched, only_left, only_right, .. } = report;
    let message = format!(
        "`{left}` and `{right}` share {}; {only_left} stand in `{left}` alone, {only_right} in `{right}` alone",
        counted(*matched, "sample")
    );
    let mut found = Diagnostic::new(Code::W0314, message);
    if *only_left > 0 {
        let fate = if stay { "kept, with missing values" } else { "left out" };
        found = found.note(format!("{}: {fate}", side(left, *only_left, &report.left_examples)));
    }
    if *only_right > 0 {
        found = found.note(format!("{}: left out", side(right, *only_right, &report.right_examples)));
    }
    match hint {
        Some(hint) => found.note(hint).help("write the ids alike in both files, as text"),
        None => found,
    }
}

fn side(name: &str, count: usize, examples: &[String]) -> String {
    match examples {
        [] => format!("`{name}` alone has no sample"),
        _ => format!("`{name}` alone has {}, such as {}", counted(count, "sample"), listed(examples, 3)),
    }
}

/// A column that a split asks for and no joined table has.
pub fn column_not_joined(column: &ColumnRef) -> Diagnostic {
    Diagnostic::new(Code::E0303, format!("no table of the cohort has the column `{}`", column.column))
        .at(column.span, "asked for here")
        .help("declare the column in its table")
}

/// Fewer groups than folds.
pub fn too_few_groups(column: &str, groups: usize, folds: usize) -> Diagnostic {
    let message = format!("`{column}` has {} for {folds} folds", counted(groups, "group"));
    Diagnostic::new(Code::E0705, message)
        .note("groups are counted among samples with genotypes and an observed trait")
        .help(if groups < 2 {
            "split without `group`".into()
        } else {
            format!("ask for at most {groups} folds")
        })
}

/// Fewer samples than folds.
pub fn too_few_samples(samples: usize, folds: usize) -> Diagnostic {
    let message =
        format!("{} with genotypes and an observed trait for {folds} folds", counted(samples, "sample"));
    Diagnostic::new(Code::E0705, message).help(if samples < 2 {
        "check the joins above: nothing is left to split".into()
    } else {
        format!("ask for at most {samples} folds")
    })
}

/// Why there may be fewer groups than levels.
pub const LEVELS_JOINED: &str =
    "levels that share an individual are one group, since its records stay together; `leave_out` parts them";

/// A column with fewer than two levels to split by.
pub fn too_few_levels(column: &str, levels: usize) -> Diagnostic {
    let message = format!("`{column}` has {} among the samples; a split needs two", counted(levels, "level"));
    Diagnostic::new(Code::E0705, message).help("name a column with at least two levels, or use `kfold(5)`")
}

/// Rows that `folds(T.column)` gives no fold.
pub fn fold_missing(column: &str, found: Found) -> Diagnostic {
    without_level("fold", column, found)
}

/// Rows that `leave_out(T.column)` would train on in every fold and never predict.
pub fn group_missing(column: &str, found: Found) -> Diagnostic {
    without_level("group", column, found)
}

/// Records of which the environment is not known.
pub fn environment_missing(column: &str, found: Found) -> Diagnostic {
    let what =
        if found.total == 1 { "1 record has".to_string() } else { format!("{} records have", found.total) };
    let message = format!("{what} an observed trait but no environment in `{column}`");
    found
        .on(Diagnostic::new(Code::E0707, message))
        .help("fill the column in, or leave these records out of the table")
}

/// A scenario that no record meets.
pub fn nothing_to_test(column: &str) -> Diagnostic {
    let message =
        format!("no individual has records in two levels of `{column}`, or no other is there to train on");
    Diagnostic::new(Code::E0705, message)
        .help("write `records = repeated` in the table, with one record an individual and environment, or use `kfold(5)`")
}

/// W0708: records that no fold tests.
pub fn never_tested(found: Found, records: usize) -> Diagnostic {
    let message = format!("{} of {records} records are trained on and never tested", found.total);
    found.on(Diagnostic::new(Code::W0708, message)).help(
        "their individuals were in one environment alone, so they were never seen elsewhere; `cv1` tests them as new individuals",
    )
}

fn without_level(what: &str, column: &str, found: Found) -> Diagnostic {
    let message = format!(
        "{} an observed trait but no {what} in `{column}`",
        match found.total {
            1 => "1 sample has".to_string(),
            many => format!("{many} samples have"),
        }
    );
    found
        .on(Diagnostic::new(Code::E0707, message))
        .help(format!("give each of them a {what}, or leave their trait missing"))
}
