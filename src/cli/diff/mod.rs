//! `binnc diff OLD NEW`: what a change does to the graph, by name.
//!
//! Both sides are compiled, without genotype calls. Where lists of variants or samples are not
//! there, what the specs and the priors say is compared alone, and that is said.

mod error;
mod markdown;
mod report;
mod side;
mod text;

use super::Failed;
use super::args::{Diff, DiffFormat};
use super::print::Console;
use crate::io::World;
use report::Report;
use side::Side;

/// Exit code of two sides that differ, as for `diff`.
const DIFFERENT: u8 = 1;
/// Names of each kind that people are shown.
const NAMES: usize = 20;

pub(super) fn run(command: &Diff, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let old = Side::load(world, &command.old, command.old_data_root.as_deref())?;
    let new = Side::load(world, &command.new, command.new_data_root.as_deref())?;
    let report = Report::of(&old, &new);
    let limit = command.limit.unwrap_or(NAMES);
    let text = match command.format {
        DiffFormat::Text => text::text(&report, limit),
        DiffFormat::Markdown => markdown::markdown(&report, limit),
        DiffFormat::Json => format!("{:#}\n", report.json(command.limit)),
    };
    console.result(&text);
    Ok(if report.equal { 0 } else { DIFFERENT })
}
