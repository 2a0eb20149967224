//! The run folder: what stands in it, and putting a run into it.
//!
//! A folder without `run.json` holds no finished run. Time, threads and paths stand in
//! `run.json` and `run.log` alone; every other file is the same for the same inputs.

mod checkpoints;
mod commit;
mod models;
mod reading;
mod record;

pub(super) use checkpoints::{FOLDER as CHECKPOINTS, Left, Store};
pub(super) use reading::finished;
pub(super) use record::Record;

use super::error;
use super::load::Loaded;
use super::machine::Held;
use super::print::cannot_write;
use crate::data::folds_table;
use crate::engine::model;
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use crate::study::evaluate::Outcome;
use crate::study::explain::DEVIATIONS;
use crate::study::report;
use commit::Commit;
use std::path::Path;

/// The override that says how often importances were drawn under a null.
pub(super) const NULLS: &str = "nulls";
/// Digits of a digest that tell runs apart for a reader.
const SHORT: usize = 8;
/// Written and removed at once, to see whether the folder takes files.
const PROBE: &str = ".binnc-probe";
/// Held by the process that runs in the folder.
const LOCK: &str = ".running";

/// Takes a folder for a run, and holds it while the result lives; `None` where this very run stands there.
///
/// # Errors
/// E0901 where the folder takes no files, E0904 where another process holds it or, unless forced, another run
/// stands there.
pub(super) fn take(
    world: &dyn World,
    out: &Path,
    record: &Record,
    is_forced: bool,
) -> Result<Option<Box<dyn Send>>, Diagnostic> {
    let is_complete = || match standing(world, out, record)? {
        Standing::Complete => Ok(true),
        Standing::Other { finished, differs } => Err(error::in_use(out, finished, &differs)),
        Standing::Free => Ok(false),
    };
    if !is_forced && is_complete()? {
        return Ok(None);
    }
    let held = hold(world, out)?;
    tidy(world, out)?;
    // Another process may have finished a run meanwhile.
    if !is_forced && is_complete()? {
        return Ok(None);
    }
    check_writable(world, out)?;
    Ok(Some(held))
}

/// What the folder of a run holds already.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// Nothing of another run.
    Free,
    /// This very run, finished.
    Complete,
    /// Another run, finished or not, with what differs.
    Other { finished: bool, differs: Vec<String> },
}

/// What the folder holds.
fn standing(world: &dyn World, out: &Path, record: &Record) -> Result<Standing, Diagnostic> {
    let finished = reading::record(world, out)?;
    if finished.as_ref().is_some_and(|run| record.is_of(run)) {
        return Ok(Standing::Complete);
    }
    let other = |finished, other: &_| Standing::Other { finished, differs: record.differs_from(other) };
    Ok(match (reading::begun(world, out)?, finished) {
        // It was begun here in place of what stands there.
        (Some(begun), _) if record.is_of(&begun) => Standing::Free,
        (_, Some(run)) => other(true, &run),
        (Some(begun), None) => other(false, &begun),
        (None, None) => Standing::Free,
    })
}

/// Makes the folder and holds it while the result lives.
///
/// # Errors
/// E0901 where the folder takes no files, E0904 where another process holds it.
pub(super) fn hold(world: &dyn World, out: &Path) -> Result<Box<dyn Send>, Diagnostic> {
    let path = out.join(LOCK);
    world.create_folder(out).map_err(|why| cannot_write(out, &why))?;
    let held = world.hold(&path).map_err(|why| cannot_write(&path, &why))?;
    held.ok_or_else(|| {
        let number = world.read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        error::held_by_another(out, number.as_deref().unwrap_or_default())
    })
}

/// Finishes or clears what a process that was ended left half done; for whoever holds the folder.
fn tidy(world: &dyn World, out: &Path) -> Result<(), Diagnostic> {
    commit::settle(world, out)?;
    commit::sweep(world, out);
    Ok(())
}

/// Lets go of the checkpoints of another run.
pub(super) fn forget_other(world: &dyn World, out: &Path, record: &Record) -> Result<(), Diagnostic> {
    if has_checkpoints(world, out, record) { Ok(()) } else { commit::remove(world, &out.join(CHECKPOINTS)) }
}

/// Lets go of what a process that was ended just after its run stood had no time to remove; what cannot be
/// removed, such as in a folder that is only read, is in nobody's way.
pub(super) fn clear_up(world: &dyn World, out: &Path, record: &Record) {
    let is_own = has_checkpoints(world, out, record);
    if !is_own && !world.exists(&out.join(LOCK)) {
        return;
    }
    let Ok(_held) = hold(world, out) else { return };
    let tidied = tidy(world, out);
    if is_own {
        drop(tidied.and_then(|()| commit::remove(world, &out.join(CHECKPOINTS))));
    }
}

/// Whether the checkpoints in a folder are of this very run.
fn has_checkpoints(world: &dyn World, out: &Path, record: &Record) -> bool {
    reading::begun(world, out).ok().flatten().is_some_and(|begun| record.is_of(&begun))
}

/// Tries to write in the folder: better now than after hours of training.
fn check_writable(world: &dyn World, out: &Path) -> Result<(), Diagnostic> {
    let path = out.join(PROBE);
    world.write(&path, b"").map_err(|why| cannot_write(&path, &why))?;
    commit::remove(world, &path)
}

/// Puts every file in place, or none.
pub(super) fn write(
    world: &dyn World,
    out: &Path,
    loaded: &Loaded,
    outcome: &Outcome,
    record: &mut Record,
) -> Result<(), Diagnostic> {
    let mut folder = Commit::new(world, out)?;
    let cohort = &loaded.cohort;
    let study = loaded.study();
    record.learnt = report::learnt_figures(&study, &outcome.fitted);
    let json = |value: serde_json::Result<String>| value.map_err(|why| cannot_write(out, &why.into()));
    let coverage = report::coverage_tsv(&loaded.coverage(), &loaded.graph.graph().pruned, &outcome.fitted);
    folder.write("metrics.tsv", report::metrics_tsv(&outcome.metrics).as_bytes())?;
    folder.write("metrics.json", json(report::metrics_json(&outcome.metrics))?.as_bytes())?;
    let wanted = &loaded.spec.evaluate.metrics;
    // Runs of one model that differ in anything have rows of their own.
    let run = format!("{} {}", loaded.spec.model.value, &record.run_digest[..SHORT]);
    let content = report::multiqc(&run, &report::summarise(&outcome.metrics, wanted), wanted);
    folder.write("accuracy_mqc.json", format!("{content:#}\n").as_bytes())?;
    folder.write("differences.tsv", report::differences_tsv(&outcome.differences).as_bytes())?;
    folder.write("predictions.tsv", report::predictions_tsv(&outcome.predictions, cohort).as_bytes())?;
    folder.write("training.tsv", report::training_tsv(&outcome.fits).as_bytes())?;
    folder.write("nodes.tsv", report::nodes_tsv(&outcome.inside.nodes).as_bytes())?;
    let importances =
        report::importances_tsv(&outcome.importance, &loaded.spec.trait_names(), "clamp", Some(DEVIATIONS));
    folder.write("importance.tsv", importances.as_bytes())?;
    folder.write("branches.tsv", report::branches_tsv(&outcome.inside.branches).as_bytes())?;
    folder.write("coverage.tsv", coverage.as_bytes())?;
    folder.write("folds.tsv", folds_table(&outcome.folds, cohort).as_bytes())?;
    // Last, since they are the largest: what was measured is on disk by then.
    for fitted in &outcome.fitted {
        let place = fitted.fold.as_ref().map_or_else(String::new, |_| format!("folds/{}/", fitted.place()));
        let model = models::predictor(loaded, fitted);
        let bytes = model::save(&model).map_err(|why| cannot_write(out, &std::io::Error::other(why)))?;
        folder.write(&format!("{place}model.safetensors"), &bytes)?;
        for (name, text) in [
            ("links.tsv", report::links_tsv(&study, fitted)),
            ("selected.tsv", report::selected_tsv(&study, fitted)),
        ] {
            if let Some(text) = text {
                folder.write(&format!("{place}{name}"), text.as_bytes())?;
            }
        }
        if fitted.fold.is_some() {
            folder.write(&format!("{place}rows.tsv"), report::rows_tsv(fitted, cohort).as_bytes())?;
        }
    }
    // Writing models takes memory too.
    record.figures.peak(Held::of(world));
    folder.write("run.log", record.log().as_bytes())?;
    record.files = folder.files();
    folder.finish(json(serde_json::to_string_pretty(record))?.as_bytes())
}
