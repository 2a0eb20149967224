//! What `run.json` and `run.log` say of a run: what went in, on what it ran, how long it took.

use super::NULLS;
use crate::cli::figures::Figures;
use crate::cli::load::Loaded;
use crate::cli::machine::Threads;
use crate::compiler::plan::plan_digest;
use crate::data::InputFile;
use crate::kernel::vector::instruction_set;
use crate::language::diagnostics::Diagnostics;
use crate::language::diagnostics::render::{Style, text};
use crate::language::source::Sources;
use crate::language::spec::digest::{SpecDigests, canonical};
use crate::study::report::LearntFigures;
use serde_json::Value;
use std::time::Duration;

/// What `run.json` says.
#[derive(Clone, Debug, serde::Serialize)]
pub(in crate::cli) struct Record {
    written_by: String,
    model: String,
    /// Digest of spec, plan, sources and overrides: equal digests, equal results.
    pub(super) run_digest: String,
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
    pub(super) figures: Figures,
    /// What links were learnt from, one entry a network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) learnt: Vec<LearntFigures>,
    spec: String,
    inputs: Vec<(String, u64, String)>,
    /// Every file of the run but this one, with its size and BLAKE3.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<(String, u64, String)>,
    #[serde(skip)]
    log: String,
}

impl Record {
    pub(in crate::cli) fn new(
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
            files: Vec::new(),
            log,
        }
    }

    /// Adds what is known only at the end.
    pub(in crate::cli) fn finish(&mut self, elapsed: Duration, figures: Figures, found: &Diagnostics) {
        self.figures = figures;
        self.seconds = elapsed.as_secs_f64();
        self.log += &text(found, &Sources::default(), Style::default());
    }

    pub(super) fn log(&self) -> String {
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

    /// Whether such a record is of this very run.
    pub(super) fn is_of(&self, other: &Value) -> bool {
        other["run_digest"].as_str() == Some(&self.run_digest)
    }

    /// In what the run that left such a record differs, for a reader.
    pub(super) fn differs_from(&self, other: &Value) -> Vec<String> {
        let own = serde_json::to_value(self).unwrap_or_default();
        let mut differs: Vec<String> = [
            ("model", "the name of its model"),
            ("written_by", "the version of binnc"),
            ("instruction_set", "the instruction set of the machine"),
        ]
        .iter()
        .filter(|(key, _)| own[key] != other[key])
        .map(|(_, what)| (*what).to_string())
        .collect();
        let parts = ["data", "priors", "architecture", "procedure"];
        let parts = parts.iter().filter(|part| own["spec_digests"][part] != other["spec_digests"][part]);
        differs.extend(parts.map(|part| format!("the {part} of its spec")));
        differs.extend(changed_inputs(&own["inputs"], &other["inputs"]));
        if own["overrides"] != other["overrides"] {
            differs.push("what the command line says otherwise (`--seed`, `--set`, `--nulls`)".to_string());
        }
        differs
    }
}

/// Files of this run that the other has not, or with other content.
fn changed_inputs(own: &Value, other: &Value) -> Vec<String> {
    let digests = |files: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        files.as_array().into_iter().flatten().map(|file| (text(&file[0]), text(&file[2]))).collect()
    };
    let (own, other) = (digests(own), digests(other));
    let is_spec = |name: &str| [".binn", ".yaml", ".yml"].iter().any(|end| name.ends_with(end));
    own.iter()
        .filter(|file| !other.contains(file) && !is_spec(&file.0))
        .map(|(name, _)| format!("the content of `{name}`"))
        .collect()
}
