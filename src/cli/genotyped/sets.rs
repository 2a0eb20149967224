//! The genotype sets of a model: which file is which, and where the model's variants stand.

use crate::cli::Diagnostics;
use crate::compiler::plan::Input;
use crate::data::{self, BedFile, PlinkLists};
use crate::engine::model::{self, AlleleCounts, Matching, Model, ModelVariant};
use crate::io::World;
use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Code, Diagnostic};
use std::path::Path;

/// A set, of whose calls none is read yet.
pub(in crate::cli) struct Set {
    pub(in crate::cli) lists: PlinkLists,
    pub(in crate::cli) file: BedFile,
}

/// The only set given, where it is certain which files it names: they can be opened while the model is
/// read.
pub(in crate::cli) fn open_early(bfile: &[String], world: &dyn World) -> Option<Result<Set, Diagnostics>> {
    let [given] = bfile else { return None };
    (!given.contains('=')).then(|| open(world, given))
}

fn open(world: &dyn World, prefix: &str) -> Result<Set, Diagnostics> {
    let (lists, file) = data::open_plink(world, Path::new(prefix))?;
    Ok(Set { lists, file })
}

/// One set for each of the model's, by name, or by being the only one.
pub(in crate::cli) fn open_sets(
    bfile: &[String],
    world: &dyn World,
    model: &Model,
    mut early: Option<Result<Set, Diagnostics>>,
) -> Result<Vec<Set>, Diagnostics> {
    let wanted = &model.header.genotypes;
    let mut prefixes: Vec<Option<&str>> = vec![None; wanted.len()];
    for given in bfile {
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
        sets.push(early.take().unwrap_or_else(|| open(world, prefix))?);
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

pub(in crate::cli) type Matched = (Vec<Matching>, AlleleCounts);

pub(in crate::cli) fn match_sets(
    model: &Model,
    sets: &[Set],
    allow_mismatch: bool,
) -> Result<Vec<Matched>, Diagnostic> {
    let places = model.plan.inputs.iter().filter_map(|input| match input {
        Input::Variant { set, .. } => Some(*set),
        Input::Column { .. } => None,
    });
    let of_set: Vec<(usize, &ModelVariant)> = places.zip(&model.header.variants).collect();
    sets.iter()
        .enumerate()
        .map(|(at, set)| {
            let wanted: Vec<&ModelVariant> =
                of_set.iter().filter(|(of, _)| *of == at).map(|(_, variant)| *variant).collect();
            model::match_variants(&wanted, &set.lists.variants, allow_mismatch)
        })
        .collect()
}

/// A line about a join.
pub(in crate::cli) fn described(name: &str, counts: &AlleleCounts) -> String {
    let AlleleCounts { matched, flipped, ambiguous, missing, mismatched, unused } = counts;
    format!(
        "{name}: {matched} variants matched, of which {flipped} flipped (alleles swapped) and {ambiguous} ambiguous \
         (A/T or C/G); {missing} missing, {mismatched} with other alleles, {unused} not in the model"
    )
}

/// A line about the joins of several models, which read different variants.
pub(in crate::cli) fn described_several(name: &str, joins: &[&AlleleCounts]) -> String {
    let range = |count: fn(&AlleleCounts) -> usize| {
        let counts = || joins.iter().map(|join| count(join));
        let (fewest, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
        if fewest == most { most.to_string() } else { format!("{fewest} to {most}") }
    };
    format!(
        "{name}: {} variants matched by each of {} networks, of which {} flipped (alleles swapped) and {} ambiguous \
         (A/T or C/G); {} missing, {} with other alleles",
        range(|join| join.matched),
        joins.len(),
        range(|join| join.flipped),
        range(|join| join.ambiguous),
        range(|join| join.missing),
        range(|join| join.mismatched),
    )
}
