//! `binnc info SPEC`: the files it reads, what each layer reads, and every setting.
//!
//! Where data are absent or wrong, the text alone is shown: `check` is what finds faults.

use super::super::load::{self, Depth, Loaded, Opened};
use super::super::outline::{outline, predictions, readings};
use crate::cli::Failed;
use crate::cli::args::Info;
use crate::cli::print::Console;
use crate::compiler::lock::{Kind, LockedGraph, wanted};
use crate::io::World;
use crate::language::diagnostics::visible::visible;
use crate::language::spec::digest::{SpecDigests, canonical};
use crate::language::spec::{Layer as LayerItem, Spec};
use crate::study::derive::concrete::learns;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// The version of the JSON form.
const FORMAT_VERSION: u32 = 1;
/// What is said of sizes that training rows decide on.
const LEARNT: &str = "links and nodes are learnt on training rows: sizes are the largest possible";

pub(super) fn run(command: &Info, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let Opened { sources, spec, found, .. } = load::open(world, &command.file)?;
    let Some(spec) = spec else { return Err(Failed { found, sources }) };
    console.report(&found, &sources);
    let root = load::data_root(command.data_root.as_deref(), &command.file);
    let facts = Facts::of(&spec, (!command.no_data).then_some((world, root.as_path())));
    console.result(&if command.json {
        format!("{:#}\n", as_json(&spec, &facts))
    } else {
        as_text(&spec, &facts)
    });
    Ok(0)
}

/// What is known of a spec besides its settings.
struct Facts {
    digests: SpecDigests,
    sources: Vec<Source>,
    layers: Vec<Layer>,
    predicts: Vec<Predict>,
    graph: Option<LockedGraph>,
    notes: Vec<String>,
    /// Whether files were looked at.
    looked: bool,
}

/// A file that the spec reads.
#[derive(Serialize)]
struct Source {
    kind: Kind,
    name: String,
    format: String,
    path: String,
    /// Size; `None` where it is not there or was not looked at.
    bytes: Option<u64>,
}

#[derive(Serialize)]
struct Layer {
    name: String,
    kind: String,
    reads: Vec<String>,
    nodes: Option<usize>,
    edges: Option<usize>,
    parameters: Option<usize>,
}

#[derive(Serialize)]
struct Predict {
    traits: Vec<String>,
    reads: Vec<String>,
}

impl Facts {
    fn of(spec: &Spec, data: Option<(&dyn World, &Path)>) -> Self {
        let sources: Vec<Source> = wanted(spec)
            .into_iter()
            .map(|file| {
                let bytes = data.and_then(|(world, root)| world.size(&file.at(root)).ok());
                Source { kind: file.kind, name: file.name, format: file.format, path: file.path, bytes }
            })
            .collect();
        let absent = sources.iter().find(|source| source.bytes.is_none() && !source.path.ends_with(".bed"));
        let (loaded, note) = match (data, absent) {
            (None, _) => (None, Some("sources were not opened (--no-data)".to_string())),
            (_, Some(absent)) => {
                (None, Some(format!("`{}` is not there, so the graph was not built", absent.path)))
            }
            (Some((world, root)), None) => match load::load(world, spec.clone(), root, Depth::Lists) {
                Ok((loaded, _)) => (Some(loaded), None),
                Err(_) => (None, Some("the graph cannot be built: `binnc check` says why".to_string())),
            },
        };
        Self {
            digests: SpecDigests::of(spec),
            sources,
            layers: layers(spec, loaded.as_ref()),
            predicts: predictions(spec)
                .into_iter()
                .map(|(traits, reads)| Predict { traits, reads })
                .collect(),
            graph: loaded.as_ref().map(|loaded| LockedGraph::of(&loaded.plan, &loaded.summary)),
            notes: note.into_iter().chain(learns(spec).then(|| LEARNT.to_string())).collect(),
            looked: data.is_some(),
        }
    }
}

/// What a layer keeps, where that is learnt.
fn selected(spec: &Spec, item: &LayerItem) -> Option<String> {
    let select = item.select.as_ref()?;
    let table = &spec.tables[select.table].name.value;
    let target = format!("{}.{}", spec.tables[select.target.table].name.value, select.target.column);
    Some(format!("only what elastic_net({table}) keeps for {target}"))
}

fn layers(spec: &Spec, loaded: Option<&Loaded>) -> Vec<Layer> {
    let readings = readings(spec);
    let layer = |at: usize| {
        let item = &spec.layers[at];
        let names: Vec<&str> = match &item.nodes {
            None => vec![&item.name.value],
            Some(nodes) => nodes.iter().map(|node| node.value.as_str()).collect(),
        };
        let reads = readings.iter().filter(|link| link.to.iter().any(|to| names.contains(&to.as_str())));
        let within = item.hierarchy.as_ref().map(|held| {
            format!("its own nodes, children to parents, by {}", spec.priors[held.prior].name.value)
        });
        let figures = loaded.and_then(|loaded| loaded.summary.layers.get(at));
        Layer {
            name: names.join(", "),
            kind: item.kind.value.clone(),
            reads: reads.map(|link| link.from.clone()).chain(within).chain(selected(spec, item)).collect(),
            nodes: figures.map(|figures| figures.nodes),
            edges: figures.map(|figures| figures.edges),
            parameters: figures.map(|figures| figures.parameters),
        }
    };
    (0..spec.layers.len()).map(layer).collect()
}

fn as_json(spec: &Spec, facts: &Facts) -> Value {
    json!({
        "format_version": FORMAT_VERSION,
        "model": spec.model.value,
        "doc": spec.doc,
        "digests": facts.digests,
        "counts": {
            "genotypes": spec.genotypes.len(), "tables": spec.tables.len(), "priors": spec.priors.len(),
            "layers": spec.layers.len(), "links": spec.links.len(),
        },
        "sources": facts.sources,
        "layers": facts.layers,
        "predicts": facts.predicts,
        "graph": facts.graph,
        "notes": facts.notes,
        "spec": serde_json::from_str::<Value>(&canonical(spec)).unwrap_or_default(),
    })
}

fn as_text(spec: &Spec, facts: &Facts) -> String {
    let mut text = format!("model {}\n", spec.model.value);
    for line in spec.doc.lines() {
        let _ = writeln!(text, "  {line}");
    }
    for note in &facts.notes {
        let _ = writeln!(text, "\nnote: {note}");
    }
    if !facts.sources.is_empty() {
        text += "\nfiles\n";
        facts.sources.iter().for_each(|source| text += &source_line(source, facts.looked));
    }
    text += "\nlayers\n";
    for layer in &facts.layers {
        let _ = writeln!(text, "  {} ({})", layer.name, layer.kind);
        let _ = writeln!(
            text,
            "    reads {}",
            if layer.reads.is_empty() { "nothing".to_string() } else { layer.reads.join("; ") }
        );
        if let (Some(nodes), Some(edges), Some(parameters)) = (layer.nodes, layer.edges, layer.parameters) {
            let _ = writeln!(text, "    {nodes} nodes, {edges} edges into it, {parameters} parameters");
        }
    }
    for predict in &facts.predicts {
        let _ = writeln!(
            text,
            "  {}\n    predicted from {}",
            predict.traits.join(", "),
            predict.reads.join(", ")
        );
    }
    let SpecDigests { data, priors, architecture, procedure } = &facts.digests;
    let _ = writeln!(text, "\ndigests\n  data          {data}\n  priors        {priors}");
    let _ = writeln!(text, "  architecture  {architecture}\n  procedure     {procedure}");
    if let Some(graph) = &facts.graph {
        let _ = writeln!(text, "  graph         {}\n  plan          {}", graph.digest, graph.plan);
        let (nodes, edges, parameters) = (graph.nodes, graph.edges, graph.parameters);
        let _ = writeln!(text, "\ngraph\n  {nodes} nodes, {edges} edges, {parameters} parameters");
    }
    let _ = writeln!(text, "\nwith every default filled\n\n{}", outline(spec));
    visible(&text)
}

fn source_line(source: &Source, looked: bool) -> String {
    let kind = match source.kind {
        Kind::Import => "import",
        Kind::Genotypes => "genotypes",
        Kind::Table => "table",
        Kind::Prior => "prior",
        Kind::Contigs => "contigs",
        Kind::Samples => "samples",
    };
    let size = match source.bytes {
        Some(bytes) => format!(", {bytes} bytes"),
        None if looked => ", not there".to_string(),
        None => String::new(),
    };
    format!("  {kind} {} ({}): {}{size}\n", source.name, source.format, source.path)
}
