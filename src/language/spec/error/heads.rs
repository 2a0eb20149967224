//! Wording of what does not fit of traits, losses and what supervises.
//!
//! One constructor a finding, as in `error`.

use super::{not_in_this_version, required};
use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::source::Span;
use crate::language::spec::ColumnRef;

/// E0113: fixed effects of traits on the scale of log-odds or log-rates.
pub fn fixed_off_scale(column: &ColumnRef, loss: &str, fixed_span: Span) -> Diagnostic {
    not_in_this_version(
        &format!("the use of fixed effects beside the loss `{loss}`"),
        "use `loss = mse`, or link the covariate to a node",
        fixed_span,
    )
    .at(column.span, format!("`{}` is trained with `{loss}`", column.column))
}

/// E0113: a network on the scale of log-odds or log-rates, stacked on GBLUP.
pub fn stacked_off_scale(loss: &str, span: Span) -> Diagnostic {
    let instead = "give `loss = mse`: GBLUP and the network are then both fitted to the trait as it is";
    not_in_this_version(&format!("`polygenic = gblup` beside the loss `{loss}`"), instead, span)
}

/// E0106: residuals of a fit that was not asked for.
pub fn target_of_nothing(span: Span) -> Diagnostic {
    let example = "polygenic = gblup  target = residual";
    required("`target`", "`polygenic = gblup`, whose residuals the network is to learn", example, span)
}

/// E0601: a share of cases for a trait that has none.
pub fn prevalence_of_no_disease(column: &str, trait_span: Span, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0601, format!("`prevalence` is of cases, and `{column}` is not binary"))
        .at(span, "the share of cases in the population")
        .at(trait_span, "not declared `binary`")
        .help(format!("declare `column {column} : binary`, or leave `prevalence` out"))
}

/// E0601: a loss that does not fit the trait's type.
pub fn loss_does_not_fit(column: &str, kind: &str, loss: &str, fitting: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0601, format!("loss `{loss}` does not fit the {kind} column `{column}`"))
        .at(span, format!("`{column}` is {kind}"))
        .help(fitting)
}

/// E0603: a trait that is also an input.
pub fn trait_is_input(column: &str, trait_span: Span, input_span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0603, format!("`{column}` is predicted and read as an input"))
        .at(trait_span, "predicted here")
        .at(input_span, "read here")
        .help("a network that reads its own answer learns nothing: remove one of the two")
}

/// E0604: a latent or column supervised twice.
pub fn supervised_twice(name: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::E0604, format!("`{name}` is supervised twice"))
        .at(second, "again here")
        .at(first, "first here")
        .help("keep one `supervise` item for each node")
}

/// E0610: a loss weight that is not a positive number.
pub fn bad_weight(value: f64, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0610, format!("a loss weight of {value} makes no sense"))
        .at(span, "must be above 0")
        .help("use a positive number such as `weight = 0.1`, or remove the item")
}
