//! `binnc predict MODEL --bfile P`: traits from genotypes alone, read as they are needed.

mod checks;
mod table;

use super::args::{Predict, Shard};
use super::genotyped::{
    Matched, Set, calls, described, join, load, match_sets, open_early, open_sets, refuse_covariates,
};
use super::machine::Threads;
use super::print::{Console, cannot_write};
use super::progress::{Interrupt, Meter};
use super::{Diagnostics, Failed, error};
use crate::data::Cohort;
use crate::engine::model::{Model, Predictor, scores};
use crate::engine::network::scoring::{Call, Scored, Scoring, SetRows, Stopped};
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use crate::language::source::Sources;
use crate::language::spec::{Encoding, MissingCalls};
use std::ops::Range;
use std::time::{Duration, Instant};

pub(super) fn run(
    command: &Predict,
    world: &dyn World,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<u8, Failed> {
    let started = Instant::now();
    command.genotyped.pinning.apply();
    let (threads, unclear) = Threads::of(command.genotyped.threads, world);
    if let Some(unclear) = unclear {
        console.report(&unclear.into(), &Sources::default());
    }
    let pool = threads.start()?;
    let (predictor, early) = pool.install(|| {
        rayon::join(|| load(&command.model, world), || open_early(&command.genotyped.bfile, world))
    });
    let predictor = predictor?;
    predictor.used().try_for_each(|part| refuse_covariates(&part.model))?;
    let model = predictor.first();
    let sets = open_sets(&command.genotyped.bfile, world, model, early)?;
    let parts = matched_parts(&predictor, &sets, command.genotyped.allow_mismatch, console)?;
    let cohort = join(model, &sets, console)?;
    let rows = match command.shard.unwrap_or(Shard::ALL).of(cohort.samples.len()) {
        Ok(rows) => rows,
        Err(why) => return Ok(console.wrong_use(&why)),
    };
    let (text, took) = pool.install(|| {
        let mut took = Duration::ZERO;
        let mut said = Vec::with_capacity(parts.len());
        for (model, matched) in &parts {
            let on_file = Genotypes { sets: &sets, cohort: &cohort, calls: calls(model, matched) };
            let begun = Instant::now();
            let scored = score(model, &on_file, rows.clone(), console, interrupt)?;
            took += begun.elapsed();
            checks::check(model, &on_file, rows.len(), &scored)?;
            said.push(scores(&model.plan, &model.preprocessing, &scored.outputs));
        }
        let scores = predictor.together(&said);
        Ok::<_, Diagnostics>((table::table(model, &cohort.samples[rows.clone()], &scores), took))
    })?;
    match &command.out {
        Some(out) => {
            world.write(out, text.as_bytes()).map_err(|why| cannot_write(out, &why))?;
            console.say(&format!("{} samples predicted, written to {}", rows.len(), out.display()));
        }
        None => console.result(&text),
    }
    let variants = parts.iter().map(|(model, _)| model.plan.inputs.len()).max().unwrap_or(0);
    console.say(&pace(rows.len(), variants, started.elapsed(), took));
    Ok(0)
}

/// What was done in how much time, and how much of it went by with calls.
fn pace(samples: usize, variants: usize, in_all: Duration, with_calls: Duration) -> String {
    let (seconds, with_calls) = (in_all.as_secs_f64(), with_calls.as_secs_f64());
    let rate = samples as f64 / seconds.max(1e-9);
    format!(
        "{samples} samples, {variants} variants, {seconds:.2} s, {rate:.0} samples/s (calls read and scored in \
         {with_calls:.3} s)"
    )
}

/// The parts that have a share in the prediction, each with where its variants stand.
fn matched_parts<'p>(
    predictor: &'p Predictor,
    sets: &[Set],
    allow_mismatch: bool,
    console: &Console,
) -> Result<Vec<(&'p Model, Vec<Matched>)>, Diagnostic> {
    let mut parts = Vec::new();
    let mut told = Vec::new();
    for part in predictor.used() {
        let matched = match_sets(&part.model, sets, allow_mismatch)?;
        for (name, (_, counts)) in part.model.header.genotypes.iter().zip(&matched) {
            let line = described(name, counts);
            if !told.contains(&line) {
                console.say(&line);
                told.push(line);
            }
        }
        parts.push((&part.model, matched));
    }
    Ok(parts)
}

/// What is known of the genotypes before any call is read.
struct Genotypes<'a> {
    sets: &'a [Set],
    cohort: &'a Cohort,
    /// One an input of the plan.
    calls: Vec<Call>,
}

impl Genotypes<'_> {
    /// Variants of a set that the model reads and the set has, with their inputs.
    fn read(&self, set: usize) -> impl Iterator<Item = (u32, usize)> {
        let calls = self.calls.iter().enumerate().filter(move |(_, call)| call.set == set);
        calls.filter_map(|(input, call)| Some((call.variant?, input)))
    }
}

fn score(
    model: &Model,
    on_file: &Genotypes<'_>,
    rows: Range<usize>,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<Scored, Diagnostics> {
    let of_sets = on_file.sets.iter().zip(&on_file.cohort.rows_of_set).zip(&model.header.encodings);
    let of_sets = of_sets.map(|((set, samples), (encoding, missing))| {
        let as_filed =
            samples.len() == set.file.samples() && samples.iter().copied().eq(0..samples.len() as u32);
        SetRows {
            file: &set.file,
            samples: (!as_filed).then_some(samples.as_slice()),
            counts: *encoding == Encoding::Haploid || *missing == MissingCalls::Error,
        }
    });
    let of_sets: Vec<SetRows<'_>> = of_sets.collect();
    let scoring = Scoring::new(&model.plan, &model.members, &of_sets, &on_file.calls);
    let meter = Meter::new(console, interrupt, scoring.steps(&rows), "calls scored");
    let scored = scoring.run(rows, &meter);
    meter.clear();
    scored.map_err(|stopped| match stopped {
        Stopped::Unreadable(why) => why.into(),
        Stopped::Cancelled => error::interrupted_scoring().into(),
    })
}
