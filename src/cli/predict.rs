//! `binnc predict MODEL --bfile P`: traits from genotypes alone.

use super::args::Predict;
use super::print::{Console, cannot_write};
use super::{Diagnostics, Failed};
use crate::compiler::plan::Input;
use crate::data::{self, Cohort, GenotypeSet, SampleId};
use crate::engine::model::{self, AlleleCounts, InputScale, Matching, Model, ModelVariant, Score};
use crate::engine::network::{GenotypeCalls, InputData, InputRow};
use crate::io::World;
use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::source::Sources;
use crate::language::spec::{Encoding, MissingCalls};
use std::fmt::Write;
use std::path::Path;

pub(super) fn run(command: &Predict, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    command.pinning.apply();
    let name = command.model.display().to_string();
    let bytes = world.read(&command.model).map_err(|why| unreadable(&name, &why))?;
    let model = model::load(&name, &bytes)?;
    refuse_covariates(&model)?;
    let sets = read_sets(command, world, console, &model)?;
    let matched = match_sets(&model, &sets, command.allow_mismatch)?;
    for (name, (_, counts)) in model.header.genotypes.iter().zip(&matched) {
        console.say(&described(name, counts));
    }
    let cohort = join(&model, &sets, console)?;
    check_calls(&model, &sets, &cohort, &matched)?;
    let rows: Vec<u32> = (0..cohort.samples.len() as u32).collect();
    let inputs = inputs(&model, &sets, &cohort, &matched);
    let scores = model::score_members(&model.plan, &model.preprocessing, &model.members, &inputs, &rows);
    let table = table(&model, &cohort.samples, &scores);
    match &command.out {
        Some(out) => {
            world.write(out, table.as_bytes()).map_err(|why| cannot_write(out, &why))?;
            console.say(&format!("{} samples predicted, written to {}", rows.len(), out.display()));
        }
        None => console.result(&table),
    }
    Ok(0)
}

fn unreadable(name: &str, why: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("cannot open the model `{name}`: {why}"))
        .help("give the `model.safetensors` of a run folder")
}

/// Covariates are measured, and this command reads genotypes alone.
fn refuse_covariates(model: &Model) -> Result<(), Diagnostic> {
    let read = model.plan.inputs.iter().find_map(|input| match input {
        Input::Column { column, .. } => Some(column),
        Input::Variant { .. } => None,
    });
    match read {
        None => Ok(()),
        Some(column) => Err(Diagnostic::new(
            Code::E0113,
            format!(
                "predicting with a model that reads the covariate `{column}` is not in this version of binnc"
            ),
        )
        .help("link no covariate to a node, or declare it as a fixed effect: `predict … { fixed = [T.c] }`")),
    }
}

/// One set for each of the model's, by name, or by being the only one.
fn read_sets(
    command: &Predict,
    world: &dyn World,
    console: &Console,
    model: &Model,
) -> Result<Vec<GenotypeSet>, Diagnostics> {
    let wanted = &model.header.genotypes;
    let mut prefixes: Vec<Option<&str>> = vec![None; wanted.len()];
    for given in &command.bfile {
        let (at, prefix) = match given.split_once('=') {
            Some((name, prefix)) => match wanted.iter().position(|known| known == name) {
                Some(at) => (at, prefix),
                // A path may hold an equals sign too.
                None if wanted.len() == 1 && world.exists(Path::new(&format!("{given}.bed"))) => {
                    (0, given.as_str())
                }
                None => return Err(no_such_set(name, wanted).into()),
            },
            None if wanted.len() == 1 => (0, given.as_str()),
            None => return Err(which_set(given, wanted).into()),
        };
        if let Some(first) = prefixes[at].replace(prefix) {
            return Err(given_twice(&wanted[at], first, prefix).into());
        }
    }
    let mut sets = Vec::new();
    for (name, prefix) in wanted.iter().zip(prefixes) {
        let Some(prefix) = prefix else { return Err(which_set(&format!("{name}=PREFIX"), wanted).into()) };
        let (set, _, found) = data::read_plink(world, Path::new(prefix))?;
        console.report(&found, &Sources::default());
        sets.push(set);
    }
    Ok(sets)
}

fn no_such_set(name: &str, wanted: &[String]) -> Diagnostic {
    let mut finding = Diagnostic::new(Code::E0201, format!("the model has no genotype set `{name}`"));
    finding.help = did_you_mean(name, wanted.iter().map(String::as_str)).map(String::into_boxed_str);
    finding
}

fn given_twice(name: &str, first: &str, second: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0202,
        format!("`--bfile` gives genotype set `{name}` twice: `{first}` and `{second}`"),
    )
    .help("give each set once; files of several chromosomes must be merged first")
}

fn which_set(given: &str, wanted: &[String]) -> Diagnostic {
    let names: Vec<String> = wanted.iter().map(|name| format!("--bfile {name}=PREFIX")).collect();
    Diagnostic::new(Code::E0203, format!("`--bfile {given}`: the model reads {} genotype sets", wanted.len()))
        .help(format!("give each by name: `{}`", names.join(" ")))
}

type Matched = (Vec<Matching>, AlleleCounts);

fn match_sets(model: &Model, sets: &[GenotypeSet], allow_mismatch: bool) -> Result<Vec<Matched>, Diagnostic> {
    let places = model.plan.inputs.iter().filter_map(|input| match input {
        Input::Variant { set, .. } => Some(*set),
        Input::Column { .. } => None,
    });
    let of_set: Vec<(usize, &ModelVariant)> = places.zip(&model.header.variants).collect();
    sets.iter()
        .enumerate()
        .map(|(at, set)| {
            let wanted: Vec<ModelVariant> =
                of_set.iter().filter(|(of, _)| *of == at).map(|(_, variant)| (*variant).clone()).collect();
            model::match_variants(&wanted, &set.variants, allow_mismatch)
        })
        .collect()
}

/// Calls of the variants read that the model's encoding or policy forbids, as in `run`.
fn check_calls(
    model: &Model,
    sets: &[GenotypeSet],
    cohort: &Cohort,
    matched: &[Matched],
) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::default();
    for (at, (encoding, missing)) in model.header.encodings.iter().enumerate() {
        let (name, set, rows) = (&model.header.genotypes[at], &sets[at], &cohort.rows_of_set[at]);
        let read = matched[at].0.iter().filter_map(|matching| match matching {
            Matching::Same(variant) | Matching::Swapped(variant) => Some(*variant as u32),
            Matching::Missing => None,
        });
        let read: Vec<u32> = read.collect();
        if *encoding == Encoding::Haploid {
            found.extend(data::check_haploid(name, &set.calls, &set.variants, &read, rows));
        }
        if *missing == MissingCalls::Error {
            found.extend(data::check_missing(name, &set.calls, &set.variants, &read, rows));
        }
    }
    found.ok(()).map(|_| ())
}

fn described(name: &str, counts: &AlleleCounts) -> String {
    let AlleleCounts { matched, flipped, ambiguous, missing, mismatched, unused } = counts;
    format!(
        "{name}: {matched} variants matched, of which {flipped} flipped (alleles swapped) and {ambiguous} ambiguous \
         (A/T or C/G); {missing} missing, {mismatched} with other alleles, {unused} not in the model"
    )
}

fn join(model: &Model, sets: &[GenotypeSet], console: &Console) -> Result<Cohort, Diagnostics> {
    let names = model.header.genotypes.iter().map(String::as_str);
    let lists: Vec<(&str, &[SampleId])> = names.zip(sets.iter().map(|set| set.samples.as_slice())).collect();
    let (cohort, found) = data::join(&lists, &[])?;
    console.report(&found, &Sources::default());
    Ok(cohort)
}

/// The plan's inputs on other genotypes: tables turned where alleles are swapped.
fn inputs<'a>(
    model: &Model,
    sets: &'a [GenotypeSet],
    cohort: &'a Cohort,
    matched: &[Matched],
) -> InputData<'a> {
    let calls = sets.iter().zip(&cohort.rows_of_set);
    let calls = calls.map(|(set, samples)| GenotypeCalls { calls: &set.calls, samples }).collect();
    let mut next = vec![0; sets.len()];
    let mut row = |set: usize, [hom1, missing, het, hom2]: [f32; 4]| {
        let matching = matched[set].0[next[set]];
        next[set] += 1;
        let (variant, table) = match matching {
            Matching::Same(variant) => (variant, [hom1, missing, het, hom2]),
            Matching::Swapped(variant) => (variant, [hom2, missing, het, hom1]),
            Matching::Missing => (0, [missing; 4]),
        };
        InputRow::Variant { set, variant, table }
    };
    let inputs = model.plan.inputs.iter().zip(&model.preprocessing.inputs);
    let rows = inputs.filter_map(|(input, scale)| match (input, scale) {
        (Input::Variant { set, .. }, InputScale::Variant(table)) => Some(row(*set, *table)),
        _ => None,
    });
    InputData::new(&model.plan, calls, rows.collect())
}

/// `FID IID trait predicted genetic sd`; with fixed effects, genotypes give `genetic` alone.
fn table(model: &Model, samples: &[SampleId], scores: &[Score]) -> String {
    let mut text = String::from("FID\tIID\ttrait\tpredicted\tgenetic\tsd\n");
    let heads = model.plan.heads.iter().zip(&model.header.fixed_effects);
    let traits =
        heads.flat_map(|(head, fixed)| head.traits.iter().map(move |(_, name)| (name, !fixed.is_empty())));
    let number = |value: f64| if value.is_nan() { "NA".to_string() } else { format!("{value}") };
    for ((name, has_fixed), score) in traits.zip(scores) {
        for (sample, (mean, sd)) in samples.iter().zip(score.mean.iter().zip(&score.sd)) {
            let predicted = if has_fixed { "NA".to_string() } else { number(*mean) };
            let SampleId { family, individual } = sample;
            let _ = writeln!(
                text,
                "{family}\t{individual}\t{name}\t{predicted}\t{}\t{}",
                number(*mean),
                number(*sd)
            );
        }
    }
    text
}
