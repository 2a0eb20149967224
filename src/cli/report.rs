//! `binnc report RUN`: one page about a finished run.

use super::args::Report;
use super::diagnose::{bytes, evidence, table};
use super::error::run_unreadable;
use super::genotyped::load;
use super::print::{Console, cannot_write};
use super::{Failed, error};
use crate::compiler::plan::Input;
use crate::engine::model::Predictor;
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use crate::study::diagnose::{Evidence, signs};
use crate::study::report::page::{Place, Run, Sign, page};
use crate::study::report::{Explained, cells, rows};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn run(command: &Report, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let out = command.out.clone().unwrap_or_else(|| command.run.join(PAGE));
    if is_another_file(world, &out) {
        let why = format!("`{}` is there and is no report: give `--out` another name", out.display());
        return Ok(console.wrong_use(&why));
    }
    let mut run = read(world, &command.run, command.sample_ids)?;
    for path in &command.explained {
        let rows: Vec<Explained> =
            rows(&bytes(world, path)?).map_err(|why| error::no_explained(path, &why))?;
        let is_own = |row: &Explained| run.metrics.iter().any(|known| known.trait_name == row.trait_name);
        if let Some(other) = rows.iter().find(|row| !run.metrics.is_empty() && !is_own(row)) {
            let why = format!("it has the trait `{}`, and the run has not", other.trait_name);
            return Err(error::no_explained(path, &why).into());
        }
        run.explained.extend(rows);
    }
    if !run.explained.is_empty() {
        let model = load(&command.run.join("model.safetensors"), world)?;
        run.places = places(&model);
        run.sets = model.first().header.genotypes.iter().cloned().collect();
    }
    let bytes = written(world, &out, &run)?;
    console.say(&format!("report {}, {:.1} MB", out.display(), bytes as f64 / 1e6));
    Ok(0)
}

/// Whether something else than a page stands there.
fn is_another_file(world: &dyn World, out: &Path) -> bool {
    world.exists(out) && world.read(out).is_ok_and(|bytes| !bytes.starts_with(b"<!doctype html>"))
}

/// The page of a run folder, where no other place is given.
pub(super) const PAGE: &str = "report.html";

/// Writes the page of a finished run into its folder; gives how many signs of trouble it names.
pub(super) fn write(world: &dyn World, folder: &Path) -> Result<usize, Diagnostic> {
    let run = read(world, folder, false)?;
    written(world, &folder.join(PAGE), &run)?;
    Ok(run.signs.len())
}

fn written(world: &dyn World, out: &Path, run: &Run) -> Result<usize, Diagnostic> {
    let page = page(run).map_err(|why| run_unreadable(out, &why))?;
    world.write(out, page.as_bytes()).map_err(|why| cannot_write(out, &why))?;
    Ok(page.len())
}

/// Everything that a run folder says of itself.
fn read(world: &dyn World, folder: &Path, with_ids: bool) -> Result<Run, Diagnostic> {
    let evidence = evidence(world, folder)?;
    let signs = signs(&evidence).into_iter().map(sign).collect();
    let Evidence { metrics, differences, training, nodes, predictions, .. } = evidence;
    let path = folder.join("coverage.tsv");
    let coverage = cells(&bytes(world, &path)?).map_err(|why| run_unreadable(&path, &why))?;
    let path = folder.join("run.json");
    let record: Value =
        serde_json::from_slice(&bytes(world, &path)?).map_err(|why| run_unreadable(&path, &why))?;
    let spec = record["spec"].as_str().unwrap_or_default();
    let spec: Value = serde_json::from_str(spec).map_err(|why| run_unreadable(&path, &why))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    Ok(Run {
        model: text(&record["model"]),
        doc: text(&spec["doc"]),
        written_by: text(&record["written_by"]),
        command: command(&record),
        facts: facts(&record),
        units: of_columns(&spec, "unit"),
        kinds: of_columns(&spec, "kind"),
        metric: spec["evaluate"]["metrics"][0].as_str().unwrap_or("pearson").to_string(),
        metrics,
        differences,
        training,
        nodes,
        predictions,
        importance: table(world, &folder.join("importance.tsv"))?,
        coverage,
        signs,
        with_ids,
        ..Run::default()
    })
}

fn sign(found: Diagnostic) -> Sign {
    Sign {
        code: found.code.name().to_string(),
        message: found.message.clone(),
        help: found.help.as_deref().map(str::to_string),
    }
}

/// What runs the spec again, with what the command line had changed.
fn command(record: &Value) -> String {
    let mut command = String::from("binnc run SPEC");
    for change in record["overrides"].as_array().into_iter().flatten() {
        let (name, value) = (change[0].as_str().unwrap_or_default(), change[1].as_str().unwrap_or_default());
        command += &match name.strip_prefix("let ") {
            Some(constant) => format!(" --set {constant}={value}"),
            None => format!(" --{name} {value}"),
        };
    }
    command
}

/// What does not depend on the machine or the hour.
fn facts(record: &Value) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    for (key, name) in [
        ("written_by", "version of binnc"),
        ("instruction_set", "instruction set"),
        ("seed", "seed"),
        ("run_digest", "digest of the run"),
        ("graph_digest", "digest of the graph"),
        ("plan_digest", "digest of the plan"),
    ] {
        let value = &record[key];
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_string);
        facts.push((name.to_string(), shown));
    }
    for file in record["inputs"].as_array().into_iter().flatten() {
        let (name, bytes, digest) = (&file[0], &file[1], &file[2]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        facts.push((text(name), format!("{bytes} bytes, BLAKE3 {}", text(digest))));
    }
    facts
}

/// What the spec says of its columns.
fn of_columns(spec: &Value, key: &str) -> BTreeMap<String, String> {
    let tables = spec["tables"].as_array().into_iter().flatten();
    let columns = tables.flat_map(|table| table["columns"].as_array().into_iter().flatten());
    columns
        .filter_map(|column| Some((column["name"].as_str()?.to_string(), column[key].as_str()?.to_string())))
        .collect()
}

/// Where the variants of a model stand, by genotype set and id.
fn places(predictor: &Predictor) -> BTreeMap<(String, String), Place> {
    let mut places = BTreeMap::new();
    let mut chromosomes: Vec<String> = Vec::new();
    for part in &predictor.parts {
        let header = &part.model.header;
        let sets = header.inputs.iter().filter_map(|input| match input {
            Input::Variant { set, .. } => Some(*set),
            Input::Column { .. } => None,
        });
        for (set, variant) in sets.zip(&header.variants) {
            let Some(position) = variant.position else { continue };
            let known = chromosomes.iter().position(|name| *name == variant.chromosome);
            let chromosome = known.unwrap_or_else(|| {
                chromosomes.push(variant.chromosome.clone());
                chromosomes.len() - 1
            });
            let place = Place { chromosome, name: variant.chromosome.clone(), position };
            places.insert((header.genotypes[set].clone(), variant.id.clone()), place);
        }
    }
    places
}
