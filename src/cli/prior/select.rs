//! `binnc prior select`: which measured columns tell a trait.

use super::{Derived, Reading, Refusal, error, numeric, place};
use crate::cli::args::{Measurements, Select, SelectRule};
use crate::cli::progress::Meter;
use crate::study::derive::elastic_net::{MOST_PASSES, Refused, Rule, Selection, Settings, select};
use crate::study::derive::learnt::GAP;
use serde_json::json;
use std::fmt::Write;

pub(super) fn run(command: &Select, reading: &Reading<'_>) -> Result<Derived, Refusal> {
    let target = target(command, reading)?;
    let rows: Vec<u32> = reading.rows.iter().copied().filter(|row| !target[*row as usize].is_nan()).collect();
    let folds = command.folds as usize;
    if rows.len() < 2 * folds {
        return Err(error::too_few_rows(&command.target, rows.len(), folds).into());
    }
    let is_target = |name: &str| command.target == format!("{}.{name}", command.from.table);
    let columns: Vec<(&str, &[f64])> =
        reading.columns.iter().copied().filter(|(name, _)| !is_target(name)).collect();
    let values: Vec<&[f64]> = columns.iter().map(|(_, values)| *values).collect();
    let rule = match command.rule {
        SelectRule::Least => Rule::Least,
        SelectRule::OneStandardError => Rule::OneStandardError,
    };
    let settings = Settings { ratio: command.l1_ratio, folds, seed: command.seed, rule, tolerance: GAP };
    let meter = Meter::new(reading.console, reading.interrupt, folds + 1, "paths fitted");
    let selection = select(&values, target, &rows, settings, &meter);
    meter.clear();
    let selection = selection.map_err(|why| match why {
        Refused::Cancelled => error::interrupted(),
        Refused::Nothing => error::nothing_to_tell(&command.target, &command.from.table, rows.len()),
    })?;
    let mut table = String::from("gene\tcoefficient\n");
    for (at, coefficient) in &selection.columns {
        // Digits that do not depend on the machine.
        let _ = writeln!(table, "{}\t{coefficient:.5e}", columns[*at].0);
    }
    let told = told(command, &selection, columns.len(), rows.len());
    let path: Vec<_> = selection.path.iter().map(|(a, error, spread)| json!([a, error, spread])).collect();
    let record = json!({
        "derived": "elastic_net",
        "target": command.target,
        "l1_ratio": command.l1_ratio,
        "folds": folds,
        "seed": command.seed,
        "rule": if command.rule == SelectRule::Least { "min" } else { "1se" },
        "columns": columns.len(),
        "selected": selection.columns.len(),
        "penalty": selection.penalty,
        "unfinished": selection.unfinished,
        "path": path,
    });
    Ok(Derived {
        table,
        samples: reading.samples(&rows),
        files: Vec::new(),
        record: record.as_object().cloned().unwrap_or_default(),
        told,
    })
}

/// Values of the trait by cohort row.
fn target<'a>(command: &Select, reading: &Reading<'a>) -> Result<&'a [f64], Refusal> {
    let usage = |why: String| Refusal::Usage(why);
    let (table, column) = command
        .target
        .split_once('.')
        .ok_or_else(|| usage(format!("`--target {}` names no column: give TABLE.COLUMN", command.target)))?;
    let tables = reading.spec.tables.iter().map(|table| table.name.value.as_str());
    let id = place("table", table, tables).map_err(usage)?;
    if reading.spec.tables[id].repeated {
        return Err(error::measured_repeatedly(table).into());
    }
    let columns = numeric(reading.measured, id);
    let names = columns.iter().map(|(name, _)| *name);
    let at = place(&format!("column of numbers in `{table}`"), column, names).map_err(usage)?;
    Ok(columns[at].1)
}

/// The scan for what was selected, on the same samples.
fn next_command(command: &Select) -> String {
    let Measurements { spec, data_root, root, table, samples, out, .. } = &command.from;
    let mut text = format!("binnc prior eqtl {}", spec.display());
    for (option, path) in [("data-root", data_root), ("root", root), ("samples", samples)] {
        if let Some(path) = path {
            text += &format!(" --{option} {}", path.display());
        }
    }
    text + &format!(" --table {table} --columns {} --out eqtl.tsv", out.display())
}

fn told(command: &Select, selection: &Selection, columns: usize, samples: usize) -> [String; 2] {
    let Selection { columns: selected, penalty, path, unfinished, .. } = selection;
    let error = path.iter().find(|(tried, ..)| tried == penalty).map_or(f64::NAN, |(_, error, _)| *error);
    let (out, count) = (command.from.out.display(), selected.len());
    let next = if selected.is_empty() {
        "No column tells the trait better than its mean does.\n".to_string()
    } else {
        format!("\nThe variants that tell them:\n\n  {}\n", next_command(command))
    };
    let rough = match unfinished {
        0 => String::new(),
        _ => format!(
            "{unfinished} solutions did not reach their gap in {MOST_PASSES} passes, so their errors are rough\n"
        ),
    };
    let before = format!(
        "{count} of {columns} columns of `{}` selected for `{}` on {samples} samples",
        command.from.table, command.target,
    );
    let after = format!(
        ", written to {out}\npenalty {penalty:.4}; in inner folds the error is {:.0} % of the trait's \
         variance\n{rough}{next}",
        100.0 * error,
    );
    [before, after]
}
