//! Wording of what `new` can find wrong.

use crate::language::diagnostics::{Code, Diagnostic, listed};

/// E0906: the folder holds something.
pub(super) fn not_empty(folder: &str) -> Diagnostic {
    Diagnostic::new(Code::E0906, format!("`{folder}` is there already and is not empty"))
        .help("give a name that is free: nothing is overwritten")
}

/// E0105: a path that ends in no name, such as `..`.
pub(super) fn no_name(folder: &str) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{folder}` ends in no name for the project"))
        .help("give a name such as `first`")
}

/// E0313: no column with the individuals of the genotypes.
pub(super) fn no_key(table: &str, fam: &str, individuals: &[&str]) -> Diagnostic {
    Diagnostic::new(Code::E0313, format!("no column of `{table}` holds individuals of `{fam}`"))
        .note(format!("individuals with genotypes are {}", listed(individuals, 3)))
        .help("see that both name individuals alike: case, leading zeros and prefixes count")
}

/// E0303: nothing to predict.
pub(super) fn no_trait(table: &str) -> Diagnostic {
    Diagnostic::new(Code::E0303, format!("`{table}` has no column of numbers that could be a trait"))
        .help("a trait is a column of numbers; texts that mean \"not measured\" are empty, `NA` or `.`")
}
