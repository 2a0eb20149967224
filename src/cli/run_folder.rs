//! The run folder: what stands in it, and writing it so that `run.json` comes last.
//!
//! A folder without `run.json` holds no finished run. Time, threads and paths stand in
//! `run.json` and `run.log` alone; every other file is the same for the same inputs.

mod models;

use super::error;
use super::figures::Figures;
use super::load::Loaded;
use super::machine::{Held, Threads};
use super::print::cannot_write;
use crate::compiler::plan::plan_digest;
use crate::data::{InputFile, folds_table};
use crate::engine::model;
use crate::io::World;
use crate::kernel::vector::instruction_set;
use crate::language::diagnostics::render::{Style, text};
use crate::language::diagnostics::{Diagnostic, Diagnostics};
use crate::language::source::Sources;
use crate::language::spec::digest::{SpecDigests, canonical};
use crate::study::evaluate::Outcome;
use crate::study::explain::DEVIATIONS;
use crate::study::report::{self, LearntFigures};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The override that says how often importances were drawn under a null.
pub(super) const NULLS: &str = "nulls";
/// Digits of a digest that tell runs apart for a reader.
const SHORT: usize = 8;
/// Written and removed at once, to see whether the folder takes files.
const PROBE: &str = ".binnc-probe";
/// Stands where an earlier run stopped half-way: its other folds may not be this run's.
const FIRST_FOLD: &str = "folds/r1-f1/model.safetensors";

/// What the folder of a run holds already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// No finished run.
    Free,
    /// This very run, finished.
    Complete,
    /// Another run.
    Other,
}

/// What `run.json` says.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct Record {
    written_by: String,
    model: String,
    /// Digest of spec, plan, sources and overrides: equal digests, equal results.
    run_digest: String,
    plan_digest: String,
    graph_digest: String,
    spec_digests: SpecDigests,
    instruction_set: String,
    seed: u64,
    overrides: Vec<(String, String)>,
    threads: usize,
    threads_from: String,
    seconds: f64,
    #[serde(flatten)]
    figures: Figures,
    /// What links were learnt from, one entry a network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    learnt: Vec<LearntFigures>,
    spec: String,
    inputs: Vec<(String, u64, String)>,
    #[serde(skip)]
    log: String,
}

impl Record {
    pub(super) fn new(
        loaded: &Loaded,
        spec: Option<&InputFile>,
        overrides: Vec<(String, String)>,
        threads: &Threads,
    ) -> Self {
        let spec_digests = SpecDigests::of(&loaded.spec);
        let files = spec.into_iter().chain(&loaded.files);
        let inputs: Vec<_> = files.map(|file| (file.name.clone(), file.bytes, file.digest.clone())).collect();
        let plan_digest = plan_digest(&loaded.plan);
        let mut hasher = blake3::Hasher::new();
        for part in [env!("CARGO_PKG_VERSION"), &loaded.spec.model.value, instruction_set(), &plan_digest] {
            hasher.update(part.as_bytes());
            hasher.update(b"\n");
        }
        for part in
            [&spec_digests.data, &spec_digests.priors, &spec_digests.architecture, &spec_digests.procedure]
        {
            hasher.update(part.as_bytes());
        }
        for file in &loaded.files {
            hasher.update(file.digest.as_bytes());
        }
        // What else the command line says is part of the spec by now.
        for (name, value) in overrides.iter().filter(|(name, _)| name == NULLS) {
            hasher.update(format!("\n{name} {value}").as_bytes());
        }
        let notes =
            loaded.files.iter().flat_map(|file| file.notes.iter().map(move |note| (&file.name, note)));
        let log = notes.map(|(name, note)| format!("note: {name}: {note}\n")).collect();
        Self {
            written_by: env!("CARGO_PKG_VERSION").to_string(),
            model: loaded.spec.model.value.clone(),
            run_digest: hasher.finalize().to_hex().to_string(),
            plan_digest,
            graph_digest: loaded.plan.graph_digest.clone(),
            spec_digests,
            instruction_set: instruction_set().to_string(),
            seed: loaded.spec.train.seed,
            overrides,
            threads: threads.count,
            threads_from: threads.from.clone(),
            seconds: 0.0,
            figures: Figures::default(),
            learnt: Vec::new(),
            spec: canonical(&loaded.spec),
            inputs,
            log,
        }
    }

    /// Adds what is known only at the end.
    pub(super) fn finish(&mut self, elapsed: Duration, figures: Figures, found: &Diagnostics) {
        self.figures = figures;
        self.seconds = elapsed.as_secs_f64();
        self.log += &text(found, &Sources::default(), Style::default());
    }

    fn log(&self) -> String {
        let Self { written_by, model, threads, threads_from, seconds, instruction_set, seed, .. } = self;
        let mut text = format!("binnc {written_by}\nmodel {model}\nseed {seed}\n");
        text += &format!("threads {threads} ({threads_from})\n");
        text += &format!("instruction set {instruction_set}\nseconds {seconds:.1}\n");
        text += &self.figures.told();
        for (name, value) in &self.overrides {
            text += &format!("override {name} = {value}\n");
        }
        for (name, bytes, digest) in &self.inputs {
            text += &format!("input {name}: {bytes} bytes, BLAKE3 {digest}\n");
        }
        text + "\n" + &self.log
    }
}

/// What the folder holds.
pub(super) fn standing(world: &dyn World, out: &Path, record: &Record) -> Result<Standing, Diagnostic> {
    let path = out.join("run.json");
    if !world.exists(&path) {
        return Ok(Standing::Free);
    }
    let unreadable = |why: &dyn std::fmt::Display| error::run_unreadable(&path, why);
    let bytes = world.read(&path).map_err(|why| unreadable(&why))?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|why| unreadable(&why))?;
    let same = value["run_digest"].as_str() == Some(&record.run_digest);
    Ok(if same { Standing::Complete } else { Standing::Other })
}

/// Makes the folder, and tries to write there: better now than after hours of training.
pub(super) fn check_writable(world: &dyn World, out: &Path) -> Result<(), Diagnostic> {
    let folder = Folder { world, out };
    folder.create(out)?;
    folder.write(PROBE, b"")?;
    folder.remove(PROBE)
}

/// Writes every file, `run.json` last.
pub(super) fn write(
    world: &dyn World,
    out: &Path,
    loaded: &Loaded,
    outcome: &Outcome,
    record: &mut Record,
) -> Result<(), Diagnostic> {
    let folder = Folder { world, out };
    folder.remove("run.json")?;
    if world.exists(&out.join(FIRST_FOLD)) {
        folder.remove("folds")?;
    }
    let cohort = &loaded.cohort;
    folder.create(out)?;
    let study = loaded.study();
    record.learnt = report::learnt_figures(&study, &outcome.fitted);
    let json = |value: serde_json::Result<String>| value.map_err(|why| cannot_write(out, &why.into()));
    let coverage = report::coverage_tsv(&loaded.coverage(), &loaded.graph.graph().pruned, &outcome.fitted);
    folder.write("metrics.tsv", report::metrics_tsv(&outcome.metrics).as_bytes())?;
    folder.write("metrics.json", json(report::metrics_json(&outcome.metrics))?.as_bytes())?;
    let wanted = &loaded.spec.evaluate.metrics;
    // Runs of one model that differ in anything have rows of their own.
    let run = format!("{} {}", loaded.spec.model.value, &record.run_digest[..SHORT]);
    let content = report::multiqc(&run, &report::summarise(&outcome.metrics, wanted), wanted);
    folder.write("accuracy_mqc.json", format!("{content:#}\n").as_bytes())?;
    folder.write("differences.tsv", report::differences_tsv(&outcome.differences).as_bytes())?;
    folder.write("predictions.tsv", report::predictions_tsv(&outcome.predictions, cohort).as_bytes())?;
    folder.write("training.tsv", report::training_tsv(&outcome.fits).as_bytes())?;
    folder.write("nodes.tsv", report::nodes_tsv(&outcome.inside.nodes).as_bytes())?;
    let importances =
        report::importances_tsv(&outcome.importance, &loaded.spec.trait_names(), "clamp", Some(DEVIATIONS));
    folder.write("importance.tsv", importances.as_bytes())?;
    folder.write("branches.tsv", report::branches_tsv(&outcome.inside.branches).as_bytes())?;
    folder.write("coverage.tsv", coverage.as_bytes())?;
    folder.write("folds.tsv", folds_table(&outcome.folds, cohort).as_bytes())?;
    // Last, since they are the largest: what was measured is on disk by then.
    for fitted in &outcome.fitted {
        let place =
            fitted.fold.as_ref().map_or_else(PathBuf::new, |_| PathBuf::from("folds").join(fitted.place()));
        folder.create(&out.join(&place))?;
        let model = models::predictor(loaded, fitted);
        let bytes = model::save(&model).map_err(|why| cannot_write(out, &std::io::Error::other(why)))?;
        folder.write(place.join("model.safetensors"), &bytes)?;
        for (name, text) in [
            ("links.tsv", report::links_tsv(&study, fitted)),
            ("selected.tsv", report::selected_tsv(&study, fitted)),
        ] {
            if let Some(text) = text {
                folder.write(place.join(name), text.as_bytes())?;
            }
        }
        if fitted.fold.is_some() {
            folder.write(place.join("rows.tsv"), report::rows_tsv(fitted, cohort).as_bytes())?;
        }
    }
    // Writing models takes memory too.
    record.figures.peak(Held::of(world));
    folder.write("run.log", record.log().as_bytes())?;
    folder.write("run.json", json(serde_json::to_string_pretty(record))?.as_bytes())
}

struct Folder<'a> {
    world: &'a dyn World,
    out: &'a Path,
}

impl Folder<'_> {
    fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) -> Result<(), Diagnostic> {
        let path = self.out.join(name);
        self.world.write(&path, bytes).map_err(|why| cannot_write(&path, &why))
    }

    fn create(&self, path: &Path) -> Result<(), Diagnostic> {
        self.world.create_folder(path).map_err(|why| cannot_write(path, &why))
    }

    fn remove(&self, name: &str) -> Result<(), Diagnostic> {
        let path = self.out.join(name);
        if !self.world.exists(&path) {
            return Ok(());
        }
        self.world.remove(&path).map_err(|why| cannot_write(&path, &why))
    }
}
