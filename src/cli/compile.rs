//! `binnc compile SPEC`: the plan and what it costs, without a genotype call.

use super::args::{Compile, Emit};
use super::load::{self, Depth, Loaded, Opened};
use super::lock::{Asked, verify};
use super::print::{Console, cannot_write};
use super::{Diagnostics, Failed, emit};
use crate::compiler::plan::{PlanSummary, plan_digest};
use crate::io::World;
use crate::language::spec::digest::{SpecDigests, canonical};
use crate::language::spec::unseeded;
use std::fmt::Write;

pub(super) fn run(command: &Compile, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let path = &command.input.spec;
    let Opened { sources, file, spec, mut found, .. } =
        load::open_in(world, path, command.input.root.as_deref())?;
    if command.emit == Some(Emit::Ast) && !found.has_errors() {
        console.report(&found, &sources);
        console.result(&format!("{file:#?}\n"));
        return Ok(0);
    }
    let Some(spec) = spec else { return Err(Failed { found, sources }) };
    if command.emit == Some(Emit::Spec) {
        console.report(&found, &sources);
        console.result(&canonical(&spec));
        return Ok(0);
    }
    let root = load::data_root(command.input.data_root.as_deref(), path);
    let caching = &command.caching;
    let cache = load::cache_folder(caching.cache.as_deref(), caching.no_cache, &root);
    let verified = verify(world, &spec, path, &root, Asked { locked: command.locked, files: true });
    found.extend(verified.found.clone());
    if command.input.reproducible {
        found.extend(unseeded(&spec));
    }
    let (loaded, said) = match load::load_cached(world, spec, &root, Depth::Lists, cache.as_deref()) {
        Ok(loaded) => loaded,
        Err(said) => {
            found.extend(said);
            return Err(Failed { found, sources });
        }
    };
    found.extend(said);
    found.extend(verified.graph(&loaded));
    if found.has_errors() {
        return Err(Failed { found, sources });
    }
    console.report(&found, &sources);
    loaded.cache_notes.iter().for_each(|note| console.say(note));
    if let Some(output) = &command.output {
        let text = emit::plan(&loaded).map_err(|why| Diagnostics::from(cannot_write(output, &why.into())))?;
        world.write(output, text.as_bytes()).map_err(|why| Diagnostics::from(cannot_write(output, &why)))?;
        console.say(&format!("plan written to {}", output.display()));
    }
    match command.emit {
        Some(Emit::Graph) => console.result(&emit::graph(&loaded)),
        Some(Emit::Plan) => {
            let text =
                emit::plan(&loaded).map_err(|why| Diagnostics::from(cannot_write(path, &why.into())))?;
            console.result(&text);
        }
        Some(Emit::Dot) => console.result(&emit::dot(&loaded)),
        Some(Emit::Mermaid) => console.result(&emit::mermaid(&loaded)),
        _ => console.result(&summary(&loaded)),
    }
    Ok(0)
}

/// Layers, sizes, costs and digests, as a person reads them.
pub(super) fn summary(loaded: &Loaded) -> String {
    let PlanSummary { variants, covariates, nodes, edges, parameters, density, step_flops, batch, .. } =
        loaded.summary;
    let samples = loaded.cohort.samples.len();
    let mut text = format!("model {}: {samples} samples\n\n", loaded.spec.model.value);
    let width =
        loaded.summary.layers.iter().map(|layer| layer.name.chars().count()).max().unwrap_or(0).clamp(9, 60);
    let _ = writeln!(text, "{:width$}  {:>8}  {:>10}  {:>12}", "layer", "nodes", "edges in", "parameters");
    for layer in &loaded.summary.layers {
        let _ = writeln!(
            text,
            "{:width$}  {:>8}  {:>10}  {:>12}",
            layer.name, layer.nodes, layer.edges, layer.parameters
        );
    }
    let _ = writeln!(text, "{:width$}  {:>8}  {:>10}  {:>12}", "read-outs", "", "", loaded.summary.read_outs);
    let _ = writeln!(text, "\ninputs      {variants} variants, {covariates} covariate columns");
    let _ = writeln!(text, "graph       {nodes} nodes, {edges} edges");
    let _ = writeln!(
        text,
        "parameters  {parameters}, {:.3} % of the weights of the dense network of the same layers",
        100.0 * density
    );
    let _ = writeln!(
        text,
        "memory      {} for parameters, moments and activations in training, {} of packed genotypes",
        bytes(loaded.summary.training_bytes),
        bytes(loaded.summary.genotype_bytes)
    );
    let _ = writeln!(text, "arithmetic  {:.3} Mflop a step of {batch} samples", step_flops as f64 / 1e6);
    let _ = writeln!(text, "graph digest  {}", loaded.plan.graph_digest);
    let _ = writeln!(text, "plan digest   {}", plan_digest(&loaded.plan));
    let digests = SpecDigests::of(&loaded.spec);
    let _ = writeln!(text, "architecture  {}", digests.architecture);
    text
}

fn bytes(count: usize) -> String {
    match count {
        0..10_000 => format!("{count} B"),
        10_000..10_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}
