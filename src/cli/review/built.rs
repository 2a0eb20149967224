//! The figures of a compiled plan, and how they are told.

use crate::cli::load::Loaded;
use crate::cli::machine::bytes;
use crate::compiler::plan::{PlanSummary, plan_digest};
use crate::language::spec::digest::SpecDigests;
use crate::study::derive::concrete::learns;
use crate::study::evaluate::{Counts, Crew, Forecast};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// What a spec compiled to, without the plan.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Built {
    model: String,
    samples: usize,
    /// Sizes and costs.
    pub(in crate::cli) summary: PlanSummary,
    /// What a run takes.
    pub(in crate::cli) forecast: Forecast,
    graph_digest: String,
    /// Only where it was asked for: a large plan takes its time.
    plan_digest: Option<String>,
    architecture: String,
    /// Whether training rows decide on links, so that the figures are the largest possible.
    learnt: bool,
}

impl Built {
    /// The figures of what was loaded.
    pub(in crate::cli) fn of(loaded: &Loaded, digests: bool) -> Self {
        Self {
            model: loaded.spec.model.value.clone(),
            samples: loaded.cohort.samples.len(),
            summary: loaded.summary.clone(),
            forecast: forecast(loaded),
            graph_digest: loaded.plan.graph_digest.clone(),
            plan_digest: digests.then(|| plan_digest(&loaded.plan)),
            architecture: SpecDigests::of(&loaded.spec).architecture,
            learnt: learns(&loaded.spec),
        }
    }

    /// Layers, sizes, costs and digests, as a person reads them.
    pub(in crate::cli) fn told(&self) -> String {
        let mut text = format!("model {}: {} samples\n\n", self.model, self.samples);
        self.layers(&mut text);
        self.costs(&mut text);
        if self.learnt {
            text += "learnt      links and nodes are learnt on the training rows of each fold: these figures are the largest\n            \
                     possible, and every fold has a graph of its own\n";
        }
        let _ = writeln!(text, "graph digest  {}", self.graph_digest);
        if let Some(digest) = &self.plan_digest {
            let _ = writeln!(text, "plan digest   {digest}");
        }
        let _ = writeln!(text, "architecture  {}", self.architecture);
        text
    }

    fn layers(&self, text: &mut String) {
        let layers = &self.summary.layers;
        let width = layers.iter().map(|layer| layer.name.chars().count()).max().unwrap_or(0).clamp(9, 60);
        let mut line = |name: &str, nodes: &str, edges: &str, parameters: &str| {
            let _ = writeln!(text, "{name:width$}  {nodes:>8}  {edges:>10}  {parameters:>12}");
        };
        line("layer", "nodes", "edges in", "parameters");
        for layer in layers {
            let [nodes, edges, parameters] =
                [layer.nodes, layer.edges, layer.parameters].map(|count| count.to_string());
            line(&layer.name, &nodes, &edges, &parameters);
        }
        line("read-outs", "", "", &self.summary.read_outs.to_string());
    }

    fn costs(&self, text: &mut String) {
        let PlanSummary { variants, covariates, nodes, edges, parameters, density, .. } = self.summary;
        let _ = writeln!(text, "\ninputs      {variants} variants, {covariates} covariate columns");
        let _ = writeln!(text, "graph       {nodes} nodes, {edges} edges");
        let _ = writeln!(
            text,
            "parameters  {parameters}, {:.3} % of the weights of the dense network of the same layers",
            100.0 * density
        );
        let cost = &self.forecast.own;
        let _ = writeln!(
            text,
            "products    {} forward and {} back a sample, {:.3} million a step of {} samples",
            cost.forward(),
            cost.backward(),
            cost.of_step() as f64 / 1e6,
            cost.batch
        );
        let Forecast { calls, turned, fitting, fitting_dense, .. } = self.forecast;
        let _ = writeln!(
            text,
            "memory      up to {} with one fit at a time, {} of it packed genotypes; {} for each fit beside it",
            bytes(self.forecast.peak(&Crew::of(1))),
            bytes(calls + turned),
            bytes(fitting.max(fitting_dense))
        );
    }
}

/// What a run of a compiled spec will take, from names and counts alone.
pub(in crate::cli) fn forecast(loaded: &Loaded) -> Forecast {
    let Loaded { spec, plan, cohort, sets, variants, summary, .. } = loaded;
    let of_set = |(at, variants): (usize, &Vec<_>)| variants.len() * sets[at].samples.len().div_ceil(4);
    let counts = Counts {
        variants: variants.iter().map(Vec::len).sum(),
        calls: variants.iter().enumerate().map(of_set).sum(),
        genotyped: sets.iter().map(|set| set.samples.len()).max().unwrap_or(0),
        nodes: summary.nodes,
        edges: summary.edges,
    };
    Forecast::of(spec, plan, cohort, counts)
}
