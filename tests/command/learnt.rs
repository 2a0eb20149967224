//! Links learnt on training rows, weights chosen by inner folds, networks stacked on GBLUP.

use crate::support::{Bench, rows, with_column};
use std::collections::{BTreeMap, BTreeSet};

/// Metabolites that a table measures, each fed by the markers that tell it.
fn spec(select: &str, eqtl: &str, predict: &str, supervise: &str, evaluate: &str) -> String {
    format!(
        "binn 1
model learnt
genotypes snps from plink \"data/geno.bed\"
table pheno from tsv \"data/pheno.tsv\" {{ column outgrowth : continuous }}
table levels from tsv \"levels.tsv\" {{ column * : continuous }}
layer metabolite : metabolite {{ network = fcn(4, activation = gelu) {select} }}
link snps -> metabolite via eqtl(levels, {eqtl})
predict pheno.outgrowth from metabolite {{ {predict} }}
{supervise}
evaluate {evaluate} {{ baselines = [gblup] }}
train {{ optimizer = adam(lr = 3e-3, l2 = 1e-4)  batch = 32  epochs = 6  seed = 1 }}
"
    )
}

const SELECT: &str = "select = elastic_net(levels, target = pheno.outgrowth, l1_ratio = 0.5, seed = 1)";

/// Simulated samples, and their metabolites beside two columns of noise.
fn bench(text: &str) -> Bench {
    let bench = Bench::simulated();
    let mut levels = String::from("IID\tauxin\tsucrose\tcytokinin\tstrigolactone\tnoise1\tnoise2\n");
    for (at, row) in rows(&bench.text("data/pheno.tsv")).iter().enumerate() {
        let noise = |k: usize| (at * (7 + 4 * k) * (at + 3)) % 101;
        let known = ["IID", "auxin", "sucrose", "cytokinin", "strigolactone"].map(|name| row[name].as_str());
        levels += &format!("{}\t{}\t{}\n", known.join("\t"), noise(1), noise(2));
    }
    bench.write("levels.tsv", levels);
    bench.write("learnt.binn", text);
    bench
}

/// Rows of a method in a fold, by sample.
fn predicted(table: &str, method: &str, fold: &str) -> BTreeMap<String, String> {
    let of = |row: &BTreeMap<String, String>| row["method"] == method && row["fold"] == fold;
    rows(table).into_iter().filter(of).map(|row| (row["IID"].clone(), row["predicted"].clone())).collect()
}

fn metric(table: &str, name: &str) -> Vec<f64> {
    let of = |row: &BTreeMap<String, String>| row["method"] == "binn" && row["metric"] == name;
    rows(table).into_iter().filter(of).map(|row| row["value"].parse().expect("a number")).collect()
}

#[test]
fn every_fold_has_links_of_its_own_training_rows() {
    let text = spec(SELECT, "top = 5, clump = 0.5", "", "", "kfold(3, seed = 1)");
    let bench = bench(&text);
    bench.run("run learnt.binn --out run --threads 1").expect(0);
    let links = |place: &str| -> BTreeSet<(String, String)> {
        let table = rows(&bench.text(&format!("run/{place}links.tsv")));
        assert!(table.iter().all(|row| row["link"] == "eqtl(levels)" && row["inner"] == "0"));
        table.iter().map(|row| (row["node"].clone(), row["variant"].clone())).collect()
    };
    let of_folds: Vec<_> = (1..=3).map(|fold| links(&format!("folds/r1-f{fold}/"))).collect();
    assert!(of_folds[0] != of_folds[1] && of_folds[1] != of_folds[2]);
    for (node, _) in of_folds.iter().flatten().chain(&links("")) {
        assert!(!node.starts_with("noise") || of_folds.iter().flatten().count() > 60, "{node}");
    }
    let selected = rows(&bench.text("run/folds/r1-f1/selected.tsv"));
    assert!(selected.iter().any(|row| row["node"] == "sucrose" && row["layer"] == "metabolite"));
    let record: serde_json::Value = serde_json::from_str(&bench.text("run/run.json")).expect("JSON");
    let learnt = record["learnt"].as_array().expect("a list");
    let places: Vec<&str> = learnt.iter().filter_map(|one| one["of"].as_str()).collect();
    assert_eq!(places, ["r1-f1", "r1-f2", "r1-f3", "final"]);
    for key in ["samples_digest", "graph_digest"] {
        let different: BTreeSet<&str> = learnt.iter().filter_map(|one| one[key].as_str()).collect();
        assert_eq!(different.len(), 4, "{key}");
    }
    assert_eq!(learnt[0]["links"], of_folds[0].len());

    let files = bench.files("run");
    bench.run("run learnt.binn --out again --threads 3").expect(0);
    for (name, bytes) in bench.files("again") {
        assert!(name.contains("/run.") || files[&name] == bytes, "{name} depends on the number of threads");
    }
    let model = bench.text("run/links.tsv");
    assert!(model.lines().count() > 1);
    bench.run("predict run/model.safetensors --bfile data/geno --out out.tsv").expect(0);
}

/// Whatever is measured on rows that a fold predicts, it changes nothing of that fold.
#[test]
fn measurements_of_test_rows_change_nothing() {
    let text = spec(
        SELECT,
        "top = 5, covariates = pcs(1)",
        "polygenic = gblup",
        "supervise metabolite by levels.* { weight = [0, 0.1]  allow = W0606 }",
        "kfold(2, seed = 1, inner = 2)",
    );
    let bench = bench(&text);
    bench.run("run learnt.binn --out run").expect(0);
    let before = bench.files("run/folds/r1-f1");
    let predictions = bench.text("run/predictions.tsv");
    let test: BTreeSet<String> = rows(&bench.text("run/folds/r1-f1/rows.tsv"))
        .into_iter()
        .filter(|row| row["part"] == "test")
        .map(|row| row["IID"].clone())
        .collect();
    assert_eq!(test.len(), 60);
    // Measurements and traits of the test rows, all turned round.
    for name in ["levels.tsv", "data/pheno.tsv"] {
        bench.change(name, |text| {
            let turned = |line: &str| {
                let mut cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
                if test.contains(&cells[0]) {
                    cells
                        .iter_mut()
                        .skip(1)
                        .for_each(|cell| *cell = format!("{}", 9.0 - cell.parse::<f64>().unwrap_or(0.0)));
                }
                cells.join("\t") + "\n"
            };
            text.lines().map(turned).collect()
        });
    }
    bench.run("run learnt.binn --out other").expect(0);
    for (name, bytes) in bench.files("other/folds/r1-f1") {
        assert!(bytes == before[&name], "{name} of the first fold depends on the rows that it predicts");
    }
    let other = bench.text("other/predictions.tsv");
    for method in ["binn", "network", "gblup"] {
        assert_eq!(predicted(&other, method, "1"), predicted(&predictions, method, "1"), "{method}");
        assert_ne!(predicted(&other, method, "2"), predicted(&predictions, method, "2"), "{method}");
    }
}

#[test]
fn of_noise_nothing_is_learnt_and_gblup_remains() {
    let text = spec("", "p = 1e-30", "polygenic = gblup", "", "kfold(2, seed = 1, inner = 2)");
    let bench = bench(&text);
    let said = bench.run("run learnt.binn --out run").refuses(0, &["W0703", "r1-f1", "r1-f2", "final"]);
    assert!(said.err.contains("nothing that was learnt tells `outgrowth` in `r1-f1`"), "{}", said.err);
    let predictions = bench.text("run/predictions.tsv");
    for fold in ["1", "2"] {
        assert_eq!(predicted(&predictions, "binn", fold), predicted(&predictions, "gblup", fold));
        let network: BTreeSet<String> = predicted(&predictions, "network", fold).into_values().collect();
        assert_eq!(network.len(), 1, "a constant");
    }
    assert_eq!(metric(&bench.text("run/metrics.tsv"), "network_share"), [0.0, 0.0]);
    // Without GBLUP the constant is what is left.
    bench.write("learnt.binn", spec("", "p = 1e-30", "", "", "kfold(2, seed = 1)"));
    bench.run("run learnt.binn --out alone").refuses(0, &["W0703"]);
    assert_eq!(metric(&bench.text("alone/metrics.tsv"), "pearson"), [0.0, 0.0]);
    assert_eq!(metric(&bench.text("alone/metrics.tsv"), "constant"), [1.0, 1.0]);
    bench.run("predict alone/model.safetensors --bfile data/geno --out out.tsv").expect(0);
}

/// One trait of which nothing is learnt leaves the others their networks.
#[test]
fn a_trait_that_nothing_tells_is_its_mean_alone() {
    let text = spec("", "top = 5", "", "", "kfold(2, seed = 1)");
    let untold = "layer untold : metabolite
link snps -> untold via eqtl(levels, p = 1e-30)
predict pheno.sucrose from untold
";
    let text = text
        .replace(
            "{ column outgrowth : continuous }",
            "{ column outgrowth : continuous  column sucrose : continuous }",
        )
        .replace("predict pheno.outgrowth", &format!("{untold}predict pheno.outgrowth"));
    let bench = bench(&text);
    let said = bench.run("run learnt.binn --out run").refuses(0, &["W0703", "tells `sucrose` in `r1-f1`"]);
    assert!(!said.err.contains("tells `outgrowth`"), "{}", said.err);
    for (name, constant) in [("sucrose", true), ("outgrowth", false)] {
        let of = |row: &BTreeMap<String, String>| {
            row["trait"] == name && row["method"] == "binn" && row["fold"] == "1"
        };
        let said: BTreeSet<String> = rows(&bench.text("run/predictions.tsv"))
            .into_iter()
            .filter(of)
            .map(|row| row["predicted"].clone())
            .collect();
        assert_eq!(said.len() == 1, constant, "{name}");
    }
    bench.run("predict run/model.safetensors --bfile data/geno --out out.tsv").expect(0);
}

/// Where each of two origins is predicted from the other, no share of networks can be judged.
#[test]
fn one_group_in_training_leaves_gblup() {
    let text = spec("", "top = 5", "polygenic = gblup", "", "leave_out(pheno.origin)").replace(
        "column outgrowth : continuous",
        "column outgrowth : continuous  column origin : categorical",
    );
    let bench = bench(&text);
    bench.change("data/pheno.tsv", |table| {
        with_column(table, "origin", |at, _| ["north", "south"][at % 2].to_string())
    });
    let said = bench
        .run("run learnt.binn --out run")
        .refuses(0, &["W0704", "each of `r1-f1`, `r1-f2` are one group"]);
    assert!(!said.err.contains("final"), "all rows are two groups: {}", said.err);
    let predictions = bench.text("run/predictions.tsv");
    for fold in ["1", "2"] {
        assert_eq!(predicted(&predictions, "binn", fold), predicted(&predictions, "gblup", fold));
    }
}

/// The model file of a stacked model predicts what the run predicted.
#[test]
fn a_stacked_model_predicts_from_its_file() {
    let bench = Bench::empty();
    bench.run("simulate shoot-branching --out data --n 300 --markers 400 --seed 7").expect(0);
    // Known loci and a network that bends: more than effects that add up.
    let known = crate::support::panel("").replace(
        "layer metabolite : metabolite",
        "layer metabolite : metabolite { network = fcn(6, activation = gelu) }",
    );
    let known = known.replace(
        "integrator : integrator",
        "integrator : integrator { network = fcn(8, activation = gelu) }",
    );
    for target in ["trait", "residual"] {
        let options = format!("from integrator {{ polygenic = gblup  target = {target} }}\n");
        predicts_from_its_file(&bench, &known.replace("from integrator\n", &options), target);
    }
}

fn predicts_from_its_file(bench: &Bench, stacked: &str, target: &str) {
    let train = "train { optimizer = adam(lr = 3e-3, l2 = 1e-4)  epochs = 200  ensemble = 2  seed = 1 }";
    bench.write("learnt.binn", format!("{stacked}evaluate none\n{train}\n"));
    bench.run("run learnt.binn --out run --force").expect(0);
    bench.run("predict run/model.safetensors --bfile data/geno --out out.tsv").expect(0);
    let (run, file) = (rows(&bench.text("run/predictions.tsv")), rows(&bench.text("out.tsv")));
    let of_run: BTreeMap<&str, &BTreeMap<String, String>> =
        run.iter().filter(|row| row["method"] == "binn").map(|row| (row["IID"].as_str(), row)).collect();
    assert_eq!((of_run.len(), file.len()), (300, 300));
    let number = |row: &BTreeMap<String, String>, key: &str| row[key].parse::<f64>().expect("a number");
    let mut spread = 0.0;
    for row in &file {
        let known = of_run[row["IID"].as_str()];
        for key in ["predicted", "genetic", "sd"] {
            let (one, other) = (number(row, key), number(known, key));
            assert!((one - other).abs() <= 1e-5 * other.abs().max(1.0), "{key}: {one} {other}");
        }
        spread += number(row, "sd");
    }
    assert!(spread > 0.0, "the networks have a share, and differ");
    let said = bench.run("info run/model.safetensors --json").expect(0);
    let told: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let parts = told["parts"].as_array().expect("a list");
    assert_eq!(parts.len(), 6, "GBLUP, and a network for each of five inner folds");
    let share: f64 = parts.iter().map(|part| part["shares"][0].as_f64().expect("a share")).sum();
    assert!(
        (share > 1.0 + 1e-3) == (target == "residual"),
        "GBLUP whole, or what networks leave of it: {share}"
    );
    assert!(share > 1.0 - 1e-12);
    let bytes = bench.read("run/model.safetensors");
    for at in (0..bytes.len()).step_by(bytes.len() / 60) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        bench.write("damaged.safetensors", damaged);
        let said = bench.run("predict damaged.safetensors --bfile data/geno --out damaged.tsv");
        assert_ne!(said.code, 0, "byte {at}");
    }
    assert!(!bench.exists("damaged.tsv"));
}

/// Networks that learn residuals are added to GBLUP, and predict no trait of their own.
#[test]
fn residuals_are_added_to_gblup() {
    let options = "polygenic = gblup  target = residual";
    let text = spec("", "top = 5", options, "", "kfold(2, seed = 1, inner = 3)");
    let bench = bench(&text);
    bench.run("run learnt.binn --out run").expect(0);
    let table = bench.text("run/predictions.tsv");
    assert!(!table.contains("\tnetwork\t"));
    let shares = metric(&bench.text("run/metrics.tsv"), "network_share");
    assert_eq!(shares.len(), 2);
    for (fold, share) in ["1", "2"].into_iter().zip(shares) {
        let (binn, gblup) = (predicted(&table, "binn", fold), predicted(&table, "gblup", fold));
        assert_eq!(binn.len(), 60);
        assert_eq!(binn == gblup, share == 0.0, "with a share of 0 it is GBLUP, to the last digit");
    }
}

/// A scan of a window looks at the variants in it alone.
#[test]
fn a_window_bounds_where_links_come_from() {
    let window = "top = 5, window = window(regions, upstream = 10kb, downstream = 20kb)";
    let regions = "prior regions from tsv \"regions.tsv\" : region -> metabolite {
  id = \"id\"  chrom = \"chrom\"  start = \"start\"  end = \"end\"
}
layer metabolite";
    let text = spec("", window, "", "", "kfold(2, seed = 1)").replace("layer metabolite", regions);
    let bench = bench(&text);
    let variants: Vec<(String, String, u64)> = bench
        .text("data/geno.bim")
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            (cells[1].to_string(), cells[0].to_string(), cells[3].parse().expect("a position"))
        })
        .collect();
    let (_, chrom, at) = &variants[variants.len() / 2];
    bench.write("regions.tsv", format!("id\tchrom\tstart\tend\nsucrose\t{chrom}\t{at}\t{at}\n"));
    let said = bench.run("run learnt.binn --out run").expect(0);
    assert!(said.err.contains("W0407") || !said.err.contains("error"), "{}", said.err);
    let links = rows(&bench.text("run/links.tsv"));
    let near: BTreeSet<&str> = variants
        .iter()
        .filter(|(_, own, place)| own == chrom && *place + 10_000 >= *at && *place <= at + 20_000)
        .map(|(id, ..)| id.as_str())
        .collect();
    assert!(!links.is_empty() && links.len() <= 5);
    for link in &links {
        assert_eq!(link["node"], "sucrose");
        assert!(near.contains(link["variant"].as_str()), "{link:?}");
    }
}

/// What is chosen from a list is what the number alone gives.
#[test]
fn a_chosen_weight_is_that_weight() {
    let list = |weight: &str| {
        let supervise = format!("supervise metabolite by levels.* {{ weight = {weight}  allow = W0606 }}");
        let inner = if weight.starts_with('[') { ", inner = 2" } else { "" };
        spec("", "top = 5", "", &supervise, &format!("kfold(2, seed = 1{inner})"))
    };
    let bench = bench(&list("[0, 30]"));
    bench.run("run learnt.binn --out run").expect(0);
    let chosen = metric(&bench.text("run/metrics.tsv"), "supervise_weight");
    assert_eq!(chosen.len(), 2);
    let choosing = bench.text("run/predictions.tsv");
    for (fold, weight) in ["1", "2"].iter().zip(&chosen) {
        // A weight of 0 alone is no supervision at all.
        let text = if *weight == 0.0 { list("1e-30") } else { list(&weight.to_string()) };
        bench.write("learnt.binn", text);
        bench.run("run learnt.binn --out alone --force").expect(0);
        let alone = predicted(&bench.text("alone/predictions.tsv"), "binn", fold);
        assert_eq!(predicted(&choosing, "binn", fold), alone, "weight {weight}");
    }
    let record: serde_json::Value = serde_json::from_str(&bench.text("run/run.json")).expect("JSON");
    let fits = record["fits"].as_array().expect("a list");
    let tried = fits.iter().filter(|fit| fit["candidate"].is_u64()).count();
    assert_eq!((tried, fits.len()), (3 * 2 * 2, 3 * 2 * 2 + 3), "two folds and the final fit");
}

/// A network whose weight inner folds chose is trained as its spec says, without early stopping.
#[test]
fn a_list_of_weights_needs_no_rows_to_stop_by() {
    let supervise = "supervise metabolite by levels.* { weight = [0, 0.1]  allow = W0606 }";
    for polygenic in ["", "polygenic = gblup"] {
        let text = spec("", "top = 5", polygenic, supervise, "kfold(2, seed = 1, inner = 2)")
            .replace("baselines = [gblup]", "baselines = [gblup]  validation = 0");
        let bench = bench(&text);
        bench.run("run learnt.binn --out run").expect(0);
        let record: serde_json::Value = serde_json::from_str(&bench.text("run/run.json")).expect("JSON");
        for fit in record["fits"].as_array().expect("a list") {
            assert_eq!(fit["epochs"], 6, "{fit}");
        }
        let weights = metric(&bench.text("run/metrics.tsv"), "supervise_weight");
        let possible = if polygenic.is_empty() { vec![0.0, 0.1] } else { vec![0.0, 0.05, 0.1] };
        assert!(weights.len() == 2 && weights.iter().all(|weight| possible.contains(weight)), "{weights:?}");
    }
}

#[test]
fn what_is_learnt_by_fold_has_no_graph_to_show() {
    let bench = bench(&spec(SELECT, "top = 5", "", "", "kfold(3, seed = 1)"));
    let said = bench.run("compile learnt.binn").expect(0);
    assert!(said.out.contains("the largest") && said.out.contains("metabolite         6"), "{}", said.out);
    let said = bench.run("info learnt.binn").expect(0);
    for words in
        ["snps via eqtl(levels)", "elastic_net(levels) keeps for pheno.outgrowth", "largest possible"]
    {
        assert!(said.out.contains(words), "no {words:?} in {}", said.out);
    }
    for asked in ["--emit graph", "--emit plan", "--emit dot", "-o plan.json"] {
        bench.run(&format!("compile learnt.binn {asked}")).refuses(8, &["E0113", "learnt", "links.tsv"]);
    }
    assert!(!bench.exists("plan.json"));
    bench.run("compile learnt.binn --emit spec").expect(0);
    bench.write("other.binn", spec(SELECT, "top = 6", "", "", "kfold(3, seed = 1)"));
    let said = bench.run("diff learnt.binn other.binn");
    assert!(said.out.contains("links are learnt on training rows"), "{}", said.out);
    let said = bench.run("run learnt.binn --out run").expect(0);
    assert!(said.err.contains("at most") && !said.err.contains("W0507"), "{}", said.err);
}
