//! `binnc prior eqtl`: which variants tell which measured columns.

use super::{Derived, Reading, Refusal, error, place};
use crate::cli::args::Eqtl;
use crate::cli::load::Measured;
use crate::cli::progress::Meter;
use crate::data::{GenotypeSet, InputFile, read_id_list, read_named_column};
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
    let set = set.map_err(Refusal::Usage)?;
    let listed = Listed::of(command, reading)?;
    let columns = columns(listed.names.as_deref(), command, reading)?;
    let scanned = scan(command, reading, set, columns)?;
    let samples = listed.with(reading.samples(&reading.rows));
    let Eqtl { genotypes, top, p, clump, pcs, .. } = command;
    let record = json!({
        "derived": "eqtl",
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
        files: listed.files,
    })
}

fn scan<'a>(
    command: &Eqtl,
    reading: &Reading<'a>,
    set: Option<usize>,
    columns: Vec<(&'a str, &'a [f64])>,
) -> Result<Scanned<'a>, Refusal> {
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
    let values: Vec<&[f64]> = columns.iter().map(|(_, values)| *values).collect();
    let meter = Meter::new(reading.console, reading.interrupt, columns.len(), "columns scanned");
    let scanned =
        Scan { sets: &markers, covariates: &covariates, rows, keep, within: None }.run(&values, &meter);
    meter.clear();
    let scanned = scanned.ok_or_else(error::interrupted)?;
    let columns = columns.iter().map(|(name, _)| *name).zip(scanned).collect();
    Ok(Scanned { variants: usable.iter().flatten().filter(|usable| **usable).count(), columns })
}

/// What `--columns` names.
#[derive(Default)]
struct Listed {
    names: Option<Vec<String>>,
    /// Samples that the columns were selected on, where a list beside the table says so.
    selected_on: Vec<String>,
    files: Vec<InputFile>,
}

impl Listed {
    fn of(command: &Eqtl, reading: &Reading<'_>) -> Result<Self, Refusal> {
        let Some(path) = &command.columns else { return Ok(Self::default()) };
        let (names, file) = read_named_column(reading.world, path, "gene")?;
        let mut listed = Self { names: Some(names), files: vec![file], ..Self::default() };
        let samples = path.with_extension("samples.txt");
        if reading.world.exists(&samples) {
            let (ids, file) = read_id_list(reading.world, &samples)?;
            listed.selected_on = ids;
            listed.files.push(file);
        }
        Ok(listed)
    }

    /// These samples and those of the selection.
    fn with(&self, mut samples: Vec<String>) -> Vec<String> {
        let known: FxHashSet<String> = samples.iter().cloned().collect();
        samples.extend(self.selected_on.iter().filter(|id| !known.contains(*id)).cloned());
        samples
    }
}

/// Columns to scan: those that were asked for, or all.
fn columns<'a>(
    names: Option<&[String]>,
    command: &Eqtl,
    reading: &Reading<'a>,
) -> Result<Vec<(&'a str, &'a [f64])>, Refusal> {
    let Some(names) = names else { return Ok(reading.columns.clone()) };
    let of = |name: &String| reading.columns.iter().find(|(column, _)| column == name).copied();
    let unknown: Vec<&str> = names.iter().filter(|name| of(name).is_none()).map(String::as_str).collect();
    if unknown.is_empty() {
        return Ok(names.iter().filter_map(of).collect());
    }
    Err(error::columns_unknown(&unknown, &command.from.table).into())
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
) -> [String; 2] {
    let links = |found: &Found| match found {
        Found::Links(links, _) => links.len(),
        Found::Nothing => 0,
    };
    let total: usize = columns.iter().map(|(_, found)| links(found)).sum();
    let without = columns.iter().filter(|(_, found)| links(found) == 0).count();
    let out = &command.from.out;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (file, list) = (name(out), name(&out.with_extension("samples.txt")));
    let before = format!(
        "{} columns of `{}` scanned over {variants} variants and {scanned} samples",
        columns.len(),
        command.from.table,
    );
    let after = format!(
        "\n{total} links written to {}; {without} columns have none\n\n\
         In a spec beside it:\n\n\
         prior eqtl from tsv \"{file}\" : snp -> gene {{\n  source = \"snp\"  target = \"gene\"  \
         samples = \"{list}\"\n}}\n\n\
         {all} samples had a say in the links: a fold that predicts one of them is refused (E0701).\n",
        out.display(),
    );
    [before, after]
}
