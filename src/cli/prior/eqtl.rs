//! `binnc prior eqtl`: which variants tell which measured columns.

use super::{Derived, Reading, Refusal, error, place};
use crate::cli::args::Eqtl;
use crate::cli::load::Measured;
use crate::cli::progress::Meter;
use crate::data::{GenotypeSet, read_id_list};
use crate::engine::model;
use crate::study::derive::eqtl::{Found, Keep, Link, Scan};
use crate::study::derive::intercept_and_components;
use crate::study::linear::dosage::MarkerSet;
use rustc_hash::FxHashSet;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// What a scan found.
struct Scanned<'a> {
    /// Variants that were usable.
    variants: usize,
    /// Columns with what was found of each.
    columns: Vec<(&'a str, Found)>,
}

pub(super) fn run(command: &Eqtl, reading: &Reading<'_>) -> Result<Derived, Refusal> {
    let sets = reading.spec.genotypes.iter().map(|item| item.name.value.as_str());
    let set = command.genotypes.as_deref().map(|name| place("genotypes", name, sets)).transpose();
    let scanned = scan(command, reading, set.map_err(Refusal::Usage)?)?;
    let samples = samples(command, reading)?;
    let Eqtl { columns: listed, genotypes, top, p, clump, pcs, .. } = command;
    let record = json!({
        "derived": "eqtl",
        "columns_of": listed.as_ref().map(|path| path.display().to_string()),
        "genotypes": genotypes,
        "columns": scanned.columns.len(),
        "top": top,
        "p": p,
        "clump": clump,
        "pcs": pcs,
        "variants": scanned.variants,
    });
    Ok(Derived {
        table: table(&scanned, reading.measured),
        record: record.as_object().cloned().unwrap_or_default(),
        told: told(command, (reading.rows.len(), samples.len()), &scanned),
        samples,
    })
}

fn scan<'a>(command: &Eqtl, reading: &Reading<'a>, set: Option<usize>) -> Result<Scanned<'a>, Refusal> {
    let Measured { sets, offered, cohort, .. } = reading.measured;
    let rows = &reading.rows;
    let mut usable = model::usable(reading.spec, cohort, sets, offered, rows);
    for (at, usable) in usable.iter_mut().enumerate() {
        if set.is_some_and(|set| set != at) {
            usable.fill(false);
        }
    }
    let markers: Vec<MarkerSet<'_>> = sets
        .iter()
        .zip(&cohort.rows_of_set)
        .zip(&usable)
        .map(|((GenotypeSet { calls, .. }, rows), usable)| MarkerSet { calls, rows, usable })
        .collect();
    let covariates = intercept_and_components(&markers, rows, command.pcs)?;
    let keep = Keep { top: command.top.get(), p: command.p, clump: command.clump };
    let columns = columns(command, reading)?;
    let values: Vec<&[f64]> = columns.iter().map(|(_, values)| *values).collect();
    let meter = Meter::new(reading.console, reading.interrupt, columns.len(), "columns scanned");
    let scanned = Scan { sets: &markers, covariates: &covariates, rows, keep }.run(&values, &meter);
    meter.clear();
    let scanned = scanned.ok_or_else(error::interrupted)?;
    let columns = columns.iter().map(|(name, _)| *name).zip(scanned).collect();
    Ok(Scanned { variants: usable.iter().flatten().filter(|usable| **usable).count(), columns })
}

/// Samples that are scanned, and those that the columns were selected on, where a list says so.
fn samples(command: &Eqtl, reading: &Reading<'_>) -> Result<Vec<String>, Refusal> {
    let mut samples = reading.samples(&reading.rows);
    let list = command.columns.as_ref().map(|columns| columns.with_extension("samples.txt"));
    if let Some(list) = list.filter(|list| reading.world.exists(list)) {
        let scanned: FxHashSet<String> = samples.iter().cloned().collect();
        let (ids, _) = read_id_list(reading.world, &list)?;
        samples.extend(ids.into_iter().filter(|id| !scanned.contains(id)));
    }
    Ok(samples)
}

/// Columns to scan: those that were asked for, or all.
fn columns<'a>(command: &Eqtl, reading: &Reading<'a>) -> Result<Vec<(&'a str, &'a [f64])>, Refusal> {
    let Some(path) = &command.columns else { return Ok(reading.columns.clone()) };
    let names = names(reading, path)?;
    let of = |name: &String| reading.columns.iter().find(|(column, _)| column == name).copied();
    let unknown: Vec<&str> = names.iter().filter(|name| of(name).is_none()).map(String::as_str).collect();
    if unknown.is_empty() {
        return Ok(names.iter().filter_map(of).collect());
    }
    Err(error::columns_unknown(&path.display().to_string(), &unknown, &command.from.table).into())
}

/// The column `gene` of a table.
fn names(reading: &Reading<'_>, path: &Path) -> Result<Vec<String>, Refusal> {
    let name = path.display().to_string();
    let bytes = reading.world.read(path).map_err(|why| error::unreadable(&name, &why))?;
    let mut table = csv::ReaderBuilder::new().delimiter(b'\t').from_reader(bytes.as_slice());
    let head = table.headers().map_err(|why| error::malformed(&name, &why))?;
    let at = head.iter().position(|column| column == "gene").ok_or_else(|| error::no_genes(&name))?;
    let mut names = Vec::new();
    for record in table.records() {
        let record = record.map_err(|why| error::malformed(&name, &why))?;
        names.push(record[at].to_string());
    }
    if names.is_empty() { Err(error::empty_list(&name).into()) } else { Ok(names) }
}

fn table(scanned: &Scanned<'_>, measured: &Measured) -> String {
    let mut text = String::from("snp\tgene\trank\tt\tnegative_log10_p\tslope\tsamples\n");
    for (gene, found) in &scanned.columns {
        let Found::Links(links, samples) = found else { continue };
        for (rank, link) in (1..).zip(links) {
            let Link { set, variant, t, negative_log10_p, slope } = *link;
            let snp = &measured.sets[set].variants[variant].id;
            // Digits that do not depend on the machine.
            let _ = writeln!(
                text,
                "{snp}\t{gene}\t{rank}\t{t:.5}\t{negative_log10_p:.4}\t{slope:.5e}\t{samples}"
            );
        }
    }
    text
}

/// What was done, and how a spec reads it.
fn told(
    command: &Eqtl,
    (scanned, all): (usize, usize),
    Scanned { variants, columns }: &Scanned<'_>,
) -> String {
    let links = |found: &Found| match found {
        Found::Links(links, _) => links.len(),
        Found::Nothing => 0,
    };
    let total: usize = columns.iter().map(|(_, found)| links(found)).sum();
    let without = columns.iter().filter(|(_, found)| links(found) == 0).count();
    let out = &command.from.out;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (file, list) = (name(out), name(&out.with_extension("samples.txt")));
    format!(
        "{} columns of `{}` scanned over {variants} variants and {scanned} samples in {{time}}\n\
         {total} links written to {}; {without} columns have none\n\n\
         In a spec beside it:\n\n\
         prior eqtl from tsv \"{file}\" : snp -> gene {{\n  source = \"snp\"  target = \"gene\"  \
         samples = \"{list}\"\n}}\n\n\
         {all} samples had a say in the links: a fold that predicts one of them is refused (E0701).\n",
        columns.len(),
        command.from.table,
        out.display(),
    )
}
