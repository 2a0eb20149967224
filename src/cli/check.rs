//! `binnc check SPEC…`: everything that is wrong with specs, without a genotype call.

use super::args::{Check, Deny};
use super::load::{self, Depth, Opened};
use super::lock::{Asked, verify};
use super::print::Console;
use crate::io::World;
use crate::language::diagnostics::{Code, Diagnostics};
use crate::language::source::Sources;
use crate::language::spec::{Format, Spec};
use std::path::Path;

/// Exit code 1 when any spec has findings, 3 when one cannot be opened; every spec is looked at.
pub(super) fn run(command: &Check, world: &dyn World, console: &Console) -> u8 {
    let code = |path| {
        let found = one(command, path, world, console);
        let denied = command.deny == Some(Deny::Warnings) && !found.is_empty();
        let unopened = found.iter().any(|finding| finding.code == Code::E0301 && finding.labels.is_empty());
        if unopened { Code::E0301.exit_code() } else { u8::from(found.has_errors() || denied) }
    };
    command.specs.iter().map(|path| code(path)).max().unwrap_or(0)
}

fn one(command: &Check, path: &Path, world: &dyn World, console: &Console) -> Diagnostics {
    let Opened { sources, spec, mut found, .. } = match load::open_in(world, path, command.root.as_deref()) {
        Ok(opened) => opened,
        Err(finding) => {
            let found = Diagnostics::from(finding);
            console.report(&found, &Sources::default());
            return found;
        }
    };
    let mut note = None;
    let mut clean = format!("{}: clean", path.display());
    if let Some(spec) = spec {
        let root = load::data_root(command.data_root.as_deref(), path);
        let asked = Asked { locked: command.locked, files: !command.no_data };
        let verified = verify(world, &spec, path, &root, asked);
        found.extend(verified.found.clone());
        if command.no_data {
            note = Some(
                "sources were not opened (--no-data): names in files, links and sizes are not checked"
                    .to_string(),
            );
        } else if let Some(absent) = absent_genotypes(&spec, world, &root) {
            note = Some(format!("`{absent}` is not there, so only the text was checked"));
        } else {
            match load::load(world, spec, &root, Depth::Lists) {
                Ok((loaded, said)) => {
                    found.extend(said);
                    found.extend(verified.graph(&loaded));
                    let summary = &loaded.summary;
                    clean = format!("{clean}, {} nodes, {} edges", summary.nodes, summary.edges);
                }
                Err(said) => found.extend(said),
            }
        }
    }
    console.report(&found, &sources);
    match &note {
        Some(note) if found.is_empty() => {
            console.say(&format!("{}: clean as far as it was checked: {note}", path.display()));
        }
        Some(note) => console.say(&format!("note: {}: {note}", path.display())),
        None if found.is_empty() => console.say(&clean),
        None => {}
    }
    found
}

/// The first genotype set whose variant list is not there.
fn absent_genotypes(spec: &Spec, world: &dyn World, root: &Path) -> Option<String> {
    let plink = spec.genotypes.iter().filter(|item| item.origin.format == Format::Plink);
    plink
        .map(|item| root.join(item.origin.path.trim_end_matches(".bed")))
        .map(|prefix| format!("{}.bim", prefix.display()))
        .find(|list| !world.exists(Path::new(list)))
}
