//! Linear models against numpy, scipy and scikit-learn: `tests/fixtures/linear/make.py`.

use binnc::data::PackedGenotypes;
use binnc::study::evaluate::baseline::{gblup, ridge};
use binnc::study::evaluate::metrics::score;
use binnc::study::linear::blup::{Prediction, Trait, fit_predict};
use binnc::study::linear::components::components;
use binnc::study::linear::design::{Covariate, CovariateValues, Design, encode, learn};
use binnc::study::linear::dominance::dominance;
use binnc::study::linear::dosage::MarkerSet;
use binnc::study::linear::kernels::{Distances, mixture};
use binnc::study::linear::relationship::{Relationship, Scaling, relationship};
use binnc::study::linear::reml;
use binnc::study::linear::ridge::heritability;
use binnc::study::linear::spectrum::Spectrum;
use ndarray::Array2;
use serde_json::Value;

struct Fixture {
    json: Value,
    calls: PackedGenotypes,
    rows: Vec<u32>,
    train: Vec<u32>,
    usable: Vec<bool>,
}

impl Fixture {
    fn read() -> Self {
        let json: Value = serde_json::from_str(include_str!("../fixtures/linear/linear.json")).expect("JSON");
        let dosage = json["dosage"].as_array().expect("variants");
        let samples = dosage[0].as_array().expect("samples").len();
        let calls = PackedGenotypes::new(samples, dosage.len(), dosage.iter().flat_map(pack).collect());
        let train = numbers(&json["train"]).iter().map(|row| *row as u32).collect();
        let (rows, usable) = ((0..samples as u32).collect(), vec![true; dosage.len()]);
        Self { calls, rows, train, usable, json }
    }

    fn sets(&self) -> [MarkerSet<'_>; 1] {
        [MarkerSet { calls: &self.calls, rows: &self.rows, usable: &self.usable }]
    }

    fn relationship(&self, scaling: Scaling) -> Relationship {
        relationship(&self.sets(), &self.train, scaling).expect("variants vary")
    }

    fn design(&self) -> Design {
        let text = |v: &Value| Some(v.as_str().expect("text").to_owned());
        let site = self.json["site"].as_array().expect("sites").iter().map(text).collect();
        let covariates = [
            Covariate { name: "age".into(), values: CovariateValues::Numeric(numbers(&self.json["age"])) },
            Covariate { name: "site".into(), values: CovariateValues::Categorical(site) },
        ];
        let codings = learn(&covariates, &self.train).expect("both vary");
        encode(&codings, &covariates, None, self.rows.len()).expect("levels seen").0
    }

    fn gblup(&self, design: &Design, weights: Option<&[f64]>) -> Prediction {
        let y = numbers(&self.json["y"]);
        let one = Trait { name: "y", values: &y };
        let g = gblup::relationship(&self.sets(), &self.train).expect("variants vary");
        gblup::fit_predict(&g.matrix, design, &[one], weights, &self.train, &self.rows)
            .remove(0)
            .expect("varies")
    }
}

fn pack(row: &Value) -> Vec<u8> {
    let code = |call: &Value| match call.as_u64() {
        Some(2) => 0b00u8,
        None => 0b01,
        Some(1) => 0b10,
        Some(_) => 0b11,
    };
    let four = |calls: &[Value]| calls.iter().enumerate().fold(0, |byte, (i, c)| byte | (code(c) << (2 * i)));
    row.as_array().expect("calls").chunks(4).map(four).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("list").iter().map(|v| v.as_f64().expect("number")).collect()
}

fn agree(what: &str, got: &[f64], wanted: &[f64], tolerance: f64) {
    assert_eq!(got.len(), wanted.len(), "{what}");
    for (i, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        assert!((got - wanted).abs() <= tolerance * wanted.abs().max(1.0), "{what}[{i}]: {got} {wanted}");
    }
}

fn agrees_with_dense_reml(prediction: &Prediction, wanted: &Value) {
    let model = &prediction.model;
    let one = |what: &str, got: f64, tolerance: f64| {
        agree(what, &[got], &[wanted[what].as_f64().expect("number")], tolerance);
    };
    one("deviance", model.deviance, 1e-9);
    one("h2", model.h2, 1e-5);
    one("genetic_variance", model.genetic_variance, 1e-5);
    one("residual_variance", model.residual_variance, 1e-5);
    one("h2_se", model.h2_se.expect("inside the range"), 1e-2);
    agree("effects", &model.effects, &numbers(&wanted["effects"]), 1e-5);
    agree("genetic", &model.genetic, &numbers(&wanted["genetic"]), 1e-5);
}

#[test]
fn relationships_agree() {
    let fixture = Fixture::read();
    let g = fixture.relationship(Scaling::VanRaden);
    assert_eq!(g.constant, 1);
    let corner = fixture.json["relationship_corner"].as_array().expect("rows");
    for (i, row) in corner.iter().enumerate() {
        let n = fixture.rows.len();
        let got: Vec<f64> = (n - 5..n).map(|j| g.matrix[[i, j]]).collect();
        agree("G", &got, &numbers(row), 1e-12);
    }
}

#[test]
fn reml_agrees_with_dense_likelihood() {
    let fixture = Fixture::read();
    let intercept = Design::intercept(fixture.rows.len());
    agrees_with_dense_reml(&fixture.gblup(&intercept, None), &fixture.json["gblup"]);
}

#[test]
fn reml_with_fixed_effects_agrees() {
    let fixture = Fixture::read();
    agrees_with_dense_reml(&fixture.gblup(&fixture.design(), None), &fixture.json["gblup_fixed"]);
}

#[test]
fn reml_with_weights_agrees() {
    let fixture = Fixture::read();
    let weights = numbers(&fixture.json["weights"]);
    let prediction = fixture.gblup(&fixture.design(), Some(&weights));
    // ln|V| of the reference includes ln|R|; ours is of rows scaled by √w
    let ln_r: f64 = fixture.train.iter().map(|&row| -libm::log(weights[row as usize])).sum();
    let mut wanted = fixture.json["gblup_weighted"].clone();
    wanted["deviance"] = (wanted["deviance"].as_f64().expect("number") - ln_r).into();
    agrees_with_dense_reml(&prediction, &wanted);
}

#[test]
fn ridge_by_reml_agrees() {
    let fixture = Fixture::read();
    let y = numbers(&fixture.json["y"]);
    let one = Trait { name: "y", values: &y };
    let intercept = Design::intercept(fixture.rows.len());
    let got = ridge::fit_predict(&fixture.sets(), &intercept, &[one], None, &fixture.train, &fixture.rows);
    let got = got.expect("variants vary").remove(0).expect("varies");
    let wanted = &fixture.json["ridge_reml"];
    agrees_with_dense_reml(&got.prediction, wanted);
    let h2 = wanted["h2"].as_f64().expect("number");
    agree("penalty", &[got.penalty], &[199.0 * (1.0 - h2) / h2], 1e-4);
}

#[test]
fn ridge_agrees_with_scikit_learn() {
    let fixture = Fixture::read();
    let kernel = fixture.relationship(Scaling::Unit);
    let y = numbers(&fixture.json["y"]);
    let penalty = fixture.json["ridge"]["penalty"].as_f64().expect("number");
    let h2 = heritability(penalty, kernel.variants);
    let spectrum = Spectrum::new(&kernel.matrix, &fixture.train, None).expect("finite");
    let intercept = Design::intercept(fixture.rows.len());
    let model = reml::fit_at(&spectrum, &kernel.matrix, &intercept, "y", &y, h2).expect("varies");
    let predicted: Vec<f64> = model.fixed.iter().zip(&model.genetic).map(|(b, u)| b + u).collect();
    agree("ridge", &predicted, &numbers(&fixture.json["ridge"]["predicted"]), 1e-10);
    agree("intercept", &model.effects, &[fixture.json["ridge"]["intercept"].as_f64().expect("b0")], 1e-10);
}

#[test]
fn components_agree_with_scikit_learn() {
    let fixture = Fixture::read();
    let g = fixture.relationship(Scaling::VanRaden);
    let got = components(&g, &fixture.train, 3).expect("rank above 3");
    for (row, wanted) in fixture.json["components"].as_array().expect("rows").iter().enumerate() {
        agree("scores", &got.scores.row(row).to_vec(), &numbers(wanted), 1e-9);
    }
    agree("shares", &got.shares, &numbers(&fixture.json["component_shares"]), 1e-9);
}

#[test]
fn metrics_agree_with_scipy() {
    let fixture = Fixture::read();
    let wanted = &fixture.json["metrics"];
    let got = score(&numbers(&wanted["observed"]), &numbers(&wanted["predicted"]));
    let one = |what: &str, got: Option<f64>| {
        agree(what, &[got.expect("measured")], &[wanted[what].as_f64().expect("number")], 1e-12);
    };
    one("pearson", got.pearson);
    one("spearman", got.spearman);
    one("slope", got.slope);
    one("rmse", got.rmse);
    one("bias", got.bias);
}

#[test]
fn test_rows_change_no_estimate() {
    let fixture = Fixture::read();
    let intercept = Design::intercept(fixture.rows.len());
    let before = fixture.gblup(&intercept, None).model;
    let mut changed = Fixture::read();
    for row in fixture.train.len()..fixture.rows.len() {
        changed.json["y"][row] = (-1000.0).into();
        for variant in 0..50 {
            changed.json["dosage"][variant][row] = 2.into();
        }
    }
    let dosage = changed.json["dosage"].as_array().expect("variants");
    changed.calls =
        PackedGenotypes::new(fixture.rows.len(), dosage.len(), dosage.iter().flat_map(pack).collect());
    let after = changed.gblup(&intercept, None).model;
    assert_ne!(before.genetic, after.genetic, "test rows are predicted from their genotypes");
    let train = fixture.train.len();
    assert_eq!(before.genetic[..train], after.genetic[..train]);
    assert_eq!((before.h2, before.h2_se, before.effects), (after.h2, after.h2_se, after.effects));
}

#[test]
fn traits_together_equal_traits_apart() {
    let fixture = Fixture::read();
    let g = fixture.relationship(Scaling::VanRaden);
    let design = fixture.design();
    let y = numbers(&fixture.json["y"]);
    let mut holes = numbers(&fixture.json["age"]);
    holes[3] = f64::NAN;
    let (constant, unobserved) = (vec![2.0; y.len()], vec![f64::NAN; y.len()]);
    let named = |name, values| Trait { name, values };
    let traits =
        [named("y", &y[..]), named("height", &holes), named("frost", &constant), named("silk", &unobserved)];
    let intercept = Design::intercept(y.len());
    let fit = |design, traits: &[Trait<'_>]| {
        gblup::fit_predict(&g.matrix, design, traits, None, &fixture.train, &fixture.rows)
    };
    let together = fit(&intercept, &traits);
    for (one, alone) in traits.iter().zip(&together) {
        assert_eq!(fit(&intercept, std::slice::from_ref(one)).first(), Some(alone));
    }
    let codes = together.iter().map(|r| r.as_ref().err().map(|d| d.code.name())).collect::<Vec<_>>();
    assert_eq!(codes, [None, None, Some("E0903"), Some("E0609")]);
    let observed = |at: usize| together[at].as_ref().map(|p| p.observed).ok();
    assert_eq!((observed(0), observed(1)), (Some(32), Some(31)));
    // without fixed effects `genetic` is `predicted`; with them it lacks their part
    let plain = together[0].as_ref().expect("varies");
    assert_eq!(plain.predicted, plain.genetic);
    let fixed = fit(&design, &traits[..1]).remove(0).expect("varies");
    let adjusted = fixed.model.adjusted(&y);
    for row in 0..y.len() {
        let (whole, part) = (y[row] - fixed.predicted[row], adjusted[row] - fixed.genetic[row]);
        assert!((whole - part).abs() < 1e-12);
    }
}

/// A kernel's fit of the fixture's noisy trait.
fn of_kernel(fixture: &Fixture, kernel: &Array2<f64>) -> Prediction {
    let y = numbers(&fixture.json["noisy"]);
    let one = Trait { name: "noisy", values: &y };
    let intercept = Design::intercept(fixture.rows.len());
    fit_predict(kernel, &intercept, &[one], None, &fixture.train, &fixture.rows).remove(0).expect("varies")
}

#[test]
fn gaussian_kernels_agree_with_dense_reml() {
    let fixture = Fixture::read();
    let g = fixture.relationship(Scaling::VanRaden);
    let distances = Distances::of(&g.matrix, &fixture.train).expect("rows differ");
    for width in ["0.5", "2.0", "8.0"] {
        let kernel = distances.gaussian(width.parse().expect("a number"));
        agrees_with_dense_reml(&of_kernel(&fixture, &kernel), &fixture.json["gaussian"][width]);
    }
}

#[test]
fn dominance_agrees_with_dense_reml() {
    let fixture = Fixture::read();
    let g = fixture.relationship(Scaling::VanRaden);
    let by_dominance = dominance(&fixture.sets(), &fixture.train).expect("rows are heterozygous").matrix;
    let n = fixture.rows.len();
    let corner = fixture.json["dominance_corner"].as_array().expect("rows");
    for (i, row) in corner.iter().enumerate() {
        let got: Vec<f64> = (n - 5..n).map(|j| by_dominance[[i, j]]).collect();
        agree("D", &got, &numbers(row), 1e-12);
    }
    let kernel = mixture(&g.matrix, &by_dominance, 0.3);
    agrees_with_dense_reml(&of_kernel(&fixture, &kernel), &fixture.json["dominance"]);
}
