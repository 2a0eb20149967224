//! `binnc explain RUN --bfile P`: which nodes and variants predictions rest on.

mod genotypes;
mod looking;
mod models;

use super::args::{Explain, Measure, Method};
use super::genotyped::{described, described_several, join, load, open_sets};
use super::machine::Threads;
use super::print::{Console, cannot_write};
use super::progress::{Interrupt, Meter};
use super::{Diagnostics, Failed, error};
use crate::compiler::plan::Role as RowRole;
use crate::engine::model::{AlleleCounts, Model};
use crate::io::World;
use crate::language::diagnostics::suggest::did_you_mean;
use crate::language::diagnostics::{Diagnostic, listed};
use crate::language::source::Sources;
use crate::study::explain::{EXACT, Explained, Importance, agreement, importances};
use crate::study::report::{OfNetwork, gene_sets, importances_tsv, node_values_tsv, ranking_table};
use looking::{Looking, OfPlace};
use rayon::prelude::*;
use std::path::Path;

/// Fewest samples on which a node has a spread worth the name.
const FEWEST: usize = 3;
/// A share of the differences that parts may leave without a word of advice.
const LARGEST_GAP: f64 = 1e-3;

pub(super) fn run(
    command: &Explain,
    world: &dyn World,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<u8, Failed> {
    command.genotyped.pinning.apply();
    let (threads, unclear) = Threads::of(command.genotyped.threads, world);
    if let Some(unclear) = unclear {
        console.report(&unclear.into(), &Sources::default());
    }
    let measure = match command.measure() {
        Ok(measure) => measure,
        Err(why) => return Ok(console.wrong_use(&why)),
    };
    let pool = threads.start()?;
    let places = models::places(world, &command.run)?;
    let first = load(&places[0].model, world)?;
    let sets = open_sets(&command.genotyped.bfile, world, first.first(), None)?;
    let cohort = join(first.first(), &sets, console)?;
    let meter = Meter::new(console, interrupt, places.len(), "models looked at");
    let looking = Looking { command, measure, world, sets: &sets, cohort: &cohort, watch: &meter };
    let found: Result<Vec<Option<OfPlace>>, Diagnostics> =
        pool.install(|| places.par_iter().map(|place| looking.at(place)).collect());
    meter.clear();
    let mut found: Vec<OfPlace> = found?.into_iter().flatten().collect();
    let of_folds = places[0].tested.is_some();
    if found.is_empty() {
        return Err(error::too_few_to_explain(of_folds, FEWEST).into());
    }
    if found.len() < places.len() {
        let (short, all) = (places.len() - found.len(), places.len());
        console.say(&format!("{short} of {all} folds test fewer than {FEWEST} of these samples: left out"));
    }
    tell(console, &first.first().header.genotypes, &found, of_folds);
    let gaps: Vec<f64> = found.iter().flat_map(|place| place.gaps.iter().copied()).collect();
    let values: Vec<OfNetwork> =
        found.iter_mut().flat_map(|place| std::mem::take(&mut place.values)).collect();
    let networks: Vec<Vec<Explained>> = found.into_iter().flat_map(|place| place.networks).collect();
    let traits: Vec<String> = first
        .first()
        .plan
        .heads
        .iter()
        .flat_map(|head| head.traits.iter().map(|(_, name)| name.clone()))
        .collect();
    let all = importances(&networks);
    match &command.layer {
        Some(layer) if all.is_empty() => return Ok(console.wrong_use(&no_layer(layer, first.first()))),
        None if all.is_empty() => {
            console.say("no node has a value to clamp: predictions read hidden units or variants alone");
        }
        _ => {}
    }
    tell_how(console, command, &gaps, &networks);
    write_tables((world, console), (command, measure), (&all, &traits), &values)?;
    let agreed = agreement(&networks, command.top.get());
    console.result(&ranking_table(&all, &traits, &agreed, command.top.get()));
    Ok(0)
}

/// Writes the files that are asked for.
fn write_tables(
    (world, console): (&dyn World, &Console),
    (command, measure): (&Explain, Measure),
    (all, traits): (&[Importance], &[String]),
    values: &[OfNetwork],
) -> Result<(), Diagnostic> {
    let write = |out: &Path, text: &str, what: &str, count: usize| {
        world.write(out, text.as_bytes()).map_err(|why| cannot_write(out, &why))?;
        let several = if count == 1 { "" } else { "s" };
        console.say(&format!("{count} {what}{several} written to {}", out.display()));
        Ok(())
    };
    let method = command.method_name();
    if let Some(out) = &command.out {
        write(out, &importances_tsv(all, traits, &method, measure.deviations()), "row", all.len())?;
    }
    if let Some(out) = &command.values {
        let individuals = values.iter().map(|network| network.individuals.len()).sum();
        write(out, &node_values_tsv(values), "row", individuals)?;
    }
    if let Some(out) = &command.gmt {
        let sets = gene_sets(all, traits, &method, command.top.get());
        write(out, &sets, "set", sets.lines().count())?;
    }
    Ok(())
}

/// What a reader must know of the method to believe its figures.
fn tell_how(console: &Console, command: &Explain, gaps: &[f64], networks: &[Vec<Explained>]) {
    if let Some(worst) = gaps.iter().copied().reduce(f64::max) {
        let short = command.method == Method::IntegratedGradients && worst > LARGEST_GAP;
        let sure = if short { ": more `--steps` come nearer" } else { "" };
        console.say(&format!(
            "parts of the variants add up to the differences from the reference but for {:.2e} of them at most{sure}",
            worst
        ));
    }
    let players = networks.iter().map(Vec::len).max().unwrap_or(0);
    if command.method == Method::Shapley && players > EXACT {
        console.say(&format!(
            "{players} nodes: values are means over drawn orders and background individuals, exact for {EXACT} at most"
        ));
    }
}

/// A layer that the model does not have, or nothing of which has a value.
fn no_layer(layer: &str, model: &Model) -> String {
    let mut names: Vec<&str> = Vec::new();
    for one in &model.plan.segments {
        if matches!(one.role, RowRole::Latent | RowRole::Input) && names.last() != Some(&&*one.layer) {
            names.push(&one.layer);
        }
    }
    names.sort_unstable();
    names.dedup();
    let near = did_you_mean(layer, names.iter().copied()).map_or(String::new(), |near| format!("; {near}"));
    let has = listed(names.iter().copied(), 8);
    format!("`--layer {layer}`: there is nothing of it to look at by this method; the model has {has}{near}")
}

/// A line about the join of each set, over all models, and what was looked at.
fn tell(console: &Console, names: &[String], found: &[OfPlace], of_folds: bool) {
    for (at, name) in names.iter().enumerate() {
        let joins: Vec<&AlleleCounts> =
            found.iter().flat_map(|place| &place.joins).map(|join| &join[at]).collect();
        match joins.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => {
                console.say(&described(name, first))
            }
            _ => console.say(&described_several(name, &joins)),
        }
    }
    let networks: usize = found.iter().map(|place| place.networks.len()).sum();
    let (fewest, most) = found
        .iter()
        .fold((usize::MAX, 0), |(fewest, most), place| (fewest.min(place.samples), most.max(place.samples)));
    let samples = if fewest == most { most.to_string() } else { format!("{fewest} to {most}") };
    let which = if of_folds { "that their fold tests" } else { "of the genotypes" };
    console.say(&format!("{networks} networks, each on the {samples} samples {which}"));
}
