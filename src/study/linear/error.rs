//! Wording of what linear models find wrong.

use std::collections::BTreeMap;

use crate::language::diagnostics::{Code, Diagnostic, listed};

const MORE_LEVELS: &str = "leave this column out of `fixed`, or split the rows so that every training part has at \
                           least two of its values";

/// E0903: the training rows differ on no usable variant.
pub fn no_varying_variant(constant: usize, rows: usize) -> Diagnostic {
    let message = format!("no variant is left that differs between the {rows} training rows");
    Diagnostic::new(Code::E0903, message)
        .note(format!("{constant} variants pass the filters and are constant on these rows"))
        .help("loosen the `maf` and `missing` limits of `keep`, or use larger training folds")
}

/// E0903: no dominance to be seen.
pub fn no_heterozygote(rows: usize) -> Diagnostic {
    let message = format!("none of the {rows} training rows is heterozygous at a usable variant");
    Diagnostic::new(Code::E0903, message)
        .note("dominance is what heterozygotes are beside the mean of both homozygotes")
        .help("leave the baseline `gblup(dominance)` out: inbred lines and haploids do not show it")
}

/// E0903: training rows that are all alike.
pub fn rows_alike(rows: usize) -> Diagnostic {
    let message = format!("the {rows} training rows have the same genotypes");
    Diagnostic::new(Code::E0903, message).help("leave the baseline `rkhs` out, or use larger training folds")
}

/// W0315: variants that the samples with a trait do not differ on.
pub fn constant_variants<'a>(
    set: &str,
    names: impl IntoIterator<Item = &'a str>,
    variants: usize,
    rows: usize,
) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    let count = names.len();
    let are = if count == 1 { "is" } else { "are" };
    let message = format!(
        "{count} of {variants} variants of `{set}` {are} constant in the {rows} samples with a trait"
    );
    Diagnostic::new(Code::W0315, message)
        .note(format!("such as {}", listed(names, 5)))
        .note("they get no weight and are left out of relationships".to_owned())
        .help("filter them with `keep = maf >= 0.01`, or leave it at this count")
}

/// E0902: a relationship matrix has no eigenvalues in `f64`.
pub fn no_eigenvalues(rows: usize) -> Diagnostic {
    let message = format!("the relationships between {rows} training rows have no finite eigenvalues");
    Diagnostic::new(Code::E0902, message).help("check record weights: very large or very small ones overflow")
}

/// E0609: a trait that no training row has.
pub fn unobserved_trait(name: &str, rows: usize) -> Diagnostic {
    Diagnostic::new(Code::E0609, format!("trait `{name}` is missing in all {rows} training rows"))
        .help("leave this trait out of `predict`, or split so that every training part has values of it")
}

/// W0608: a trait with one value, left out beside others.
pub fn constant_trait(name: &str, rows: usize, value: f64) -> Diagnostic {
    Diagnostic::new(Code::W0608, format!("trait `{name}` is {value} in all {rows} rows where it is observed"))
        .note("there is nothing to predict: the trait is left out".to_owned())
        .help("leave it out of `predict`, or check that the column is the one meant")
}

/// W0608: a trait with one value on the training rows of some folds.
pub fn constant_in_folds(name: &str, folds: &[String]) -> Diagnostic {
    let shown: Vec<&str> = folds.iter().map(String::as_str).collect();
    Diagnostic::new(
        Code::W0608,
        format!("trait `{name}` is the same in all training rows of fold {}", listed(&shown, 3)),
    )
    .note("there is nothing to learn there: its value is predicted for everybody, and r does not exist")
    .help("split so that every training part has several values of it: fewer folds, or another grouping")
}

/// E0903: a trait with one value on the rows fitted on.
pub fn constant_response(name: &str, rows: usize, value: f64) -> Diagnostic {
    let message = format!("trait `{name}` is {value} in all {rows} training rows where it is observed");
    Diagnostic::new(Code::E0903, message).help(
        "leave this trait out of `predict`, or split so that every training part has several values of it",
    )
}

/// E0903: more fixed effects than rows carry.
pub fn too_few_rows(name: &str, rows: usize, columns: usize) -> Diagnostic {
    let message =
        format!("trait `{name}` is observed in {rows} training rows, too few for {columns} fixed effects");
    Diagnostic::new(Code::E0903, message)
        .note(format!("at least {} rows are needed", columns + 2))
        .help("use fewer `fixed` columns, fewer folds, or leave this trait out of `predict`")
}

/// E0903: a trait with an infinite value.
pub fn not_finite(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0903, format!("trait `{name}` has an infinite value"))
        .help("correct the value, or write it as missing (`NA`)")
}

/// E0903: fixed effects that leave no residual.
pub fn exact_fit(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0903, format!("the fixed effects fit trait `{name}` exactly"))
        .note("a covariate seems to be the trait itself, or made from it".to_owned())
        .help("leave that column out of `fixed`")
}

/// E0903: a covariate with one value.
pub fn constant_covariate(name: &str, rows: usize) -> Diagnostic {
    let message = format!("fixed effect `{name}` has the same value in all {rows} training rows");
    Diagnostic::new(Code::E0903, message).help(MORE_LEVELS)
}

/// E0903: a covariate without a value.
pub fn unobserved_covariate(name: &str, rows: usize) -> Diagnostic {
    let message = format!("fixed effect `{name}` is missing in all {rows} training rows");
    Diagnostic::new(Code::E0903, message).help(MORE_LEVELS)
}

/// E0903: a covariate that others determine.
pub fn collinear_covariate(name: &str, others: &[String]) -> Diagnostic {
    let others = if others.is_empty() { String::new() } else { format!(" and {}", listed(others, 5)) };
    let message = format!("fixed effect `{name}` follows from other fixed effects on the training rows");
    Diagnostic::new(Code::E0903, message)
        .note(format!("it is a weighted sum of the intercept{others}"))
        .help("leave one of these columns out of `fixed`")
}

/// E0903: levels of a covariate that no training row has.
pub fn unseen_levels(name: &str, levels: &BTreeMap<&str, usize>) -> Diagnostic {
    let rows: usize = levels.values().sum();
    let message =
        format!("covariate `{name}` has levels that no training row has: {}", listed(levels.keys(), 5));
    Diagnostic::new(Code::E0903, message)
        .note(format!("{rows} rows have them, and no effect can be estimated for them"))
        .help("join rare levels into one, or split rows so that every training part has all levels")
}

/// E0903: a covariate that is numeric in one table and categorical in another.
pub fn covariate_changed_type(name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0903, format!("fixed effect `{name}` is not of the type it was trained with"))
        .help("declare the column with the same type (number or category) as in training")
}

/// E0903: more components than the training rows span.
pub fn too_few_components(asked: usize, available: usize) -> Diagnostic {
    let message = format!(
        "`pcs({asked})` asks for {asked} principal components, the training genotypes have {available}"
    );
    Diagnostic::new(Code::E0903, message).help(format!("ask for `pcs({available})` or fewer"))
}

/// E0903: ridge equations without a solution.
pub fn singular_ridge() -> Diagnostic {
    Diagnostic::new(Code::E0903, "the fixed effects of a ridge fit are not independent, or its penalty is 0")
        .help("leave out columns that follow from others, and use a penalty above 0")
}
