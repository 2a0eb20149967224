//! `binnc prior`: links derived from genotypes and measurements, as files that a spec can read.

mod error;
mod written;

use super::args::{Eqtl, Prior, PriorFrom};
use super::load::{self, Measured, Opened};
use super::machine::Threads;
use super::print::Console;
use super::progress::{Interrupt, Meter};
use super::{Diagnostics, Failed};
use crate::data::{ColumnData, GenotypeSet, SampleId, read_id_list};
use crate::engine::model;
use crate::io::World;
use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::spec::Spec;
use crate::study::derive::eqtl::{Found, Keep, Scan};
use crate::study::derive::intercept_and_components;
use crate::study::linear::dosage::MarkerSet;
use rustc_hash::FxHashSet;
use std::time::Instant;
use written::Written;

pub(super) fn run(
    command: &Prior,
    world: &dyn World,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<u8, Failed> {
    let PriorFrom::Eqtl(command) = &command.from;
    let started = Instant::now();
    let (threads, unclear) = Threads::of(command.threads, world);
    let path = &command.spec;
    let Opened { sources, spec, mut found, input, .. } = load::open_in(world, path, command.root.as_deref())?;
    found.extend(unclear);
    let Some(spec) = spec else { return Err(Failed { found, sources }) };
    let asked = match Asked::of(command, &spec) {
        Ok(asked) => asked,
        Err(why) => return Ok(console.wrong_use(&why)),
    };
    let root = load::data_root(command.data_root.as_deref(), path);
    let measured = match load::measured(world, &spec, &root) {
        Ok((measured, said)) => {
            found.extend(said);
            measured
        }
        Err(said) => {
            found.extend(said);
            return Err(Failed { found, sources });
        }
    };
    let scanned = threads.start()?.install(|| {
        let scanner = Scanner { command, spec: &spec, asked, measured: &measured };
        scanner.run(world, &mut found, (console, interrupt))
    });
    let scanned = match scanned {
        Ok(scanned) => scanned,
        Err(why) => {
            found.push(why);
            return Err(Failed { found, sources });
        }
    };
    // What the network does not use may well be what is scanned.
    let mut told = Diagnostics::default();
    told.extend(found.into_iter().filter(|one| one.code != Code::W0205));
    console.report(&told, &sources);
    let files = input.iter().chain(&measured.files);
    let written = Written { command, spec: &spec, measured: &measured, scanned: &scanned };
    written.write(world, files)?;
    console.result(&written.told(started.elapsed()));
    Ok(0)
}

/// What the options name.
#[derive(Clone, Copy, Debug)]
struct Asked {
    table: usize,
    /// One set, or all.
    set: Option<usize>,
}

impl Asked {
    fn of(command: &Eqtl, spec: &Spec) -> Result<Self, String> {
        let tables: Vec<&str> = spec.tables.iter().map(|table| table.name.value.as_str()).collect();
        let sets: Vec<&str> = spec.genotypes.iter().map(|item| item.name.value.as_str()).collect();
        let place = |what: &str, name: &str, names: &[&str]| {
            let place = names.iter().position(|one| *one == name);
            place.ok_or_else(|| error::not_declared(what, name, names))
        };
        let set = command.genotypes.as_deref().map(|name| place("genotypes", name, &sets)).transpose()?;
        Ok(Self { table: place("table", &command.table, &tables)?, set })
    }
}

/// What a scan found.
struct Scanned<'a> {
    /// Cohort rows that were looked at.
    rows: Vec<u32>,
    /// Variants that were usable on them.
    variants: usize,
    /// Columns with what was found of each.
    columns: Vec<(&'a str, Found)>,
}

struct Scanner<'a> {
    command: &'a Eqtl,
    spec: &'a Spec,
    asked: Asked,
    measured: &'a Measured,
}

impl<'a> Scanner<'a> {
    fn run(
        &self,
        world: &dyn World,
        found: &mut Diagnostics,
        (console, interrupt): (&Console, &Interrupt),
    ) -> Result<Scanned<'a>, Diagnostic> {
        let Measured { sets, offered, cohort, .. } = self.measured;
        let traits = self.traits()?;
        let rows = self.rows(world, found)?;
        let mut usable = model::usable(self.spec, cohort, sets, offered, &rows);
        for (at, usable) in usable.iter_mut().enumerate() {
            if self.asked.set.is_some_and(|set| set != at) {
                usable.fill(false);
            }
        }
        let markers: Vec<MarkerSet<'_>> = sets
            .iter()
            .zip(&cohort.rows_of_set)
            .zip(&usable)
            .map(|((GenotypeSet { calls, .. }, rows), usable)| MarkerSet { calls, rows, usable })
            .collect();
        let covariates = intercept_and_components(&markers, &rows, self.command.pcs)?;
        let keep = Keep { top: self.command.top.get(), p: self.command.p, clump: self.command.clump };
        let scan = Scan { sets: &markers, covariates: &covariates, rows: &rows, keep };
        let values: Vec<&[f64]> = traits.iter().map(|(_, values)| *values).collect();
        let meter = Meter::new(console, interrupt, traits.len(), "columns scanned");
        let scanned = scan.run(&values, &meter);
        meter.clear();
        let scanned = scanned.ok_or_else(error::interrupted)?;
        let columns = traits.iter().map(|(name, _)| *name).zip(scanned).collect();
        let variants = usable.iter().flatten().filter(|usable| **usable).count();
        Ok(Scanned { rows, variants, columns })
    }

    /// Columns of the table that hold numbers.
    fn traits(&self) -> Result<Vec<(&'a str, &'a [f64])>, Diagnostic> {
        let columns = &self.measured.cohort.columns[self.asked.table];
        let numeric = columns.iter().filter_map(|(name, data)| match data {
            ColumnData::Numeric(values) => Some((name.as_str(), values.as_slice())),
            ColumnData::Categorical { .. } => None,
        });
        let numeric: Vec<(&str, &[f64])> = numeric.collect();
        if numeric.is_empty() { Err(error::no_numbers(&self.command.table)) } else { Ok(numeric) }
    }

    /// Cohort rows that may be looked at: those of the list, or all.
    fn rows(&self, world: &dyn World, found: &mut Diagnostics) -> Result<Vec<u32>, Diagnostic> {
        let samples = &self.measured.cohort.samples;
        let Some(list) = &self.command.samples else { return Ok((0..samples.len() as u32).collect()) };
        let (ids, file) = read_id_list(world, list)?;
        let wanted: FxHashSet<&str> = ids.iter().map(String::as_str).collect();
        let is_wanted = |sample: &SampleId| wanted.contains(sample.individual.as_str());
        let rows: Vec<u32> =
            (0..).zip(samples).filter(|(_, one)| is_wanted(one)).map(|(row, _)| row).collect();
        let known: FxHashSet<&str> = samples.iter().map(|sample| sample.individual.as_str()).collect();
        let unknown: Vec<&str> = ids.iter().map(String::as_str).filter(|id| !known.contains(id)).collect();
        if rows.is_empty() {
            return Err(error::no_sample_of_list(&file.name, &unknown));
        }
        if !unknown.is_empty() {
            found.push(error::samples_unknown(&file.name, &unknown, ids.len()));
        }
        Ok(rows)
    }
}
