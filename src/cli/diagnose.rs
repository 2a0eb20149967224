//! `binnc diagnose RUN`: signs of trouble in what a run left behind.

use super::args::Diagnose;
use super::error::{run_unreadable, table_unreadable};
use super::print::Console;
use super::run_folder::finished;
use super::{Diagnostics, Failed};
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use crate::language::source::Sources;
use crate::study::diagnose::{Evidence, signs};
use crate::study::report::rows;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::path::Path;

pub(super) fn run(command: &Diagnose, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let evidence = evidence(world, &command.run)?;
    let signs = signs(&evidence);
    let count = signs.len();
    let mut found = Diagnostics::default();
    found.extend(signs);
    console.report(&found, &Sources::default());
    console.result(&summary(&command.run, &evidence, count));
    Ok(u8::from(count > 0))
}

/// The tables of a finished run.
///
/// # Errors
/// E0301 where the run or a table is not there, E0904 where a table is not as a run writes it.
pub(super) fn evidence(world: &dyn World, run: &Path) -> Result<Evidence, Diagnostic> {
    finished(world, run)?;
    Ok(Evidence {
        metrics: table(world, &run.join("metrics.tsv"))?,
        differences: table(world, &run.join("differences.tsv"))?,
        training: table(world, &run.join("training.tsv"))?,
        nodes: table(world, &run.join("nodes.tsv"))?,
        importance: table(world, &run.join("importance.tsv"))?,
        branches: table(world, &run.join("branches.tsv"))?,
        predictions: table(world, &run.join("predictions.tsv"))?,
    })
}

/// The bytes of a file of a run.
///
/// # Errors
/// E0301 where it is not there.
pub(super) fn bytes(world: &dyn World, path: &Path) -> Result<Vec<u8>, Diagnostic> {
    world.read(path).map_err(|why| table_unreadable(path, &why))
}

/// The rows of a table of a run.
///
/// # Errors
/// E0301 where it is not there, E0904 where it is not as a run writes it.
pub(super) fn table<T: DeserializeOwned>(world: &dyn World, path: &Path) -> Result<Vec<T>, Diagnostic> {
    rows(&bytes(world, path)?).map_err(|why| run_unreadable(path, &why))
}

/// What was looked at, what could not be, and how many signs there are.
fn summary(run: &Path, evidence: &Evidence, signs: usize) -> String {
    let folds: BTreeSet<(usize, usize)> = evidence.metrics.iter().map(|row| (row.repeat, row.fold)).collect();
    let nodes: BTreeSet<(&str, &str)> =
        evidence.nodes.iter().map(|row| (row.layer.as_str(), row.node.as_str())).collect();
    let said = match signs {
        0 => "no sign of trouble".to_string(),
        1 => "1 sign of trouble".to_string(),
        some => format!("{some} signs of trouble"),
    };
    let mut text = format!("{}: {} folds, {} nodes; {said}\n", run.display(), folds.len(), nodes.len());
    let linear = evidence.metrics.iter().any(|row| ["gblup", "ridge"].contains(&row.method.as_str()));
    let seeds = evidence.predictions.iter().any(|row| row.method == "binn" && row.sd.is_some());
    let measured = evidence.nodes.iter().any(|row| row.measured_by != "NA");
    let validated = evidence.training.iter().any(|row| row.repeat > 0 && row.validation.is_some());
    for (could, what) in [
        (!folds.is_empty(), "anything by folds: `evaluate none` makes none"),
        (linear, "accuracy beside a linear model: no `gblup` or `ridge` among the baselines"),
        (validated, "training curves: no fit had validation samples"),
        (seeds, "agreement of seeds: `ensemble` is 1"),
        (measured, "latents beside measurements: no node is supervised"),
    ] {
        if !could {
            text += &format!("not looked at: {what}\n");
        }
    }
    text
}
