//! Wording of what `diff` itself can find wrong.

use crate::language::diagnostics::{Code, Diagnostic, listed};

/// E0301: a folder without a spec.
pub(super) fn no_spec(folder: &str) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("the folder `{folder}` holds no spec"))
        .help("give a folder with one `.binn` file in it, or the spec itself")
}

/// E0203: a folder with several.
pub(super) fn several_specs(folder: &str, specs: &[String]) -> Diagnostic {
    Diagnostic::new(Code::E0203, format!("the folder `{folder}` holds {} specs", specs.len()))
        .note(format!("they are {}", listed(specs, 5)))
        .help(format!("give one of them, such as `{folder}/{}`", specs[0]))
}
