//! `binnc explain RUN --bfile P`: which nodes predictions rest on.

mod genotypes;
mod models;
mod shown;

use super::args::Explain;
use super::machine::Threads;
use super::predict::sets::{Set, described, described_several, match_sets, open_sets};
use super::predict::{join, load, refuse_covariates};
use super::print::{Console, cannot_write};
use super::progress::{Interrupt, Meter};
use super::{Diagnostics, Failed, error};
use crate::data::Cohort;
use crate::engine::model::{AlleleCounts, Model, Predictor, Role};
use crate::engine::network::scoring::Watch;
use crate::io::World;
use crate::language::source::Sources;
use crate::study::explain::{Clamped, Network, clamp, importances};
use crate::study::report::importances_tsv;
use genotypes::Read;
use models::Place;
use rayon::prelude::*;

/// Fewest samples on which a node has a spread worth the name.
const FEWEST: usize = 3;

pub(super) fn run(
    command: &Explain,
    world: &dyn World,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<u8, Failed> {
    command.pinning.apply();
    let (threads, unclear) = Threads::of(command.threads, world);
    if let Some(unclear) = unclear {
        console.report(&unclear.into(), &Sources::default());
    }
    let pool = threads.start()?;
    let places = models::places(world, &command.run)?;
    let first = load(&places[0].model, world)?;
    let sets = open_sets(&command.bfile, world, first.first(), None)?;
    let cohort = join(first.first(), &sets, console)?;
    let meter = Meter::new(console, interrupt, places.len(), "models clamped");
    let looking = Looking { command, world, sets: &sets, cohort: &cohort, watch: &meter };
    let found: Result<Vec<OfPlace>, Diagnostics> =
        pool.install(|| places.par_iter().map(|place| looking.at(place)).collect());
    meter.clear();
    let found = found?;
    tell(console, &first.first().header.genotypes, &found, places[0].tested.is_some());
    let networks: Vec<Vec<Clamped>> = found.into_iter().flat_map(|place| place.networks).collect();
    let traits: Vec<String> = first
        .first()
        .plan
        .heads
        .iter()
        .flat_map(|head| head.traits.iter().map(|(_, name)| name.clone()))
        .collect();
    let all = importances(&networks);
    if all.is_empty() {
        console.say("no node has a value to clamp: predictions read hidden units or variants alone");
    }
    match &command.out {
        Some(out) => {
            let table = importances_tsv(&all, &traits, command.deviations);
            world.write(out, table.as_bytes()).map_err(|why| cannot_write(out, &why))?;
            console.say(&format!("{} rows written to {}", all.len(), out.display()));
        }
        None => console.result(&shown::shown(&all, &traits, command.top.get())),
    }
    Ok(0)
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

/// What all models are looked at with.
struct Looking<'a> {
    command: &'a Explain,
    world: &'a dyn World,
    sets: &'a [Set],
    cohort: &'a Cohort,
    watch: &'a dyn Watch,
}

/// What a model file gave.
struct OfPlace {
    networks: Vec<Vec<Clamped>>,
    samples: usize,
    /// Of each network's sets.
    joins: Vec<Vec<AlleleCounts>>,
}

impl Looking<'_> {
    fn at(&self, place: &Place) -> Result<OfPlace, Diagnostics> {
        if self.watch.cancelled() {
            return Err(error::interrupted_explaining().into());
        }
        let predictor: Predictor = load(&place.model, self.world)?;
        let rows = self.rows(place)?;
        let mut of_place = OfPlace { networks: Vec::new(), samples: rows.len(), joins: Vec::new() };
        for part in predictor.parts.iter().filter(|part| part.role == Role::Network) {
            refuse_covariates(&part.model)?;
            self.network(&part.model, &rows, &mut of_place)?;
        }
        self.watch.done(1);
        Ok(of_place)
    }

    fn network(&self, model: &Model, rows: &[u32], of_place: &mut OfPlace) -> Result<(), Diagnostics> {
        let matched = match_sets(model, self.sets, self.command.allow_mismatch)?;
        of_place.joins.push(matched.iter().map(|(_, counts)| *counts).collect());
        let read = Read::of(model, self.sets, &matched)?;
        let inputs = read.inputs(model, self.cohort);
        let (plan, preprocessing) = (&model.plan, &model.preprocessing);
        let clamped: Result<Vec<Vec<Clamped>>, _> = model
            .members
            .par_iter()
            .map(|parameters| {
                let network = Network { plan, preprocessing, parameters, inputs: &inputs, rows };
                clamp(network, self.command.deviations)
            })
            .collect();
        of_place.networks.extend(clamped?);
        Ok(())
    }

    /// The cohort rows on which a model is looked at.
    fn rows(&self, place: &Place) -> Result<Vec<u32>, Diagnostics> {
        let all = (0..).zip(&self.cohort.samples);
        let rows: Vec<u32> = match &place.tested {
            Some(tested) => all.filter(|(_, id)| tested.contains(id)).map(|(row, _)| row).collect(),
            None => all.map(|(row, _)| row).collect(),
        };
        if rows.len() < FEWEST {
            return Err(error::too_few_to_explain(&place.model, rows.len(), place.tested.is_some()).into());
        }
        Ok(rows)
    }
}
