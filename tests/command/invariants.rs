//! I2, I8, I9, I11, I14, I15 on the program itself: what a model file holds is what predicted, needs
//! nothing beside it, and is what the spec asked for.
//!
//! The table of all fifteen stands in `tests/language/invariants/mod.rs`.

use crate::support::{Bench, Spec, bed, codes, number, rows};
use binnc::engine::model;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SAMPLES: usize = 120;

/// A model file taken apart without the program's own reader.
struct Opened {
    tensors: Value,
    text: Value,
    bytes: Vec<u8>,
    start: usize,
}

impl Opened {
    fn of(bytes: Vec<u8>) -> Self {
        let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes")) as usize;
        let tensors: Value = serde_json::from_slice(&bytes[8..8 + length]).expect("JSON");
        let mut opened = Self { text: Value::Null, tensors, bytes, start: 8 + length };
        opened.text = serde_json::from_slice(opened.tensor("text")).expect("JSON");
        opened
    }

    /// Where the bytes of a tensor of the file's only part stand.
    fn place(&self, tensor: &str) -> std::ops::Range<usize> {
        let offsets = &self.tensors[format!("part.0.{tensor}")]["data_offsets"];
        let place = |at: usize| self.start + offsets[at].as_u64().expect("an offset") as usize;
        place(0)..place(1)
    }

    fn tensor(&self, name: &str) -> &[u8] {
        &self.bytes[self.place(name)]
    }

    fn words<const N: usize>(&self, tensor: &str) -> Vec<[u8; N]> {
        let bytes = self.tensor(tensor);
        bytes.chunks_exact(N).map(|word| word.try_into().expect("as long")).collect()
    }

    fn indices(&self, tensor: &str) -> Vec<usize> {
        self.words(tensor).into_iter().map(|word| u32::from_le_bytes(word) as usize).collect()
    }

    fn floats(&self, tensor: &str) -> Vec<f64> {
        self.words(tensor).into_iter().map(|word| f64::from(f32::from_le_bytes(word))).collect()
    }

    /// `layer/name` of every row.
    fn rows(&self) -> Vec<String> {
        let mut names = Vec::new();
        for segment in std::str::from_utf8(self.tensor("segments")).expect("UTF-8").lines() {
            let fields: Vec<&str> = segment.split('\t').collect();
            let [first, rows, _, layer, name] = fields[..] else { panic!("five fields: {segment}") };
            assert_eq!(first, names.len().to_string(), "rows in order");
            names.extend((0..rows.parse().expect("a count")).map(|_| format!("{layer}/{name}")));
        }
        names
    }
}

/// The activations that the spec uses, from their definitions.
fn activated(kind: i64, x: f64) -> f64 {
    match kind {
        0 => x,
        1 => libm::tanh(x),
        4 => 0.5 * x * (1.0 + libm::erf(x / std::f64::consts::SQRT_2)),
        other => panic!("activation {other} is not in the spec"),
    }
}

/// Predictions of one member for every sample, edge by edge, each by the names of its two ends.
fn walked(model: &Opened, member: usize, calls: &BTreeMap<String, Vec<u8>>) -> Vec<f64> {
    let names = model.rows();
    let (sources, targets) = (model.indices("weight.source"), model.indices("weight.target"));
    let weights = model.floats(&format!("member.{member}.weight"));
    let biases = model.floats(&format!("member.{member}.bias"));
    let table = model.floats("input.table");
    let blocks: Vec<i64> = model.words("blocks").into_iter().map(i64::from_le_bytes).collect();
    let mut kinds = BTreeMap::new();
    for block in blocks.chunks_exact(9) {
        kinds.extend((block[2]..block[2] + block[3]).map(|row| (row as usize, block[6])));
    }
    let bias_of: BTreeMap<usize, f64> = model.indices("bias.target").into_iter().zip(biases).collect();
    let mut into: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    for ((source, target), weight) in sources.into_iter().zip(targets).zip(weights) {
        into.entry(target).or_default().push((source, weight));
    }
    let trait_row = model.text["header"]["heads"][0]["first_row"].as_u64().expect("a row") as usize;
    let scale = |key: &str| model.text["preprocessing"]["traits"][0][0][key].as_f64().expect("a number");
    let predicted = |sample: usize| {
        let mut values = vec![f64::NAN; names.len()];
        for row in 0..table.len() / 4 {
            let id = names[row].strip_prefix("snps/").expect("an input is a marker");
            values[row] = table[4 * row + calls[id][sample] as usize];
        }
        for (row, edges) in &into {
            let sum: f64 = edges.iter().map(|(source, weight)| values[*source] * weight).sum();
            values[*row] = activated(kinds[row], sum + bias_of[row]);
        }
        scale("mean") + scale("sd") * values[trait_row]
    };
    (0..SAMPLES).map(predicted).collect()
}

/// I2, I11. LEMBAS, KPNN and GenNet gave weights their meaning by the order in which they lay, and
/// pasted names beside them; GSNN's explainer had a forward pass of its own, DeepKEGG scored weights
/// drawn anew. Here the named edges of the file, walked one by one, are the network that predicted.
#[test]
fn the_named_weights_of_a_file_are_the_network_that_predicted() {
    let bench = Bench::with(&Spec { train: "epochs = 8  ensemble = 2", ..Spec::default() });
    bench.run("run small.binn --out run").expect(0);
    let model = Opened::of(bench.read("run/model.safetensors"));

    // Every weight joins what the files join, and nothing else is joined.
    let names = model.rows();
    let ends = model.indices("weight.source").into_iter().zip(model.indices("weight.target"));
    let joined: BTreeSet<(&str, &str)> = ends
        .map(|(from, to)| (names[from].as_str(), names[to].as_str()))
        .filter(|(from, to)| from != to)
        .collect();
    let links = bench.text("data/links.tsv");
    let links = links.lines().skip(1).map(|line| line.split_once('\t').expect("two columns"));
    let wanted: BTreeSet<(String, String)> = links
        .filter(|(_, node)| ["auxin", "sucrose"].contains(node))
        .map(|(snp, node)| (format!("snps/{snp}"), node.to_string()))
        .collect();
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_string();
    let markers: BTreeSet<(String, String)> = joined
        .iter()
        .filter(|(from, _)| from.starts_with("snps/"))
        .map(|(from, to)| (from.to_string(), last(to)))
        .collect();
    assert_eq!((markers.len(), &markers), (20, &wanted));

    let ids = bench.text("data/geno.bim");
    let ids = ids.lines().map(|line| line.split('\t').nth(1).expect("an id").to_string());
    let calls: BTreeMap<String, Vec<u8>> = ids.zip(codes(&bench.read("data/geno.bed"), SAMPLES)).collect();
    let members = [walked(&model, 0, &calls), walked(&model, 1, &calls)];
    assert!(members[0] != members[1], "two members");
    let table = rows(&bench.text("run/predictions.tsv"));
    let of_run: Vec<_> = table.iter().filter(|row| row["method"] == "binn").collect();
    assert_eq!(of_run.len(), SAMPLES);
    for (at, row) in of_run.iter().enumerate() {
        let [one, two] = [members[0][at], members[1][at]];
        let mean = f64::midpoint(one, two);
        assert!(
            (mean - number(row, "predicted")).abs() < 1e-4,
            "{}: {mean}, not {}",
            row["IID"],
            row["predicted"]
        );
        let sd = (one - two).abs() / std::f64::consts::SQRT_2;
        assert!((sd - number(row, "sd")).abs() < 1e-4, "{}: SD {sd}, not {}", row["IID"], row["sd"]);
    }
}

/// I8. PiDeeL, PINNet and PathExpSurv saved weights without their mask, so that the same file beside
/// another table was another network; VNNSurv's graph was in a file that each training run rewrote.
#[test]
fn a_model_is_whole_and_takes_no_other_graph() {
    let bench = Bench::with(&Spec::default());
    bench.run("run small.binn --out run").expect(0);
    let before = bench.run("predict run/model.safetensors --bfile data/geno").expect(0).out;
    let swap = |links: &str| links.replace("auxin", "?").replace("sucrose", "auxin").replace('?', "sucrose");
    bench.change("data/links.tsv", swap);
    bench.run("run small.binn --out other").expect(0);
    for name in ["small.binn", "data/links.tsv", "data/pheno.tsv"] {
        bench.remove(name);
    }
    let after = bench.run("predict run/model.safetensors --bfile data/geno").expect(0).out;
    assert_eq!(before, after, "no prior, table or spec is read again");

    // Names and digests of one, weights and blocks of the other: as long, and another network.
    let [one, two] = ["run", "other"].map(|run| Opened::of(bench.read(&format!("{run}/model.safetensors"))));
    let mut mixed = one.bytes.clone();
    for tensor in ["blocks", "sources", "weight.source", "weight.target", "member.0.weight", "member.0.bias"]
    {
        mixed[one.place(tensor)].copy_from_slice(two.tensor(tensor));
    }
    assert_ne!(mixed, one.bytes);
    bench.write("mixed.safetensors", mixed);
    bench.run("predict mixed.safetensors --bfile data/geno").refuses(7, &["E0804", "mixed.safetensors"]);
}

/// I9. GenNet took the order of its masks from the listing of a folder, KPNN names from the order of a
/// dictionary, P-NET reloaded weights by a position that a set decided.
#[test]
fn neither_the_folder_nor_what_lies_beside_changes_a_byte() {
    let text =
        Spec { evaluate: "evaluate kfold(2) { baselines = [gblup, ridge] }", ..Spec::default() }.text();
    let bench = Bench::simulated();
    bench.write("small.binn", &text);
    bench.run("run small.binn --out run").expect(0);

    // The same files, made in the other order, among others.
    let elsewhere = Bench::empty();
    elsewhere.write("data/aaa.gmt", "P\tx\tA\n");
    for (name, bytes) in bench.files("data").iter().rev() {
        elsewhere.write(&format!("data{name}"), bytes);
    }
    elsewhere.write("data/geno2.bim", "1\tm1_1\t0\t1\tA\tG\n");
    elsewhere.write("small.binn", &text);
    elsewhere.run("run small.binn --out run").expect(0);
    let results = |bench: &Bench| -> BTreeMap<String, Vec<u8>> {
        let files = bench.files("run").into_iter();
        files.filter(|(name, _)| !["/run.json", "/run.log"].contains(&name.as_str())).collect()
    };
    let (here, there) = (results(&bench), results(&elsewhere));
    assert!(here.len() >= 6, "{:?}", here.keys());
    assert!(here == there, "the folder changed a result");
}

/// I1, I8, I14. Varmole's prediction wanted rows in the order of training and cut ids at the 223rd
/// sample; BINN's compared no name but the width; GenNet's one-hot was as wide as the largest call of
/// a batch, and failed where nobody was homozygous.
#[test]
fn any_samples_in_any_order_are_predicted_by_name() {
    let bench = Bench::with(&Spec::default());
    // Nobody in training has two copies of allele 1.
    let calls = codes(&bench.read("data/geno.bed"), SAMPLES);
    let fewer = calls.iter().map(|row| row.iter().map(|code| if *code == 0 { 2 } else { *code }).collect());
    bench.write("data/geno.bed", bed(&fewer.collect::<Vec<_>>()));
    bench.run("run small.binn --out run").expect(0);

    let lines = bench.text("data/geno.fam");
    let lines: Vec<&str> = lines.lines().collect();
    let predict = |samples: &[usize]| -> BTreeMap<String, String> {
        let fam: String = samples.iter().map(|at| format!("{}\n", lines[*at])).collect();
        let chosen: Vec<Vec<u8>> =
            calls.iter().map(|row| samples.iter().map(|at| row[*at]).collect()).collect();
        bench.write("other.fam", fam);
        bench.write("other.bed", bed(&chosen));
        bench.write("other.bim", bench.read("data/geno.bim"));
        let table = bench.run("predict run/model.safetensors --bfile other").expect(0).out;
        rows(&table).into_iter().map(|row| (row["IID"].clone(), row["predicted"].clone())).collect()
    };
    let all: Vec<usize> = (0..SAMPLES).collect();
    let whole = predict(&all);
    assert_eq!(whole.len(), SAMPLES);
    assert!(whole.values().all(|value| value.parse::<f64>().is_ok_and(f64::is_finite)), "{whole:?}");
    assert_eq!(predict(&all.iter().rev().copied().collect::<Vec<_>>()), whole);
    for samples in [&[7][..], &[119, 0, 64], &[3, 2, 1, 0, 50]] {
        let some = predict(samples);
        assert_eq!(some.len(), samples.len());
        assert!(some.iter().all(|(id, value)| whole[id] == *value), "{samples:?}");
    }
}

/// I15. NeST parsed a weight decay and used the learning rate, GSNN's flag for no bias was always on,
/// BINN's branch for the rest of the genome could not be switched on. Here every setting of a spec
/// changes what is learnt, and no two do the same.
#[test]
fn every_setting_that_is_read_is_used() {
    let bench = Bench::simulated();
    let text = Spec::default().text();
    let optimizer = "adam(lr = 3e-3, l2 = 1e-4)";
    let changes = [
        ("", ""),
        (optimizer, "adam(lr = 4e-3, l2 = 1e-4)"),
        (optimizer, "adam(lr = 3e-3, l2 = 1e-2)"),
        (optimizer, "adam(lr = 3e-3, l2 = 1e-4, l1 = 1e-3)"),
        (optimizer, "adam(lr = 3e-3, l2 = 1e-4, beta1 = 0.8)"),
        (optimizer, "adam(lr = 3e-3, l2 = 1e-4, beta2 = 0.9)"),
        (optimizer, "adam(lr = 3e-3, l2 = 1e-4, epsilon = 1e-3)"),
        (optimizer, "adamw(lr = 3e-3, l2 = 1e-4)"),
        (optimizer, "adamw(lr = 3e-3, l2 = 1e-4, weight_decay = 3e-3)"),
        (optimizer, "sgd(lr = 3e-3, l2 = 1e-4)"),
        (optimizer, "sgd(lr = 3e-3, l2 = 1e-4, momentum = 0.9)"),
        ("epochs = 4", "epochs = 5"),
        ("epochs = 4", "epochs = 4  early_stop = none"),
        ("batch = 32", "batch = 16"),
        ("batch = 32", "batch = full"),
        ("seed = 1", "seed = 2"),
        ("dropout = 0.1", "dropout = 0.2"),
        ("fcn(4, activation = gelu", "fcn(4, activation = relu"),
        ("fcn(6, activation = gelu", "fcn(6, activation = tanh"),
        ("weight = 0.1", "weight = 0.2"),
        ("from integrator", "from integrator { weight = 2 }"),
        ("geno.bed\"", "geno.bed\" { scale = center }"),
        ("geno.bed\"", "geno.bed\" { encoding = dominant }"),
        ("geno.bed\"", "geno.bed\" { encoding = recessive }"),
        ("geno.bed\"", "geno.bed\" { keep = maf >= 0.45 }"),
    ];
    let mut learnt: BTreeMap<Vec<u32>, &str> = BTreeMap::new();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is in the spec");
        bench.write("small.binn", if from.is_empty() { text.clone() } else { text.replacen(from, to, 1) });
        bench.run("run small.binn --out run --force").expect(0);
        let model = model::load("model", &bench.read("run/model.safetensors")).expect("a model");
        let bits = model.first().members[0].weights.iter().map(|weight| weight.to_bits()).collect();
        if let Some(same) = learnt.insert(bits, to) {
            panic!("`{to}` learns what `{same}` learns: it is not used");
        }
    }
}

/// I15. PathHDNN's paper says six levels and its code four, VNNSurv's 283 units and its code 128,
/// PiDeeL's table has 468 edges and its predictor's 472. What is printed here is counted from what was
/// built: it is what the file holds, and it changes with the spec and with the prior.
#[test]
fn what_is_printed_is_what_was_built() {
    let bench = Bench::with(&Spec::default());
    let printed = |said: &str| -> (usize, usize) {
        let number = |text: &str| text.trim().parse().expect("a number");
        let after =
            |what: &str| said.lines().find_map(|line| line.strip_prefix(what)).expect("it is printed");
        let parameters = after("parameters  ").split(',').next().unwrap_or_default();
        let edges = after("graph  ").split(", ").nth(1).and_then(|text| text.strip_suffix(" edges"));
        (number(parameters), number(edges.unwrap_or_default()))
    };
    let built = |out: &str| -> usize {
        let said = bench.run("compile small.binn").expect(0).out;
        bench.run(&format!("run small.binn --out {out}")).expect(0);
        let model = Opened::of(bench.read(&format!("{out}/model.safetensors")));
        let slots = model.floats("member.0.weight").len() + model.floats("member.0.bias").len();
        let (parameters, edges) = printed(&said);
        assert_eq!(parameters, slots, "as many as the file holds");
        assert_eq!(edges, 20 + 2 - usize::from(out == "fewer"), "as many as the files list");
        parameters
    };
    let first = built("first");
    assert_eq!(first, 2 * (10 * 4 + 4 + 4 + 1) + (2 * 6 + 6) + (6 + 1) + 2 * (1 + 1));
    bench.change("small.binn", |text| text.replace("fcn(4,", "fcn(5,"));
    assert_eq!(built("wider"), first + 2 * (10 + 1 + 1));
    bench.change("data/links.tsv", |text| text.replacen("\tauxin\n", "\tsomething else\n", 1));
    assert_eq!(built("fewer"), first + 2 * (10 + 1 + 1) - 5);
}
