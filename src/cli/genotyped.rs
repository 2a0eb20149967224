//! A model file on genotypes: what `predict` and `explain` begin with.

mod sets;

pub(super) use sets::{Matched, Set, described, described_several, match_sets, open_early, open_sets};

use super::Diagnostics;
use super::print::Console;
use crate::compiler::plan::Input;
use crate::data::{self, Cohort, SampleId};
use crate::engine::model::{self, InputScale, Matching, Model, Predictor};
use crate::engine::network::scoring::Call;
use crate::io::World;
use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::source::Sources;
use std::path::Path;

pub(super) fn load(path: &Path, world: &dyn World) -> Result<Predictor, Diagnostic> {
    let name = path.display().to_string();
    let bytes = world.read(path).map_err(|why| unreadable(&name, &why))?;
    model::load(&name, &bytes)
}

pub(super) fn unreadable(name: &str, why: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot open the model `{name}`: {why}"))
        .help("give the `model.safetensors` of a run folder")
}

/// Covariates are measured, and this command reads genotypes alone.
pub(super) fn refuse_covariates(model: &Model) -> Result<(), Diagnostic> {
    let read = model.plan.inputs.iter().find_map(|input| match input {
        Input::Column { column, .. } => Some(column),
        Input::Variant { .. } => None,
    });
    match read {
        None => Ok(()),
        Some(column) => Err(Diagnostic::new(
            Code::E0113,
            format!(
                "a model that reads the covariate `{column}` beside genotypes is not in this version of binnc"
            ),
        )
        .help("link no covariate to a node, or declare it as a fixed effect: `predict … { fixed = [T.c] }`")),
    }
}

pub(super) fn join(model: &Model, sets: &[Set], console: &Console) -> Result<Cohort, Diagnostics> {
    let names = model.header.genotypes.iter().map(String::as_str);
    let lists: Vec<(&str, &[SampleId])> =
        names.zip(sets.iter().map(|set| set.lists.samples.as_slice())).collect();
    let (cohort, found) = data::join(&lists, &[])?;
    console.report(&found, &Sources::default());
    Ok(cohort)
}

/// The plan's inputs on other genotypes: tables turned where alleles are swapped.
pub(super) fn calls(model: &Model, matched: &[Matched]) -> Vec<Call> {
    let mut next = vec![0; matched.len()];
    let mut call = |set: usize, [hom1, missing, het, hom2]: [f32; 4]| {
        let matching = matched[set].0[next[set]];
        next[set] += 1;
        let (variant, table) = match matching {
            Matching::Same(variant) => (Some(variant as u32), [hom1, missing, het, hom2]),
            Matching::Swapped(variant) => (Some(variant as u32), [hom2, missing, het, hom1]),
            Matching::Missing => (None, [missing; 4]),
        };
        Call { set, variant, table }
    };
    let inputs = model.plan.inputs.iter().zip(&model.preprocessing.inputs);
    let calls = inputs.filter_map(|(input, scale)| match (input, scale) {
        (Input::Variant { set, .. }, InputScale::Variant(table)) => Some(call(*set, *table)),
        _ => None,
    });
    calls.collect()
}
