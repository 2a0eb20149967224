//! Model files that are damaged, foreign or newer: refused by name, and nothing is written.

use crate::support::{Bench, Spec};
use binnc::engine::model;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde_json::Value;

fn trained() -> Bench {
    let bench = Bench::with(&Spec::default());
    bench.run("run small.binn --out run").expect(0);
    bench
}

/// The header's length, its JSON, and where tensors begin.
fn header(bytes: &[u8]) -> (Value, usize) {
    let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes")) as usize;
    (serde_json::from_slice(&bytes[8..8 + length]).expect("JSON"), 8 + length)
}

/// The file with the text of binnc changed.
fn with_text(bytes: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    let (mut outer, tensors) = header(bytes);
    let text = outer["__metadata__"]["binnc"].as_str().expect("a text").to_string();
    let mut inner: Value = serde_json::from_str(&text).expect("JSON");
    change(&mut inner);
    outer["__metadata__"]["binnc"] = Value::String(inner.to_string());
    let mut json = outer.to_string();
    while json.len() % 8 != 0 {
        json.push(' ');
    }
    [&(json.len() as u64).to_le_bytes(), json.as_bytes(), &bytes[tensors..]].concat()
}

/// The file with the bytes of a tensor changed, however long they become.
fn with_tensor(bytes: &[u8], tensor: &str, change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).expect("a header");
    let known = SafeTensors::deserialize(bytes).expect("tensors");
    let contents: Vec<(String, Dtype, Vec<u8>)> = known
        .tensors()
        .into_iter()
        .map(|(name, view)| {
            let own = if name == tensor { change(view.data()) } else { view.data().to_vec() };
            (name, view.dtype(), own)
        })
        .collect();
    let mut views = Vec::new();
    for (name, dtype, own) in &contents {
        let count = own.len() * 8 / dtype.bitsize();
        views.push((name.clone(), TensorView::new(*dtype, vec![count], own).expect("whole numbers")));
    }
    serialize(views, metadata.metadata().clone()).expect("a file")
}

/// The file with the text of its part changed.
fn with_part(bytes: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    with_tensor(bytes, "part.0.text", |text| {
        let mut inner: Value = serde_json::from_slice(text).expect("JSON");
        change(&mut inner);
        inner.to_string().into_bytes()
    })
}

/// Where a tensor's bytes begin in the file.
fn place(bytes: &[u8], tensor: &str) -> usize {
    let (outer, tensors) = header(bytes);
    tensors + outer[tensor]["data_offsets"][0].as_u64().expect("an offset") as usize
}

#[track_caller]
fn refused(bench: &Bench, bytes: &[u8], code: i32, words: &[&str]) {
    bench.write("changed.safetensors", bytes);
    bench.run("predict changed.safetensors --bfile data/geno --out out.tsv").refuses(code, words);
    assert!(!bench.exists("out.tsv"), "predictions of a broken model were written");
    bench.run("info changed.safetensors").refuses(code, words);
}

#[test]
fn each_fault_has_its_own_answer() {
    let bench = trained();
    let bytes = bench.read("run/model.safetensors");
    for broken in [&[][..], b"garbage", &[0xff; 64], &bytes[..7], &bytes[..100], &bytes[..bytes.len() - 1]] {
        refused(&bench, broken, 6, &["E0302", "changed.safetensors", "not a whole binnc model"]);
    }
    let longer = [&bytes[..], b"\0\0\0\0"].concat();
    refused(&bench, &longer, 6, &["E0302"]);
    let newer = with_text(&bytes, |text| {
        text["header"]["format_version"] = 5.into();
        text["header"]["written_by"] = "9.9.9".into();
    });
    refused(&bench, &newer, 7, &["E0807", "9.9.9", "layout 5"]);
    let older = with_text(&bytes, |text| text["header"]["format_version"] = 3.into());
    refused(&bench, &older, 7, &["E0807", "layout 3", "run the spec again"]);
    let other = with_part(&bytes, |text| text["header"]["plan_digest"] = "0123".into());
    refused(&bench, &other, 7, &["E0804", "0123"]);
    for tensor in ["member.0.weight", "member.0.bias", "input.table"] {
        let mut damaged = bytes.clone();
        let at = place(&bytes, &format!("part.0.{tensor}"));
        damaged[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        refused(&bench, &damaged, 9, &["E0902", tensor]);
    }
    let mut damaged = bytes.clone();
    damaged[place(&bytes, "part.0.member.0.weight")] ^= 1;
    refused(&bench, &damaged, 6, &["E0302", "not those that were written"]);
    let share = with_text(&bytes, |text| text["parts"][0]["shares"][0] = 0.5.into());
    refused(&bench, &share, 6, &["E0302", "not those that were written"]);
    let scaled = with_part(&bytes, |text| text["preprocessing"]["traits"][0][0]["mean"] = 1.0.into());
    refused(&bench, &scaled, 6, &["E0302", "not those that were written"]);
    let without_last = |text: &[u8]| {
        let lines = std::str::from_utf8(text).expect("UTF-8").trim_end();
        lines.as_bytes()[..=lines.rfind('\n').expect("several lines")].to_vec()
    };
    refused(&bench, &with_tensor(&bytes, "part.0.variants", without_last), 6, &["E0302", "do not fit"]);
    for tensor in ["part.0.variants", "part.0.segments"] {
        let spoilt = |text: &[u8]| [b"\\", text].concat();
        refused(&bench, &with_tensor(&bytes, tensor, spoilt), 6, &["E0302", "cannot be read"]);
    }
    let beyond = with_part(&bytes, |text| text["header"]["heads"][0]["first_row"] = u64::MAX.into());
    refused(&bench, &beyond, 6, &["E0302"]);
    let same = with_text(&bytes, |_| ());
    assert_eq!(
        model::load("same", &same).expect("only laid out anew"),
        model::load("whole", &bytes).expect("whole")
    );
}

#[test]
fn every_damaged_byte_and_length_is_noticed() {
    let bench = trained();
    let bytes = bench.read("run/model.safetensors");
    let (_, tensors) = header(&bytes);
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(
            model::load("damaged", &damaged).is_err(),
            "byte {at} of {} (tensors from {tensors})",
            bytes.len()
        );
        assert!(model::load("cut", &bytes[..at]).is_err(), "the first {at} bytes");
    }
    for at in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x80;
        bench.write("changed.safetensors", damaged);
        let said = bench.run("predict changed.safetensors --bfile data/geno");
        assert!(
            [6, 7, 9].contains(&said.code) && said.out.is_empty(),
            "byte {at}: {} {}",
            said.code,
            said.err
        );
    }
}
