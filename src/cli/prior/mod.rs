//! `binnc prior`: links derived from genotypes and measurements, as files that a spec can read.

mod eqtl;
mod error;
mod select;
mod written;

use super::args::{Measurements, Prior, PriorFrom};
use super::load::{self, Measured, Opened};
use super::machine::Threads;
use super::print::Console;
use super::progress::Interrupt;
use super::{Diagnostics, Failed};
use crate::data::{ColumnData, InputFile, SampleId, read_id_list};
use crate::io::World;
use crate::language::diagnostics::{Code, Diagnostic};
use crate::language::spec::Spec;
use rustc_hash::FxHashSet;
use std::time::Instant;
use written::Written;

pub(super) fn run(
    command: &Prior,
    world: &dyn World,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<u8, Failed> {
    match &command.from {
        PriorFrom::Eqtl(command) => {
            derive(&command.from, (world, console, interrupt), |reading| eqtl::run(command, reading))
        }
        PriorFrom::Select(command) => {
            derive(&command.from, (world, console, interrupt), |reading| select::run(command, reading))
        }
    }
}

/// What a derivation reads, and where it speaks.
struct Reading<'a> {
    world: &'a dyn World,
    console: &'a Console,
    interrupt: &'a Interrupt,
    spec: &'a Spec,
    measured: &'a Measured,
    /// Columns of the table that hold numbers, by cohort row.
    columns: Vec<(&'a str, &'a [f64])>,
    /// Cohort rows to look at: those that were asked for and have a number in the table.
    rows: Vec<u32>,
}

/// What a derivation gives.
struct Derived {
    /// The table to write.
    table: String,
    /// Samples that anything in it was estimated on.
    samples: Vec<String>,
    /// Options and figures for the record.
    record: serde_json::Map<String, serde_json::Value>,
    /// Files that were read beside the spec's own.
    files: Vec<InputFile>,
    /// What was done, for the reader, before and after the time that it took.
    told: [String; 2],
}

impl Reading<'_> {
    /// Individuals of some rows.
    fn samples(&self, rows: &[u32]) -> Vec<String> {
        rows.iter().map(|row| self.measured.cohort.samples[*row as usize].individual.clone()).collect()
    }
}

/// Why nothing was derived.
enum Refusal {
    /// An option that the spec does not bear out.
    Usage(String),
    Found(Diagnostic),
}

impl From<Diagnostic> for Refusal {
    fn from(found: Diagnostic) -> Self {
        Self::Found(found)
    }
}

fn derive(
    from: &Measurements,
    (world, console, interrupt): (&dyn World, &Console, &Interrupt),
    work: impl FnOnce(&Reading<'_>) -> Result<Derived, Refusal> + Send,
) -> Result<u8, Failed> {
    let started = Instant::now();
    let (threads, unclear) = Threads::of(from.threads, world);
    let Opened { sources, spec, mut found, input, .. } =
        load::open_in(world, &from.spec, from.root.as_deref(), &[])?;
    found.extend(unclear);
    let Some(spec) = spec else { return Err(Failed { found, sources }) };
    let table = match place("table", &from.table, spec.tables.iter().map(|table| table.name.value.as_str())) {
        Ok(table) => table,
        Err(why) => return Ok(console.wrong_use(&why)),
    };
    if spec.tables[table].repeated {
        found.push(error::measured_repeatedly(&from.table));
        return Err(Failed { found, sources });
    }
    let root = load::data_root(from.data_root.as_deref(), &from.spec);
    let (measured, said) = match load::measured(world, &spec, &root) {
        Ok(measured) => measured,
        Err(said) => {
            found.extend(said);
            return Err(Failed { found, sources });
        }
    };
    found.extend(said);
    let columns = numeric(&measured, table);
    if columns.is_empty() {
        found.push(error::no_numbers(&from.table));
        return Err(Failed { found, sources });
    }
    let (rows, listed) = match rows(from, world, &measured, &columns, &mut found) {
        Ok(rows) => rows,
        Err(why) => {
            found.push(why);
            return Err(Failed { found, sources });
        }
    };
    let reading = Reading { world, console, interrupt, spec: &spec, measured: &measured, columns, rows };
    let derived = match threads.start()?.install(|| work(&reading)) {
        Ok(derived) => derived,
        Err(Refusal::Usage(why)) => return Ok(console.wrong_use(&why)),
        Err(Refusal::Found(why)) => {
            found.push(why);
            return Err(Failed { found, sources });
        }
    };
    // What the network does not use may well be what is measured.
    let mut told = Diagnostics::default();
    told.extend(found.into_iter().filter(|one| one.code != Code::W0205));
    console.report(&told, &sources);
    let written = Written { from, spec: &spec, derived: &derived };
    written.write(world, input.iter().chain(&measured.files).chain(&listed).chain(&derived.files))?;
    let [before, after] = &derived.told;
    console.result(&format!("{before} in {:.1} s{after}", started.elapsed().as_secs_f64()));
    Ok(0)
}

/// The place of a declared name.
fn place<'n>(what: &str, name: &str, names: impl Iterator<Item = &'n str>) -> Result<usize, String> {
    let names: Vec<&str> = names.collect();
    let place = names.iter().position(|one| *one == name);
    place.ok_or_else(|| error::not_declared(what, name, &names))
}

/// Columns of a table that hold numbers.
fn numeric(measured: &Measured, table: usize) -> Vec<(&str, &[f64])> {
    let numeric = measured.cohort.columns[table].iter().filter_map(|(name, data)| match data {
        ColumnData::Numeric(values) => Some((name.as_str(), values.as_slice())),
        ColumnData::Categorical { .. } => None,
    });
    numeric.collect()
}

/// Cohort rows that may be looked at and were measured, and the list that says which.
fn rows(
    from: &Measurements,
    world: &dyn World,
    measured: &Measured,
    columns: &[(&str, &[f64])],
    found: &mut Diagnostics,
) -> Result<(Vec<u32>, Option<InputFile>), Diagnostic> {
    let samples = &measured.cohort.samples;
    let mut rows: Vec<u32> = (0..samples.len() as u32).collect();
    let mut read = None;
    if let Some(list) = &from.samples {
        let (ids, file) = read_id_list(world, list)?;
        let wanted: FxHashSet<&str> = ids.iter().map(String::as_str).collect();
        let known: FxHashSet<&str> = samples.iter().map(|sample| sample.individual.as_str()).collect();
        let unknown: Vec<&str> = ids.iter().map(String::as_str).filter(|id| !known.contains(id)).collect();
        let is_wanted = |sample: &SampleId| wanted.contains(sample.individual.as_str());
        rows.retain(|row| is_wanted(&samples[*row as usize]));
        if rows.is_empty() {
            return Err(error::no_sample_of_list(&file.name, &unknown));
        }
        if !unknown.is_empty() {
            found.push(error::samples_unknown(&file.name, &unknown, ids.len()));
        }
        read = Some(file);
    }
    rows.retain(|row| columns.iter().any(|(_, values)| !values[*row as usize].is_nan()));
    if rows.is_empty() { Err(error::nothing_measured(&from.table)) } else { Ok((rows, read)) }
}
