//! Wording of what can be wrong with an `import`.
//!
//! The label is the path as written.

use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::source::Span;

/// E0301: an imported file that cannot be read.
pub fn unreadable(name: &str, why: &std::io::Error, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot read the imported file `{name}`: {why}"))
        .at(span, "imported here")
        .help("paths of imports start at the folder of the file that imports")
}

/// E0301: something that is no regular file.
pub fn no_file(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("`{name}` is not a file"))
        .at(span, "imported here")
        .help("import a `.binn` or `.yaml` file")
}

/// E0101: an imported file that is not text.
pub fn not_utf8(name: &str, byte: usize, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, format!("the imported file `{name}` is not UTF-8 text: see byte {byte}"))
        .at(span, "imported here")
        .help(format!("if it is Latin-1, convert it: `iconv -f LATIN1 -t UTF-8 {name}`"))
}

/// E0109: a file that imports itself. `cycle` begins and ends with the same file.
pub fn cycle(cycle: &[String], span: Span) -> Diagnostic {
    let message = match cycle.len() {
        0..=2 => format!("`{}` imports itself", cycle[0]),
        3 => format!("`{}` imports itself through another file", cycle[0]),
        length => format!("`{}` imports itself through {} other files", cycle[0], length - 2),
    };
    Diagnostic::new(Code::E0109, message)
        .at(span, "this import closes the cycle")
        .note(format!("the cycle is {}", cycle.join(" -> ")))
        .help("move what both files need into a third file, and import that")
}

/// E0111: imports of imports without an end in sight.
pub fn too_deep(limit: usize, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0111, format!("imports are nested more than {limit} deep"))
        .at(span, "one too deep")
        .help("import the files that are needed directly")
}

/// E0111: too many or too large imported files.
pub fn too_many(files: usize, megabytes: u64, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0111,
        format!("a spec may import {files} files of {megabytes} MB together, and this one goes beyond"),
    )
    .at(span, "not read, and nothing after it")
    .help("move long lists of edges to files that a `prior` reads")
}

/// E0112: an import that leaves the project.
pub fn outside(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0112, format!("import `{name}` leaves the project"))
        .at(span, "absolute, or leads out of the project's folder")
        .note("the project is the nearest folder above the spec that holds `.git`, or the spec's own folder")
        .help("copy the file into the project, or widen it with `--root DIR`")
}

/// E0112: an import from the network.
pub fn url(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0112, format!("import `{name}` is an address, and binnc reads files alone"))
        .at(span, "not a file")
        .help("download the file into the project and import it from there")
}
