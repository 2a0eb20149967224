//! The compiler's stages as text: graph, plan, pictures.

use super::load::Loaded;
use crate::compiler::graph::InputRef;
use crate::compiler::plan::plan_digest;
use crate::engine::network::packed::Layout;
use crate::language::spec::{Endpoint, Part, Spec, Target, Via};
use std::fmt::Write;

/// Every node with what it reads, by name.
pub(super) fn graph(loaded: &Loaded) -> String {
    let graph = loaded.graph.graph();
    let mut text = String::new();
    for node in loaded.graph.order() {
        let data = &graph.dag[*node];
        let layer = &loaded.spec.layers[data.layer].name.value;
        let _ = writeln!(text, "node {layer}/{}", data.name);
        for input in &graph.inputs[node.index()] {
            let _ = writeln!(text, "  <- {}", input_name(loaded, input));
        }
        for parent in loaded.graph.parents(*node) {
            let parent = &graph.dag[parent];
            let _ = writeln!(text, "  <- {}/{}", loaded.spec.layers[parent.layer].name.value, parent.name);
        }
    }
    for (predict, head) in loaded.spec.predicts.iter().zip(&graph.heads) {
        let traits: Vec<&str> = predict.traits.iter().map(|t| t.column.as_str()).collect();
        let _ = writeln!(text, "predict {}", traits.join(", "));
        for input in &head.inputs {
            let _ = writeln!(text, "  <- {}", input_name(loaded, input));
        }
        for node in &head.nodes {
            let data = &graph.dag[*node];
            let _ = writeln!(text, "  <- {}/{}", loaded.spec.layers[data.layer].name.value, data.name);
        }
    }
    for pruned in &graph.pruned {
        let _ = writeln!(text, "pruned {}/{}: {:?}", pruned.layer, pruned.name, pruned.reason);
    }
    text
}

/// The plan with its digest, as JSON.
pub(super) fn plan(loaded: &Loaded) -> serde_json::Result<String> {
    let digests = crate::language::spec::digest::SpecDigests::of(&loaded.spec);
    let value = serde_json::json!({
        "format_version": 2,
        "written_by": env!("CARGO_PKG_VERSION"),
        "model": loaded.spec.model.value,
        "plan_digest": plan_digest(&loaded.plan),
        "spec_digests": digests,
        "summary": loaded.summary,
        "coverage": loaded.coverage(),
        "plan": loaded.plan,
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// How the engine lays the plan out, as a table.
pub(super) fn layout(loaded: &Loaded) -> String {
    Layout::of_plan(&loaded.plan).table(&loaded.plan)
}

/// The layers as a Graphviz digraph.
pub(super) fn dot(loaded: &Loaded) -> String {
    let mut text =
        String::from("digraph binn {\n  rankdir = LR\n  node [shape = box, fontname = \"sans-serif\"]\n");
    for (id, label) in boxes(loaded) {
        let _ = writeln!(text, "  {id} [label = \"{}\"]", label.replace('\\', "\\\\").replace('"', "\\\""));
    }
    for (from, to, label) in arrows(&loaded.spec) {
        let _ = writeln!(text, "  {from} -> {to} [label = \"{}\"]", label.replace('"', "\\\""));
    }
    text.push_str("}\n");
    text
}

/// The layers as a Mermaid flowchart.
pub(super) fn mermaid(loaded: &Loaded) -> String {
    let mut text = String::from("flowchart LR\n");
    for (id, label) in boxes(loaded) {
        let _ = writeln!(text, "  {id}[\"{}\"]", label.replace('"', "#quot;"));
    }
    for (from, to, label) in arrows(&loaded.spec) {
        let arrow = if label.is_empty() {
            "-->".to_string()
        } else {
            format!("-->|\"{}\"|", label.replace('"', "#quot;"))
        };
        let _ = writeln!(text, "  {from} {arrow} {to}");
    }
    text
}

fn input_name(loaded: &Loaded, input: &InputRef) -> String {
    match input {
        InputRef::Variant(set, at) => {
            let name = &loaded.spec.genotypes[*set].name.value;
            format!("{name}/{}", loaded.variants[*set][*at as usize].id)
        }
        InputRef::Covariate(at) => {
            let (table, column, _) = &loaded.graph.graph().covariates[*at];
            format!("{}.{column}", loaded.spec.tables[*table].name.value)
        }
    }
}

fn boxes(loaded: &Loaded) -> Vec<(String, String)> {
    let spec = &loaded.spec;
    let mut boxes: Vec<(String, String)> = Vec::new();
    for (at, item) in spec.genotypes.iter().enumerate() {
        boxes
            .push((format!("g{at}"), format!("{}: {} variants", item.name.value, loaded.variants[at].len())));
    }
    for (at, layer) in loaded.summary.layers.iter().enumerate() {
        boxes.push((
            format!("l{at}"),
            format!("{} ({}): {}", layer.name, layer.kind, counted(layer.nodes, "node")),
        ));
    }
    for (at, table) in spec.tables.iter().enumerate() {
        if arrows(spec).iter().any(|(from, ..)| *from == format!("t{at}")) {
            boxes.push((format!("t{at}"), table.name.value.clone()));
        }
    }
    for (at, predict) in spec.predicts.iter().enumerate() {
        let traits: Vec<&str> = predict.traits.iter().map(|t| t.column.as_str()).collect();
        boxes.push((format!("p{at}"), traits.join(", ")));
    }
    boxes
}

/// Layer-level arrows, each once.
fn arrows(spec: &Spec) -> Vec<(String, String, String)> {
    let mut arrows = Vec::new();
    for link in &spec.links {
        let label = match &link.via {
            Via::AllToAll if matches!(link.from[0].target, Target::Columns(_)) => "by name".to_string(),
            Via::AllToAll => String::new(),
            Via::Prior(prior, _) => spec.priors[*prior].name.value.clone(),
            Via::Window(window) => format!("window({})", spec.priors[window.prior].name.value),
            Via::Eqtl(eqtl) => format!("eqtl({})", spec.tables[eqtl.table].name.value),
            Via::Inline(edges) => counted(edges.len(), "edge"),
        };
        for from in &link.from {
            arrows.extend(link.to.iter().map(|to| (id_of(from), id_of(to), labelled(from, &label))));
        }
    }
    for (at, layer) in spec.layers.iter().enumerate() {
        if let Some(hierarchy) = &layer.hierarchy {
            let label = format!("child to parent, {}", spec.priors[hierarchy.prior].name.value);
            arrows.push((format!("l{at}"), format!("l{at}"), label));
        }
    }
    for (at, predict) in spec.predicts.iter().enumerate() {
        arrows.extend(predict.from.iter().map(|from| (id_of(from), format!("p{at}"), labelled(from, ""))));
    }
    let mut seen = indexmap::IndexSet::new();
    arrows.retain(|arrow| seen.insert(arrow.clone()));
    arrows
}

/// `1 node`, `2 nodes`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn labelled(from: &Endpoint, label: &str) -> String {
    let part = match from.part {
        Part::All => return label.to_string(),
        Part::Unmapped => "unmapped".to_string(),
        Part::Top => "top".to_string(),
        Part::Level(level) => format!("level {level}"),
    };
    if label.is_empty() { part } else { format!("{part}, {label}") }
}

fn id_of(endpoint: &Endpoint) -> String {
    match &endpoint.target {
        Target::Genotypes(set) => format!("g{set}"),
        Target::Layer(layer) | Target::Node(layer, _) => format!("l{layer}"),
        Target::Column(column) => format!("t{}", column.table),
        Target::Columns(table) => format!("t{table}"),
    }
}
