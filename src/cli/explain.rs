//! `binnc explain RUN --bfile P`: which nodes predictions rest on.

mod genotypes;
mod models;
mod shown;

use super::args::Explain;
use super::genotyped::{
    Set, described, described_several, join, load, match_sets, open_sets, refuse_covariates,
};
use super::machine::Threads;
use super::print::{Console, cannot_write};
use super::progress::{Interrupt, Meter};
use super::{Diagnostics, Failed, error};
use crate::data::{Cohort, SampleId};
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
    command.genotyped.pinning.apply();
    let (threads, unclear) = Threads::of(command.genotyped.threads, world);
    if let Some(unclear) = unclear {
        console.report(&unclear.into(), &Sources::default());
    }
    let pool = threads.start()?;
    let places = models::places(world, &command.run)?;
    let first = load(&places[0].model, world)?;
    let sets = open_sets(&command.genotyped.bfile, world, first.first(), None)?;
    let cohort = join(first.first(), &sets, console)?;
    let meter = Meter::new(console, interrupt, places.len(), "models clamped");
    let looking = Looking { command, world, sets: &sets, cohort: &cohort, watch: &meter };
    let found: Result<Vec<Option<OfPlace>>, Diagnostics> =
        pool.install(|| places.par_iter().map(|place| looking.at(place)).collect());
    meter.clear();
    let found: Vec<OfPlace> = found?.into_iter().flatten().collect();
    let of_folds = places[0].tested.is_some();
    if found.is_empty() {
        return Err(error::too_few_to_explain(of_folds, FEWEST).into());
    }
    if found.len() < places.len() {
        let (short, all) = (places.len() - found.len(), places.len());
        console.say(&format!("{short} of {all} folds test fewer than {FEWEST} of these samples: left out"));
    }
    tell(console, &first.first().header.genotypes, &found, of_folds);
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
    if let Some(out) = &command.out {
        let table = importances_tsv(&all, &traits, command.deviations);
        world.write(out, table.as_bytes()).map_err(|why| cannot_write(out, &why))?;
        console.say(&format!("{} rows written to {}", all.len(), out.display()));
    }
    console.result(&shown::shown(&all, &traits, command.top.get()));
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
    /// `None` where the model has too few samples to be looked at.
    fn at(&self, place: &Place) -> Result<Option<OfPlace>, Diagnostics> {
        if self.watch.cancelled() {
            return Err(error::interrupted_explaining().into());
        }
        let rows = self.rows(place);
        if rows.len() < FEWEST {
            return Ok(None);
        }
        let predictor: Predictor = load(&place.model, self.world)?;
        let mut of_place = OfPlace { networks: Vec::new(), samples: rows.len(), joins: Vec::new() };
        for part in predictor.parts.iter().filter(|part| part.role == Role::Network) {
            refuse_covariates(&part.model)?;
            self.network(&part.model, &rows, &mut of_place)?;
        }
        self.watch.done(1);
        Ok(Some(of_place))
    }

    fn network(&self, model: &Model, rows: &[u32], of_place: &mut OfPlace) -> Result<(), Diagnostics> {
        let matched = match_sets(model, self.sets, self.command.genotyped.allow_mismatch)?;
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
    fn rows(&self, place: &Place) -> Vec<u32> {
        let is_asked = |id: &SampleId| place.tested.as_ref().is_none_or(|tested| tested.contains(id));
        (0..).zip(&self.cohort.samples).filter(|(_, id)| is_asked(id)).map(|(row, _)| row).collect()
    }
}
