//! `binnc check SPEC…`: everything that is wrong with specs, without a genotype call.

use super::Failed;
use super::args::{Check, Deny};
use super::load::{self, Depth, Opened};
use super::print::Console;
use crate::io::World;
use crate::language::diagnostics::Diagnostics;
use crate::language::spec::{Format, Spec};
use std::path::Path;

pub(super) fn run(command: &Check, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let mut failing = 0;
    for path in &command.specs {
        let found = one(command, path, world, console)?;
        let denied = command.deny == Some(Deny::Warnings) && !found.is_empty();
        failing += usize::from(found.has_errors() || denied);
    }
    Ok(u8::from(failing > 0))
}

fn one(command: &Check, path: &Path, world: &dyn World, console: &Console) -> Result<Diagnostics, Failed> {
    let Opened { sources, spec, mut found, .. } = load::open(world, path)?;
    let mut note = None;
    let mut clean = format!("{}: clean", path.display());
    if let Some(spec) = spec {
        let root = load::data_root(command.data_root.as_deref(), path);
        if command.no_data {
            note = Some(
                "sources were not opened (--no-data): names in files, links and sizes are not checked"
                    .to_string(),
            );
        } else if let Some(absent) = absent_genotypes(&spec, world, &root) {
            note = Some(format!("`{absent}` is not there: links, sizes and samples are not checked"));
        } else {
            match load::load(world, spec, &root, Depth::Lists) {
                Ok((loaded, said)) => {
                    found.extend(said);
                    let summary = &loaded.summary;
                    clean = format!("{clean}, {} nodes, {} edges", summary.nodes, summary.edges);
                }
                Err(said) => found.extend(said),
            }
        }
    }
    console.report(&found, &sources);
    if found.is_empty() {
        console.say(&clean);
    }
    if let Some(note) = note {
        console.say(&format!("note: {}: {note}", path.display()));
    }
    Ok(found)
}

/// The first genotype set whose variant list is not there.
fn absent_genotypes(spec: &Spec, world: &dyn World, root: &Path) -> Option<String> {
    let plink = spec.genotypes.iter().filter(|item| item.origin.format == Format::Plink);
    plink
        .map(|item| root.join(item.origin.path.trim_end_matches(".bed")))
        .map(|prefix| format!("{}.bim", prefix.display()))
        .find(|list| !world.exists(Path::new(list)))
}
