//! `binnc experiment SPEC --vary NAME=V1,V2 …`: one run a combination, and a table of all.
//!
//! Each run has a folder of its own, so that an experiment that was stopped goes on where it was: what is
//! there already is not run again.

mod grid;
mod table;

use super::args::{Experiment, Run};
use super::diagnose::table as table_of;
use super::error;
use super::load::Setting;
use super::print::{Console, cannot_write};
use super::progress::Interrupt;
use super::{Failed, run as run_spec};
use crate::io::World;
pub(super) use grid::Axis;
use std::path::{Path, PathBuf};
use table::Cell;

pub(super) fn run(
    command: &Experiment,
    world: &dyn World,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<u8, Failed> {
    let axes: Vec<Axis> = command.vary.iter().chain(&command.over).cloned().collect();
    if let Some(twice) = grid::named_twice(&axes, &command.how.input.set) {
        return Err(error::constant_varied_twice(&twice).into());
    }
    let out = folder(command);
    let cells = grid::combinations(&axes);
    let mut done = Vec::new();
    let quiet = console.muted();
    for (at, settings) in cells.iter().enumerate() {
        let own = out.join(grid::folder_name(settings));
        // What all runs have in common is said once.
        let speaker = if at == 0 { console.without_results() } else { quiet.clone() };
        console.say(&format!("{} of {}: {}", at + 1, cells.len(), grid::told(settings)));
        run_spec::run(&cell(command, settings, &own), world, &speaker, interrupt)?;
        done.push(Cell { settings: settings.clone(), measures: table_of(world, &own.join("metrics.tsv"))? });
    }
    let path = out.join("experiment.tsv");
    world.write(&path, table::tsv(&axes, &done).as_bytes()).map_err(|why| cannot_write(&path, &why))?;
    console.result(&table::shown(&command.vary, &done, command.metric));
    console.say(&format!("every run, trait, method and measure in {}", path.display()));
    Ok(0)
}

/// Where the runs stand.
fn folder(command: &Experiment) -> PathBuf {
    let name = command.how.input.spec.file_stem().map_or_else(|| "spec".into(), |stem| stem.to_os_string());
    command.out.clone().unwrap_or_else(|| Path::new("experiments").join(name))
}

/// The run of one combination.
fn cell(command: &Experiment, settings: &[Setting], out: &Path) -> Run {
    let mut how = command.how.clone();
    how.input.set.extend(settings.iter().cloned());
    Run { how, out: Some(out.to_path_buf()), nulls: None, resume: false }
}
