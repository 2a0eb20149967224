//! From the path of a spec to a compiled plan with everything that it was compiled against.
//!
//! Every source is read before anything stops, so that one run reports all that is wrong.
//! [`Depth`] says how far to go: `check` and `compile` never read a genotype call.

mod alone;
pub(in crate::cli) mod error;
mod estimated;
mod genotypes;
mod imports;
mod leaks;
pub mod lines;
mod measured;
mod priors;
mod set;
mod tables;
mod variants;

use crate::compiler::graph::{self, CheckedGraph, Coverage, Known, Learning};
use crate::compiler::plan::{self, Plan, PlanSummary};
use crate::data::{self, Cohort, GenotypeSet, InputFile, SampleId, TableData, Variant};
use crate::io::World;
use crate::knowledge::{Knowledge, Outdated};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::{Sources, Span};
use crate::language::spec::{self, Spec, at_imports, without_allowed};
use crate::language::syntax::{self, Notation, ast};
use crate::study::derive::concrete::{Concrete, learns, stand_in};
use crate::study::evaluate::Study;
pub use alone::sources;
use imports::Importer;
pub use measured::{Measured, measured};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) use priors::{LEAST_CACHED_BYTES, prior};
pub use set::Setting;
use variants::{none_informative, offered, refused_calls, repeated_ids, shared_variants};

/// Largest spec file, in bytes.
const MOST_SPEC_BYTES: u64 = 16 << 20;

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The text alone.
    Text,
    /// Priors, tables, variant and sample lists.
    Lists,
    /// Genotype calls too.
    Calls,
}

/// A spec as read, with what was said of it.
#[derive(Debug, Default)]
pub struct Opened {
    /// The texts, for messages.
    pub sources: Sources,
    /// The tree.
    pub file: ast::File,
    /// The spec, if it could be lowered.
    pub spec: Option<Spec>,
    /// Everything found so far.
    pub found: Diagnostics,
    /// The spec file itself.
    pub input: Option<InputFile>,
    /// Files that it imports.
    pub imports: Vec<InputFile>,
}

/// Everything that a run needs.
#[derive(Debug)]
pub struct Loaded {
    /// The spec.
    pub spec: Spec,
    /// Genotype sets; calls are there at [`Depth::Calls`] alone.
    pub sets: Vec<GenotypeSet>,
    /// Variants of each set.
    pub variants: Vec<Vec<Variant>>,
    /// Which variants links and relationships may use.
    pub offered: Vec<Vec<bool>>,
    /// What priors say.
    pub priors: Vec<Knowledge>,
    /// Levels of categorical columns.
    pub levels: BTreeMap<(usize, String), Vec<String>>,
    /// Column names of each table.
    pub columns: Vec<Vec<String>>,
    /// Samples joined with tables.
    pub cohort: Cohort,
    /// The graph.
    pub graph: CheckedGraph,
    /// The plan.
    pub plan: Plan,
    /// What it costs.
    pub summary: PlanSummary,
    /// Every file read.
    pub files: Vec<InputFile>,
    /// What is to be said of the cache of priors, one sentence each.
    pub cache_notes: Vec<String>,
    /// Seconds that reading the genotypes took.
    pub imported_in: f64,
}

/// What was read from sources, before the graph.
#[derive(Default)]
struct Read {
    variants: Vec<Vec<Variant>>,
    samples: Vec<Vec<SampleId>>,
    sets: Vec<GenotypeSet>,
    tables: Vec<TableData>,
    priors: Vec<Knowledge>,
    /// For each prior the samples that it was estimated on, where they are listed.
    estimated_on: Vec<Option<Vec<String>>>,
    files: Vec<InputFile>,
    cache_notes: Vec<String>,
    imported_in: f64,
}

/// [`open_in`] with the project's own root: the nearest folder with `.git`, or the spec's.
///
/// # Errors
/// As [`open_in`].
pub fn open(world: &dyn World, path: &Path) -> Result<Opened, Diagnostic> {
    open_in(world, path, None, &[])
}

/// Reads a spec and what it imports, which may not leave `root`, gives constants other values, and lowers
/// them.
///
/// # Errors
/// E0301 when the file cannot be read, E0111 when it is too large, E0113 when it is a plan,
/// E0101 when it is not text.
pub fn open_in(
    world: &dyn World,
    path: &Path,
    root: Option<&Path>,
    settings: &[Setting],
) -> Result<Opened, Diagnostic> {
    let name = path.display().to_string();
    let unreadable = |why: std::io::Error| error::spec_unreadable(&name, &why);
    if world.size(path).map_err(unreadable)? > MOST_SPEC_BYTES {
        return Err(error::spec_too_large(&name));
    }
    let bytes = world.read(path).map_err(unreadable)?;
    if bytes.starts_with(b"{") && Notation::of(&name) == Notation::Binn {
        return Err(error::plan(&name));
    }
    let mut opened = Opened { input: Some(InputFile::of(&name, &bytes)), ..Opened::default() };
    let text = std::str::from_utf8(&bytes).map_err(|why| match bytes.as_slice() {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => error::spec_utf16(&name),
        _ => error::spec_not_utf8(&name, why.valid_up_to()),
    })?;
    let mut importer = Importer::new(world, path, root);
    let source = importer.sources.add(name, text);
    let (file, found) = syntax::parse(source);
    importer.found = found;
    let mut file = importer.expand(file, path);
    importer.found.extend(set::apply(&mut file, settings, &mut importer.sources));
    opened.found = std::mem::take(&mut importer.found);
    if !opened.found.has_errors() {
        let (spec, found) = spec::lower(&file);
        opened.spec = spec;
        opened.found.extend(found);
    }
    opened.found = at_imports(std::mem::take(&mut opened.found), &importer.imported);
    opened.sources = importer.sources;
    opened.imports = importer.inputs;
    if let Some(spec) = &mut opened.spec {
        spec.imported = importer.imported;
        opened.found = spec.accept(std::mem::take(&mut opened.found));
    }
    opened.file = file;
    Ok(opened)
}

/// The folder that sources are relative to: what was asked for, else the spec's own.
#[must_use]
pub fn data_root(asked: Option<&Path>, spec: &Path) -> PathBuf {
    let own = spec.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    asked.unwrap_or(own).to_path_buf()
}

/// The folder of the cache that was asked for; without a wish, one in the data's own folder.
#[must_use]
pub fn cache_folder(asked: Option<&Path>, is_refused: bool, root: &Path) -> Option<PathBuf> {
    (!is_refused).then(|| asked.map_or_else(|| root.join(".binnc/cache"), Path::to_path_buf))
}

/// Reads every source of a spec and compiles it; warnings that its items allow are not said.
///
/// # Errors
/// All that was found, when any of it is an error.
pub fn load(
    world: &dyn World,
    spec: Spec,
    root: &Path,
    depth: Depth,
) -> Result<(Loaded, Diagnostics), Diagnostics> {
    load_cached(world, spec, root, depth, None)
}

/// As [`load`], with parsed priors kept in a folder from one command to the next.
///
/// # Errors
/// As [`load`].
pub fn load_cached(
    world: &dyn World,
    spec: Spec,
    root: &Path,
    depth: Depth,
    cache: Option<&Path>,
) -> Result<(Loaded, Diagnostics), Diagnostics> {
    let (allowed, imported) = (spec.allowed.clone(), spec.imported.clone());
    let said = |found| at_imports(without_allowed(found, &allowed), &imported);
    match compiled(world, spec, root, depth, cache) {
        Ok((loaded, found)) => Ok((loaded, said(found))),
        Err(found) => Err(said(found)),
    }
}

fn compiled(
    world: &dyn World,
    spec: Spec,
    root: &Path,
    depth: Depth,
    cache: Option<&Path>,
) -> Result<(Loaded, Diagnostics), Diagnostics> {
    let mut reader = Reader { cache, ..Reader::new(world, root, depth) };
    let simulated = reader.genotypes(&spec);
    reader.tables(&spec, &simulated);
    reader.priors(&spec, &simulated);
    let Reader { mut found, read, .. } = reader;
    if found.has_errors() {
        return Err(found);
    }
    let cohort = joined(&spec, &read, &mut found);
    let offered = offered(&spec, &read.variants, &mut found);
    if read.variants.len() > 1 {
        found.extend(shared_variants(&spec, &read.variants, &offered));
    }
    let by_id = learns(&spec) || spec.is_stacked();
    let repeated = by_id.then(|| repeated_ids(&spec, &read.variants, &offered)).flatten();
    let ids_tell = repeated.is_none();
    found.extend(repeated);
    if let Some(cohort) = &cohort {
        found.extend(estimated::on_test_samples(&spec, &read.estimated_on, cohort));
        found.extend(estimated::covariates_of_folds(&spec, cohort));
        found.extend(leaks::covariates_that_are_traits(&spec, cohort));
    }
    if depth == Depth::Calls {
        found.extend(refused_calls(&spec, &read.sets, &offered));
        let joined = cohort.as_ref().filter(|cohort| cohort.samples.len() > 1);
        found.extend(joined.and_then(|cohort| none_informative(&spec, &read.sets, cohort, &offered)));
    }
    // A graph without variants, or of variants that cannot be told apart, would only repeat what has been said.
    if !ids_tell || offered.iter().any(|set| !set.contains(&true)) {
        return Err(found);
    }
    let levels = cohort.as_ref().map(tables::levels).unwrap_or_default();
    let columns = tables::column_names(&read.tables);
    let known = Known {
        variants: &read.variants,
        usable: &offered,
        priors: &read.priors,
        levels: &levels,
        columns: &columns,
        learning: Learning::Nothing,
    };
    // What is learnt from training rows is not known yet: the largest that it can be stands for it.
    let concrete =
        learns(&spec).then(|| Concrete::of(&spec, &read.priors, stand_in(&spec, &known), Learning::StoodIn));
    let compiled = concrete.as_ref().map_or(&spec, |concrete| &concrete.spec);
    let priors = concrete.as_ref().map_or(known.priors, |concrete| &concrete.priors);
    let learning = if concrete.is_some() { Learning::StoodIn } else { Learning::Nothing };
    let (resolved, said) = graph::resolve(compiled, &Known { priors, learning, ..known });
    found.extend(said);
    let checked = resolved.and_then(|resolved| gather(graph::check(compiled, resolved), &mut found));
    let (Some(graph), Some(cohort)) = (checked, cohort) else { return Err(found) };
    let plan = plan::compile(compiled, &graph, &read.variants);
    let summary = PlanSummary::of(&spec, &graph, &plan);
    let Read { variants, sets, priors, files, cache_notes, imported_in, .. } = read;
    let loaded = Loaded {
        spec,
        sets,
        variants,
        offered,
        priors,
        levels,
        columns,
        cohort,
        graph,
        plan,
        summary,
        files,
        cache_notes,
        imported_in,
    };
    found.ok(loaded)
}

/// Samples of all sets and tables.
fn joined(spec: &Spec, read: &Read, found: &mut Diagnostics) -> Option<Cohort> {
    let names = spec.genotypes.iter().map(|item| item.name.value.as_str());
    let sets: Vec<(&str, &[SampleId])> = names.zip(read.samples.iter().map(Vec::as_slice)).collect();
    let tables: Vec<_> = spec.tables.iter().zip(&read.tables).collect();
    gather(data::join(&sets, &tables), found)
}

impl Loaded {
    /// Every join: samples first, then those of the graph.
    #[must_use]
    pub fn coverage(&self) -> Vec<Coverage> {
        let joins = self.cohort.joins.iter().map(|join| Coverage {
            join: format!("{} with {}", join.left, join.right),
            prior: None,
            left: "samples".to_string(),
            right: "records".to_string(),
            left_matched: join.matched,
            left_only: join.only_left,
            right_matched: join.records,
            right_only: join.only_right,
            left_examples: join.left_examples.clone(),
            right_examples: join.right_examples.clone(),
        });
        // A join that is learnt has only been stood in for.
        let is_known = |join: &&Coverage| join.prior.is_none_or(|prior| prior < self.spec.priors.len());
        joins.chain(self.graph.graph().coverage.iter().filter(is_known).cloned()).collect()
    }

    /// What an evaluation reads.
    #[must_use]
    pub fn study(&self) -> Study<'_> {
        let Self { spec, plan, cohort, sets, variants, offered, priors, levels, columns, .. } = self;
        let known = Known { variants, usable: offered, priors, levels, columns, learning: Learning::Nothing };
        Study { spec, plan, cohort, sets, known }
    }
}

struct Reader<'a> {
    world: &'a dyn World,
    root: &'a Path,
    depth: Depth,
    found: Diagnostics,
    read: Read,
    /// For each prior, ids that its ontology has taken out of use.
    outdated: Vec<(String, Vec<Outdated>)>,
    /// Where parsed priors are kept.
    cache: Option<&'a Path>,
}

impl<'a> Reader<'a> {
    fn new(world: &'a dyn World, root: &'a Path, depth: Depth) -> Self {
        let (found, read) = (Diagnostics::default(), Read::default());
        Self { world, root, depth, found, read, outdated: Vec::new(), cache: None }
    }
}

impl Reader<'_> {
    /// The path of a source, refused when a symbolic link leads out of the root.
    fn path(&mut self, path: &str, span: Span) -> Option<PathBuf> {
        let full = self.root.join(path);
        let (Ok(root), Ok(real)) = (self.world.canonical(self.root), self.world.canonical(&full)) else {
            return Some(full);
        };
        if real.starts_with(&root) {
            return Some(full);
        }
        self.found.push(spec::error::leaves_root(path, span));
        None
    }

    /// Keeps what a reader gave, and points all that it found at the spec.
    fn keep<T>(&mut self, result: Result<(T, Diagnostics), Diagnostics>, span: Span) -> Option<T> {
        let (value, found) = match result {
            Ok((value, found)) => (Some(value), found),
            Err(found) => (None, found),
        };
        self.found.extend(
            lines::look_up(self.world, found)
                .into_iter()
                .map(|d| if d.labels.is_empty() { d.at(span, "read from here") } else { d }),
        );
        value
    }
}

fn gather<T>(result: Result<(T, Diagnostics), Diagnostics>, found: &mut Diagnostics) -> Option<T> {
    match result {
        Ok((value, said)) => {
            found.extend(said);
            Some(value)
        }
        Err(said) => {
            found.extend(said);
            None
        }
    }
}
