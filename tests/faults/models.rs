//! Rows 90 to 94: model files whose header lies, and models of other variants, graphs and versions.

use crate::folder::{Folder, with_cell};
use crate::frame::{Row, row};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde_json::{Map, Value, json};

const MODEL: &str = "done/model.safetensors";
const PREDICT: &str = "predict done/model.safetensors --bfile data/geno --out out.tsv";
const INFO: &str = "info done/model.safetensors";

pub fn rows() -> Vec<Row> {
    [lengths(), headers(), contents(), others(), foreign()].into_iter().flatten().collect()
}

/// The header as JSON, and what follows it.
fn parts(bytes: &[u8]) -> (Value, &[u8]) {
    let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes")) as usize;
    (serde_json::from_slice(&bytes[8..8 + length]).expect("JSON"), &bytes[8 + length..])
}

fn file(header: &str, tensors: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), tensors].concat()
}

/// Changes the header, of which the sizes stay as they are.
fn header(change: impl Fn(&mut Map<String, Value>)) -> impl Fn(&Folder) {
    move |b: &Folder| {
        let bytes = b.bytes(MODEL);
        let (mut outer, tensors) = parts(&bytes);
        change(outer.as_object_mut().expect("an object"));
        b.put(MODEL, file(&outer.to_string(), tensors));
    }
}

/// Changes the text of binnc in the header.
fn text(change: impl Fn(&mut Value)) -> impl Fn(&Folder) {
    header(move |outer| {
        let text = outer["__metadata__"]["binnc"].as_str().expect("a text");
        let mut inner: Value = serde_json::from_str(text).expect("JSON");
        change(&mut inner);
        outer["__metadata__"]["binnc"] = Value::String(inner.to_string());
    })
}

/// Changes the bytes of a tensor.
fn tensor(name: &'static str, change: impl Fn(&[u8]) -> Vec<u8>) -> impl Fn(&Folder) {
    move |b: &Folder| {
        let bytes = b.bytes(MODEL);
        let (_, metadata) = SafeTensors::read_metadata(&bytes).expect("a header");
        let known = SafeTensors::deserialize(&bytes).expect("tensors");
        let changed = |name_of: &str, data: &[u8]| if name_of == name { change(data) } else { data.to_vec() };
        let contents: Vec<(String, Dtype, Vec<u8>)> = known
            .tensors()
            .into_iter()
            .map(|(name, view)| {
                let data = changed(&name, view.data());
                (name, view.dtype(), data)
            })
            .collect();
        let views = contents.iter().map(|(name, dtype, data)| {
            let count = data.len() * 8 / dtype.bitsize();
            (name.clone(), TensorView::new(*dtype, vec![count], data).expect("whole numbers"))
        });
        let views: Vec<_> = views.collect();
        b.put(MODEL, serialize(views, metadata.metadata().clone()).expect("a file"));
    }
}

fn lengths() -> Vec<Row> {
    let length = |length: u64| move |b: &Folder| b.poke(MODEL, 0, &length.to_le_bytes());
    vec![
        row(90, "a header of 2⁶³ bytes", length(1 << 63), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a header longer than its file", length(1 << 24), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a header beyond the limit", length(1 << 40), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a header without a byte", length(0), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a file of seven bytes", |b| b.put(MODEL, [0; 7]), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a file without a byte", |b| b.put(MODEL, ""), INFO, 6, &["E0302", MODEL]),
        row(90, "a file cut by one byte", |b| b.cut(MODEL, 1), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a file with bytes at its end", |b| b.grow(MODEL, [0; 16]), PREDICT, 6, &["E0302", MODEL]),
    ]
}

fn headers() -> Vec<Row> {
    let not_json = |b: &Folder| {
        let bytes = b.bytes(MODEL);
        b.put(MODEL, file("{\"half\": ", parts(&bytes).1));
    };
    let twice = |b: &Folder| {
        let bytes = b.bytes(MODEL);
        let (outer, tensors) = parts(&bytes);
        let one = outer["part.0.sources"].to_string();
        let header = outer.to_string();
        b.put(MODEL, file(&format!("{},\"part.0.blocks\":{one}}}", &header[..header.len() - 1]), tensors));
    };
    let offsets = |name: &'static str, change: fn(&mut u64, &mut u64)| {
        header(move |outer| {
            let at = |side: usize| outer[name]["data_offsets"][side].as_u64().expect("an offset");
            let (mut start, mut end) = (at(0), at(1));
            change(&mut start, &mut end);
            outer[name]["data_offsets"] = json!([start, end]);
        })
    };
    let field = |name: &'static str, key: &'static str, value: Value| {
        header(move |outer| outer[name][key] = value.clone())
    };
    let weights = "part.0.member.0.weight";
    let huge = json!([u64::MAX / 2, 16]);
    vec![
        row(90, "a header that is no JSON", not_json, PREDICT, 6, &["E0302", MODEL]),
        row(90, "a tensor named twice", twice, PREDICT, 6, &["E0302", MODEL]),
        row(90, "tensors that overlap", offsets(weights, |start, _| *start -= 4), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a gap between tensors", offsets(weights, |start, _| *start += 4), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a tensor beyond the file", offsets(weights, |_, end| *end += 1 << 30), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a tensor that ends before it starts", offsets(weights, std::mem::swap), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a shape beyond all numbers", field(weights, "shape", huge), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a tensor without values, twice over", field(weights, "shape", json!([0])), PREDICT, 6, &["E0302", MODEL]),
        row(90, "weights of another type", field(weights, "dtype", json!("I32")), PREDICT, 6, &["E0302", "member.0.weight", "I32"]),
        row(90, "a type that there is not", field(weights, "dtype", json!("F31")), PREDICT, 6, &["E0302", MODEL]),
        row(90, "a tensor that is not there", header(|outer| drop(outer.remove("part.0.sources"))), PREDICT, 6, &["E0302", MODEL]),
        row(90, "no text of binnc", header(|outer| drop(outer.remove("__metadata__"))), PREDICT, 6, &["E0302", "`binnc`"]),
    ]
}

fn contents() -> Vec<Row> {
    let value = |name: &'static str, value: f32| {
        tensor(name, move |data| [&value.to_le_bytes(), &data[4..]].concat())
    };
    let fewer = |name: &'static str| tensor(name, |data| data[..data.len() - 4].to_vec());
    vec![
        row(90, "a weight too few", fewer("part.0.member.0.weight"), PREDICT, 6, &["E0302", "member.0.weight", "44 values, not 45"]),
        row(90, "another weight", value("part.0.member.0.weight", 0.5), PREDICT, 6, &["E0302", "not those that were written"]),
        row(90, "another mean of the trait", text(|inner| inner["parts"][0]["content"] = "00".into()), PREDICT, 6, &["E0302", "not those that were written"]),
        row(92, "a weight that is not a number", value("part.0.member.0.weight", f32::NAN), PREDICT, 9, &["E0902", "member.0.weight"]),
        row(92, "an infinite bias", value("part.0.member.0.bias", f32::INFINITY), PREDICT, 9, &["E0902", "member.0.bias"]),
        row(92, "a genotype code that is not a number", value("part.0.input.table", f32::NAN), PREDICT, 9, &["E0902", "input.table"]),
    ]
}

fn others() -> Vec<Row> {
    let version = |version: u64| {
        text(move |inner| {
            inner["header"]["format_version"] = version.into();
            inner["header"]["written_by"] = "9.9.9".into();
        })
    };
    let renamed =
        |b: &Folder| b.lines("data/geno.bim", |at, line| Some(with_cell(line, 1, &format!("rs{at}"))));
    let fewer_ids = |b: &Folder| {
        b.lines("data/geno.bim", |at, line| {
            Some(if at % 4 == 0 { with_cell(line, 1, &format!("rs{at}")) } else { line.to_string() })
        });
    };
    let one_id = |b: &Folder| b.lines("data/geno.bim", |_, line| Some(with_cell(line, 1, "m1_1")));
    let other_graph = tensor("part.0.text", |data| {
        let mut inner: Value = serde_json::from_slice(data).expect("JSON");
        inner["header"]["plan_digest"] = "0123".into();
        inner.to_string().into_bytes()
    });
    vec![
        row(91, "genotypes of other variants", renamed, PREDICT, 7, &["E0306", "rs1"]),
        row(91, "genotypes that lack a quarter of the variants", fewer_ids, PREDICT, 0, &["missing"]).makes(&["out.tsv"]).loud(),
        row(91, "genotypes whose variants have one id", one_id, PREDICT, 7, &["m1_1"]),
        row(91, "a model of another graph", other_graph, PREDICT, 7, &["E0804", "0123"]),
        row(91, "another spec for a finished run", |b| b.swap("small.binn", "epochs = 2", "epochs = 3"), "run small.binn --out done", 2, &["E0904", "done"]),
        row(92, "a model of a later version", version(99), PREDICT, 7, &["E0807", "9.9.9", "layout 99"]),
        row(92, "a model of a version that is not read", version(1), INFO, 7, &["E0807", "layout 1"]),
        row(92, "a spec of a later version", |b| b.swap("small.binn", "binn 1", "binn 9"), "run small.binn", 8, &["E0102", "small.binn:1", "9"]),
        row(92, "a lock of a later version", newer_lock, "check small.binn --locked", 1, &["E0807", "small.lock"]),
    ]
}

fn newer_lock(b: &Folder) {
    b.ask("lock small.binn");
    b.lines("small.lock", |_, line| {
        Some(if line.starts_with("lock = ") { "lock = 99".to_string() } else { line.to_string() })
    });
}

fn foreign() -> Vec<Row> {
    let onnx = |b: &Folder| b.put("net.onnx", b"\x08\x07\x12\x05torch\x1a\x03ext:\x00../../secret.bin");
    vec![
        row(94, "a model in ONNX with data elsewhere (refused)", onnx, "predict net.onnx --bfile data/geno", 6, &["E0302", "net.onnx", "binnc run"]),
        row(94, "a model in ONNX, looked at (refused)", onnx, "info net.onnx", 2, &["net.onnx", "another program"]),
        row(94, "a folder for a model", |_| {}, "predict data --bfile data/geno", 3, &["E0301", "data"]),
    ]
}
