//! `binnc check PATH…`: everything that is wrong with specs, without a genotype call.
//!
//! What is not there is not an error here: a note says what could not be checked, so that specs
//! are reviewed where the genotypes may not go.

use super::args::{Check, Deny};
use super::load::{self, Opened, error};
use super::lock::{self, verify};
use super::print::Console;
use super::review::{Asked, Reviewed, review};
use super::walk;
use crate::io::World;
use crate::language::diagnostics::render::{Part, Paths};
use crate::language::diagnostics::{Code, Diagnostics};
use crate::language::source::Sources;
use crate::language::spec::{self, Format, Spec};
use std::path::{Path, PathBuf};

/// What was found in one spec.
#[derive(Debug, Default)]
struct Checked {
    name: String,
    sources: Sources,
    found: Diagnostics,
    /// What was not checked.
    notes: Vec<String>,
    /// What is said of the cache.
    aside: Vec<String>,
    /// Nodes and edges, where the graph was built.
    size: Option<(usize, usize)>,
}

/// Exit code 1 when any spec has findings, 3 when one cannot be opened; every spec is looked at.
pub(super) fn run(command: &Check, world: &dyn World, console: &Console) -> u8 {
    let mut all = Vec::new();
    let mut walked = false;
    let is_wanted = |path: &&PathBuf| !command.specs_only || is_folder_or_spec(world, path);
    for path in command.specs.iter().filter(is_wanted) {
        let (specs, is_folder) = below(world, path);
        walked |= is_folder;
        if specs.is_empty() {
            all.push(told(nothing_below(path), console));
        }
        all.extend(specs.iter().map(|spec| told(one(command, spec, world), console)));
    }
    let parts: Vec<Part<'_>> = all.iter().map(Checked::part).collect();
    console.together(&parts, &paths(command, world));
    if all.len() > 1 || walked {
        console.say(&summary(&all));
    }
    let denied = command.deny == Some(Deny::Warnings);
    all.iter().map(|checked| checked.exit_code(denied)).max().unwrap_or(0)
}

fn below(world: &dyn World, path: &Path) -> (Vec<PathBuf>, bool) {
    if walk::is_folder(world, path) {
        (walk::specs(world, path), true)
    } else {
        (vec![path.to_path_buf()], false)
    }
}

/// Of what pre-commit hands over: not a YAML file of something else.
fn is_folder_or_spec(world: &dyn World, path: &Path) -> bool {
    !world.exists(path) || walk::is_folder(world, path) || walk::is_spec(world, path)
}

fn nothing_below(folder: &Path) -> Checked {
    let name = folder.display().to_string();
    let found = error::no_spec_below(&name).into();
    Checked { name, found, ..Checked::default() }
}

/// Says what was found as soon as it is known, in the forms that allow it.
fn told(checked: Checked, console: &Console) -> Checked {
    console.report_one(&checked.part());
    checked.aside.iter().for_each(|note| console.say(note));
    if checked.found.is_empty() {
        console.say(&checked.clean());
    }
    checked
}

fn one(command: &Check, path: &Path, world: &dyn World) -> Checked {
    let name = path.display().to_string();
    let Opened { sources, spec, found, .. } = match load::open_in(world, path, command.root.as_deref(), &[]) {
        Ok(opened) => opened,
        Err(finding) => return Checked { name, found: finding.into(), ..Checked::default() },
    };
    let mut checked = Checked { name, sources, found, ..Checked::default() };
    let Some(spec) = spec else { return checked };
    if command.reproducible {
        checked.found.extend(spec::unseeded(&spec));
    }
    if command.pedantic {
        checked.found.extend(spec.accept(spec::pedantic(&spec)));
    }
    let root = load::data_root(command.data_root.as_deref(), path);
    let absent = if command.no_data { None } else { absent_genotypes(&spec, world, &root) };
    if command.no_data || absent.is_some() {
        checked.partly(command, (path, &root), spec, absent.as_deref(), world);
    } else {
        let cache = load::cache_folder(command.caching.cache.as_deref(), command.caching.no_cache, &root);
        let locked = command.locked;
        let asked = Asked { path, root: &root, locked, digests: false, cache: cache.as_deref() };
        checked.whole(review(world, spec, &checked.sources, asked), locked);
    }
    checked
}

impl Checked {
    fn whole(&mut self, reviewed: Reviewed, locked: bool) {
        self.found.extend(reviewed.found);
        self.aside = reviewed.cache_notes;
        self.size = reviewed.built.map(|built| (built.summary.nodes, built.summary.edges));
        self.uncompared(&reviewed.uncompared, locked);
    }

    /// Without genotypes, or without any data.
    fn partly(
        &mut self,
        command: &Check,
        (path, root): (&Path, &Path),
        spec: Spec,
        absent: Option<&str>,
        world: &dyn World,
    ) {
        let asked = lock::Asked { locked: command.locked, files: !command.no_data };
        let verified = verify(world, &spec, path, root, asked);
        self.found.extend(verified.found.clone());
        self.uncompared(&verified.absent, command.locked);
        if command.no_data {
            self.notes.push(
                "no data were opened (--no-data): names in files, links and sizes are not checked"
                    .to_string(),
            );
        } else if let Some(absent) = absent {
            let (found, others) = load::sources(world, &spec, root);
            self.found.extend(found);
            self.notes.push(format!("`{absent}` is not there: links, matches and sizes are not checked"));
            self.notes.extend(others.iter().map(|other| format!("`{other}` is not there and not checked")));
        }
    }

    fn uncompared(&mut self, files: &[String], locked: bool) {
        if locked {
            let note = |file: &String| format!("`{file}` is not there and not compared with the lock");
            self.notes.extend(files.iter().map(note));
        }
    }
}

/// The first list of variants or samples that is not there, as the spec names it.
fn absent_genotypes(spec: &Spec, world: &dyn World, root: &Path) -> Option<String> {
    let plink = spec.genotypes.iter().filter(|item| item.origin.format == Format::Plink);
    let prefixes = plink.map(|item| item.origin.path.trim_end_matches(".bed"));
    prefixes
        .flat_map(|prefix| ["bim", "fam"].map(|list| format!("{prefix}.{list}")))
        .find(|list| !world.exists(&root.join(list)))
}

/// The folders of this machine, which stand in no report that is uploaded.
fn paths(command: &Check, world: &dyn World) -> Paths {
    let here = world.canonical(Path::new(".")).ok();
    let data = command.data_root.clone();
    let real = data.as_ref().and_then(|data| world.canonical(data).ok());
    Paths::new([here, data, real].into_iter().flatten().map(|folder| folder.display().to_string()))
}

impl Checked {
    fn part(&self) -> Part<'_> {
        Part { file: &self.name, found: &self.found, sources: &self.sources, notes: &self.notes }
    }

    fn clean(&self) -> String {
        match (self.size, self.notes.is_empty()) {
            (Some((nodes, edges)), true) => format!("{}: clean, {nodes} nodes, {edges} edges", self.name),
            (None, true) => format!("{}: clean", self.name),
            (_, false) => format!("{}: clean as far as it was checked", self.name),
        }
    }

    fn exit_code(&self, denied: bool) -> u8 {
        let unopened = |code: Code, placed: bool| code == Code::E0301 && !placed;
        if self.found.iter().any(|finding| unopened(finding.code, !finding.labels.is_empty())) {
            return Code::E0301.exit_code();
        }
        u8::from(self.found.has_errors() || (denied && !self.found.is_empty()))
    }
}

/// Such as `14 specs: 12 clean, 1 with errors, 1 with warnings; 3 not checked in full`.
fn summary(all: &[Checked]) -> String {
    let errors = all.iter().filter(|checked| checked.found.has_errors()).count();
    let clean = all.iter().filter(|checked| checked.found.is_empty()).count();
    let partly = all.iter().filter(|checked| !checked.notes.is_empty()).count();
    let kinds = [(clean, "clean"), (errors, "with errors"), (all.len() - clean - errors, "with warnings")];
    let told: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let specs = if all.len() == 1 { "spec" } else { "specs" };
    let rest = if partly == 0 { String::new() } else { format!("; {partly} not checked in full") };
    format!("{} {specs}: {}{rest}", all.len(), told.join(", "))
}
