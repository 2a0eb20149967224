//! One side of a comparison: a spec, and what it compiles to where its lists are there.

use super::error;
use crate::cli::load::{self, Depth, Loaded, Opened};
use crate::cli::{Diagnostics, Failed};
use crate::compiler::lock::wanted;
use crate::io::World;
use crate::knowledge::Knowledge;
use crate::language::diagnostics::Diagnostic;
use crate::language::spec::Spec;
use crate::study::derive::concrete::learns;
use std::path::{Path, PathBuf};

/// One side.
pub(super) struct Side {
    /// The spec's path as messages have it.
    pub(super) name: String,
    /// The spec.
    pub(super) spec: Spec,
    /// What it compiles to, where every list is there.
    pub(super) loaded: Option<Loaded>,
    /// What each prior says, in the spec's order; `None` where its file is not there.
    pub(super) priors: Vec<Option<Knowledge>>,
    /// Files that are not there.
    pub(super) absent: Vec<String>,
}

impl Side {
    /// Opens and compiles; where files are absent, reads what is there.
    pub(super) fn load(world: &dyn World, given: &Path, data_root: Option<&Path>) -> Result<Self, Failed> {
        let path = spec_in(world, given).map_err(Diagnostics::from)?;
        let Opened { sources, spec, mut found, .. } = load::open(world, &path)?;
        let Some(spec) = spec else { return Err(Failed { found, sources }) };
        let root = load::data_root(data_root, &path);
        let files = wanted(&spec).into_iter().filter(|file| !file.is_calls());
        let absent: Vec<String> =
            files.filter(|file| !world.exists(&file.at(&root))).map(|file| file.path).collect();
        let name = path.display().to_string();
        // What training rows teach has no graph that holds for all of them.
        if !absent.is_empty() || learns(&spec) {
            let priors = (0..spec.priors.len()).map(|at| load::prior(world, &spec, &root, at)).collect();
            return Ok(Self { name, spec, loaded: None, priors, absent });
        }
        match load::load(world, spec.clone(), &root, Depth::Lists) {
            Ok((mut loaded, _)) => {
                let priors = std::mem::take(&mut loaded.priors).into_iter().map(Some).collect();
                Ok(Self { name, spec, loaded: Some(loaded), priors, absent })
            }
            Err(said) => {
                found.extend(said);
                Err(Failed { found, sources })
            }
        }
    }
}

/// The spec itself, or the only one in a folder.
fn spec_in(world: &dyn World, given: &Path) -> Result<PathBuf, Diagnostic> {
    let shown = given.display().to_string();
    // What is no folder is opened as a spec, which says what is wrong with it.
    let Ok(listed) = world.list(given) else { return Ok(given.to_path_buf()) };
    let specs: Vec<PathBuf> = listed.into_iter().filter(|path| is_spec(world, path)).collect();
    // Twins in two notations are one spec.
    let twin = |path: &PathBuf| {
        path.extension().is_some_and(|end| end != "binn") && specs.contains(&path.with_extension("binn"))
    };
    let specs: Vec<&PathBuf> = specs.iter().filter(|path| !twin(path)).collect();
    match specs.as_slice() {
        [] => Err(error::no_spec(&shown)),
        [only] => Ok((*only).clone()),
        several => {
            let name = |path: &&PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
            Err(error::several_specs(&shown, &several.iter().filter_map(name).collect::<Vec<_>>()))
        }
    }
}

/// `.binn`, or YAML that says so in its first key.
fn is_spec(world: &dyn World, path: &Path) -> bool {
    match path.extension().and_then(|end| end.to_str()) {
        Some("binn") => true,
        Some("yaml" | "yml") => world.head(path, 4096).is_ok_and(|bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let mut lines = text.lines().map(str::trim_end);
            lines
                .find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---")
                .is_some_and(|l| l.starts_with("binn:"))
        }),
        _ => false,
    }
}
