//! `binnc info`: a spec with its defaults, or what a model file holds.

mod of_spec;

use super::Failed;
use super::args::Info;
use super::print::Console;
use crate::engine::model::{self, Header, Model, Part, Predictor};
use crate::io::World;
use crate::language::diagnostics::{Code, Diagnostic};
use serde_json::json;
use std::fmt::Write;

pub(super) fn run(command: &Info, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let extension = command.file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("safetensors") => of_model(command, world, console),
        Some("onnx" | "pt" | "pth" | "h5" | "keras" | "pkl") => {
            let why = "is a model of another program: give a `model.safetensors` of a run folder, or a spec";
            Ok(console.wrong_use(&format!("`{}` {why}", command.file.display())))
        }
        _ => of_spec::run(command, world, console),
    }
}

fn of_model(command: &Info, world: &dyn World, console: &Console) -> Result<u8, Failed> {
    let name = command.file.display().to_string();
    let bytes = world.read(&command.file).map_err(|why| {
        Diagnostic::new(Code::E0301, format!("cannot open the model `{name}`: {why}"))
            .help("give the `model.safetensors` of a run folder, or a `.binn` spec")
    })?;
    let value = told(&model::load(&name, &bytes)?);
    if command.json {
        console.result(&format!("{value:#}\n"));
        return Ok(0);
    }
    let mut text = String::new();
    lines(&value, &mut text);
    console.result(&text);
    Ok(0)
}

/// What a model file holds; of several parts each.
fn told(predictor: &Predictor) -> serde_json::Value {
    if let [only] = predictor.parts.as_slice() {
        return of_network(&only.model);
    }
    let part = |part: &Part| {
        let mut value = of_network(&part.model);
        value["part"] = json!(part.role);
        value["shares"] = json!(part.shares);
        value
    };
    let parts: Vec<serde_json::Value> = predictor.parts.iter().map(part).collect();
    json!({ "model": predictor.first().header.model, "parts": parts })
}

fn of_network(model: &Model) -> serde_json::Value {
    let Header { model: title, written_by, plan_digest, graph_digest, instruction_set, .. } = &model.header;
    let Header { trained_on, seeds, epochs, genotypes, fixed_effects, variants, .. } = &model.header;
    let traits: Vec<&str> =
        model.plan.heads.iter().flat_map(|head| &head.traits).map(|(_, name)| name.as_str()).collect();
    let parameters = model.plan.weights + model.plan.biases;
    json!({
        "model": title, "written_by": written_by, "traits": traits, "genotypes": genotypes,
        "variants": variants.len(), "parameters": parameters, "members": seeds.len(), "epochs": epochs,
        "seeds": seeds, "trained_on": trained_on, "fixed_effects": fixed_effects.concat(),
        "instruction_set": instruction_set, "plan_digest": plan_digest, "graph_digest": graph_digest,
    })
}

/// Lines of keys and values; of several parts one after the other.
fn lines(value: &serde_json::Value, text: &mut String) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let shown = match value {
            serde_json::Value::String(word) => word.clone(),
            serde_json::Value::Array(values) if values.is_empty() => "none".to_string(),
            serde_json::Value::Array(parts) if parts.iter().all(serde_json::Value::is_object) => {
                for part in parts {
                    text.push('\n');
                    lines(part, text);
                }
                continue;
            }
            serde_json::Value::Array(values) => values
                .iter()
                .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_string))
                .collect::<Vec<_>>()
                .join(", "),
            other => other.to_string(),
        };
        let _ = writeln!(text, "{:16}{shown}", key.replace('_', " "));
    }
}
