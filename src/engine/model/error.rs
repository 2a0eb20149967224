//! Wording of what can be wrong with a model file, or with genotypes given to it.

use crate::language::diagnostics::{Code, Diagnostic, listed};

/// E0302: bytes that are not a model file.
pub fn malformed(file: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("`{file}` is not a whole binnc model: {why}"))
        .help("give the `model.safetensors` that `binnc run` wrote, copied as a whole")
}

/// E0807: a file written by a newer version.
pub fn newer_file(file: &str, found: u32, known: u32, written_by: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0807,
        format!("`{file}` has layout {found}, written by binnc {written_by}; this binnc reads up to {known}"),
    )
    .help("use that version of binnc, or a later one")
}

/// E0807: a file of a layout that is no longer read.
pub fn older_file(file: &str, found: u32, known: u32, written_by: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0807,
        format!(
            "`{file}` has layout {found}, written by binnc {written_by}; this binnc reads layout {known}"
        ),
    )
    .help("run the spec again: the run folder holds it, and gives the same networks")
}

/// E0804: a model whose plan is not the one its header names.
pub fn other_plan(file: &str, stored: &str, computed: &str) -> Diagnostic {
    Diagnostic::new(Code::E0804, format!("`{file}` names plan {stored}, but holds plan {computed}"))
        .help("the file was changed after it was written: run the spec again")
}

/// E0902: a model with a weight that is not a number.
pub fn not_finite(file: &str, tensor: &str) -> Diagnostic {
    Diagnostic::new(Code::E0902, format!("tensor `{tensor}` of `{file}` holds values that are not finite"))
        .help("the file was damaged, or training failed: run the spec again")
}

/// E0308: variants whose alleles are others than the model's.
pub fn allele_mismatch(count: usize, examples: &[String]) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::E0308,
        match count {
            1 => "1 variant has other alleles than the model was trained on".to_string(),
            _ => format!("{count} variants have other alleles than the model was trained on"),
        },
    );
    for example in examples.iter().take(5) {
        diagnostic = diagnostic.note(example.clone());
    }
    diagnostic.help("check strand and build; `--allow-mismatch` treats them as missing")
}

/// E0305: an id of the model that several variants of the file have.
pub fn duplicate_ids(count: usize, examples: &[&str]) -> Diagnostic {
    Diagnostic::new(
        Code::E0305,
        match count {
            1 => "1 variant id of the model stands for several variants of the file".to_string(),
            _ => format!("{count} variant ids of the model stand for several variants of the file"),
        },
    )
    .note(format!("for example {}", listed(examples, 5)))
    .help("give the variants unique ids, as they had when the model was trained")
}

/// E0306: no variant of the model is in the file.
pub fn no_variant(model: &[&str], file: &[&str]) -> Diagnostic {
    Diagnostic::new(Code::E0306, "no variant of the model is in the genotypes")
        .note(format!("the model has {}", listed(model, 5)))
        .note(format!("the genotypes have {}", listed(file, 5)))
        .help("variants are joined by id: give the genotypes the ids of the training set")
}
