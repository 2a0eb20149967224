//! `binnc new NAME`: a small project that runs at once, or a first spec for one's own files.
//!
//! The texts are files under `starter/`; data are simulated. Nothing that stands there is
//! overwritten.

mod error;
mod own;
mod starter;

use super::args::New;
use super::print::{Console, cannot_write};
use super::{Diagnostics, Failed, lock};
use crate::io::World;
use crate::language::diagnostics::Diagnostic;
use crate::language::syntax::is_bare_name;
use std::path::{Path, PathBuf};

/// A file to write: its path in the project's folder, and its bytes.
type Made = (String, Vec<u8>);

pub(super) fn run(command: &New, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let folder = &command.name;
    let model = model_name(folder).map_err(Diagnostics::from)?;
    if world.exists(folder) && !world.list(folder).is_ok_and(|listed| listed.is_empty()) {
        return Err(Diagnostics::from(error::not_empty(&folder.display().to_string())).into());
    }
    let own = command.bfile.as_deref().zip(command.pheno.as_deref());
    let (files, advice) = match own {
        Some((genotypes, table)) => own::files(world, &model, genotypes, table)?,
        None => (starter::files(&model)?, Vec::new()),
    };
    for (name, bytes) in &files {
        let path = write(world, folder, name, bytes).map_err(Diagnostics::from)?;
        console.result(&format!("{}\n", path.display()));
    }
    let spec = folder.join(format!("{model}.binn"));
    for line in advice {
        console.say(&line);
    }
    if own.is_none() {
        let lock = lock::beside(world, &spec)?;
        console.result(&format!("{}\n", lock.display()));
        console.say(&format!("next: binnc run {}", spec.display()));
    }
    Ok(0)
}

fn write(world: &dyn World, folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Diagnostic> {
    let path = folder.join(name);
    let within = path.parent().unwrap_or(folder);
    world.create_folder(within).map_err(|why| cannot_write(within, &why))?;
    world.write(&path, bytes).map_err(|why| cannot_write(&path, &why))?;
    Ok(path)
}

/// The model's name: the folder's, with what no name may hold replaced.
fn model_name(folder: &Path) -> Result<String, Diagnostic> {
    let last = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let last = last.ok_or_else(|| error::no_name(&folder.display().to_string()))?;
    let name: String = last.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    Ok(if is_bare_name(&name) { name } else { format!("model_{name}") })
}

/// A template with each `{{KEY}}` filled, in one pass: a value is never filled itself.
fn filled(template: &str, values: &[(&str, &str)]) -> Vec<u8> {
    let mut parts = template.split("{{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (key, rest) = part.split_once("}}").unwrap_or(("", part));
        text += values.iter().find(|(known, _)| *known == key).map_or("", |(_, value)| value);
        text += rest;
    }
    text.into_bytes()
}
